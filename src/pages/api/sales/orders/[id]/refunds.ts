/** What can be given back of an order, and giving it back, by line. */
import { centsOf } from '#platform/inputs.ts';
import { isId } from '#platform/ids.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireCounter } from '#platform/guards.ts';
import { formatMoney } from '#platform/money.ts';
import { Refusal, isRefused } from '#platform/refusals.ts';
import { type GivenLine, orderToRefund, refundInput, refundOrder } from '#sales/refunds/refunds.ts';

export const GET = endpoint({
  summary: 'An order line by line, with what of each can still be given back',
  input: refundInput.pick({ id: true }),
  who: requireCounter,
  limit: 'read',
  act: ({ input, db, locals: { business } }) =>
    isId(input.id) ? orderToRefund(db, business.id, input.id) : new Refusal('order_not_found', 404),
});

export const POST = endpoint({
  summary: 'Give back lines of an order: pieces or money, the goods to stock or to waste, with a reason',
  input: refundInput,
  who: freshly(requireCounter),
  limit: 'money',
  idempotent: true,
  act({ input, db, locals, key }) {
    if (!isId(input.id)) return new Refusal('order_not_found', 404);
    let { lines } = input;
    if (!lines) {
      const cents = centsOf({ cents: undefined, typed: input.amount || undefined, field: 'amount' }, locals);
      if (isRefused(cents)) return cents;
      if (!input.line_id) return new Refusal('refund_lines_invalid', 422);
      const line: GivenLine = {
        line_id: input.line_id,
        ...(input.quantity && { quantity: Number(input.quantity) }),
        ...(cents !== undefined && { cents }),
        ...(input.stock && { stock: input.stock }),
      };
      lines = [line];
    }
    return refundOrder(db, locals.business.id, { order_id: input.id, lines, reason: input.reason }, key);
  },
  message: ({ refund_cents, currency }, { locals: { m, locale } }) =>
    m.refunds.done({ amount: formatMoney(refund_cents, currency, locale) }),
  form: {
    done: (_, { params }) => `/admin/orders/${params.id}`,
    refused: ({ params }) => `/admin/orders/${params.id}`,
  },
});
