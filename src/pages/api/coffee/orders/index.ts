/** Orders from the bar: the asker's, and a new one in one act, without a cart. */
import { z } from 'zod';
import { cursorOf, page, readCursor } from '#booking/inputs.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { myOrders } from '#sales/orders.ts';
import type { PlacedOrder } from '#sales/placing.ts';
import { ordersInput } from '#shop/ordering/inputs.ts';
import { orderProducts } from '#shop/ordering/placing.ts';

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
  summary: 'Order from the bar: its stock and its making are held while you pay',
  input: ordersInput,
  who: requireSignIn,
  limit: 'booking',
  idempotent: true,
  status: 201,
  message: (order: PlacedOrder, { locals: { m } }) =>
    order.state === 'placed' && order.payment_url === null ? m.sales.checkout.unpaid : '',
  form: { done: (order: PlacedOrder) => order.payment_url ?? `/orders/${order.order_id}`, refused: '/menu' },
  act: ({ input, locals, key }) => orderProducts(locals, input, key),
});
