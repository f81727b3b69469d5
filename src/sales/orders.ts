/** Orders as their buyers read them: how they stand, and the list of all. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import type { Messages } from '#platform/i18n/index.ts';
import { isId } from '#platform/ids.ts';
import { Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { Order, OrderState } from './order.ts';
import { phaseOf } from './phase.ts';

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
  labels: LocalisedText[];
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
  label: LocalisedText;
  booking_id: string | null;
  class_name: LocalisedText | null;
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
