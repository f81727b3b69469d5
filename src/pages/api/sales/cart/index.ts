/** The visitor's cart: what is in it, and one seat more. */
import { z } from 'zod';
import { participantsOf } from '#booking/participants.ts';
import { cameFrom } from '#platform/http/answers.ts';
import { cartToken, ensureCartToken } from '#platform/http/cookies.ts';
import { endpoint } from '#platform/endpoint.ts';
import { isRefused } from '#platform/refusals.ts';
import { addSeat, cartTotals, readCart } from '#sales/cart.ts';
import { seatInput } from '#sales/inputs.ts';

export const GET = endpoint({
  summary: 'Your cart, at today’s prices',
  input: z.object({}),
  limit: 'read',
  async act({ context, db, locals: { business, user } }) {
    const token = cartToken(context.cookies);
    const lines = token || user ? await readCart(db, business.id, token) : [];
    return { ...cartTotals(lines), currency: business.currency, lines };
  },
});

export const POST = endpoint({
  summary: 'Put seats of a class in your cart: yours, or those of people on your account and of guests',
  input: seatInput,
  limit: 'write',
  status: 201,
  form: {
    done: '/cart',
    // A page that was itself shown again in answer to a form has no address to come back to.
    refused: (context) => cameFrom(context)?.replace(/^.*\/api\/.*$/, '/schedule') ?? '/schedule',
  },
  async act({ input, context, db, locals }) {
    const token = ensureCartToken(context.cookies);
    const added = await addSeat(db, locals.business.id, {
      session_id: input.session_id,
      participants: participantsOf(input),
      token,
    });
    if (!isRefused(added)) locals.forgetViewer();
    return added;
  },
});
