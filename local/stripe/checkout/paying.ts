import type Stripe from 'stripe';
import { needCoupon } from '../catalogue/coupons.ts';
import { chooseDiscount } from '../catalogue/discounts.ts';
import { findPromotionCode } from '../catalogue/promotion-codes.ts';
import { createCustomer } from '../customers/customers.ts';
import { createSetupIntent } from '../customers/setup-intents.ts';
import { confirm } from '../payments/attempt/confirmation.ts';
import { createPaymentIntent, needIntent } from '../payments/payment-intents.ts';
import { cancel } from '../payments/capturing.ts';
import { invalidRequest } from '../wire/errors.ts';
import type { World } from '../world.ts';
import { applyDiscount, needSession } from './checkout-sessions.ts';
import type { Typed } from './checkout-plan.ts';
import { complete, successUrl } from './completing.ts';
import { payFirstInvoice, startSubscription } from '../subscriptions/subscription-checkout.ts';
import { confirmSetup } from '../customers/setting-up.ts';

/**
 * What pressing the button on the hosted page does, with a payment method made of what was typed (`null` when nothing
 * is due). Returns where to go next; throws 402 when the bank says no.
 */
export function paySession(world: World, id: string, typed: Typed, method: string | null): string {
  const session = needSession(world, id);
  world.store.checkoutPlans.change(id, { typed });
  if (session.status !== 'open') return successUrl(world, id);
  const customer = customerFor(world, id, typed);
  if (session.mode === 'setup') return setUp(world, id, customer, method);
  if (session.mode === 'subscription') return subscribe(world, id, customer, method);
  if (session.amount_total === 0 || method === null) {
    complete(world, id, 'no_payment_required');
    return successUrl(world, id);
  }
  const intent = intentFor(world, id, customer);
  return next(
    world,
    id,
    confirm(world, intent, { payment_method: method, return_url: session.url ?? world.url }),
  );
}

/** Checkout makes a customer where the mode, the saving of the card or the caller asks for one. */
function customerFor(world: World, id: string, typed: Typed): string | null {
  const session = needSession(world, id);
  if (session.customer !== null) return session.customer as string;
  const plan = world.store.checkoutPlans.need(id);
  const wanted =
    session.mode === 'subscription' ||
    session.customer_creation === 'always' ||
    plan.paymentIntentData?.setup_future_usage !== undefined;
  if (!wanted) return null;
  const customer = createCustomer(world, {
    email: typed.email,
    ...(typed.name && { name: typed.name }),
  });
  world.store.checkoutSessions.change(id, { customer: customer.id });
  return customer.id;
}

/** One PaymentIntent for all attempts, unless the total has changed since. */
function intentFor(world: World, id: string, customer: string | null): string {
  const session = needSession(world, id);
  const plan = world.store.checkoutPlans.need(id);
  const existing = world.store.paymentIntents.get(session.payment_intent as string | null);
  if (existing && existing.amount === session.amount_total) return existing.id;
  if (existing) cancel(world, existing.id, 'automatic');
  const { amount_total, currency } = session;
  const intent = createPaymentIntent(
    world,
    {
      ...(plan.paymentIntentData as Partial<Stripe.PaymentIntentCreateParams> | null),
      amount: amount_total ?? 0,
      currency: currency ?? '',
      ...(customer !== null && { customer }),
      allowed_payment_method_types: session.payment_method_types,
    },
    { session: id },
  );
  world.store.checkoutSessions.change(id, { payment_intent: intent.id });
  return intent.id;
}

function next(world: World, id: string, intent: Readonly<Stripe.PaymentIntent>): string {
  if (intent.status === 'requires_action') return intent.next_action?.redirect_to_url?.url ?? world.url;
  if (intent.status === 'processing') completeUnpaid(world, id);
  return successUrl(world, id);
}

function completeUnpaid(world: World, id: string): void {
  if (needSession(world, id).status === 'open') complete(world, id, 'unpaid');
}

function setUp(world: World, id: string, customer: string | null, method: string | null): string {
  const session = needSession(world, id);
  const { setupIntentData } = world.store.checkoutPlans.need(id);
  let setup = session.setup_intent as string | null;
  if (setup === null) {
    setup = createSetupIntent(world, {
      ...(customer !== null && { customer }),
      ...setupIntentData,
    }).id;
    world.store.purposes.put({ id: setup, session: id });
    world.store.checkoutSessions.change(id, { setup_intent: setup });
  }
  const intent = confirmSetup(world, setup, {
    ...(method !== null && { payment_method: method }),
    return_url: session.url ?? world.url,
  });
  return intent.next_action?.redirect_to_url?.url ?? successUrl(world, id);
}

function subscribe(world: World, id: string, customer: string | null, method: string | null): string {
  const plan = world.store.checkoutPlans.need(id);
  const started = plan.subscription ?? startSubscription(world, id, customer ?? '');
  world.store.checkoutPlans.change(id, { subscription: started });
  return payFirstInvoice(world, id, started, method);
}

/** What the hosted page shows as the reason when a payment did not work. */
export function lastError(world: World, id: string): string | null {
  const session = needSession(world, id);
  const plan = world.store.checkoutPlans.need(id);
  const subscription = world.store.subscriptions.get(plan.subscription);
  const payment =
    (session.payment_intent as string | null) ??
    [...world.store.invoicePayments.values()].find((each) => each.invoice === subscription?.latest_invoice)
      ?.payment.payment_intent;
  const failed = typeof payment === 'string' ? needIntent(world, payment).last_payment_error : null;
  const setup = world.store.setupIntents.get(session.setup_intent as string | null)?.last_setup_error;
  const error = failed ?? setup;
  return error ? (error.decline_code ?? error.code ?? 'card_declined') : null;
}

/** Takes the code typed on the page; an empty one takes the discount away again. */
export function usePromotionCode(world: World, id: string, typed: string): void {
  const session = needSession(world, id);
  if (!session.allow_promotion_codes || session.status !== 'open')
    throw invalidRequest('This checkout takes no promotion codes.', { param: 'promotion_code' });
  if (typed === '') return applyDiscount(world, id, null);
  const code = findPromotionCode(world, typed);
  if (!code) throw invalidRequest('This code is invalid.', { param: 'promotion_code' });
  const chosen = chooseDiscount(
    world,
    { promotion_code: code.id },
    {
      customer: session.customer as string | null,
      amount: session.amount_subtotal ?? 0,
      currency: session.currency ?? '',
    },
  );
  applyDiscount(world, id, { ...chosen, coupon: needCoupon(world, chosen.coupon.id) });
}
