/** Giving back at the till: the same rule as everywhere (api.refund_order); cash comes out of this till's drawer. */
import { endpoint } from '#platform/endpoint.ts';
import { freshly } from '#platform/guards.ts';
import { formatMoney } from '#platform/money.ts';
import { isRefused } from '#platform/refusals.ts';
import { refundOrder } from '#sales/refunds/refunds.ts';
import { readLines, saysOf, tillRefundInput } from '#till/sold.ts';
import { requireSeller } from '#till/tills.ts';

export const POST = endpoint({
  summary:
    'Give back lines of a sale at the till: pieces or money, the goods to stock or to waste, with a reason',
  input: tillRefundInput,
  who: freshly(requireSeller),
  limit: 'money',
  idempotent: true,
  async act({ input, db, locals, key }) {
    const lines = readLines(input);
    if (isRefused(lines)) return lines;
    const asked = { order_id: input.sale_id, till_id: input.till_id, lines, reason: input.reason };
    const done = await refundOrder(db, locals.business.id, asked, key);
    return isRefused(done) ? done : { ...done, till_id: input.till_id };
  },
  message: (done, { locals }) =>
    saysOf(done, locals, (cents, currency) => formatMoney(cents, currency, locals.locale)),
  form: { done: ({ till_id, order_id }) => `/till/${till_id}/sold/${order_id}/refund` },
});
