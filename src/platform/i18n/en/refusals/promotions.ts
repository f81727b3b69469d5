import { formatMoney } from '../../../money.ts';

export const promotions = {
  promotion_not_found: 'We do not know this code. Is it typed as it is written?',
  promotion_not_yet: 'This code does not hold yet. Please come back a little later.',
  promotion_ended: 'This code is over. Nothing was taken off.',
  promotion_used_up: 'This code has been used as often as it could be.',
  promotion_used_before: 'You have used this code as often as it can be by one person.',
  promotion_first_order_only:
    'This code is for a first order, and you have been here before. Thank you for that.',
  promotion_minimum: ({ min_cents: cents, currency }: { min_cents?: number; currency?: string }) =>
    cents && currency
      ? `This code is for orders of ${formatMoney(cents, currency, 'en')} or more of what it is for.`
      : 'This code is for larger orders.',
  promotion_nothing_fits: 'This code is for other things than those in your cart.',
  promotion_invalid: 'These terms do not go together. Please look at the amounts, the dates and the code.',
  promotion_for_nothing: 'Please choose at least one product or category it is for.',
  promotion_code_taken: 'There is a promotion with this code already.',
};
