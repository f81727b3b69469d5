import type Stripe from 'stripe';
import { feeFor, recordMovement } from '../../balance/balance-transactions.ts';
import { payDestination } from '../../connect/destination-charges.ts';
import { behaviourOf, type Behaviour } from '../../customers/cards.ts';
import { emit } from '../../events/events.ts';
import { DAY } from '../../state/clock.ts';
import { deadlinesFor, type World } from '../../world.ts';
import { cancel } from '../capturing.ts';
import { createCharge, needCharge } from '../charges.ts';
import { openDispute } from '../../refunds/disputes.ts';
import { paymentAuthorized, paymentFailed, paymentSucceeded } from '../outcomes.ts';
import { needIntent } from '../payment-intents.ts';

/** How long a bank keeps authorized money aside. */
const AUTHORIZATION_LIFETIME = 7 * DAY;

/** Keeps the card for later use when the intent said so. */
function keepMethod(
  world: World,
  intent: Readonly<Stripe.PaymentIntent>,
  method: Readonly<Stripe.PaymentMethod>,
) {
  if (!intent.setup_future_usage) return;
  if (intent.setup_future_usage === 'off_session') world.store.instruments.change(method.id, { setUp: true });
  if (intent.customer === null || method.customer !== null) return;
  const attached = world.store.paymentMethods.change(method.id, { customer: intent.customer as string });
  emit(world, 'payment_method.attached', attached, method);
}

/** Sets the money aside; it is taken when captured, or given back after seven days. */
export function authorize(
  world: World,
  id: string,
  method: Readonly<Stripe.PaymentMethod>,
): Readonly<Stripe.PaymentIntent> {
  const before = needIntent(world, id);
  const charge = createCharge(world, before, method, { status: 'succeeded', captured: false });
  keepMethod(world, before, method);
  const after = world.store.paymentIntents.change(id, {
    status: 'requires_capture',
    amount_capturable: before.amount,
    latest_charge: charge.id,
    next_action: null,
    last_payment_error: null,
  });
  emit(world, 'charge.succeeded', charge);
  emit(world, 'payment_intent.amount_capturable_updated', after, before);
  awaitCapture(world, after, charge.created);
  paymentAuthorized(world, after);
  return needIntent(world, id);
}

function awaitCapture(world: World, intent: Readonly<Stripe.PaymentIntent>, since: number): void {
  deadlinesFor(world, intent.customer as string | null).set(
    `authorization:${intent.id}`,
    since + AUTHORIZATION_LIFETIME,
    () => {
      if (needIntent(world, intent.id).status !== 'requires_capture') return;
      cancel(world, intent.id, 'automatic');
      emit(world, 'charge.expired', needCharge(world, intent.latest_charge as string));
    },
  );
}

/** After a restart: money still set aside. */
export function resumeAuthorizations(world: World): void {
  for (const intent of world.store.paymentIntents.values())
    if (intent.status === 'requires_capture')
      awaitCapture(world, intent, needCharge(world, intent.latest_charge as string).created);
}

/**
 * The money is taken. Under `automatic_async`, the default, the first events do not know the balance transaction yet:
 * it follows in `charge.updated`, exactly as the real service does it.
 */
export function settle(
  world: World,
  id: string,
  method: Readonly<Stripe.PaymentMethod>,
  card: Behaviour,
): Readonly<Stripe.PaymentIntent> {
  const before = needIntent(world, id);
  const pending = world.store.charges.get(before.latest_charge as string | null);
  const charge =
    pending?.status === 'pending'
      ? world.store.charges.change(pending.id, { status: 'succeeded', paid: true })
      : createCharge(world, before, method, { status: 'succeeded', captured: true });
  keepMethod(world, before, method);
  const async = before.capture_method === 'automatic_async';
  if (!async) enterBalance(world, charge.id, card.bypassPending);
  const after = world.store.paymentIntents.change(id, {
    status: 'succeeded',
    amount_received: charge.amount,
    amount_capturable: 0,
    latest_charge: charge.id,
    next_action: null,
    last_payment_error: null,
    processing: null,
  });
  emit(world, 'charge.succeeded', needCharge(world, charge.id));
  emit(world, 'payment_intent.succeeded', after, before);
  if (async) {
    const unsettled = needCharge(world, charge.id);
    emit(world, 'charge.updated', enterBalance(world, charge.id, card.bypassPending), unsettled);
  }
  paymentSucceeded(world, after);
  if (card.dispute) openDispute(world, charge.id, card.dispute);
  return needIntent(world, id);
}

/** Money set aside earlier is taken now, in full or in part. */
export function settleCapture(world: World, id: string, amount: number): Readonly<Stripe.PaymentIntent> {
  const before = needIntent(world, id);
  const uncaptured = needCharge(world, before.latest_charge as string);
  world.store.charges.change(uncaptured.id, { captured: true, amount_captured: amount });
  const card = behaviourOf(world.store.instruments.need(before.payment_method as string).number);
  const charge = enterBalance(world, uncaptured.id, card.bypassPending);
  const after = world.store.paymentIntents.change(id, {
    status: 'succeeded',
    amount_capturable: 0,
    amount_received: amount,
  });
  emit(world, 'charge.captured', charge, uncaptured);
  emit(world, 'payment_intent.succeeded', after, before);
  paymentSucceeded(world, after);
  if (card.dispute) openDispute(world, charge.id, card.dispute);
  return needIntent(world, id);
}

function enterBalance(world: World, id: string, now = false): Readonly<Stripe.Charge> {
  const charge = needCharge(world, id);
  const transaction = recordMovement(world, {
    type: 'charge',
    amount: charge.amount_captured,
    currency: charge.currency,
    source: id,
    fee: feeFor(charge.amount_captured, charge.currency),
    description: charge.description,
    now,
  });
  world.store.charges.change(id, { balance_transaction: transaction.id });
  payDestination(world, needCharge(world, id));
  return needCharge(world, id);
}

/** A debit comes back unpaid a while after it was started. */
export function failDelayed(world: World, id: string, method: Readonly<Stripe.PaymentMethod>): void {
  const before = needIntent(world, id);
  const started = needCharge(world, before.latest_charge as string);
  const message = 'The customer’s bank refused the debit.';
  const charge = world.store.charges.change(started.id, {
    status: 'failed',
    captured: false,
    amount_captured: 0,
    failure_code: 'payment_method_customer_decline',
    failure_message: message,
  });
  const after = world.store.paymentIntents.change(id, {
    status: 'requires_payment_method',
    payment_method: null,
    processing: null,
    last_payment_error: {
      type: 'invalid_request_error',
      code: 'payment_method_customer_decline',
      message,
      charge: charge.id,
      payment_method: method,
    },
  });
  emit(world, 'charge.failed', charge, started);
  emit(world, 'payment_intent.payment_failed', after, before);
  paymentFailed(world, after);
}
