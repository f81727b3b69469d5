import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, expect, inject, test } from 'vitest';
import { lotus, sql } from '../world.ts';

const open: pg.Client[] = [];
afterEach(() => Promise.all(open.splice(0).map((client) => client.end())));

/** A worker that never commits: what it takes is the next one's again, so tests beside this one get their letters. */
async function aWorker(): Promise<{ take(count: number): Promise<string[]> }> {
  const client = new pg.Client({ connectionString: inject('stack').databaseUrl });
  await client.connect();
  open.push(client);
  await client.query('begin');
  return {
    take: async (count) =>
      (await client.query<{ id: string }>('select id from api.take_emails($1)', [count])).rows.map(
        ({ id }) => id,
      ),
  };
}

test('several workers that take letters at once never take the same one', async () => {
  const tag = randomUUID();
  // Due for so long that they come first.
  await sql(
    `insert into messages.emails (business_id, to_address, locale, template, cause, data, next_try_at)
     select $1, $2 || '@example.test', 'en', 'account_locked', $2 || n, '{"name": "Ada", "minutes": 2}', '2020-01-01' from generate_series(1, 60) n`,
    [lotus, tag],
  );
  const workers = await Promise.all([aWorker(), aWorker(), aWorker()]);
  const taken = (await Promise.all(workers.map(({ take }) => take(15)))).flat();
  expect(taken.length).toBeGreaterThan(30);
  expect(new Set(taken).size).toBe(taken.length);
});

test('a letter that waits for its cause to be committed is not handed out before', async () => {
  const tag = randomUUID();
  const client = new pg.Client({ connectionString: inject('stack').databaseUrl });
  await client.connect();
  open.push(client);
  await client.query('begin');
  const { rows } = await client.query<{ id: string }>(
    `insert into messages.emails (business_id, to_address, locale, template, cause, data, next_try_at)
     values ($1, $2 || '@example.test', 'en', 'account_locked', $2, '{"name": "Ada", "minutes": 2}', '2020-01-01') returning id`,
    [lotus, tag],
  );
  expect(await (await aWorker()).take(100)).not.toContain(rows[0]?.id);
});
