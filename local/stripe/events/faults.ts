import { isWanted, type StoredEvent } from './events.ts';

/** The next calls of the API that go wrong. */
export interface CallFault {
  /** How many calls. */
  times: number;
  /** What they answer; 0 closes the connection without an answer. */
  status: number;
  code?: string;
  message?: string;
  /** Only calls of this method, or whose path begins so. */
  method?: string;
  path?: string;
  /** Only calls that mention this: an id in their path or what they send. */
  about?: string;
  /** True: the call is carried out first and only its answer is lost, which is what idempotency keys are for. */
  after?: boolean;
}

/** The next webhook deliveries that go wrong. */
export interface DropFault {
  times: number;
  /** Only events of this type (`checkout.session.*` works). */
  type?: string;
  /** Only events that mention this: an id, or something of the application's metadata. */
  about?: string;
  /** True: never delivered at all, so that only reading the list of events finds it. Otherwise retried as usual. */
  forever?: boolean;
}

export interface FaultSettings {
  /** Each delivery arrives this many times more. */
  duplicate: number;
  /** Deliveries arrive in random order. */
  shuffle: boolean;
  /** Deliveries wait until they are released. */
  hold: boolean;
  /** Milliseconds that answers and deliveries are late. */
  delay: { api: number; webhooks: number };
  fail: CallFault[];
  drop: DropFault[];
}

/** What a test asks for: single faults are added to those still waiting. */
export interface FaultRequest {
  duplicate?: number | boolean;
  shuffle?: boolean;
  hold?: boolean;
  delay?: { api?: number; webhooks?: number };
  fail?: Partial<CallFault>;
  drop?: Partial<DropFault>;
}

const none = (): FaultSettings => ({
  duplicate: 0,
  shuffle: false,
  hold: false,
  delay: { api: 0, webhooks: 0 },
  fail: [],
  drop: [],
});

/** What goes wrong on purpose. Not kept on disk: a restarted emulator behaves. */
export class Faults {
  settings = none();

  add({ duplicate, shuffle, hold, delay, fail, drop }: FaultRequest): void {
    if (duplicate !== undefined) this.settings.duplicate = Number(duplicate);
    if (shuffle !== undefined) this.settings.shuffle = shuffle;
    if (hold !== undefined) this.settings.hold = hold;
    if (delay) this.settings.delay = { ...this.settings.delay, ...delay };
    if (fail) this.settings.fail.push({ times: 1, status: 500, ...fail });
    if (drop) this.settings.drop.push({ times: 1, ...drop });
  }

  clear(): void {
    this.settings = none();
  }

  /** Uses up one failure that fits this call, if there is one. */
  forCall(call: { method: string; path: string; query: string; body: string }): CallFault | undefined {
    return this.#take(
      this.settings.fail,
      ({ method, path, about }) =>
        (method === undefined || method === call.method) &&
        (path === undefined || call.path.startsWith(path)) &&
        (about === undefined || [call.path, call.query, call.body].some((part) => part.includes(about))),
    );
  }

  forDelivery(event: StoredEvent): DropFault | undefined {
    return this.#take(
      this.settings.drop,
      ({ type, about }) =>
        (type === undefined || isWanted(event.type, [type])) &&
        (about === undefined || JSON.stringify(event).includes(about)),
    );
  }

  #take<F extends { times: number }>(faults: F[], fits: (fault: F) => boolean): F | undefined {
    const at = faults.findIndex((fault) => fault.times > 0 && fits(fault));
    const fault = faults[at];
    if (fault && --fault.times === 0) faults.splice(at, 1);
    return fault;
  }
}
