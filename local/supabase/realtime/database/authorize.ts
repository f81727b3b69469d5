import type pg from 'pg';
import type { Claims } from '../../keys.ts';

export type Extension = 'broadcast' | 'presence';
export type Rights = Record<Extension, boolean>;

export interface Authorizer {
  /** May a person with these claims listen on the private channel? */
  read(topic: string, claims: Claims): Promise<Rights>;
  /** May they send on it? */
  write(topic: string, claims: Claims): Promise<Rights>;
}

/**
 * Asks the policies of realtime.messages, as the hosted service does: a row is written by us and looked for as the person
 * (select = may listen), or written as the person (insert = may send), once for each extension; nothing is kept.
 */
export function createAuthorizer(pool: pg.Pool, log: (line: string) => void): Authorizer {
  const probe = `insert into realtime.messages (id, topic, extension, private) values (gen_random_uuid(), $1, $2, true)`;

  async function ask(topic: string, claims: Claims, question: (client: pg.PoolClient) => Promise<Rights>) {
    const client = await pool.connect();
    try {
      await client.query('begin');
      return await question(client);
    } catch (error) {
      if (!isPolicyError(error)) throw error;
      log(
        `realtime: the policies of realtime.messages failed for ${topic} as ${claims.role}: ${error.message}`,
      );
      return { broadcast: false, presence: false };
    } finally {
      await client.query('rollback').then(
        () => client.release(),
        (error: Error) => client.release(error),
      );
    }
  }

  async function become(client: pg.PoolClient, topic: string, claims: Claims): Promise<void> {
    await client.query(
      `select set_config('realtime.topic', $1, true), set_config('request.jwt.claims', $2, true),
         set_config('request.jwt.claim.sub', $3, true), set_config('request.jwt.claim.role', $4, true), set_config('role', $4, true)`,
      [topic, JSON.stringify(claims), claims.sub ?? '', claims.role],
    );
  }

  return {
    read: (topic, claims) =>
      ask(topic, claims, async (client) => {
        const { rows } = await client.query<{ id: string }>(
          `insert into realtime.messages (topic, extension, private) values ($1, 'broadcast', true), ($1, 'presence', true) returning id`,
          [topic],
        );
        await become(client, topic, claims);
        const seen = await client.query<{ extension: Extension }>(
          'select extension from realtime.messages where id = any ($1)',
          [rows.map((row) => row.id)],
        );
        const extensions = seen.rows.map((row) => row.extension);
        return { broadcast: extensions.includes('broadcast'), presence: extensions.includes('presence') };
      }),

    write: (topic, claims) =>
      ask(topic, claims, async (client) => {
        await become(client, topic, claims);
        const rights: Rights = { broadcast: false, presence: false };
        for (const extension of ['broadcast', 'presence'] as const) {
          await client.query('savepoint probe');
          try {
            await client.query(probe, [topic, extension]);
            rights[extension] = true;
          } catch (error) {
            if (!(isPolicyError(error) && error.code === '42501')) throw error;
            await client.query('rollback to savepoint probe');
          }
        }
        return rights;
      }),
  };
}

/** An answer of Postgres, in contrast to a connection that is gone. */
function isPolicyError(error: unknown): error is Error & { code: string } {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^(08|57|58|53)/.test(code);
}
