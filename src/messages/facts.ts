/**
 * What `data` of a notice holds, by kind: the contract between who tells (`messages.notify` in SQL) and who writes the
 * letter and the line in the app. The table in templates/index.ts says the same in one look.
 */
import { z } from 'zod';

const localisedText = z.record(z.string(), z.string());
const id = z.guid();
const instant = z.string().min(10);
const cents = z.number().int();
const count = z.number().int();

/** notify adds these: whom the letter greets, and whose seat or pass it is about when that is not their own. */
const told = { name: z.string(), about_name: z.string().nullish() };

const aClass = {
  ...told,
  class_name: localisedText,
  session_id: id,
  starts_at: instant,
  ends_at: instant,
  instructor_name: z.string(),
  room_name: z.string(),
  calendar_sequence: count.nullish(),
};
const booked = { ...aClass, booking_id: id };
const waiting = { ...aClass, entry_id: id };
const asked = { ...aClass, request_id: id };
const timeOff = { ...told, time_off_id: id, starts_at: instant, ends_at: instant, classes: count };
const aPlan = { ...told, plan_name: localisedText };
const aPass = { ...aPlan, pass_id: id };
const aMembership = { ...aPlan, membership_id: id };
const money = { amount_cents: cents, currency: z.string() };
const maybeMoney = { amount_cents: cents.nullish(), currency: z.string().nullish() };
const anOrder = { ...told, order_id: id };
const changed = {
  old_starts_at: instant.nullish(),
  old_room_name: z.string().nullish(),
  old_instructor_name: z.string().nullish(),
  free_cancel_until: instant.nullish(),
};
const moneyBack = { ...anOrder, refund_cents: cents, refund_currency: z.string() };

export const facts = {
  order_confirmed: z.object({
    ...anOrder,
    // Looked up when the list is read: the first class or thing in it, and how many there are.
    class_name: localisedText.nullish(),
    starts_at: instant.nullish(),
    lines: count.nullish(),
    /** Whether a fee was paid: for a late cancellation or a missed class. */
    fee: z.boolean().nullish(),
  }),
  paid_too_late: z.object(moneyBack),
  paid_twice: z.object(moneyBack),
  amount_mismatch: z.object(moneyBack),
  refund_failed: z.object({ ...anOrder, ...money }),
  order_ready: z.object({
    ...anOrder,
    call_number: count,
    serving: z.string().nullish(),
    table_label: z.string().nullish(),
    location_name: z.string(),
  }),
  order_refused: z.object({ ...anOrder, ...money, reference: z.string(), reason: z.string() }),
  order_refunded: z.object({ ...anOrder, ...money, reference: z.string(), reason: z.string() }),
  booking_cancelled: z.object({
    ...booked,
    late: z.boolean(),
    refund_cents: cents,
    paid_cents: cents,
    currency: z.string(),
    credits: count.nullish(),
    credits_back: count.nullish(),
    released: z.boolean().nullish(),
  }),
  session_cancelled: z.object({
    ...booked,
    reason: z.string().nullish(),
    refund_cents: cents.nullish(),
    currency: z.string().nullish(),
    credits_back: count.nullish(),
    // All places of whoever booked several: the money and credits above are theirs together.
    places: z.array(z.object({ booking_id: id, name: z.string() })).nullish(),
  }),
  session_changed: z.object({
    ...booked,
    ...changed,
    // Further seats that the same change of a series moved, without the greeting.
    also: z.array(z.object({ ...booked, ...changed }).omit({ name: true, about_name: true })).nullish(),
  }),
  substitute_teacher: z.object({ ...booked, old_instructor_name: z.string() }),
  fee_charged: z.object({
    ...booked,
    ...maybeMoney,
    reason: z.enum(['late_cancel', 'no_show']),
    credits_lost: count.nullish(),
    order_id: id.nullish(),
  }),
  fee_waived: z.object({ ...booked, ...maybeMoney, credits_back: count.nullish() }),
  refilled: z.object({ ...booked, ...maybeMoney, credits_back: count.nullish() }),
  waitlist_joined: z.object({
    ...waiting,
    position: count,
    mode: z.enum(['automatic', 'offer', 'first_to_claim']),
  }),
  waitlist_offer: z.object({ ...waiting, offered_until: instant }),
  waitlist_open: z.object(waiting),
  waitlist_promoted: z.object({
    ...booked,
    ...maybeMoney,
    free_cancel_until: instant.nullish(),
    credits_used: count.nullish(),
  }),
  waitlist_moved: z.object({
    ...waiting,
    old_starts_at: instant,
    position: count.nullish(),
    offered_until: instant.nullish(),
  }),
  waitlist_lapsed: z.object({ ...waiting, reason: z.enum(['deadline', 'too_late', 'no_credit']) }),
  waitlist_left: z.object({
    ...waiting,
    reason: z.enum(['left', 'other_class', 'overlap', 'session_cancelled', 'removed']),
  }),
  session_reminder: z.object({ ...booked, free_cancel_until: instant.nullish() }),
  pass_expiring: z.object({ ...aPass, expires_at: instant, credits_left: count }),
  pass_used_up: z.object(aPass),
  pass_given: z.object({ ...aPass, credits: count }),
  pass_refunded: z.object({ ...aPass, ...money }),
  membership_started: z.object({ ...aMembership, ...money, period_ends_at: instant }),
  membership_renewed: z.object({ ...aMembership, ...money, period_ends_at: instant }),
  membership_frozen: z.object({
    ...aMembership,
    ...money,
    frozen_from: instant,
    frozen_until: instant,
    next_charge_at: instant,
  }),
  membership_changed: z.object({ ...aMembership, period_ends_at: instant }),
  membership_ended: z.object({ ...aMembership, ended_at: instant }),
  payment_failed: z.object({ ...aMembership, ...money, grace_until: instant.nullish() }),
  membership_suspended: z.object(aMembership),
  membership_recovered: z.object(aMembership),
  goal_nudge: z.object({
    ...told,
    // Minutes of class instead of classes, where the goal is counted so.
    measure: z.enum(['classes', 'minutes']).nullish(),
    target: count,
    done: count,
    period: z.enum(['week', 'month']),
    days_left: count,
  }),
  milestone: z.object({
    ...told,
    measure: z.enum(['classes', 'weeks', 'minutes', 'style']),
    count,
    // Of a first class of a style.
    style_name: localisedText.nullish(),
  }),
  substitute_wanted: z.object({ ...asked, note: z.string().nullish(), until: instant.nullish() }),
  substitute_found: z.object({ ...asked, substitute_name: z.string() }),
  substitute_to_approve: z.object({ ...asked, substitute_name: z.string() }),
  substitute_yours: z.object({ ...asked, old_instructor_name: z.string() }),
  substitute_turned_down: z.object(asked),
  substitute_nobody: z.object(asked),
  stock_low: z.object({
    ...told,
    item_id: z.string(),
    item_name: localisedText,
    unit: z.enum(['g', 'ml', 'piece']),
    on_hand: count,
    low_at: count,
    location_id: z.string(),
    location_name: z.string(),
    supplier: z.string().nullish(),
  }),
  drawer_difference: z.object({
    ...told,
    till_id: z.string(),
    till_name: z.string(),
    location_name: z.string(),
    closed_at: instant,
    closed_by: z.string().nullish(),
    expected_cents: cents,
    counted_cents: cents,
    difference_cents: cents,
    currency: z.string(),
  }),
  time_off_requested: z.object({ ...timeOff, instructor_name: z.string(), reason: z.string().nullish() }),
  time_off_decided: z.object({ ...timeOff, granted: z.boolean(), answer: z.string().nullish() }),
};

/** Everything a member can be told: the rows of messages.kinds. */
export type Kind = keyof typeof facts;
export type Facts<K extends Kind> = z.output<(typeof facts)[K]>;

export const isKind = (name: string): name is Kind => Object.hasOwn(facts, name);

/** @throws naming the kind and what is missing, so that /admin/jobs says who told us half of it. */
export function readFacts<K extends Kind>(kind: K, data: unknown): Facts<K> {
  const read = facts[kind].safeParse(data);
  if (read.success) return read.data as Facts<K>;
  throw new Error(
    `data of ${kind}: ${read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`,
  );
}
