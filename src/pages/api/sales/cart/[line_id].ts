/** Taking one line out of the cart. POST is what a form without script can send. */
import type { APIContext } from 'astro';
import { cameFrom } from '#platform/http/answers.ts';
import { cartToken } from '#platform/http/cookies.ts';
import { endpoint } from '#platform/endpoint.ts';
import { removeLine } from '#sales/cart.ts';
import { lineParam } from '#sales/inputs.ts';

/** Lines stand in the cart and at the checkout, which may have been shown again as the answer to a refused order. */
const pageOf = (context: APIContext): string =>
  /\/(?:checkout|orders)$/.test(cameFrom(context) ?? '') ? '/checkout' : '/cart';

const remove = endpoint({
  summary: 'Take a line out of your cart',
  input: lineParam,
  limit: 'write',
  message: (_, { locals: { m } }) => m.sales.cart.removed,
  form: { done: (_, context) => pageOf(context), refused: pageOf },
  act: ({ input, context, db, locals: { business } }) =>
    removeLine(db, business.id, { line_id: input.line_id, token: cartToken(context.cookies) }),
});

export const DELETE = remove;
export const POST = remove;
