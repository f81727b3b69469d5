/** Queues side by side: in each, one thing at a time and in order; the queues themselves take turns. */
export class Lanes<T> {
  readonly #lanes = new Map<string, T[]>();
  #ready: string[] = [];

  /** Puts something at the end of its lane. True when nothing was in it: the caller then opens it when it may begin. */
  add(key: string, item: T): boolean {
    const lane = this.#lanes.get(key);
    if (lane) lane.push(item);
    else this.#lanes.set(key, [item]);
    return !lane;
  }

  open(keys: string[]): void {
    this.#ready.push(...keys);
  }

  /** The next thing to do. Its lane waits until it is left. */
  take(): { key: string; item: T } | undefined {
    for (let key = this.#ready.shift(); key !== undefined; key = this.#ready.shift()) {
      const item = this.#lanes.get(key)?.[0];
      if (item !== undefined) return { key, item };
    }
    return undefined;
  }

  leave(key: string, item: T): void {
    const lane = this.#lanes.get(key);
    // After everything was cleared, another lane may stand under the same key.
    if (lane?.[0] !== item) return;
    lane.shift();
    if (lane.length) this.#ready.push(key);
    else this.#lanes.delete(key);
  }

  get hasReady(): boolean {
    return this.#ready.length > 0;
  }

  *items(): Generator<T> {
    for (const lane of this.#lanes.values()) yield* lane;
  }

  clear(): void {
    this.#lanes.clear();
    this.#ready = [];
  }
}
