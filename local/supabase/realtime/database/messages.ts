import type pg from 'pg';
import type { Message } from '../wire/frames.ts';

/** A row of realtime.messages. */
export interface StoredMessage extends Message {
  id: string;
  topic: string;
  private: boolean;
}

interface Row {
  id: string;
  topic: string;
  event: string | null;
  private: boolean | null;
  payload: string | null;
  binary_payload: Buffer | null;
}

const columns = 'id, topic, event, private, payload::text as payload, binary_payload';

/** The moment before which nothing is news: a snapshot as `pg_current_snapshot()` writes it. */
export type Seen = string;

/** What is committed now. */
export async function seenNow(client: pg.Client): Promise<Seen> {
  const { rows } = await client.query<{ seen: Seen }>('select pg_current_snapshot()::text as seen');
  if (!rows[0]) throw new Error('Postgres answered no snapshot');
  return rows[0].seen;
}

/**
 * What was committed since `seen`, and up to when: written by transactions that had not begun then, or were still running.
 * In the order it was written: realtime.send writes in a subtransaction of its own, so where one transaction waited for
 * another this is the order they committed in.
 */
export async function readNew(
  client: pg.Client,
  seen: Seen,
): Promise<{ seen: Seen; messages: StoredMessage[] }> {
  const { rows } = await client.query<Row & { seen: Seen }>({
    name: 'realtime_read',
    text: `select pg_current_snapshot()::text as seen, m.* from (values (1)) one left join (
       select ${columns}, age(xmin) as age, cmin::text::bigint as step from realtime.messages
       where extension = 'broadcast' and written_by >= pg_snapshot_xmax($1::pg_snapshot)
       union all
       select ${columns}, age(xmin), cmin::text::bigint from realtime.messages
       where extension = 'broadcast' and written_by = any (array(select pg_snapshot_xip($1::pg_snapshot)))) m on true
     order by age desc, step`,
    values: [seen],
  });
  const found = rows.filter(({ id }) => id !== null);
  return { seen: rows[0]?.seen ?? seen, messages: found.map(toMessage) };
}

/** The newest private messages of a topic, oldest first. `since` is in milliseconds since 1970. */
export async function replayMessages(pool: pg.Pool, topic: string, since: number, limit: number) {
  const { rows } = await pool.query<Row>(
    `select ${columns} from realtime.messages
     where topic = $1 and private and extension = 'broadcast' and inserted_at >= to_timestamp($2::float8 / 1000) at time zone 'utc'
     order by inserted_at desc, age(xmin), cmin::text::bigint desc limit $3`,
    [topic, since, limit],
  );
  return rows.map(toMessage).reverse();
}

/** Deletes in small bites, so that nobody waits for it. @returns how many rows are gone. */
export async function pruneMessages(pool: pg.Pool, keepMs: number): Promise<number> {
  let gone = 0;
  for (;;) {
    const { rowCount } = await pool.query(
      `delete from realtime.messages where ctid = any (array(
         select ctid from realtime.messages where inserted_at < (now() at time zone 'utc') - $1 * interval '1 millisecond'
         limit 2000 for update skip locked))`,
      [keepMs],
    );
    gone += rowCount ?? 0;
    if (!rowCount) return gone;
  }
}

function toMessage(row: Row): StoredMessage {
  return {
    id: row.id,
    topic: row.topic,
    private: row.private ?? false,
    event: row.event ?? '',
    encoding: row.binary_payload ? 'binary' : 'json',
    body: row.binary_payload ?? Buffer.from(row.payload ?? '{}'),
  };
}
