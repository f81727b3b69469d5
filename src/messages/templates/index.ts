/**
 * Every letter we write, by the name SQL queues it under: `messages.notify(business_id, member_id, kind, cause, data)`
 * for what members are told of (table messages.kinds), `messages.queue_email` for the rest.
 *
 * What `data` holds, per kind. Flat; the facts as they were at that moment; times are instants, amounts minor units;
 * `?` may be missing or null. `a class` stands for class_name (localised jsonb), session_id, starts_at, ends_at,
 * instructor_name, room_name, and where known person_name and guest_name, whose seat it is. notify adds `name` (whom the
 * letter greets) and, when it is about somebody else, `about_name`. `cause` is what makes it happen once: the id of the
 * booking, entry, pass, request … it is about, with what may repeat (a start, a period) behind it. ! = concerns money or
 * a seat: its e-mail cannot be switched off.
 *
 * | kind                  | topic     | data                                                                                   |
 * | --------------------- | --------- | -------------------------------------------------------------------------------------- |
 * | order_confirmed !     | bookings  | order_id (the rest is read when it is sent)                                            |
 * | paid_too_late !       | bookings  | the order's document, refund_cents, refund_currency                                    |
 * | paid_twice !          | bookings  | the same                                                                               |
 * | amount_mismatch !     | bookings  | the same                                                                               |
 * | refund_failed !       | bookings  | order_id, reference?, amount_cents, currency                                           |
 * | order_ready           | orders    | order_id, call_number, location_name, serving?, table_label?                           |
 * | order_refused !       | orders    | order_id, reference, reason, amount_cents, currency                                    |
 * | order_refunded !      | orders    | order_id, reference, amount_cents, currency, reason                                    |
 * | booking_cancelled !   | bookings  | a class, booking_id, late, refund_cents, paid_cents, currency, credits?, credits_back?, released? |
 * | session_cancelled !   | bookings  | a class, booking_id, reason?, refund_cents?, currency?, credits_back?, places? (of several: booking_id, name) |
 * | session_changed !     | bookings  | a class (as it is now), booking_id, old_starts_at?, old_room_name?, old_instructor_name?, free_cancel_until?, also? (the same again, for further seats of a series) |
 * | substitute_teacher    | bookings  | a class (with the new teacher), booking_id, old_instructor_name                        |
 * | fee_charged !         | bookings  | a class, booking_id, reason (late_cancel, no_show), amount_cents?, currency?, credits_lost?, order_id? (to be paid) |
 * | fee_waived !          | bookings  | a class, booking_id, amount_cents?, currency?, credits_back?                           |
 * | refilled !            | bookings  | a class, booking_id, amount_cents?, currency?, credits_back?                           |
 * | waitlist_joined       | waitlist  | a class, entry_id, position, mode (automatic, offer, first_to_claim)                   |
 * | waitlist_offer        | waitlist  | a class, entry_id, offered_until                                                       |
 * | waitlist_open         | waitlist  | a class, entry_id                                                                      |
 * | waitlist_promoted !   | waitlist  | a class, booking_id, free_cancel_until?, credits_used?, amount_cents?, currency?       |
 * | waitlist_moved        | waitlist  | a class (as it is now), entry_id, old_starts_at, position? (of who waits), offered_until? (of who is asked) |
 * | waitlist_lapsed       | waitlist  | a class, entry_id, reason (deadline, too_late, no_credit)                              |
 * | waitlist_left         | waitlist  | a class, entry_id, reason (left, other_class, overlap, session_cancelled, removed)     |
 * | session_reminder      | reminders | a class, booking_id, free_cancel_until?                                                |
 * | pass_expiring         | plans     | pass_id, plan_name (localised), expires_at, credits_left                               |
 * | pass_used_up          | plans     | pass_id, plan_name                                                                     |
 * | pass_given            | plans     | pass_id, plan_name, credits                                                            |
 * | pass_refunded !       | plans     | pass_id, plan_name, amount_cents, currency                                             |
 * | membership_started !  | plans     | membership_id, plan_name, amount_cents, currency, period_ends_at                       |
 * | membership_renewed !  | plans     | membership_id, plan_name, amount_cents, currency, period_ends_at                       |
 * | membership_frozen     | plans     | membership_id, plan_name, frozen_from, frozen_until, next_charge_at, amount_cents      |
 * | membership_changed !  | plans     | membership_id, plan_name, period_ends_at                                               |
 * | membership_ended !    | plans     | membership_id, plan_name, ended_at                                                     |
 * | payment_failed !      | plans     | membership_id, plan_name, amount_cents, currency, grace_until?                         |
 * | membership_suspended !| plans     | membership_id, plan_name                                                               |
 * | membership_recovered  | plans     | membership_id, plan_name                                                               |
 * | goal_nudge            | progress  | measure? (classes, minutes), target, done, period (week, month), days_left             |
 * | milestone             | progress  | measure (classes, weeks, minutes, style), count, style_name? (of a first of its style) |
 * | substitute_wanted     | work      | a class (instructor_name: who asks), request_id, note?, until?                         |
 * | substitute_found      | work      | a class (instructor_name: who asked), request_id, substitute_name                      |
 * | substitute_to_approve | work      | a class (instructor_name: who asked), request_id, substitute_name                      |
 * | substitute_yours      | work      | a class (instructor_name: the reader), request_id, old_instructor_name, calendar_sequence |
 * | substitute_turned_down | work      | a class (instructor_name: whose it is), request_id                                     |
 * | substitute_nobody     | work      | a class (instructor_name: who asked), request_id                                       |
 * | stock_low             | work      | item_id, item_name (localised), unit (g, ml, piece), on_hand, low_at, location_id, location_name, supplier? |
 * | drawer_difference     | work      | till_id, till_name, location_name, closed_at, closed_by?, expected_cents, counted_cents, difference_cents, currency |
 * | time_off_requested    | work      | time_off_id, instructor_id, instructor_name, starts_at, ends_at, reason, classes       |
 * | time_off_decided      | work      | time_off_id, granted, starts_at, ends_at, answer, classes                              |
 *
 * A kind more: a row in messages.kinds, a line here, its shape in facts.ts, its letter in the file of its area with
 * words in i18n/…/mail, its name for the team in i18n/…/letters. In the app (notices.ts) it is the letter's subject, its first line, and where its button leads.
 * tests/messages say what is missing.
 */
import { bar } from './bar.ts';
import { bookings } from './bookings.ts';
import { counter } from './counter.ts';
import { giftCards } from './gift-cards.ts';
import { house } from './house.ts';
import { instructors } from './instructors.ts';
import { orders } from './orders.ts';
import { plans } from './plans.ts';
import { progress } from './progress.ts';
import { stock } from './stock.ts';
import { waitlist } from './waitlist.ts';
import { work } from './work.ts';

export const templates = {
  ...orders,
  ...bar,
  ...bookings,
  ...waitlist,
  ...plans,
  ...progress,
  ...work,
  ...instructors,
  ...stock,
  ...counter,
  ...giftCards,
  ...house,
};
export type TemplateName = keyof typeof templates;
