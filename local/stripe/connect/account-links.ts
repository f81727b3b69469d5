import type Stripe from 'stripe';
import { newId } from '../state/ids.ts';
import { MINUTE } from '../state/clock.ts';
import { fields, noEffect, oneOf, required, text, webAddress } from '../wire/params.ts';
import { route, type Route } from '../wire/routes.ts';
import { needAccount } from './accounts.ts';

const LIFETIME = 5 * MINUTE;

const createParams = fields<Stripe.AccountLinkCreateParams>({
  account: required(text),
  type: required(oneOf('account_onboarding', 'account_update')),
  refresh_url: webAddress,
  return_url: webAddress,
  collection_options: noEffect,
});

/** A link to the onboarding page, good once and for five minutes. */
export const accountLinkRoutes: Route[] = [
  route('POST', '/account_links', createParams, ({ world, params }) => {
    const now = world.clock.now();
    const visit = world.store.accountLinks.put({
      id: newId('acclink'),
      account: needAccount(world, params.account, 'account').id,
      expires_at: now + LIFETIME,
      return_url: params.return_url ?? null,
      refresh_url: params.refresh_url ?? null,
    });
    return {
      object: 'account_link',
      created: now,
      expires_at: visit.expires_at,
      url: `${world.url}/connect/${visit.id}`,
    } satisfies Stripe.AccountLink;
  }),
];
