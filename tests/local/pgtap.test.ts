import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Postgres, removePostgres, startPostgres } from '../../local/postgres.ts';
import { runPgTap } from '../../local/supabase/pgtap.ts';

let postgres: Postgres;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atrium-pgtap-'));
  postgres = await startPostgres({ dir: join(folder, 'postgres'), durable: false });
});
afterAll(async () => {
  await postgres.stop();
  await removePostgres(postgres.dir);
  await rm(folder, { recursive: true });
});

async function run(sql: string) {
  const file = join(folder, 'some.test.sql');
  await writeFile(file, sql);
  const results = await runPgTap({ ...postgres, files: [file] });
  return results.map(({ name, ok, diagnostics, skipped }) => [
    skipped ? 'skipped' : ok ? 'passed' : 'failed',
    name,
    ...(diagnostics ? [diagnostics] : []),
  ]);
}

test('Each test is reported with its name and what went wrong', async () => {
  const results = await run(`
    begin;
    create extension if not exists pgtap with schema extensions;
    select plan(4);
    select ok(true, 'seats are counted');
    select is(1, 2, 'one is two');
    select throws_ok('select 1/0', '22012', null, 'nobody divides by zero');
    select skip('not on this machine', 1);
    select * from finish();
    rollback;`);
  expect(results).toEqual([
    ['passed', 'seats are counted'],
    ['failed', 'one is two', 'Failed test 2: "one is two"\n        have: 1\n        want: 2'],
    ['passed', 'nobody divides by zero'],
    ['skipped', 'SKIP not on this machine'],
  ]);
});

test('A file that breaks off keeps its results and fails', async () => {
  const sql = `begin;\nselect plan(2);\nselect ok(true, 'first');\nselect nonsense();\nrollback;`;
  expect(await run(sql)).toEqual([
    ['passed', 'first'],
    ['failed', 'runs to its end', 'function nonsense() does not exist at line 4'],
  ]);
});

test('A file that runs fewer tests than planned, or has no plan, fails', async () => {
  expect(await run(`begin; select plan(2); select ok(true, 'only'); rollback;`)).toEqual([
    ['passed', 'only'],
    ['failed', 'runs the tests it planned', '2 were planned, 1 ran.'],
  ]);
  expect(await run('select 1')).toEqual([['failed', 'says how many tests it has', 'There is no plan.']]);
});

test('Tests run as the owner of the tables, who is no superuser', async () => {
  const client = new pg.Client({ connectionString: postgres.ownerUrl });
  await client.connect();
  await client.query('create table mine ()');
  await client.end();
  const [result] = await run(`
    begin; select plan(1);
    select table_owner_is('public', 'mine', current_user, 'mine is mine');
    rollback;`);
  expect(result).toEqual(['passed', 'mine is mine']);
});
