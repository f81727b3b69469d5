import type Stripe from 'stripe';
import { emit } from '../events/events.ts';
import { newId } from '../state/ids.ts';
import { invalidRequest, unexpectedState } from '../wire/errors.ts';
import { merge } from '../wire/merge.ts';
import { deadlinesFor, timeFor, type World } from '../world.ts';
import { needCharge } from './charges.ts';
import { needIntent } from './payment-intents.ts';
import { newRefund } from '../refunds/refunds.ts';
import { settleCapture } from './attempt/settlement.ts';

const noted = 'payment_intent_unexpected_state';

/** Takes what was set aside, or part of it; the rest goes back to the customer. */
export function capture(
  world: World,
  id: string,
  params: Stripe.PaymentIntentCaptureParams,
): Readonly<Stripe.PaymentIntent> {
  const intent = needIntent(world, id);
  if (intent.status !== 'requires_capture')
    throw unexpectedState(
      `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
      noted,
    );
  const amount = params.amount_to_capture ?? intent.amount_capturable;
  if (amount < 1 || amount > intent.amount_capturable)
    throw invalidRequest(
      `The amount to capture must be between 1 and ${intent.amount_capturable}, the amount that can be captured.`,
      { param: 'amount_to_capture', code: 'amount_too_large' },
    );
  const { application_fee_amount, metadata } = params;
  world.store.paymentIntents.change(id, merge(intent, { ...(metadata && { metadata }) }));
  if (application_fee_amount !== undefined) {
    world.store.paymentIntents.change(id, { application_fee_amount });
    world.store.charges.change(intent.latest_charge as string, { application_fee_amount });
  }
  return settleCapture(world, id, amount);
}

/** Ends an intent that has not been paid; money set aside goes back. */
export function cancel(
  world: World,
  id: string,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): Readonly<Stripe.PaymentIntent> {
  const before = needIntent(world, id);
  if (['succeeded', 'canceled', 'processing'].includes(before.status))
    throw unexpectedState(
      `You cannot cancel this PaymentIntent because it has a status of ${before.status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action.`,
      noted,
    );
  const now = timeFor(world, before.customer as string | null);
  if (before.status === 'requires_capture') giveBack(world, before.latest_charge as string, now);
  const after = world.store.paymentIntents.change(id, {
    status: 'canceled',
    canceled_at: now,
    cancellation_reason: reason,
    amount_capturable: 0,
    next_action: null,
  });
  deadlinesFor(world, before.customer as string | null).clear(`authorization:${id}`);
  emit(world, 'payment_intent.canceled', after, before);
  return after;
}

/** No money was ever taken, so none moves: the refund only says that the authorization is gone. */
function giveBack(world: World, id: string, created: number): void {
  const before = needCharge(world, id);
  world.store.refunds.put(
    newRefund(before, { id: newId('re'), amount: before.amount, created, reason: null, status: 'succeeded' }),
  );
  const after = world.store.charges.change(id, { amount_refunded: before.amount, refunded: true });
  emit(world, 'charge.refunded', after, before);
}
