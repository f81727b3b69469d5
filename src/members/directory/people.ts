/** The members as the front desk sees them. */
import type { BookingState } from '#booking/sessions.ts';
import type { Consent } from '#members/papers/consents.ts';
import type { WaiverState } from '#members/papers/waivers.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { OwedFee } from '#sales/fees.ts';

/** A row of `api.member_list`. */
export interface MemberRow {
  member_id: string;
  name: string;
  email: string;
  phone: string;
  /** Set for somebody who is on another member's account. */
  guardian_name: string | null;
  birthday: string | null;
  created_at: string;
  visits: number;
  last_visit_at: string | null;
  waiver: WaiverState;
  /** Where a list goes on. */
  search: string;
}

export interface Note {
  note_id: string;
  body: string;
  pinned: boolean;
  created_at: string;
  by: string | null;
}

/** `api.member_page`: everything the team may see of one member. */
export interface MemberPage {
  member_id: string;
  name: string;
  email: string;
  phone: string;
  pronouns: string;
  locale: string;
  birthday: string | null;
  created_at: string;
  archived_at: string | null;
  has_account: boolean;
  emergency: { name: string; phone: string; relation: string } | null;
  guardian: {
    member_id: string;
    name: string;
    phone: string;
    emergency_name: string;
    emergency_phone: string;
  } | null;
  dependants: { member_id: string; name: string; birthday: string | null }[];
  flags: {
    first_timer: boolean;
    birthday: boolean;
    waiver: WaiverState;
    has_health_note: boolean;
    pinned_notes: string[];
  };
  /** What they owe for late cancellations and absences, the oldest first. */
  fees: OwedFee[];
  health: { note: string; consented_at: string } | null;
  waiver: { version: number; typed_name: string; signed_at: string } | null;
  visits: {
    visits: number;
    minutes: number;
    first_visit_at: string;
    last_visit_at: string;
    streak: number;
    best_streak: number;
  } | null;
  notes: Note[];
  bookings: {
    booking_id: string;
    session_id: string;
    state: BookingState;
    starts_at: string;
    class_name: LocalisedText;
    instructor_name: string;
    guest_name: string | null;
  }[];
  passes: {
    pass_id: string;
    plan_name: LocalisedText;
    kind: 'pack' | 'membership';
    state: 'active' | 'over' | 'voided';
    /** Null: without limit. */
    credits: number | null;
    credits_left: number | null;
    starts_at: string;
    expires_at: string | null;
    frozen_until: string | null;
  }[];
  orders: {
    order_id: string;
    reference: string;
    state: 'placed' | 'paid' | 'closed' | 'expired' | 'cancelled';
    placed_at: string;
    total_cents: number;
    currency: string;
  }[];
  consents: Consent[];
}

/** Members whose name, e-mail or phone contains `query`, by name. Refuses 403 `not_your_role`. */
export async function memberList(
  db: Db,
  businessId: string,
  { query = '', after, size = 50 }: { query?: string; after?: [string, string] | null; size?: number },
): Promise<MemberRow[] | Refusal> {
  const from = after ? { after_search: after[0], after_id: after[1] } : {};
  const asked = { business_id: businessId, query, page_size: size, ...from };
  return answer(await db.rpc('member_list', asked, { get: true })) as MemberRow[] | Refusal;
}

/** Refuses 403 `not_your_role`, 404 `member_not_found`. */
export async function memberPage(db: Db, businessId: string, id: string): Promise<MemberPage | Refusal> {
  const page = answer(await db.rpc('member_page', { business_id: businessId, member_id: id }, { get: true }));
  return isRefused(page) ? page : (page as unknown as MemberPage);
}

/** Refuses 403 `not_your_role`, 404 `member_not_found`, 422 `note_invalid`. */
export async function addNote(
  db: Db,
  businessId: string,
  input: { member_id: string; body: string; pinned: boolean },
): Promise<{ note_id: string; member_id: string } | Refusal> {
  const id = answer(await db.rpc('add_member_note', { business_id: businessId, ...input }));
  return isRefused(id) ? id : { note_id: id, member_id: input.member_id };
}

/** Pins, unpins or takes away. Refuses 403 `not_your_role`, 404 `note_not_found`. */
export async function changeNote(
  db: Db,
  businessId: string,
  noteId: string,
  change: 'pin' | 'unpin' | 'remove',
): Promise<{ member_id: string } | Refusal> {
  const asked = change === 'remove' ? { remove: true } : { pinned: change === 'pin' };
  const about = answer(
    await db.rpc('change_member_note', { business_id: businessId, note_id: noteId, ...asked }),
  );
  return isRefused(about) ? about : { member_id: about };
}

/** Where the list goes on after this row, opaque; null for what is no such cursor. */
export const cursorAfter = (row: MemberRow): string =>
  Buffer.from(JSON.stringify([row.search, row.member_id])).toString('base64url');

export function readAfter(cursor: string | null | undefined): [string, string] | null {
  if (!cursor) return null;
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const [search, id] = Array.isArray(read) ? (read as unknown[]) : [];
    return typeof search === 'string' && typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id)
      ? [search, id]
      : null;
  } catch {
    return null;
  }
}
