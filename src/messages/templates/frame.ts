/** What every letter is made with: who sends it, in which words, and the parts that look alike in all of them. */
import type { CalendarEntry } from '#booking/calendar.ts';
import { formatDate, formatMoment } from '#platform/clock.ts';
import type { Locale, Messages } from '#platform/i18n/index.ts';
import { type LocalisedText, languageTag, localised } from '#platform/i18n/locale.ts';
import { formatMoney } from '#platform/money.ts';
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
  business: Pick<SendingBusiness, 'name' | 'time_zone' | 'email' | 'address'>;
  /** Where a path of ours leads, in the reader's language: an address in a letter, the path itself on a page. */
  url(path: string): string;
}

export interface Rendered {
  letter: Letter;
  /** The file that comes with it. */
  calendar?: { filename: string; method: 'PUBLISH' | 'CANCEL'; entries: CalendarEntry[] };
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
export const date = (at: string, { business, locale }: Context) => formatDate(at, business.time_zone, locale);

/** An amount in words, or nothing where there is none to speak of. */
export const amountOf = (
  cents: number | null | undefined,
  currency: string | null | undefined,
  { locale }: Context,
): string | null => (cents && currency ? formatMoney(cents, currency, locale) : null);

/** Names as a sentence lists them: "Ada, Leo and Pepe". */
export const listOf = (names: string[], { locale }: Pick<Context, 'locale'>): string =>
  new Intl.ListFormat(languageTag(locale), { type: 'conjunction' }).format(names);

export interface ClassFacts {
  class_name: LocalisedText;
  starts_at: string;
  ends_at: string;
  instructor_name: string;
  room_name: string;
  /** How often it has changed: a newer file takes the place of an older one. */
  calendar_sequence?: number | null | undefined;
}

/** A class as sentences speak of it. */
export const classOf = (data: ClassFacts, context: Context) => ({
  what: localised(data.class_name, context.locale),
  when: moment(data.starts_at, context),
});

export const where = (line: { instructor_name: string; room_name: string }, { m }: Context) =>
  m.mail.with({ instructor: line.instructor_name, room: line.room_name });

export const classRow = (data: ClassFacts, context: Context): Letter['rows'][number] => {
  const { what, when } = classOf(data, context);
  return { name: what, below: `${when}\n${where(data, context)}` };
};

/** A class in somebody's calendar, found again there by its booking. */
export const entryOf = (
  data: Omit<ClassFacts, 'class_name'> & { booking_id: string; name: string },
  { url }: Context,
): CalendarEntry => ({
  id: data.booking_id,
  title: data.name,
  startsAt: data.starts_at,
  endsAt: data.ends_at,
  instructor: data.instructor_name,
  room: data.room_name,
  url: url('/account/bookings'),
  sequence: data.calendar_sequence ?? undefined,
});

/** The booked class as the letter's calendar file. */
export const calendarOf = (
  data: ClassFacts & { booking_id: string },
  context: Context,
  filename: string,
  method: 'PUBLISH' | 'CANCEL' = 'PUBLISH',
): NonNullable<Rendered['calendar']> => ({
  filename,
  method,
  entries: [entryOf({ ...data, name: classOf(data, context).what }, context)],
});

interface Parts extends Pick<Letter, 'subject' | 'title'> {
  /** What does not apply is left out. */
  text: (string | false | null | undefined)[];
  rows?: Letter['rows'];
  button: string;
  /** Where the button leads. */
  path: string;
}

/** A letter to a member, with its greeting, its end, and whom it is about when that is somebody else. */
export function letterTo(
  { name, about_name }: { name: string; about_name?: string | null | undefined },
  context: Context,
  { text, rows = [], button, path, ...parts }: Parts,
): Letter {
  const { mail } = context.m;
  return {
    ...parts,
    greeting: name ? mail.hello({ name }) : mail.helloThere,
    text: [about_name && mail.about({ name: about_name }), ...text].filter(
      (line): line is string => typeof line === 'string' && line !== '',
    ),
    rows,
    button: { text: button, url: context.url(path) },
    ...footerOf(context),
  };
}
