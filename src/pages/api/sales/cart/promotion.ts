/** The code of a promotion in the visitor's cart: put in, or taken out when it is empty. */
import type { APIContext } from 'astro';
import { cameFrom } from '#platform/http/answers.ts';
import { ensureCartToken } from '#platform/http/cookies.ts';
import { endpoint } from '#platform/endpoint.ts';
import { setPromotion } from '#sales/promotions/promotions.ts';
import { codeInput } from '#sales/promotions/inputs.ts';

const pageOf = (context: APIContext): string =>
  /\/(?:checkout|orders)$/.test(cameFrom(context) ?? '') ? '/checkout' : '/cart';

export const POST = endpoint({
  summary: 'Put the code of a promotion in your cart; without one it is taken out',
  input: codeInput,
  limit: 'codes',
  act: ({ input, context, db, locals: { business } }) =>
    setPromotion(db, business.id, { token: ensureCartToken(context.cookies), code: input.code || null }),
  form: { done: (_, context) => `${pageOf(context)}#code`, refused: pageOf },
  message: ({ promotion }, { locals: { m } }) =>
    promotion ? m.promotions.field.applied({ code: promotion.code }) : m.promotions.field.removed,
});
