/**
 * Time on screen and the edges of days and weeks. Instants travel as ISO text with an offset (`timestamptz`),
 * days as `YYYY-MM-DD`; a zone is an IANA name, always the business's own, never the visitor's or the server's.
 */
import { languageTag, type Locale } from './i18n/locale.ts';

/** An instant as the database writes it, or as Temporal holds it. */
export type At = string | Temporal.Instant;

const instant = (at: At): Temporal.Instant =>
  typeof at === 'string' ? Temporal.Instant.from(normal(at)) : at;

// Postgres may write `2026-11-21 03:50:00+00`; Temporal wants a T (a two-digit offset it takes).
const normal = (at: string): string => at.replace(' ', 'T');

const zoned = (at: At, zone: string): Temporal.ZonedDateTime => instant(at).toZonedDateTimeISO(zone);

const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: At, zone: string, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  const id = `${locale} ${zone} ${JSON.stringify(options)}`;
  let found = formats.get(id);
  if (!found) {
    found = new Intl.DateTimeFormat(languageTag(locale), { ...options, timeZone: zone });
    formats.set(id, found);
  }
  return found.format(instant(at).epochMilliseconds);
}

/** A calendar day (`YYYY-MM-DD`), which is the same in every zone, written with these parts of it. */
export const formatCalendarDay = (day: string, locale: Locale, options: Intl.DateTimeFormatOptions): string =>
  format(`${day}T12:00:00Z`, 'UTC', locale, options);

export const now = (): Temporal.Instant => Temporal.Now.instant();

/** `Tuesday 24 November`, with the year when it is not the year of `today`. */
export function formatDate(at: At, zone: string, locale: Locale, today: At = now()): string {
  const sameYear = zoned(at, zone).year === zoned(today, zone).year;
  return format(at, zone, locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
}

/** `24 Nov 2026`, for tables and receipts. */
export const formatShortDate = (at: At, zone: string, locale: Locale): string =>
  format(at, zone, locale, { day: 'numeric', month: 'short', year: 'numeric' });

/** `Tuesday`, or `Tue` when short. */
export const formatDay = (at: At, zone: string, locale: Locale, style: 'long' | 'short' = 'long'): string =>
  format(at, zone, locale, { weekday: style });

/** `18:30`. Twenty-four hours in all our languages. */
export const formatTime = (at: At, zone: string, locale: Locale): string =>
  format(at, zone, locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** `18:30–19:45`, both in the zone. */
export const formatTimeRange = (from: At, until: At, zone: string, locale: Locale): string =>
  `${formatTime(from, zone, locale)}–${formatTime(until, zone, locale)}`;

/** `Tuesday 24 November, 18:30`. */
export const formatMoment = (at: At, zone: string, locale: Locale, today: At = now()): string =>
  `${formatDate(at, zone, locale, today)}, ${formatTime(at, zone, locale)}`;

/** `in 3 hours`, `yesterday`, `2 weeks ago`: the largest unit that fits, days counted as calendar days of the zone. */
export function formatRelative(at: At, zone: string, locale: Locale, from: At = now()): string {
  const relative = new Intl.RelativeTimeFormat(languageTag(locale), { numeric: 'auto' });
  const seconds = Math.round((instant(at).epochMilliseconds - instant(from).epochMilliseconds) / 1000);
  const size = Math.abs(seconds);
  if (size < 60) return relative.format(seconds, 'second');
  if (size < 3600) return relative.format(Math.trunc(seconds / 60), 'minute');
  const days = zoned(from, zone).toPlainDate().until(zoned(at, zone).toPlainDate()).days;
  if (days === 0 || size < 6 * 3600) return relative.format(Math.trunc(seconds / 3600), 'hour');
  if (Math.abs(days) < 14) return relative.format(days, 'day');
  if (Math.abs(days) < 60) return relative.format(Math.trunc(days / 7), 'week');
  return relative.format(Math.trunc(days / 30), 'month');
}

export type Stretch = Pick<Span, 'from' | 'until'>;

/** A stretch of time, `from` included and `until` not, as ISO instants in UTC; `days` are its calendar days. */
export interface Span {
  from: string;
  until: string;
  days: string[];
}

/** The calendar day of an instant in the zone, `2026-11-24`. */
export const dayOf = (at: At, zone: string): string => zoned(at, zone).toPlainDate().toString();

export const today = (zone: string): string => dayOf(now(), zone);

/** A day from an address or a form, or null when it is not one. Only `YYYY-MM-DD`, only real days. */
export function readDay(text: string | null | undefined): string | null {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString();
  } catch {
    return null;
  }
}

export const addDays = (day: string, days: number): string =>
  Temporal.PlainDate.from(day).add({ days }).toString();

/** Monday of the week in which `day` lies. */
export function mondayOf(day: string): string {
  const date = Temporal.PlainDate.from(day);
  return date.subtract({ days: date.dayOfWeek - 1 }).toString();
}

/** The instant at which a calendar day begins in the zone (not always midnight: some zones skip it). */
export const startOfDay = (day: string, zone: string): Temporal.Instant =>
  Temporal.PlainDate.from(day).toZonedDateTime(zone).startOfDay().toInstant();

/** `count` calendar days from `day` on. */
export const spanOf = (day: string, zone: string, count = 1): Span => ({
  from: startOfDay(day, zone).toString(),
  until: startOfDay(addDays(day, count), zone).toString(),
  days: Array.from({ length: count }, (_, i) => addDays(day, i)),
});

/** The week, Monday to Sunday, in which `day` lies: 167 hours when clocks go forward in it, 169 when back. */
export const weekOf = (day: string, zone: string): Span => spanOf(mondayOf(day), zone, 7);
