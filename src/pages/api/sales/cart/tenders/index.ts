/** Gift cards and the wallet that pay their part of the cart. */
import { z } from 'zod';
import { endpoint } from '#platform/endpoint.ts';
import { cartToken } from '#platform/http/cookies.ts';
import { useGiftCard } from '#sales/gift-cards/cards.ts';
import { keyInput } from '#sales/gift-cards/inputs.ts';
import { cartTenders } from '#sales/tenders.ts';

export const GET = endpoint({
  summary: 'The gift cards and wallet in your cart, and what each would pay of it',
  input: z.object({}),
  limit: 'read',
  act: ({ context, db, locals: { business } }) => cartTenders(db, business.id, cartToken(context.cookies)),
});

export const POST = endpoint({
  summary: 'Let a gift card pay its part of your cart, by code and PIN',
  input: keyInput,
  limit: 'money',
  status: 201,
  message: (_, { locals: { m } }) => m.giftCards.tenders.used,
  form: { done: '/checkout', refused: '/checkout' },
  async act({ input, context, locals }) {
    const card = await useGiftCard(locals, { ...input, token: cartToken(context.cookies) });
    if (!('card_id' in card)) return card;
    const { card_id: _id, problem: _problem, ...seen } = card;
    return seen;
  },
});
