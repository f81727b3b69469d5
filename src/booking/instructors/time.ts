/** When those who teach can, and when they are away. Hours are by the clock on the studio's wall. */
import { isId } from '#platform/ids.ts';
import { addDays, startOfDay } from '#platform/clock.ts';
import { Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { Stretch, TimeOffInput } from './inputs.ts';
import type { ClassFacts } from './substitutions.ts';

export interface TimeOff {
  time_off_id: string;
  /** Instants. */
  starts_at: string;
  ends_at: string;
  reason: string;
  state: 'requested' | 'granted' | 'declined' | 'withdrawn';
  /** What the manager said with the decision. */
  answer: string;
  requested_at: string;
  decided_at: string | null;
  /** The instructor's coming classes in it; `substitution` when somebody is looked for. */
  classes: (ClassFacts & { substitution?: 'open' | 'accepted' | null })[];
}

export interface Hours {
  instructor_id: string;
  hours: Stretch[];
  time_off: TimeOff[];
}

export interface TimeOffAnswer {
  time_off_id: string;
  state: TimeOff['state'];
  /** How many classes lie in it, and for how many a substitute is now looked for. */
  classes: number;
  asked: number;
}

/** The asker's own. Refuses 403 not_an_instructor. */
export async function myHours(db: Db, businessId: string): Promise<Hours | Refusal> {
  const got = answer(await db.rpc('my_hours', { business_id: businessId }, { get: true }));
  return isRefused(got) ? got : (got as unknown as Hours);
}

/** Replaces all of them; none means any hour. Refuses 404 instructor_not_found, 422 hours_invalid. */
export async function setHours(
  db: Db,
  businessId: string,
  { id, hours }: { id: string; hours: Stretch[] },
): Promise<{ instructor_id: string } | Refusal> {
  if (!isId(id)) return new Refusal('instructor_not_found', 404);
  const refused = answer(
    await db.rpc('set_availability', {
      business_id: businessId,
      instructor_id: id,
      hours: hours.map(({ weekday, from, until }) => ({ weekday, from, until })),
    }),
  );
  return isRefused(refused) ? refused : { instructor_id: id };
}

const at = (day: string, time: string, zone: string): string =>
  time
    ? Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(zone).toInstant().toString()
    : startOfDay(day, zone).toString();

/** The instants of days that somebody named in the studio's zone; the last day is part of it. */
export const spanOfTimeOff = (input: TimeOffInput, zone: string): { from_at: string; until_at: string } => ({
  from_at: at(input.from, input.from_time, zone),
  until_at: input.until_time
    ? at(input.until, input.until_time, zone)
    : startOfDay(addDays(input.until, 1), zone).toString(),
});

/** Refuses 403 not_an_instructor, 409 time_off_overlaps, 422 time_off_invalid, time_off_past. */
export async function requestTimeOff(
  db: Db,
  business: { id: string; time_zone: string },
  input: TimeOffInput,
): Promise<TimeOffAnswer | Refusal> {
  const got = answer(
    await db.rpc('request_time_off', {
      business_id: business.id,
      ...spanOfTimeOff(input, business.time_zone),
      reason: input.reason,
    }),
  );
  return isRefused(got) ? got : (got as unknown as TimeOffAnswer);
}

/** A manager gives it at once; `ask` looks for substitutes for the classes in it. Refuses as asking for it does. */
export async function grantTimeOff(
  db: Db,
  business: { id: string; time_zone: string },
  id: string,
  input: TimeOffInput,
  ask: boolean,
): Promise<TimeOffAnswer | Refusal> {
  if (!isId(id)) return new Refusal('instructor_not_found', 404);
  const got = answer(
    await db.rpc('grant_time_off', {
      business_id: business.id,
      instructor_id: id,
      ...spanOfTimeOff(input, business.time_zone),
      reason: input.reason,
      ask,
    }),
  );
  return isRefused(got) ? got : (got as unknown as TimeOffAnswer);
}

/** Refuses 404 time_off_not_found, 409 time_off_decided. */
export async function decideTimeOff(
  db: Db,
  businessId: string,
  input: { id: string; decision: 'yes' | 'no'; answer: string; ask: boolean },
): Promise<TimeOffAnswer | Refusal> {
  if (!isId(input.id)) return new Refusal('time_off_not_found', 404);
  const got = answer(
    await db.rpc('decide_time_off', {
      business_id: businessId,
      time_off_id: input.id,
      granted: input.decision === 'yes',
      answer: input.answer,
      ask: input.ask,
    }),
  );
  return isRefused(got) ? got : (got as unknown as TimeOffAnswer);
}

/** Refuses 404 time_off_not_found, 409 time_off_over. */
export async function withdrawTimeOff(
  db: Db,
  businessId: string,
  id: string,
): Promise<TimeOffAnswer | Refusal> {
  if (!isId(id)) return new Refusal('time_off_not_found', 404);
  const got = answer(await db.rpc('withdraw_time_off', { business_id: businessId, time_off_id: id }));
  return isRefused(got) ? got : (got as unknown as TimeOffAnswer);
}
