import type Stripe from 'stripe';
import { emit } from '../../events/events.ts';
import { draftOf, pendingItems } from '../../invoicing/lines/invoice-items.ts';
import { awaitNextStep } from '../../invoicing/collecting.ts';
import { finalizeInvoice, makeInvoice } from '../../invoicing/invoices.ts';
import { periodLine } from '../../invoicing/lines/invoice-lines.ts';
import { DAY, HOUR } from '../../state/clock.ts';
import { deadlinesFor, timeFor, type World } from '../../world.ts';
import { expireIncomplete } from './ending.ts';
import { periodEnd } from './periods.ts';
import { moveStatus } from './status.ts';
import { markUncollectible, voidInvoice } from '../../invoicing/closing.ts';

const TRIAL_WARNING = 3 * DAY;
/** How long the first payment may take. */
const INCOMPLETE_LIFETIME = 23 * HOUR;
/** A renewal's invoice stays a draft for an hour, in which it can still be added to. */
export const DRAFT_HOUR = HOUR;

/** Sets the next moment at which time alone changes a subscription. */
export function awaitSubscription(world: World, subscription: Readonly<Stripe.Subscription>): void {
  const step = nextStep(world, subscription);
  const deadlines = deadlinesFor(world, subscription.customer as string);
  if (!step) return deadlines.clear(`subscription:${subscription.id}`);
  deadlines.set(`subscription:${subscription.id}`, step.at, () => {
    step.run();
    awaitSubscription(world, world.store.subscriptions.need(subscription.id));
  });
}

interface Step {
  at: number;
  run: () => void;
}

function nextStep(world: World, subscription: Readonly<Stripe.Subscription>): Step | null {
  const { id, status, trial_end, cancel_at, pause_collection } = subscription;
  const now = timeFor(world, subscription.customer as string);
  if (status === 'incomplete')
    return { at: subscription.created + INCOMPLETE_LIFETIME, run: () => expireIncomplete(world, id) };
  if (!['active', 'trialing', 'past_due', 'unpaid'].includes(status)) return null;
  const steps: Step[] = [{ at: currentPeriodEnd(subscription), run: () => renew(world, id) }];
  if (status === 'trialing' && trial_end !== null && trial_end - TRIAL_WARNING > now)
    steps.push({ at: trial_end - TRIAL_WARNING, run: () => warnOfTrialEnd(world, id) });
  if (cancel_at !== null) steps.push({ at: cancel_at, run: () => moveStatus(world, id, 'canceled') });
  if (pause_collection?.resumes_at)
    steps.push({ at: pause_collection.resumes_at, run: () => resumeCollection(world, id) });
  // Of two at the same moment the later named comes first: what ends is not renewed.
  return steps.reduce((first, step) => (step.at <= first.at ? step : first));
}

export const currentPeriodEnd = (subscription: Readonly<Stripe.Subscription>): number =>
  Math.min(...subscription.items.data.map((item) => item.current_period_end));

export function warnOfTrialEnd(world: World, id: string): void {
  emit(world, 'customer.subscription.trial_will_end', world.store.subscriptions.need(id));
}

function resumeCollection(world: World, id: string): void {
  const before = world.store.subscriptions.need(id);
  const after = world.store.subscriptions.change(id, { pause_collection: null });
  emit(world, 'customer.subscription.updated', after, before);
}

function hasCard(world: World, subscription: Readonly<Stripe.Subscription>): boolean {
  const customer = world.store.customers.get(subscription.customer as string);
  return Boolean(subscription.default_payment_method ?? customer?.invoice_settings.default_payment_method);
}

/** A period is over: the next one begins, with its invoice. */
function renew(world: World, id: string): void {
  const before = world.store.subscriptions.need(id);
  const trialEnds = before.status === 'trialing';
  if (trialEnds && !hasCard(world, before)) {
    const missing = before.trial_settings?.end_behavior.missing_payment_method;
    if (missing === 'cancel') return void moveStatus(world, id, 'canceled');
    if (missing === 'pause') {
      const paused = moveStatus(world, id, 'paused');
      emit(world, 'customer.subscription.paused', paused);
      return;
    }
  }
  const after = world.store.subscriptions.change(id, {
    items: { ...before.items, data: nextPeriods(before) },
    ...(trialEnds && { status: 'active' }),
  });
  emit(world, 'customer.subscription.updated', after, before);
  invoiceCycle(world, after);
}

function nextPeriods(subscription: Readonly<Stripe.Subscription>): Stripe.SubscriptionItem[] {
  return subscription.items.data.map((item) => ({
    ...item,
    current_period_start: item.current_period_end,
    current_period_end: periodEnd(
      subscription.billing_cycle_anchor,
      item.price.recurring as Stripe.Price.Recurring,
      item.current_period_end,
    ),
  }));
}

/** The invoice of a new period. Paused collection decides what becomes of it; an unpaid subscription's stays a draft. */
export function invoiceCycle(world: World, subscription: Readonly<Stripe.Subscription>): void {
  const customer = subscription.customer as string;
  const now = timeFor(world, customer);
  const paused = subscription.pause_collection?.behavior;
  const waits = paused === undefined && subscription.status !== 'unpaid';
  const invoice = makeInvoice(world, {
    customer,
    currency: subscription.currency,
    reason: 'subscription_cycle',
    drafts: [
      ...pendingItems(world, customer, subscription.id).map((item) => draftOf(world, item)),
      ...subscription.items.data.map((item) =>
        periodLine(world, item, { start: item.current_period_start, end: item.current_period_end }),
      ),
    ],
    period: { start: subscription.billing_cycle_anchor, end: now },
    subscription,
    discounts: subscription.discounts as string[],
    collection: subscription.collection_method,
    daysUntilDue: subscription.days_until_due,
    autoAdvance: waits,
    finalizesAt: waits ? now + DRAFT_HOUR : null,
  });
  if (waits) awaitNextStep(world, invoice);
  if (paused !== 'void' && paused !== 'mark_uncollectible') return;
  if (finalizeInvoice(world, invoice.id).status !== 'open') return;
  if (paused === 'void') voidInvoice(world, invoice.id);
  else markUncollectible(world, invoice.id);
}

/** After a restart. */
export function resumeSubscriptions(world: World): void {
  for (const subscription of world.store.subscriptions.values()) awaitSubscription(world, subscription);
}
