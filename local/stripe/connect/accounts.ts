import type Stripe from 'stripe';
import { emit } from '../events/events.ts';
import { newId } from '../state/ids.ts';
import { noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import { fields, flag, metadata, noEffect, oneOf, text, type Field } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import type { World } from '../world.ts';

/** The account the keys belong to. */
export const PLATFORM = 'acct_atrium';

const requested = fields<{ requested: boolean }>({ requested: flag });
const controller: Field<Stripe.AccountCreateParams.Controller> = fields({
  fees: fields({ payer: oneOf('account', 'application') }),
  losses: fields({ payments: oneOf('application', 'stripe') }),
  requirement_collection: oneOf('application', 'stripe'),
  stripe_dashboard: fields({ type: oneOf('express', 'full', 'none') }),
});
const businessProfile = fields<Stripe.AccountCreateParams.BusinessProfile>({
  name: text,
  mcc: text,
  product_description: text,
  support_email: text,
  url: text,
});
const capabilities = fields<Stripe.AccountCreateParams.Capabilities>({
  card_payments: requested,
  transfers: requested,
});
const businessType = oneOf('company', 'government_entity', 'individual', 'non_profit');

const createParams = fields<Stripe.AccountCreateParams>({
  type: oneOf('custom', 'express', 'standard'),
  controller,
  country: text,
  default_currency: text,
  email: text,
  business_type: businessType,
  business_profile: businessProfile,
  capabilities,
  metadata,
  settings: noEffect,
});

const updateParams = fields<Stripe.AccountUpdateParams>({
  email: text,
  business_type: businessType,
  business_profile: businessProfile,
  capabilities,
  default_currency: text,
  metadata,
  settings: noEffect,
});

const CURRENCY_OF: Record<string, string> = { US: 'usd', GB: 'gbp', AR: 'ars', MX: 'mxn', BR: 'brl' };
const STILL_DUE = ['business_type', 'external_account', 'tos_acceptance.date', 'tos_acceptance.ip'];

function createAccount(world: World, params: Stripe.AccountCreateParams): Stripe.Account {
  const { business_profile: profile, controller: given } = params;
  const country = (params.country ?? 'ES').toUpperCase();
  const account = world.store.accounts.put({
    id: newId('acct', 16),
    object: 'account',
    business_profile: {
      annual_revenue: null,
      estimated_worker_count: null,
      mcc: profile?.mcc ?? null,
      minority_owned_business_designation: null,
      name: profile?.name ?? null,
      specified_commercial_transactions_act_url: null,
      product_description: profile?.product_description ?? null,
      support_address: null,
      support_email: profile?.support_email || null,
      support_phone: null,
      support_url: null,
      url: profile?.url ?? null,
    },
    business_type: params.business_type ?? null,
    capabilities: Object.fromEntries(
      Object.entries(params.capabilities ?? {})
        .filter(([, wish]) => (wish as { requested?: boolean }).requested)
        .map(([name]) => [name, 'inactive']),
    ),
    charges_enabled: false,
    controller: {
      type: 'application',
      is_controller: true,
      fees: { payer: given?.fees?.payer ?? 'application' },
      losses: { payments: given?.losses?.payments ?? 'application' },
      requirement_collection: given?.requirement_collection ?? 'stripe',
      stripe_dashboard: { type: given?.stripe_dashboard?.type ?? 'express' },
    },
    country,
    created: world.clock.now(),
    default_currency: params.default_currency ?? CURRENCY_OF[country] ?? 'eur',
    details_submitted: false,
    email: params.email ?? null,
    metadata: (params.metadata || {}) as Stripe.Metadata,
    payouts_enabled: false,
    requirements: requirements(STILL_DUE),
    type: params.type ?? 'none',
  } satisfies Stripe.Account);
  emit(world, 'account.updated', account);
  return account;
}

function requirements(due: string[]): Stripe.Account.Requirements {
  return {
    alternatives: [],
    current_deadline: null,
    currently_due: due,
    disabled_reason: due.length ? 'requirements.past_due' : null,
    errors: [],
    eventually_due: due,
    past_due: due,
    pending_verification: [],
  };
}

/** What the onboarding page does: from here on the account can be paid. */
export function completeOnboarding(world: World, id: string): Readonly<Stripe.Account> {
  const before = needAccount(world, id);
  const after = world.store.accounts.change(id, {
    charges_enabled: true,
    payouts_enabled: true,
    details_submitted: true,
    requirements: requirements([]),
    capabilities: Object.fromEntries(
      [...new Set([...Object.keys(before.capabilities ?? {}), 'transfers'])].map((name) => [name, 'active']),
    ),
  });
  emit(world, 'account.updated', after, before);
  return after;
}

export function needAccount(world: World, id: string, param?: string): Readonly<Stripe.Account> {
  const account = world.store.accounts.get(id);
  if (!account) throw noSuch('account', id, param);
  return account;
}

function updateAccount(world: World, id: string, params: Stripe.AccountUpdateParams) {
  const before = needAccount(world, id);
  const { business_profile, capabilities: wishes, settings: _settings, ...rest } = params;
  const state = before.charges_enabled ? 'active' : 'inactive';
  const after = world.store.accounts.change(id, {
    ...merge(before, rest),
    ...(business_profile && {
      business_profile: {
        ...(before.business_profile as Stripe.Account.BusinessProfile),
        ...(business_profile as Partial<Stripe.Account.BusinessProfile>),
      },
    }),
    ...(wishes && {
      capabilities: {
        ...before.capabilities,
        ...Object.fromEntries(Object.keys(wishes).map((name) => [name, state])),
      },
    }),
  });
  emit(world, 'account.updated', after, before);
  return after;
}

const listParams = fields<Stripe.AccountListParams>({ ...paging, created: range });

export const accountRoutes: Route[] = [
  route('POST', '/accounts', createParams, ({ world, params }) => createAccount(world, params)),
  route('GET', '/accounts', listParams, ({ world, params, path }) =>
    listPage(world.store.accounts, path, params, ({ created = 0 }) => inRange(created, params.created)),
  ),
  route('GET', '/account', noParams, () => platform()),
  route('GET', '/accounts/:id', noParams, ({ world }, id) =>
    id === PLATFORM ? platform() : needAccount(world, id),
  ),
  route('POST', '/accounts/:id', updateParams, ({ world, params }, id) => updateAccount(world, id, params)),
  route('DELETE', '/accounts/:id', noParams, ({ world }, id) => {
    needAccount(world, id);
    world.store.accounts.delete(id);
    return { id, object: 'account', deleted: true } satisfies Stripe.DeletedAccount;
  }),
  route('POST', '/accounts/:id/login_links', noParams, ({ world }, id) => {
    needAccount(world, id);
    return {
      object: 'login_link',
      created: world.clock.now(),
      url: `${world.url}/express/${id}`,
    } satisfies Stripe.LoginLink;
  }),
];

function platform(): Stripe.Account {
  return {
    id: PLATFORM,
    object: 'account',
    charges_enabled: true,
    country: 'ES',
    default_currency: 'eur',
    details_submitted: true,
    email: null,
    payouts_enabled: true,
    type: 'standard',
  } satisfies Stripe.Account;
}
