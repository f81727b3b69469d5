interface Written {
  id: string;
  /** The low half of the transaction that wrote it. */
  xid: number;
}

/** Which messages were handed over, remembered only as far back as transactions may still be unfinished. */
export class Delivered {
  readonly #writers = new Map<string, number>();
  #floor = 0;

  /** Every message of a transaction before this one has been handed over. 0 while nothing is known. */
  get floor(): number {
    return this.#floor;
  }

  get isEmpty(): boolean {
    return this.#writers.size === 0;
  }

  add({ id, xid }: Written): void {
    this.#writers.set(id, xid);
  }

  /** By its id alone: whether it need not even be read. */
  has(id: string): boolean {
    return this.#writers.has(id);
  }

  isNew({ id, xid }: Written): boolean {
    return !this.#writers.has(id) && !isBefore(xid, this.#floor);
  }

  raiseFloor(xid: number): void {
    this.#floor = xid;
    for (const [id, writer] of this.#writers) if (isBefore(writer, xid)) this.#writers.delete(id);
  }
}

/** Transaction numbers wrap around at 2^32. */
function isBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}
