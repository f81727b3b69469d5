/** Memberships at the provider: what their member changes there, and asking how they stand. */
import { type Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import { serviceDb } from '#platform/supabase.ts';
import Stripe from 'stripe';
import { type Outcome, reachable, receiveEvent } from './payments.ts';
import { askSubscription } from './stripe/asking.ts';
import { stripe } from './stripe/client.ts';

/** Asks how a subscription stands and obeys that, as an event about it would. */
export async function refreshMembership(subscriptionRef: string): Promise<Outcome> {
  const facts = await askSubscription(subscriptionRef).catch(reachable);
  const seenAt = facts.subscription?.seen_at ?? new Date().toISOString();
  return receiveEvent({
    provider: 'stripe',
    id: `asked:${subscriptionRef}:${seenAt}`,
    type: 'asked.subscription',
    occurredAt: seenAt,
    facts,
    payload: { id: subscriptionRef },
  });
}

/**
 * Ends the asking member's membership with the period that is paid, or takes that back. Refuses 404
 * membership_not_found, 409 membership_ended, membership_not_by_card.
 */
export async function endWithPeriod(
  locals: App.Locals,
  membershipId: string,
  ends: boolean,
): Promise<null | Refusal> {
  const found = answer(
    await locals.db.rpc('membership_to_change', {
      business_id: locals.business.id,
      membership_id: membershipId,
    }),
  );
  if (isRefused(found)) return found;
  const [membership] = found;
  if (!membership) throw new Error('membership_to_change answered nothing');
  if (membership.cancel_at_period_end !== ends) {
    await stripe()
      .subscriptions.update(membership.subscription_ref, { cancel_at_period_end: ends })
      .catch(reachable);
  }
  await refreshMembership(membership.subscription_ref);
  return null;
}

/** For the job: a subscription that began for an order which could not be kept. */
export async function endSubscription(subscriptionRef: string): Promise<void> {
  try {
    await stripe().subscriptions.cancel(subscriptionRef);
  } catch (error) {
    // Over already.
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return;
    throw error;
  }
}

/** For the job: memberships of whose renewal or end no event told us. */
export async function checkMemberships(): Promise<number> {
  const due = readAnswer(await serviceDb().rpc('memberships_to_check', {}, { get: true }));
  const failed: unknown[] = [];
  for (const { subscription_ref } of due) {
    try {
      await refreshMembership(subscription_ref);
    } catch (error) {
      // One the provider will not tell about must not keep the others waiting.
      failed.push(error);
    }
  }
  if (failed.length > 0)
    throw new AggregateError(
      failed,
      `${failed.length} memberships could not be looked up: ${String(failed[0])}`,
    );
  return due.length;
}
