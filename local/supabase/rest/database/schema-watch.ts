import pg from 'pg';

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;

/**
 * Listens for `notify pgrst` (PostgREST: references/schema_cache.html#schema-cache-reloading) on a connection
 * of its own, and makes a new one whenever that breaks. `onChange` is also called after every reconnection:
 * what was said meanwhile was missed.
 */
export class SchemaWatch {
  readonly #config: pg.ClientConfig;
  readonly #onChange: () => void;
  readonly #log: (line: string) => void;
  #client: pg.Client | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(config: pg.ClientConfig, onChange: () => void, log: (line: string) => void) {
    this.#config = config;
    this.#onChange = onChange;
    this.#log = log;
  }

  /** Resolves once it listens. */
  async start(): Promise<void> {
    const client = new pg.Client(this.#config);
    this.#client = client;
    let failure = 'it ended';
    client.on('error', (error) => {
      failure = error.message;
    });
    client.on('notification', () => this.#onChange());
    try {
      await client.connect();
      await client.query('listen pgrst');
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    client.once('end', () => {
      if (this.#closed) return;
      this.#log(`rest: lost the connection that listens for schema changes: ${failure}`);
      this.#reconnect(FIRST_PAUSE);
    });
  }

  #reconnect(pause: number): void {
    this.#timer = setTimeout(() => {
      this.start().then(
        () => this.#onChange(),
        () => {
          if (!this.#closed) this.#reconnect(Math.min(pause * 2, LONGEST_PAUSE));
        },
      );
    }, pause);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#client?.end().catch(() => undefined);
  }
}
