import type Stripe from 'stripe';
import { emit } from '../events/events.ts';
import { newId } from '../state/ids.ts';
import { noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import {
  emptiable,
  fields,
  listOf,
  metadata,
  noEffect,
  oneOf,
  required,
  text,
  whole,
} from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import { searchPage, searchParams } from '../lists/search.ts';
import { testClockOf, type World } from '../world.ts';
import { endSubscriptionsOf } from '../subscriptions/time/ending.ts';
import { addressParams, wholeAddress } from './params.ts';
import { attach, usePaymentMethod } from './payment-methods.ts';

const address = emptiable(addressParams);
const shipping = emptiable(
  fields<Stripe.CustomerCreateParams.Shipping>({
    address: required(addressParams),
    name: required(text),
    phone: text,
  }),
);
const taxExempt = emptiable(oneOf('exempt', 'none', 'reverse'));

const createParams = fields<Stripe.CustomerCreateParams>({
  address,
  balance: whole,
  description: text,
  email: text,
  invoice_prefix: text,
  invoice_settings: fields<Stripe.CustomerCreateParams.InvoiceSettings>({
    default_payment_method: text,
    footer: text,
  }),
  metadata,
  name: text,
  payment_method: text,
  phone: text,
  preferred_locales: listOf(text),
  shipping,
  tax_exempt: taxExempt,
  test_clock: text,
  validate: noEffect,
});

const updateParams = fields<Stripe.CustomerUpdateParams>({
  address,
  balance: whole,
  description: text,
  email: text,
  invoice_prefix: text,
  invoice_settings: fields<Stripe.CustomerUpdateParams.InvoiceSettings>({
    default_payment_method: text,
    footer: text,
  }),
  metadata,
  name: text,
  phone: text,
  preferred_locales: listOf(text),
  shipping,
  tax_exempt: taxExempt,
  validate: noEffect,
});

export function createCustomer(world: World, params: Stripe.CustomerCreateParams): Stripe.Customer {
  const clock = params.test_clock ?? null;
  if (clock !== null && !world.store.testClocks.get(clock))
    throw noSuch('test_helpers.test_clock', clock, 'test_clock');
  const method =
    params.payment_method === undefined ? null : usePaymentMethod(world, params.payment_method, null).id;
  const id = newId('cus', 14);
  const customer = world.store.customers.put({
    id,
    object: 'customer',
    address: wholeAddress(params.address),
    balance: params.balance ?? 0,
    created: clock === null ? world.clock.now() : world.store.testClocks.need(clock).frozen_time,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: params.description || null,
    discount: null,
    email: params.email || null,
    invoice_prefix: params.invoice_prefix ?? id.slice(4, 12).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: params.invoice_settings?.footer ?? null,
      rendering_options: null,
    },
    livemode: false,
    metadata: (params.metadata || {}) as Stripe.Metadata,
    name: params.name || null,
    next_invoice_sequence: 1,
    phone: params.phone || null,
    preferred_locales: params.preferred_locales ?? [],
    shipping: params.shipping
      ? { ...params.shipping, address: wholeAddress(params.shipping.address) as Stripe.Address }
      : null,
    tax_exempt: params.tax_exempt || 'none',
    test_clock: clock,
  } satisfies Stripe.Customer);
  emit(world, 'customer.created', customer);
  if (method !== null) attach(world, method, id);
  const chosen = params.invoice_settings?.default_payment_method;
  return chosen === undefined
    ? customer
    : setDefaultMethod(world, id, chosen === params.payment_method ? method : chosen);
}

function setDefaultMethod(world: World, id: string, reference: string | null): Stripe.Customer {
  const customer = needCustomer(world, id);
  const method = reference === null ? null : usePaymentMethod(world, reference, id);
  if (method && method.customer !== id)
    throw noSuch('PaymentMethod', method.id, 'invoice_settings[default_payment_method]');
  return world.store.customers.change(id, {
    invoice_settings: { ...customer.invoice_settings, default_payment_method: method?.id ?? null },
  });
}

export function needCustomer(world: World, id: string, param?: string): Readonly<Stripe.Customer> {
  const customer = world.store.customers.get(id);
  if (!customer) throw noSuch('customer', id, param);
  return customer;
}

export function updateCustomer(
  world: World,
  id: string,
  params: Stripe.CustomerUpdateParams,
): Readonly<Stripe.Customer> {
  const before = needCustomer(world, id);
  const { invoice_settings, address: newAddress, shipping: newShipping, ...rest } = params;
  world.store.customers.change(id, {
    ...merge(before, rest),
    ...(newAddress !== undefined && { address: wholeAddress(newAddress) }),
    ...(newShipping !== undefined && {
      shipping: newShipping
        ? { ...newShipping, address: wholeAddress(newShipping.address) as Stripe.Address }
        : null,
    }),
    ...(invoice_settings?.footer !== undefined && {
      invoice_settings: { ...before.invoice_settings, footer: invoice_settings.footer },
    }),
  });
  const chosen = invoice_settings?.default_payment_method;
  if (chosen !== undefined) setDefaultMethod(world, id, chosen || null);
  const after = needCustomer(world, id);
  emit(world, 'customer.updated', after, before);
  return after;
}

/** Ends their subscriptions and lets their cards go; the id stays known as deleted. */
function deleteCustomer(world: World, id: string): Stripe.DeletedCustomer {
  const customer = needCustomer(world, id);
  endSubscriptionsOf(world, id);
  for (const method of world.store.paymentMethods.values())
    if (method.customer === id) world.store.paymentMethods.change(method.id, { customer: null });
  world.store.customers.delete(id);
  emit(world, 'customer.deleted', customer);
  return world.store.deletedCustomers.put({ id, object: 'customer', deleted: true });
}

const listParams = fields<Stripe.CustomerListParams>({
  ...paging,
  created: range,
  email: text,
  test_clock: text,
});

export const customerRoutes: Route[] = [
  route('POST', '/customers', createParams, ({ world, params }) => createCustomer(world, params)),
  route('GET', '/customers', listParams, ({ world, params, path }) =>
    listPage(
      world.store.customers,
      path,
      params,
      (customer) =>
        (params.email === undefined || customer.email === params.email) &&
        testClockOf(world, customer.id) === (params.test_clock ?? null) &&
        inRange(customer.created, params.created),
    ),
  ),
  route('GET', '/customers/search', searchParams, ({ world, params, path }) =>
    searchPage(world.store.customers, path, params),
  ),
  route(
    'GET',
    '/customers/:id',
    noParams,
    ({ world }, id) => world.store.deletedCustomers.get(id) ?? needCustomer(world, id),
  ),
  route('POST', '/customers/:id', updateParams, ({ world, params }, id) => updateCustomer(world, id, params)),
  route('DELETE', '/customers/:id', noParams, ({ world }, id) => deleteCustomer(world, id)),
];
