/** Somebody stands at the door: find them, sell them a place; or give one up for them. */
import { forgetTimetable } from '#booking/timetable/timetable.ts';
import { Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { OwedFee } from '#sales/fees.ts';
import type { Pay } from './inputs.ts';

/** A row of `api.desk_find`. */
export interface Found {
  member_id: string;
  name: string;
  email: string;
  on_roster: boolean;
  waits: boolean;
  wallet_cents: number;
  /** What could pay for a place in this class. */
  passes: { pass_id: string; name: Record<string, string>; credits_left: number | null }[];
  /** Packs that are not for them: bought before, or for newcomers. */
  packs_not: string[];
  fees: OwedFee[];
}

/** A row of `api.desk_packs`. */
export interface Pack {
  pack_id: string;
  name: Record<string, string>;
  credits: number;
  /** Tax and all. */
  total_cents: number;
  shareable: boolean;
}

export interface Sold {
  order_id: string;
  /** Where a pack was bought with it. */
  pack_order_id?: string;
  pack_cents?: number;
  booking_id: string;
  name: string;
  state: 'confirmed' | 'checked_in';
  total_cents: number;
  currency: string;
}

type Buyer = { member_id: string } | { name: string; email: string; locale?: 'en' | 'es' | undefined };

export async function findPeople(
  db: Db,
  businessId: string,
  sessionId: string,
  words: string,
): Promise<Found[] | Refusal> {
  const rows = answer(
    await db.rpc('desk_find', { business_id: businessId, session_id: sessionId, words }, { get: true }),
  );
  return isRefused(rows) ? rows : (rows as unknown as Found[]);
}

/** What opens this class and can be bought for it at the desk. */
export async function packsFor(db: Db, businessId: string, sessionId: string): Promise<Pack[] | Refusal> {
  const asked = { business_id: businessId, session_id: sessionId };
  const rows = answer(await db.rpc('desk_packs', asked, { get: true }));
  return isRefused(rows) ? rows : (rows as unknown as Pack[]);
}

/** What SQL says to a buyer of themselves, said to whoever sells. */
function atDesk(refusal: Refusal): Refusal {
  if (refusal.name === 'already_booked') return new Refusal('on_roster_already', 409, refusal.details);
  if (refusal.name === 'overlapping_booking') return new Refusal('person_busy', 409, refusal.details);
  if (refusal.name === 'plan_once_each') return new Refusal('pack_once_each', 409, refusal.details);
  if (refusal.name === 'plan_first_timers_only')
    return new Refusal('pack_first_timers_only', 409, refusal.details);
  if (refusal.name === 'pass_not_shareable') return new Refusal('pack_not_theirs', 409, refusal.details);
  return refusal;
}

/** Refusals: comment on api.sell_at_desk. */
export async function sellAtDesk(
  db: Db,
  businessId: string,
  sale: Buyer & { session_id: string; pay: Pay; key: string },
): Promise<Sold | Refusal> {
  const sold = answer(
    await db.rpc('sell_at_desk', {
      business_id: businessId,
      session_id: sale.session_id,
      idempotency_key: sale.key,
      ...sale.pay,
      ...('member_id' in sale
        ? { member_id: sale.member_id }
        : { full_name: sale.name, email: sale.email, locale: sale.locale ?? 'en' }),
    }),
  );
  forgetTimetable();
  return isRefused(sold) ? atDesk(sold) : (sold as unknown as Sold);
}

/** Refuses 404 booking_not_found, nothing_kept, 409 returned_before, 422 reason_invalid. */
export async function waive(
  db: Db,
  businessId: string,
  input: { booking_id: string; reason: string; key: string },
): Promise<{ refund_cents: number; credits_back: number; fee_cents: number } | Refusal> {
  const { key, ...what } = input;
  const done = answer(await db.rpc('waive', { business_id: businessId, ...what, idempotency_key: key }));
  return isRefused(done) ? done : (done as { refund_cents: number; credits_back: number; fee_cents: number });
}

/** By the booking's policy, or free of charge with a reason. Refuses as cancelling does. */
export async function cancelForMember(
  db: Db,
  businessId: string,
  input: { booking_id: string; free: boolean; reason: string; key: string },
): Promise<{ refund_cents: number; currency: string } | Refusal> {
  const done = answer(
    await db.rpc('cancel_for_member', {
      business_id: businessId,
      booking_id: input.booking_id,
      free_of_charge: input.free,
      reason: input.reason,
      idempotency_key: input.key,
    }),
  );
  forgetTimetable();
  return isRefused(done) ? done : (done as { refund_cents: number; currency: string });
}
