/** For programs that come back from the payment page themselves: settles what is paid, answers the order. */
import { settleFromReturn } from '#payments/payments.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';
import { answer, isRefused } from '#platform/refusals.ts';
import { z } from 'zod';

export const POST = endpoint({
  summary: 'Settle an order whose payment page was finished',
  input: z.object({ order_id: z.guid(), checkout: z.string().max(130) }),
  who: requireMember,
  limit: 'money',
  form: { done: (order: { order_id: string }) => `/orders/${order.order_id}` },
  act: async ({ input, locals, db }) => {
    const ask = () => db.rpc('order_page', { business_id: locals.business.id, order_id: input.order_id });
    const before = answer(await ask());
    // Only somebody who may see the order may have it looked up.
    if (isRefused(before)) return before;
    await settleFromReturn(input.order_id, input.checkout, locals.business.id);
    const order = answer(await ask());
    return isRefused(order) ? order : (order as { order_id: string });
  },
});
