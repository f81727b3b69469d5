interface Kept {
  n: number;
  text: string;
}

/** The newest events of a topic as text of an event stream, numbered, for those who come back or are a little behind. */
export class EventLog {
  /** The number of the newest event. */
  n = 0;
  readonly #keep: number;
  /** In order of their numbers. Events that replace each other share a key. */
  readonly #kept = new Map<string, Kept>();
  /** Events up to this number are no longer kept. */
  #forgotten = 0;
  /** Ids of an earlier time, or of another process, mean nothing here. */
  #epoch = newEpoch();

  /** @param keep how many events. */
  constructor(keep: number) {
    this.#keep = keep;
  }

  /** @param key what it replaces; null when it stands alone. */
  add(name: string, payload: unknown, key: string | null): void {
    const n = ++this.n;
    const id = key ?? `#${n}`;
    this.#kept.delete(id);
    this.#kept.set(id, { n, text: eventText(this.idOf(n), name, payload) });
    for (const [oldest, kept] of this.#kept) {
      if (this.#kept.size <= this.#keep) break;
      this.#kept.delete(oldest);
      this.#forgotten = kept.n;
    }
  }

  /** What happened after event `n`, or null when that is no longer known. */
  since(n: number): string | null {
    if (!this.knows(n)) return null;
    return [...this.#kept.values()]
      .filter((kept) => kept.n > n)
      .map((kept) => kept.text)
      .join('');
  }

  knows(n: number): boolean {
    return n >= this.#forgotten && n <= this.n;
  }

  idOf(n: number): string {
    return `${this.#epoch}-${n}`;
  }

  /** The number behind an id a browser sent, when what followed it is still known. */
  numberOf(id: string | null): number | null {
    const [epoch, number = ''] = id?.split('-') ?? [];
    return epoch === this.#epoch && /^\d+$/.test(number) && this.knows(Number(number))
      ? Number(number)
      : null;
  }

  /** Forgets everything: something may be missing between what was and what comes. */
  begin(): void {
    this.#epoch = newEpoch();
    this.#kept.clear();
    this.#forgotten = ++this.n;
  }
}

/** Event names and ids are ours and hold no line breaks; JSON holds none either. */
export function eventText(id: string, name: string, payload: unknown): string {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(payload ?? null)}\n\n`;
}

const newEpoch = (): string => Math.random().toString(36).slice(2, 12);
