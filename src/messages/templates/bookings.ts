/** Letters about a seat. */
import { bookingCalendar } from '#booking/calendar.ts';
import { type LocalisedText, localised } from '#platform/i18n/locale.ts';
import { formatMoney } from '#platform/money.ts';
import { type Context, type Rendered, entryOf, footerOf, moment, where } from './frame.ts';

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

export const bookings = { booking_cancelled: bookingCancelled };
