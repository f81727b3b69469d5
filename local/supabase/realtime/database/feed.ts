import pg from 'pg';
import { Delivered } from './delivered.ts';
import { idsSince, oldestRunning, readMessages, type StoredMessage } from './messages.ts';

export interface Feed {
  /** Resolves while (or as soon as) the database is being listened to. */
  listening(): Promise<void>;
  close(): Promise<void>;
}

interface FeedOptions {
  url: string;
  pool: pg.Pool;
  deliver(message: StoredMessage): void;
  checkpointMs: number;
  log(line: string): void;
}

const channel = 'realtime_messages';
const batchSize = 500;

/**
 * Hands over every committed row of realtime.messages once and in commit order. What was committed while the connection was
 * cut comes in the order it was written, which is the same wherever one transaction waited for another.
 *
 * The trigger notifies with ids. Postgres queues notifications in commit order, so rows are read in batches and handed
 * over in the order of their ids' arrival. While cut off nothing is queued for us: after listening again, whatever was
 * written since `floor` and not handed over is read from the table. `floor` is a transaction before which everything has
 * been handed over. It moves by a checkpoint: "all before x have ended" is itself sent as a notification, and when it
 * arrives, so has everything of theirs. Only what was handed over since then needs remembering.
 *
 * @throws when the first connection cannot be made; later ones are tried again for ever.
 */
export async function startFeed({ url, pool, deliver, checkpointMs, log }: FeedOptions): Promise<Feed> {
  let client: pg.Client | null = null;
  let closed = false;
  let listening = Promise.withResolvers<void>();
  const queue: string[] = [];
  /** Notifications that arrive while the table is being searched for what was missed; null otherwise. */
  let held: string[] | null = null;
  const delivered = new Delivered();
  let pumping = false;

  function receive(payload: string): void {
    if (held) return void held.push(payload);
    queue.push(payload);
    void pump();
  }

  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    for (let failures = 0; queue.length > 0 && !closed;) {
      const batch = queue.slice(0, batchSize);
      const ids = batch.filter((payload) => !payload.startsWith('floor:') && !delivered.has(payload));
      let rows = new Map<string, StoredMessage>();
      try {
        if (ids.length > 0) rows = await readMessages(pool, ids);
      } catch (error) {
        log(`realtime: reading messages failed, trying again: ${String(error)}`);
        await pause(Math.min(50 * 2 ** failures++, 2000));
        continue;
      }
      failures = 0;
      queue.splice(0, batch.length);
      for (const payload of batch) {
        const message = rows.get(payload);
        if (payload.startsWith('floor:')) delivered.raiseFloor(Number(payload.slice(6)));
        else if (message && delivered.isNew(message)) {
          delivered.add(message);
          deliver(message);
        }
      }
    }
    pumping = false;
  }

  async function connect(): Promise<void> {
    const next = new pg.Client({
      connectionString: url,
      application_name: 'realtime listener',
      keepAlive: true,
    });
    let open = true;
    const lost = (): void => {
      if (!open) return;
      open = false;
      if (client === next) {
        client = null;
        listening = Promise.withResolvers<void>();
        if (!closed) void reconnect();
      }
    };
    next.on('error', lost);
    next.on('end', lost);
    next.on('notification', ({ payload }) => payload && receive(payload));
    try {
      await next.connect();
      held = [];
      await next.query(`listen ${channel}`);
      if (delivered.floor === 0) {
        // Nobody listens to us yet: what is there already is not news.
        const { rows } = await next.query<{ xid: string }>(`select ${oldestRunning} as xid`);
        delivered.raiseFloor(Number(rows[0]?.xid));
        for (const message of await idsSince(pool, delivered.floor)) delivered.add(message);
      } else {
        const missed = (await idsSince(pool, delivered.floor)).filter((message) => delivered.isNew(message));
        queue.push(...missed.map(({ id }) => id));
        if (missed.length > 0) log(`realtime: ${missed.length} messages caught up after a lost connection`);
      }
      if (!open) throw new Error('the connection was cut at once');
    } catch (error) {
      open = false;
      held = null;
      await next.end().catch(() => undefined);
      throw error;
    }
    client = next;
    const waiting = held;
    held = null;
    waiting.forEach(receive);
    void pump();
    listening.resolve();
  }

  async function reconnect(): Promise<void> {
    for (let failures = 0; !closed; failures++) {
      try {
        return await connect();
      } catch (error) {
        if (failures === 0)
          log(`realtime: listening to the database again failed, still trying: ${String(error)}`);
        await pause(Math.min(20 * 2 ** failures, 2000));
      }
    }
  }

  await connect();
  const checkpoint = setInterval(() => {
    if (!client || delivered.isEmpty) return;
    pool
      .query(`select pg_notify('${channel}', 'floor:' || ${oldestRunning})`)
      .catch((error: unknown) => log(`realtime: a checkpoint failed: ${String(error)}`));
  }, checkpointMs);
  checkpoint.unref();

  return {
    listening: () => listening.promise,
    async close() {
      closed = true;
      clearInterval(checkpoint);
      await client?.end();
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
