import type Stripe from 'stripe';
import { needSubscription } from '../subscriptions/subscriptions.ts';
import { needCustomer } from '../customers/customers.ts';
import { emit } from '../events/events.ts';
import { HOUR } from '../state/clock.ts';
import { newId } from '../state/ids.ts';
import { invalidRequest } from '../wire/errors.ts';
import { type Field, fields, oneOf, required, text, webAddress } from '../wire/params.ts';
import { route, type Route } from '../wire/routes.ts';
import type { World } from '../world.ts';
import { defaultConfiguration, needConfiguration } from './portal-configurations.ts';

type Params = Stripe.BillingPortal.SessionCreateParams;
type Flow = Stripe.BillingPortal.Session.Flow;

export const PORTAL_LIFETIME = HOUR;

const flow: Field<NonNullable<Params['flow_data']>> = fields<NonNullable<Params['flow_data']>>({
  type: required(oneOf('payment_method_update', 'subscription_cancel')),
  after_completion: fields({
    type: required(oneOf('hosted_confirmation', 'portal_homepage', 'redirect')),
    redirect: fields({ return_url: required(webAddress) }),
    hosted_confirmation: fields({ custom_message: text }),
  }),
  subscription_cancel: fields({ subscription: required(text) }),
});

const createParams = fields<Params>({
  customer: required(text),
  configuration: text,
  flow_data: flow,
  locale: text,
  return_url: webAddress,
});

function createPortalSession(world: World, params: Params): Stripe.BillingPortal.Session {
  const customer = needCustomer(world, params.customer ?? '', 'customer').id;
  const configuration =
    params.configuration === undefined
      ? defaultConfiguration(world)
      : needConfiguration(world, params.configuration, 'configuration');
  const id = newId('bps');
  const session = world.store.portalSessions.put({
    id,
    object: 'billing_portal.session',
    configuration: configuration.id,
    created: world.clock.now(),
    customer,
    customer_account: null,
    flow: params.flow_data ? flowOf(world, customer, params.flow_data) : null,
    livemode: false,
    locale: params.locale ?? null,
    on_behalf_of: null,
    return_url: params.return_url ?? configuration.default_return_url,
    url: `${world.url}/p/session/${id}`,
  } satisfies Stripe.BillingPortal.Session);
  emit(world, 'billing_portal.session.created', session);
  return session;
}

function flowOf(world: World, customer: string, given: NonNullable<Params['flow_data']>): Flow {
  const { after_completion: after } = given;
  const ending = given.subscription_cancel?.subscription;
  if (given.type === 'subscription_cancel') {
    const subscription = needSubscription(
      world,
      ending ?? '',
      'flow_data[subscription_cancel][subscription]',
    );
    if (subscription.customer !== customer)
      throw invalidRequest('That subscription belongs to another customer.', {
        param: 'flow_data[subscription_cancel][subscription]',
      });
  }
  return {
    after_completion: {
      hosted_confirmation: after?.hosted_confirmation
        ? { custom_message: after.hosted_confirmation.custom_message ?? null }
        : null,
      redirect: after?.redirect ? { return_url: after.redirect.return_url } : null,
      type: after?.type ?? 'portal_homepage',
    },
    customer_update: null,
    subscription_cancel: ending === undefined ? null : { retention: null, subscription: ending },
    subscription_pause: null,
    subscription_update: null,
    subscription_update_confirm: null,
    type: given.type,
  };
}

export const portalSessionRoutes: Route[] = [
  route('POST', '/billing_portal/sessions', createParams, ({ world, params }) =>
    createPortalSession(world, params),
  ),
];
