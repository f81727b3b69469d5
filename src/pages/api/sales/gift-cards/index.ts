/** What gift cards are sold, and one for the cart. */
import { z } from 'zod';
import { centsOf } from '#platform/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { ensureCartToken } from '#platform/http/cookies.ts';
import { Refusal, isRefused } from '#platform/refusals.ts';
import { addGiftCard, giftCardOffer } from '#sales/gift-cards/cards.ts';
import { giftCardInput } from '#sales/gift-cards/inputs.ts';

export const GET = endpoint({
  summary: 'What gift cards are sold here: the sums on offer, the least and the most, how long they hold',
  input: z.object({}),
  limit: 'read',
  act: ({ db, locals: { business } }) => giftCardOffer(db, business.id),
});

export const POST = endpoint({
  summary: 'Put a gift card in your cart: for whom, from whom, and the day it is sent',
  input: giftCardInput,
  limit: 'write',
  status: 201,
  form: { done: '/cart', refused: '/gift-cards' },
  async act({ input, context, db, locals }) {
    const { amount_cents, choice, amount, ...details } = input;
    // What was typed is meant, whichever sum on offer is still marked.
    const cents = centsOf(
      { cents: amount_cents ?? (amount === undefined ? choice : undefined), typed: amount, field: 'amount' },
      locals,
    );
    if (isRefused(cents)) return cents;
    if (cents === undefined) return new Refusal('gift_card_amount_invalid', 422, { field: 'amount' });
    const added = await addGiftCard(db, locals.business.id, {
      cents,
      token: ensureCartToken(context.cookies),
      details,
    });
    if (!isRefused(added)) locals.forgetViewer();
    return added;
  },
});
