/** A period of a membership goes back, the way it was paid, and what becomes of access. */
import { centsOf } from '#platform/inputs.ts';
import { isId } from '#platform/ids.ts';
import { periodBackInput, periodToRefund, refundPeriod } from '#members/plans/periods-back.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';
import { formatMoney } from '#platform/money.ts';
import { Refusal, isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary:
    'What of a period of a membership (a line of an order) can be paid back, and how its membership stands',
  input: periodBackInput.pick({ line: true }),
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ input, db, locals }) =>
    isId(input.line)
      ? periodToRefund(db, locals.business.id, input.line)
      : new Refusal('order_line_not_found', 404),
});

export const POST = endpoint({
  summary:
    'Pay a period of a membership back, whole or in part; its access goes on, or the membership ends now',
  input: periodBackInput,
  who: freshly(requireStaff('manager')),
  limit: 'money',
  idempotent: true,
  act({ input, db, locals, key }) {
    const { line: line_id, share, reason } = input;
    if (!isId(line_id)) return new Refusal('order_line_not_found', 404);
    const typed = input.amount || undefined;
    const shown = share === undefined || share === 'other' ? input.amount_cents : Number(share);
    // Both a sum that was offered and another one: nobody can say which was meant.
    if (typed !== undefined && shown !== undefined)
      return new Refusal('refund_amount_twice', 422, { field: 'amount' });
    const cents = centsOf({ cents: shown, typed, field: 'amount' }, locals);
    if (isRefused(cents)) return cents;
    if (cents === undefined) return new Refusal('invalid_input', 422, { field: 'amount' });
    const asked = { line_id, amount_cents: cents, ends: input.access === 'end', reason };
    return refundPeriod(db, locals.business.id, asked, key);
  },
  message: ({ amount_cents, currency, ended }, { locals: { m, locale } }) =>
    m.plans.periodBack[ended ? 'doneEnded' : 'done']({ amount: formatMoney(amount_cents, currency, locale) }),
  form: {
    done: ({ order_id }) => `/admin/orders/${order_id}`,
    refused: ({ params }) => `/admin/memberships/${params.line}/refund`,
  },
});
