import type Stripe from 'stripe';
import { paymentFailed } from '../outcomes.ts';
import { emit } from '../../events/events.ts';
import { Refusal } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { createCharge } from '../charges.ts';
import { needIntent } from '../payment-intents.ts';

/** Why a payment was refused; without a `decline` the bank was never asked. */
export interface Decline {
  code: string;
  decline?: string;
}

const MESSAGES: Record<string, string> = {
  insufficient_funds: 'Your card has insufficient funds.',
  expired_card: 'Your card has expired.',
  incorrect_cvc: "Your card's security code is incorrect.",
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
  card_velocity_exceeded:
    'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
  authentication_required: 'Your card was declined. This transaction requires authentication.',
  payment_intent_authentication_failure:
    'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.',
  payment_method_customer_decline: 'The customer’s bank refused the debit.',
};

const ADVICE: Record<string, string> = {
  expired_card: 'confirm_card_data',
  incorrect_cvc: 'confirm_card_data',
  insufficient_funds: 'try_again_later',
  processing_error: 'try_again_later',
  lost_card: 'do_not_try_again',
  stolen_card: 'do_not_try_again',
  fraudulent: 'do_not_try_again',
};

export const messageOf = ({ code, decline }: Decline): string =>
  MESSAGES[decline ?? ''] ?? MESSAGES[code] ?? 'Your card was declined.';

/** Notes the refusal on the intent, tells whoever waits for it, and returns the 402 to throw. */
export function decline(
  world: World,
  id: string,
  method: Readonly<Stripe.PaymentMethod>,
  why: Decline,
): Refusal {
  const before = needIntent(world, id);
  const message = messageOf(why);
  const refused = why.decline === undefined ? undefined : refusedCharge(world, before, method, why, message);
  const advice = ADVICE[why.decline ?? ''];
  const error = {
    type: 'card_error',
    code: why.code,
    message,
    ...(why.decline !== undefined && { decline_code: why.decline }),
    ...(advice !== undefined && { advice_code: advice }),
    ...(refused && { charge: refused.id }),
    doc_url: `https://docs.stripe.com/error-codes/${why.code.replaceAll('_', '-')}`,
    payment_method: method,
  } satisfies Stripe.PaymentIntent.LastPaymentError;
  const after = world.store.paymentIntents.change(id, {
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    processing: null,
    last_payment_error: error,
    ...(refused && { latest_charge: refused.id }),
  });
  emit(world, 'payment_intent.payment_failed', after, before);
  paymentFailed(world, after);
  return new Refusal(402, { ...error, payment_intent: needIntent(world, id) });
}

function refusedCharge(
  world: World,
  intent: Readonly<Stripe.PaymentIntent>,
  method: Readonly<Stripe.PaymentMethod>,
  why: Decline,
  message: string,
): Stripe.Charge {
  const fraud = why.decline === 'fraudulent';
  const charge = createCharge(world, intent, method, {
    status: 'failed',
    captured: false,
    failure_code: why.code,
    failure_message: message,
    outcome: {
      advice_code: ADVICE[why.decline ?? ''] ?? null,
      network_advice_code: null,
      network_decline_code: '05',
      network_status: fraud ? 'not_sent_to_network' : 'declined_by_network',
      reason: fraud ? 'highest_risk_level' : (why.decline ?? null),
      risk_level: fraud ? 'highest' : 'normal',
      risk_score: fraud ? 92 : 12,
      seller_message: fraud
        ? 'Stripe blocked this payment as too risky.'
        : 'The bank did not return any further details with this decline.',
      type: fraud ? 'blocked' : 'issuer_declined',
    },
  });
  emit(world, 'charge.failed', charge);
  return charge;
}
