import { type Pool } from 'pg';
import { RestError } from '../errors.ts';
import { type Catalog, type CatalogOptions, loadCatalog } from '../schema/catalog.ts';
import { SchemaWatch } from './schema-watch.ts';
import { runTransaction } from './transaction.ts';

export interface CurrentCatalog {
  catalog: Catalog;
  /** Grows with each change; statements prepared for an earlier one are forgotten. */
  generation: number;
}

/** The catalogue as it is now: loaded before the first request, again after every change of the schema. */
export class LiveCatalog {
  readonly #pool: Pool;
  readonly #options: CatalogOptions;
  readonly #log: (line: string) => void;
  readonly #watch: SchemaWatch;
  #generation = 0;
  #current: Promise<CurrentCatalog> | null = null;
  #loading = false;
  #stale = false;
  #watching: Promise<void> | null = null;

  constructor(pool: Pool, options: CatalogOptions, log: (line: string) => void) {
    this.#pool = pool;
    this.#options = options;
    this.#log = log;
    this.#watch = new SchemaWatch(pool.options, () => this.#change(), log);
  }

  /** Waits for a reload that is under way: better a little late than wrong. */
  async get(): Promise<CurrentCatalog> {
    this.#current ??= this.#load();
    return this.#current;
  }

  async reload(): Promise<void> {
    this.#change();
    await this.get();
  }

  async close(): Promise<void> {
    await this.#watching?.catch(() => undefined);
    await this.#watch.close();
    await this.#current?.catch(() => undefined);
  }

  #change(): void {
    if (this.#loading) this.#stale = true;
    else this.#current = this.#load();
    // Whoever needs it will hear of a failure; without a need there is nobody to tell.
    this.#current?.catch(() => undefined);
  }

  async #load(): Promise<CurrentCatalog> {
    this.#loading = true;
    try {
      // Listening comes first, so that no change falls between reading and listening.
      await this.#listen();
      let catalog: Catalog;
      do {
        this.#stale = false;
        catalog = await loadCatalog((statements) => this.#query(statements), this.#options);
      } while (this.#stale);
      this.#generation += 1;
      return { catalog, generation: this.#generation };
    } catch (cause) {
      this.#current = null;
      this.#log(`rest: could not read the schema: ${cause instanceof Error ? cause.message : String(cause)}`);
      throw new RestError(503, 'PGRST002', 'Could not query the database for the schema cache. Retrying.', {
        cause,
      });
    } finally {
      this.#loading = false;
    }
  }

  #listen(): Promise<void> {
    this.#watching ??= this.#watch.start().catch((error: unknown) => {
      this.#watching = null;
      throw error;
    });
    return this.#watching;
  }

  async #query(statements: Parameters<typeof runTransaction>[1]['statements']): Promise<string[]> {
    const context = {
      settings: [{ name: 'search_path', value: '' }],
      isolation: null,
      generation: this.#generation,
    };
    const results = await runTransaction(this.#pool, { statements, inspect: null }, context);
    return statements.map((_, index) => results[index]?.[0]?.[0] ?? '[]');
  }
}
