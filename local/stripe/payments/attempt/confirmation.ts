import type Stripe from 'stripe';
import { behaviourOf, type Behaviour } from '../../customers/cards.ts';
import { usePaymentMethod } from '../../customers/payment-methods.ts';
import { emit } from '../../events/events.ts';
import { invalidRequest, Refusal, unexpectedState } from '../../wire/errors.ts';
import { merge } from '../../wire/merge.ts';
import type { World } from '../../world.ts';
import { decline, type Decline } from './declines.ts';
import { needIntent } from '../payment-intents.ts';
import { authorize, settle } from './settlement.ts';
import { debit } from './debits.ts';

type Confirmation = Pick<
  Stripe.PaymentIntentConfirmParams,
  | 'payment_method'
  | 'return_url'
  | 'off_session'
  | 'setup_future_usage'
  | 'capture_method'
  | 'receipt_email'
  | 'error_on_requires_action'
>;

/**
 * Tries to take the money. Throws 402 when the bank says no; answers an intent in `requires_action` when the person
 * has to prove who they are first.
 */
export function confirm(world: World, id: string, params: Confirmation = {}): Readonly<Stripe.PaymentIntent> {
  const intent = needIntent(world, id);
  if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status))
    throw unexpectedState(
      `You cannot confirm this PaymentIntent because it has a status of ${intent.status}.`,
      'payment_intent_unexpected_state',
    );
  const reference = params.payment_method ?? (intent.payment_method as string | null);
  if (reference === null)
    throw invalidRequest(
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method.",
      { param: 'payment_method', code: 'payment_intent_unexpected_state' },
    );
  const method = usePaymentMethod(world, reference, intent.customer as string | null);
  const { setup_future_usage, capture_method, receipt_email } = params;
  world.store.paymentIntents.change(id, {
    ...merge(intent, {
      ...(setup_future_usage !== undefined && { setup_future_usage }),
      ...(capture_method !== undefined && { capture_method }),
      ...(receipt_email !== undefined && { receipt_email }),
    }),
    payment_method: method.id,
    next_action: null,
  });
  world.store.purposes.change(id, {
    offSession: Boolean(params.off_session),
    ...(params.return_url !== undefined && { returnUrl: params.return_url }),
  });
  return attempt(world, id, method, params);
}

function attempt(
  world: World,
  id: string,
  method: Readonly<Stripe.PaymentMethod>,
  params: Confirmation,
): Readonly<Stripe.PaymentIntent> {
  const instrument = world.store.instruments.need(method.id);
  if (method.type === 'sepa_debit') return debit(world, id, method, instrument.number);
  const card = behaviourOf(instrument.number);
  if (card.decline && !card.savedFirst && !card.authenticate)
    throw decline(world, id, method, asDecline(card));
  const asks = card.authenticate === 'always' || (card.authenticate === 'unless_set_up' && !instrument.setUp);
  if (asks && params.off_session)
    throw decline(world, id, method, { code: 'authentication_required', decline: 'authentication_required' });
  if (asks && params.error_on_requires_action)
    throw new Refusal(402, {
      type: 'card_error',
      code: 'authentication_required',
      message:
        'This payment required an authentication action to complete, but `error_on_requires_action` was set.',
      payment_intent: needIntent(world, id),
    });
  return asks ? askForAuthentication(world, id) : charge(world, id, method, card);
}

function asDecline(card: Behaviour): Decline {
  return { decline: card.decline ?? 'generic_decline', code: card.code ?? 'card_declined' };
}

export function charge(
  world: World,
  id: string,
  method: Readonly<Stripe.PaymentMethod>,
  card: Behaviour,
): Readonly<Stripe.PaymentIntent> {
  if (card.decline) throw decline(world, id, method, asDecline(card));
  return needIntent(world, id).capture_method === 'manual'
    ? authorize(world, id, method)
    : settle(world, id, method, card);
}

function askForAuthentication(world: World, id: string): Readonly<Stripe.PaymentIntent> {
  const before = needIntent(world, id);
  const after = world.store.paymentIntents.change(id, {
    status: 'requires_action',
    next_action: {
      type: 'redirect_to_url',
      redirect_to_url: {
        url: `${world.url}/3ds/${id}`,
        return_url: world.store.purposes.need(id).returnUrl ?? null,
      },
    },
  });
  emit(world, 'payment_intent.requires_action', after, before);
  return after;
}

/** What the challenge page reports. A failure is thrown as the 402 that the API would have answered. */
export function finishAuthentication(
  world: World,
  id: string,
  passed: boolean,
): Readonly<Stripe.PaymentIntent> {
  const intent = needIntent(world, id);
  if (intent.status !== 'requires_action')
    throw unexpectedState(
      `This PaymentIntent has a status of ${intent.status}: there is nothing to authenticate.`,
      'payment_intent_unexpected_state',
    );
  const method = world.store.paymentMethods.need(intent.payment_method as string);
  if (!passed) throw decline(world, id, method, { code: 'payment_intent_authentication_failure' });
  return charge(world, id, method, behaviourOf(world.store.instruments.need(method.id).number));
}
