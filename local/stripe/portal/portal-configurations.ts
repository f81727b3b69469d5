import type Stripe from 'stripe';
import { emit } from '../events/events.ts';
import { newId } from '../state/ids.ts';
import { noSuch } from '../wire/errors.ts';
import { listPage, paging } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import {
  emptiable,
  type Field,
  fields,
  flag,
  metadata,
  noEffect,
  oneOf,
  required,
  text,
  webAddress,
} from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import type { World } from '../world.ts';

type Configuration = Stripe.BillingPortal.Configuration;
type FeatureParams = Stripe.BillingPortal.ConfigurationCreateParams.Features;

const features: Field<FeatureParams> = fields<FeatureParams>({
  customer_update: noEffect,
  invoice_history: fields<NonNullable<FeatureParams['invoice_history']>>({ enabled: required(flag) }),
  payment_method_update: fields<NonNullable<FeatureParams['payment_method_update']>>({
    enabled: required(flag),
  }),
  subscription_cancel: fields<NonNullable<FeatureParams['subscription_cancel']>>({
    enabled: required(flag),
    mode: oneOf('at_period_end', 'immediately'),
    proration_behavior: noEffect,
    cancellation_reason: noEffect,
  }),
});

const businessProfile = fields<Stripe.BillingPortal.ConfigurationCreateParams.BusinessProfile>({
  headline: emptiable(text),
  privacy_policy_url: text,
  terms_of_service_url: text,
});

const createParams = fields<Stripe.BillingPortal.ConfigurationCreateParams>({
  features: required(features),
  business_profile: businessProfile,
  default_return_url: emptiable(webAddress),
  metadata,
  name: emptiable(text),
});

const updateParams = fields<Stripe.BillingPortal.ConfigurationUpdateParams>({
  active: flag,
  features,
  default_return_url: emptiable(webAddress),
  metadata,
  name: emptiable(text),
});

function createConfiguration(
  world: World,
  params: Stripe.BillingPortal.ConfigurationCreateParams,
  isDefault = false,
): Configuration {
  const now = world.clock.now();
  const configuration = world.store.portalConfigurations.put({
    id: newId('bpc'),
    object: 'billing_portal.configuration',
    active: true,
    application: null,
    business_profile: {
      headline: params.business_profile?.headline || null,
      privacy_policy_url: params.business_profile?.privacy_policy_url ?? null,
      terms_of_service_url: params.business_profile?.terms_of_service_url ?? null,
    },
    created: now,
    default_return_url: params.default_return_url || null,
    features: wholeFeatures(params.features),
    is_default: isDefault,
    livemode: false,
    login_page: { enabled: false, url: null },
    metadata: (params.metadata ?? {}) as Stripe.Metadata,
    name: params.name || null,
    updated: now,
  } satisfies Configuration);
  emit(world, 'billing_portal.configuration.created', configuration);
  return configuration;
}

function wholeFeatures(given: FeatureParams): Configuration['features'] {
  return {
    customer_update: { allowed_updates: [], enabled: false },
    invoice_history: { enabled: given.invoice_history?.enabled ?? true },
    payment_method_update: {
      enabled: given.payment_method_update?.enabled ?? false,
      payment_method_configuration: null,
    },
    subscription_cancel: {
      cancellation_reason: { enabled: false, feedback_options: null, options: [] },
      enabled: given.subscription_cancel?.enabled ?? false,
      mode: given.subscription_cancel?.mode ?? 'at_period_end',
      proration_behavior: 'none',
    },
    subscription_pause: { duration: { interval_options: [], type: 'indefinite' }, enabled: false },
    subscription_update: {
      billing_cycle_anchor: null,
      default_allowed_updates: [],
      enabled: false,
      proration_behavior: 'none',
      schedule_at_period_end: { conditions: [] },
      trial_update_behavior: 'end_trial',
    },
  };
}

/** The one used when a session names none; made when it is first needed. */
export function defaultConfiguration(world: World): Readonly<Configuration> {
  for (const each of world.store.portalConfigurations.values()) if (each.is_default) return each;
  return createConfiguration(
    world,
    {
      features: {
        invoice_history: { enabled: true },
        payment_method_update: { enabled: true },
        subscription_cancel: { enabled: true, mode: 'at_period_end' },
      },
    },
    true,
  );
}

export function needConfiguration(world: World, id: string, param?: string): Readonly<Configuration> {
  const configuration = world.store.portalConfigurations.get(id);
  if (!configuration) throw noSuch('configuration', id, param);
  return configuration;
}

export const portalConfigurationRoutes: Route[] = [
  route('POST', '/billing_portal/configurations', createParams, ({ world, params }) =>
    createConfiguration(world, params),
  ),
  route(
    'GET',
    '/billing_portal/configurations',
    fields<Stripe.BillingPortal.ConfigurationListParams>({ ...paging, active: flag, is_default: flag }),
    ({ world, params, path }) =>
      listPage(
        world.store.portalConfigurations,
        path,
        params,
        (each) =>
          each.active === (params.active ?? each.active) &&
          each.is_default === (params.is_default ?? each.is_default),
      ),
  ),
  route('GET', '/billing_portal/configurations/:id', noParams, ({ world }, id) =>
    needConfiguration(world, id),
  ),
  route('POST', '/billing_portal/configurations/:id', updateParams, ({ world, params }, id) => {
    const before = needConfiguration(world, id);
    const { features: given, ...rest } = params;
    const after = world.store.portalConfigurations.change(id, {
      ...merge(before, rest),
      ...(given && { features: wholeFeatures(given as FeatureParams) }),
      updated: world.clock.now(),
    });
    emit(world, 'billing_portal.configuration.updated', after, before);
    return after;
  }),
];
