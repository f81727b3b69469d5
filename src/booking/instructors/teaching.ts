/** What those who teach see of their own classes. */
import type { BookingState } from '../sessions.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import { isId } from '#platform/ids.ts';
import type { Asked, ClassFacts } from './substitutions.ts';

/** A row of `api.my_classes`. */
export interface TaughtClass {
  session_id: string;
  class_slug: string;
  class_name: LocalisedText;
  style: string;
  starts_at: string;
  ends_at: string;
  room_name: string;
  capacity: number;
  /** People with a seat. */
  coming: number;
  state: 'scheduled' | 'cancelled';
  substitution_id: string | null;
  substitution_state: 'open' | 'accepted' | null;
}

/** A class with who comes (`api.my_class`). Names only. */
export interface ClassRoster extends ClassFacts {
  capacity: number;
  state: 'scheduled' | 'cancelled';
  /** The asker teaches it. */
  mine: boolean;
  substitution: Pick<
    Asked,
    | 'substitution_id'
    | 'state'
    | 'asked_at'
    | 'everyone_at'
    | 'reason'
    | 'substitute_name'
    | 'told'
    | 'declined'
  > | null;
  roster: {
    name: string;
    state: Extract<BookingState, 'confirmed' | 'checked_in' | 'no_show'>;
    first_time: boolean;
  }[];
}

/** Between two instants; at most 200. Refuses 403 not_an_instructor. */
export async function myClasses(
  db: Db,
  businessId: string,
  { from, until }: { from: string; until: string },
): Promise<TaughtClass[] | Refusal> {
  const got = answer(
    await db.rpc('my_classes', { business_id: businessId, from_at: from, until_at: until }, { get: true }),
  );
  return isRefused(got) ? got : (got as unknown as TaughtClass[]);
}

/** Refuses 404 session_not_found, for somebody else's class too. */
export async function myClass(
  db: Db,
  businessId: string,
  sessionId: string | undefined,
): Promise<ClassRoster | Refusal> {
  if (!isId(sessionId)) return new Refusal('session_not_found', 404);
  const got = answer(
    await db.rpc('my_class', { business_id: businessId, session_id: sessionId }, { get: true }),
  );
  return isRefused(got) ? got : (got as unknown as ClassRoster);
}
