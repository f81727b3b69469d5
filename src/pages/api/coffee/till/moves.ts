import { endpoint } from '#platform/endpoint.ts';
import { isRefused } from '#platform/refusals.ts';
import { moveCash } from '#till/drawers.ts';
import { moveInput, readAmount } from '#till/inputs.ts';
import { requireSeller } from '#till/tills.ts';

export const POST = endpoint({
  summary: 'Put money into a drawer or take some out, with the reason',
  input: moveInput,
  who: requireSeller,
  limit: 'write',
  idempotent: true,
  async act({ input: { kind, reason, till_id, ...said }, db, locals, key }) {
    const amount = readAmount(said, locals);
    return isRefused(amount)
      ? amount
      : moveCash(db, locals.business.id, { kind, reason, till_id, amount, key });
  },
  form: { done: ({ till_id }: { till_id: string }) => `/till/${till_id}/drawer` },
});
