import type Stripe from 'stripe';
import { chooseDiscount, redeem } from '../catalogue/discounts.ts';
import { complete, successUrl } from '../checkout/completing.ts';
import { needAccount } from '../connect/accounts.ts';
import { needCustomer } from '../customers/customers.ts';
import { attach, usePaymentMethod } from '../customers/payment-methods.ts';
import { confirmSetup, createSetupIntent } from '../customers/setup-intents.ts';
import { emit } from '../events/events.ts';
import { attemptPayment, awaitNextStep, noMethod } from '../invoicing/collecting.ts';
import { intentOf } from '../invoicing/invoice-payments.ts';
import { draftOf, pendingItems } from '../invoicing/invoice-items.ts';
import { finalizeInvoice, makeInvoice } from '../invoicing/invoices.ts';
import { periodLine } from '../invoicing/invoice-lines.ts';
import { confirm } from '../payments/confirmation.ts';
import { DAY } from '../state/clock.ts';
import { newId } from '../state/ids.ts';
import { invalidRequest } from '../wire/errors.ts';
import { wholeList } from '../wire/lists.ts';
import { testClockOf, timeFor, type World } from '../world.ts';
import { awaitSubscription, DRAFT_HOUR, warnOfTrialEnd } from './cycle.ts';
import { periodEnd } from './periods.ts';
import { moveStatus } from './status.ts';
import { checkSameCycle, newItem, recurringPrice } from './subscription-item.ts';
import { needSubscription } from './subscriptions.ts';
import { refuseIfUnpayable } from './updating.ts';

type Params = Stripe.SubscriptionCreateParams;

/** A payment method as the id to charge: attached to the customer already, or attached now. */
export function methodOfCustomer(world: World, reference: string, customer: string): string {
  const method = usePaymentMethod(world, reference, customer, 'default_payment_method');
  return method.customer === customer ? method.id : attach(world, method.id, customer).id;
}

export function createSubscription(world: World, params: Params): Readonly<Stripe.Subscription> {
  const customer = needCustomer(world, params.customer ?? '', 'customer');
  const now = timeFor(world, customer.id);
  const trialEnd = trialEndOf(params, now);
  const subscription = newSubscription(world, params, customer, { now, trialEnd });
  const sends = params.collection_method === 'send_invoice';
  const due = trialEnd === null && subscription.items.data.some(({ price }) => (price.unit_amount ?? 0) > 0);
  const behavior = params.payment_behavior ?? 'allow_incomplete';
  const method = subscription.default_payment_method ?? customer.invoice_settings.default_payment_method;
  if (due && !sends && behavior !== 'default_incomplete' && method === null) throw noMethod();
  if (due && !sends && behavior === 'error_if_incomplete') refuseIfUnpayable(world, subscription);
  world.store.subscriptions.put({
    ...subscription,
    status: trialEnd !== null ? 'trialing' : due && !sends ? 'incomplete' : 'active',
  });
  const discounts = (params.discounts || []).map(
    (given, at) =>
      redeem(
        world,
        chooseDiscount(
          world,
          given as { coupon?: string; promotion_code?: string },
          { customer: customer.id, amount: worthOf(subscription), currency: subscription.currency },
          `discounts[${at}]`,
        ),
        { customer: customer.id, subscription: subscription.id },
        now,
      ).id,
  );
  world.store.subscriptions.change(subscription.id, { discounts });
  if (trialEnd !== null && method === null && behavior === 'default_incomplete')
    askForCard(world, subscription.id);
  emit(world, 'customer.subscription.created', needSubscription(world, subscription.id));
  firstInvoice(world, subscription.id, sends);
  if (!sends && due && behavior !== 'default_incomplete') {
    const { latest_invoice } = needSubscription(world, subscription.id);
    if (world.store.invoices.get(latest_invoice as string)?.status === 'open')
      attemptPayment(world, latest_invoice as string);
  }
  if (trialEnd !== null && trialEnd - 3 * DAY <= now) warnOfTrialEnd(world, subscription.id);
  awaitSubscription(world, needSubscription(world, subscription.id));
  return needSubscription(world, subscription.id);
}

function trialEndOf(params: Params, now: number): number | null {
  if (params.trial_end !== undefined && params.trial_period_days !== undefined)
    throw invalidRequest('You may only specify one of these parameters: trial_end, trial_period_days.', {
      param: 'trial_end',
    });
  if (params.trial_end === 'now') return null;
  const end = params.trial_end ?? (params.trial_period_days ? now + params.trial_period_days * DAY : null);
  if (end !== null && end <= now)
    throw invalidRequest('trial_end must be in the future.', { param: 'trial_end' });
  return end;
}

const worthOf = ({ items }: Readonly<Stripe.Subscription>) =>
  items.data.reduce((sum, { price, quantity }) => sum + (price.unit_amount ?? 0) * (quantity ?? 1), 0);

function newSubscription(
  world: World,
  params: Params,
  customer: Readonly<Stripe.Customer>,
  { now, trialEnd }: { now: number; trialEnd: number | null },
): Stripe.Subscription {
  const id = newId('sub');
  const prices = (params.items ?? []).map((given, at) => recurringPrice(world, given, `items[${at}]`));
  checkSameCycle(prices);
  const recurring = prices[0]?.recurring as Stripe.Price.Recurring;
  const end = trialEnd ?? periodEnd(now, recurring, now);
  const items = prices.map((price, at) =>
    newItem(id, price, params.items?.[at] ?? {}, { start: now, end, created: now }),
  );
  if (params.transfer_data)
    needAccount(world, params.transfer_data.destination, 'transfer_data[destination]');
  const cancelAt = params.cancel_at_period_end ? end : ((params.cancel_at ?? null) as number | null);
  return {
    id,
    object: 'subscription',
    application: null,
    application_fee_percent: params.application_fee_percent || null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: trialEnd ?? now,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: null, type: 'flexible' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: cancelAt,
    cancel_at_period_end: params.cancel_at_period_end ?? false,
    canceled_at: cancelAt === null ? null : now,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: params.collection_method ?? 'charge_automatically',
    created: now,
    currency: prices[0]?.currency ?? 'eur',
    customer: customer.id,
    customer_account: null,
    days_until_due: params.days_until_due ?? null,
    default_payment_method:
      params.default_payment_method === undefined
        ? null
        : methodOfCustomer(world, params.default_payment_method, customer.id),
    default_source: null,
    default_tax_rates: [],
    description: params.description ?? null,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: wholeList(items, `/v1/subscription_items?subscription=${id}`),
    latest_invoice: null,
    livemode: false,
    managed_payments: { enabled: false },
    metadata: (params.metadata || {}) as Stripe.Metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: params.payment_settings?.save_default_payment_method ?? 'off',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: now,
    status: 'incomplete',
    test_clock: testClockOf(world, customer.id),
    transfer_data: params.transfer_data
      ? { amount_percent: null, destination: params.transfer_data.destination }
      : null,
    trial_end: trialEnd,
    trial_settings: {
      end_behavior: {
        billing_cycle_anchor: null,
        missing_payment_method:
          params.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
      },
    },
    trial_start: trialEnd === null ? null : now,
  } satisfies Stripe.Subscription;
}

function firstInvoice(world: World, id: string, sends: boolean): void {
  const subscription = needSubscription(world, id);
  const customer = subscription.customer as string;
  const now = timeFor(world, customer);
  const free = subscription.trial_end !== null;
  const invoice = makeInvoice(world, {
    customer,
    currency: subscription.currency,
    reason: 'subscription_create',
    drafts: [
      ...pendingItems(world, customer, id).map((item) => draftOf(world, item)),
      ...subscription.items.data.map((item) =>
        periodLine(world, item, { start: item.current_period_start, end: item.current_period_end }, free),
      ),
    ],
    period: { start: now, end: now },
    subscription,
    discounts: subscription.discounts as string[],
    collection: subscription.collection_method,
    daysUntilDue: subscription.days_until_due,
    finalizesAt: sends ? now + DRAFT_HOUR : null,
  });
  if (sends) awaitNextStep(world, invoice);
  else finalizeInvoice(world, invoice.id);
}

/** A trial that should know a card before it ends. */
function askForCard(world: World, id: string): string {
  const setup = createSetupIntent(world, { customer: needSubscription(world, id).customer as string });
  world.store.purposes.put({ id: setup.id });
  world.store.subscriptions.change(id, { pending_setup_intent: setup.id });
  return setup.id;
}

/** A card was saved for a subscription that waited for one. */
export function subscriptionSetUp(world: World, setup: Readonly<Stripe.SetupIntent>): void {
  for (const before of world.store.subscriptions.newestFirst()) {
    if (before.pending_setup_intent !== setup.id) continue;
    const after = world.store.subscriptions.change(before.id, {
      pending_setup_intent: null,
      default_payment_method: setup.payment_method as string,
    });
    emit(world, 'customer.subscription.updated', after, before);
    const session = world.store.purposes.get(setup.id)?.session;
    if (session !== undefined) complete(world, session, 'no_payment_required');
    return;
  }
}

/** The subscription a Checkout Session sells, waiting for its first payment. Returns its id. */
export function startSubscription(world: World, session: string, customer: string): string {
  const plan = world.store.checkoutPlans.need(session);
  const data = plan.subscriptionData;
  return createSubscription(world, {
    customer,
    items: plan.lines
      .filter(({ price }) => price?.recurring)
      .map(({ price, quantity }) => ({ price: price?.id ?? '', quantity: quantity ?? 1 })),
    payment_behavior: 'default_incomplete',
    payment_settings: { save_default_payment_method: 'on_subscription' },
    ...(data?.metadata && { metadata: data.metadata }),
    ...(data?.description !== undefined && { description: data.description }),
    ...(data?.trial_end !== undefined && { trial_end: data.trial_end }),
    ...(data?.trial_period_days !== undefined && { trial_period_days: data.trial_period_days }),
    ...(data?.trial_settings && {
      trial_settings: data.trial_settings as Stripe.SubscriptionCreateParams.TrialSettings,
    }),
    ...(plan.promotionCode !== null
      ? { discounts: [{ promotion_code: plan.promotionCode }] }
      : plan.coupon !== null && { discounts: [{ coupon: plan.coupon }] }),
  }).id;
}

/** Pays what a subscription bought at checkout costs first, or saves the card for after its trial. */
export function payFirstInvoice(world: World, session: string, id: string, method: string | null): string {
  const subscription = needSubscription(world, id);
  const page = world.store.checkoutSessions.need(session).url ?? world.url;
  const invoice = subscription.latest_invoice as string;
  const intent = intentOf(world, invoice);
  if (intent !== null) {
    world.store.purposes.change(intent, { session });
    const result = confirm(world, intent, {
      ...(method !== null && { payment_method: method }),
      return_url: page,
    });
    return result.next_action?.redirect_to_url?.url ?? successUrl(world, session);
  }
  if (method === null) {
    complete(world, session, 'no_payment_required');
    return successUrl(world, session);
  }
  const setup = (subscription.pending_setup_intent as string | null) ?? askForCard(world, id);
  world.store.purposes.change(setup, { session });
  const result = confirmSetup(world, setup, { payment_method: method, return_url: page });
  return result.next_action?.redirect_to_url?.url ?? successUrl(world, session);
}

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
