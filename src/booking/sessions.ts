/** A session: one class at one time. What the database says of it, and what may be done with it now. */
import type { Level } from './classes.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import { isId } from '#platform/ids.ts';

export type BookingState =
  'held' | 'confirmed' | 'checked_in' | 'no_show' | 'cancelled' | 'late_cancelled' | 'expired';

/** A row of `api.timetable`. Instants are ISO text. `my_*` are the asker's own, null for everybody else. */
export interface Session {
  session_id: string;
  class_slug: string;
  class_name: LocalisedText;
  summary: LocalisedText;
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
  /** How many stand in line. */
  waiting: number;
  /** When its line closes; null where it has none. */
  waitlist_until: string | null;
  my_entry_state: 'waiting' | 'offered' | null;
}

/** A pass that pays for a seat. */
export interface PayingPass {
  pass_id: string;
  name: LocalisedText;
  /** Null: without limit. */
  credits_left: number | null;
  expires_at: string | null;
}

/** What its own page shows besides. */
export interface SessionPage extends Session {
  description: LocalisedText;
  bring: LocalisedText;
  free_cancel_hours: number;
  late_refund_percent: number;
  /** What a seat costs of a pass. */
  credits: number;
  late_fee_cents: number;
  no_show_fee_cents: number;
  /** How many credits settle such a fee instead; 0: money only. */
  fee_credits: number;
  refund_if_refilled: boolean;
  max_guests: number;
  waitlist_mode: 'off' | 'automatic' | 'offer' | 'claim';
  waitlist_offer_minutes: number;
  /** What the asker could pay with besides a card; null for visitors, and where nothing is to pay. */
  ways: { wallet_cents: number; passes: PayingPass[] } | null;
}

/** What somebody can do about a session, in the order in which it matters to them. */
export type Offer =
  | 'cancelled'
  | 'attended'
  | 'booked'
  | 'offered'
  | 'held'
  | 'over'
  | 'started'
  | 'closed'
  | 'opens'
  | 'waiting'
  | 'wait'
  | 'full'
  | 'open';

type Offered = Pick<
  Session,
  | 'state'
  | 'starts_at'
  | 'ends_at'
  | 'opens_at'
  | 'closes_at'
  | 'seats_left'
  | 'my_booking_state'
  | 'waitlist_until'
  | 'my_entry_state'
>;

/** The one thing a row says or offers. SQL decides again when it is asked for (booking.take_seat). */
export function offerOf(session: Offered, now: number = Date.now()): Offer {
  if (session.state === 'cancelled') return 'cancelled';
  const mine = session.my_booking_state;
  if (mine === 'checked_in') return 'attended';
  if (mine === 'confirmed' || mine === 'no_show') return 'booked';
  if (Date.parse(session.ends_at) <= now) return 'over';
  if (Date.parse(session.starts_at) <= now) return 'started';
  // An offer holds a seat too, but nobody has said yes to it.
  if (session.my_entry_state === 'offered') return 'offered';
  if (mine === 'held') return 'held';
  if (Date.parse(session.closes_at) <= now) return 'closed';
  if (Date.parse(session.opens_at) > now) return 'opens';
  if (session.seats_left > 0) return 'open';
  if (session.my_entry_state === 'waiting') return 'waiting';
  return session.waitlist_until && Date.parse(session.waitlist_until) > now ? 'wait' : 'full';
}

/** Whether it is behind us, and shown quietly. */
export const isPast = (session: Pick<Session, 'starts_at'>, now: number = Date.now()): boolean =>
  Date.parse(session.starts_at) <= now;

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
