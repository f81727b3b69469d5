import type Stripe from 'stripe';
import { emit } from '../events/events.ts';
import { newId, randomText } from '../state/ids.ts';
import { noSuch, unexpectedState } from '../wire/errors.ts';
import { inRange, listPage, paging, range } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import {
  emptiable,
  fields,
  flag,
  listOf,
  metadata,
  noEffect,
  oneOf,
  text,
  webAddress,
} from '../wire/params.ts';
import { route, type Route } from '../wire/routes.ts';
import { timeFor, type World } from '../world.ts';
import { needCustomer } from './customers.ts';
import { methodDataParams } from './params.ts';
import { usePaymentMethod } from './payment-methods.ts';
import { confirmSetup } from './setting-up.ts';

const confirmFields = {
  payment_method: text,
  payment_method_data: methodDataParams,
  payment_method_options: noEffect,
  mandate_data: noEffect,
  return_url: webAddress,
  use_stripe_sdk: noEffect,
};

const createParams = fields<Stripe.SetupIntentCreateParams>({
  ...confirmFields,
  allowed_payment_method_types: listOf(text),
  automatic_payment_methods: noEffect,
  confirm: flag,
  customer: text,
  description: text,
  metadata,
  usage: oneOf('off_session', 'on_session'),
});

export function createSetupIntent(
  world: World,
  params: Stripe.SetupIntentCreateParams,
): Readonly<Stripe.SetupIntent> {
  const customer = params.customer ?? null;
  if (customer !== null) needCustomer(world, customer, 'customer');
  const method =
    params.payment_method === undefined ? null : usePaymentMethod(world, params.payment_method, customer).id;
  const id = newId('seti');
  const intent = world.store.setupIntents.put({
    id,
    object: 'setup_intent',
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    application: null,
    automatic_payment_methods: { enabled: true, allow_redirects: 'always' },
    cancellation_reason: null,
    client_secret: `${id}_secret_${randomText(25)}`,
    created: timeFor(world, customer),
    customer,
    customer_account: null,
    description: params.description ?? null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: (params.metadata ?? {}) as Stripe.Metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: method,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card'],
    single_use_mandate: null,
    status: method === null ? 'requires_payment_method' : 'requires_confirmation',
    usage: params.usage ?? 'off_session',
  } satisfies Stripe.SetupIntent);
  emit(world, 'setup_intent.created', intent);
  return params.confirm ? confirmSetup(world, id, params) : intent;
}

export function needSetupIntent(world: World, id: string): Readonly<Stripe.SetupIntent> {
  const intent = world.store.setupIntents.get(id);
  if (!intent) throw noSuch('setupintent', id);
  return intent;
}

function cancelSetup(
  world: World,
  id: string,
  reason: Stripe.SetupIntentCancelParams.CancellationReason | undefined,
) {
  const before = needSetupIntent(world, id);
  if (['succeeded', 'canceled'].includes(before.status))
    throw unexpectedState(
      `You cannot cancel this SetupIntent because it has a status of ${before.status}.`,
      'setup_intent_unexpected_state',
    );
  const after = world.store.setupIntents.change(id, {
    status: 'canceled',
    cancellation_reason: reason ?? null,
    next_action: null,
  });
  emit(world, 'setup_intent.canceled', after, before);
  return after;
}

const listParams = fields<Stripe.SetupIntentListParams>({
  ...paging,
  created: range,
  customer: text,
  payment_method: text,
});

const updateParams = fields<Stripe.SetupIntentUpdateParams>({
  customer: text,
  description: text,
  metadata,
  payment_method: text,
});

export const setupIntentRoutes: Route[] = [
  route('POST', '/setup_intents', createParams, ({ world, params }) => createSetupIntent(world, params)),
  route('GET', '/setup_intents', listParams, ({ world, params, path }) =>
    listPage(
      world.store.setupIntents,
      path,
      params,
      (intent) =>
        intent.customer === (params.customer ?? intent.customer) &&
        intent.payment_method === (params.payment_method ?? intent.payment_method) &&
        inRange(intent.created, params.created),
    ),
  ),
  route('GET', '/setup_intents/:id', fields({ client_secret: text }), ({ world }, id) =>
    needSetupIntent(world, id),
  ),
  route('POST', '/setup_intents/:id', updateParams, ({ world, params }, id) =>
    world.store.setupIntents.change(id, merge(needSetupIntent(world, id), params)),
  ),
  route(
    'POST',
    '/setup_intents/:id/confirm',
    fields<Stripe.SetupIntentConfirmParams>(confirmFields),
    ({ world, params }, id) => confirmSetup(world, id, params),
  ),
  route(
    'POST',
    '/setup_intents/:id/cancel',
    fields<Stripe.SetupIntentCancelParams>({
      cancellation_reason: emptiable(oneOf('abandoned', 'duplicate', 'requested_by_customer')),
    }),
    ({ world, params }, id) => cancelSetup(world, id, params.cancellation_reason || undefined),
  ),
];
