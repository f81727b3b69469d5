/** What a change of one class, or of many of a series, would do, and doing exactly that. */
import { forgetTimetable } from '../timetable/timetable.ts';
import type { Change } from './inputs.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import type { Json } from '#platform/database.types.ts';
import { type Details, Refusal, type RefusalName, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

/** Where a class is, or would be. */
export interface Standing {
  starts_at: string;
  ends_at: string;
  room: string;
  instructor: string;
  capacity: number;
  price_cents: number;
}
export type Aspect = 'time' | 'room' | 'instructor' | 'capacity' | 'price';

export interface ChangedSession {
  session_id: string;
  class_name: LocalisedText;
  /** Seats taken now. */
  taken: number;
  from: Standing;
  to: Standing;
  changes: Aspect[];
  /** What stays because it was changed by hand before. */
  left_alone: Aspect[];
  /** Why it cannot be done: a refusal's name with its facts. */
  problem: (Details & { name: string }) | null;
  /** What speaks against the teacher at the new time, and does not stand in the way. */
  warnings: Warning[];
  /** How many stand in its line and are told of the new time. */
  waiting: number;
}
export type Warning = 'instructor_not_qualified' | 'instructor_away' | 'outside_hours';

export interface Effect {
  sessions: ChangedSession[];
  /** Who booked a class whose time, room or teacher changes. */
  people: {
    booking_id: string;
    session_id: string;
    name: string;
    state: string;
    /** They had picked a spot in the room it leaves. */
    loses_spot: boolean;
    /** Another class of theirs at the new time. */
    clash: { class_name: LocalisedText; starts_at: string } | null;
  }[];
  /** Names exactly this effect. */
  hash: string;
}

/** Refuses 404 session_not_found, 422 room_not_found, instructor_not_found, invalid_input. */
export async function previewChange(
  db: Db,
  businessId: string,
  sessionId: string,
  change: Change,
): Promise<Effect | Refusal> {
  const got = answer(
    await db.rpc(
      'preview_session_change',
      { business_id: businessId, session_id: sessionId, change: change as unknown as Json },
      { get: false },
    ),
  );
  return isRefused(got) ? got : (got as unknown as Effect);
}

export interface Applied {
  session_id: string;
  /** How many classes changed, and how many people were told. */
  sessions: number;
  told: number;
  /** How many who wait were told of a new time. */
  waiting: number;
}

/** Refuses 409 effect_changed when it would do something else by now, and whatever stands in the way by its name. */
export async function applyChange(
  db: Db,
  businessId: string,
  input: { id: string; change: Change; hash: string; key: string },
): Promise<Applied | Refusal> {
  const applied = answer(
    await db.rpc('change_sessions', {
      business_id: businessId,
      session_id: input.id,
      change: input.change as unknown as Json,
      effect_hash: input.hash,
      idempotency_key: input.key,
    }),
  );
  forgetTimetable();
  return isRefused(applied) ? applied : (applied as unknown as Applied);
}

/** The problem as the refusal it would be. */
export const refusalOf = (problem: NonNullable<ChangedSession['problem']>): Refusal =>
  new Refusal(problem.name as RefusalName, 409, problem);
