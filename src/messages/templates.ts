/** Every e-mail we write, by the name SQL queues it under. `data` is what SQL kept of the facts at that moment. */
import { type CalendarEntry, bookingCalendar } from '#booking/calendar.ts';
import { formatMoment } from '#platform/clock.ts';
import type { Locale, Messages } from '#platform/i18n/index.ts';
import { type LocalisedText, localised } from '#platform/i18n/locale.ts';
import { formatMoney } from '#platform/money.ts';
import type { Letter } from './letter.ts';

export interface SendingBusiness {
  id: string;
  slug: string;
  name: string;
  host: string;
  country: string;
  time_zone: string;
  currency: string;
  locales: string[];
  email: string;
  phone: string;
  address: { line1?: string; line2?: string; postcode?: string; city?: string };
  branding: unknown;
}

export interface Context {
  m: Messages;
  locale: Locale;
  business: SendingBusiness;
  /** The absolute address of a path of ours, in the reader's language. */
  url(path: string): string;
}

export interface Rendered {
  letter: Letter;
  attachments: { filename: string; content: string; method: 'PUBLISH' | 'CANCEL' }[];
}

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
  number: string;
  name: string;
  currency: string;
  tax_cents: number;
  total_cents: number;
  lines: SeatLine[];
  refund_cents?: number;
  refund_currency?: string;
}
interface CancelledData {
  name: string;
  booking_id: string;
  session_id: string;
  class_name: LocalisedText;
  starts_at: string;
  ends_at: string;
  instructor_name: string;
  room_name: string;
  late: boolean;
  refund_cents: number;
  paid_cents: number;
  currency: string;
}

const footerOf = ({ m, business }: Context): Pick<Letter, 'signed' | 'footer'> => {
  const { line1, postcode, city } = business.address;
  return {
    signed: m.mail.signed({ business: business.name }),
    footer: [
      [business.name, line1, [postcode, city].filter(Boolean).join(' ')].filter(Boolean).join(' · '),
      m.mail.questions({ email: business.email }),
      m.mail.footer({ business: business.name }),
    ],
  };
};

const moment = (at: string, { business, locale }: Context) => formatMoment(at, business.time_zone, locale);
const where = (line: { instructor_name: string; room_name: string }, { m }: Context) =>
  m.mail.with({ instructor: line.instructor_name, room: line.room_name });

const entryOf = (
  line: Pick<SeatLine, 'starts_at' | 'ends_at' | 'instructor_name' | 'room_name'> & {
    booking_id: string;
    name: string;
  },
  context: Context,
): CalendarEntry => ({
  id: line.booking_id,
  title: line.name,
  startsAt: line.starts_at,
  endsAt: line.ends_at,
  instructor: line.instructor_name,
  room: line.room_name,
  url: context.url(`/account/bookings`),
});

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
        m.mail.orderNumber({ number: data.number }),
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

function bookingCancelled(data: CancelledData, context: Context): Rendered {
  const { m, locale, business } = context;
  const name = localised(data.class_name, locale);
  const amount = formatMoney(data.refund_cents, data.currency, locale);
  const { refund, latePart, lateNoRefund } = m.mail.cancelled;
  const paid = formatMoney(data.paid_cents, data.currency, locale);
  const money =
    data.paid_cents === 0
      ? []
      : data.refund_cents === 0
        ? [lateNoRefund]
        : [data.refund_cents < data.paid_cents ? latePart({ amount, paid }) : refund({ amount })];
  return {
    letter: {
      subject: m.mail.cancelled.subject({ what: `${name}, ${moment(data.starts_at, context)}` }),
      title: m.mail.cancelled.title,
      greeting: m.mail.hello({ name: data.name }),
      text: [m.mail.cancelled.text, ...money],
      rows: [{ name, below: `${moment(data.starts_at, context)}\n${where(data, context)}` }],
      button: { text: m.mail.cancelled.button, url: context.url('/schedule') },
      ...footerOf(context),
    },
    attachments: [
      {
        filename: 'cancelled.ics',
        content: bookingCalendar([entryOf({ ...data, name }, context)], business, locale, 'CANCEL'),
        method: 'CANCEL',
      },
    ],
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
        text: [words.text({ amount }), m.mail.orderNumber({ number: data.number })],
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

type RoleName = keyof Messages['mail']['invitation']['roles'];

function staffInvitation(
  data: { role: RoleName; token: string; invited_by: string | null },
  context: Context,
): Rendered {
  const { invitation, helloThere } = context.m.mail;
  const { name } = context.business;
  return {
    letter: {
      subject: invitation.subject({ business: name }),
      title: invitation.title({ business: name }),
      greeting: helloThere,
      text: [
        invitation.text({ by: data.invited_by ?? invitation.someone, role: invitation.roles[data.role] }),
      ],
      rows: [],
      button: { text: invitation.button, url: context.url(`/invitations/${data.token}`) },
      ...footerOf(context),
    },
    attachments: [],
  };
}

function accountLocked(data: { name: string | null; minutes: number }, context: Context): Rendered {
  const { hello, helloThere, locked } = context.m.mail;
  return {
    letter: {
      subject: locked.subject,
      title: locked.title,
      greeting: data.name ? hello({ name: data.name }) : helloThere,
      text: [locked.text({ minutes: data.minutes })],
      rows: [],
      button: { text: locked.button, url: context.url('/forgot') },
      ...footerOf(context),
    },
    attachments: [],
  };
}

export const templates = {
  order_confirmed: orderConfirmed,
  booking_cancelled: bookingCancelled,
  paid_too_late: moneyBack('tooLate'),
  paid_twice: moneyBack('twice'),
  amount_mismatch: moneyBack('mismatch'),
  staff_invitation: staffInvitation,
  account_locked: accountLocked,
};
export type TemplateName = keyof typeof templates;
