import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { setNotice } from '#till/drawers.ts';
import { noticeInput, readAmount } from '#till/inputs.ts';

export const POST = endpoint({
  summary: 'From which difference at closing a drawer on managers are told',
  input: noticeInput,
  who: requireStaff('manager'),
  limit: 'write',
  act({ input, db, locals }) {
    const amount = readAmount({ amount: input.from, amount_cents: input.from_cents }, locals);
    return isRefused(amount)
      ? amount
      : setNotice(db, locals.business.id, { till_id: input.till_id, from_cents: amount });
  },
  message: (_, { locals: { m } }) => m.counter.notice.done,
  form: { done: ({ till_id }) => `/till/${till_id}/drawer` },
});
