/** The asker's wallet, and money for it. */
import { z } from 'zod';
import { addTopUp, myWallet } from '#members/plans/plans.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';
import { ensureCartToken } from '#platform/http/cookies.ts';
import { isRefused } from '#platform/refusals.ts';

const whole = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
  .or(z.number().int().min(0));

export const GET = endpoint({
  summary: 'Your wallet: its balance and what went in and out',
  input: z.object({ before: whole.optional() }),
  who: requireMember,
  limit: 'read',
  act: ({ input, db, locals: { business } }) => myWallet(db, business.id, input.before ?? null),
});

export const POST = endpoint({
  summary: 'Put money for your wallet in your cart',
  input: z.object({ amount_cents: whole }),
  who: requireMember,
  limit: 'write',
  status: 201,
  form: { done: '/cart', refused: '/account/wallet' },
  async act({ input, context, db, locals }) {
    const token = ensureCartToken(context.cookies);
    const added = await addTopUp(db, locals.business.id, { cents: input.amount_cents, token });
    if (!isRefused(added)) locals.forgetViewer();
    return added;
  },
});
