import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Postgres, removePostgres, startPostgres } from '../../local/postgres.ts';
import { migrate } from '../../local/supabase/migrations.ts';

let postgres: Postgres;
let folder: string;
let project: string;
let database: pg.Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atrium-migrations-'));
  postgres = await startPostgres({ dir: join(folder, 'postgres'), durable: false });
});
afterAll(async () => {
  await database.end();
  await postgres.stop();
  await removePostgres(postgres.dir);
  await rm(folder, { recursive: true });
});

// Each test has a database and a project folder of its own.
let tests = 0;
beforeEach(async () => {
  const name = `test_${++tests}`;
  const admin = new pg.Client({ connectionString: postgres.ownerUrl });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  await database?.end();
  database = new pg.Client({ connectionString: urlOf(name) });
  await database.connect();
  project = join(folder, name);
  await mkdir(join(project, 'supabase/migrations'), { recursive: true });
});

const urlOf = (name: string) => postgres.ownerUrl.replace(/postgres$/, name);

async function run(files: Record<string, string>, seed?: string) {
  for (const [name, sql] of Object.entries(files)) {
    await writeFile(join(project, 'supabase/migrations', name), sql);
  }
  const seedFile = join(project, 'supabase/seed.sql');
  if (seed) await writeFile(seedFile, seed);
  return await migrate({
    ownerUrl: urlOf(`test_${tests}`),
    dir: join(project, 'supabase/migrations'),
    seedFiles: [seedFile],
  });
}

const rows = async (sql: string) => (await database.query<Record<string, unknown>>(sql)).rows;

test('Migrations are applied once, in order, by a role that is no superuser', async () => {
  const files = {
    '20260102000000_second.sql': 'insert into things values (2);',
    '20260101000000_first.sql':
      'create table things as select 1 as n, current_user::text as who, (select rolsuper from pg_roles where rolname = current_user) as super;',
    'notes.sql': 'this is not a migration',
  };
  const names = ['20260101000000_first.sql', '20260102000000_second.sql'];
  expect(await run(files)).toEqual({ applied: names, changed: [], seeded: false });
  expect(await run({ '20260103000000_third.sql': 'insert into things values (3)' })).toMatchObject({
    applied: ['20260103000000_third.sql'],
  });
  expect(await rows('select n, who, super from things')).toEqual([
    { n: 1, who: 'postgres', super: false },
    { n: 2, who: null, super: null },
    { n: 3, who: null, super: null },
  ]);
});

test('A migration that fails says where, leaves nothing behind, and can be mended', async () => {
  const broken = {
    '1_good.sql': 'create table good ()',
    '2_bad.sql': 'create table bad ();\nselect\n  nonsense;',
  };
  await expect(run(broken)).rejects.toThrow('2_bad.sql:3: column "nonsense" does not exist');
  expect(await rows(`select to_regclass('good') is null as good, to_regclass('bad') is null as bad`)).toEqual(
    [{ good: false, bad: true }],
  );
  expect((await run({ '2_bad.sql': 'create table bad ();' })).applied).toEqual(['2_bad.sql']);
});

test('A migration that was edited after it ran is named', async () => {
  await run({ '1_one.sql': 'create table one ()' });
  expect(await run({ '1_one.sql': 'create table one (n int)' })).toEqual({
    applied: [],
    changed: ['1_one.sql'],
    seeded: false,
  });
});

test('What one migration sets for itself does not reach the next', async () => {
  await run({
    '1_one.sql': `set search_path = 'nowhere'; set role anon;`,
    '2_two.sql': `create table found as select current_setting('search_path') as path, current_user::text as who`,
  });
  expect(await rows('select who, path from found')).toEqual([
    { who: 'postgres', path: expect.not.stringContaining('nowhere') as string },
  ]);
});

test('The seed is sown once in the life of a database', async () => {
  const migration = { '1_one.sql': 'create table crops (n int)' };
  expect((await run(migration, 'insert into crops values (1)')).seeded).toBe(true);
  expect((await run(migration, 'insert into crops values (2)')).seeded).toBe(false);
  expect(await rows('select n from crops')).toEqual([{ n: 1 }]);
});

test('Migrations can queue jobs', async () => {
  await run({ '1_one.sql': `select graphile_worker.add_job('send_email', json_build_object('id', 1))` });
  expect(await rows('select task_identifier as task from graphile_worker.jobs')).toEqual([
    { task: 'send_email' },
  ]);
});

test('The Supabase CLI reads which migrations were applied', async () => {
  await run({ '20260101000000_first.sql': 'create table one ()' });
  await writeFile(join(project, 'supabase/migrations/20260102000000_second.sql'), 'create table two ()');
  for (const part of ['config.toml', 'templates']) {
    await cp(`supabase/${part}`, join(project, 'supabase', part), { recursive: true });
  }
  const { stdout } = await promisify(execFile)(
    resolve('node_modules/.bin/supabase'),
    ['migration', 'list', '--db-url', urlOf(`test_${tests}`), '--workdir', project],
    { env: { ...process.env, NO_COLOR: '1' } },
  );
  const listed = stdout.split('\n').map((line) => line.split('|').map((cell) => cell.replace(/[`\s]/g, '')));
  expect(listed.filter(([local]) => /^\d+$/.test(local ?? '')).map((cells) => cells.slice(0, 2))).toEqual([
    ['20260101000000', '20260101000000'],
    ['20260102000000', ''],
  ]);
});
