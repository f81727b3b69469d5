/** Orders from the bar: the asker's, and a new one in one act, without a cart. */
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';
import type { PlacedOrder } from '#sales/placing.ts';
import { ordersInput } from '#shop/ordering/inputs.ts';
import { orderProducts } from '#shop/ordering/placing.ts';

// The same list: an order is an order, wherever it was placed.
export { GET } from '#pages/api/sales/orders/index.ts';

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
