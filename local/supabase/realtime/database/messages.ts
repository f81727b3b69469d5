import type pg from 'pg';
import type { Message } from '../wire/frames.ts';

/** A row of realtime.messages. `xid` is the low half of the (sub)transaction that wrote it. */
export interface StoredMessage extends Message {
  id: string;
  topic: string;
  private: boolean;
  xid: number;
}

interface Row {
  id: string;
  topic: string;
  event: string | null;
  private: boolean | null;
  payload: string | null;
  binary_payload: Buffer | null;
  xid: string;
}

const columns = 'id, topic, event, private, payload::text as payload, binary_payload, xmin::text as xid';

/** In no order; ids that are no longer there are left out. */
export async function readMessages(pool: pg.Pool, ids: string[]): Promise<Map<string, StoredMessage>> {
  const { rows } = await pool.query<Row>({
    name: 'realtime_read',
    text: `select ${columns} from realtime.messages where id = any ($1)`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, toMessage(row)]));
}

/** Every transaction before this one (low half) has ended, one way or the other. */
export const oldestRunning = `(pg_snapshot_xmin(pg_current_snapshot())::text::numeric % 4294967296)::bigint`;

/**
 * Messages written by `floor` or later transactions, in the order they were written. realtime.send writes in a
 * subtransaction of its own, so where one transaction waited for another this is the order they committed in.
 */
export async function idsSince(pool: pg.Pool, floor: number): Promise<{ id: string; xid: number }[]> {
  const { rows } = await pool.query<{ id: string; xid: string }>(
    `select id, xmin::text as xid from realtime.messages
     where extension = 'broadcast' and age(xmin) <= age($1::text::xid) order by age(xmin) desc, cmin::text::bigint`,
    [String(floor)],
  );
  return rows.map((row) => ({ id: row.id, xid: Number(row.xid) }));
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
    xid: Number(row.xid),
  };
}
