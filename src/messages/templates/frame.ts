/** What every letter is made with: who sends it, in which words, and the parts that look alike in all of them. */
import { type CalendarEntry } from '#booking/calendar.ts';
import { formatMoment } from '#platform/clock.ts';
import type { Locale, Messages } from '#platform/i18n/index.ts';
import type { Letter } from '../letter.ts';

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

export const footerOf = ({ m, business }: Context): Pick<Letter, 'signed' | 'footer'> => {
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

export const moment = (at: string, { business, locale }: Context) =>
  formatMoment(at, business.time_zone, locale);
export const where = (line: { instructor_name: string; room_name: string }, { m }: Context) =>
  m.mail.with({ instructor: line.instructor_name, room: line.room_name });

/** A class in somebody's calendar, found again there by its booking. */
export const entryOf = (
  line: {
    starts_at: string;
    ends_at: string;
    instructor_name: string;
    room_name: string;
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
