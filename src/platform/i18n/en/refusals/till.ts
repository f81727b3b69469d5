import { formatMoney } from '../../../money.ts';

export const till = {
  till_not_found: 'We could not find this till.',
  till_exists: 'There is a till of that name at this counter.',
  till_name_invalid: 'Please give it a name of at most 40 characters.',
  drawer_open: 'This drawer is open already.',
  drawer_closed: 'The drawer is closed. Open it to take cash.',
  drawer_too_low: 'There is not that much in the drawer.',
  refund_drawer_closed:
    'This goes back in cash, and the drawer it comes out of is closed. Please open that drawer first.',
  refund_drawer_too_low: 'There is not that much cash in the drawer. Put some in first, then give it back.',
  receipt_sent_often: 'This receipt was sent five times already. They can scan or print it.',
  drawer_move_invalid: 'Please say whether money goes in or out.',
  tendered_too_low: 'That is less than what is to be paid.',
  wallet_needs_customer: 'Whose wallet? Find the customer first.',
  sale_in_parts: 'This sale is being paid in parts. Go on with it there, or give it up first.',
  sale_at_reader: 'This sale is waiting for a card at the reader. Go on with it there, or call it off first.',
  split_at_reader:
    'The reader is waiting for a card for a part of this sale. See to that first, or call it off.',
  split_over: 'This sale was given up or its time ran out. Ring it up again.',
  split_has_parts: 'Something was paid of this sale already. Give it back first.',
  part_above_due: ({ due_cents: cents, currency }: { due_cents?: number; currency?: string }) =>
    cents && currency
      ? `Only ${formatMoney(cents, currency, 'en')} is still to be paid.`
      : 'That is more than is still to be paid.',
  part_not_found: 'We could not find this payment.',
  gift_card_too_low: ({ balance_cents: cents, currency }: { balance_cents?: number; currency?: string }) =>
    cents !== undefined && currency
      ? `There is only ${formatMoney(cents, currency, 'en')} on this card.`
      : 'There is not that much on this card.',
  drawer_has_parts:
    'Cash in this drawer is part of a sale that is not finished. Finish it or give the cash back, then count.',
  promotion_needs_customer: 'This code is for each person once. Find the customer first.',
  sales_invalid: 'These sales could not be read.',
  sale_invalid: 'This sale could not be read.',
};
