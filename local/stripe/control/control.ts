import type Stripe from 'stripe';
import type { Attempt, ReleaseOrder } from '../events/deliveries.ts';
import { isWanted } from '../events/events.ts';
import { connectApplication } from '../events/webhook-endpoints.ts';
import type { FaultRequest, FaultSettings } from '../events/faults.ts';
import { noSuch } from '../wire/errors.ts';
import { view } from '../lists/expand.ts';
import type { Dunning, World } from '../world.ts';

/** What a test can do that no caller of Stripe can. The same is offered over HTTP under `/_emulator`. */
export interface Control {
  /** Asks for something to go wrong; single faults wait until they are used up. */
  addFaults(faults: FaultRequest & { release?: ReleaseOrder }): FaultSettings;
  /** Behave again. Held deliveries go out in order. */
  clearFaults(): void;
  /** Lets held deliveries go without ending the hold. */
  release(order?: ReleaseOrder): void;
  /** Makes waiting retries now. */
  retryNow(): void;
  /** Sends an event again. */
  resend(event: string): void;
  /** Resolves when no delivery is under way. */
  idle(): Promise<void>;
  deliveries(event?: string): Attempt[];
  /** Newest first; of one type (`charge.*` works) or about one object. */
  events(filter?: { type?: string; object?: string; limit?: number }): Stripe.Event[];
  /** Emulator time in seconds, and moving it ahead with everything that falls due on the way. */
  now(): number;
  advance(seconds: number): number;
  /** Lets what waits for its time about one object (a debit, a refund, a checkout) happen now, and nothing else. */
  makeDue(id: string): number;
  setDunning(dunning: Partial<Dunning>): Dunning;
  /** Where the application's webhooks go from now on. */
  connect(url: string, secret?: string): void;
  state(): {
    counts: Record<string, number>;
    held: number;
    now: number;
    faults: FaultSettings;
    dunning: Dunning;
  };
  /** Forgets everything but the webhook endpoints and the keys. */
  reset(): void;
}

const KEPT_BY_RESET = new Set(['webhookEndpoints', 'settings']);

export function createControl(world: World): Control {
  const { deliveries, faults, store } = world;
  const saveClock = () => store.settings.put({ id: 'clock', offset: world.clock.offset });
  return {
    addFaults({ release, ...wanted }) {
      faults.add(wanted);
      if (release) deliveries.release(release);
      else if (wanted.hold === false) deliveries.release();
      return faults.settings;
    },
    clearFaults() {
      faults.clear();
      deliveries.release();
    },
    release: (order) => deliveries.release(order),
    retryNow: () => deliveries.retryNow(),
    resend(event) {
      if (!store.events.get(event)) throw noSuch('event', event);
      deliveries.resend(event);
    },
    idle: () => deliveries.idle(),
    deliveries: (event) =>
      event === undefined
        ? [...deliveries.attempts]
        : deliveries.attempts.filter((each) => each.event === event),
    events({ type = '*', object, limit = 100 } = {}) {
      const found: Stripe.Event[] = [];
      for (const event of store.events.newestFirst()) {
        if (found.length === limit) break;
        const about = event.data.object as { id?: string };
        if (isWanted(event.type, [type]) && (object === undefined || about.id === object))
          found.push(view(world, event) as Stripe.Event);
      }
      return found;
    },
    now: () => world.clock.now(),
    advance(seconds) {
      const target = world.clock.now() + seconds;
      const moveTo = (at: number) => (world.clock.offset += Math.max(0, at - world.clock.now()));
      world.deadlines.runUntil(target, moveTo);
      moveTo(target);
      saveClock();
      return target;
    },
    makeDue(id) {
      let count = world.deadlines.runAbout(id);
      for (const deadlines of world.frozen.values()) count += deadlines.runAbout(id);
      return count;
    },
    setDunning(dunning) {
      world.dunning = { ...world.dunning, ...dunning };
      store.settings.put({ id: 'dunning', ...world.dunning });
      return world.dunning;
    },
    connect(url, secret) {
      const keys = store.settings.need('keys');
      const chosen = secret ?? String(keys['webhookSecret']);
      store.settings.change('keys', { webhookSecret: chosen });
      connectApplication(world, url, chosen);
    },
    state: () => ({
      counts: store.counts(),
      held: deliveries.heldCount,
      now: world.clock.now(),
      faults: faults.settings,
      dunning: world.dunning,
    }),
    reset() {
      faults.clear();
      deliveries.forgetAll();
      world.deadlines.clearAll();
      world.frozen.clear();
      for (const collection of store.collections())
        if (!KEPT_BY_RESET.has(collection.name)) collection.clear();
      world.clock.offset = 0;
      saveClock();
    },
  };
}
