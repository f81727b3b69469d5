/** What is unused of a pass goes back, the way it was paid. */
import { centsOf } from '#platform/inputs.ts';
import { isId } from '#platform/ids.ts';
import { passToRefund, refundPass, refundPassInput } from '#members/plans/passes-by-hand.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';
import { formatMoney } from '#platform/money.ts';
import { Refusal, isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'What of a pass is unused and can be paid back',
  input: refundPassInput.pick({ id: true }),
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ input, db, locals }) =>
    isId(input.id) ? passToRefund(db, locals.business.id, input.id) : new Refusal('pass_not_found', 404),
});

export const POST = endpoint({
  summary: 'Pay a pass back: at most what is unused of it',
  input: refundPassInput,
  who: freshly(requireStaff('manager')),
  limit: 'money',
  idempotent: true,
  act({ input, db, locals, key }) {
    if (!isId(input.id)) return new Refusal('pass_not_found', 404);
    const cents = centsOf({ cents: input.amount_cents, typed: input.amount, field: 'amount' }, locals);
    if (isRefused(cents)) return cents;
    if (cents === undefined) return new Refusal('invalid_input', 422, { field: 'amount' });
    const { id: pass_id, reason } = input;
    return refundPass(db, locals.business.id, { pass_id, amount_cents: cents, reason }, key);
  },
  message: ({ amount_cents, currency }, { locals: { m, locale } }) =>
    m.plans.kept.refunded({ amount: formatMoney(amount_cents, currency, locale) }),
  form: {
    done: ({ member_id }) => `/admin/members/${member_id}#passes`,
    refused: ({ params }) => `/admin/passes/${params.id}/refund`,
  },
});
