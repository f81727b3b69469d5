import { hash } from 'node:crypto';
import type Stripe from 'stripe';
import { emit } from '../events/events.ts';
import { newId } from '../state/ids.ts';
import { invalidRequest, noSuch } from '../wire/errors.ts';
import { listPage, paging } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import { fields, metadata, oneOf, required, text, whole } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import { timeFor, type World } from '../world.ts';
import { accountByIban, cardByName, type TestCard } from './cards.ts';
import { billingParams, paymentMethodParams, wholeAddress } from './params.ts';
import { checkCard } from './card-check.ts';

export function createPaymentMethod(
  world: World,
  params: Stripe.PaymentMethodCreateParams,
  customer: string | null = null,
): Stripe.PaymentMethod {
  if (params.type === 'sepa_debit') return createSepaDebit(world, params, customer);
  const { card } = params;
  if (!card)
    throw invalidRequest('Missing required param: card.', { param: 'card', code: 'parameter_missing' });
  if (card.token !== undefined) {
    const known = cardByName(card.token);
    if (!known) throw noSuch('token', card.token, 'card[token]');
    return storeCard(world, { card: known, exp_month: 12, exp_year: 2034 }, params, customer);
  }
  if (card.number === undefined || card.exp_month === undefined || card.exp_year === undefined)
    throw invalidRequest('Missing required param: card[number], card[exp_month] and card[exp_year].', {
      param: 'card',
      code: 'parameter_missing',
    });
  const checked = checkCard(
    {
      number: card.number,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      ...(card.cvc && { cvc: card.cvc }),
    },
    world.clock.now(),
  );
  return storeCard(world, checked, params, customer);
}

/** A stored method by id, or a new one for a name such as `pm_card_visa`. */
export function usePaymentMethod(
  world: World,
  reference: string,
  customer: string | null,
  param = 'payment_method',
): Readonly<Stripe.PaymentMethod> {
  const stored = world.store.paymentMethods.get(reference);
  if (stored) {
    if (stored.customer !== null && stored.customer !== customer)
      throw invalidRequest(
        'The provided PaymentMethod is attached to another customer: give its customer with it, or use another one.',
        { param, code: 'payment_method_unexpected_state' },
      );
    return stored;
  }
  const card = cardByName(reference);
  if (!card) throw noSuch('PaymentMethod', reference, param);
  return storeCard(world, { card, exp_month: 12, exp_year: 2034 }, {}, null);
}

function storeCard(
  world: World,
  { card, exp_month, exp_year }: { card: TestCard; exp_month: number; exp_year: number },
  params: Stripe.PaymentMethodCreateParams,
  customer: string | null,
): Stripe.PaymentMethod {
  const method = {
    ...commonFields(world, params, customer),
    type: 'card',
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: card.country ?? 'US',
      display_brand: card.brand === 'amex' ? 'american_express' : card.brand,
      exp_month,
      exp_year,
      fingerprint: hash('sha256', card.number, 'base64url').slice(0, 16),
      funding: card.funding ?? 'credit',
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
  } satisfies Stripe.PaymentMethod;
  world.store.instruments.put({ id: method.id, number: card.number, setUp: false });
  return world.store.paymentMethods.put(method);
}

function createSepaDebit(
  world: World,
  params: Stripe.PaymentMethodCreateParams,
  customer: string | null,
): Stripe.PaymentMethod {
  const iban = params.sepa_debit?.iban.replaceAll(/\s/g, '').toUpperCase() ?? '';
  const account = accountByIban(iban);
  if (!account)
    throw invalidRequest(`The IBAN you provided is not one of the test accounts: ${iban}`, {
      param: 'sepa_debit[iban]',
      code: 'invalid_bank_account_iban',
    });
  const method = {
    ...commonFields(world, params, customer),
    type: 'sepa_debit',
    sepa_debit: {
      bank_code: iban.slice(4, 9),
      branch_code: '',
      country: iban.slice(0, 2),
      fingerprint: hash('sha256', iban, 'base64url').slice(0, 16),
      generated_from: { charge: null, setup_attempt: null },
      last4: iban.slice(-4),
    },
  } satisfies Stripe.PaymentMethod;
  world.store.instruments.put({ id: method.id, number: account.iban, setUp: true });
  return world.store.paymentMethods.put(method);
}

function commonFields(world: World, params: Stripe.PaymentMethodCreateParams, customer: string | null) {
  const { billing_details: billing } = params;
  return {
    id: newId('pm'),
    object: 'payment_method',
    allow_redisplay: params.allow_redisplay ?? 'unspecified',
    billing_details: {
      address: wholeAddress(billing?.address ?? {}),
      email: billing?.email || null,
      name: billing?.name || null,
      phone: billing?.phone || null,
      tax_id: null,
    },
    created: timeFor(world, customer),
    customer,
    customer_account: null,
    livemode: false,
    metadata: (params.metadata ?? {}) as Stripe.Metadata,
  } as const;
}

export function attach(world: World, id: string, customer: string): Readonly<Stripe.PaymentMethod> {
  const method = usePaymentMethod(world, id, customer, 'payment_method');
  if (!world.store.customers.get(customer)) throw noSuch('customer', customer, 'customer');
  if (method.customer === customer) return method;
  const attached = world.store.paymentMethods.change(method.id, { customer });
  emit(world, 'payment_method.attached', attached);
  return attached;
}

export function detach(world: World, id: string): Readonly<Stripe.PaymentMethod> {
  const before = needPaymentMethod(world, id);
  if (before.customer === null)
    throw invalidRequest(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
      {
        param: 'id',
      },
    );
  const detached = world.store.paymentMethods.change(id, { customer: null });
  emit(world, 'payment_method.detached', detached, before);
  return detached;
}

export function needPaymentMethod(world: World, id: string): Readonly<Stripe.PaymentMethod> {
  const method = world.store.paymentMethods.get(id);
  if (!method) throw noSuch('PaymentMethod', id);
  return method;
}

const listParams = fields<Stripe.PaymentMethodListParams>({ ...paging, customer: text, type: text });

function listPaymentMethods(world: World, params: Stripe.PaymentMethodListParams, path: string) {
  return listPage(
    world.store.paymentMethods,
    path,
    params,
    (method) =>
      method.customer === (params.customer ?? method.customer) &&
      method.type === (params.type ?? method.type),
  );
}

const updateParams = fields<Stripe.PaymentMethodUpdateParams>({
  billing_details: billingParams,
  allow_redisplay: oneOf('always', 'limited', 'unspecified'),
  card: fields<Stripe.PaymentMethodUpdateParams.Card>({ exp_month: whole, exp_year: whole }),
  metadata,
});

function updatePaymentMethod(world: World, id: string, params: Stripe.PaymentMethodUpdateParams) {
  const before = needPaymentMethod(world, id);
  const { billing_details: billing, card, ...rest } = params;
  const patch: Partial<Stripe.PaymentMethod> = merge(before, rest);
  if (billing)
    patch.billing_details = {
      ...before.billing_details,
      ...merge(before.billing_details, billing),
      ...(billing.address !== undefined && { address: wholeAddress(billing.address) }),
    };
  if (card && before.card) patch.card = { ...before.card, ...(card as Partial<Stripe.PaymentMethod.Card>) };
  const after = world.store.paymentMethods.change(id, patch);
  emit(world, 'payment_method.updated', after, before);
  return after;
}

export const paymentMethodRoutes: Route[] = [
  route('POST', '/payment_methods', paymentMethodParams, ({ world, params }) =>
    createPaymentMethod(world, params),
  ),
  route('GET', '/payment_methods', listParams, ({ world, params, path }) =>
    listPaymentMethods(world, params, path),
  ),
  route('GET', '/payment_methods/:id', noParams, ({ world }, id) => needPaymentMethod(world, id)),
  route('POST', '/payment_methods/:id', updateParams, ({ world, params }, id) =>
    updatePaymentMethod(world, id, params),
  ),
  route(
    'POST',
    '/payment_methods/:id/attach',
    fields<Stripe.PaymentMethodAttachParams>({ customer: required(text) }),
    ({ world, params }, id) => attach(world, id, params.customer ?? ''),
  ),
  route('POST', '/payment_methods/:id/detach', noParams, ({ world }, id) => detach(world, id)),
  route('GET', '/customers/:id/payment_methods', listParams, ({ world, params, path }, id) =>
    listPaymentMethods(world, { ...params, customer: id }, path),
  ),
  route('GET', '/customers/:id/payment_methods/:id', noParams, ({ world, ids: [customer, id = ''] }) => {
    const method = needPaymentMethod(world, id);
    if (method.customer !== customer) throw noSuch('PaymentMethod', id);
    return method;
  }),
];
