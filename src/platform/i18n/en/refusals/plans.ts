export const plans = {
  plan_not_found: 'We could not find this plan. It may no longer be sold.',
  plan_once_each: 'You have had this one already; it can be bought once.',
  plan_first_timers_only: 'This one is for people who are new here. You are past that, and we are glad.',
  membership_already: 'You have this membership already.',
  one_membership_at_a_time:
    'There is a membership in your cart already. Please buy them one after the other.',
  membership_not_found: 'We could not find this membership among yours.',
  membership_not_by_card: 'This membership is not paid by card, so it does not renew itself.',
  membership_needs_card: 'A membership renews itself, so it needs a card.',
  membership_suspended:
    'This membership rests because its last payment did not go through. Pay it and it opens again.',
  membership_ended: 'This membership has ended.',
  amount_invalid: 'Please choose an amount we can take.',
  pass_not_found: 'We could not find this pass among yours.',
  pass_expired: 'This pass has expired.',
  pass_expires_before: 'This pass expires before that class.',
  pass_used_up: 'There are not enough credits left on this pass.',
  pass_frozen: 'This pass is frozen on the day of that class.',
  pass_not_begun: 'This pass begins after that class.',
  pass_ended: 'This pass was given back and opens nothing any more.',
  pass_for_other_classes: 'This pass is for other classes.',
  pass_not_shareable: 'This pass is for you alone. Guests and family need another way to pay.',
  no_pass_pays: 'None of your passes pays for this class.',
  wallet_too_low: 'There is not enough in your wallet for this. Top it up, or pay by card.',
  pay_with_invalid: 'We do not know this way to pay.',
  too_many_guests: ({ most }: { most?: number }) =>
    (most ?? 0) === 0
      ? 'This class is for members only, without guests.'
      : `You may bring ${most} to this class, no more.`,
  participants_invalid: 'Please give each guest a name of their own, at most 120 characters.',
  nothing_kept: 'Nothing was kept for this booking, so there is nothing to give back.',
  returned_before: 'This was given back already.',
  reason_invalid: 'Please give a reason of 3 to 300 characters.',
};
