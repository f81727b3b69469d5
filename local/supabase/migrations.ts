import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';

export interface Migrated {
  /** File names that were applied now. */
  applied: string[];
  /** File names whose content is not what was applied once: they need a new database (`npm run db:reset`). */
  changed: string[];
  seeded: boolean;
}

/**
 * Brings a database to the state of `supabase/migrations`, as the Supabase CLI would: each file in one transaction, recorded in
 * supabase_migrations.schema_migrations. `ownerUrl` signs in as role postgres, which is no superuser here either. graphile-worker's
 * schema comes first, since our functions queue jobs in it. `seedFiles` run once in a database's life.
 * Throws with file and line when SQL fails; what came before stays applied.
 */
export async function migrate(o: { ownerUrl: string; dir: string; seedFiles: string[] }): Promise<Migrated> {
  await runMigrations({ connectionString: o.ownerUrl, logger: new Logger(() => () => undefined) });
  const client = new pg.Client({ connectionString: o.ownerUrl });
  client.on('notice', () => undefined);
  await client.connect();
  try {
    await client.query(HISTORY);
    const { rows } = await client.query<{ version: string; statements: string[] | null }>(
      'select version, statements from supabase_migrations.schema_migrations',
    );
    const recorded = new Map(rows.map(({ version, statements }) => [version, statements]));
    const result: Migrated = { applied: [], changed: [], seeded: false };
    for (const file of await listMigrations(o.dir)) {
      const [, version, name] = NAMED.exec(file)!;
      const sql = await readFile(join(o.dir, file), 'utf8');
      const earlier = recorded.get(version!);
      if (earlier === undefined) {
        await apply(client, file, sql, RECORD, [version, name, [sql]]);
        result.applied.push(file);
      } else if (earlier?.length === 1 && earlier[0] !== sql) {
        result.changed.push(file);
      }
    }
    for (const file of o.seedFiles) result.seeded = (await seed(client, file)) || result.seeded;
    return result;
  } finally {
    await client.end();
  }
}

// The CLI's own names: <version>_<name>.sql.
const NAMED = /^(\d+)_(.*)\.sql$/;
const RECORD =
  'insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)';
const HISTORY = `
  create schema if not exists supabase_migrations;
  create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
  alter table supabase_migrations.schema_migrations add column if not exists statements text[];
  alter table supabase_migrations.schema_migrations add column if not exists name text;
  create table if not exists supabase_migrations.seed_files (path text not null primary key, hash text not null);
`;

async function listMigrations(dir: string): Promise<string[]> {
  const files = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return files.filter((file) => NAMED.test(file)).sort();
}

async function seed(client: pg.Client, file: string): Promise<boolean> {
  const sql = await readFile(file, 'utf8').catch(() => null);
  const path = `supabase/${basename(file)}`;
  const done = await client.query('select from supabase_migrations.seed_files where path = $1', [path]);
  if (sql === null || done.rowCount) return false;
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(sql))).toString('hex');
  const record = 'insert into supabase_migrations.seed_files (path, hash) values ($1, $2)';
  await apply(client, basename(file), sql, record, [path, hash]);
  return true;
}

async function apply(client: pg.Client, file: string, sql: string, record: string, values: unknown[]) {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query('reset role');
    await client.query(record, values);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw explain(error as pg.DatabaseError, file, sql);
  } finally {
    // What a file sets for itself (search_path, role) ends with it.
    await client.query('discard all');
  }
}

function explain(error: pg.DatabaseError, file: string, sql: string): Error {
  const line = error.position ? sql.slice(0, Number(error.position)).split('\n').length : null;
  const facts = [error.detail, error.where, error.hint].filter(Boolean).join('\n');
  return new Error(`${file}${line ? `:${line}` : ''}: ${error.message}${facts ? `\n${facts}` : ''}`, {
    cause: error,
  });
}
