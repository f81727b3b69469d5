import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyDatabase, inDatabase } from '../../local/postgres/cluster.ts';
import { type Postgres, removePostgres, startPostgres } from '../../local/postgres.ts';

let postgres: Postgres;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atrium-copy-'));
  postgres = await startPostgres({ dir: join(folder, 'postgres'), durable: false });
});
afterAll(async () => {
  await postgres.stop();
  await removePostgres(postgres.dir);
  await rm(folder, { recursive: true });
});

async function rows(sql: string, url: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('A copy has what the database had, stands like it, and goes its own way', async () => {
  const copy = inDatabase(postgres.ownerUrl, 'a copy');
  await rows('create table guests as select 1 as n', postgres.ownerUrl);
  await copyDatabase(postgres.adminUrl, 'a copy');
  expect(await rows('select n from guests', copy)).toEqual([{ n: 1 }]);

  const standing = `select current_setting('search_path') as path, pg_get_userbyid(datdba) as owner, datacl::text as rights
    from pg_database where datname = current_database()`;
  expect(await rows(standing, copy)).toEqual(await rows(standing, postgres.ownerUrl));

  await rows('insert into guests values (2)', copy);
  expect(await rows('select n from guests', postgres.ownerUrl)).toEqual([{ n: 1 }]);
});

test('Asked for again, it is the one that is there, also while somebody uses both', async () => {
  const name = 'kept';
  const copy = inDatabase(postgres.ownerUrl, name);
  await copyDatabase(postgres.adminUrl, name);
  await rows('create table later ()', copy);
  const users = [copy, postgres.ownerUrl].map((connectionString) => new pg.Client({ connectionString }));
  await Promise.all(users.map((user) => user.connect()));
  await copyDatabase(postgres.adminUrl, name);
  await Promise.all(users.map((user) => user.end()));
  expect(await rows(`select to_regclass('later') is not null as there`, copy)).toEqual([{ there: true }]);
});
