/** Weekly rules and single classes: put on, skipped for a day, ended, called off. */
import { forgetTimetable } from '../timetable/timetable.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import type { Json } from '#platform/database.types.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

/** A weekly rule as it is shown. `days`: the weekdays of its pattern, itself among them. */
export interface Rule {
  series_id: string;
  class_name: LocalisedText;
  /** 1 = Monday. */
  weekday: number;
  local_start: string;
  minutes: number;
  from_on: string;
  until_on: string | null;
  room_name: string;
  instructor_name: string;
  capacity: number;
  price_cents: number;
  days: { series_id: string; weekday: number }[];
}

export interface SeriesPage extends Rule {
  sessions: {
    session_id: string;
    on_date: string;
    starts_at: string;
    ends_at: string;
    room_name: string;
    instructor_name: string;
    capacity: number;
    taken: number;
    state: 'scheduled' | 'cancelled';
    left_pattern: string[];
  }[];
  exceptions: { on_date: string; reason: ExceptionReason; note: string }[];
}
export type ExceptionReason = 'skipped' | 'room_taken' | 'instructor_taken';

const done = <T>(outcome: unknown): T | Refusal => {
  forgetTimetable();
  return outcome as T | Refusal;
};

/** Refuses 404 series_not_found. */
export async function seriesPage(db: Db, businessId: string, id: string): Promise<SeriesPage | Refusal> {
  const got = answer(await db.rpc('admin_series', { business_id: businessId, series_id: id }, { get: true }));
  return isRefused(got) ? got : (got as unknown as SeriesPage);
}

/** One class at one time. Refuses what api.create_session refuses, 409 room_taken and instructor_taken among it. */
export async function createSession(
  db: Db,
  businessId: string,
  facts: Record<string, unknown>,
  key: string,
): Promise<{ session_id: string; starts_at: string } | Refusal> {
  const asked = { business_id: businessId, facts: facts as Json, idempotency_key: key };
  return done(answer(await db.rpc('create_session', asked)));
}

/** Every week. Refuses what api.create_series refuses. */
export async function createSeries(
  db: Db,
  businessId: string,
  facts: Record<string, unknown>,
  key: string,
): Promise<{ series_id: string; sessions: number; left_out: number } | Refusal> {
  const asked = { business_id: businessId, facts: facts as Json, idempotency_key: key };
  return done(answer(await db.rpc('create_series', asked)));
}

/** Refuses 409 session_has_bookings with the session, which is then to be called off. */
export async function skipDay(
  db: Db,
  businessId: string,
  input: { id: string; on_date: string; note: string },
): Promise<{ series_id: string } | Refusal> {
  const { id, on_date, note } = input;
  const got = answer(await db.rpc('skip_day', { business_id: businessId, series_id: id, on_date, note }));
  return done(isRefused(got) ? got : { series_id: id });
}

export async function unskipDay(
  db: Db,
  businessId: string,
  input: { id: string; on_date: string },
): Promise<{ series_id: string; sessions: number } | Refusal> {
  const got = answer(
    await db.rpc('unskip_day', { business_id: businessId, series_id: input.id, on_date: input.on_date }),
  );
  return done(isRefused(got) ? got : { ...(got as { sessions: number }), series_id: input.id });
}

export interface EndEffect {
  sessions: { session_id: string; starts_at: string; ends_at: string; taken: number }[];
  people: {
    booking_id: string;
    session_id: string;
    name: string;
    refund_cents: number;
    credits_back: number;
  }[];
  hash: string;
}

export async function previewEnd(
  db: Db,
  businessId: string,
  input: { id: string; last_on: string; every_day: boolean },
): Promise<EndEffect | Refusal> {
  const { id, last_on, every_day } = input;
  const got = answer(
    await db.rpc(
      'preview_series_end',
      { business_id: businessId, series_id: id, last_on, every_day },
      { get: true },
    ),
  );
  return isRefused(got) ? got : (got as unknown as EndEffect);
}

export async function endSeries(
  db: Db,
  businessId: string,
  input: { id: string; last_on: string; every_day: boolean; reason: string; hash: string; key: string },
): Promise<{ series_id: string; taken_off: number; cancelled: number } | Refusal> {
  const ended = answer(
    await db.rpc('end_series', {
      business_id: businessId,
      series_id: input.id,
      last_on: input.last_on,
      every_day: input.every_day,
      reason: input.reason,
      effect_hash: input.hash,
      idempotency_key: input.key,
    }),
  );
  return done(ended);
}

/** Who has a place in a class, and what each gets back when it is called off. Money in minor units. */
export async function sessionEffect(db: Db, businessId: string, id: string) {
  return answer(await db.rpc('session_effect', { business_id: businessId, session_id: id }, { get: true }));
}

/** Shows one class to customers or hides it; whoever booked keeps their place. Refuses 404 session_not_found, 409 session_cancelled, session_past. */
export async function publishSession(
  db: Db,
  businessId: string,
  input: { id: string; published: boolean },
): Promise<{ session_id: string; published: boolean; bookings: number; waiting: number } | Refusal> {
  const { id, published } = input;
  return done(
    answer(await db.rpc('publish_session', { business_id: businessId, session_id: id, published })),
  );
}

/** Calls a class off. Everybody is paid back and told, once, by a job. Refuses 409 session_cancelled, session_past. */
export async function cancelSession(
  db: Db,
  businessId: string,
  input: { id: string; reason: string; key: string },
): Promise<{ session_id: string; bookings: number } | Refusal> {
  const cancelled = answer(
    await db.rpc('cancel_session', {
      business_id: businessId,
      session_id: input.id,
      reason: input.reason,
      idempotency_key: input.key,
    }),
  );
  return done(cancelled);
}
