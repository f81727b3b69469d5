import type Stripe from 'stripe';
import { redeem } from '../catalogue/discounts.ts';
import { needCoupon } from '../catalogue/coupons.ts';
import { emit } from '../events/events.ts';
import type { World } from '../world.ts';

/** The payment of a session has arrived: it is complete, or a delayed payment has come in. */
export function sessionPaid(world: World, id: string): void {
  const before = world.store.checkoutSessions.need(id);
  if (before.status === 'open') return complete(world, id, 'paid');
  if (before.status !== 'complete' || before.payment_status === 'paid') return;
  const after = world.store.checkoutSessions.change(id, { payment_status: 'paid' });
  const delayed = world.store.purposes.get(before.payment_intent as string | null)?.delayed;
  if (delayed) emit(world, 'checkout.session.async_payment_succeeded', after);
}

/** The customer has done their part, the money is not there yet: set aside, or on its way. */
export function sessionProcessed(world: World, id: string): void {
  if (world.store.checkoutSessions.need(id).status === 'open') complete(world, id, 'unpaid');
}

/** While the session is open its visitor sees why; afterwards only a delayed payment can fail. */
export function sessionPaymentFailed(world: World, id: string): void {
  const session = world.store.checkoutSessions.need(id);
  if (session.status === 'complete' && session.payment_status === 'unpaid')
    emit(world, 'checkout.session.async_payment_failed', session);
}

/** A card was saved without a payment. */
export function sessionSetUp(world: World, intent: Readonly<Stripe.SetupIntent>): void {
  const session = world.store.purposes.get(intent.id)?.session;
  if (session === undefined) return;
  const { status, mode } = world.store.checkoutSessions.need(session);
  if (status === 'open' && mode === 'setup') complete(world, session, 'no_payment_required');
}

export function complete(
  world: World,
  id: string,
  payment_status: 'paid' | 'unpaid' | 'no_payment_required',
): void {
  const before = world.store.checkoutSessions.need(id);
  const plan = world.store.checkoutPlans.need(id);
  const customer = world.store.customers.get(before.customer as string | null);
  const subscription = world.store.subscriptions.get(plan.subscription);
  if (plan.coupon !== null && before.mode === 'payment')
    redeem(
      world,
      { coupon: needCoupon(world, plan.coupon), promotionCode: plan.promotionCode },
      { customer: customer?.id ?? null, session: id },
      world.clock.now(),
    );
  const after = world.store.checkoutSessions.change(id, {
    status: 'complete',
    payment_status,
    url: null,
    ...(subscription && { subscription: subscription.id, invoice: subscription.latest_invoice }),
    customer_details: {
      address: null,
      business_name: null,
      email: plan.typed.email || customer?.email || before.customer_email,
      individual_name: null,
      name: plan.typed.name || customer?.name || null,
      phone: null,
      tax_exempt: 'none',
      tax_ids: [],
    },
  });
  world.deadlines.clear(`checkout:${id}`);
  emit(world, 'checkout.session.completed', after);
}

/** Where a person goes when all is done. */
export function successUrl(world: World, id: string): string {
  const url = world.store.checkoutSessions.need(id).success_url ?? world.url;
  return url.replaceAll('{CHECKOUT_SESSION_ID}', id).replaceAll('%7BCHECKOUT_SESSION_ID%7D', id);
}
