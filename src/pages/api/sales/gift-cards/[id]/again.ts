/** The buyer of a card has its letter sent once more. */
import { idParam } from '#booking/inputs.ts';
import { isId } from '#platform/ids.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { cameFrom } from '#platform/http/answers.ts';
import { endpoint } from '#platform/endpoint.ts';
import { Refusal } from '#platform/refusals.ts';
import { resendGiftCard } from '#sales/gift-cards/cards.ts';

export const POST = endpoint({
  summary: 'Send the letter of a gift card you bought once more, with a new code and PIN',
  input: idParam,
  who: requireSignIn,
  limit: 'money',
  message: (_, { locals: { m } }) => m.giftCards.bought.sentAgain,
  form: {
    refused: (context) => cameFrom(context)?.replace(/^.*\/api\/.*$/, '/account/orders') ?? '/account/orders',
  },
  act: ({ input, db, locals: { business } }) =>
    isId(input.id) ? resendGiftCard(db, business.id, input.id) : new Refusal('gift_card_not_found', 404),
});
