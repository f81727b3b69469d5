/** The studio's week as managers look at it: by day and room, with what could not be put on. */
import type { ExceptionReason, Rule } from './series.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { addDays, dayOf, mondayOf, readDay } from '#platform/clock.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export interface WeekSession {
  session_id: string;
  room_id: string;
  class_name: LocalisedText;
  style: string;
  published: boolean;
  starts_at: string;
  ends_at: string;
  instructor_name: string;
  capacity: number;
  taken: number;
  state: 'scheduled' | 'cancelled';
  /** Of itself, whatever its class is. */
  hidden: boolean;
  version: number;
  series_id: string | null;
  /** What was changed of it alone. */
  left_pattern: string[];
}

export interface Week {
  rooms: { room_id: string; name: string; location: string; capacity: number }[];
  sessions: WeekSession[];
  exceptions: {
    series_id: string;
    on_date: string;
    reason: ExceptionReason;
    note: string;
    class_name: LocalisedText;
    local_start: string;
    room_id: string;
  }[];
}

export async function scheduleWeek(db: Db, businessId: string, from: string): Promise<Week | Refusal> {
  const got = answer(
    await db.rpc('admin_schedule', { business_id: businessId, from_on: from, days: 7 }, { get: true }),
  );
  return isRefused(got) ? got : (got as unknown as Week);
}

/** The Monday asked for by `?week=` any of its days; this week's for anything else. */
export const readWeek = (asked: string | null, today: string): string => mondayOf(readDay(asked) ?? today);

export const daysOf = (monday: string): string[] => Array.from({ length: 7 }, (_, i) => addDays(monday, i));

export interface Cell {
  day: string;
  rooms: { room_id: string; sessions: WeekSession[]; exceptions: Week['exceptions'] }[];
}

/** Day by day, each with every room in the same order, so that they stand in lines. */
export function cellsOf(week: Week, days: string[], zone: string): Cell[] {
  return days.map((day) => ({
    day,
    rooms: week.rooms.map(({ room_id }) => ({
      room_id,
      sessions: week.sessions.filter(
        (session) => session.room_id === room_id && dayOf(session.starts_at, zone) === day,
      ),
      exceptions: week.exceptions.filter((one) => one.room_id === room_id && one.on_date === day),
    })),
  }));
}

export interface Choices {
  classes: {
    class_type_id: string;
    name: LocalisedText;
    minutes: number;
    capacity: number;
    price_cents: number;
    published: boolean;
  }[];
  rooms: { room_id: string; name: string; location: string; capacity: number; retired: boolean }[];
  instructors: { instructor_id: string; name: string }[];
}

export async function scheduleChoices(db: Db, businessId: string): Promise<Choices | Refusal> {
  const got = answer(await db.rpc('schedule_choices', { business_id: businessId }, { get: true }));
  return isRefused(got) ? got : (got as unknown as Choices);
}

/** One class as its manager sees it. `on` and `local_start` are the business's own. */
export interface ManagedSession {
  session_id: string;
  class_slug: string;
  class_name: LocalisedText;
  published: boolean;
  on: string;
  local_start: string;
  minutes: number;
  starts_at: string;
  ends_at: string;
  room_id: string;
  room_name: string;
  location_name: string;
  instructor_id: string;
  instructor_name: string;
  capacity: number;
  taken: number;
  price_cents: number;
  /** How many people stand in its line. */
  waiting: number;
  state: 'scheduled' | 'cancelled';
  hidden: boolean;
  left_pattern: string[];
  version: number;
  series: Rule | null;
  choices: Choices;
  people: { booking_id: string; name: string; state: string; spot: string | null }[];
}

/** Refuses 404 session_not_found. */
export async function managedSession(
  db: Db,
  businessId: string,
  id: string,
): Promise<ManagedSession | Refusal> {
  const got = answer(
    await db.rpc('admin_session', { business_id: businessId, session_id: id }, { get: true }),
  );
  return isRefused(got) ? got : (got as unknown as ManagedSession);
}
