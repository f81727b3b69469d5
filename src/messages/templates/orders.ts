/** Letters about an order and its money. */
import { bookingCalendar } from '#booking/calendar.ts';
import { type LocalisedText, localised } from '#platform/i18n/locale.ts';
import { formatMoney } from '#platform/money.ts';
import type { Letter } from '../letter.ts';
import { type Context, type Rendered, entryOf, footerOf, moment, where } from './frame.ts';

interface SeatLine {
  label: LocalisedText;
  total_cents: number;
  session_id: string | null;
  booking_id: string | null;
  starts_at: string;
  ends_at: string;
  instructor_name: string;
  room_name: string;
  free_cancel_until: string | null;
}
interface OrderData {
  order_id: string;
  reference: string;
  number: string | null;
  name: string;
  currency: string;
  tax_cents: number;
  total_cents: number;
  lines: SeatLine[];
  refund_cents?: number;
  refund_currency?: string;
}

function orderRows(data: OrderData, context: Context): Pick<Letter, 'rows' | 'total'> {
  const { m, locale } = context;
  const amount = (cents: number) => (cents === 0 ? m.mail.free : formatMoney(cents, data.currency, locale));
  return {
    rows: data.lines.map((line) => ({
      name: localised(line.label, locale),
      below: `${moment(line.starts_at, context)}\n${where(line, context)}`,
      amount: amount(line.total_cents),
    })),
    total: {
      name: m.mail.total,
      amount: amount(data.total_cents),
      ...(data.tax_cents > 0 && {
        note: m.mail.taxIncluded({ amount: formatMoney(data.tax_cents, data.currency, locale) }),
      }),
    },
  };
}

function orderConfirmed(data: OrderData, context: Context): Rendered {
  const { m, locale, business } = context;
  const first = data.lines[0];
  const names = data.lines.map((line) => localised(line.label, locale));
  const until = data.lines
    .map((line) => line.free_cancel_until)
    .filter((at) => at !== null)
    .sort()[0];
  const entries = data.lines.flatMap((line, i) =>
    line.booking_id ? [entryOf({ ...line, booking_id: line.booking_id, name: names[i] ?? '' }, context)] : [],
  );
  return {
    letter: {
      subject: m.mail.confirmed.subject({
        what:
          first && data.lines.length === 1
            ? `${names[0]}, ${moment(first.starts_at, context)}`
            : names.join(', '),
      }),
      title: m.mail.confirmed.title,
      greeting: m.mail.hello({ name: data.name }),
      text: [
        m.mail.confirmed.text,
        ...(until && Temporal.Instant.compare(until, Temporal.Now.instant()) > 0
          ? [m.mail.confirmed.cancelUntil({ moment: moment(until, context) })]
          : []),
        m.mail.order({ reference: data.reference, receipt: data.number }),
      ],
      ...orderRows(data, context),
      button: { text: m.mail.confirmed.button, url: context.url(`/orders/${data.order_id}`) },
      ...footerOf(context),
    },
    attachments:
      entries.length > 0
        ? [
            {
              filename: 'booking.ics',
              content: bookingCalendar(entries, business, locale, 'PUBLISH'),
              method: 'PUBLISH',
            },
          ]
        : [],
  };
}

/** Money that goes back: too late, twice, or of the wrong amount. */
const moneyBack =
  (kind: 'tooLate' | 'twice' | 'mismatch') =>
  (data: OrderData, context: Context): Rendered => {
    const { m, locale } = context;
    const amount = formatMoney(data.refund_cents ?? 0, data.refund_currency ?? data.currency, locale);
    const words = m.mail[kind];
    return {
      letter: {
        subject: words.subject,
        title: words.title,
        greeting: m.mail.hello({ name: data.name }),
        text: [words.text({ amount }), m.mail.order({ reference: data.reference, receipt: data.number })],
        ...orderRows(data, context),
        button: {
          text: words.button,
          url: context.url(kind === 'tooLate' ? '/schedule' : `/orders/${data.order_id}`),
        },
        ...footerOf(context),
      },
      attachments: [],
    };
  };

export const orders = {
  order_confirmed: orderConfirmed,
  paid_too_late: moneyBack('tooLate'),
  paid_twice: moneyBack('twice'),
  amount_mismatch: moneyBack('mismatch'),
};
