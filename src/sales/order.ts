/** An order as a document: what is in it, how it was paid, what went back. */
import type { OrderSummary } from '#booking/bookings.ts';
import type { BookingState } from '#booking/sessions.ts';
import type { Unit } from '#loyalty/points.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import type { TicketState } from '#shop/board/tickets.ts';
import type { Chosen } from '#shop/ordering/chosen.ts';
import type { Serving } from '#shop/ordering/handover.ts';
import type { Discount, LineKind } from './lines.ts';
import type { PaidTender } from './tenders.ts';

export type { OrderSummary };
export type OrderState = OrderSummary['state'];

/** A gift card as its buyer sees it; never its code. */
export interface BoughtCard {
  card_id: string;
  ending: string | null;
  state: 'active' | 'blocked' | 'voided';
  to_name: string;
  to_email: string;
  send_at: string;
  sent_at: string | null;
  letter: 'queued' | 'sent' | 'failed' | 'withheld' | null;
  expires_at: string | null;
}

export interface OrderLine {
  line_id: string;
  kind: LineKind;
  /** Credits of the pass that paid, and its name; 0 and null where money did. */
  credits: number;
  pass_name: LocalisedText | null;
  person_name: string | null;
  guest_name: string | null;
  label: LocalisedText;
  quantity: number;
  unit_price_cents: number;
  tax_rate_bp: number;
  tax_cents: number;
  total_cents: number;
  refunded_cents: number;
  /** Pieces that went back or were called off, of something from the bar. */
  returned: number;
  /** reversed: something of it went back; how much: the two above. */
  state: 'held' | 'fulfilled' | 'reversed';
  session_id: string | null;
  /** What was chosen about something from the bar, and a word about it. */
  modifiers: Chosen[];
  note: string | null;
  product_slug: string | null;
  picture: string | null;
  discount_cents: number;
  discounts: Discount[];
  details: Record<string, unknown>;
  gift_card: BoughtCard | null;
  style: string | null;
  class_slug: string | null;
  starts_at: string | null;
  ends_at: string | null;
  instructor_name: string | null;
  room_name: string | null;
  booking_id: string | null;
  booking_state: BookingState | null;
  session_state: 'scheduled' | 'cancelled' | null;
  /** How often its class has changed, for calendar files. */
  calendar_sequence: number | null;
  free_cancel_until: string | null;
  late_refund_percent: number | null;
}

/** What the bar makes of an order: `shop.ticket_of`. */
export interface Ticket {
  ticket_id: string;
  state: TicketState;
  call_number: number;
  ready_by: string;
  opened_at: string;
  ready_at: string | null;
  closed_at: string | null;
  /** Why the bar refused it, where it did. */
  why: string | null;
}

export type PaymentState =
  | 'pending'
  | 'failed'
  | 'requires_action'
  | 'processing'
  | 'authorized'
  | 'captured'
  | 'partially_refunded'
  | 'refunded'
  | 'canceled'
  | 'disputed'
  | 'dispute_won'
  | 'dispute_lost';

export interface OrderRefund {
  refund_id: string;
  amount_cents: number;
  currency: string;
  reason:
    | 'member_cancelled'
    | 'session_cancelled'
    | 'refilled'
    | 'paid_too_late'
    | 'paid_twice'
    | 'amount_mismatch'
    | 'staff'
    | 'provider';
  state: 'requested' | 'succeeded' | 'failed';
  created_at: string;
  settled_at: string | null;
}

/** `api.order_page`: the order as a document, with its latest or farthest payment. */
export interface Order {
  order_id: string;
  reference: string;
  /** The receipt's; null until it was given one, and where nothing was paid for. */
  number: string | null;
  state: OrderState;
  currency: string;
  tax_cents: number;
  total_cents: number;
  placed_at: string;
  payment_confirmed_at: string | null;
  hold_expires_at: string | null;
  name: string;
  email: string;
  /** How what comes from the bar is handed over; null where nothing does. */
  serving: Serving | null;
  table_label: string | null;
  pickup_at: string | null;
  ready_by: string | null;
  note: string | null;
  ticket: Ticket | null;
  lines: OrderLine[];
  payment: {
    payment_id: string;
    attempt: number;
    state: PaymentState;
    provider: PaidTender['provider'];
    failure_code: string | null;
    failure_message: string | null;
  } | null;
  /** What gift cards and the wallet pay of it, and all that pays it; empty where one thing does. */
  parts_cents: number;
  tenders: PaidTender[];
  refunds: OrderRefund[];
  /** What it earned; null where it earned nothing. */
  loyalty: { unit: Unit; earned: number; taken_back: number } | null;
}
