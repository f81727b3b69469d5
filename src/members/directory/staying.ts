/** Who stays away, and who came back after a first time. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, answer, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

/** A row of `api.members_at_risk`. */
export interface AtRisk {
  member_id: string;
  name: string;
  email: string;
  phone: string;
  visits: number;
  first_visit_at: string;
  last_visit_at: string;
  /** The day they mostly came on, 1 = Monday. */
  usual_weekday: number | null;
  next_booking_at: string | null;
  next_class: LocalisedText;
  /** Whether they agreed to news and offers by e-mail. */
  may_write: boolean;
}

/** A row of `api.first_timers`. */
export interface FirstTimers {
  /** Monday. */
  week_on: string;
  first_visits: number;
  came_again: number;
  /** Or a membership, by then. */
  bought_pass: number;
  /** Whether the thirty days to come again are over for all of them. */
  complete: boolean;
}

export const quietChoices = [14, 21, 30, 60, 90];
export const visitChoices = [1, 3, 5, 10];

/** Members with a habit who have not come for `days`, who came last first. Refuses 403 `not_your_role`. */
export async function membersAtRisk(
  db: Db,
  businessId: string,
  asked: { days: number; visits: number; before?: [string, string] | null; size: number },
): Promise<AtRisk[] | Refusal> {
  const { days, visits, before, size } = asked;
  return answer(
    await db.rpc(
      'members_at_risk',
      {
        business_id: businessId,
        quiet_days: days,
        at_least: visits,
        page_size: size,
        ...(before ? { before_at: before[0], before_id: before[1] } : {}),
      },
      { get: true },
    ),
  ) as AtRisk[] | Refusal;
}

/** Twelve weeks, the oldest first. Refuses 403 `not_your_role`. */
export const firstTimers = async (db: Db, businessId: string): Promise<FirstTimers[] | Refusal> =>
  answer(await db.rpc('first_timers', { business_id: businessId }, { get: true })) as FirstTimers[] | Refusal;

/** Whether people who are not checked in count as having come. Refuses 403 `not_your_role`. */
export const countUnchecked = async (
  db: Db,
  businessId: string,
  counts: boolean,
): Promise<boolean | Refusal> =>
  answer(await db.rpc('set_member_settings', { business_id: businessId, counts_unchecked: counts }));

/** Whether they do now: for managers. */
export const countsUnchecked = async (db: Db, businessId: string): Promise<boolean> =>
  readAnswer(await db.rpc('member_settings', { business_id: businessId }, { get: true }));
