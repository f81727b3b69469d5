/** The cash in a till's drawer: counted when it opens, moved with a reason, counted again when it closes. */
import { isId } from '#platform/ids.ts';
import { Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

/** `api.drawer`; amounts in minor units. */
export interface Drawer {
  till_id: string;
  name: string;
  currency: string;
  /** What should be in it. */
  expected_cents: number;
  /** The least difference of which managers hear. */
  tell_from_cents: number;
  /** Of it in sales that are being paid in parts: not booked yet. */
  waiting_cents: number;
  open: {
    session_id: string;
    opened_at: string;
    opened_by: string | null;
    opening_cents: number;
    moves: {
      move_id: string;
      kind: 'pay_in' | 'pay_out';
      amount_cents: number;
      reason: string;
      at: string;
      by: string | null;
    }[];
  } | null;
  past: {
    session_id: string;
    opened_at: string;
    closed_at: string;
    closed_by: string | null;
    expected_cents: number;
    counted_cents: number;
    /** Above zero: there was too much. */
    difference_cents: number;
  }[];
}

/** Refuses 404 till_not_found. */
export async function drawerOf(
  db: Db,
  businessId: string,
  id: string | undefined,
): Promise<Drawer | Refusal> {
  if (!isId(id)) return new Refusal('till_not_found', 404);
  const found = answer(await db.rpc('drawer', { business_id: businessId, till_id: id }, { get: true }));
  return isRefused(found) ? found : (found as unknown as Drawer);
}

type Act = { till_id: string; key: string };

/** Refuses 404 till_not_found, 409 drawer_open. */
export async function openDrawer(
  db: Db,
  businessId: string,
  { till_id, amount, key }: Act & { amount: number },
) {
  const asked = { business_id: businessId, till_id, opening_cents: amount, idempotency_key: key };
  return answer(await db.rpc('open_drawer', asked)) as { till_id: string } | Refusal;
}

/** Refuses 404 till_not_found, 409 drawer_closed, drawer_too_low, 422 reason_invalid. */
export async function moveCash(
  db: Db,
  businessId: string,
  { amount, key, ...move }: Act & { kind: 'pay_in' | 'pay_out'; amount: number; reason: string },
) {
  const asked = { business_id: businessId, ...move, amount_cents: amount, idempotency_key: key };
  return answer(await db.rpc('move_cash', asked)) as { till_id: string } | Refusal;
}

export interface Closing {
  till_id: string;
  expected_cents: number;
  counted_cents: number;
  difference_cents: number;
}

/** Refuses 404 till_not_found, 409 drawer_closed. */
export async function closeDrawer(
  db: Db,
  businessId: string,
  { till_id, amount, key }: Act & { amount: number },
) {
  const asked = { business_id: businessId, till_id, counted_cents: amount, idempotency_key: key };
  return answer(await db.rpc('close_drawer', asked)) as unknown as Closing | Refusal;
}

/** For managers. Refuses 404 till_not_found. */
export async function setNotice(db: Db, businessId: string, input: { till_id: string; from_cents: number }) {
  return answer(await db.rpc('set_drawer_notice', { business_id: businessId, ...input })) as unknown as
    { till_id: string; tell_from_cents: number } | Refusal;
}

/** Where a till can stand. For managers. */
export const placesForTills = async (db: Db, businessId: string) =>
  readAnswer(await db.rpc('till_places', { business_id: businessId }, { get: true }));

/** Refuses 404 location_not_found, 409 till_exists, 422 till_name_invalid. */
export async function addTill(db: Db, businessId: string, input: { location_id: string; name: string }) {
  const made = answer(await db.rpc('add_till', { business_id: businessId, ...input }));
  return isRefused(made) ? made : { till_id: made };
}
