import type Stripe from 'stripe';
import { emptiable, fields, metadata, noEffect, oneOf, required, text, whole } from '../wire/params.ts';

export const addressParams = fields<Stripe.AddressParam>({
  city: text,
  country: text,
  line1: text,
  line2: text,
  postal_code: text,
  state: text,
});

export const shippingParams = fields<Stripe.PaymentIntentCreateParams.Shipping>({
  address: required(addressParams),
  carrier: text,
  name: required(text),
  phone: text,
  tracking_number: text,
});

export const billingParams = fields<Stripe.PaymentMethodCreateParams.BillingDetails>({
  address: emptiable(addressParams),
  email: emptiable(text),
  name: emptiable(text),
  phone: emptiable(text),
});

export const paymentMethodParams = fields<Stripe.PaymentMethodCreateParams>({
  type: required(oneOf('card', 'sepa_debit')),
  card: fields<Stripe.PaymentMethodCreateParams.Card>({
    number: text,
    exp_month: whole,
    exp_year: whole,
    cvc: text,
    token: text,
  }),
  sepa_debit: fields<Stripe.PaymentMethodCreateParams.SepaDebit>({ iban: required(text) }),
  billing_details: billingParams,
  allow_redisplay: oneOf('always', 'limited', 'unspecified'),
  metadata,
  radar_options: noEffect,
});

/** `payment_method_data` of intents, which takes no typed cards. */
export const methodDataParams = fields<Stripe.PaymentIntentCreateParams.PaymentMethodData>({
  type: required(oneOf('sepa_debit')),
  sepa_debit: fields<Stripe.PaymentIntentCreateParams.PaymentMethodData.SepaDebit>({ iban: required(text) }),
  billing_details: billingParams,
  metadata,
});

/** The address Stripe stores for the one that was sent. */
export function wholeAddress(
  given: Stripe.Emptyable<Stripe.AddressParam> | undefined,
): Stripe.Address | null {
  if (!given) return null;
  return {
    city: given.city || null,
    country: given.country || null,
    line1: given.line1 || null,
    line2: given.line2 || null,
    postal_code: given.postal_code || null,
    state: given.state || null,
  };
}
