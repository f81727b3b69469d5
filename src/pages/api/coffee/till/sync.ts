import { endpoint } from '#platform/endpoint.ts';
import { syncInput } from '#till/inputs.ts';
import { syncSales } from '#till/syncing.ts';
import { requireSeller } from '#till/tills.ts';

export const POST = endpoint({
  summary:
    'Sales made while there was no connection: each settles once, with what was paid, and says what is amiss',
  input: syncInput,
  who: requireSeller,
  limit: 'write',
  act: ({ input, db, locals }) => syncSales(db, locals.business.id, input),
});
