import pg from 'pg';
import { readNew, seenNow, type Seen, type StoredMessage } from './messages.ts';

export interface Feed {
  /** Resolves while (or as soon as) the database is being followed. */
  listening(): Promise<void>;
  close(): Promise<void>;
}

interface FeedOptions {
  url: string;
  deliver(message: StoredMessage): void;
  /** Whether anybody listens. */
  wanted(): boolean;
  /** Milliseconds between two looks while somebody listens, and while nobody does. */
  pollMs: number;
  idlePollMs: number;
  log(line: string): void;
}

/**
 * Hands over every committed row of realtime.messages once and in commit order; of what was committed between two looks, in
 * the order it was written, which is the same wherever one transaction waited for another.
 *
 * Each look asks for what its snapshot sees and the snapshot of the look before did not, so nothing needs remembering but
 * that snapshot, a transaction that runs for long neither delays the others nor is missed in the end, and after a lost
 * connection the next look brings whatever happened meanwhile.
 *
 * @throws when the first connection cannot be made; later ones are tried again for ever.
 */
export async function startFeed(options: FeedOptions): Promise<Feed> {
  const { url, deliver, wanted, pollMs, idlePollMs, log } = options;
  let closed = false;
  let listening = Promise.withResolvers<void>();
  const ending = Promise.withResolvers<void>();

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'realtime listener',
      keepAlive: true,
    });
    // What breaks is noticed by the query that meets it.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async function pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([new Promise((resolve) => (timer = setTimeout(resolve, ms))), ending.promise]);
    clearTimeout(timer);
  }

  /** Looks until the connection breaks. @returns what has been seen by then. */
  async function follow(client: pg.Client, from: Seen, again: boolean): Promise<Seen> {
    let seen = from;
    let first = again;
    try {
      while (!closed) {
        const news = await readNew(client, seen);
        ({ seen } = news);
        if (first && news.messages.length > 0)
          log(`realtime: ${news.messages.length} messages caught up after a lost connection`);
        first = false;
        listening.resolve();
        for (const message of news.messages) deliver(message);
        await pause(wanted() ? pollMs : idlePollMs);
      }
    } catch (error) {
      if (!closed) log(`realtime: the connection to the database was lost: ${String(error)}`);
    }
    listening = Promise.withResolvers();
    await client.end().catch(() => undefined);
    return seen;
  }

  async function reconnect(): Promise<pg.Client | null> {
    for (let failures = 0; !closed; failures++) {
      try {
        return await connect();
      } catch (error) {
        if (failures === 0)
          log(`realtime: reaching the database again failed, still trying: ${String(error)}`);
        await pause(Math.min(20 * 2 ** failures, 2000));
      }
    }
    return null;
  }

  const first = await connect();
  // Nobody listens to us yet: what is there already is not news.
  const start = await seenNow(first);
  listening.resolve();
  const following = (async () => {
    let seen = await follow(first, start, false);
    for (let client = await reconnect(); client; client = await reconnect())
      seen = await follow(client, seen, true);
  })();

  return {
    listening: () => listening.promise,
    async close() {
      closed = true;
      ending.resolve();
      await following;
    },
  };
}
