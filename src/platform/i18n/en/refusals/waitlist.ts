export const waitlist = {
  waitlist_off: 'This class keeps no waitlist.',
  waitlist_closed: "The waitlist has closed. Free places are anybody's from now on.",
  already_waiting: 'You are on this waitlist already.',
  seats_free: 'There are places free. You can book right away.',
  waitlist_day_full: ({ most }: { most?: number }) =>
    `You are waiting for ${most ?? 'several'} classes that day already. Leave one of them first.`,
  entry_not_found: 'We could not find this place in line among yours.',
  offer_over: 'This offer has run out; the place went to the next in line.',
  fee_owed: 'A fee cannot be given up here. If it is not right, talk to us: we can waive it.',
  offer_answered: 'You answered this offer already.',
};
