import type Stripe from 'stripe';
import { emit } from '../events/events.ts';
import { noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range } from '../lists/lists.ts';
import { fields, flag, noEffect, oneOf, text } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import { searchPage, searchParams } from '../lists/search.ts';
import type { World } from '../world.ts';
import { cancelSubscription, pauseSubscription } from './time/ending.ts';
import { anchor, cancellationDetails, createSubscriptionParams, updateSubscriptionParams } from './params.ts';
import { createSubscription } from './starting.ts';
import { updateSubscription } from './changes/updating.ts';
import { resumeSubscription } from './time/pausing.ts';

export function needSubscription(world: World, id: string, param?: string): Readonly<Stripe.Subscription> {
  const subscription = world.store.subscriptions.get(id);
  if (!subscription) throw noSuch('subscription', id, param);
  return subscription;
}

const listParams = fields<Stripe.SubscriptionListParams>({
  ...paging,
  collection_method: text,
  created: range,
  current_period_end: range,
  current_period_start: range,
  customer: text,
  price: text,
  status: oneOf(
    'active',
    'all',
    'canceled',
    'ended',
    'incomplete',
    'incomplete_expired',
    'past_due',
    'paused',
    'trialing',
    'unpaid',
  ),
  test_clock: text,
});

/** Without a status, everything that is not canceled. */
function hasStatus({ status }: Readonly<Stripe.Subscription>, wanted: string | undefined): boolean {
  if (wanted === 'all') return true;
  if (wanted === 'ended') return status === 'canceled' || status === 'incomplete_expired';
  return wanted === undefined ? status !== 'canceled' : status === wanted;
}

function listSubscriptions(world: World, params: Stripe.SubscriptionListParams, path: string) {
  return listPage(
    world.store.subscriptions,
    path,
    params,
    (each) =>
      hasStatus(each, params.status) &&
      each.customer === (params.customer ?? each.customer) &&
      each.collection_method === (params.collection_method ?? each.collection_method) &&
      each.test_clock === (params.test_clock ?? each.test_clock) &&
      (params.price === undefined || each.items.data.some(({ price }) => price.id === params.price)) &&
      each.items.data.some(({ current_period_end }) =>
        inRange(current_period_end, params.current_period_end),
      ) &&
      each.items.data.some(({ current_period_start }) =>
        inRange(current_period_start, params.current_period_start),
      ) &&
      inRange(each.created, params.created),
  );
}

const cancelParams = fields<Stripe.SubscriptionCancelParams>({
  cancellation_details: cancellationDetails,
  invoice_now: flag,
  prorate: flag,
});

export const subscriptionRoutes: Route[] = [
  route('POST', '/subscriptions', createSubscriptionParams, ({ world, params }) =>
    createSubscription(world, params),
  ),
  route('GET', '/subscriptions', listParams, ({ world, params, path }) =>
    listSubscriptions(world, params, path),
  ),
  route('GET', '/subscriptions/search', searchParams, ({ world, params, path }) =>
    searchPage(world.store.subscriptions, path, params),
  ),
  route('GET', '/subscriptions/:id', noParams, ({ world }, id) => needSubscription(world, id)),
  route('POST', '/subscriptions/:id', updateSubscriptionParams, ({ world, params }, id) =>
    updateSubscription(world, id, params),
  ),
  route('DELETE', '/subscriptions/:id', cancelParams, ({ world, params }, id) =>
    cancelSubscription(world, id, params),
  ),
  route('DELETE', '/subscriptions/:id/discount', noParams, ({ world }, id) => {
    const before = needSubscription(world, id);
    const discount = world.store.discounts.get(before.discounts[0] as string | undefined);
    if (!discount) throw noSuch('active discount for subscription', id);
    emit(
      world,
      'customer.subscription.updated',
      world.store.subscriptions.change(id, { discounts: [] }),
      before,
    );
    return { ...discount, deleted: true };
  }),
  route(
    'POST',
    '/subscriptions/:id/pause',
    fields<Stripe.SubscriptionPauseParams>({ type: oneOf('subscription'), bill_for: noEffect }),
    ({ world }, id) => pauseSubscription(world, id),
  ),
  route(
    'POST',
    '/subscriptions/:id/resume',
    fields<Stripe.SubscriptionResumeParams>({
      billing_cycle_anchor: anchor,
      payment_behavior: noEffect,
      proration_behavior: noEffect,
    }),
    ({ world, params }, id) => resumeSubscription(world, id, params),
  ),
];
