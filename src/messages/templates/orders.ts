/** Letters about an order and its money. */
import type { CalendarEntry } from '#booking/calendar.ts';
import { type LocalisedText, localised } from '#platform/i18n/locale.ts';
import { formatMoney } from '#platform/money.ts';
import type { Letter } from '../letter.ts';
import type { Facts } from '../facts.ts';
import { type Context, type Rendered, entryOf, footerOf, letterTo, moment, where } from './frame.ts';

/** A seat has its class and hour; what else is sold has not. */
interface Line {
  label: LocalisedText;
  kind?: string | null;
  details?: { product_unknown?: boolean } | null;
  total_cents: number;
  session_id?: string | null;
  booking_id?: string | null;
  starts_at?: string | null;
  ends_at?: string | null;
  instructor_name?: string | null;
  room_name?: string | null;
  calendar_sequence?: number | null;
  free_cancel_until?: string | null;
  /** Whose seat it is, when it is not the buyer's own. */
  person_name?: string | null;
  guest_name?: string | null;
  /** What pays for it instead of money, and how much of that. */
  pass_name?: LocalisedText | null;
  credits?: number | null;
}
type Seat = Line & Record<'starts_at' | 'ends_at' | 'instructor_name' | 'room_name', string>;
const isSeat = (line: Line): line is Seat => typeof line.starts_at === 'string';
/** For a late cancellation or a missed class. What a till sold without knowing it is kept as a fee too, and is none. */
const isFee = (line: Line) => line.kind === 'fee' && !line.details?.product_unknown;

interface OrderData {
  order_id: string;
  reference: string;
  number: string | null;
  name: string;
  currency: string;
  tax_cents: number;
  total_cents: number;
  lines: Line[];
  refund_cents?: number;
  refund_currency?: string;
}

const whoseOf = ({ guest_name: guest, person_name: person }: Line, { m }: Context): string | null =>
  guest ? m.sales.line.guest({ name: guest }) : person ? m.sales.line.for({ name: person }) : null;

function orderRows(data: OrderData, context: Context): Pick<Letter, 'rows' | 'total'> {
  const { m, locale } = context;
  const amount = (cents: number) => (cents === 0 ? m.mail.free : formatMoney(cents, data.currency, locale));
  const price = ({ pass_name: pass, credits, total_cents: cents }: Line) =>
    pass ? (credits ? m.sales.credits({ count: credits }) : m.sales.inPlan) : amount(cents);
  const below = (line: Line): string =>
    [
      whoseOf(line, context),
      ...(isSeat(line) ? [moment(line.starts_at, context), where(line, context)] : []),
      line.pass_name && m.sales.paying.withPass({ name: localised(line.pass_name, locale) }),
    ]
      .filter(Boolean)
      .join('\n');
  return {
    rows: data.lines.map((line) => ({
      name: localised(line.label, locale),
      ...(below(line) && { below: below(line) }),
      amount: price(line),
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

function entriesOf(seats: Seat[], context: Context): CalendarEntry[] {
  return seats.flatMap((seat) => {
    const whose = seat.guest_name ?? seat.person_name;
    const name = [localised(seat.label, context.locale), whose].filter(Boolean).join(', ');
    return seat.booking_id ? [entryOf({ ...seat, booking_id: seat.booking_id, name }, context)] : [];
  });
}

function orderConfirmed(data: OrderData, context: Context): Rendered {
  const { m, locale } = context;
  const seats = data.lines.filter(isSeat);
  const words =
    seats.length > 0 ? m.mail.confirmed : data.lines.every(isFee) ? m.mail.feePaid : m.mail.bought;
  const names = data.lines.map((line) => localised(line.label, locale));
  const [only] = data.lines.length === 1 ? seats : [];
  const [until] = seats.flatMap((seat) => seat.free_cancel_until ?? []).sort();
  const entries = entriesOf(seats, context);
  return {
    letter: {
      subject: words.subject({
        what: only ? `${names[0]}, ${moment(only.starts_at, context)}` : names.join(', '),
      }),
      title: words.title,
      greeting: m.mail.hello({ name: data.name }),
      text: [
        words.text,
        ...(until && Temporal.Instant.compare(until, Temporal.Now.instant()) > 0
          ? [m.mail.confirmed.cancelUntil({ moment: moment(until, context) })]
          : []),
        m.mail.order({ reference: data.reference, receipt: data.number }),
      ],
      ...orderRows(data, context),
      button: { text: words.button, url: context.url(`/orders/${data.order_id}`) },
      ...footerOf(context),
    },
    ...(entries.length > 0 && { calendar: { filename: 'booking.ics', method: 'PUBLISH' as const, entries } }),
  };
}

/** Of a confirmed order the list in the app knows the first thing in it and how many there are. */
export function orderNoticed(
  data: Facts<'order_confirmed'>,
  context: Context,
): { title: string; text: string; path: string } {
  const { confirmed, feePaid, bought } = context.m.mail;
  const name = localised(data.class_name, context.locale);
  const more = (data.lines ?? 1) > 1 ? ` + ${(data.lines ?? 1) - 1}` : '';
  const what = data.starts_at ? `${name}, ${moment(data.starts_at, context)}` : name;
  const words = data.starts_at ? confirmed : data.fee ? feePaid : bought;
  return {
    title: words.subject({ what: what + more }),
    text: words.noticed,
    path: `/orders/${data.order_id}`,
  };
}

function refundFailed(data: Facts<'refund_failed'>, context: Context): Rendered {
  const words = context.m.mail.bookings.refund_failed;
  const amount = formatMoney(data.amount_cents, data.currency, context.locale);
  return {
    letter: letterTo(data, context, {
      subject: words.subject,
      title: words.title,
      text: [words.text({ amount }), words.next],
      button: context.m.mail.buttons.order,
      path: `/orders/${data.order_id}`,
    }),
  };
}

/** Staff gave something of an order back, and say why. */
function orderRefunded(data: Facts<'order_refunded'>, context: Context): Rendered {
  const words = context.m.mail.bookings.order_refunded;
  const amount = formatMoney(data.amount_cents, data.currency, context.locale);
  return {
    letter: letterTo(data, context, {
      subject: words.subject({ amount }),
      title: words.title({ amount }),
      text: [words.text({ reference: data.reference, reason: data.reason }), words.next],
      button: context.m.mail.buttons.order,
      path: `/orders/${data.order_id}`,
    }),
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
    };
  };

export const orders = {
  order_confirmed: orderConfirmed,
  paid_too_late: moneyBack('tooLate'),
  paid_twice: moneyBack('twice'),
  amount_mismatch: moneyBack('mismatch'),
  refund_failed: refundFailed,
  order_refunded: orderRefunded,
};
