/** Subscriptions and their invoices in our words. */
import type Stripe from 'stripe';
import type { InvoiceFacts, SubscriptionFacts } from '../facts.ts';

const instant = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** The movement of money that paid an invoice (asked for with its payments), or is to. */
export function intentOfInvoice({ payments }: Stripe.Invoice): string | undefined {
  const tried = payments?.data ?? [];
  const intent = (tried.find(({ status }) => status === 'paid') ?? tried.find(({ is_default }) => is_default))
    ?.payment.payment_intent;
  return typeof intent === 'string' ? intent : intent?.id;
}

/** Metadata is everybody's to write at the provider; only what looks like ours is taken for ours. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function planFacts({ metadata }: Stripe.Subscription): Pick<SubscriptionFacts, 'plan_id' | 'plan_from'> {
  const { plan_id = '', plan_from = '' } = metadata;
  if (!uuid.test(plan_id)) return {};
  return { plan_id, ...(/^\d{9,11}$/.test(plan_from) && { plan_from: instant(Number(plan_from)) }) };
}

function invoiceFacts(invoice: Stripe.Invoice): InvoiceFacts {
  const whole = invoice.lines.data.find(
    ({ parent }) => parent?.subscription_item_details && !parent.subscription_item_details.proration,
  );
  const period = whole?.period ?? { start: invoice.period_start, end: invoice.period_end };
  const intent = intentOfInvoice(invoice);
  return {
    ref: invoice.id,
    status: invoice.status ?? 'draft',
    reason: invoice.billing_reason ?? 'manual',
    amount_cents: invoice.status === 'paid' ? invoice.amount_paid : invoice.amount_due,
    currency: invoice.currency.toUpperCase(),
    ...(intent && { intent_ref: intent }),
    attempts: invoice.attempt_count,
    // A trial has a line of its own, of nothing.
    whole_period: invoice.billing_reason !== 'subscription_create' && (whole?.amount ?? 0) > 0,
    period_start: instant(period.start),
    period_end: instant(period.end),
  };
}

/** `invoice` asked for with its payments, or null. */
export function subscriptionFacts(
  subscription: Stripe.Subscription,
  invoice: Stripe.Invoice | null,
  seenAt: string,
): SubscriptionFacts {
  const [item] = subscription.items.data;
  const { customer, ended_at } = subscription;
  return {
    subscription_ref: subscription.id,
    customer_ref: typeof customer === 'string' ? customer : customer.id,
    status: subscription.status,
    period_start: instant(item?.current_period_start ?? subscription.start_date),
    period_end: instant(item?.current_period_end ?? subscription.start_date),
    cancel_at_period_end: subscription.cancel_at_period_end,
    ...(ended_at && { ended_at: instant(ended_at) }),
    seen_at: seenAt,
    ...planFacts(subscription),
    ...(invoice && { invoice: invoiceFacts(invoice) }),
  };
}
