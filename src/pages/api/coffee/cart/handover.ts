/** How what is in the cart is handed over. */
import { ensureCartToken } from '#platform/http/cookies.ts';
import { endpoint } from '#platform/endpoint.ts';
import { isRefused } from '#platform/refusals.ts';
import { factsOf, setHandover } from '#shop/ordering/handover.ts';
import { handoverInput } from '#shop/ordering/inputs.ts';

export const POST = endpoint({
  summary: 'Say when you collect, whether you eat in, and what you tip',
  input: handoverInput,
  limit: 'write',
  form: { done: '/cart', refused: '/cart' },
  act({ input, context, db, locals: { business, locale } }) {
    const facts = factsOf(input, business.currency, locale);
    return isRefused(facts) ? facts : setHandover(db, business.id, ensureCartToken(context.cookies), facts);
  },
});
