import type Stripe from 'stripe';
import { emit } from '../../events/events.ts';
import { DAY } from '../../state/clock.ts';
import { newId } from '../../state/ids.ts';
import { invalidRequest, noSuch } from '../../wire/errors.ts';
import { listPage, paging } from '../../lists/lists.ts';
import { fields, required, text, whole } from '../../wire/params.ts';
import { noParams, route, type Route } from '../../wire/routes.ts';
import type { World } from '../../world.ts';
import { endSubscriptionsOf } from './ending.ts';

const LIFETIME = 30 * DAY;
/** Two intervals of the shortest subscription, or two years, is as far as Stripe goes at once. */
const FARTHEST = 2 * 366 * DAY;

const createParams = fields<Stripe.TestHelpers.TestClockCreateParams>({
  frozen_time: required(whole),
  name: text,
});

function createClock(
  world: World,
  params: Stripe.TestHelpers.TestClockCreateParams,
): Stripe.TestHelpers.TestClock {
  const now = world.clock.now();
  const clock = world.store.testClocks.put({
    id: newId('clock'),
    object: 'test_helpers.test_clock',
    created: now,
    deletes_after: now + LIFETIME,
    frozen_time: params.frozen_time,
    livemode: false,
    name: params.name ?? null,
    status: 'ready',
    status_details: {},
  } satisfies Stripe.TestHelpers.TestClock);
  emit(world, 'test_helpers.test_clock.created', clock);
  return clock;
}

/** Lets time pass for the clock's customers, step by step, with everything that falls due on the way. */
function advance(world: World, id: string, to: number): Readonly<Stripe.TestHelpers.TestClock> {
  const before = need(world, id);
  if (to <= before.frozen_time)
    throw invalidRequest('frozen_time must be later than the current one.', { param: 'frozen_time' });
  if (to > before.frozen_time + FARTHEST)
    throw invalidRequest('You can advance a test clock by two years at most.', { param: 'frozen_time' });
  const advancing = world.store.testClocks.change(id, {
    status: 'advancing',
    status_details: { advancing: { target_frozen_time: to } },
  });
  emit(world, 'test_helpers.test_clock.advancing', advancing, before);
  world.frozen.get(id)?.runUntil(to, (at) => {
    const { frozen_time } = need(world, id);
    world.store.testClocks.change(id, { frozen_time: Math.max(frozen_time, at) });
  });
  const ready = world.store.testClocks.change(id, { status: 'ready', status_details: {}, frozen_time: to });
  emit(world, 'test_helpers.test_clock.ready', ready, advancing);
  return ready;
}

function need(world: World, id: string): Readonly<Stripe.TestHelpers.TestClock> {
  const clock = world.store.testClocks.get(id);
  if (!clock) throw noSuch('test_helpers.test_clock', id);
  return clock;
}

/** Its customers go with it. */
function deleteClock(world: World, id: string): Stripe.TestHelpers.DeletedTestClock {
  const clock = need(world, id);
  for (const customer of world.store.customers.values()) {
    if (customer.test_clock !== id) continue;
    endSubscriptionsOf(world, customer.id);
    world.store.customers.delete(customer.id);
    world.store.deletedCustomers.put({ id: customer.id, object: 'customer', deleted: true });
  }
  world.store.testClocks.delete(id);
  world.frozen.delete(id);
  emit(world, 'test_helpers.test_clock.deleted', clock);
  return { id, object: 'test_helpers.test_clock', deleted: true };
}

export const testClockRoutes: Route[] = [
  route('POST', '/test_helpers/test_clocks', createParams, ({ world, params }) => createClock(world, params)),
  route(
    'GET',
    '/test_helpers/test_clocks',
    fields<Stripe.TestHelpers.TestClockListParams>(paging),
    ({ world, params, path }) => listPage(world.store.testClocks, path, params),
  ),
  route('GET', '/test_helpers/test_clocks/:id', noParams, ({ world }, id) => need(world, id)),
  route('DELETE', '/test_helpers/test_clocks/:id', noParams, ({ world }, id) => deleteClock(world, id)),
  route(
    'POST',
    '/test_helpers/test_clocks/:id/advance',
    fields<Stripe.TestHelpers.TestClockAdvanceParams>({ frozen_time: required(whole) }),
    ({ world, params }, id) => advance(world, id, params.frozen_time),
  ),
];
