import type { Clock } from './clock.ts';

interface Deadline {
  at: number;
  /** Among deadlines of the same second the one set first comes first. */
  turn: number;
  key: string;
  run: () => void;
}

const earlier = (a: Deadline, b: Deadline) => a.at < b.at || (a.at === b.at && a.turn < b.turn);

/** The longest wait a Node timer can hold. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * What is due at a moment of emulator time: one timer over a heap. A key has one deadline; setting it again moves it.
 * Nothing here is kept on disk: whoever sets a deadline can tell it again from the object it is about.
 * Without a clock there is no timer: a Stripe test clock stands still until someone advances it.
 */
export class Deadlines {
  readonly #clock: Clock | undefined;
  readonly #failed: (error: unknown) => void;
  readonly #heap: Deadline[] = [];
  readonly #current = new Map<string, Deadline>();
  #turn = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(clock: Clock | undefined, failed: (error: unknown) => void) {
    this.#clock = clock;
    this.#failed = failed;
  }

  set(key: string, at: number, run: () => void): void {
    const deadline = { at, turn: this.#turn++, key, run };
    this.#current.set(key, deadline);
    this.#push(deadline);
    if (this.#heap[0] === deadline) this.#arm();
  }

  clear(key: string): void {
    this.#current.delete(key);
  }

  clearAll(): void {
    this.#current.clear();
    this.#heap.length = 0;
    clearTimeout(this.#timer);
  }

  /** Runs everything due by `until`, in order; `before` is told the time of each first. */
  runUntil(until: number, before: (at: number) => void = () => undefined): void {
    for (let next = this.#heap[0]; next && next.at <= until; next = this.#heap[0]) {
      this.#pop();
      if (this.#current.get(next.key) !== next) continue;
      this.#current.delete(next.key);
      before(next.at);
      this.#run(next);
    }
    this.#arm();
  }

  /** Runs what is due about one thing (the end of its key) now, whatever the time; answers how much that was. */
  runAbout(id: string): number {
    const wanted = [...this.#current.values()].filter(({ key }) => key.endsWith(`:${id}`));
    wanted.sort((a, b) => (earlier(a, b) ? -1 : 1));
    for (const deadline of wanted) {
      this.#current.delete(deadline.key);
      this.#run(deadline);
    }
    return wanted.length;
  }

  #run(deadline: Deadline): void {
    try {
      deadline.run();
    } catch (error) {
      this.#failed(error);
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const next = this.#heap[0];
    if (!this.#clock || !next || this.#stopped) return;
    const clock = this.#clock;
    const wait = Math.max(0, clock.wallTimeOf(next.at) - Date.now());
    this.#timer = setTimeout(() => this.runUntil(clock.now()), Math.min(wait, LONGEST_TIMER_MS));
  }

  #push(deadline: Deadline): void {
    const heap = this.#heap;
    let at = heap.push(deadline) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (earlier(heap[parent] as Deadline, deadline)) break;
      heap[at] = heap[parent] as Deadline;
      at = parent;
    }
    heap[at] = deadline;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Deadline;
    if (!heap.length) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && earlier(heap[child + 1] as Deadline, heap[child] as Deadline)) child++;
      if (earlier(last, heap[child] as Deadline)) break;
      heap[at] = heap[child] as Deadline;
      at = child;
    }
    heap[at] = last;
  }
}
