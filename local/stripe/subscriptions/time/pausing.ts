import type Stripe from 'stripe';
import { emit } from '../../events/events.ts';
import { attemptPayment } from '../../invoicing/collecting.ts';
import { finalizeInvoice, makeInvoice } from '../../invoicing/invoices.ts';
import { periodLine } from '../../invoicing/lines/invoice-lines.ts';
import { invalidRequest } from '../../wire/errors.ts';
import { timeFor, type World } from '../../world.ts';
import { periodEnd } from './periods.ts';
import { moveStatus } from './status.ts';
import { needSubscription } from '../subscriptions.ts';

/** Begins a paused subscription again, with a new period and its invoice. */
export function resumeSubscription(
  world: World,
  id: string,
  params: Stripe.SubscriptionResumeParams,
): Readonly<Stripe.Subscription> {
  const before = needSubscription(world, id);
  if (before.status !== 'paused')
    throw invalidRequest(`A subscription that is ${before.status} cannot be resumed.`, {
      code: 'resource_invalid_state',
    });
  const now = timeFor(world, before.customer as string);
  const keeps =
    params.billing_cycle_anchor?.type === 'unchanged' &&
    (before.items.data[0]?.current_period_end ?? 0) > now;
  const items = before.items.data.map((item) =>
    keeps
      ? item
      : {
          ...item,
          current_period_start: now,
          current_period_end: periodEnd(now, item.price.recurring as Stripe.Price.Recurring, now),
        },
  );
  const { status_details: _over, ...rest } = before;
  world.store.subscriptions.put({
    ...rest,
    items: { ...before.items, data: items },
    billing_cycle_anchor: keeps ? before.billing_cycle_anchor : now,
  });
  const resumed = moveStatus(world, id, 'active');
  emit(world, 'customer.subscription.resumed', resumed);
  if (keeps) return resumed;
  const invoice = makeInvoice(world, {
    customer: before.customer as string,
    currency: before.currency,
    reason: 'subscription_update',
    drafts: items.map((item) =>
      periodLine(world, item, { start: item.current_period_start, end: item.current_period_end }),
    ),
    period: { start: now, end: now },
    subscription: resumed,
    discounts: resumed.discounts as string[],
  });
  if (finalizeInvoice(world, invoice.id).status === 'open') attemptPayment(world, invoice.id);
  return needSubscription(world, id);
}
