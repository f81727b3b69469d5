/** The asker's points: what they have and where it came from; and redeeming them. */
import { z } from 'zod';
import { requireSignIn } from '#booking/signed-in.ts';
import { redeemInput } from '#loyalty/inputs.ts';
import { myPoints, setReward } from '#loyalty/points.ts';
import { endpoint } from '#platform/endpoint.ts';
import { cameFrom } from '#platform/http/answers.ts';
import { ensureCartToken } from '#platform/http/cookies.ts';

export const GET = endpoint({
  summary: 'Your points or stamps: balance, what runs out when, what they buy, and a page of your statement',
  input: z.object({
    /** The id of the last movement on the page before. */
    cursor: z
      .string()
      .regex(/^\d{1,15}$/)
      .optional(),
  }),
  who: requireSignIn,
  limit: 'read',
  act: ({ input, db, locals }) =>
    myPoints(db, locals.business.id, { before: input.cursor ? Number(input.cursor) : null }),
});

export const POST = endpoint({
  summary:
    'Redeem a reward in your cart; its points are set aside when you place the order. Without one it is taken out.',
  input: redeemInput,
  who: requireSignIn,
  limit: 'write',
  act: ({ input, context, db, locals }) =>
    setReward(db, locals.business.id, {
      token: ensureCartToken(context.cookies),
      rewardId: input.reward_id || null,
    }),
  message: ({ reward_id }, { locals: { m } }) => (reward_id ? m.loyalty.cart.put : m.loyalty.cart.taken),
  form: {
    done: (_, context) => (/\/checkout$/.test(cameFrom(context) ?? '') ? '/checkout#points' : '/cart#points'),
    refused: (context) => (/\/account\/points/.test(cameFrom(context) ?? '') ? '/account/points' : '/cart'),
  },
});
