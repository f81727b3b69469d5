/**
 * What is on between two instants. What everybody sees is kept for at most a second; a signed-in member's is that, with
 * their own marks, asked for each time, laid over it. It comes whole and is filtered here, so that one answer serves
 * every filter.
 */
import { type Stretch, dayOf } from '#platform/clock.ts';
import { readAnswer } from '#platform/refusals.ts';
import { publicDb } from '#platform/supabase.ts';
import type { Level } from '../classes.ts';
import { keepFor } from '#platform/kept.ts';
import { forgetPages } from '#site/shared-page.ts';
import type { Session } from '../sessions.ts';

export interface Filters {
  style: string | null;
  level: Level | null;
  /** Slug. */
  instructor: string | null;
}
export const noFilters: Filters = { style: null, level: null, instructor: null };

/** Slugs of the one class or teacher a page is about, which looks farther ahead than all of the timetable goes. */
export interface Only {
  class?: string | undefined;
  instructor?: string | undefined;
}

const kept = keepFor<Session[]>(1000);

/** As nobody in particular: `my_booking_id` is null in every row. At most 1,000 rows. */
export const publicTimetable = (
  businessId: string,
  { from, until }: Stretch,
  only: Only = {},
): Promise<Session[]> =>
  kept.get([businessId, from, until, only.class ?? '', only.instructor ?? ''].join(' '), async () => {
    const asked = { business_id: businessId, from_at: from, until_at: until };
    const narrow = {
      ...(only.class ? { only_class: only.class } : {}),
      ...(only.instructor ? { only_instructor: only.instructor } : {}),
    };
    const rows = readAnswer(await publicDb().rpc('timetable', { ...asked, ...narrow }, { get: true }));
    return rows as unknown as Session[];
  });

/** What is a member's own on a row; `api.viewer` answers it for a stretch of time. */
type Mark = Pick<Session, 'session_id'> & Partial<Session>;

/** Rows with a mark are new objects: what is kept with the others' (site/kept-html.ts) is nobody's own. */
export function withMarks(sessions: Session[], marks: Mark[]): Session[] {
  const mine = new Map(marks.map((mark) => [mark.session_id, mark]));
  return sessions.map((session) => {
    const mark = mine.get(session.session_id);
    return mark ? { ...session, ...mark } : session;
  });
}

/** As the person asking. */
export async function timetable(
  { business, user, viewer }: Pick<App.Locals, 'business' | 'user' | 'viewer'>,
  stretch: Stretch,
  only?: Only,
): Promise<Session[]> {
  const everybodys = publicTimetable(business.id, stretch, only);
  if (!user) return everybodys;
  const [sessions, { marks }] = await Promise.all([everybodys, viewer(stretch)]);
  return withMarks(sessions, marks as Mark[]);
}

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

/** Reckoned once for each row, which many are shown. */
const startDays = new WeakMap<Session, { zone: string; day: string }>();

/** Sessions by the day they begin on in the zone; days without any are not in it. */
export function byDay(sessions: Session[], zone: string): Map<string, Session[]> {
  return Map.groupBy(sessions, (session) => {
    const known = startDays.get(session);
    if (known?.zone === zone) return known.day;
    const day = dayOf(session.starts_at, zone);
    startDays.set(session, { zone, day });
    return day;
  });
}
