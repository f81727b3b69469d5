/**
 * What is on between two instants. A signed-in member's has their own bookings in it and is asked for each time; the
 * one everybody sees is kept for at most a second. It comes whole and is filtered here, so that one answer serves
 * every filter.
 */
import { type Span, dayOf } from '#platform/clock.ts';
import { readAnswer } from '#platform/refusals.ts';
import { type Db, publicDb } from '#platform/supabase.ts';
import type { Level } from '../classes.ts';
import { keepFor } from './kept.ts';
import { forgetPages } from './shared-page.ts';
import type { Session } from '../sessions.ts';

export interface Filters {
  style: string | null;
  level: Level | null;
  /** Slug. */
  instructor: string | null;
}
export const noFilters: Filters = { style: null, level: null, instructor: null };

type Stretch = Pick<Span, 'from' | 'until'>;

const kept = keepFor<Session[]>(1000);

async function ask(db: Db, businessId: string, { from, until }: Stretch): Promise<Session[]> {
  const rows = readAnswer(
    await db.rpc('timetable', { business_id: businessId, from_at: from, until_at: until }, { get: true }),
  );
  return rows as unknown as Session[];
}

/** As nobody in particular: `my_booking_id` is null in every row. At most 1,000 rows. */
export const publicTimetable = (businessId: string, stretch: Stretch): Promise<Session[]> =>
  kept.get(`${businessId} ${stretch.from} ${stretch.until}`, () => ask(publicDb(), businessId, stretch));

/** As the person asking. */
export const timetable = (
  { business, db, user }: Pick<App.Locals, 'business' | 'db' | 'user'>,
  stretch: Stretch,
): Promise<Session[]> => (user ? ask(db, business.id, stretch) : publicTimetable(business.id, stretch));

/** After a seat was taken or given back here, so that the one who did it sees it at once. */
export const forgetTimetable = (): void => {
  kept.forget();
  forgetPages();
};

export const narrowed = (sessions: Session[], { style, level, instructor }: Filters): Session[] =>
  sessions.filter(
    (session) =>
      (!style || session.style === style) &&
      (!level || session.level === level) &&
      (!instructor || session.instructor_slug === instructor),
  );

/** Sessions by the day they begin on in the zone; days without any are not in it. */
export function byDay(sessions: Session[], zone: string): Map<string, Session[]> {
  return Map.groupBy(sessions, (session) => dayOf(session.starts_at, zone));
}
