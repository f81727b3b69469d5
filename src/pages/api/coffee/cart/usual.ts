/** The asker's usual, into the cart. */
import { z } from 'zod';
import { requireSignIn } from '#booking/signed-in.ts';
import { ensureCartToken } from '#platform/http/cookies.ts';
import { endpoint } from '#platform/endpoint.ts';
import { isRefused } from '#platform/refusals.ts';
import { addUsual } from '#shop/ordering/lines.ts';

export const POST = endpoint({
  summary: 'Put your usual in the cart',
  input: z.object({}),
  who: requireSignIn,
  limit: 'write',
  status: 201,
  form: { done: '/checkout', refused: '/menu' },
  async act({ context, db, locals }) {
    const added = await addUsual(db, locals.business.id, ensureCartToken(context.cookies));
    if (!isRefused(added)) locals.forgetViewer();
    return added;
  },
});
