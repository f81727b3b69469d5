import type Stripe from 'stripe';
import { fields, listOf, oneOf, required, text, whole } from '../wire/params.ts';

export const taxBehavior = oneOf('exclusive', 'inclusive', 'unspecified');

export const recurringParams = fields<Stripe.PriceCreateParams.Recurring>({
  interval: required(oneOf('day', 'week', 'month', 'year')),
  interval_count: whole,
  usage_type: oneOf('licensed'),
});

/** `discounts[0][coupon]=…` or `[promotion_code]=…`. */
export const discountParams = listOf(
  fields<Stripe.SubscriptionCreateParams.Discount>({ coupon: text, promotion_code: text }),
);

/** A number in Stripe's decimal fields travels as a string; only the SDK turns it into its own class. */
export const decimalOnWire = (value: number): Stripe.Decimal => String(value) as unknown as Stripe.Decimal;
