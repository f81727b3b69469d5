/** A member's bookings: theirs to see and to make. Money and seats are decided in SQL. */
import { type CancellationPreview, cancellationPreview } from './cancelling.ts';
import { type BookingState, type SessionPage, sessionPage } from './sessions.ts';
import { forgetTimetable } from './timetable/timetable.ts';
import { crowds } from './too-late.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Json } from '#platform/database.types.ts';
import type { Db } from '#platform/supabase.ts';
import { isId } from '#platform/ids.ts';

/** A row of `api.my_bookings`. */
export interface Booking {
  booking_id: string;
  session_id: string;
  state: BookingState;
  held_until: string | null;
  starts_at: string;
  ends_at: string;
  class_slug: string;
  class_name: LocalisedText;
  style: string;
  instructor_name: string;
  room_name: string;
  location_name: string;
  order_id: string | null;
  free_cancel_until: string;
  late_refund_percent: number;
  session_state: 'scheduled' | 'cancelled';
  /** Whose seat, when it is somebody they look after. */
  person_name: string | null;
  guest_name: string | null;
  pass_id: string | null;
  /** What it took of the pass; 0 of one without limit. */
  credits: number;
  pass_name: LocalisedText | null;
  /** What a late cancellation or an absence cost; null where it cost nothing. */
  kept_cents: number | null;
  kept_credits: number | null;
  fee_cents: number | null;
  /** The fee's own order, while it waits to be paid. */
  fee_order_id: string | null;
  returned_why: 'refilled' | 'waived' | null;
}

/** What an order comes to, as the commands answer it. */
export interface OrderSummary {
  order_id: string;
  reference: string;
  /** The receipt's; null until it was given one. */
  number: string | null;
  state: 'placed' | 'paid' | 'closed' | 'expired' | 'cancelled';
  total_cents: number;
  currency: string;
  hold_expires_at: string | null;
}

/** Those that are still to come, the next one first; at most 200. Runs-out holds are left out. */
export async function upcomingBookings(db: Db, businessId: string, most = 200): Promise<Booking[]> {
  const rows = readAnswer(
    await db.rpc('my_bookings', { business_id: businessId, page_size: most }, { get: true }),
  );
  return rows as unknown as Booking[];
}

/** Whether the member gave it up. One whose class the business called off is not: that is news to them. */
export const isGivenUp = (booking: Pick<Booking, 'state' | 'session_state'>): boolean =>
  booking.session_state === 'scheduled' &&
  (booking.state === 'cancelled' || booking.state === 'late_cancelled' || booking.state === 'expired');

/** Those that are over, the latest first, before the instant `before`. */
export async function pastBookings(
  db: Db,
  businessId: string,
  before: string | null,
  size: number,
): Promise<Booking[]> {
  const asked = { business_id: businessId, past: true, page_size: size };
  const rows = readAnswer(
    await db.rpc('my_bookings', before ? { ...asked, before_at: before } : asked, { get: true }),
  );
  const now = Date.now();
  // One that is going on now has begun, but it is not over: it is among the upcoming ones.
  return (rows as unknown as Booking[]).filter((booking) => Date.parse(booking.ends_at) <= now);
}

export interface BookingWithSession extends CancellationPreview {
  booking_id: string;
  /** Null when the class is not shown to customers any more. */
  session: SessionPage | null;
}

/** One booking with its session. Refuses 404 booking_not_found. */
export async function bookingById(
  db: Db,
  businessId: string,
  bookingId: string | undefined,
): Promise<BookingWithSession | Refusal> {
  const preview = await cancellationPreview(db, businessId, bookingId);
  if (isRefused(preview)) return preview;
  const session = await sessionPage(db, businessId, preview.session_id);
  return { ...preview, booking_id: bookingId ?? '', session: isRefused(session) ? null : session };
}

/** A row of `api.booking_calendar`. */
export interface BookingForCalendar {
  id: string;
  class_slug: string;
  class_name: LocalisedText;
  starts_at: string;
  ends_at: string;
  instructor_name: string;
  room_name: string;
  cancelled: boolean;
  sequence: number;
  changed_at: string;
}

/** One booking for a calendar file, also when its class is shown to customers no more. Refuses 404 booking_not_found. */
export async function bookingForCalendar(
  db: Db,
  businessId: string,
  bookingId: string,
): Promise<BookingForCalendar | Refusal> {
  if (!isId(bookingId)) return new Refusal('booking_not_found', 404);
  const rows = readAnswer(
    await db.rpc('booking_calendar', { business_id: businessId, booking_id: bookingId }, { get: true }),
  );
  return (rows[0] as unknown as BookingForCalendar | undefined) ?? new Refusal('booking_not_found', 404);
}

export interface BookingRequest {
  session_id: string;
  pay_with: 'auto' | 'pass' | 'card' | 'wallet';
  pass_id?: string | undefined;
  /** See participants.ts; null: the asker. */
  participants: Json | null;
  key: string;
  /** Who asks. */
  user: string;
}

/** Seats of one class in one order, without a cart. Refuses what `booking.take_seat` and `members.spend` refuse. */
export async function bookSession(
  locals: Pick<App.Locals, 'business' | 'db'>,
  input: BookingRequest,
): Promise<OrderSummary | Refusal> {
  const { session_id, user, key } = input;
  const businessId = locals.business.id;
  // As in `api.book_session`: what is said of a pass and of people brought along comes before what is said of seats.
  const alone = input.pay_with !== 'pass' && !input.participants;
  if (alone && (await crowds.isTooLate(businessId, session_id, { user, key }))) {
    return new Refusal('session_full', 409, { session_id });
  }
  const booked = answer(
    await locals.db.rpc('book_session', {
      business_id: businessId,
      session_id,
      idempotency_key: key,
      pay_with: input.pay_with,
      ...(input.pass_id ? { pass_id: input.pass_id } : {}),
      ...(input.participants ? { participants: input.participants } : {}),
    }),
  );
  if (isRefused(booked) && booked.name === 'session_full') crowds.wasFull(session_id);
  forgetTimetable();
  return isRefused(booked) ? booked : (booked as unknown as OrderSummary);
}
