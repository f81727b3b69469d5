/** A session: one class at one time. What the database says of it, and what may be done with it now. */
import type { Level, Localised } from './classes.ts';
import { Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export type BookingState =
  'held' | 'confirmed' | 'checked_in' | 'no_show' | 'cancelled' | 'late_cancelled' | 'expired';

/** A row of `api.timetable`. Instants are ISO text. `my_*` are the asker's own, null for everybody else. */
export interface Session {
  session_id: string;
  class_slug: string;
  class_name: Localised;
  summary: Localised;
  style: string;
  level: Level;
  starts_at: string;
  ends_at: string;
  instructor_slug: string;
  instructor_name: string;
  instructor_picture: string;
  room_name: string;
  capacity: number;
  seats_left: number;
  price_cents: number;
  currency: string;
  state: 'scheduled' | 'cancelled';
  opens_at: string;
  closes_at: string;
  /** Grows with every change of its seats: a message with a smaller one is old news. */
  version: number;
  my_booking_id: string | null;
  my_booking_state: BookingState | null;
}

/** What its own page shows besides. */
export interface SessionPage extends Session {
  description: Localised;
  bring: Localised;
  free_cancel_hours: number;
  late_refund_percent: number;
}

/** What somebody can do about a session, in the order in which it matters to them. */
export type Offer =
  'cancelled' | 'attended' | 'booked' | 'held' | 'over' | 'started' | 'closed' | 'opens' | 'full' | 'open';

type Offered = Pick<
  Session,
  'state' | 'starts_at' | 'ends_at' | 'opens_at' | 'closes_at' | 'seats_left' | 'my_booking_state'
>;

/** The one thing a row says or offers. SQL decides again when it is asked for (booking.take_seat). */
export function offerOf(session: Offered, now: number = Date.now()): Offer {
  if (session.state === 'cancelled') return 'cancelled';
  const mine = session.my_booking_state;
  if (mine === 'checked_in') return 'attended';
  if (mine === 'confirmed' || mine === 'no_show') return 'booked';
  if (Date.parse(session.ends_at) <= now) return 'over';
  if (Date.parse(session.starts_at) <= now) return 'started';
  if (mine === 'held') return 'held';
  if (Date.parse(session.closes_at) <= now) return 'closed';
  if (Date.parse(session.opens_at) > now) return 'opens';
  return session.seats_left > 0 ? 'open' : 'full';
}

/** Whether it is behind us, and shown quietly. */
export const isPast = (session: Pick<Session, 'starts_at'>, now: number = Date.now()): boolean =>
  Date.parse(session.starts_at) <= now;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Whether an address can name something at all, before the database is asked. */
export const isId = (text: string | undefined): text is string => text !== undefined && uuid.test(text);

/** One session of this business. Refuses 404 session_not_found. */
export async function sessionPage(
  db: Db,
  businessId: string,
  sessionId: string | undefined,
): Promise<SessionPage | Refusal> {
  if (!isId(sessionId)) return new Refusal('session_not_found', 404);
  const rows = answer(
    await db.rpc('session_page', { business_id: businessId, session_id: sessionId }, { get: true }),
  );
  if (isRefused(rows)) return rows;
  return (rows[0] as unknown as SessionPage | undefined) ?? new Refusal('session_not_found', 404);
}
