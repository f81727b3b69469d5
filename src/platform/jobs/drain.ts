/** A queue that is a table: asked a few times a second what is due, worked off a few at a time. */
export interface Drain<Item> {
  /** Takes at most `count` items that nobody else gets. May throw: it is asked again later. */
  take(count: number): Promise<Item[]>;
  /** Does one. Must not throw: what becomes of an item is its own to write down. */
  work(item: Item): Promise<void>;
  /** `take` did not answer. */
  troubled(error: unknown): void;
  /** How many are worked on at once. */
  atOnce: number;
  /** How many are begun in a second at most, on average; as many as can be where it is not said. */
  perSecond?: number;
  /** Milliseconds between two questions while nothing is due. */
  pollMs: number;
  /** Milliseconds before it is asked again after it did not answer. */
  troubledMs: number;
}

export interface Draining {
  /** Takes nothing any more; resolves when all that was taken is done. */
  stop(): Promise<void>;
}

export function drain<Item>(settings: Drain<Item>): Draining {
  const { take, work, troubled, atOnce, perSecond = Infinity, pollMs, troubledMs } = settings;
  const busy = new Set<Promise<void>>();
  const ending = Promise.withResolvers<void>();
  let stopped = false;
  /** On the clock of `performance`. */
  let notBefore = 0;

  async function pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
    await Promise.race([over, ending.promise]);
    clearTimeout(timer);
  }

  function begin(item: Item): void {
    const done = work(item).finally(() => busy.delete(done));
    busy.add(done);
  }

  async function turn(): Promise<void> {
    if (busy.size >= atOnce) return void (await Promise.race(busy));
    const early = notBefore - performance.now();
    if (early > 0) return pause(early);
    const free = atOnce - busy.size;
    try {
      const items = await take(free);
      for (const item of items) begin(item);
      notBefore = performance.now() + (1000 * items.length) / perSecond;
      // Where there were as many as asked for there may be more.
      if (items.length < free) await pause(pollMs);
    } catch (error) {
      troubled(error);
      await pause(troubledMs);
    }
  }

  const turning = (async () => {
    while (!stopped) await turn();
    await Promise.all(busy);
  })();

  return {
    stop() {
      stopped = true;
      ending.resolve();
      return turning;
    },
  };
}
