/** What is on a card, for whoever has its code and PIN. POST, so that neither stands in an address or a log. */
import { formatDate } from '#platform/clock.ts';
import { endpoint } from '#platform/endpoint.ts';
import { formatMoney } from '#platform/money.ts';
import { checkGiftCard } from '#sales/gift-cards/cards.ts';
import { keyInput } from '#sales/gift-cards/inputs.ts';

export const POST = endpoint({
  summary: 'The balance of a gift card, by code and PIN; several wrong tries make it wait',
  input: keyInput,
  limit: 'money',
  async act({ input, locals }) {
    const card = await checkGiftCard(locals, input);
    if (!('card_id' in card)) return card;
    // Its id is no business of whoever asks.
    const { card_id: _id, problem: _problem, ...seen } = card;
    return seen;
  },
  message: ({ ending, balance_cents, currency, expires_at }, { locals: { m, locale, business } }) => {
    const words = m.giftCards.check;
    const found = words.found({ ending, amount: formatMoney(balance_cents, currency, locale) });
    return expires_at
      ? `${found} ${words.until({ date: formatDate(expires_at, business.time_zone, locale) })}`
      : found;
  },
  form: { done: '/gift-cards', refused: '/gift-cards' },
});
