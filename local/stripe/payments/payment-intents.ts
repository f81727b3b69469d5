import type Stripe from 'stripe';
import { needAccount } from '../connect/accounts.ts';
import { needCustomer } from '../customers/customers.ts';
import { wholeAddress } from '../customers/params.ts';
import { createPaymentMethod, usePaymentMethod } from '../customers/payment-methods.ts';
import { emit } from '../events/events.ts';
import { newId, randomText } from '../state/ids.ts';
import { invalidRequest, noSuch, unexpectedState } from '../wire/errors.ts';
import { inRange, listPage, paging, range } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import { fields, metadata, oneOf, text, whole } from '../wire/params.ts';
import { route, type Route } from '../wire/routes.ts';
import { searchPage, searchParams } from '../lists/search.ts';
import { timeFor, type World } from '../world.ts';
import { checkAmount, checkCurrency } from './amounts.ts';
import { cancel, capture } from './capturing.ts';
import { confirm } from './attempt/confirmation.ts';
import type { PaymentPurpose } from './purpose.ts';
import { confirmParams, createParams, updateParams } from './intent-params.ts';

export function createPaymentIntent(
  world: World,
  params: Stripe.PaymentIntentCreateParams,
  purpose: Omit<PaymentPurpose, 'id'> = {},
): Readonly<Stripe.PaymentIntent> {
  const currency = checkCurrency(params.currency);
  checkAmount(params.amount, currency);
  const customer = params.customer ?? null;
  if (customer !== null) needCustomer(world, customer, 'customer');
  if (params.transfer_data)
    needAccount(world, params.transfer_data.destination, 'transfer_data[destination]');
  const method = methodFor(world, params, customer);
  const id = newId('pi');
  const types = params.allowed_payment_method_types ?? [
    'card',
    ...(currency === 'eur' ? ['sepa_debit'] : []),
  ];
  const intent = world.store.paymentIntents.put({
    id,
    object: 'payment_intent',
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    amount: params.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: params.application_fee_amount ?? null,
    automatic_payment_methods: {
      enabled: true,
      allow_redirects: params.automatic_payment_methods?.allow_redirects ?? 'always',
    },
    canceled_at: null,
    cancellation_reason: null,
    capture_method: params.capture_method ?? 'automatic_async',
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: params.confirmation_method ?? 'automatic',
    created: timeFor(world, customer),
    currency,
    customer,
    customer_account: null,
    description: params.description ?? null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: (params.metadata ?? {}) as Stripe.Metadata,
    next_action: null,
    on_behalf_of: params.on_behalf_of ?? null,
    payment_method: method?.id ?? null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: types,
    payment_record: null,
    processing: null,
    receipt_email: params.receipt_email ?? null,
    review: null,
    setup_future_usage: params.setup_future_usage ?? null,
    shipping: params.shipping
      ? { ...params.shipping, address: wholeAddress(params.shipping.address) as Stripe.Address }
      : null,
    source: null,
    statement_descriptor: params.statement_descriptor ?? null,
    statement_descriptor_suffix: params.statement_descriptor_suffix ?? null,
    status: method ? 'requires_confirmation' : 'requires_payment_method',
    transfer_data: params.transfer_data
      ? {
          destination: params.transfer_data.destination,
          ...(params.transfer_data.amount !== undefined && { amount: params.transfer_data.amount }),
        }
      : null,
    transfer_group: params.transfer_group ?? (params.transfer_data ? `group_${id}` : null),
  } satisfies Stripe.PaymentIntent);
  world.store.purposes.put({ id, ...purpose });
  emit(world, 'payment_intent.created', intent);
  return params.confirm ? confirm(world, id, params) : intent;
}

function methodFor(
  world: World,
  params: Pick<Stripe.PaymentIntentConfirmParams, 'payment_method' | 'payment_method_data'>,
  customer: string | null,
): Readonly<Stripe.PaymentMethod> | undefined {
  if (params.payment_method_data)
    return createPaymentMethod(world, params.payment_method_data as Stripe.PaymentMethodCreateParams);
  return params.payment_method === undefined
    ? undefined
    : usePaymentMethod(world, params.payment_method, customer);
}

export function needIntent(world: World, id: string, param?: string): Readonly<Stripe.PaymentIntent> {
  const intent = world.store.paymentIntents.get(id);
  if (!intent) throw noSuch('payment_intent', id, param);
  return intent;
}

function updateIntent(
  world: World,
  id: string,
  params: Stripe.PaymentIntentUpdateParams,
): Readonly<Stripe.PaymentIntent> {
  const before = needIntent(world, id);
  const money = ['amount', 'currency', 'payment_method', 'customer', 'capture_method'] as const;
  const settled = !['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(
    before.status,
  );
  if (settled && money.some((name) => params[name] !== undefined))
    throw unexpectedState(
      `This PaymentIntent's amount, currency, customer and payment method could not be updated because it has a status of ${before.status}.`,
      'payment_intent_unexpected_state',
    );
  const currency = params.currency === undefined ? before.currency : checkCurrency(params.currency);
  if (params.amount !== undefined || params.currency !== undefined)
    checkAmount(params.amount ?? before.amount, currency);
  if (params.customer !== undefined) needCustomer(world, params.customer, 'customer');
  const { payment_method, payment_method_options: _options, shipping, ...rest } = params;
  const method =
    payment_method === undefined
      ? undefined
      : usePaymentMethod(world, payment_method, params.customer ?? (before.customer as string | null));
  return world.store.paymentIntents.change(id, {
    ...merge(before, rest),
    currency,
    ...(shipping !== undefined && {
      shipping: shipping ? { ...shipping, address: wholeAddress(shipping.address) as Stripe.Address } : null,
    }),
    ...(method && {
      payment_method: method.id,
      ...(before.status === 'requires_payment_method' && { status: 'requires_confirmation' }),
    }),
  });
}

const listParams = fields<Stripe.PaymentIntentListParams>({ ...paging, created: range, customer: text });

export const paymentIntentRoutes: Route[] = [
  route('POST', '/payment_intents', createParams, ({ world, params }) => createPaymentIntent(world, params)),
  route('GET', '/payment_intents', listParams, ({ world, params, path }) =>
    listPage(
      world.store.paymentIntents,
      path,
      params,
      (intent) =>
        intent.customer === (params.customer ?? intent.customer) && inRange(intent.created, params.created),
    ),
  ),
  route('GET', '/payment_intents/search', searchParams, ({ world, params, path }) =>
    searchPage(world.store.paymentIntents, path, params),
  ),
  route('GET', '/payment_intents/:id', fields({ client_secret: text }), ({ world }, id) =>
    needIntent(world, id),
  ),
  route('POST', '/payment_intents/:id', updateParams, ({ world, params }, id) =>
    updateIntent(world, id, params),
  ),
  route('POST', '/payment_intents/:id/confirm', confirmParams, ({ world, params }, id) => {
    if (world.store.purposes.get(id)?.session !== undefined)
      throw invalidRequest(
        'You cannot confirm the PaymentIntent of a Checkout Session: its customer does so on the hosted page.',
        { code: 'payment_intent_unexpected_state' },
      );
    needIntent(world, id);
    const method = params.payment_method_data ? methodFor(world, params, null)?.id : params.payment_method;
    return confirm(world, id, { ...params, ...(method !== undefined && { payment_method: method }) });
  }),
  route(
    'POST',
    '/payment_intents/:id/capture',
    fields<Stripe.PaymentIntentCaptureParams>({
      amount_to_capture: whole,
      application_fee_amount: whole,
      metadata,
    }),
    ({ world, params }, id) => capture(world, id, params),
  ),
  route(
    'POST',
    '/payment_intents/:id/cancel',
    fields<Stripe.PaymentIntentCancelParams>({
      cancellation_reason: oneOf('abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'),
    }),
    ({ world, params }, id) => {
      const session = world.store.checkoutSessions.get(world.store.purposes.get(id)?.session);
      if (session?.status === 'open' && needIntent(world, id).status !== 'requires_capture')
        throw invalidRequest(
          'You cannot cancel the PaymentIntent of an open Checkout Session: expire the Checkout Session instead.',
          { code: 'payment_intent_unexpected_state' },
        );
      return cancel(world, id, params.cancellation_reason ?? null);
    },
  ),
];
