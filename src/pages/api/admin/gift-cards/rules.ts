/** What gift cards the business sells. */
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { parseMoney } from '#platform/money.ts';
import { Refusal } from '#platform/refusals.ts';
import { rulesInput } from '#sales/gift-cards/inputs.ts';
import { setCardRules } from '#sales/gift-cards/kept.ts';

export const POST = endpoint({
  summary: 'What gift cards are sold: sums on offer, least, most, and how long they hold',
  input: rulesInput,
  who: requireStaff('manager'),
  limit: 'write',
  act({ input, db, locals: { business, locale } }) {
    const read = (typed: string) => parseMoney(typed, business.currency, locale);
    const amounts = input.amounts
      .split(/[\s;]+/)
      .filter(Boolean)
      .map(read);
    const [least, most] = [read(input.least), read(input.most)];
    if (amounts.includes(null) || least === null || most === null)
      return new Refusal('gift_card_rules_invalid', 422, { field: 'amounts' });
    return setCardRules(db, business.id, {
      amounts: amounts as number[],
      min_cents: least,
      max_cents: most,
      valid_months: input.valid_months,
    });
  },
  message: (_, { locals: { m } }) => m.giftCards.kept.saved,
  form: { done: '/admin/gift-cards', refused: '/admin/gift-cards' },
});
