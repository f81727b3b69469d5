import type Stripe from 'stripe';
import { invoicePaymentFailed, invoicePaid } from '../invoicing/collecting.ts';
import { sessionPaid, sessionPaymentFailed, sessionProcessed } from '../checkout/completing.ts';
import type { World } from '../world.ts';

/** Who waits for a payment hears of its outcome here: the checkout session or the invoice it was made for. */

export function paymentSucceeded(world: World, intent: Readonly<Stripe.PaymentIntent>): void {
  const { session, invoice } = world.store.purposes.need(intent.id);
  // The invoice first: a session that sold a subscription is complete once that is active.
  if (invoice !== undefined) invoicePaid(world, invoice, intent);
  if (session !== undefined) sessionPaid(world, session);
}

/** Money set aside counts as a completed checkout that is not paid yet. */
export function paymentAuthorized(world: World, intent: Readonly<Stripe.PaymentIntent>): void {
  const { session } = world.store.purposes.need(intent.id);
  if (session !== undefined) sessionProcessed(world, session);
}

export function paymentFailed(world: World, intent: Readonly<Stripe.PaymentIntent>): void {
  const { session, invoice } = world.store.purposes.need(intent.id);
  if (session !== undefined) sessionPaymentFailed(world, session);
  if (invoice !== undefined) invoicePaymentFailed(world, invoice);
}
