import type Stripe from 'stripe';
import type { ChosenDiscount } from '../catalogue/discounts.ts';
import { needCustomer } from '../customers/customers.ts';
import { MINUTE } from '../state/clock.ts';
import { newId } from '../state/ids.ts';
import { invalidRequest } from '../wire/errors.ts';
import { CHECKOUT_LIFETIME, type World } from '../world.ts';

type Session = Stripe.Checkout.Session;
type Params = Stripe.Checkout.SessionCreateParams;

const SHORTEST_LIFETIME = 30 * MINUTE;

export function checkParams(world: World, params: Params, mode: string): void {
  if (params.ui_mode !== undefined && params.ui_mode !== 'hosted_page')
    throw invalidRequest('The emulator serves `ui_mode: hosted_page` only.', { param: 'ui_mode' });
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

export function newSession(
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
