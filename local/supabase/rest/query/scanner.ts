import { RestError } from '../errors.ts';

/** Thrown inside an attempt, where nobody reads the complaint: costs no stack trace. */
const NO_MATCH = new Error('no match');

/**
 * Reads one value of the query string from left to right. Every complaint is a PGRST100 that says where it
 * stands and what was expected, worded as PostgREST words it.
 */
export class Scanner {
  readonly text: string;
  readonly #what: string;
  #attempts = 0;
  at = 0;

  /** `what` is the start of the complaint, e.g. `failed to parse filter`. */
  constructor(text: string, what: string) {
    this.text = text;
    this.#what = what;
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  peek(ahead = 0): string {
    return this.text.charAt(this.at + ahead);
  }

  /** Is this next? Moves nothing. */
  sees(expected: string): boolean {
    return this.text.startsWith(expected, this.at);
  }

  /** Moves past `expected` when it comes next. */
  take(expected: string): boolean {
    if (!this.sees(expected)) return false;
    this.at += expected.length;
    return true;
  }

  demand(expected: string): void {
    if (!this.take(expected)) this.fail(`"${expected}"`);
  }

  demandEnd(expecting = 'end of input'): void {
    if (!this.atEnd) this.fail(expecting);
  }

  /** Moves past all characters that pass, and returns them. */
  takeWhile(passes: (character: string) => boolean): string {
    const start = this.at;
    while (!this.atEnd && passes(this.peek())) this.at += 1;
    return this.text.slice(start, this.at);
  }

  takeRest(): string {
    const rest = this.text.slice(this.at);
    this.at = this.text.length;
    return rest;
  }

  skipSpaces(): void {
    this.takeWhile((character) => character === ' ' || character === '\t');
  }

  /** Tries a reading; if it fails, stands where it stood and returns null. */
  attempt<T>(read: () => T): T | null {
    const start = this.at;
    this.#attempts += 1;
    try {
      return read();
    } catch (error) {
      if (error !== NO_MATCH) throw error;
      this.at = start;
      return null;
    } finally {
      this.#attempts -= 1;
    }
  }

  fail(expecting: string): never {
    if (this.#attempts > 0) throw NO_MATCH;
    const found = this.atEnd ? 'end of input' : JSON.stringify(this.peek());
    throw new RestError(400, 'PGRST100', `"${this.#what} (${this.text})" (line 1, column ${this.at + 1})`, {
      details: `unexpected ${found} expecting ${expecting}`,
    });
  }
}
