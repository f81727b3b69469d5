/** Letters of the counter: a receipt to whoever asked for one, and a drawer that was not right to those who answer for it. */
import { type LocalisedText, localised } from '#platform/i18n/locale.ts';
import { formatMoney } from '#platform/money.ts';
import type { Facts } from '../facts.ts';
import { type Context, type Rendered, footerOf, letterTo, moment } from './frame.ts';

interface ReceiptFacts {
  reference: string;
  number: string | null;
  currency: string;
  total_cents: number;
  tax_cents: number;
  sold_at: string;
  /** Opens the receipt; not kept once the letter has left. */
  token?: string;
  lines: { label: LocalisedText; quantity: number; total_cents: number }[];
}

function receipt(data: ReceiptFacts, context: Context): Rendered {
  const { m, locale, business } = context;
  const words = m.counter.letter;
  const money = (cents: number) => (cents === 0 ? m.mail.free : formatMoney(cents, data.currency, locale));
  const footer = footerOf(context);
  // They have no account, and booked nothing.
  footer.footer = [...footer.footer.slice(0, -1), words.why];
  return {
    letter: {
      subject: words.subject({ business: business.name }),
      title: words.title,
      greeting: m.mail.helloThere,
      text: [
        words.text({ moment: moment(data.sold_at, context) }),
        m.mail.order({ reference: data.reference, receipt: data.number }),
      ],
      rows: data.lines.map((line) => ({
        name: words.pieces({ count: line.quantity, what: localised(line.label, locale) }),
        amount: money(line.total_cents),
      })),
      total: {
        name: m.mail.total,
        amount: money(data.total_cents),
        ...(data.tax_cents > 0 && { note: m.mail.taxIncluded({ amount: money(data.tax_cents) }) }),
      },
      button: { text: words.button, url: context.url(data.token ? `/receipts/${data.token}` : '/') },
      ...footer,
    },
  };
}

function difference(data: Facts<'drawer_difference'>, context: Context): Rendered {
  const words = context.m.counter.difference;
  const money = (cents: number) => formatMoney(cents, data.currency, context.locale);
  const said = { amount: money(Math.abs(data.difference_cents)), till: data.till_name };
  return {
    letter: letterTo(data, context, {
      subject: data.difference_cents > 0 ? words.over(said) : words.short(said),
      title: words.title,
      text: [
        words.text({
          name: data.closed_by ?? words.somebody,
          place: data.location_name,
          moment: moment(data.closed_at, context),
        }),
        words.sums({ expected: money(data.expected_cents), counted: money(data.counted_cents) }),
      ],
      button: words.button,
      path: `/till/${data.till_id}/drawer`,
    }),
  };
}

export const counter = { till_receipt: receipt, drawer_difference: difference };
