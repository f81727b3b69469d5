import type Stripe from 'stripe';
import { newId } from '../state/ids.ts';
import { DAY } from '../state/clock.ts';
import { API_VERSION } from '../wire/api-version.ts';
import { noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range } from '../lists/lists.ts';
import { fields, flag, listOf, text } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import { view } from '../lists/expand.ts';
import type { World } from '../world.ts';

/** An event as it is kept: what is still to be delivered is counted when it is read. */
export type StoredEvent = Stripe.EventBase;
export type EventType = Stripe.Event['type'];
type ObjectOf<T extends EventType> = Extract<Stripe.Event, { type: T }>['data']['object'];

const KEPT = 30 * DAY;
/** More than any test reads back; keeps a long benchmark's memory and disk from growing without end. */
const KEPT_AT_MOST = 50_000;

/**
 * Tells the world that something happened. `before` is the object as it was: what differs becomes
 * `previous_attributes`. Nothing is sent before the change is on disk.
 */
export function emit<T extends EventType>(
  world: World,
  type: T,
  object: ObjectOf<T>,
  before?: Readonly<Record<string, unknown>> | object,
): StoredEvent {
  const previous = before && differences(before as Record<string, unknown>, object as never);
  const event = world.store.events.put({
    id: newId('evt'),
    object: 'event',
    api_version: API_VERSION,
    created: world.clock.now(),
    data: { object: object as never, ...(previous && { previous_attributes: previous }) },
    livemode: false,
    pending_webhooks: 0,
    request: world.request ?? { id: null, idempotency_key: null },
    type,
  } satisfies StoredEvent);
  forgetOld(world);
  world.deliveries.announce(event);
  return event;
}

/** The values that `after` no longer has, by property. */
export function differences(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[name], after[name]];
    if (was === is || JSON.stringify(was) === JSON.stringify(is)) continue;
    changed[name] = was ?? null;
  }
  return changed;
}

function forgetOld(world: World): void {
  const { events } = world.store;
  for (let old = events.oldest(); old; old = events.oldest()) {
    if (events.size <= KEPT_AT_MOST && old.created > world.clock.now() - KEPT) return;
    events.delete(old.id);
  }
}

const listParams = fields<Stripe.EventListParams>({
  ...paging,
  created: range,
  type: text,
  types: listOf(text),
  delivery_success: flag,
});

/** `charge.*` means every type that begins with it. */
export function isWanted(type: string, wanted: readonly string[]): boolean {
  return wanted.some(
    (pattern) =>
      pattern === '*' ||
      pattern === type ||
      (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1))),
  );
}

function listEvents(world: World, params: Stripe.EventListParams, path: string) {
  const types = params.types ?? (params.type === undefined ? ['*'] : [params.type]);
  return listPage(
    world.store.events,
    path,
    params,
    (event) =>
      isWanted(event.type, types) &&
      inRange(event.created, params.created) &&
      (params.delivery_success === undefined ||
        params.delivery_success === (world.deliveries.pendingFor(event.id) === 0)),
  );
}

export const eventRoutes: Route[] = [
  route('GET', '/events', listParams, ({ world, params, path }) =>
    view(world, listEvents(world, params, path)),
  ),
  route('GET', '/events/:id', noParams, ({ world }, id) => {
    const event = world.store.events.get(id);
    if (!event) throw noSuch('event', id);
    return view(world, event);
  }),
];
