/**
 * Stripe's events in our words. Snapshot events carry the object as it was when the event was made; they arrive at
 * least once and in any order, so nothing here decides anything: SQL keeps the highest rank a payment reached.
 */
import type Stripe from 'stripe';
import type { PaymentEvent, PaymentFacts } from '../facts.ts';
import { intentOfInvoice, subscriptionFacts } from './subscription-facts.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const idOf = (value: string | { id: string } | null | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.id;
/** Only what is ours: somebody else's metadata on the same Stripe account is not a payment of ours. */
const ours = (value: string | undefined): string | undefined =>
  value && uuid.test(value) ? value : undefined;
const present = <T extends object>(facts: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as T;

/** Money that was on its way (a bank debit) and did not come: the page is used up. */
const notCome = { state: 'failed', failure_code: 'payment_failed', closed: true } as const;

function sessionState({
  payment_status,
  status,
  payment_intent,
}: Stripe.Checkout.Session): Partial<PaymentFacts> {
  // Nothing to pay today: a membership that begins with a trial.
  if (payment_status === 'paid' || (payment_status === 'no_payment_required' && status === 'complete'))
    return { state: 'captured' };
  if (status === 'expired') return { state: 'canceled' };
  if (status !== 'complete') return { state: 'pending' };
  // Only an intent that was asked for in full tells; events name it, and say it by their type.
  const over = typeof payment_intent === 'object' && payment_intent?.status === 'requires_payment_method';
  return over ? notCome : { state: 'processing' };
}

/**
 * A Checkout Session as it stands: paid, still open, on its way, or over. Of one that sells a subscription `seenAt` is
 * when it was asked for with its subscription and the payments of its first invoice (`askedInFull`).
 */
export function sessionFacts(session: Stripe.Checkout.Session, seenAt?: string): PaymentFacts {
  const { subscription, invoice } = session;
  const paidWith = typeof invoice === 'object' && invoice ? intentOfInvoice(invoice) : undefined;
  return present<PaymentFacts>({
    kind: 'payment',
    payment_id: ours(session.metadata?.payment_id),
    provider_ref: session.id,
    intent_ref: idOf(session.payment_intent) ?? paidWith,
    ...sessionState(session),
    amount_cents: session.amount_total ?? undefined,
    currency: session.currency?.toUpperCase(),
    subscription_ref: idOf(subscription),
    subscription:
      typeof subscription === 'object' && subscription && seenAt
        ? subscriptionFacts(subscription, null, seenAt)
        : undefined,
  });
}

const intentStates: Record<Stripe.PaymentIntent.Status, NonNullable<PaymentFacts['state']>> = {
  requires_payment_method: 'pending',
  requires_confirmation: 'pending',
  requires_action: 'requires_action',
  processing: 'processing',
  requires_capture: 'authorized',
  succeeded: 'captured',
  canceled: 'canceled',
};

function intentFacts(intent: Stripe.PaymentIntent, failed: boolean): PaymentFacts {
  const error = intent.last_payment_error;
  return present<PaymentFacts>({
    kind: 'payment',
    payment_id: ours(intent.metadata.payment_id),
    intent_ref: intent.id,
    state: failed ? 'failed' : intentStates[intent.status],
    amount_cents: intent.amount_received || undefined,
    currency: intent.currency.toUpperCase(),
    failure_code: failed ? (error?.decline_code ?? error?.code ?? 'card_declined') : undefined,
    failure_message: failed ? error?.message : undefined,
  });
}

/** A refund as it stands; `refund_id` is ours, absent when somebody refunded in the provider's own dashboard. */
export const refundFacts = (refund: Stripe.Refund): PaymentFacts =>
  present<PaymentFacts>({
    kind: 'refund',
    payment_id: ours(refund.metadata?.payment_id),
    intent_ref: idOf(refund.payment_intent),
    refund_id: ours(refund.metadata?.refund_id),
    refund_ref: refund.id,
    refund_state:
      refund.status === 'succeeded' || refund.status === 'failed' || refund.status === 'canceled'
        ? refund.status
        : 'pending',
    amount_cents: refund.amount,
    currency: refund.currency.toUpperCase(),
    failure_message: refund.failure_reason,
  });

const disputeFacts = (dispute: Stripe.Dispute): PaymentFacts =>
  present<PaymentFacts>({
    kind: dispute.status.startsWith('warning_') ? 'other' : 'dispute',
    intent_ref: idOf(dispute.payment_intent),
    dispute_ref: dispute.id,
    dispute_state: dispute.status === 'won' ? 'won' : dispute.status === 'lost' ? 'lost' : 'open',
    amount_cents: dispute.amount,
    currency: dispute.currency.toUpperCase(),
  });

function factsOf(event: Stripe.Event): PaymentFacts {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.expired':
      return sessionFacts(event.data.object);
    case 'checkout.session.async_payment_failed':
      return { ...sessionFacts(event.data.object), ...notCome };
    case 'payment_intent.succeeded':
    case 'payment_intent.processing':
    case 'payment_intent.requires_action':
    case 'payment_intent.amount_capturable_updated':
      return intentFacts(event.data.object, false);
    case 'payment_intent.payment_failed':
      return intentFacts(event.data.object, true);
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
      return refundFacts(event.data.object);
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed':
      return disputeFacts(event.data.object);
    default:
      return { kind: 'other' };
  }
}

export const paymentEvent = (event: Stripe.Event): PaymentEvent => ({
  provider: 'stripe',
  id: event.id,
  type: event.type,
  occurredAt: new Date(event.created * 1000).toISOString(),
  facts: factsOf(event),
  payload: event,
});
