/** Orders: placed from the cart, held while they are paid, kept as receipts. */
import type { Localised } from '#booking/classes.ts';
import type { OrderSummary } from '#booking/bookings.ts';
import { type BookingState, isId } from '#booking/sessions.ts';
import { forgetTimetable } from '#booking/timetable/timetable.ts';
import { startPayment } from '#payments/payments.ts';
import { log } from '#platform/log.ts';
import { Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export type { OrderSummary };
export type OrderState = OrderSummary['state'];

export interface OrderLine {
  line_id: string;
  kind: 'seat';
  label: Localised;
  quantity: number;
  unit_price_cents: number;
  tax_rate_bp: number;
  tax_cents: number;
  total_cents: number;
  refunded_cents: number;
  state: 'held' | 'fulfilled' | 'reversed';
  session_id: string | null;
  style: string | null;
  class_slug: string | null;
  starts_at: string | null;
  ends_at: string | null;
  instructor_name: string | null;
  room_name: string | null;
  booking_id: string | null;
  booking_state: BookingState | null;
  free_cancel_until: string | null;
  late_refund_percent: number | null;
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
  number: string;
  state: OrderState;
  currency: string;
  tax_cents: number;
  total_cents: number;
  placed_at: string;
  payment_confirmed_at: string | null;
  hold_expires_at: string | null;
  name: string;
  email: string;
  lines: OrderLine[];
  payment: {
    payment_id: string;
    attempt: number;
    state: PaymentState;
    failure_code: string | null;
    failure_message: string | null;
  } | null;
  refunds: OrderRefund[];
}

/** A row of `api.my_orders`. */
export interface OrderRow {
  order_id: string;
  number: string;
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

/** The one of `orders` that still holds places and waits for its money. */
export const waitingOrder = (orders: OrderRow[], now: number = Date.now()): OrderRow | null =>
  orders.find(
    (order) =>
      order.state === 'placed' && order.hold_expires_at !== null && Date.parse(order.hold_expires_at) > now,
  ) ?? null;

/** An order, and where to pay it; null when there is nothing to pay, or when the payment page does not answer now. */
export type PlacedOrder = OrderSummary & { payment_url: string | null };

async function withPayment(locals: App.Locals, order: OrderSummary): Promise<PlacedOrder> {
  if (order.state !== 'placed') return { ...order, payment_url: null };
  try {
    const begun = await startPayment(locals, order.order_id);
    return { ...order, payment_url: isRefused(begun) ? null : begun.url };
  } catch (error) {
    // The order stands and its places are held: its own page offers to pay again.
    log.error('payment_not_begun', error, { request_id: locals.requestId, order_id: order.order_id });
    return { ...order, payment_url: null };
  }
}

/** Names the form field of the line a refusal is about, so that the sentence stands beside it. */
const besideItsLine = (refusal: Refusal): Refusal => {
  const { session_id } = refusal.details;
  return typeof session_id === 'string'
    ? new Refusal(refusal.name, refusal.status, { ...refusal.details, field: `session-${session_id}` })
    : refusal;
};

/**
 * Turns the asker's cart into an order whose places are held, and opens its payment. `total`: what the buyer saw,
 * null for a program that does not care. Refuses 409 cart_empty, price_changed and what `booking.take_seat` refuses.
 */
export async function placeOrder(
  locals: App.Locals,
  input: { key: string; token: string | null; total: number | null },
): Promise<PlacedOrder | Refusal> {
  const { business, db } = locals;
  const placed = answer(
    await db.rpc('place_order', {
      business_id: business.id,
      idempotency_key: input.key,
      ...(input.token ? { cart_token: input.token } : {}),
      ...(input.total === null ? {} : { expected_total_cents: input.total }),
    }),
  );
  forgetTimetable();
  locals.forgetViewer();
  return isRefused(placed) ? besideItsLine(placed) : withPayment(locals, placed as unknown as OrderSummary);
}

/** As `placeOrder`, for an order that was made without a cart. */
export const payOrder = (locals: App.Locals, order: OrderSummary): Promise<PlacedOrder> =>
  withPayment(locals, order);

/** Refuses 404 order_not_found, 409 order_paid, order_expired. */
export async function cancelOrder(
  db: Db,
  businessId: string,
  orderId: string,
): Promise<OrderSummary | Refusal> {
  const cancelled = answer(await db.rpc('cancel_order', { business_id: businessId, order_id: orderId }));
  forgetTimetable();
  return isRefused(cancelled) ? cancelled : (cancelled as unknown as OrderSummary);
}
