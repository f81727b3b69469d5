/** How a seat in the cart is paid: with a pass, or with money. */
import { cameFrom } from '#platform/http/answers.ts';
import { cartToken } from '#platform/http/cookies.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { choosePayment } from '#sales/cart.ts';
import { linePayment } from '#sales/inputs.ts';

const pageOf = (from: string | null): string =>
  /\/(?:checkout|orders)$/.test(from ?? '') ? '/checkout' : '/cart';

export const POST = endpoint({
  summary: 'Choose which pass pays for a seat in your cart; without one it is paid with money',
  input: linePayment,
  who: requireSignIn,
  limit: 'write',
  form: {
    done: (_, context) => pageOf(cameFrom(context)),
    refused: (context) => pageOf(cameFrom(context)),
  },
  act: ({ input, context, db, locals: { business } }) =>
    choosePayment(db, business.id, {
      line_id: input.line_id,
      pass_id: input.pass_id || null,
      token: cartToken(context.cookies),
    }),
});
