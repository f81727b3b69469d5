import { formatMoney } from '../../../money.ts';

/**
 * One sentence for each expected "no", by its name in SQL or in src/platform (refusals.ts). A function is given the
 * refusal's details. `fields` are said beside a form's field.
 */
const minutes = (seconds = 60): string => {
  const count = Math.ceil(seconds / 60);
  return count <= 1 ? 'a minute' : `${count} minutes`;
};

type Localised = Record<string, string>;

/** A localised name in this language. */
const nameOf = (words?: Record<string, string>): string | undefined =>
  words?.en ?? Object.values(words ?? {})[0];

export const common = {
  // The door itself
  unexpected: 'Something broke on our side. Nothing was done twice. Please try once more in a moment.',
  unavailable: 'We cannot reach our books right now. Please try again in a moment.',
  refused: 'That is not possible right now.',
  invalid_input: 'Something is missing or not quite right. It is marked below.',
  malformed_body: 'What arrived here could not be read.',
  wrong_type: 'Please send this as JSON or as a form.',
  too_big: 'That is more than fits through this door.',
  wrong_origin: 'This form came from another site, so we did nothing. Please start again from here.',
  method_not_allowed: 'This address does not do that.',
  not_found: 'We could not find that. It may have moved, or it belongs to someone else.',
  not_allowed: 'You may not do that here.',
  too_many_requests: ({ seconds }: { seconds?: number }) =>
    `That was a lot at once. Please wait ${(seconds ?? 60) < 50 ? 'a moment' : minutes(seconds)} and try again.`,
  idempotency_key_required: 'This needs an Idempotency-Key, so that it cannot happen twice by accident.',
  idempotency_key_invalid: 'The Idempotency-Key must be 8 to 100 visible characters.',
  idempotency_key_reused:
    'This was sent before with something else in it. Please reload the page and try again.',

  // Who is who
  sign_in_first: 'Please sign in first.',
  not_your_role: 'Your role here does not include this. Whoever runs the place can change that.',
  wrong_credentials: 'This e-mail address and password do not go together.',
  confirm_email_first: 'Please confirm your e-mail address first. We can send you the link again.',
  too_many_attempts: ({ seconds }: { seconds?: number }) =>
    `There were several failed tries. For safety, sign-in rests for ${minutes(seconds)}. A link by e-mail or a new password will get you in as well.`,
  link_expired: 'This link has been used already or is too old. We can send you a new one.',
  wrong_current_password: 'That is not your current password.',
  password_refused: 'This password cannot be used. Please choose another one.',
  same_password: 'That is the password you have already.',
  sign_in_again: 'For this we want to be sure it is you. Please ask for a new link.',
  sign_up_closed: 'New accounts cannot be made here at the moment.',
  name_invalid: 'Please give a name of at most 120 characters.',
  phone_invalid: 'Please give a phone number of at most 40 characters.',
  locale_invalid: 'Please choose one of the languages.',
  email_invalid: 'This does not look like an e-mail address.',
  business_unknown: 'We do not know this business.',

  // Staff
  role_unknown: 'We do not know this role.',
  already_staff: 'This person works here in that role already.',
  last_owner: 'A business needs an owner. Please make somebody else one first.',
  staff_not_found: 'We could not find this person among the staff.',
  invitation_not_found: 'We could not find this invitation. Please ask whoever invited you for a new one.',
  invitation_used: 'This invitation has been answered already.',
  invitation_expired: 'This invitation is too old. Please ask whoever invited you for a new one.',
  invitation_for_someone_else:
    'This invitation was written to another e-mail address. Please sign in with that one.',

  // Classes
  session_not_found: 'We could not find this class. It may have moved: please look at the timetable.',
  session_past: 'This class has begun already.',
  session_cancelled: 'This class was cancelled.',
  session_full: 'This class filled up a moment ago.',
  booking_not_open: 'Booking for this class has not opened yet.',
  booking_closed: 'Booking for this class has closed. Call us, there may still be a way.',
  already_booked: 'You have a place in this class already.',
  overlapping_booking: ({
    class: wanted,
    with_class: other,
  }: {
    class?: Localised;
    with_class?: Localised;
  }) =>
    nameOf(wanted) && nameOf(other)
      ? `You have ${nameOf(other)} at that time, so ${nameOf(wanted)} does not fit.`
      : 'You have another class at that time.',
  booking_not_found: 'We could not find this booking.',
  booking_not_confirmed: 'This booking is not confirmed, so there is nothing to cancel.',
  booking_cancelled_before: 'This booking was cancelled already.',

  // Cart and orders
  cart_token_invalid: 'We could not find your cart. Please add the class again.',
  cart_empty: 'Your cart is empty.',
  cart_full: 'Your cart holds as much as it can.',
  cart_changed: 'Your cart has changed since you looked at it. Please check it once more.',
  cart_line_not_found: 'That is not in your cart any more.',
  price_changed: 'A price has changed since you looked. Nothing was charged: please check the new total.',
  order_not_found: 'We could not find this order.',
  order_placed: 'This order is waiting for its payment.',
  order_paid: 'This order is paid already.',
  order_closed: 'This order is finished.',
  order_expired: 'The time to pay this order is over, and its places were given back.',
  order_cancelled: 'This order was cancelled.',
  card_below_minimum: ({
    left_cents: left,
    min_cents: least,
    currency,
  }: {
    left_cents?: number;
    min_cents?: number;
    currency?: string;
  }) =>
    left && least && currency
      ? `Cards pay from ${formatMoney(least, currency, 'en')} up, and only ${formatMoney(left, currency, 'en')} is left to pay. Pay all of it another way, or leave more of it to the card.`
      : 'Too little is left to pay for a card. Pay all of it another way, or leave more of it to the card.',
  line_kind_unknown: 'This cannot be sold here yet.',

  // From the payment provider
  webhook_unsigned: 'This request is not signed.',
  webhook_signature_wrong: 'The signature does not fit this request.',
  webhook_too_old: 'The signature is too old: the request may have been recorded and sent again.',
  webhook_unreadable: 'This request is not an event that can be read.',

  // Money
  not_enough_balance: 'There is not enough balance for this.',
  refund_above_paid: 'That is more than was paid.',
  transfer_not_posted: 'This movement cannot be reversed: it has not been made.',
  transfer_settled_before: 'This movement was settled already.',

  fields: {
    birthday: 'Please give a day that has been.',
    required: 'Please fill this in.',
    invalid: 'This does not look right.',
    email: 'This does not look like an e-mail address.',
    choice: 'Please choose one of these.',
    too_short: ({ minimum }: { minimum: number }) => `At least ${minimum} characters.`,
    too_long: ({ maximum }: { maximum: number }) => `At most ${maximum} characters.`,
    too_little: ({ minimum }: { minimum: string }) => `At least ${minimum}.`,
    too_much: ({ maximum }: { maximum: string }) => `At most ${maximum}.`,
    password_short: 'At least 10 characters, please.',
    password_long: 'At most 72 characters, please.',
    password_common: 'This is one of the most used passwords. Please choose another one.',
    password_repeated: 'Please not one character over and over.',
    password_like_you: 'Please do not use your name or e-mail address as a password.',
    passwords_differ: 'The two passwords are not the same.',
    phone: 'Digits, spaces and + only.',
    backwards: 'The end comes after the beginning.',
    page_address: 'Small letters, digits and hyphens, at least two.',
  },
};
