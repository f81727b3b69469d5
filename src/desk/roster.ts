/** The desk's day and a class's roster, for the front desk and for who teaches. One round trip each. */
import { isId } from '#platform/ids.ts';
import { type Guard, type SignedIn, type StaffRole, holdsRole, requireStaff } from '#platform/guards.ts';
import { Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { OwedFee } from '#sales/fees.ts';

type Localised = Record<string, string>;

/** A row of `api.desk_day`. */
export interface DeskClass {
  session_id: string;
  starts_at: string;
  ends_at: string;
  class_name: Localised;
  style: string;
  room_name: string;
  instructor_name: string;
  mine: boolean;
  capacity: number;
  seats_taken: number;
  checked_in: number;
  absent: number;
  waiting: number;
  state: 'scheduled' | 'cancelled';
}

export interface Person {
  booking_id: string;
  member_id: string;
  name: string;
  guest_name: string | null;
  booked_by: string | null;
  state: 'held' | 'confirmed' | 'checked_in' | 'no_show' | 'late_cancelled';
  paid: { how: PaidHow; name?: Localised; cents?: number };
  /** What stands on the place they picked; null where nobody picks, or they have not. */
  spot: string | null;
  /** By which a scanner finds them: for the front desk, of those who have looked at theirs. */
  code: string | null;
  /** The newest tap the server knows of. */
  acted_at: string | null;
  /** Null for a guest. */
  flags: {
    first_timer: boolean;
    birthday: boolean;
    waiver: 'none_needed' | 'signed' | 'outdated' | 'missing';
    pinned_notes: string[];
  } | null;
  /** What they owe; null for a guest, and for who only teaches the class. */
  fees: OwedFee[] | null;
  health_note: string | null;
  /** What an absence or a late cancellation cost and has not come back. */
  kept: { cents: number; credits: number; fee_cents: number } | null;
}
export type PaidHow =
  'unpaid' | 'pass' | 'membership' | 'card' | 'wallet' | 'gift_card' | 'cash' | 'terminal' | 'free';

export interface Waiting {
  entry_id: string;
  member_id: string;
  name: string;
  state: 'waiting' | 'offered';
  pay_with: 'free' | 'pass' | 'wallet' | 'card';
  offered_until: string | null;
}

/** `api.roster`. */
export interface Roster {
  session_id: string;
  starts_at: string;
  ends_at: string;
  class_name: Localised;
  style: string;
  room_name: string;
  instructor_name: string;
  state: 'scheduled' | 'cancelled';
  capacity: number;
  seats_left: number;
  /** What is paid for a place, tax and all. */
  price_cents: number;
  credits: number;
  currency: string;
  released_at: string | null;
  release_minutes_before: number | null;
  /** Until then a place is sold at the desk. */
  sells_until: string;
  /** Whether the asker sells, cancels and waives; who teaches only checks in. */
  is_desk: boolean;
  people: Person[];
  line: Waiting[];
}

/** The front desk, or somebody who teaches (their own classes; SQL says which). The bar does not. */
export const keepsRosters = (roles: readonly StaffRole[]): boolean =>
  roles.includes('instructor') || holdsRole(roles, 'front_desk');

export const requireRosterKeeper: Guard<SignedIn> = async (asking) => {
  const who = await requireStaff('instructor')(asking);
  if (isRefused(who)) return who;
  return keepsRosters(who.roles) ? who : new Refusal('not_your_role', 403, { role: 'front_desk' });
};

/** Says whose eyes a page is for, to public/desk-worker.js: it keeps pages of one person, and no others. */
export const keptFor = (headers: Headers, { user_id }: SignedIn): void => headers.set('X-Kept-For', user_id);

export async function deskDay(db: Db, businessId: string, day: string): Promise<DeskClass[] | Refusal> {
  const rows = answer(await db.rpc('desk_day', { business_id: businessId, day }, { get: true }));
  return isRefused(rows) ? rows : (rows as unknown as DeskClass[]);
}

/** Refuses 404 session_not_found, for a class that is another's to keep too. */
export async function rosterOf(
  db: Db,
  businessId: string,
  sessionId: string | undefined,
): Promise<Roster | Refusal> {
  if (!isId(sessionId)) return new Refusal('session_not_found', 404);
  const found = answer(
    await db.rpc('roster', { business_id: businessId, session_id: sessionId }, { get: true }),
  );
  return isRefused(found) ? found : (found as unknown as Roster);
}

/** The class to look at first: the one that is on or next; the last one when the day is over. */
export function nextOf(classes: readonly DeskClass[], now: number): DeskClass | undefined {
  const standing = classes.filter(({ state }) => state === 'scheduled');
  return standing.find(({ ends_at }) => Date.parse(ends_at) > now) ?? standing.at(-1);
}
