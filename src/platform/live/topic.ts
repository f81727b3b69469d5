import { EventLog, eventText } from './event-log.ts';

/** Where events come from: one upstream channel. `joined` again after `lost` means that events may have been missed. */
export interface UpstreamEvents {
  event(name: string, payload: unknown): void;
  joined(): void;
  lost(): void;
}
export interface Upstream {
  close(): void;
}
export type OpenUpstream = (topic: string, on: UpstreamEvents) => Upstream;

/** One listener's way out. */
export interface Sink {
  write(chunk: Uint8Array): void;
  end(): void;
}

export interface TopicOptions {
  open: OpenUpstream;
  /** The whole of what is known now; read after joining, so that events complete it. The same for all who listen. */
  firstState(): Promise<unknown>;
  /** Events with the same answer replace each other (only the newest matters); null: each stands alone. */
  replaces?: ((name: string, payload: unknown) => string | null) | undefined;
  /** How many events are kept for those who come back. */
  keep: number;
  /** Milliseconds between two writes to the same listeners; events in between travel together. */
  flushMs: number;
  /** Milliseconds the upstream may be lost before listeners are let go, to find another way. */
  lostMs: number;
}

/** The upstream is not there. */
export class CutOff extends Error {}

interface Listener {
  sink: Sink;
  /** The number of the last event it has; null while it waits for its state. */
  at: number | null;
}

interface State {
  /** It is sure to include everything up to this event. */
  n: number;
  /** Infinity while it is being read. */
  goodUntil: number;
  chunk: Promise<Uint8Array>;
}

/** Milliseconds for which a state serves further listeners; each is given the events after it as well. */
const stateGoodMs = 1000;
const joinWaitMs = 5000;
const encoder = new TextEncoder();

/**
 * One topic for all who listen to it in this process: what they get first, what follows, what a returning one missed.
 * Text is encoded once for everybody. Nothing here knows of HTTP (stream.ts) or of Supabase (upstream.ts).
 */
export class Topic {
  readonly #options: TopicOptions;
  readonly #upstream: Upstream;
  readonly #listeners = new Set<Listener>();
  readonly #log: EventLog;
  #state: State | null = null;
  #joined = Promise.withResolvers<void>();
  #isJoined = false;
  #flushTimer: NodeJS.Timeout | undefined;
  #lostTimer: NodeJS.Timeout | undefined;
  #flushedAt = -Infinity;

  constructor(name: string, options: TopicOptions) {
    this.#options = options;
    this.#log = new EventLog(options.keep);
    this.#upstream = options.open(name, {
      event: (event, payload) => this.#receive(event, payload),
      joined: () => this.#begin(),
      lost: () => this.#lose(),
    });
  }

  get size(): number {
    return this.#listeners.size;
  }

  /**
   * Writes to `sink` what it missed since `lastEventId`, or the state when that cannot be known, then all that happens.
   * @returns how to stop. @throws CutOff, or what firstState throws, before anything is written.
   */
  async listen(sink: Sink, lastEventId: string | null): Promise<() => void> {
    const listener: Listener = { sink, at: null };
    this.#listeners.add(listener);
    const leave = () => void this.#listeners.delete(listener);
    try {
      await this.#whenJoined();
      listener.at = this.#log.numberOf(lastEventId);
      if (listener.at === null) await this.#give(listener);
      this.#catchUp([listener]);
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }

  close(): void {
    clearTimeout(this.#flushTimer);
    clearTimeout(this.#lostTimer);
    this.#letGo();
    this.#upstream.close();
  }

  #receive(name: string, payload: unknown): void {
    this.#log.add(name, payload, this.#options.replaces?.(name, payload) ?? null);
    const wait = this.#flushedAt + this.#options.flushMs - performance.now();
    if (wait <= 0) this.#flush();
    else this.#flushTimer ??= setTimeout(() => this.#flush(), wait);
  }

  #flush(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    this.#flushedAt = performance.now();
    this.#catchUp(this.#listeners);
  }

  /** Brings listeners that have their state up to the newest event. Those at the same place share the bytes. */
  #catchUp(listeners: Iterable<Listener>): void {
    const chunks = new Map<number, Uint8Array>();
    for (const listener of listeners) {
      if (listener.at === null || listener.at === this.#log.n) continue;
      let chunk = chunks.get(listener.at);
      if (!chunk) {
        const missed = this.#log.since(listener.at);
        if (missed === null) {
          // More happened than is kept while its state was being read.
          this.#refresh([listener]);
          continue;
        }
        chunks.set(listener.at, (chunk = encoder.encode(missed)));
      }
      listener.at = this.#log.n;
      listener.sink.write(chunk);
    }
  }

  async #give(listener: Listener): Promise<void> {
    const state = this.#currentState();
    const chunk = await state.chunk;
    if (!this.#listeners.has(listener)) return;
    // A gap opened meanwhile: this state is from before it.
    if (!this.#log.knows(state.n)) return this.#give(listener);
    listener.at = state.n;
    listener.sink.write(chunk);
  }

  /** Shared by those who ask at about the same time: a thousand pages that come back together are one question. */
  #currentState(): State {
    const known = this.#state;
    if (known && performance.now() < known.goodUntil && this.#log.knows(known.n)) return known;
    const { n } = this.#log;
    const id = this.#log.idOf(n);
    const state: State = {
      n,
      goodUntil: Infinity,
      chunk: this.#options.firstState().then((read) => encoder.encode(eventText(id, 'state', read))),
    };
    const settle = (goodFor: number) => (state.goodUntil = performance.now() + goodFor);
    state.chunk.then(
      () => settle(stateGoodMs),
      () => settle(0),
    );
    this.#state = state;
    return state;
  }

  /** A fresh state for those who may have missed something; who cannot have one is let go, to come again. */
  #refresh(listeners: Iterable<Listener>): void {
    for (const listener of listeners) {
      listener.at = null;
      this.#give(listener).then(
        () => this.#catchUp([listener]),
        () => this.#drop(listener),
      );
    }
  }

  #begin(): void {
    clearTimeout(this.#lostTimer);
    this.#log.begin();
    this.#isJoined = true;
    this.#joined.resolve();
    this.#refresh([...this.#listeners].filter((listener) => listener.at !== null));
  }

  #lose(): void {
    if (!this.#isJoined) return;
    this.#isJoined = false;
    this.#joined = Promise.withResolvers<void>();
    this.#lostTimer = setTimeout(() => this.#letGo(), this.#options.lostMs);
  }

  #letGo(): void {
    for (const listener of [...this.#listeners]) this.#drop(listener);
  }

  #drop(listener: Listener): void {
    if (this.#listeners.delete(listener)) listener.sink.end();
  }

  async #whenJoined(): Promise<void> {
    if (this.#isJoined) return;
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new CutOff('the upstream channel is not joined')), joinWaitMs);
    });
    await Promise.race([this.#joined.promise, tooLong]).finally(() => clearTimeout(timer));
  }
}
