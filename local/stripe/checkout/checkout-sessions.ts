import type Stripe from 'stripe';
import { expireIncomplete } from '../billing/ending.ts';
import { chooseDiscount, type ChosenDiscount } from '../catalogue/discounts.ts';
import { needCoupon } from '../catalogue/coupons.ts';
import { needCustomer } from '../customers/customers.ts';
import { emit } from '../events/events.ts';
import { checkAmount } from '../payments/amounts.ts';
import { cancel } from '../payments/capturing.ts';
import { MINUTE } from '../state/clock.ts';
import { newId } from '../state/ids.ts';
import { invalidRequest, noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range, wholeList } from '../wire/lists.ts';
import { merge } from '../wire/merge.ts';
import { fields, metadata, oneOf, text } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import { CHECKOUT_LIFETIME, type World } from '../world.ts';
import { discountLines, makeLines } from './line-items.ts';
import { createSessionParams } from './session-params.ts';

type Session = Stripe.Checkout.Session;
type Params = Stripe.Checkout.SessionCreateParams;

const SHORTEST_LIFETIME = 30 * MINUTE;

function createSession(world: World, params: Params): Session {
  const mode = params.mode ?? 'payment';
  checkParams(world, params, mode);
  const made = makeLines(world, params, mode);
  const subtotal = made.reduce((sum, { amount_subtotal }) => sum + amount_subtotal, 0);
  const currency = made[0]?.currency ?? params.currency?.toLowerCase() ?? null;
  const given = params.discounts?.[0];
  const discount =
    given &&
    chooseDiscount(world, given as { coupon?: string; promotion_code?: string }, {
      customer: params.customer ?? null,
      amount: subtotal,
      currency: currency ?? '',
    });
  const lines = discountLines(made, discount?.coupon ?? null);
  const trial =
    params.subscription_data?.trial_period_days !== undefined ||
    params.subscription_data?.trial_end !== undefined;
  const total = trial ? 0 : lines.reduce((sum, { amount_total }) => sum + amount_total, 0);
  if (mode === 'payment' && total > 0) checkAmount(total, currency ?? '', 'line_items');
  const session = world.store.checkoutSessions.put(
    newSession(world, params, { mode, subtotal, total, currency, discount }),
  );
  world.store.checkoutPlans.put({
    id: session.id,
    lines,
    paymentIntentData: params.payment_intent_data ?? null,
    subscriptionData: params.subscription_data ?? null,
    setupIntentData: params.setup_intent_data ?? null,
    coupon: discount?.coupon.id ?? null,
    promotionCode: discount?.promotionCode ?? null,
    typed: { email: params.customer_email ?? '', name: '', number: '', expiry: '' },
    subscription: null,
  });
  awaitExpiry(world, session);
  return session;
}

function checkParams(world: World, params: Params, mode: string): void {
  if (params.ui_mode !== undefined && params.ui_mode !== 'hosted_page')
    throw invalidRequest('The emulator serves `ui_mode: hosted_page` only.', { param: 'ui_mode' });
  for (const name of ['success_url', 'cancel_url'] as const) {
    const url = params[name];
    if (url !== undefined && !/^https?:\/\//.test(url))
      throw invalidRequest('Not a valid URL', { param: name, code: 'url_invalid' });
  }
  if (params.success_url === undefined)
    throw invalidRequest('Missing required param: success_url.', {
      param: 'success_url',
      code: 'parameter_missing',
    });
  if (params.customer !== undefined && params.customer_email !== undefined)
    throw invalidRequest('You may only specify one of these parameters: customer, customer_email.', {
      param: 'customer',
    });
  if (params.customer !== undefined) needCustomer(world, params.customer, 'customer');
  if (params.allow_promotion_codes && params.discounts?.length)
    throw invalidRequest('You may only specify one of these parameters: allow_promotion_codes, discounts.', {
      param: 'allow_promotion_codes',
    });
  const elsewhere: [keyof Params, string][] = [
    ['payment_intent_data', 'payment'],
    ['subscription_data', 'subscription'],
    ['setup_intent_data', 'setup'],
  ];
  for (const [name, its] of elsewhere)
    if (params[name] !== undefined && mode !== its)
      throw invalidRequest(`You can not pass \`${name}\` in \`${mode}\` mode.`, { param: name });
  const lifetime = (params.expires_at ?? world.clock.now() + CHECKOUT_LIFETIME) - world.clock.now();
  if (lifetime < SHORTEST_LIFETIME)
    throw invalidRequest(
      'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
      { param: 'expires_at' },
    );
  if (lifetime > CHECKOUT_LIFETIME)
    throw invalidRequest(
      'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
      { param: 'expires_at' },
    );
}

interface Sums {
  mode: 'payment' | 'setup' | 'subscription' | (string & Record<never, never>);
  subtotal: number;
  total: number;
  currency: string | null;
  discount: ChosenDiscount | undefined;
}

function newSession(
  world: World,
  params: Params,
  { mode, subtotal, total, currency, discount }: Sums,
): Session {
  const id = newId('cs_test', 58);
  const now = world.clock.now();
  const types = params.allowed_payment_method_types ?? [
    'card',
    ...(mode === 'payment' && currency === 'eur' ? ['sepa_debit'] : []),
  ];
  return {
    id,
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    amount_subtotal: mode === 'setup' ? null : subtotal,
    amount_total: mode === 'setup' ? null : total,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: params.billing_address_collection ?? null,
    branding_settings: {
      background_color: params.branding_settings?.background_color || '#ffffff',
      border_style: params.branding_settings?.border_style || 'rounded',
      button_color: params.branding_settings?.button_color || '#0074d4',
      display_name: params.branding_settings?.display_name ?? 'Atrium',
      font_family: params.branding_settings?.font_family || 'default',
      icon: null,
      logo: null,
    },
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    client_secret: null,
    collected_information: { business_name: null, individual_name: null, shipping_details: null },
    consent: null,
    consent_collection: null,
    created: now,
    currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: params.custom_text?.after_submit || null,
      shipping_address: null,
      submit: params.custom_text?.submit || null,
      terms_of_service_acceptance: null,
    },
    customer: params.customer ?? null,
    customer_account: null,
    customer_creation: mode === 'payment' ? (params.customer_creation ?? 'if_required') : null,
    customer_details: null,
    customer_email: params.customer_email ?? null,
    discounts: discount ? [{ coupon: discount.coupon.id, promotion_code: discount.promotionCode }] : [],
    expires_at: params.expires_at ?? now + CHECKOUT_LIFETIME,
    integration_identifier: params.integration_identifier ?? null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: params.locale ?? null,
    managed_payments: { enabled: false },
    metadata: (params.metadata ?? {}) as Stripe.Metadata,
    mode,
    origin_context: params.origin_context ?? null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection:
      params.payment_method_collection ?? (mode === 'payment' ? 'if_required' : 'always'),
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: types,
    payment_status: mode === 'setup' || total === 0 ? 'no_payment_required' : 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: params.submit_type ?? null,
    subscription: null,
    success_url: params.success_url ?? null,
    total_details: { amount_discount: discount ? subtotal - total : 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${world.url}/c/pay/${id}`,
    wallet_options: null,
  } satisfies Session;
}

/** Recomputes what a promotion code typed on the hosted page changes. */
export function applyDiscount(world: World, id: string, discount: ChosenDiscount | null): void {
  const plan = world.store.checkoutPlans.need(id);
  const lines = discountLines(plan.lines, discount && needCoupon(world, discount.coupon.id));
  const total = lines.reduce((sum, { amount_total }) => sum + amount_total, 0);
  const session = world.store.checkoutSessions.need(id);
  const subtotal = session.amount_subtotal ?? 0;
  world.store.checkoutPlans.change(id, {
    lines,
    coupon: discount?.coupon.id ?? null,
    promotionCode: discount?.promotionCode ?? null,
  });
  world.store.checkoutSessions.change(id, {
    amount_total: total,
    discounts: discount ? [{ coupon: discount.coupon.id, promotion_code: discount.promotionCode }] : [],
    payment_status: total === 0 ? 'no_payment_required' : 'unpaid',
    total_details: { amount_discount: subtotal - total, amount_shipping: 0, amount_tax: 0 },
  });
}

function awaitExpiry(world: World, { id, expires_at }: Readonly<Session>): void {
  world.deadlines.set(`checkout:${id}`, expires_at, () => {
    if (world.store.checkoutSessions.get(id)?.status === 'open') expireSession(world, id);
  });
}

/** After a restart: sessions that are still open. */
export function resumeSessions(world: World): void {
  for (const session of world.store.checkoutSessions.values())
    if (session.status === 'open') awaitExpiry(world, session);
}

export function expireSession(world: World, id: string): Readonly<Session> {
  const before = needSession(world, id);
  if (before.status !== 'open')
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${String(before.status)}.`,
      { code: 'resource_invalid_state' },
    );
  const after = world.store.checkoutSessions.change(id, { status: 'expired', url: null });
  world.deadlines.clear(`checkout:${id}`);
  const intent = world.store.paymentIntents.get(before.payment_intent as string | null);
  if (intent && !['succeeded', 'canceled', 'processing'].includes(intent.status))
    cancel(world, intent.id, 'expired');
  const { subscription } = world.store.checkoutPlans.need(id);
  if (subscription !== null) expireIncomplete(world, subscription);
  emit(world, 'checkout.session.expired', after);
  return after;
}

export function needSession(world: World, id: string): Readonly<Session> {
  const session = world.store.checkoutSessions.get(id);
  if (!session) throw noSuch('checkout.session', id);
  return session;
}

const listParams = fields<Stripe.Checkout.SessionListParams>({
  ...paging,
  created: range,
  customer: text,
  customer_details: fields<Stripe.Checkout.SessionListParams.CustomerDetails>({ email: text }),
  payment_intent: text,
  status: oneOf('complete', 'expired', 'open'),
  subscription: text,
});

function listSessions(world: World, params: Stripe.Checkout.SessionListParams, path: string) {
  return listPage(
    world.store.checkoutSessions,
    path,
    params,
    (session) =>
      session.customer === (params.customer ?? session.customer) &&
      session.payment_intent === (params.payment_intent ?? session.payment_intent) &&
      session.subscription === (params.subscription ?? session.subscription) &&
      session.status === (params.status ?? session.status) &&
      (params.customer_details === undefined ||
        session.customer_details?.email === params.customer_details.email) &&
      inRange(session.created, params.created),
  );
}

export const checkoutSessionRoutes: Route[] = [
  route('POST', '/checkout/sessions', createSessionParams, ({ world, params }) =>
    createSession(world, params),
  ),
  route('GET', '/checkout/sessions', listParams, ({ world, params, path }) =>
    listSessions(world, params, path),
  ),
  route('GET', '/checkout/sessions/:id', noParams, ({ world }, id) => needSession(world, id)),
  route(
    'POST',
    '/checkout/sessions/:id',
    fields<Stripe.Checkout.SessionUpdateParams>({ metadata }),
    ({ world, params }, id) => world.store.checkoutSessions.change(id, merge(needSession(world, id), params)),
  ),
  route('POST', '/checkout/sessions/:id/expire', noParams, ({ world }, id) => expireSession(world, id)),
  route(
    'GET',
    '/checkout/sessions/:id/line_items',
    fields<Stripe.Checkout.SessionListLineItemsParams>(paging),
    ({ world, path }, id) => {
      needSession(world, id);
      return wholeList(world.store.checkoutPlans.need(id).lines, path);
    },
  ),
];
