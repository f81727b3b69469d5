/**
 * Expected "no"s. Each has a snake_case name, the HTTP status that says the same to a machine, and a sentence per
 * language under `m.refusals`. They are values: an operation returns `T | Refusal`. Whatever else goes wrong is a
 * surprise and is thrown.
 */
import { en } from './i18n/en/index.ts';
import type { Messages } from './i18n/index.ts';

type Sentences = Omit<Messages['refusals'], 'fields'>;
/** The names that have a sentence. */
export type RefusalName = keyof Sentences;
export type Details = Record<string, unknown>;

export class Refusal {
  /** A name we have a sentence for; `details.name` keeps the original of one we have not. */
  readonly name: RefusalName;
  readonly status: number;
  readonly details: Details;
  constructor(name: RefusalName, status: number, details: Details = {}) {
    this.name = name;
    this.status = status;
    this.details = details;
  }
}

export const isRefused = (answer: unknown): answer is Refusal => answer instanceof Refusal;

/** The sentence for the person asking, in the language of `m`. */
export function sentence(refusal: Refusal, m: Messages): string {
  const found = (m.refusals as Record<string, unknown>)[refusal.name];
  if (typeof found === 'function') return (found as (details: Details) => string)(refusal.details);
  return typeof found === 'string' ? found : m.refusals.unexpected;
}

/** What supabase-js hands back from a query: `error` in PostgREST's words. */
export interface DbResult<T> {
  data: T | null;
  error: { code?: string | null; message: string; details?: string | null; hint?: string | null } | null;
  status?: number;
}

/** The database or a provider cannot be reached or is overloaded: answered 503, worth trying again. */
export class Unavailable extends Error {
  /** Seconds. */
  readonly retryAfter: number;
  constructor(message: string, retryAfter = 5, cause?: unknown) {
    super(message, { cause });
    this.name = 'Unavailable';
    this.retryAfter = retryAfter;
  }
}

function detailsOf(text: string | null | undefined): Details {
  if (!text) return {};
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null && !Array.isArray(read)
      ? (read as Details)
      : { about: read };
  } catch {
    return {};
  }
}

const known = (name: string, names: Messages['refusals']): name is RefusalName =>
  name !== 'fields' && Object.hasOwn(names, name);

/** Cannot be reached (no code), PostgREST's own connection errors, Postgres shutting down, out of slots, or too slow. */
const temporary = /^$|^PGRST00[0-3]$|^08|^53|^57P|^57014$|^40001$|^40P01$|^55P03$/;

/** The refusal in a database error; throws when it is none (a bug, or `Unavailable`). */
export function refusalFrom(error: NonNullable<DbResult<unknown>['error']>): Refusal {
  const code = error.code ?? '';
  const raised = /^PT([45]\d\d)$/.exec(code);
  if (raised) {
    const details = detailsOf(error.details);
    if (known(error.message, en.refusals)) return new Refusal(error.message, Number(raised[1]), details);
    return new Refusal('refused', Number(raised[1]), { ...details, name: error.message });
  }
  // An expired or forged token, or no right to call this as nobody.
  if (/^PGRST30[0-3]$/.test(code)) return new Refusal('sign_in_first', 401);
  if (code === '42501') return new Refusal('not_allowed', 403);
  // A value Postgres cannot read as its type, or one out of range, that the input's schema let through.
  if (code === '22P02' || code === '22003' || code === '22007' || code === '22008')
    return new Refusal('invalid_input', 422);
  if (temporary.test(code)) throw new Unavailable(error.message, code.startsWith('40') ? 1 : 5, error);
  throw new Error(`The database answered ${code || 'nothing'}: ${error.message}`, { cause: error });
}

/** For commands and reads that may be refused: the data, or the refusal as a value. */
export function answer<T>(result: DbResult<T>): T | Refusal {
  return result.error ? refusalFrom(result.error) : (result.data as T);
}

/** For reads nobody is refused: the data. Anything else is thrown. */
export function readAnswer<T>(result: DbResult<T>): T {
  const got = answer(result);
  if (!isRefused(got)) return got;
  throw new Error(`Refused unexpectedly: ${got.name} (${got.status})`, { cause: result.error });
}
