export const loyalty = {
  reward_not_found: 'We could not find this reward. It may not be offered any more.',
  reward_nothing_fits: 'There is nothing in your cart that this reward is for.',
  points_too_few: ({ points, balance }: { points?: number; balance?: number }) =>
    points === undefined || balance === undefined
      ? 'You do not have enough for this reward yet.'
      : `This reward takes ${points}, and you have ${Math.max(0, balance)}.`,
  loyalty_unit_in_hands: 'People hold points or stamps of this kind, so it cannot be changed into the other.',
  loyalty_terms_invalid: 'These terms do not go together. Please look at the numbers.',
  reward_invalid: 'A reward needs a name, what it is, and what it takes.',
  referral_not_found: 'This invitation link does not lead anywhere any more.',
  referral_own: 'This is your own link. It is for somebody who has not been here yet.',
  referral_known: 'You are with us already. An invitation is for somebody who is here for the first time.',
};
