/** Paying an order: out to the provider's page and back. What a payment does is decided in SQL (payments.settle_order). */
import type { Json } from '#platform/database.types.ts';
import { localised } from '#platform/i18n/locale.ts';
import { log } from '#platform/log.ts';
import { type Refusal, Unavailable, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import { serviceDb } from '#platform/supabase.ts';
import Stripe from 'stripe';
import { type Outcome, reachable, receiveEvent } from './receiving.ts';
import { settleAtReader, workAtReader } from './readers.ts';
import { askSession } from './stripe/asking.ts';
import { openCheckout, type Recurring } from './stripe/checkout.ts';
import { stripe } from './stripe/client.ts';
import { refundFacts } from './stripe/events.ts';

export { type Outcome, reachable, receiveEvent } from './receiving.ts';

/**
 * The hosted page where the asking member pays this order; the same one as long as the attempt is open.
 * Refuses 404 order_not_found, 409 order_expired, order_paid, order_cancelled, card_below_minimum.
 */
export async function startPayment(locals: App.Locals, orderId: string): Promise<{ url: string } | Refusal> {
  const { business, db, href, locale, m, origin } = locals;
  const begun = answer(await db.rpc('begin_payment', { business_id: business.id, order_id: orderId }));
  if (isRefused(begun)) return begun;
  const [attempt] = begun;
  if (!attempt) throw new Error('begin_payment answered no attempt');
  if (attempt.url) return { url: attempt.url };
  const lines = attempt.lines as { line_id: string; label: Json; total_cents: number }[];
  const plan = attempt.subscription as (Omit<Recurring, 'name'> & { line_id: string; label: Json }) | null;
  const session = await openCheckout({
    paymentId: attempt.payment_id,
    orderId,
    businessId: business.id,
    businessName: business.name,
    email: attempt.email,
    currency: attempt.currency,
    // What gift cards and the wallet pay is not the provider's: the page then shows what is left, as one sum.
    lines:
      attempt.amount_cents < lines.reduce((sum, line) => sum + line.total_cents, 0)
        ? [{ name: m.giftCards.tenders.restOf, amountCents: attempt.amount_cents }]
        : lines
            .filter((line) => line.total_cents > 0 && line.line_id !== plan?.line_id)
            .map((line) => ({ name: localised(line.label, locale), amountCents: line.total_cents })),
    ...(plan && { recurring: { ...plan, name: localised(plan.label, locale) } }),
    language: locale === 'es-AR' ? 'es-419' : locale,
    back: `${origin}${href(`/orders/${orderId}`)}`,
  }).catch(reachable);
  if (!session.url) throw new Error('Stripe opened a checkout without an address');
  readAnswer(
    await serviceDb().rpc('attach_payment', {
      payment_id: attempt.payment_id,
      provider_ref: session.id,
      // Unknown until the payer confirms; SQL keeps what it has.
      intent_ref: (typeof session.payment_intent === 'string' ? session.payment_intent : null) as string,
      url: session.url,
    }),
  );
  return { url: session.url };
}

/** Asks Stripe how a Checkout Session stands and applies that, as the webhook would: whichever comes first settles. */
async function applySession(
  sessionId: string,
  belongs: (session: Stripe.Checkout.Session) => boolean,
): Promise<Outcome> {
  const { session, facts } = await askSession(sessionId).catch(reachable);
  if (!belongs(session)) return 'unknown_payment';
  if (facts.state === 'pending') return 'stale';
  return receiveEvent({
    provider: 'stripe',
    id: `asked:${session.id}:${facts.state}`,
    type: 'asked.checkout.session',
    occurredAt: new Date(session.created * 1000).toISOString(),
    facts,
    payload: { id: session.id, status: session.status, payment_status: session.payment_status },
  });
}

/** For the page the payer comes back to. A session id of another order, or one that does not exist, changes nothing. */
export async function settleFromReturn(
  orderId: string,
  sessionId: string,
  businessId: string,
): Promise<void> {
  if (!/^cs_\w{4,120}$/.test(sessionId)) return;
  try {
    await applySession(
      sessionId,
      ({ metadata }) => metadata?.order_id === orderId && metadata.business_id === businessId,
    );
  } catch (error) {
    // The order page must come up even when Stripe does not; the webhook or the reconciling job settles.
    if (error instanceof Unavailable) return;
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return;
    throw error;
  }
}

/** For the job: payments whose webhook may have been lost. Answers how many changed something. */
export async function reconcilePayments(olderThanSeconds = 60): Promise<number> {
  const open = readAnswer(await serviceDb().rpc('open_payments', { older_than_seconds: olderThanSeconds }));
  let changed = 0;
  const failed: unknown[] = [];
  for (const payment of open) {
    try {
      const outcome = payment.provider_ref.startsWith('pi_')
        ? await settleAtReader(await workAtReader({ attempt_id: payment.payment_id }))
        : await applySession(payment.provider_ref, () => true);
      if (outcome !== 'stale' && outcome !== 'duplicate') changed += 1;
    } catch (error) {
      // One payment the provider will not tell about must not keep the others from being settled.
      failed.push(error);
    }
  }
  if (failed.length > 0)
    throw new AggregateError(
      failed,
      `${failed.length} payments could not be looked up: ${String(failed[0])}`,
    );
  return changed;
}

/** A refund that Stripe will never make. Too little in our balance passes; wrong keys and lost connections are other errors. */
const isFinal = (error: unknown): error is Stripe.errors.StripeInvalidRequestError =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code !== 'balance_insufficient';

/** For the job: makes a requested refund at the provider, once, and notes what came of it. */
export async function makeRefund(refundId: string): Promise<Outcome> {
  const [refund] = readAnswer(
    await serviceDb().rpc('refund_to_make', { refund_id: refundId }, { get: true }),
  );
  if (!refund) return 'nothing_to_do';
  const { refund_id, payment_id } = refund;
  let made: Stripe.Refund;
  try {
    made = await stripe().refunds.create(
      { payment_intent: refund.intent_ref, amount: refund.amount_cents, metadata: { refund_id, payment_id } },
      { idempotencyKey: `refund:${refund_id}` },
    );
  } catch (error) {
    if (!isFinal(error)) throw error;
    // Given back in the dashboard already, or charged back: asking again would be answered the same. Staff see it as failed.
    log.error('refund_refused', error, { refund_id, payment_id });
    const facts = { kind: 'refund', payment_id, refund_id, refund_state: 'failed' } as const;
    return receiveEvent({
      provider: 'stripe',
      id: `asked:refund:${refund_id}:failed`,
      type: 'asked.refund',
      occurredAt: new Date().toISOString(),
      facts: { ...facts, failure_message: error.message },
      payload: { code: error.code ?? null, message: error.message },
    });
  }
  return receiveEvent({
    provider: 'stripe',
    id: `asked:${made.id}:${made.status ?? 'pending'}`,
    type: 'asked.refund',
    occurredAt: new Date(made.created * 1000).toISOString(),
    facts: refundFacts(made),
    payload: { id: made.id, status: made.status },
  });
}
