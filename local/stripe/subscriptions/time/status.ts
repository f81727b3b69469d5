import type Stripe from 'stripe';
import { emit } from '../../events/events.ts';
import { deadlinesFor, timeFor, type World } from '../../world.ts';
import { awaitSubscription } from './cycle.ts';

/** Moves a subscription to another status, telling the world; `canceled` is its end. */
export function moveStatus(
  world: World,
  id: string,
  status: Stripe.Subscription.Status,
  patch: Partial<Stripe.Subscription> = {},
  reason: Stripe.Subscription.CancellationDetails.Reason = 'cancellation_requested',
): Readonly<Stripe.Subscription> {
  const before = world.store.subscriptions.need(id);
  const now = timeFor(world, before.customer as string);
  const ends = status === 'canceled' || status === 'incomplete_expired';
  const after = world.store.subscriptions.change(id, {
    ...patch,
    status,
    ...(ends && {
      ended_at: now,
      canceled_at: before.canceled_at ?? now,
      cancellation_details: {
        comment: null,
        feedback: null,
        feedback_option: null,
        ...before.cancellation_details,
        reason: before.cancellation_details?.reason ?? reason,
      },
    }),
  });
  if (ends) deadlinesFor(world, before.customer as string).clear(`subscription:${id}`);
  else awaitSubscription(world, after);
  if (status === 'canceled') emit(world, 'customer.subscription.deleted', after);
  else emit(world, 'customer.subscription.updated', after, before);
  return after;
}
