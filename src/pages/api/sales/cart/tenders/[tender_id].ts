/** Leaving a gift card or the wallet out again. POST is what a form without script can send. */
import { z } from 'zod';
import { endpoint } from '#platform/endpoint.ts';
import { cartToken } from '#platform/http/cookies.ts';
import { removeTender } from '#sales/tenders.ts';

const remove = endpoint({
  summary: 'Leave a gift card or your wallet out of your cart',
  input: z.object({ tender_id: z.guid() }),
  limit: 'write',
  message: (_, { locals: { m } }) => m.giftCards.tenders.removed,
  form: { done: '/checkout', refused: '/checkout' },
  act: ({ input, context, db, locals: { business } }) =>
    removeTender(db, business.id, { tender_id: input.tender_id, token: cartToken(context.cookies) }),
});

export const DELETE = remove;
export const POST = remove;
