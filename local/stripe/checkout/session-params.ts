import type Stripe from 'stripe';
import { discountParams, recurringParams, taxBehavior } from '../catalogue/params.ts';
import {
  type Field,
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
} from '../wire/params.ts';

type Params = Stripe.Checkout.SessionCreateParams;

const paymentIntentData: Field<Stripe.Checkout.SessionCreateParams.PaymentIntentData> = fields({
  application_fee_amount: whole,
  capture_method: oneOf('automatic', 'automatic_async', 'manual'),
  description: text,
  metadata,
  on_behalf_of: text,
  receipt_email: text,
  setup_future_usage: oneOf('off_session', 'on_session'),
  statement_descriptor: text,
  statement_descriptor_suffix: text,
  transfer_data: fields({ destination: required(text), amount: whole }),
  transfer_group: text,
});

const subscriptionData: Field<Stripe.Checkout.SessionCreateParams.SubscriptionData> = fields({
  description: text,
  metadata,
  trial_end: whole,
  trial_period_days: whole,
  trial_settings: fields({
    end_behavior: required(
      fields({ missing_payment_method: required(oneOf('cancel', 'create_invoice', 'pause')) }),
    ),
  }),
});

const lineItems: Field<NonNullable<Params['line_items']>> = listOf(
  fields({
    metadata,
    price: text,
    price_data: fields({
      currency: required(text),
      product: text,
      product_data: fields({
        name: required(text),
        description: text,
        images: listOf(text),
        metadata,
        tax_code: text,
        unit_label: text,
      }),
      recurring: recurringParams,
      tax_behavior: taxBehavior,
      unit_amount: required(whole),
    }),
    quantity: whole,
  }),
);

export const createSessionParams = fields<Params>({
  allow_promotion_codes: flag,
  allowed_payment_method_types: listOf(oneOf('card', 'sepa_debit')),
  billing_address_collection: oneOf('auto'),
  branding_settings: fields({
    background_color: text,
    border_style: oneOf('pill', 'rectangular', 'rounded'),
    button_color: text,
    display_name: text,
    font_family: text,
    icon: noEffect,
    logo: noEffect,
  }),
  cancel_url: webAddress,
  client_reference_id: text,
  currency: text,
  custom_text: fields({
    submit: fields({ message: required(text) }),
    after_submit: fields({ message: required(text) }),
  }),
  customer: text,
  customer_creation: oneOf('always', 'if_required'),
  customer_email: text,
  customer_update: noEffect,
  discounts: discountParams,
  expires_at: whole,
  integration_identifier: text,
  line_items: lineItems,
  locale: text,
  metadata,
  mode: oneOf('payment', 'setup', 'subscription'),
  origin_context: oneOf('mobile_app', 'web'),
  payment_intent_data: paymentIntentData,
  payment_method_collection: oneOf('always', 'if_required'),
  payment_method_options: noEffect,
  saved_payment_method_options: noEffect,
  setup_intent_data: fields({ description: text, metadata }),
  submit_type: oneOf('auto', 'book', 'donate', 'pay', 'subscribe'),
  subscription_data: subscriptionData,
  success_url: webAddress,
  ui_mode: text,
});
