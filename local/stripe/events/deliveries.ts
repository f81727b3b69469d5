import type Stripe from 'stripe';
import { newId } from '../state/ids.ts';
import type { World } from '../world.ts';
import { isWanted, type StoredEvent } from './events.ts';
import { Lanes } from './lanes.ts';
import { Postman } from './postman.ts';
import { signatureOf } from './signature.ts';

/** A delivery that has not succeeded yet; it is gone once it has, or once it is given up. */
export interface Delivery {
  id: string;
  event: string;
  endpoint: string;
  /** Attempts made so far. */
  attempts: number;
  /** When the next one may be made, in milliseconds by the machine's clock. */
  due: number;
}

/** What happened to one attempt, newest last; only the last few thousand are remembered. */
export interface Attempt {
  event: string;
  type: string;
  endpoint: string;
  attempt: number;
  /** The receiver's status; 0 when there was no answer or the attempt was dropped on purpose. */
  status: number;
}

export type ReleaseOrder = 'forward' | 'reverse' | 'shuffled';

const AT_ONCE = 16;
const REMEMBERED_ATTEMPTS = 5000;
const MINUTE_MS = 60_000;
/** Seconds at first, so that a restarted application soon catches up; then hourly for three days, as Stripe does. */
export const RETRY_DELAYS_MS = [
  ...[1000, 2000, 5000, 10_000, 30_000, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS],
  ...Array.from({ length: 72 }, () => 60 * MINUTE_MS),
];
const SHUFFLE_WITHIN_MS = 60;

/**
 * Sends events to the webhook endpoints: at most sixteen at once, one object's events to one endpoint in the order
 * they happened (its retries aside), each signed as Stripe signs. A delivery is on disk until it has arrived.
 */
export class Deliveries {
  readonly #world: World;
  readonly #retryDelays: readonly number[];
  readonly #postman = new Postman(AT_ONCE);
  readonly #pending = new Map<string, number>();
  /** Deliveries that may go now, by endpoint and object. */
  readonly #lanes = new Lanes<Delivery>();
  /** Lanes whose event may not be on disk yet. */
  #fresh: string[] = [];
  readonly #held: Delivery[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #waiting: (() => void)[] = [];
  readonly attempts: Attempt[] = [];
  #active = 0;
  #scheduled = false;
  #stopped = false;
  /** Resolves when the changes so far are on disk. */
  written: () => Promise<void> = () => Promise.resolve();

  constructor(world: World, retryDelays: readonly number[] = RETRY_DELAYS_MS) {
    this.#world = world;
    this.#retryDelays = retryDelays;
  }

  /** Queues an event for every endpoint that wants it. */
  announce(event: StoredEvent): void {
    const { settings } = this.#world.faults;
    for (const endpoint of this.#world.store.webhookEndpoints.values()) {
      if (endpoint.status !== 'enabled' || !isWanted(event.type, endpoint.enabled_events)) continue;
      for (let copy = 0; copy <= settings.duplicate; copy++) this.#add(event.id, endpoint.id);
    }
  }

  /** Sends an event once more to every enabled endpoint, wanted or not. */
  resend(event: string): void {
    for (const endpoint of this.#world.store.webhookEndpoints.values())
      if (endpoint.status === 'enabled') this.#add(event, endpoint.id);
  }

  /** Takes up what was undelivered when the emulator stopped. */
  resume(): void {
    for (const delivery of this.#world.store.deliveries.values()) {
      this.#count(delivery.event, 1);
      this.#later(delivery, Math.max(0, delivery.due - Date.now()));
    }
  }

  /** Lets held deliveries go, in the order asked for. */
  release(order: ReleaseOrder = 'forward'): void {
    const held = this.#held.splice(0);
    if (order === 'reverse') held.reverse();
    if (order === 'shuffled') shuffle(held);
    for (const delivery of held) this.#enqueue(delivery, order === 'forward');
  }

  /** Makes every waiting retry now. */
  retryNow(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const queued = new Set([...this.#held, ...this.#lanes.items()].map(({ id }) => id));
    for (const delivery of this.#world.store.deliveries.values())
      if (!queued.has(delivery.id)) this.#enqueue(delivery);
  }

  pendingFor(event: string): number {
    return this.#pending.get(event) ?? 0;
  }

  get heldCount(): number {
    return this.#held.length;
  }

  /** Resolves when nothing is being sent or about to be; held deliveries and retries that wait do not count. */
  async idle(): Promise<void> {
    await this.written();
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  forgetAll(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#held.length = 0;
    this.#fresh = [];
    this.#lanes.clear();
    this.#pending.clear();
    this.attempts.length = 0;
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#postman.close();
  }

  #add(event: string, endpoint: string): void {
    const delivery = { id: newId('whd'), event, endpoint, attempts: 0, due: Date.now() };
    this.#world.store.deliveries.put(delivery);
    this.#count(event, 1);
    const { settings } = this.#world.faults;
    if (settings.hold) this.#held.push(delivery);
    else if (settings.shuffle || settings.delay.webhooks)
      this.#later(
        delivery,
        settings.delay.webhooks + (settings.shuffle ? Math.random() * SHUFFLE_WITHIN_MS : 0),
      );
    else this.#enqueue(delivery);
  }

  #later(delivery: Delivery, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#enqueue(delivery);
    }, ms);
    this.#timers.add(timer);
  }

  /** Without `inOrder` it does not wait for its object's other deliveries. */
  #enqueue(delivery: Delivery, inOrder = !this.#world.faults.settings.shuffle): void {
    const key = inOrder ? `${delivery.endpoint} ${this.#objectOf(delivery)}` : delivery.id;
    if (!this.#lanes.add(key, delivery)) return;
    this.#fresh.push(key);
    this.#schedule();
  }

  #objectOf(delivery: Delivery): string {
    const object = this.#world.store.events.get(delivery.event)?.data.object as { id?: string } | undefined;
    return object?.id ?? delivery.event;
  }

  #schedule(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    // In a microtask, so that everything the running request announces goes along.
    queueMicrotask(() => {
      const lanes = this.#fresh;
      this.#fresh = [];
      void this.written()
        .catch(() => undefined)
        .then(() => {
          this.#lanes.open(lanes);
          this.#scheduled = false;
          if (this.#fresh.length) this.#schedule();
          this.#pump();
        });
    });
  }

  #pump(): void {
    while (this.#active < AT_ONCE && !this.#stopped) {
      const next = this.#lanes.take();
      if (!next) break;
      this.#active++;
      void this.#attempt(next.item).finally(() => {
        this.#active--;
        this.#lanes.leave(next.key, next.item);
        this.#pump();
      });
    }
    if (this.#isIdle()) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #isIdle(): boolean {
    return this.#active === 0 && !this.#lanes.hasReady && !this.#scheduled;
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const event = this.#world.store.events.get(delivery.event);
    const endpoint = this.#world.store.webhookEndpoints.get(delivery.endpoint);
    if (!event || endpoint?.status !== 'enabled') return this.#finish(delivery);
    const dropped = this.#world.faults.forDelivery(event);
    if (dropped?.forever) return this.#finish(delivery);
    const status = dropped ? 0 : await this.#send(event, endpoint);
    if (this.#stopped) return;
    const attempt = delivery.attempts + 1;
    this.attempts.push({ event: event.id, type: event.type, endpoint: endpoint.id, attempt, status });
    if (this.attempts.length > REMEMBERED_ATTEMPTS) this.attempts.splice(0, REMEMBERED_ATTEMPTS / 5);
    if (status >= 200 && status < 300) return this.#finish(delivery);
    this.#world.log(
      `webhook ${event.type} to ${endpoint.url}: ${status || 'no answer'} (attempt ${attempt})`,
    );
    const delay = this.#retryDelays[delivery.attempts];
    if (delay === undefined) return this.#finish(delivery);
    // A retry no longer in the store has been reset away meanwhile.
    if (!this.#world.store.deliveries.get(delivery.id)) return;
    this.#later(
      this.#world.store.deliveries.change(delivery.id, { attempts: attempt, due: Date.now() + delay }),
      delay,
    );
  }

  #send(event: StoredEvent, endpoint: Readonly<Stripe.WebhookEndpoint>): Promise<number> {
    const payload = JSON.stringify({ ...event, pending_webhooks: this.pendingFor(event.id) });
    return this.#postman.post(endpoint.url, payload, {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      'stripe-signature': signatureOf(payload, endpoint.secret ?? ''),
    });
  }

  #finish(delivery: Delivery): void {
    this.#count(delivery.event, -1);
    this.#world.store.deliveries.delete(delivery.id);
  }

  #count(event: string, by: number): void {
    const count = (this.#pending.get(event) ?? 0) + by;
    if (count > 0) this.#pending.set(event, count);
    else this.#pending.delete(event);
  }
}

function shuffle<T>(items: T[]): void {
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [items[at], items[other]] = [items[other] as T, items[at] as T];
  }
}
