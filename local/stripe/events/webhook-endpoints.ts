import type Stripe from 'stripe';
import { newId, randomText } from '../state/ids.ts';
import { API_VERSION } from '../wire/api-version.ts';
import { invalidRequest, noSuch } from '../wire/errors.ts';
import { listPage, paging } from '../lists/lists.ts';
import {
  emptiable,
  fields,
  flag,
  listOf,
  metadata,
  oneOf,
  required,
  text,
  type Field,
} from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import { merge } from '../wire/merge.ts';
import type { World } from '../world.ts';

/** Any type is taken, also one the emulator never sends; `*` means all. */
const eventTypes = listOf(text) as Field<Stripe.WebhookEndpointCreateParams.EnabledEvent[]>;

const createParams = fields<Stripe.WebhookEndpointCreateParams>({
  url: required(text),
  enabled_events: required(eventTypes),
  api_version: oneOf(API_VERSION),
  description: emptiable(text),
  metadata,
});

const updateParams = fields<Stripe.WebhookEndpointUpdateParams>({
  url: text,
  enabled_events: eventTypes,
  description: emptiable(text),
  disabled: flag,
  metadata,
});

/** The endpoint that the application's own address and secret make, under an id that stays the same. */
const OWN_ENDPOINT = 'we_application';

export function connectApplication(world: World, url: string, secret: string): void {
  world.store.webhookEndpoints.put(
    newEndpoint(world, { url, enabled_events: ['*'] }, { id: OWN_ENDPOINT, secret }),
  );
}

function newEndpoint(
  world: World,
  params: Stripe.WebhookEndpointCreateParams,
  { id, secret }: { id: string; secret: string },
): Stripe.WebhookEndpoint {
  checkUrl(params.url);
  return {
    id,
    object: 'webhook_endpoint',
    api_version: params.api_version ?? null,
    application: null,
    created: world.clock.now(),
    description: params.description || null,
    enabled_events: params.enabled_events,
    livemode: false,
    metadata: (params.metadata || {}) as Stripe.Metadata,
    secret,
    status: 'enabled',
    url: params.url,
  } satisfies Stripe.WebhookEndpoint;
}

/** Nothing made up here may leave the machine. */
function checkUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol))
    throw invalidRequest('Invalid URL: An explicit scheme (such as https) must be provided.', {
      param: 'url',
      code: 'url_invalid',
    });
  if (!/^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(parsed.hostname))
    throw invalidRequest(`The emulator posts events to this machine only, not to ${parsed.hostname}.`, {
      param: 'url',
      code: 'url_invalid',
    });
}

/** The signing secret is shown once, when the endpoint is made. */
function withoutSecret({ secret: _secret, ...endpoint }: Readonly<Stripe.WebhookEndpoint>) {
  return endpoint;
}

function need(world: World, id: string): Readonly<Stripe.WebhookEndpoint> {
  const endpoint = world.store.webhookEndpoints.get(id);
  if (!endpoint) throw noSuch('webhook endpoint', id);
  return endpoint;
}

export const webhookEndpointRoutes: Route[] = [
  route('POST', '/webhook_endpoints', createParams, ({ world, params }) =>
    world.store.webhookEndpoints.put(
      newEndpoint(world, params, { id: newId('we'), secret: `whsec_${randomText(32)}` }),
    ),
  ),
  route(
    'GET',
    '/webhook_endpoints',
    fields<Stripe.WebhookEndpointListParams>(paging),
    ({ world, params, path }) => {
      const page = listPage(world.store.webhookEndpoints, path, params);
      return { ...page, data: page.data.map(withoutSecret) };
    },
  ),
  route('GET', '/webhook_endpoints/:id', noParams, ({ world }, id) => withoutSecret(need(world, id))),
  route('POST', '/webhook_endpoints/:id', updateParams, ({ world, params }, id) => {
    const { disabled, ...rest } = params;
    if (rest.url !== undefined) checkUrl(rest.url);
    const before = need(world, id);
    return withoutSecret(
      world.store.webhookEndpoints.change(id, {
        ...merge(before, rest),
        ...(disabled !== undefined && { status: disabled ? 'disabled' : 'enabled' }),
      }),
    );
  }),
  route('DELETE', '/webhook_endpoints/:id', noParams, ({ world }, id) => {
    need(world, id);
    world.store.webhookEndpoints.delete(id);
    return { id, object: 'webhook_endpoint', deleted: true } satisfies Stripe.DeletedWebhookEndpoint;
  }),
];
