/** From the cart to an order whose places are held and can be paid, and giving it up again. */
import { forgetTimetable } from '#booking/timetable/timetable.ts';
import { startPayment } from '#payments/payments.ts';
import { log } from '#platform/log.ts';
import { Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import { counterOfCart, inTurn } from '#shop/ordering/turns.ts';
import type { OrderSummary } from './order.ts';

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
 * null for a program that does not care. Refuses 409 cart_empty, price_changed, wallet_too_low, card_below_minimum and what `booking.take_seat` refuses.
 */
export async function placeOrder(
  locals: App.Locals,
  input: { key: string; token: string | null; total: number | null; payWith: 'card' | 'wallet' },
): Promise<PlacedOrder | Refusal> {
  const { business, db } = locals;
  const counter = await counterOfCart(db, business.id, input.token);
  const placed = answer(
    await inTurn(business.id, counter, async () =>
      db.rpc('place_order', {
        business_id: business.id,
        idempotency_key: input.key,
        pay_with: input.payWith,
        ...(input.token ? { cart_token: input.token } : {}),
        ...(input.total === null ? {} : { expected_total_cents: input.total }),
      }),
    ),
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
