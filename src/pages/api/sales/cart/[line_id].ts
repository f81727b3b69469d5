/** Taking one line out of the cart. POST is what a form without script can send. */
import { cartToken } from '#platform/http/cookies.ts';
import { endpoint } from '#platform/endpoint.ts';
import { removeLine } from '#sales/cart.ts';
import { lineParam } from '#sales/inputs.ts';

const remove = endpoint({
  summary: 'Take a line out of your cart',
  input: lineParam,
  limit: 'write',
  message: (_, { locals: { m } }) => m.sales.cart.removed,
  form: { done: '/cart', refused: '/cart' },
  act: ({ input, context, db, locals: { business } }) =>
    removeLine(db, business.id, { line_id: input.line_id, token: cartToken(context.cookies) }),
});

export const DELETE = remove;
export const POST = remove;
