/** Letters to those who order for the bar. */
import { localised } from '#platform/i18n/locale.ts';
import { formatAmount } from '#shop/stock/amounts.ts';
import type { Facts } from '../facts.ts';
import { type Context, type Rendered, letterTo } from './frame.ts';

function low(data: Facts<'stock_low'>, context: Context): Rendered {
  const words = context.m.stock.letter;
  const name = localised(data.item_name, context.locale);
  const place = data.location_name;
  const gone = data.on_hand <= 0;
  return {
    letter: letterTo(data, context, {
      subject: gone ? words.gone({ name }) : words.subject({ name }),
      title: words.title,
      text: [
        gone
          ? words.goneText({ place })
          : words.text({ amount: formatAmount(data.on_hand, data.unit, context), place }),
        data.supplier && words.supplier({ supplier: data.supplier }),
      ],
      button: words.button,
      path: `/admin/stock/reorder?location=${data.location_id}`,
    }),
  };
}

export const stock = { stock_low: low };
