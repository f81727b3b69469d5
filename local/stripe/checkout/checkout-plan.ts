import type Stripe from 'stripe';

/** What a Checkout Session is to do, which the API does not show in full, and what its visitor typed so far. */
export interface CheckoutPlan {
  /** Id of the session. */
  id: string;
  lines: Stripe.LineItem[];
  paymentIntentData: Stripe.Checkout.SessionCreateParams.PaymentIntentData | null;
  subscriptionData: Stripe.Checkout.SessionCreateParams.SubscriptionData | null;
  setupIntentData: Stripe.Checkout.SessionCreateParams.SetupIntentData | null;
  coupon: string | null;
  promotionCode: string | null;
  typed: Typed;
  /** The subscription begun by a first attempt, taken up again by the next one. */
  subscription: string | null;
}

/** Never the CVC. The number can only be one of the test cards. */
export interface Typed {
  email: string;
  name: string;
  number: string;
  expiry: string;
}
