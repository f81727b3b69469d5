/** Reads the two loose shapes of a business's record (`comment on table business.businesses` says them). */
import type { HouseDay } from '#business/businesses.ts';
import { addDays, formatCalendarDay } from '#platform/clock.ts';
import { localised, type Locale } from '#platform/i18n/index.ts';

/** One entry of `hours`: ISO weekday (1 = Monday) and local times in the business's zone. */
export interface Opening {
  day: number;
  opens: string;
  closes: string;
}

export interface DayHours {
  /** One day or a run of days with the same hours: "Mon–Fri". */
  label: string;
  /** "07:30–21:30, 22:00–23:00", as the timetable writes times;, empty when closed. */
  text: string;
  /** ISO weekdays the row stands for. */
  days: number[];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const isTime = (value: unknown): value is string => typeof value === 'string' && /^\d{2}:\d{2}$/.test(value);

export function readOpenings(hours: unknown): Opening[] {
  if (!Array.isArray(hours)) return [];
  return (hours as unknown[])
    .filter((entry): entry is Opening => {
      if (!isRecord(entry)) return false;
      const { day, opens, closes } = entry;
      return typeof day === 'number' && day >= 1 && day <= 7 && isTime(opens) && isTime(closes);
    })
    .toSorted((a, b) => a.day - b.day || a.opens.localeCompare(b.opens));
}

/** `Mon` for 1, in the reader's language. */
export function weekdayName(day: number, locale: Locale, style: 'short' | 'long' = 'short'): string {
  // The first of January 2024 was a Monday.
  return formatCalendarDay(`2024-01-0${day}`, locale, { weekday: style }).replace('.', '');
}

const capital = (text: string): string => text.replace(/^\p{L}/u, (letter) => letter.toUpperCase());

/** Runs of days with the same hours, in the order of the week; empty when the business keeps no hours. */
export function hoursByDay(hours: unknown, locale: Locale): DayHours[] {
  const openings = readOpenings(hours);
  if (openings.length === 0) return [];
  const rows: DayHours[] = [];
  for (let day = 1; day <= 7; day++) {
    const ofDay = openings.filter((opening) => opening.day === day);
    const text = ofDay.map(({ opens, closes }) => `${opens}–${closes}`).join(', ');
    const last = rows.at(-1);
    if (last?.text === text) last.days.push(day);
    else rows.push({ label: '', text, days: [day] });
  }
  for (const row of rows) {
    const ends = [...new Set([row.days[0] ?? 1, row.days.at(-1) ?? 7])];
    row.label = ends.map((day) => capital(weekdayName(day, locale))).join('–');
  }
  return rows;
}

/** What is special about a day of the whole house; of what sells alone it says nothing. */
const specialOn = (special: readonly HouseDay[], date: string): HouseDay | undefined =>
  special.find(({ on_date, house }) => on_date === date && house);

/** Whether the hours of its week do not count on that day. */
export const isSpecial = (special: readonly HouseDay[], date: string): boolean =>
  specialOn(special, date) !== undefined;

/** A moment of the business's own clock: ISO weekday, "HH:MM", and the day it is. */
export interface LocalMoment {
  day: number;
  time: string;
  date: string;
}

/**
 * Whether the business is open at a moment: open until a time, or opening on a day at a time; null when it keeps no hours,
 * or opens on none of the next seven days. A special day stands instead of what the week says.
 */
export function openingState(
  hours: unknown,
  { day, time, date }: LocalMoment,
  special: readonly HouseDay[] = [],
): { open: true; until: string } | { open: false; day: number; at: string } | null {
  const openings = readOpenings(hours);
  const opensOn = (weekday: number, on: string) =>
    (specialOn(special, on)?.hours ?? openings.filter((o) => o.day === weekday)).toSorted((a, b) =>
      a.opens.localeCompare(b.opens),
    );
  const current = opensOn(day, date).find((o) => o.opens <= time && time < o.closes);
  if (current) return { open: true, until: current.closes };
  for (let ahead = 0; ahead <= 7; ahead++) {
    const wanted = ((day - 1 + ahead) % 7) + 1;
    const next = opensOn(wanted, addDays(date, ahead)).find((o) => ahead > 0 || o.opens > time);
    if (next) return { open: false, day: wanted, at: next.opens };
  }
  return null;
}

/** The weekday, the clock and the date of a zone, as `openingState` wants them. */
export function localMoment(zone: string): LocalMoment {
  const here = Temporal.Now.zonedDateTimeISO(zone);
  return {
    day: here.dayOfWeek,
    time: here.toPlainTime().toString({ smallestUnit: 'minute' }),
    date: here.toPlainDate().toString(),
  };
}

export interface Address {
  /** As on an envelope. */
  lines: string[];
  /** On one line, for a maps search. */
  query: string;
  /** How to find the door, in the reader's language. */
  note: string;
}

/** `address` is { line1, line2?, postcode?, city, country?, note? {en, es} }; the postcode stands before the city. */
export function readAddress(value: unknown, locale: Locale): Address {
  const given = isRecord(value) ? value : {};
  const part = (name: string) => (typeof given[name] === 'string' ? given[name] : '');
  const place = [part('postcode'), part('city')].filter(Boolean).join(' ');
  const lines = [part('line1'), part('line2'), place].filter(Boolean);
  return { lines, query: lines.join(', '), note: localised(given['note'], locale) };
}
