import { day } from '../../day.ts';
import { plural } from '../../plural.ts';

export const plans = {
  plan_not_found: 'We could not find this plan. It may no longer be sold.',
  plan_once_each: 'You have had this one already; it can be bought once.',
  plan_first_timers_only: 'This one is for people who are new here. You are past that, and we are glad.',
  membership_already: 'You have this membership already.',
  one_membership_at_a_time:
    'There is a membership in your cart already. Please buy them one after the other.',
  membership_not_found: 'We could not find this membership.',
  membership_not_by_card: 'This membership is not paid by card, so it does not renew itself.',
  membership_needs_card: 'A membership renews itself, so it needs a card.',
  membership_suspended:
    'This membership rests because its last payment did not go through. Pay it and it opens again.',
  membership_ended: 'This membership has ended.',
  amount_invalid: 'Please choose an amount we can take.',
  pass_not_found: 'We could not find this pass.',
  pass_expired: 'This pass has expired.',
  pass_expires_before: 'This pass expires before that class.',
  pass_used_up: 'There are not enough credits left on this pass.',
  pass_frozen: 'This pass is frozen on the day of that class.',
  pass_not_begun: 'This pass begins after that class.',
  pass_ended: 'This pass was given back and opens nothing any more.',
  pass_for_other_classes: 'This pass is for other classes.',
  pass_not_shareable: 'This pass is for you alone. Guests and family need another way to pay.',
  fee_needs_money: 'This fee is paid in money, not with credits.',
  refund_amount_twice: 'Either one of the sums above, or “Another amount” with the one you typed.',
  membership_has_bookings: 'Classes to come are booked with it. Cancel them first, then it can end.',
  no_pass_pays: 'None of your passes pays for this class.',
  wallet_too_low: 'There is not enough in the wallet for this. Top it up, or pay another way.',
  pay_with_invalid: 'We do not know this way to pay.',
  too_many_guests: ({ most }: { most?: number }) =>
    (most ?? 0) === 0
      ? 'This class is for members only, without guests.'
      : `You may bring ${most} to this class, no more.`,
  participants_invalid: 'Please give each guest a name of their own, at most 120 characters.',
  nothing_kept: 'Nothing was kept for this booking, so there is nothing to give back.',
  returned_before: 'This was given back already.',
  reason_invalid: 'Please give a reason of 3 to 300 characters.',
  preview_stale: 'This has changed since we showed it to you. Please look at it once more.',
  payment_due_first: 'The last payment did not go through. As soon as it does, this is possible again.',
  membership_ends_already: 'This membership ends with its period. Keep it first, then this is possible.',
  membership_frozen: 'This membership is resting. Open it again first.',
  plan_change_waits: 'This membership becomes another with its next charge. Until then it stays as it is.',
  no_change_waits: 'There is no change to take back.',
  card_refused: 'The card was declined, so nothing has changed. Please see to the card and try again.',
  nothing_frozen: 'This membership is not resting.',
  freeze_not_offered: 'This membership cannot rest.',
  freeze_in_trial: 'While you are still trying it, it cannot rest.',
  freeze_already: 'There is a rest planned already. Take it back first.',
  freeze_dates_invalid: 'Please choose a day to come back that is after the first day of rest.',
  freeze_too_soon: ({ earliest_on }: { earliest_on?: string }) =>
    earliest_on ? `The earliest first day is ${day('en', earliest_on)}.` : 'Please choose a later first day.',
  freeze_after_charge: ({ charge_on }: { charge_on?: string }) =>
    charge_on
      ? `A rest begins before ${day('en', charge_on)} at the latest; for a later one, come back nearer to it.`
      : 'That is too far ahead.',
  freeze_too_long: ({ days_left = 0, most = 0 }: { days_left?: number; most?: number }) =>
    `It may rest ${most} days within a year; ${days_left} are left.`,
  freeze_has_bookings: ({ count = 1 }: { count?: number }) =>
    plural('en', count, {
      one: 'You have a class booked in these days. Please cancel it first.',
      other: `You have ${count} classes booked in these days. Please cancel them first.`,
    }),
  plan_slug_taken: 'There is a plan with this address already.',
  plan_terms_invalid:
    'These terms do not go together. A trial and an introductory price exclude each other, and an introduction needs both its price and its periods.',
  plan_classes_unknown: 'One of these classes is no longer there.',
  pass_of_membership: 'This belongs to a membership. End the membership instead.',
  nothing_to_refund: 'There is nothing unused on it that was paid for.',
  pass_has_bookings: 'Classes to come are booked with it. Cancel them first, then they count as unused.',
  refund_above_unused: 'That is more than what is unused of it.',
};
