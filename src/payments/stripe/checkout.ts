/** Stripe's hosted payment page for one attempt to pay one order. */
import Stripe from 'stripe';
import { stripe } from './client.ts';

/** A membership: what is charged again and again. Amounts in minor units, tax contained. */
export interface Recurring {
  plan_id: string;
  name: string;
  every: 'month' | 'year';
  price_cents: number;
  trial_days: number;
  intro_price_cents: number | null;
  intro_periods: number;
  /** The provider's name for somebody who has paid a membership here before. */
  customer_ref: string | null;
}

export interface CheckoutRequest {
  paymentId: string;
  orderId: string;
  businessId: string;
  /** Who is being paid, as the payer knows them. */
  businessName: string;
  email: string;
  currency: string;
  /** What the payer reads, with totals in minor units, tax contained. */
  lines: { name: string; amountCents: number }[];
  /** With it the page starts a subscription; `lines` are then paid with its first charge. */
  recurring?: Recurring;
  /** 'en', 'es' or 'es-419': the language of the hosted page. */
  language: Stripe.Checkout.SessionCreateParams.Locale;
  /** Absolute addresses of the order's page. `back` may carry no query. */
  back: string;
}

type Params = Stripe.Checkout.SessionCreateParams;

/** The lower price of the first periods is a discount that ends. Its id says what it is, so that it is made once. */
async function introduction(plan: Recurring, currency: string): Promise<string> {
  const off = plan.price_cents - (plan.intro_price_cents ?? 0);
  const months = plan.intro_periods * (plan.every === 'year' ? 12 : 1);
  const id = `intro-${currency}-${off}-${months}`;
  const made = { id, amount_off: off, currency, duration: 'repeating', duration_in_months: months } as const;
  await stripe()
    .coupons.create(made)
    .catch((error: unknown) => {
      if (!(
        error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_already_exists'
      ))
        throw error;
    });
  return id;
}

async function subscriptionParams(
  plan: Recurring,
  currency: string,
  metadata: Record<string, string>,
): Promise<Partial<Params>> {
  const introduced = plan.intro_price_cents !== null && plan.intro_price_cents < plan.price_cents;
  return {
    mode: 'subscription',
    subscription_data: {
      metadata: { ...metadata, plan_id: plan.plan_id },
      ...(plan.trial_days > 0 && { trial_period_days: plan.trial_days }),
    },
    ...(introduced && { discounts: [{ coupon: await introduction(plan, currency) }] }),
  };
}

/**
 * Opens the page. Every parameter follows from the attempt and the language, and the idempotency key names both, so an
 * answer that got lost is given again instead of a second page being opened. Stripe closes it after a day; we ask it to
 * as soon as the order is over (`closeCheckout`).
 */
export const openCheckout = async (request: CheckoutRequest): Promise<Stripe.Checkout.Session> => {
  const metadata = {
    payment_id: request.paymentId,
    order_id: request.orderId,
    business_id: request.businessId,
  };
  const { recurring } = request;
  const currency = request.currency.toLowerCase();
  const line = (name: string, amount: number, every?: 'month' | 'year') => ({
    quantity: 1,
    price_data: {
      currency,
      unit_amount: amount,
      product_data: { name },
      ...(every && { recurring: { interval: every } }),
    },
  });
  return stripe().checkout.sessions.create(
    {
      client_reference_id: request.orderId,
      ...(recurring?.customer_ref ? { customer: recurring.customer_ref } : { customer_email: request.email }),
      locale: request.language,
      branding_settings: { display_name: request.businessName },
      line_items: [
        ...(recurring ? [line(recurring.name, recurring.price_cents, recurring.every)] : []),
        ...request.lines.map(({ name, amountCents }) => line(name, amountCents)),
      ],
      metadata,
      ...(recurring
        ? await subscriptionParams(recurring, currency, metadata)
        : { mode: 'payment', payment_intent_data: { metadata } }),
      success_url: `${request.back}?checkout={CHECKOUT_SESSION_ID}`,
      cancel_url: request.back,
    },
    { idempotencyKey: `payment:${request.paymentId}:${request.back}` },
  );
};

/** Stops a page from taking money. One that was paid or closed in the meantime is left as it is. */
export async function closeCheckout(sessionId: string): Promise<void> {
  const session = await stripe().checkout.sessions.retrieve(sessionId);
  if (session.status === 'open') await stripe().checkout.sessions.expire(sessionId);
}
