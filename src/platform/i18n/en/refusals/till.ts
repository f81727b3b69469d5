export const till = {
  till_not_found: 'We could not find this till.',
  till_exists: 'There is a till of that name at this counter.',
  till_name_invalid: 'Please give it a name of at most 40 characters.',
  drawer_open: 'This drawer is open already.',
  drawer_closed: 'The drawer is closed. Open it to take cash.',
  drawer_too_low: 'There is not that much in the drawer.',
  drawer_move_invalid: 'Please say whether money goes in or out.',
  tendered_too_low: 'That is less than what is to be paid.',
  wallet_needs_customer: 'Whose wallet? Find the customer first.',
  sales_invalid: 'These sales could not be read.',
  sale_invalid: 'This sale could not be read.',
};
