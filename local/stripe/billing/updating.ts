import type Stripe from 'stripe';
import { chooseDiscount, redeem } from '../catalogue/discounts.ts';
import { behaviourOf } from '../customers/cards.ts';
import { emit } from '../events/events.ts';
import { draftOf, pendingItems, storeItem } from '../invoicing/invoice-items.ts';
import { advance, noMethod } from '../invoicing/collecting.ts';
import { makeInvoice } from '../invoicing/invoices.ts';
import { periodLine, type LineDraft } from '../invoicing/invoice-lines.ts';
import { messageOf } from '../payments/declines.ts';
import { invalidRequest, Refusal, unexpectedState } from '../wire/errors.ts';
import { merge } from '../wire/merge.ts';
import { timeFor, type World } from '../world.ts';
import { planChange, type Change } from './changing.ts';
import { awaitSubscription, currentPeriodEnd } from './cycle.ts';
import { methodOfCustomer } from './starting.ts';
import { needSubscription } from './subscriptions.ts';

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
    'items' | 'billing_cycle_anchor' | 'proration_behavior' | 'proration_date' | 'trial_end'
  >,
) => ({
  ...(params.items && { items: params.items }),
  resetCycle: params.billing_cycle_anchor?.type === 'now',
  ...(params.proration_behavior && { behavior: params.proration_behavior }),
  ...(params.proration_date !== undefined && { at: params.proration_date }),
  ...(params.trial_end !== undefined && { trialEnd: params.trial_end }),
});

function simpleChanges(
  world: World,
  before: Readonly<Stripe.Subscription>,
  params: Params,
): Partial<Stripe.Subscription> {
  const { default_payment_method, discounts, payment_settings, cancellation_details, metadata, description } =
    params;
  const customer = before.customer as string;
  return {
    ...merge(before, {
      ...(metadata !== undefined && { metadata }),
      ...(description !== undefined && { description }),
    }),
    ...(params.collection_method && { collection_method: params.collection_method }),
    ...(params.days_until_due !== undefined && { days_until_due: params.days_until_due }),
    ...(default_payment_method !== undefined && {
      default_payment_method: default_payment_method
        ? methodOfCustomer(world, default_payment_method, customer)
        : null,
    }),
    ...(params.pause_collection !== undefined && {
      pause_collection: params.pause_collection
        ? {
            behavior: params.pause_collection.behavior,
            resumes_at: params.pause_collection.resumes_at ?? null,
          }
        : null,
    }),
    ...(payment_settings?.save_default_payment_method && {
      payment_settings: {
        payment_method_options: null,
        payment_method_types: null,
        save_default_payment_method: payment_settings.save_default_payment_method,
      },
    }),
    ...(params.trial_settings && {
      trial_settings: {
        end_behavior: {
          billing_cycle_anchor: null,
          missing_payment_method:
            params.trial_settings.end_behavior.missing_payment_method ?? 'create_invoice',
        },
      },
    }),
    ...(discounts !== undefined && { discounts: newDiscounts(world, before, discounts || []) }),
    ...cancellation(world, before, params, cancellation_details),
  };
}

function newDiscounts(
  world: World,
  { id, customer, currency, items }: Readonly<Stripe.Subscription>,
  given: { coupon?: string; promotion_code?: string }[],
): string[] {
  const amount = items.data.reduce(
    (sum, { price, quantity }) => sum + (price.unit_amount ?? 0) * (quantity ?? 1),
    0,
  );
  return given.map((each, at) => {
    const chosen = chooseDiscount(
      world,
      each,
      { customer: customer as string, amount, currency },
      `discounts[${at}]`,
    );
    const holder = { customer: customer as string, subscription: id };
    return redeem(world, chosen, holder, timeFor(world, customer as string)).id;
  });
}

function cancellation(
  world: World,
  before: Readonly<Stripe.Subscription>,
  { cancel_at_period_end, cancel_at }: Params,
  details: Params['cancellation_details'],
): Partial<Stripe.Subscription> {
  if (cancel_at_period_end !== undefined && cancel_at !== undefined)
    throw invalidRequest('You may only specify one of these parameters: cancel_at, cancel_at_period_end.', {
      param: 'cancel_at',
    });
  const said = details && {
    comment: details.comment || null,
    feedback: details.feedback || null,
    feedback_option: null,
  };
  const known = before.cancellation_details;
  if (cancel_at_period_end === undefined && cancel_at === undefined)
    return said ? { cancellation_details: { reason: known?.reason ?? null, ...said } } : {};
  const ends = cancel_at_period_end ? currentPeriodEnd(before) : ((cancel_at || null) as number | null);
  return {
    cancel_at_period_end: cancel_at_period_end ?? false,
    cancel_at: ends,
    canceled_at: ends === null ? null : timeFor(world, before.customer as string),
    cancellation_details: {
      comment: null,
      feedback: null,
      feedback_option: null,
      ...said,
      reason: ends === null ? null : 'cancellation_requested',
    },
  };
}

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
