/** Whether the asker's wallet pays its part of their cart. */
import { z } from 'zod';
import { ticked } from '#platform/inputs.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';
import { cartToken } from '#platform/http/cookies.ts';
import { isRefused } from '#platform/refusals.ts';
import { useWallet } from '#sales/tenders.ts';

export const POST = endpoint({
  summary: 'Let what is in your wallet pay its part of your cart, or not',
  input: z.object({ wanted: ticked }),
  who: requireSignIn,
  limit: 'write',
  async act({ input, context, db, locals: { business } }) {
    const used = await useWallet(db, business.id, {
      wanted: input.wanted,
      token: cartToken(context.cookies),
    });
    return isRefused(used) ? used : { wanted: input.wanted };
  },
  message: ({ wanted }, { locals: { m } }) =>
    wanted ? m.giftCards.tenders.walletUsed : m.giftCards.tenders.removed,
  form: { done: '/checkout', refused: '/checkout' },
});
