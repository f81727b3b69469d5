/** Letters about an order at the bar. */
import { formatMoney } from '#platform/money.ts';
import type { Facts } from '../facts.ts';
import { type Context, type Rendered, letterTo } from './frame.ts';

function orderReady(data: Facts<'order_ready'>, context: Context): Rendered {
  const words = context.m.mail.bar.order_ready;
  const number = data.call_number;
  return {
    letter: letterTo(data, context, {
      subject: words.subject({ number }),
      title: words.title,
      text: [
        data.table_label
          ? words.table({ table: data.table_label })
          : words.counter({ number, where: data.location_name }),
      ],
      button: context.m.mail.buttons.order,
      path: `/orders/${data.order_id}`,
    }),
  };
}

function orderRefused(data: Facts<'order_refused'>, context: Context): Rendered {
  const words = context.m.mail.bar.order_refused;
  const amount = formatMoney(data.amount_cents, data.currency, context.locale);
  return {
    letter: letterTo(data, context, {
      subject: words.subject({ reference: data.reference }),
      title: words.title,
      text: [
        words.text,
        words.reason({ reason: data.reason }),
        ...(data.amount_cents > 0 ? [words.money({ amount })] : []),
      ],
      button: context.m.mail.buttons.order,
      path: `/orders/${data.order_id}`,
    }),
  };
}

export const bar = { order_ready: orderReady, order_refused: orderRefused };
