/** Giving a place back: what it would mean, and doing it. What comes back is decided in SQL. */
import { isId } from '#platform/ids.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { BookingState } from './sessions.ts';
import { forgetTimetable } from './timetable/timetable.ts';

/** What cancelling now would mean (`api.cancellation_preview`). */
export interface CancellationPreview {
  session_id: string;
  class_name: LocalisedText;
  starts_at: string;
  state: BookingState;
  late: boolean;
  free_cancel_until: string;
  late_refund_percent: number;
  refund_cents: number;
  paid_cents: number;
  currency: string;
  may_cancel: boolean;
  credits: number;
  credits_back: number;
  late_fee_cents: number;
  /** Somebody waits who could fill the place: then what is lost comes back. */
  refund_if_refilled: boolean;
  person_name: string | null;
  guest_name: string | null;
}

export interface Cancelled {
  booking_id: string;
  state: 'cancelled' | 'late_cancelled';
  refund_cents: number;
  credits_back: number;
  fee_cents: number;
  currency: string;
}

/** Refuses 404 booking_not_found, for one that is somebody else's too. */
export async function cancellationPreview(
  db: Db,
  businessId: string,
  bookingId: string | undefined,
): Promise<CancellationPreview | Refusal> {
  if (!isId(bookingId)) return new Refusal('booking_not_found', 404);
  const rows = answer(
    await db.rpc('cancellation_preview', { business_id: businessId, booking_id: bookingId }, { get: true }),
  );
  if (isRefused(rows)) return rows;
  return (rows[0] as unknown as CancellationPreview | undefined) ?? new Refusal('booking_not_found', 404);
}

/** Refuses 404 booking_not_found, 409 booking_cancelled_before, booking_not_confirmed, session_past. */
export async function cancelBooking(
  db: Db,
  businessId: string,
  input: { id: string; key: string },
): Promise<Cancelled | Refusal> {
  const cancelled = answer(
    await db.rpc('cancel_booking', {
      business_id: businessId,
      booking_id: input.id,
      idempotency_key: input.key,
    }),
  );
  forgetTimetable();
  return isRefused(cancelled) ? cancelled : (cancelled as unknown as Cancelled);
}
