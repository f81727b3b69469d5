/** What a member's visits come to (`api.my_progress`): days, styles, weeks, streaks, milestones, and this week's goal. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export const measures = ['classes', 'minutes'] as const;
export type Measure = (typeof measures)[number];

/** How much a week may be aimed for. */
export const goalRange = {
  classes: { least: 1, most: 14 },
  minutes: { least: 15, most: 1500 },
} satisfies Record<Measure, { least: number; most: number }>;

export interface Day {
  day: string;
  visits: number;
  minutes: number;
}

export interface Goal {
  measure: Measure;
  target: number;
  nudge: boolean;
  since: string;
}

export interface Milestone {
  measure: 'classes' | 'weeks' | 'style';
  count: number;
  style: string | null;
  style_name: LocalisedText;
  earned_at: string;
}

export interface Progress {
  person_id: string;
  /** Calendar days of the business's zone; `until_on` is not included. */
  today: string;
  from_on: string;
  until_on: string;
  /** Ever. */
  visits: number;
  minutes: number;
  first_visit_at: string | null;
  last_visit_at: string | null;
  /** Weeks in a row with a visit. */
  streak: number;
  best_streak: number;
  /** Of the year that is shown. */
  days: Day[];
  styles: { style: string; name: LocalisedText; visits: number; minutes: number }[];
  /** The last twelve, the oldest first. */
  weeks: { week_on: string; visits: number; minutes: number }[];
  /** The latest first, at most sixty. */
  milestones: Milestone[];
  week: { classes: number; minutes: number; classes_booked: number; minutes_booked: number };
  goal: Goal | null;
}

/**
 * Of the member or somebody on their account; a calendar year, or the last 53 weeks. Null for nobody's. Refuses 404
 * `person_not_found`.
 */
export async function myProgress(
  db: Db,
  businessId: string,
  { person, year }: { person?: string | undefined; year?: number | undefined },
): Promise<Progress | null | Refusal> {
  const asked = {
    business_id: businessId,
    ...(person ? { person_id: person } : {}),
    ...(year ? { year } : {}),
  };
  const got = answer(await db.rpc('my_progress', asked, { get: true }));
  return isRefused(got) ? got : (got as unknown as Progress | null);
}

/** Refuses 404 `person_not_found`, 422 `goal_unknown`, `goal_out_of_range`. */
export async function setGoal(
  db: Db,
  businessId: string,
  input: { measure: Measure; target: number; nudge: boolean; person_id?: string | undefined },
): Promise<{ goal_id: string } | Refusal> {
  const { person_id, ...goal } = input;
  const id = answer(
    await db.rpc('set_goal', { business_id: businessId, ...goal, ...(person_id ? { person_id } : {}) }),
  );
  return isRefused(id) ? id : { goal_id: id };
}

/** Refuses 404 `person_not_found`, `goal_not_found`. */
export async function endGoal(
  db: Db,
  businessId: string,
  personId: string | undefined,
): Promise<{ ended: true } | Refusal> {
  const done: unknown = answer(
    await db.rpc('end_goal', { business_id: businessId, ...(personId ? { person_id: personId } : {}) }),
  );
  return isRefused(done) ? done : { ended: true };
}

/** How far this week's goal is: what was done, what is booked besides, and what is missing still. */
export function standing(goal: Goal, week: Progress['week']) {
  const done = goal.measure === 'classes' ? week.classes : week.minutes;
  const booked = goal.measure === 'classes' ? week.classes_booked : week.minutes_booked;
  const missing = Math.max(0, goal.target - done);
  return {
    done,
    booked,
    missing,
    /** Percent of the target. */
    share: Math.min(100, Math.round((done / goal.target) * 100)),
    shareBooked: Math.min(100, Math.round(((done + booked) / goal.target) * 100)),
    met: missing === 0,
    /** What is booked will do. */
    onCourse: missing > 0 && booked >= missing,
  };
}
