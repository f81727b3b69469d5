/** Orders as their buyers read them: how they stand, what is in them, and the list of all. */
import type { Localised } from '#booking/classes.ts';
import type { Unit } from '#loyalty/points.ts';
import type { OrderSummary } from '#booking/bookings.ts';
import { type BookingState, isId } from '#booking/sessions.ts';
import type { Messages } from '#platform/i18n/index.ts';
import { Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { Chosen } from '#shop/ordering/chosen.ts';
import type { TicketState } from '#shop/board/tickets.ts';
import type { Serving } from '#shop/ordering/handover.ts';
import type { Discount } from './cart.ts';
import { phaseOf } from './phase.ts';
import type { PaidTender } from './tenders.ts';

export type { OrderSummary };
export type OrderState = OrderSummary['state'];

export type LineKind =
  'seat' | 'pass' | 'membership' | 'product' | 'appointment' | 'gift_card' | 'top_up' | 'tip' | 'fee';

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
  pass_name: Localised | null;
  person_name: string | null;
  guest_name: string | null;
  label: Localised;
  quantity: number;
  unit_price_cents: number;
  tax_rate_bp: number;
  tax_cents: number;
  total_cents: number;
  refunded_cents: number;
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

/** A row of `api.my_orders`. */
export interface OrderRow {
  order_id: string;
  reference: string;
  /** The receipt's; null until it was given one, and where nothing was paid for. */
  number: string | null;
  state: OrderState;
  total_cents: number;
  refunded_cents: number;
  currency: string;
  placed_at: string;
  hold_expires_at: string | null;
  labels: Localised[];
}

/** Refuses 404 order_not_found, for one that is somebody else's too. */
export async function orderById(
  db: Db,
  businessId: string,
  orderId: string | undefined,
): Promise<Order | Refusal> {
  if (!isId(orderId)) return new Refusal('order_not_found', 404);
  const found = answer(
    await db.rpc('order_page', { business_id: businessId, order_id: orderId }, { get: true }),
  );
  return isRefused(found) ? found : (found as unknown as Order);
}

/** The asker's own, the latest first, placed before the instant `before`. */
export async function myOrders(
  db: Db,
  businessId: string,
  before: string | null,
  size: number,
): Promise<OrderRow[]> {
  const asked = { business_id: businessId, page_size: size };
  const rows = readAnswer(
    await db.rpc('my_orders', before ? { ...asked, before_at: before } : asked, { get: true }),
  );
  return rows as unknown as OrderRow[];
}

/**
 * Ids of the `placed` ones among `orders` whose payment was declined or is being confirmed, and which. There are few:
 * an order stays placed for the minutes its places are held.
 */
export async function paymentsInHand(
  db: Db,
  businessId: string,
  orders: OrderRow[],
): Promise<Map<string, 'declined' | 'confirming'>> {
  const placed = orders.filter((order) => order.state === 'placed');
  const found = await Promise.all(placed.map((order) => orderById(db, businessId, order.order_id)));
  const inHand = new Map<string, 'declined' | 'confirming'>();
  for (const order of found) {
    if (isRefused(order)) continue;
    const phase = phaseOf(order);
    if (phase === 'declined' || phase === 'confirming') inHand.set(order.order_id, phase);
  }
  return inHand;
}

/** The word for how an order in a list stands: a wholly refunded one is not `paid` any more. */
export function standingOf(
  order: Pick<OrderRow, 'order_id' | 'state' | 'total_cents' | 'refunded_cents'>,
  inHand: Map<string, 'declined' | 'confirming'> = new Map(),
): keyof Messages['sales']['order']['states'] {
  if (order.refunded_cents > 0 && order.refunded_cents >= order.total_cents) return 'refunded';
  return inHand.get(order.order_id) ?? order.state;
}

export interface Fee {
  order_id: string;
  reference: string;
  total_cents: number;
  currency: string;
  placed_at: string;
  label: Localised;
  booking_id: string | null;
  class_name: Localised | null;
  starts_at: string | null;
  person_name: string | null;
}

/** What the asker still owes for late cancellations and absences, the oldest first. */
export const myFees = async (db: Db, businessId: string): Promise<Fee[]> =>
  readAnswer(await db.rpc('my_fees', { business_id: businessId }, { get: true })) as unknown as Fee[];

/** The one of `orders` that still holds places and waits for its money. */
export const waitingOrder = (orders: OrderRow[], now: number = Date.now()): OrderRow | null =>
  orders.find(
    (order) =>
      order.state === 'placed' && order.hold_expires_at !== null && Date.parse(order.hold_expires_at) > now,
  ) ?? null;
