/** An outside event in our own words: what `api.receive_payment_event` obeys, whoever the provider is. */
export interface PaymentFacts {
  kind: 'payment' | 'refund' | 'dispute' | 'subscription' | 'other';
  /** Ours, from the metadata we gave the provider. */
  payment_id?: string;
  /** The provider's name for the attempt (Stripe: the Checkout Session). */
  provider_ref?: string;
  /** The provider's name for the movement of money (Stripe: the PaymentIntent). */
  intent_ref?: string;
  state?: 'pending' | 'requires_action' | 'processing' | 'authorized' | 'captured' | 'failed' | 'canceled';
  /** Minor units of `currency`. */
  amount_cents?: number;
  currency?: string;
  failure_code?: string;
  failure_message?: string;
  /** The provider's name for what was refused: news of it that comes once more, after another try has begun, is not about that one. */
  failure_ref?: string;
  /** The attempt's page takes no more money: trying again needs another one. */
  closed?: true;
  refund_id?: string;
  refund_ref?: string;
  refund_state?: 'pending' | 'succeeded' | 'failed' | 'canceled';
  dispute_ref?: string;
  dispute_state?: 'open' | 'won' | 'lost';
  /** Of a payment that began a subscription, and of what happened to one since. */
  subscription_ref?: string;
  subscription?: SubscriptionFacts;
}

/** How a subscription stands, as the provider answered when it was asked: `members.apply_subscription` obeys it. */
export interface SubscriptionFacts {
  subscription_ref: string;
  customer_ref: string;
  /** The provider's word. */
  status: string;
  /** ISO instants, as all below. */
  period_start: string;
  period_end: string;
  cancel_at_period_end: boolean;
  ended_at?: string;
  /** When we asked; an older answer never undoes a newer one. */
  seen_at: string;
  /** The plan it is; with `plan_from`, the plan it will be from then on. */
  plan_id?: string;
  plan_from?: string;
  /** Its latest bill, or the one the event is about. */
  invoice?: InvoiceFacts;
}

export interface InvoiceFacts {
  ref: string;
  status: string;
  /** Why it was written: subscription_create, subscription_cycle, subscription_update, … */
  reason: string;
  /** What was paid, or is due. */
  amount_cents: number;
  currency: string;
  intent_ref?: string;
  attempts: number;
  /** It bills a period from its beginning, and not only what a change in one comes to. */
  whole_period: boolean;
  /** What the membership's line is for. */
  period_start: string;
  period_end: string;
}

export interface PaymentEvent {
  provider: 'stripe';
  /** Unique at the provider: applied once, however often it arrives. */
  id: string;
  type: string;
  /** ISO instant at which it happened there. */
  occurredAt: string;
  facts: PaymentFacts;
  /** As it came, for the record. */
  payload: unknown;
}
