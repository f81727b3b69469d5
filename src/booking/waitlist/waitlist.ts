/** A place in line for a full class: joining, leaving, answering an offer. Who is next is decided in SQL. */
import type { OrderSummary } from '../bookings.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { isId } from '#platform/ids.ts';
import { forgetTimetable } from '../timetable/timetable.ts';
import { Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export type EntryState = 'waiting' | 'offered' | 'accepted' | 'declined' | 'lapsed' | 'promoted' | 'left';
export type PayWith = 'auto' | 'pass' | 'card' | 'wallet';

/** A row of `api.my_waitlist`: where the asker, or somebody they look after, stands in line. */
export interface Entry {
  entry_id: string;
  session_id: string;
  state: EntryState;
  /** Why it ended, or why they are asked instead of given the place: a refusal's name or a few words. */
  why: string;
  /** One for whoever is next; null when they wait no more. */
  position: number | null;
  waiting: number;
  offered_until: string | null;
  pay_with: 'free' | 'pass' | 'card' | 'wallet';
  class_slug: string;
  class_name: LocalisedText;
  style: string;
  starts_at: string;
  ends_at: string;
  instructor_name: string;
  room_name: string;
  /** Whose place, when it is somebody they look after. */
  person_name: string | null;
  price_cents: number;
  currency: string;
  group_id: string | null;
  order_id: string | null;
}

export interface Joined {
  entry_id: string;
  session_id: string;
  state: EntryState;
  position: number;
  pay_with: Entry['pay_with'];
}

/** Offers first, then by the hour of the class. */
export const myWaitlist = async (db: Db, businessId: string): Promise<Entry[]> =>
  readAnswer(await db.rpc('my_waitlist', { business_id: businessId }, { get: true })) as unknown as Entry[];

export const isOffer = (entry: Entry, now: number = Date.now()): boolean =>
  entry.state === 'offered' && Date.parse(entry.offered_until ?? '') > now;

/** Refuses 409 seats_free, already_waiting, waitlist_closed and their kin (api.join_waitlist). */
export async function joinWaitlist(
  db: Db,
  businessId: string,
  input: {
    session_id: string;
    pay_with: PayWith;
    pass_id?: string | undefined;
    person_id?: string | undefined;
    only_one_with?: string[] | undefined;
    key: string;
  },
): Promise<Joined | Refusal> {
  const joined = answer(
    await db.rpc('join_waitlist', {
      business_id: businessId,
      session_id: input.session_id,
      idempotency_key: input.key,
      pay_with: input.pay_with,
      ...(input.pass_id ? { pass_id: input.pass_id } : {}),
      ...(input.person_id ? { person_id: input.person_id } : {}),
      ...(input.only_one_with ? { only_one_with: input.only_one_with } : {}),
    }),
  );
  forgetTimetable();
  return isRefused(joined)
    ? joined
    : { ...(joined as unknown as Omit<Joined, 'session_id'>), session_id: input.session_id };
}

/** Refuses 404 entry_not_found. */
export async function leaveWaitlist(db: Db, businessId: string, id: string): Promise<null | Refusal> {
  if (!isId(id)) return new Refusal('entry_not_found', 404);
  const left = answer(await db.rpc('leave_waitlist', { business_id: businessId, entry_id: id }));
  forgetTimetable();
  return isRefused(left) ? left : null;
}

export type Answered = { entry_id: string; state: 'declined' } | (OrderSummary & { entry_id: string });

/** Refuses 404 entry_not_found, 409 offer_over, offer_answered, session_cancelled, and why a pass or the wallet does not pay. */
export async function answerOffer(
  db: Db,
  businessId: string,
  input: { id: string; accept: boolean; pay_with: PayWith; key: string },
): Promise<Answered | Refusal> {
  if (!isId(input.id)) return new Refusal('entry_not_found', 404);
  const answered = answer(
    await db.rpc('answer_offer', {
      business_id: businessId,
      entry_id: input.id,
      accept: input.accept,
      idempotency_key: input.key,
      pay_with: input.pay_with,
    }),
  );
  forgetTimetable();
  return isRefused(answered) ? answered : (answered as unknown as Answered);
}
