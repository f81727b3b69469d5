/** What a provider tells us, on its way into the books. */
import type { Json } from '#platform/database.types.ts';
import { Unavailable, readAnswer } from '#platform/refusals.ts';
import { serviceDb } from '#platform/supabase.ts';
import Stripe from 'stripe';
import type { PaymentEvent } from './facts.ts';

/** What applying an event came to: settled, paid_too_late, paid_twice, failed, stale, duplicate, unknown_payment, … */
export type Outcome = string;

/** Stripe out of reach or overloaded is worth trying again; anything else it says is a surprise. */
export const reachable = (error: unknown): never => {
  const passing =
    error instanceof Stripe.errors.StripeConnectionError ||
    error instanceof Stripe.errors.StripeRateLimitError ||
    (error instanceof Stripe.errors.StripeAPIError && (error.statusCode ?? 500) >= 500);
  throw passing ? new Unavailable('Stripe cannot be reached', 5, error) : error;
};

/** Stores the event by its id and obeys it, once. */
export async function receiveEvent(event: PaymentEvent): Promise<Outcome> {
  const result = await serviceDb().rpc('receive_payment_event', {
    provider: event.provider,
    event_id: event.id,
    event_type: event.type,
    occurred_at: event.occurredAt,
    facts: event.facts as unknown as Json,
    payload: event.payload as Json,
  });
  return (readAnswer(result) as { outcome: Outcome }).outcome;
}
