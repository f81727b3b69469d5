import { endpoint } from '#platform/endpoint.ts';
import { Refusal } from '#platform/refusals.ts';
import { syncInput } from '#till/inputs.ts';
import { syncSales } from '#till/syncing.ts';
import { requireSeller } from '#till/tills.ts';

export const POST = endpoint({
  summary:
    'Sales made while there was no connection: each settles once, with what was paid, and says what is amiss',
  input: syncInput,
  who: requireSeller,
  limit: 'write',
  maxBody: 512 * 1024,
  act: ({ input, db, locals, who }) =>
    input.sold_by && input.sold_by !== who.user_id
      ? new Refusal('signed_in_as_another', 409)
      : syncSales(db, locals.business.id, input),
});
