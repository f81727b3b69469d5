import type Stripe from 'stripe';
import { behaviourOf } from '../customers/cards.ts';
import { emit } from '../events/events.ts';
import { charge } from '../payments/attempt/confirmation.ts';
import { needIntent } from '../payments/payment-intents.ts';
import { invalidRequest, Refusal, unexpectedState } from '../wire/errors.ts';
import { fields, flag, noEffect, oneOf, required, text, whole } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import type { World } from '../world.ts';
import { presentedCard } from './card-present.ts';
import { needReader } from './readers.ts';

type Reader = Stripe.Terminal.Reader;
/** The SDK does not export it under a name. */
type Presented = NonNullable<
  Parameters<Stripe['testHelpers']['terminal']['readers']['presentPaymentMethod']>[1]
>;

const processParams = fields<Stripe.Terminal.ReaderProcessPaymentIntentParams>({
  payment_intent: required(text),
  process_config: fields<Stripe.Terminal.ReaderProcessPaymentIntentParams.ProcessConfig>({
    enable_customer_cancellation: flag,
    skip_tipping: flag,
    allow_redisplay: noEffect,
    tipping: noEffect,
  }),
});

const presentParams = fields<Presented>({
  amount_tip: whole,
  type: oneOf('card_present'),
  card_present: fields<NonNullable<Presented['card_present']>>({
    number: text,
  }),
});

const nothing = { api_error: null, failure_code: null, failure_message: null } as const;

/**
 * Hands a payment to the reader, which then waits for a card. A payment that waits for one already gives way to the new
 * one, as on a real reader: https://docs.stripe.com/terminal/payments/collect-card-payment (Reader busy).
 */
function process(
  world: World,
  id: string,
  { payment_intent, process_config }: Stripe.Terminal.ReaderProcessPaymentIntentParams,
): Readonly<Reader> {
  needReader(world, id);
  const intent = needIntent(world, payment_intent, 'payment_intent');
  if (!intent.payment_method_types.includes('card_present'))
    throw invalidRequest(
      'The PaymentIntent must allow the payment method type card_present to be processed on a reader.',
      { param: 'payment_intent', code: 'payment_intent_invalid_parameter' },
    );
  if (intent.status !== 'requires_payment_method')
    throw unexpectedState(
      `The PaymentIntent cannot be processed because it has a status of ${intent.status}.`,
      'intent_invalid_state',
    );
  const { enable_customer_cancellation, skip_tipping } = process_config ?? {};
  return world.store.terminalReaders.change(id, {
    last_seen_at: world.clock.now() * 1000,
    action: {
      ...nothing,
      type: 'process_payment_intent',
      status: 'in_progress',
      process_payment_intent: {
        payment_intent,
        ...(process_config && {
          process_config: {
            ...(enable_customer_cancellation !== undefined && { enable_customer_cancellation }),
            ...(skip_tipping !== undefined && { skip_tipping }),
          },
        }),
      },
    },
  }) as Readonly<Reader>;
}

/** Somebody holds a card to a reader that is not there. The answer is the reader with what came of it, never a 402. */
function present(world: World, id: string, params: Presented): Readonly<Reader> {
  const reader = needReader(world, id);
  const { action } = reader;
  if (action?.status !== 'in_progress' || !action.process_payment_intent)
    throw invalidRequest('The reader is not waiting for a payment method to be presented.');
  const intent = action.process_payment_intent.payment_intent as string;
  const method = presentedCard(world, params.card_present?.number ?? '4242424242424242');
  world.store.paymentIntents.change(intent, { payment_method: method.id });
  world.store.purposes.change(intent, { reader: id });
  try {
    charge(world, intent, method, behaviourOf(world.store.instruments.need(method.id).number));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message, decline_code, charge: refused } = error.body;
    return finish(world, id, {
      ...action,
      status: 'failed',
      failure_code: code ?? null,
      failure_message: message,
      api_error: {
        type: 'card_error',
        ...(code !== undefined && { code }),
        ...(decline_code !== undefined && { decline_code }),
        ...(refused !== undefined && { charge: refused }),
        message,
      },
    });
  }
  return finish(world, id, { ...action, status: 'succeeded' });
}

function finish(world: World, id: string, action: Stripe.Terminal.Reader.Action): Readonly<Reader> {
  const after = world.store.terminalReaders.change(id, { action }) as Readonly<Reader>;
  emit(
    world,
    action.status === 'succeeded' ? 'terminal.reader.action_succeeded' : 'terminal.reader.action_failed',
    after,
  );
  return after;
}

/** What a reader is asked to do, and who stands in for the person with the card. */
export const readerActionRoutes: Route[] = [
  route('POST', '/terminal/readers/:id/process_payment_intent', processParams, ({ world, params }, id) =>
    process(world, id, params),
  ),
  route('POST', '/terminal/readers/:id/cancel_action', noParams, ({ world }, id) => {
    needReader(world, id);
    return world.store.terminalReaders.change(id, { action: null });
  }),
  route(
    'POST',
    '/test_helpers/terminal/readers/:id/present_payment_method',
    presentParams,
    ({ world, params }, id) => present(world, id, params),
  ),
];
