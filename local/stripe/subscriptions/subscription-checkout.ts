import type Stripe from 'stripe';
import { complete, successUrl } from '../checkout/completing.ts';
import { createSetupIntent } from '../customers/setup-intents.ts';
import { emit } from '../events/events.ts';
import { intentOf } from '../invoicing/invoice-payments.ts';
import { storeItem } from '../invoicing/lines/invoice-items.ts';
import { confirm } from '../payments/attempt/confirmation.ts';
import { timeFor, type World } from '../world.ts';
import { needSubscription } from './subscriptions.ts';
import { createSubscription } from './starting.ts';
import { confirmSetup } from '../customers/setting-up.ts';

/** A trial that should know a card before it ends. */
export function askForCard(world: World, id: string): string {
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
  // What is bought once goes on the first invoice.
  const now = timeFor(world, customer);
  for (const { price, quantity, description, currency, amount_subtotal } of plan.lines)
    if (price && !price.recurring)
      storeItem(world, customer, {
        amount: amount_subtotal,
        currency,
        description: description ?? '',
        quantity: quantity ?? 1,
        period: { start: now, end: now },
        price,
        subscription: null,
        subscriptionItem: null,
        proration: false,
        discountable: true,
        metadata: {},
        invoiceItem: null,
      });
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
