import { endpoint } from '#platform/endpoint.ts';
import { isRefused } from '#platform/refusals.ts';
import { closeDrawer } from '#till/drawers.ts';
import { countInput, readAmount } from '#till/inputs.ts';
import { requireSeller } from '#till/tills.ts';

export const POST = endpoint({
  summary: 'Count what a drawer ends with; the difference is stated and booked',
  input: countInput,
  who: requireSeller,
  limit: 'write',
  idempotent: true,
  async act({ input, db, locals, key }) {
    const amount = readAmount(input, locals);
    return isRefused(amount)
      ? amount
      : closeDrawer(db, locals.business.id, { till_id: input.till_id, amount, key });
  },
  form: { done: ({ till_id }: { till_id: string }) => `/till/${till_id}/drawer` },
});
