export const board = {
  ticket_not_found: 'This ticket is not on our board.',
  ticket_moved: 'Somebody else was faster: the board shows how it stands now.',
  step_not_allowed: 'A ticket goes back one step at a time, the way it came.',
  undo_too_late: 'That was too long ago to take back.',
  act_reused: 'That tap was already used for something else. Please tap again.',
  acts_invalid: 'We could not read what was tapped. Please reload the page.',
  delay_invalid: 'Between 0 and 120 minutes, please.',
  sold_out_invalid: 'Please name one product or one option.',
  order_being_made: 'The bar has begun with it, so it can no longer be cancelled here.',
};
