/** One order of the asker's, and giving it up before it is paid. */
import { idParam } from '#booking/inputs.ts';
import { isId } from '#platform/ids.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';
import { Refusal } from '#platform/refusals.ts';
import { orderById } from '#sales/orders.ts';
import { cancelOrder } from '#sales/placing.ts';

export const GET = endpoint({
  summary: 'One of your orders with its lines, payment and refunds',
  input: idParam,
  who: requireSignIn,
  limit: 'read',
  act: ({ input, db, locals: { business } }) => orderById(db, business.id, input.id),
});

export const DELETE = endpoint({
  summary: 'Give up an order that is not paid; its seats are free at once',
  input: idParam,
  who: requireSignIn,
  limit: 'booking',
  act: ({ input, db, locals: { business } }) =>
    isId(input.id) ? cancelOrder(db, business.id, input.id) : new Refusal('order_not_found', 404),
});
