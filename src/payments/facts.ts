/** An outside event in our own words: what `api.receive_payment_event` obeys, whoever the provider is. */
export interface PaymentFacts {
  kind: 'payment' | 'refund' | 'dispute' | 'other';
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
  /** The attempt's page takes no more money: trying again needs another one. */
  closed?: true;
  refund_id?: string;
  refund_ref?: string;
  refund_state?: 'pending' | 'succeeded' | 'failed' | 'canceled';
  dispute_ref?: string;
  dispute_state?: 'open' | 'won' | 'lost';
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
