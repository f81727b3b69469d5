/** An order from the bar in one act. */
import type { z } from 'zod';
import type { Json } from '#platform/database.types.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { OrderSummary } from '#sales/order.ts';
import { type PlacedOrder, payOrder } from '#sales/placing.ts';
import { forgetMenu } from '../menu/menu.ts';
import type { ordersInput } from './inputs.ts';
import { firstCounter, inTurn } from './turns.ts';

/**
 * Holds what is ordered and opens its payment. Prices, tax and totals are the database's; `expected_total_cents` is
 * compared. Refuses 409 product_sold_out, pickup_full, counter_closed, price_changed, 422 modifier_missing and their kin.
 */
export async function orderProducts(
  locals: App.Locals,
  input: z.output<typeof ordersInput>,
  key: string,
): Promise<PlacedOrder | Refusal> {
  const { lines, expected_total_cents: expected, pay_with, ...said } = input;
  const facts = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  const counter = said.location_id ?? (await firstCounter(locals.business.id));
  const placed = answer(
    await inTurn(locals.business.id, counter, async () =>
      locals.db.rpc('order_products', {
        business_id: locals.business.id,
        idempotency_key: key,
        lines: lines as unknown as Json,
        facts: facts as Json,
        pay_with,
        ...(expected === undefined ? {} : { expected_total_cents: expected }),
      }),
    ),
  );
  if (isRefused(placed)) {
    forgetMenu();
    return placed;
  }
  return payOrder(locals, placed as unknown as OrderSummary);
}
