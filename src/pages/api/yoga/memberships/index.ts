/** Plans and what the asker has of them; and one more in the cart. */
import { z } from 'zod';
import { addPlan, myMemberships, myPasses, planList } from '#members/plans/plans.ts';
import { endpoint } from '#platform/endpoint.ts';
import { ensureCartToken } from '#platform/http/cookies.ts';
import { isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'Packs and memberships, and those you have',
  input: z.object({}),
  limit: 'read',
  async act({ db, locals: { business, user } }) {
    const [plans, memberships, passes] = await Promise.all([
      planList(db, business.id),
      user ? myMemberships(db, business.id) : [],
      user ? myPasses(db, business.id) : [],
    ]);
    return { plans, memberships, passes };
  },
});

export const POST = endpoint({
  summary: 'Put a pack or a membership in your cart',
  input: z.object({ plan: z.string().min(2).max(60) }),
  limit: 'write',
  status: 201,
  form: { done: '/cart', refused: '/plans' },
  async act({ input, context, db, locals }) {
    const token = ensureCartToken(context.cookies);
    const added = await addPlan(db, locals.business.id, { plan: input.plan, token });
    if (!isRefused(added)) locals.forgetViewer();
    return added;
  },
});
