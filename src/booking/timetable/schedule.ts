/**
 * What a visitor of /schedule asks for, read from its address: seven days from today on, other seven days (`?week=`
 * their first), or one day of them (`?day=`), narrowed by `style`, `level` and `instructor`. Nothing in an address is
 * an error: what makes no sense is left out.
 */
import { type Span, addDays, readDay, spanOf, today as todayIn } from '#platform/clock.ts';
import { levels, type Level } from '../classes.ts';
import { languageTag, type Locale } from '#platform/i18n/locale.ts';
import type { Filters } from './timetable.ts';

export interface ScheduleRequest {
  /** The seven days of the strip. All of them are fetched, also for one day, so that the strip knows which are empty. */
  week: Span;
  /** The one day that is shown; null for all seven. */
  day: string | null;
  today: string;
  filters: Filters;
}

const farthestDays = 730;
const slug = /^[a-z0-9-]{1,60}$/;

const readSlug = (text: string | null): string | null => (text && slug.test(text) ? text : null);
const readLevel = (text: string | null): Level | null => levels.find((level) => level === text) ?? null;

/** Whole days from `from` to `to`, negative when it is earlier. */
const daysBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days;

/** A day within two years of today, null for anything else. */
function readNearDay(text: string | null, today: string): string | null {
  const day = readDay(text);
  return day && Math.abs(daysBetween(today, day)) <= farthestDays ? day : null;
}

/** First day of the seven, counted from today in sevens, among which `day` is. */
const firstOf = (day: string, today: string): string =>
  addDays(today, Math.floor(daysBetween(today, day) / 7) * 7);

export function readSchedule(
  query: URLSearchParams,
  zone: string,
  today: string = todayIn(zone),
): ScheduleRequest {
  const day = readNearDay(query.get('day'), today);
  const first = day ? firstOf(day, today) : (readNearDay(query.get('week'), today) ?? today);
  return {
    week: spanOf(first, zone, 7),
    day,
    today,
    filters: {
      style: readSlug(query.get('style')),
      level: readLevel(query.get('level')),
      instructor: readSlug(query.get('instructor')),
    },
  };
}

/** Address of other days with the same filters; `week` and `day` are left out where they would say "from today on". */
export function scheduleAddress(
  request: ScheduleRequest,
  to: { week?: string; day?: string },
  filters: Filters = request.filters,
): string {
  const query = new URLSearchParams();
  if (to.day) query.set('day', to.day);
  else if (to.week && to.week !== request.today) query.set('week', to.week);
  for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value);
  const text = query.toString();
  return text ? `/schedule?${text}` : '/schedule';
}

/** The neighbours of what is shown: the weeks around it. */
export const weeksAround = ({ week }: ScheduleRequest): { before: string; after: string } => ({
  before: addDays(week.days[0] ?? '', -7),
  after: addDays(week.days[0] ?? '', 7),
});

const ranges = new Map<Locale, Intl.DateTimeFormat>();

/** `21–27 November`, as the reader writes it. Days are the same in every zone, so they are read and written in UTC. */
export function rangeOf(from: string, until: string, locale: Locale): string {
  let format = ranges.get(locale);
  if (!format) {
    format = new Intl.DateTimeFormat(languageTag(locale), { day: 'numeric', month: 'long', timeZone: 'UTC' });
    ranges.set(locale, format);
  }
  return format.formatRange(Date.parse(from), Date.parse(until));
}

/** Lines on one page, more or less: nobody reads on, and every one has to be sent. */
const enough = 80;

/** The days that are shown of `days` with their number of sessions: all, or as many as make a page; at least one. */
export function daysOfPage(days: { day: string; count: number }[]): string[] {
  let lines = 0;
  return days.filter(({ count }, i) => (lines += count) <= enough || i === 0).map(({ day }) => day);
}
