/** How many of something from the bar. */
import { cartToken } from '#platform/http/cookies.ts';
import { endpoint } from '#platform/endpoint.ts';
import { lineQuantity } from '#shop/ordering/inputs.ts';
import { setQuantity } from '#shop/ordering/lines.ts';

export const POST = endpoint({
  summary: 'Set how many you want; 0 takes it out',
  input: lineQuantity,
  limit: 'write',
  form: { done: '/cart', refused: '/cart' },
  act: ({ input, context, db, locals: { business } }) =>
    setQuantity(db, business.id, { ...input, token: cartToken(context.cookies) }),
});
