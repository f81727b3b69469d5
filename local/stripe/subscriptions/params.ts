import type Stripe from 'stripe';
import { discountParams, recurringParams, taxBehavior } from '../catalogue/params.ts';
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
  whole,
  decimal,
  type Field,
} from '../wire/params.ts';

const priceData: Field<Stripe.SubscriptionCreateParams.Item.PriceData> = fields({
  currency: required(text),
  product: required(text),
  recurring: required(recurringParams),
  tax_behavior: taxBehavior,
  unit_amount: required(whole),
});

const newItem = fields<Stripe.SubscriptionCreateParams.Item>({
  metadata,
  price: text,
  price_data: priceData,
  quantity: whole,
});

/** Of an update and of a preview: with an id it changes or removes an item, without one it adds one. */
export const changedItems: Field<Stripe.SubscriptionUpdateParams.Item[]> = listOf(
  fields<Stripe.SubscriptionUpdateParams.Item>({
    id: text,
    deleted: flag,
    metadata,
    price: text,
    price_data: priceData,
    quantity: whole,
  }),
);

const paymentSettings = fields<Stripe.SubscriptionCreateParams.PaymentSettings>({
  save_default_payment_method: oneOf('off', 'on_subscription'),
  payment_method_options: noEffect,
});

const trialSettings = fields<Stripe.SubscriptionCreateParams.TrialSettings>({
  end_behavior: required(
    fields<Stripe.SubscriptionCreateParams.TrialSettings['end_behavior']>({
      missing_payment_method: required(oneOf('cancel', 'create_invoice', 'pause')),
    }),
  ),
});

/** A moment in seconds, or the word `now`. */
export const nowOr: Field<'now' | number> = {
  read: (raw, path) => (raw === 'now' ? 'now' : whole.read(raw, path)),
};

export const prorationBehavior = oneOf('always_invoice', 'create_prorations', 'none');

const collection = {
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  days_until_due: whole,
};

export const createSubscriptionParams = fields<Stripe.SubscriptionCreateParams>({
  ...collection,
  application_fee_percent: emptiable(decimal),
  billing_mode: noEffect,
  cancel_at: whole,
  cancel_at_period_end: flag,
  currency: text,
  customer: required(text),
  default_payment_method: text,
  description: text,
  discounts: emptiable(discountParams),
  items: required(listOf(newItem)),
  metadata,
  off_session: flag,
  payment_behavior: oneOf('allow_incomplete', 'default_incomplete', 'error_if_incomplete'),
  payment_settings: paymentSettings,
  proration_behavior: prorationBehavior,
  transfer_data: fields<Stripe.SubscriptionCreateParams.TransferData>({ destination: required(text) }),
  trial_end: nowOr,
  trial_period_days: whole,
  trial_settings: trialSettings,
});

export const cancellationDetails = fields<Stripe.SubscriptionUpdateParams.CancellationDetails>({
  comment: emptiable(text),
  feedback: emptiable(
    oneOf(
      'customer_service',
      'low_quality',
      'missing_features',
      'other',
      'switched_service',
      'too_complex',
      'too_expensive',
      'unused',
    ),
  ),
});

export const anchor = fields<Stripe.SubscriptionUpdateParams.BillingCycleAnchor>({
  type: required(oneOf('now', 'unchanged')),
});

export const updateSubscriptionParams = fields<Stripe.SubscriptionUpdateParams>({
  ...collection,
  billing_cycle_anchor: anchor,
  cancel_at: emptiable(whole),
  cancel_at_period_end: flag,
  cancellation_details: cancellationDetails,
  default_payment_method: text,
  description: emptiable(text),
  discounts: emptiable(discountParams),
  items: changedItems,
  metadata,
  off_session: flag,
  pause_collection: emptiable(
    fields<Stripe.SubscriptionUpdateParams.PauseCollection>({
      behavior: required(oneOf('keep_as_draft', 'mark_uncollectible', 'void')),
      resumes_at: whole,
    }),
  ),
  payment_behavior: oneOf('allow_incomplete', 'error_if_incomplete'),
  payment_settings: paymentSettings,
  proration_behavior: prorationBehavior,
  proration_date: whole,
  trial_end: nowOr,
  trial_settings: trialSettings,
});

export const previewParams = fields<Stripe.InvoiceCreatePreviewParams>({
  customer: text,
  currency: text,
  discounts: emptiable(discountParams),
  subscription: text,
  subscription_details: fields<Stripe.InvoiceCreatePreviewParams.SubscriptionDetails>({
    billing_cycle_anchor: fields<Stripe.InvoiceCreatePreviewParams.SubscriptionDetails.BillingCycleAnchor>({
      type: required(oneOf('now', 'unchanged')),
    }),
    cancel_at_period_end: flag,
    cancel_now: flag,
    items: changedItems,
    proration_behavior: prorationBehavior,
    proration_date: whole,
    trial_end: nowOr,
  }),
});
