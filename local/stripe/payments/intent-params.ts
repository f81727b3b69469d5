import type Stripe from 'stripe';
import { methodDataParams, shippingParams } from '../customers/params.ts';
import {
  emptiable,
  fields,
  flag,
  listOf,
  metadata,
  noEffect,
  oneOf,
  required,
  text,
  webAddress,
  whole,
  type Field,
} from '../wire/params.ts';

const captureMethod = oneOf('automatic', 'automatic_async', 'manual');
const futureUsage = oneOf('off_session', 'on_session');
/** Two words for `true` say what kind of payment it is; here they make no difference. */
const offSession: Field<boolean> = {
  read: (raw, path) => raw === 'one_off' || raw === 'recurring' || flag.read(raw, path),
};
const transferData = fields<Stripe.PaymentIntentCreateParams.TransferData>({
  destination: required(text),
  amount: whole,
});

/** Of creating and of confirming alike. */
const shared = {
  error_on_requires_action: flag,
  off_session: offSession,
  payment_method: text,
  payment_method_data: methodDataParams,
  payment_method_options: noEffect,
  mandate_data: noEffect,
  radar_options: noEffect,
  return_url: webAddress,
  setup_future_usage: futureUsage,
  shipping: shippingParams,
  use_stripe_sdk: noEffect,
  capture_method: captureMethod,
  receipt_email: text,
} as const;

export const createParams = fields<Stripe.PaymentIntentCreateParams>({
  ...shared,
  amount: required(whole),
  currency: required(text),
  allowed_payment_method_types: listOf(text),
  application_fee_amount: whole,
  automatic_payment_methods: fields<Stripe.PaymentIntentCreateParams.AutomaticPaymentMethods>({
    enabled: required(flag),
    allow_redirects: oneOf('always', 'never'),
  }),
  confirm: flag,
  confirmation_method: oneOf('automatic', 'manual'),
  customer: text,
  description: text,
  metadata,
  on_behalf_of: text,
  statement_descriptor: text,
  statement_descriptor_suffix: text,
  transfer_data: transferData,
  transfer_group: text,
});

export const confirmParams = fields<Stripe.PaymentIntentConfirmParams>(shared);

export const updateParams = fields<Stripe.PaymentIntentUpdateParams>({
  amount: whole,
  currency: text,
  application_fee_amount: emptiable(whole),
  capture_method: captureMethod,
  customer: text,
  description: text,
  metadata,
  payment_method: text,
  payment_method_options: noEffect,
  receipt_email: emptiable(text),
  setup_future_usage: emptiable(futureUsage),
  shipping: emptiable(shippingParams),
  statement_descriptor: text,
  statement_descriptor_suffix: text,
  transfer_group: text,
});
