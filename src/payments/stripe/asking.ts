/**
 * Events say that something changed; of subscriptions we ask how they stand now, because snapshots arrive in any order.
 */
import type Stripe from 'stripe';
import type { PaymentEvent, PaymentFacts } from '../facts.ts';
import { stripe } from './client.ts';
import { paymentEvent, sessionFacts } from './events.ts';
import { subscriptionFacts } from './subscription-facts.ts';
import { askedOfReader } from './terminal.ts';

/** A Checkout Session with all that its facts need. */
export async function askSession(
  id: string,
): Promise<{ session: Stripe.Checkout.Session; facts: PaymentFacts }> {
  const seenAt = new Date().toISOString();
  const session = await stripe().checkout.sessions.retrieve(id, {
    expand: ['payment_intent', 'subscription', 'invoice.payments'],
  });
  return { session, facts: sessionFacts(session, seenAt) };
}

const idOf = (value: string | { id: string } | null | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.id;

/** How a subscription stands now, with one of its invoices or the latest. */
export async function askSubscription(id: string, invoiceId?: string): Promise<PaymentFacts> {
  const seenAt = new Date().toISOString();
  const subscription = await stripe().subscriptions.retrieve(id);
  const about = invoiceId ?? idOf(subscription.latest_invoice);
  const invoice = about ? await stripe().invoices.retrieve(about, { expand: ['payments'] }) : null;
  return { kind: 'subscription', subscription: subscriptionFacts(subscription, invoice, seenAt) };
}

/** The first bill of a membership was not paid: that is an order whose payment failed. */
async function firstFailure(invoice: Stripe.Invoice): Promise<PaymentFacts> {
  const paymentId = invoice.parent?.subscription_details?.metadata?.payment_id;
  const { payments } = await stripe().invoices.retrieve(invoice.id, { expand: ['payments'] });
  const intentId = idOf(payments?.data[0]?.payment.payment_intent);
  if (!paymentId || !intentId) return { kind: 'other' };
  const { last_payment_error: error } = await stripe().paymentIntents.retrieve(intentId);
  return {
    kind: 'payment',
    payment_id: paymentId,
    state: 'failed',
    failure_code: error?.decline_code ?? error?.code ?? 'card_declined',
    ...(error?.message && { failure_message: error.message }),
  };
}

async function asked(event: Stripe.Event): Promise<PaymentFacts | null> {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded': {
      const session = event.data.object;
      return session.mode === 'subscription' ? (await askSession(session.id)).facts : null;
    }
    case 'customer.subscription.created':
    case 'customer.subscription.updated':
    case 'customer.subscription.deleted':
    case 'customer.subscription.paused':
    case 'customer.subscription.resumed':
      return askSubscription(event.data.object.id);
    case 'invoice.paid':
    case 'invoice.payment_failed':
    case 'invoice.payment_action_required':
    case 'invoice.voided':
    case 'invoice.marked_uncollectible': {
      const invoice = event.data.object;
      const subscription = idOf(invoice.parent?.subscription_details?.subscription);
      if (!subscription) return { kind: 'other' };
      if (event.type === 'invoice.payment_failed' && invoice.billing_reason === 'subscription_create')
        return firstFailure(invoice);
      return askSubscription(subscription, invoice.id);
    }
    case 'terminal.reader.action_succeeded':
    case 'terminal.reader.action_failed':
      return askedOfReader(event.data.object);
    case 'payment_intent.payment_failed':
      // Of a card at a reader the reader's own event tells, which knows whether another try is under way.
      return event.data.object.payment_method_types?.includes('card_present') ? { kind: 'other' } : null;
    default:
      return null;
  }
}

/** The event in our words, after asking where it alone does not say enough. */
export async function eventInFull(event: Stripe.Event): Promise<PaymentEvent> {
  const facts = await asked(event);
  return facts ? { ...paymentEvent(event), facts } : paymentEvent(event);
}
