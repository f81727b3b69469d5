interface Row<T> {
  value: Readonly<T>;
  /** Where the id stands in the order of creation. */
  at: number;
}

/**
 * Objects of one kind by id, in the order they were made. Values are never edited in place: `change` stores a new
 * one, so an event can hold the object as it was without copying it.
 */
export class Collection<T extends { id: string }> {
  readonly name: string;
  readonly #rows = new Map<string, Row<T>>();
  readonly #changed: (name: string, id: string) => void;
  #order: string[] = [];

  constructor(name: string, changed: (name: string, id: string) => void) {
    this.name = name;
    this.#changed = changed;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(id: string | null | undefined): Readonly<T> | undefined {
    return id == null ? undefined : this.#rows.get(id)?.value;
  }

  /** For an id that came out of the store itself: its absence would be our own mistake. */
  need(id: string): Readonly<T> {
    const row = this.#rows.get(id);
    if (!row) throw new Error(`${this.name} has no ${id}`);
    return row.value;
  }

  put<V extends T>(value: V): V {
    this.restore(value);
    this.#changed(this.name, value.id);
    return value;
  }

  change(id: string, patch: Partial<T>): Readonly<T> {
    return this.put({ ...this.need(id), ...patch } as T);
  }

  delete(id: string): void {
    if (!this.#rows.delete(id)) return;
    if (this.#order.length > 1000 && this.#order.length > 2 * this.#rows.size) this.#tidy();
    this.#changed(this.name, id);
  }

  /** Puts back what was read from disk, or takes it away (`null`), without reporting a change. */
  restore(value: T): void {
    const row = this.#rows.get(value.id);
    if (row) row.value = value;
    else this.#rows.set(value.id, { value, at: this.#order.push(value.id) - 1 });
  }

  forget(id: string): void {
    this.#rows.delete(id);
  }

  clear(): void {
    for (const id of [...this.#rows.keys()]) this.delete(id);
    this.#order = [];
  }

  oldest(): Readonly<T> | undefined {
    return this.values().next().value;
  }

  *values(): Generator<Readonly<T>, undefined> {
    for (const row of this.#rows.values()) yield row.value;
    return undefined;
  }

  /** Newest first, beginning after (that is, older than) an id when one is given. */
  *newestFirst(after?: string): Generator<Readonly<T>, undefined> {
    let at = (after === undefined ? this.#order.length : (this.#rows.get(after)?.at ?? 0)) - 1;
    for (; at >= 0; at--) {
      const row = this.#rows.get(this.#order[at] as string);
      if (row && row.at === at) yield row.value;
    }
    return undefined;
  }

  /** Oldest first, beginning after (newer than) an id. */
  *oldestFirst(after: string): Generator<Readonly<T>, undefined> {
    for (let at = (this.#rows.get(after)?.at ?? this.#order.length) + 1; at < this.#order.length; at++) {
      const row = this.#rows.get(this.#order[at] as string);
      if (row && row.at === at) yield row.value;
    }
    return undefined;
  }

  #tidy(): void {
    this.#order = this.#order.filter((id, at) => this.#rows.get(id)?.at === at);
    this.#order.forEach((id, at) => ((this.#rows.get(id) as Row<T>).at = at));
  }
}
