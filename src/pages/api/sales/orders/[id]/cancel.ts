/** Giving up an order from a form, which knows no DELETE. */
import { idParam } from '#booking/inputs.ts';
import { isId } from '#platform/ids.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';
import { Refusal } from '#platform/refusals.ts';
import { cancelOrder } from '#sales/placing.ts';

export const POST = endpoint({
  summary: 'Give up an order that is not paid; its seats are free at once',
  input: idParam,
  who: requireSignIn,
  limit: 'booking',
  message: (_, { locals: { m } }) => m.sales.order.gaveUp,
  form: {
    done: (_, { params }) => `/orders/${params.id}`,
    refused: ({ params }) => `/orders/${params.id}`,
  },
  act: ({ input, db, locals: { business } }) =>
    isId(input.id) ? cancelOrder(db, business.id, input.id) : new Refusal('order_not_found', 404),
});
