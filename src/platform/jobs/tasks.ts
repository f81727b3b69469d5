/**
 * What the worker does. SQL queues these in the transaction that caused them; each may run twice and must come to the
 * same end. A task that throws is tried again with growing pauses (graphile-worker: 25 times over about three days).
 */
import { advanceWaitlist, emptySession } from '#booking/freed-seats.ts';
import { sendCredit, tendFreeze } from '#payments/freezes.ts';
import { checkMemberships, endSubscription } from '#payments/memberships.ts';
import { makeRefund, reconcilePayments } from '#payments/payments.ts';
import { closeAtReader } from '#payments/readers.ts';
import { closeCheckout } from '#payments/stripe/checkout.ts';
import { forgetReader } from '#payments/stripe/terminal.ts';
import { readAnswer } from '#platform/refusals.ts';
import { serviceDb } from '#platform/supabase.ts';
import { type Task, type TaskList } from 'graphile-worker';
import { z } from 'zod';

/** A task with its payload checked. */
const task =
  <Schema extends z.ZodType>(schema: Schema, run: (payload: z.output<Schema>) => Promise<unknown>): Task =>
  async (payload) => {
    await run(schema.parse(payload));
  };
/** Cron sends its own payload, which says nothing we need. */
const chore = (run: () => Promise<unknown>): Task => task(z.unknown(), run);

const session = z.object({ session_id: z.guid() });
const booking = z.object({ booking_id: z.guid() });

export const tasks: TaskList = {
  refund_payment: task(z.object({ refund_id: z.guid() }), ({ refund_id }) => makeRefund(refund_id)),
  close_checkout: task(z.object({ payment_id: z.guid() }), async ({ payment_id }) => {
    const [payment] = readAnswer(await serviceDb().rpc('payment_to_close', { payment_id }, { get: true }));
    if (payment?.provider_ref.startsWith('pi_')) await closeAtReader(payment_id);
    else if (payment) await closeCheckout(payment.provider_ref);
  }),
  end_at_reader: task(z.object({ payment_id: z.guid() }), ({ payment_id }) => closeAtReader(payment_id)),
  forget_reader: task(z.object({ reader_ref: z.string() }), ({ reader_ref }) => forgetReader(reader_ref)),
  end_subscription: task(z.object({ subscription_ref: z.string() }), ({ subscription_ref }) =>
    endSubscription(subscription_ref),
  ),
  tend_freeze: task(z.object({ freeze_id: z.guid() }), ({ freeze_id }) => tendFreeze(freeze_id)),
  send_credit: task(z.object({ credit_id: z.guid() }), ({ credit_id }) => sendCredit(credit_id)),
  advance_waitlist: task(session, ({ session_id }) => advanceWaitlist(session_id)),
  empty_session: task(session.extend({ reason: z.string() }), ({ session_id, reason }) =>
    emptySession(session_id, reason),
  ),
  leave_waitlist: task(z.object({ entry_id: z.guid() }), async (entry) =>
    readAnswer(await serviceDb().rpc('leave_group', entry)),
  ),
  return_forfeit: task(booking, async (which) => readAnswer(await serviceDb().rpc('return_forfeit', which))),
  check_trail: task(z.object({ business_id: z.guid(), whole: z.boolean() }), async (which) =>
    readAnswer(await serviceDb().rpc('read_trail', which)),
  ),
  read_trails: chore(async () => readAnswer(await serviceDb().rpc('read_trails'))),
  settle_absence: task(booking, async (which) => readAnswer(await serviceDb().rpc('settle_absence', which))),
  release_unchecked: task(booking, async (which) =>
    readAnswer(await serviceDb().rpc('release_unchecked', which)),
  ),
  release_due: chore(async () => readAnswer(await serviceDb().rpc('release_due'))),
  mark_absent: chore(async () => readAnswer(await serviceDb().rpc('mark_absent_by_itself'))),
  sweep_waitlists: chore(async () => readAnswer(await serviceDb().rpc('sweep_waitlists'))),
  expire_points: chore(async () => readAnswer(await serviceDb().rpc('expire_points'))),
  settle_referral: task(z.object({ referral_id: z.guid() }), async (which) =>
    readAnswer(await serviceDb().rpc('settle_referral', which)),
  ),
  expire_gift_cards: chore(async () => readAnswer(await serviceDb().rpc('expire_gift_cards'))),
  give_birthday_points: chore(async () => readAnswer(await serviceDb().rpc('give_birthday_points'))),
  expire_passes: chore(async () => readAnswer(await serviceDb().rpc('expire_passes'))),
  suspend_memberships: chore(async () => readAnswer(await serviceDb().rpc('suspend_memberships'))),
  check_memberships: chore(() => checkMemberships()),
  tell_expiring_passes: chore(async () => readAnswer(await serviceDb().rpc('tell_expiring_passes'))),
  close_old_tickets: chore(async () => readAnswer(await serviceDb().rpc('close_old_tickets'))),
  expire_holds: chore(async () => readAnswer(await serviceDb().rpc('expire_holds'))),
  retry_payment_events: chore(async () => readAnswer(await serviceDb().rpc('retry_payment_events'))),
  retry_pos_inbox: chore(async () => readAnswer(await serviceDb().rpc('retry_pos_inbox'))),
  number_orders: chore(async () => readAnswer(await serviceDb().rpc('number_orders'))),
  reconcile_payments: chore(() => reconcilePayments()),
  count_visits: chore(async () => readAnswer(await serviceDb().rpc('count_visits'))),
  nudge_goals: chore(async () => readAnswer(await serviceDb().rpc('nudge_goals'))),
  tend_substitution: task(z.object({ substitution_id: z.guid() }), async ({ substitution_id }) =>
    readAnswer(await serviceDb().rpc('tend_substitution', { substitution_id })),
  ),
  write_sessions_ahead: chore(async () => readAnswer(await serviceDb().rpc('write_sessions_ahead'))),
  send_reminders: chore(async () => readAnswer(await serviceDb().rpc('send_reminders'))),
  prune: chore(async () => {
    readAnswer(await serviceDb().rpc('prune_platform'));
    readAnswer(await serviceDb().rpc('prune_carts'));
    readAnswer(await serviceDb().rpc('prune_pos'));
  }),
};

/** When the chores run (UTC). `?fill` makes up for a run missed while no worker was up. */
export const crontab = `
* * * * * expire_holds
* * * * * retry_payment_events
* * * * * retry_pos_inbox
* * * * * number_orders
* * * * * sweep_waitlists
* * * * * release_due
*/10 * * * * mark_absent
11 * * * * close_old_tickets
7 * * * * expire_passes
11 * * * * expire_points
13 * * * * give_birthday_points
19 * * * * expire_gift_cards
*/10 * * * * suspend_memberships
37 * * * * check_memberships
41 9 * * * tell_expiring_passes ?fill=1d
*/5 * * * * reconcile_payments
*/5 * * * * send_reminders
*/10 * * * * count_visits
*/30 * * * * nudge_goals ?fill=2h
17 3 * * * write_sessions_ahead ?fill=2d
43 3 * * * read_trails ?fill=2d
23 * * * * prune
`;
