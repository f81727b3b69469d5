/** The asker's orders, and a new one from their cart. */
import { z } from 'zod';
import { cursorOf, page, readCursor } from '#platform/cursors.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { cartToken } from '#platform/http/cookies.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { orderInput } from '#sales/inputs.ts';
import { myOrders } from '#sales/orders.ts';
import { type PlacedOrder, placeOrder } from '#sales/placing.ts';

export const GET = endpoint({
  summary: 'Your orders, the latest first',
  input: z.object(page),
  who: requireSignIn,
  limit: 'read',
  async act({ input, db, locals: { business } }) {
    const rows = await myOrders(db, business.id, readCursor(input.cursor), input.limit);
    const last = rows.at(-1);
    return new Page(rows, last && rows.length === input.limit ? cursorOf(last.placed_at) : null);
  },
});

export const POST = endpoint({
  summary: 'Place your cart as an order: its seats are held while you pay, or yours at once from your wallet',
  input: orderInput,
  who: requireSignIn,
  limit: 'booking',
  idempotent: true,
  status: 201,
  message: (order: PlacedOrder, { locals: { m } }) =>
    order.state === 'placed' && order.payment_url === null ? m.sales.checkout.unpaid : '',
  form: {
    done: (order: PlacedOrder) => order.payment_url ?? `/orders/${order.order_id}`,
    refused: '/checkout',
  },
  act: ({ input, context, locals, key }) =>
    placeOrder(locals, {
      key,
      token: cartToken(context.cookies),
      total: input.expected_total_cents ?? null,
      payWith: input.pay_with,
    }),
});
