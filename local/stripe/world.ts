import type { Faults } from './events/faults.ts';
import type { Deliveries } from './events/deliveries.ts';
import { HOUR, type Clock } from './state/clock.ts';
import { Deadlines } from './state/deadlines.ts';
import type { Store } from './state/store.ts';

/** What happens when a subscription's payment keeps failing: days between attempts, and what becomes of it then. */
export interface Dunning {
  retryDays: number[];
  then: 'cancel' | 'unpaid' | 'past_due';
}

/** Everything a noun needs in order to act. Requests run one at a time, from start to end, within it. */
export interface World {
  readonly store: Store;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  /** The deadlines of what lives on a Stripe test clock, by the clock's id. */
  readonly frozen: Map<string, Deadlines>;
  readonly faults: Faults;
  readonly deliveries: Deliveries;
  /** The request being served, for the events it causes. */
  request: { id: string; idempotency_key: string | null } | null;
  dunning: Dunning;
  /** Origin of the API and of the hosted pages, without a slash at the end. */
  url: string;
  log: (line: string) => void;
}

export const DEFAULT_DUNNING: Dunning = { retryDays: [3, 5, 7], then: 'cancel' };

/** How long a delayed payment or refund stays undecided, in seconds of emulator time. */
export const DELAYED_OUTCOME = 3 * 60;
export const CHECKOUT_LIFETIME = 24 * HOUR;

/** The time for a customer: the frozen time of their test clock, or the emulator's. */
export function timeFor(world: World, customer: string | null | undefined): number {
  const clock = testClockOf(world, customer);
  return clock ? world.store.testClocks.need(clock).frozen_time : world.clock.now();
}

export function testClockOf(world: World, customer: string | null | undefined): string | null {
  const clock = world.store.customers.get(customer)?.test_clock;
  return typeof clock === 'string' && world.store.testClocks.get(clock) ? clock : null;
}

export function deadlinesFor(world: World, customer: string | null | undefined): Deadlines {
  const clock = testClockOf(world, customer);
  if (!clock) return world.deadlines;
  let deadlines = world.frozen.get(clock);
  if (!deadlines) {
    deadlines = new Deadlines(undefined, (error) => world.log(String(error)));
    world.frozen.set(clock, deadlines);
  }
  return deadlines;
}
