import type Stripe from 'stripe';
import { behaviourOf } from '../../customers/cards.ts';
import { emit } from '../../events/events.ts';
import { draftOf, pendingItems, storeItem } from '../../invoicing/lines/invoice-items.ts';
import { advance, noMethod } from '../../invoicing/collecting.ts';
import { makeInvoice } from '../../invoicing/invoices.ts';
import { periodLine, type LineDraft } from '../../invoicing/lines/invoice-lines.ts';
import { messageOf } from '../../payments/attempt/declines.ts';
import { Refusal, unexpectedState } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { planChange, type Change } from './changing.ts';
import { awaitSubscription } from '../time/cycle.ts';
import { needSubscription } from '../subscriptions.ts';
import { simpleChanges } from './simple-changes.ts';

type Params = Stripe.SubscriptionUpdateParams;

export function updateSubscription(world: World, id: string, params: Params): Readonly<Stripe.Subscription> {
  const before = needSubscription(world, id);
  if (['canceled', 'incomplete_expired'].includes(before.status)) checkOnlyNotes(params);
  const changesPlan =
    params.items !== undefined ||
    params.billing_cycle_anchor?.type === 'now' ||
    params.trial_end !== undefined;
  const change = changesPlan ? planChange(world, before, wantedOf(params)) : null;
  const behavior = params.proration_behavior ?? 'create_prorations';
  const bills =
    change !== null && (change.reset || (behavior === 'always_invoice' && change.prorations.length > 0));
  if (bills && params.payment_behavior === 'error_if_incomplete') refuseIfUnpayable(world, before);
  world.store.subscriptions.change(id, simpleChanges(world, before, params));
  if (change) applyChange(world, id, change);
  const applied = needSubscription(world, id);
  if (change && !bills)
    for (const draft of change.prorations) storeItem(world, before.customer as string, draft);
  emit(world, 'customer.subscription.updated', applied, before);
  if (bills) invoiceChange(world, applied, change);
  awaitSubscription(world, needSubscription(world, id));
  return needSubscription(world, id);
}

function checkOnlyNotes(params: Params): void {
  if (Object.keys(params).every((name) => ['metadata', 'cancellation_details'].includes(name))) return;
  throw unexpectedState(
    'A canceled subscription can only update its cancellation_details and metadata.',
    'resource_missing',
  );
}

export const wantedOf = (
  params: Pick<
    Params,
    'items' | 'billing_cycle_anchor' | 'proration_behavior' | 'proration_date' | 'trial_end' | 'discounts'
  >,
) => ({
  ...(params.items && { items: params.items }),
  resetCycle: params.billing_cycle_anchor?.type === 'now',
  ...(params.proration_behavior && { behavior: params.proration_behavior }),
  ...(params.proration_date !== undefined && { at: params.proration_date }),
  ...(params.trial_end !== undefined && { trialEnd: params.trial_end }),
  ...(params.discounts !== undefined && { discounts: params.discounts }),
});

function applyChange(world: World, id: string, change: Change): void {
  const before = needSubscription(world, id);
  const { start, end } = change.period;
  world.store.subscriptions.change(id, {
    items: { ...before.items, data: change.items },
    ...(change.reset && { billing_cycle_anchor: start }),
    ...(change.trialing
      ? {
          status: 'trialing',
          trial_start: before.trial_start ?? start,
          trial_end: end,
          billing_cycle_anchor: end,
        }
      : before.status === 'trialing' && { status: 'active', trial_end: start }),
    ...(before.cancel_at_period_end && { cancel_at: end }),
  });
}

/** What a change puts on an invoice at once. */
export function changeDrafts(
  world: World,
  subscription: Readonly<Stripe.Subscription>,
  change: Change,
): LineDraft[] {
  return [
    ...pendingItems(world, subscription.customer as string, subscription.id).map((item) =>
      draftOf(world, item),
    ),
    ...change.prorations,
    ...(change.reset ? change.items.map((item) => periodLine(world, item, change.period)) : []),
  ];
}

function invoiceChange(world: World, subscription: Readonly<Stripe.Subscription>, change: Change): void {
  const invoice = makeInvoice(world, {
    customer: subscription.customer as string,
    currency: subscription.currency,
    reason: 'subscription_update',
    drafts: changeDrafts(world, subscription, change),
    period: change.period,
    subscription,
    discounts: subscription.discounts as string[],
    collection: subscription.collection_method,
    daysUntilDue: subscription.days_until_due,
  });
  advance(world, invoice.id);
}

/** For callers who would rather have no change than an unpaid one. */
export function refuseIfUnpayable(world: World, subscription: Readonly<Stripe.Subscription>): void {
  const customer = world.store.customers.get(subscription.customer as string);
  const method = (subscription.default_payment_method ??
    customer?.invoice_settings.default_payment_method ??
    null) as string | null;
  if (method === null) throw noMethod();
  const instrument = world.store.instruments.need(method);
  const card = behaviourOf(instrument.number);
  const asks = card.authenticate === 'always' || (card.authenticate && !instrument.setUp);
  if (!card.decline && !asks) return;
  const why = asks
    ? { code: 'subscription_payment_intent_requires_action' }
    : { code: card.code ?? 'card_declined', ...(card.decline && { decline: card.decline }) };
  throw new Refusal(402, {
    type: 'card_error',
    code: why.code,
    message: messageOf(why),
    ...(card.decline && !asks && { decline_code: card.decline }),
  });
}
