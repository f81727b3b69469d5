import type Stripe from 'stripe';
import { sessionSetUp } from '../checkout/completing.ts';
import { emit } from '../events/events.ts';
import { portalCardSaved } from '../portal/card-saved.ts';
import { messageOf } from '../payments/attempt/declines.ts';
import { invalidRequest, Refusal, unexpectedState } from '../wire/errors.ts';
import type { World } from '../world.ts';
import { behaviourOf } from './cards.ts';
import { createPaymentMethod, usePaymentMethod } from './payment-methods.ts';
import { needSetupIntent } from './setup-intents.ts';
import { subscriptionSetUp } from '../subscriptions/subscription-checkout.ts';

/** Checks that a card can be kept for later use, asking for 3-D Secure where the card wants it. */
export function confirmSetup(
  world: World,
  id: string,
  params: Pick<Stripe.SetupIntentConfirmParams, 'payment_method' | 'payment_method_data' | 'return_url'>,
): Readonly<Stripe.SetupIntent> {
  const before = needSetupIntent(world, id);
  if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(before.status))
    throw unexpectedState(
      `You cannot confirm this SetupIntent because it has a status of ${before.status}.`,
      'setup_intent_unexpected_state',
    );
  const customer = before.customer as string | null;
  const reference = params.payment_method_data
    ? createPaymentMethod(world, params.payment_method_data as Stripe.PaymentMethodCreateParams).id
    : (params.payment_method ?? (before.payment_method as string | null));
  if (reference === null)
    throw invalidRequest("You cannot confirm this SetupIntent because it's missing a payment method.", {
      param: 'payment_method',
      code: 'setup_intent_unexpected_state',
    });
  const method = usePaymentMethod(world, reference, customer);
  world.store.setupIntents.change(id, { payment_method: method.id });
  const card = behaviourOf(world.store.instruments.need(method.id).number);
  if (card.decline && !card.savedFirst)
    throw refuse(world, id, { code: card.code ?? 'card_declined', decline: card.decline });
  return card.authenticate ? askForAuthentication(world, id, params.return_url ?? null) : succeed(world, id);
}

function askForAuthentication(world: World, id: string, returnUrl: string | null) {
  const before = needSetupIntent(world, id);
  const after = world.store.setupIntents.change(id, {
    status: 'requires_action',
    next_action: {
      type: 'redirect_to_url',
      redirect_to_url: { url: `${world.url}/3ds/${id}`, return_url: returnUrl },
    },
  });
  emit(world, 'setup_intent.requires_action', after, before);
  return after;
}

/** What the challenge page reports. */
export function finishSetupAuthentication(
  world: World,
  id: string,
  passed: boolean,
): Readonly<Stripe.SetupIntent> {
  const intent = needSetupIntent(world, id);
  if (intent.status !== 'requires_action')
    throw unexpectedState(
      `This SetupIntent has a status of ${intent.status}.`,
      'setup_intent_unexpected_state',
    );
  if (!passed) throw refuse(world, id, { code: 'setup_intent_authentication_failure' });
  return succeed(world, id);
}

function succeed(world: World, id: string): Readonly<Stripe.SetupIntent> {
  const before = needSetupIntent(world, id);
  const method = world.store.paymentMethods.need(before.payment_method as string);
  world.store.instruments.change(method.id, { setUp: before.usage === 'off_session' });
  if (before.customer !== null && method.customer === null)
    emit(
      world,
      'payment_method.attached',
      world.store.paymentMethods.change(method.id, { customer: before.customer as string }),
      method,
    );
  const after = world.store.setupIntents.change(id, {
    status: 'succeeded',
    next_action: null,
    last_setup_error: null,
  });
  emit(world, 'setup_intent.succeeded', after, before);
  sessionSetUp(world, after);
  subscriptionSetUp(world, after);
  portalCardSaved(world, after);
  return after;
}

function refuse(world: World, id: string, why: { code: string; decline?: string }): Refusal {
  const before = needSetupIntent(world, id);
  const error = {
    type: 'card_error',
    code: why.code,
    message: messageOf(why),
    ...(why.decline !== undefined && { decline_code: why.decline }),
    payment_method: world.store.paymentMethods.need(before.payment_method as string),
  } satisfies Stripe.SetupIntent.LastSetupError;
  const after = world.store.setupIntents.change(id, {
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    last_setup_error: error,
  });
  emit(world, 'setup_intent.setup_failed', after, before);
  return new Refusal(402, { ...error, setup_intent: after });
}
