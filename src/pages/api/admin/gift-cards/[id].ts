/** A lost card is blocked, made good again, or gets a new code. */
import { isId } from '#platform/ids.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';
import { Refusal } from '#platform/refusals.ts';
import { changeInput } from '#sales/gift-cards/inputs.ts';
import { changeCard } from '#sales/gift-cards/kept.ts';

export const POST = endpoint({
  summary: 'Block a gift card, make it good again, or send a new code and PIN for it, with a reason',
  input: changeInput,
  who: freshly(requireStaff('manager')),
  limit: 'money',
  act: ({ input, db, locals: { business } }) =>
    isId(input.id) ? changeCard(db, business.id, input) : new Refusal('gift_card_not_found', 404),
  message: ({ state }, { locals: { m } }) => m.giftCards.kept.changed[state],
  form: { done: '/admin/gift-cards', refused: '/admin/gift-cards' },
});
