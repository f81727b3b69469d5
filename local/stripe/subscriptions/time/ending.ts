import type Stripe from 'stripe';
import { emit } from '../../events/events.ts';
import { storeItem, pendingItems, draftOf } from '../../invoicing/lines/invoice-items.ts';
import { advance } from '../../invoicing/collecting.ts';
import { makeInvoice } from '../../invoicing/invoices.ts';
import { unexpectedState } from '../../wire/errors.ts';
import { timeFor, type World } from '../../world.ts';
import { unusedTime } from '../changes/changing.ts';
import { moveStatus } from './status.ts';
import { needSubscription } from '../subscriptions.ts';
import { voidInvoice } from '../../invoicing/closing.ts';

const ENDED = ['canceled', 'incomplete_expired'];

/** Ends a subscription now. Its open invoices are no longer collected by themselves. */
export function cancelSubscription(
  world: World,
  id: string,
  params: Stripe.SubscriptionCancelParams = {},
): Readonly<Stripe.Subscription> {
  const before = needSubscription(world, id);
  if (ENDED.includes(before.status))
    throw unexpectedState(`No such active subscription: ${id} is ${before.status}.`, 'resource_missing');
  if (before.status === 'incomplete') return expireIncomplete(world, id);
  const customer = before.customer as string;
  const now = timeFor(world, customer);
  if (params.prorate)
    for (const draft of unusedTime(world, before, before.items.data, now)) storeItem(world, customer, draft);
  const ended = moveStatus(world, id, 'canceled', {
    canceled_at: now,
    cancel_at_period_end: false,
    cancel_at: null,
    ...(params.cancellation_details && {
      cancellation_details: {
        comment: params.cancellation_details.comment || null,
        feedback: params.cancellation_details.feedback || null,
        feedback_option: null,
        reason: 'cancellation_requested',
      },
    }),
  });
  stopCollecting(world, id);
  const pending = pendingItems(world, customer, id);
  if (params.invoice_now && pending.length) {
    const invoice = makeInvoice(world, {
      customer,
      currency: ended.currency,
      reason: 'subscription_update',
      drafts: pending.map((item) => draftOf(world, item)),
      period: { start: now, end: now },
      subscription: ended,
    });
    advance(world, invoice.id);
  }
  return needSubscription(world, id);
}

function stopCollecting(world: World, subscription: string): void {
  for (const invoice of world.store.invoices.newestFirst())
    if (
      ['draft', 'open'].includes(invoice.status ?? '') &&
      invoice.parent?.subscription_details?.subscription === subscription
    )
      world.store.invoices.change(invoice.id, { auto_advance: false });
}

/** The first payment never came: the subscription has not been. */
export function expireIncomplete(world: World, id: string): Readonly<Stripe.Subscription> {
  const { status, latest_invoice } = needSubscription(world, id);
  if (status !== 'incomplete') return needSubscription(world, id);
  const ended = moveStatus(world, id, 'incomplete_expired');
  if (world.store.invoices.get(latest_invoice as string | null)?.status === 'open')
    voidInvoice(world, latest_invoice as string);
  return ended;
}

export function endSubscriptionsOf(world: World, customer: string): void {
  for (const subscription of world.store.subscriptions.values())
    if (subscription.customer === customer && !ENDED.includes(subscription.status))
      cancelSubscription(world, subscription.id);
}

/** Nothing is invoiced and no period begins until it is resumed. */
export function pauseSubscription(world: World, id: string): Readonly<Stripe.Subscription> {
  const before = needSubscription(world, id);
  if (!['active', 'trialing', 'past_due'].includes(before.status))
    throw unexpectedState(
      `A subscription that is ${before.status} cannot be paused.`,
      'resource_invalid_state',
    );
  const paused = moveStatus(world, id, 'paused', {
    status_details: {
      paused: {
        subscription: { type: 'pause_requested' },
        transitioned_at: timeFor(world, before.customer as string),
        type: 'subscription',
      },
    },
  });
  emit(world, 'customer.subscription.paused', paused);
  return paused;
}
