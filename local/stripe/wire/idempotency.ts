import { hash } from 'node:crypto';
import type { Collection } from '../state/collection.ts';
import { DAY, MINUTE } from '../state/clock.ts';
import type { World } from '../world.ts';
import { Refusal } from './errors.ts';

export interface KeyedAnswer {
  /** The key itself. */
  id: string;
  /** Of the method, path and body it was first used with. */
  fingerprint: string;
  status: number;
  body: string;
  /** Id of the request that made the answer. */
  request: string;
  created: number;
}

/** The SDK makes such a key up for every POST without one, only so that its own quick retries are safe. */
const MADE_UP = 'stripe-node-retry-';
const LIFETIME = { chosen: DAY, madeUp: 10 * MINUTE };

/**
 * The same key with the same request gets the first answer again, whatever its status; with another request it is
 * refused; while the first is still being served it is 409. See https://docs.stripe.com/api/idempotent_requests.
 */
export class IdempotencyKeys {
  readonly #world: World;
  readonly #inFlight = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The earlier answer, or nothing, in which case the caller serves the request and calls `remember` and `leave`. */
  enter(key: string, fingerprint: string): Readonly<KeyedAnswer> | undefined {
    const earlier = this.#collection(key).get(key);
    if (earlier && earlier.created > this.#now() - this.#lifetime(key)) {
      if (earlier.fingerprint === fingerprint) return earlier;
      throw new Refusal(400, {
        type: 'idempotency_error',
        message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      });
    }
    if (this.#inFlight.has(key))
      throw new Refusal(409, {
        type: 'invalid_request_error',
        code: 'idempotency_key_in_use',
        message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
      });
    this.#inFlight.add(key);
    return undefined;
  }

  remember(answer: Omit<KeyedAnswer, 'created'>): void {
    const collection = this.#collection(answer.id);
    const now = this.#now();
    collection.put({ ...answer, created: now });
    let old = collection.oldest();
    while (old && old.created < now - this.#lifetime(old.id)) {
      collection.delete(old.id);
      old = collection.oldest();
    }
  }

  leave(key: string): void {
    this.#inFlight.delete(key);
  }

  /** By the machine's clock, as a caller's retries are; moving emulator time does not forget keys. */
  #now(): number {
    return Math.floor(Date.now() / 1000);
  }

  #collection(key: string): Collection<KeyedAnswer> {
    return key.startsWith(MADE_UP) ? this.#world.store.retryAnswers : this.#world.store.keyedAnswers;
  }

  #lifetime(key: string): number {
    return key.startsWith(MADE_UP) ? LIFETIME.madeUp : LIFETIME.chosen;
  }
}

export function fingerprintOf(method: string, path: string, body: string): string {
  return hash('sha256', `${method} ${path}\n${body}`, 'base64url');
}
