/** Stripe's hosted payment page for one attempt to pay one order. */
import type Stripe from 'stripe';
import { stripe } from './client.ts';

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
  /** 'en', 'es' or 'es-419': the language of the hosted page. */
  language: Stripe.Checkout.SessionCreateParams.Locale;
  /** Absolute addresses of the order's page. `back` may carry no query. */
  back: string;
}

/**
 * Opens the page. Every parameter follows from the attempt and the language, and the idempotency key names both, so an
 * answer that got lost is given again instead of a second page being opened. Stripe closes it after a day; we ask it to
 * as soon as the order is over (`closeCheckout`).
 */
export const openCheckout = (request: CheckoutRequest): Promise<Stripe.Checkout.Session> => {
  const metadata = {
    payment_id: request.paymentId,
    order_id: request.orderId,
    business_id: request.businessId,
  };
  return stripe().checkout.sessions.create(
    {
      mode: 'payment',
      client_reference_id: request.orderId,
      customer_email: request.email,
      locale: request.language,
      branding_settings: { display_name: request.businessName },
      line_items: request.lines.map(({ name, amountCents }) => ({
        quantity: 1,
        price_data: {
          currency: request.currency.toLowerCase(),
          unit_amount: amountCents,
          product_data: { name },
        },
      })),
      metadata,
      payment_intent_data: { metadata },
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
