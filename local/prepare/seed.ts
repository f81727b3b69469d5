import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { root } from '../parts/root.ts';

const path = 'supabase/seed.sql';

/** `old`: this database was seeded from another version of the file, and keeps what it has. */
export type Seeding = 'done' | 'there' | 'old';

/**
 * Runs `supabase/seed.sql` once in the life of a database, whole or not at all, and notes it where the supabase CLI
 * does. `databaseUrl` is the role that owns the schema.
 */
export async function seed(databaseUrl: string): Promise<Seeding> {
  const sql = await readFile(join(root, path), 'utf8');
  const hash = createHash('sha256').update(sql).digest('hex');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`create schema if not exists supabase_migrations;
      create table if not exists supabase_migrations.seed_files (path text primary key, hash text not null);`);
    await client.query('begin');
    await client.query('lock table supabase_migrations.seed_files in exclusive mode');
    const { rows } = await client.query<{ hash: string }>(
      'select hash from supabase_migrations.seed_files where path = $1',
      [path],
    );
    if (rows[0]) return rows[0].hash === hash ? 'there' : 'old';
    await client.query(sql);
    await client.query('insert into supabase_migrations.seed_files (path, hash) values ($1, $2)', [
      path,
      hash,
    ]);
    await client.query('commit');
    return 'done';
  } catch (error) {
    throw described(error, sql);
  } finally {
    await client.end();
  }
}

/** The error with the seed's own line, which Postgres gives as a position in the text. */
function described(error: unknown, sql: string): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  const line = error.position ? ` (line ${sql.slice(0, Number(error.position)).split('\n').length})` : '';
  const detail = [error.detail, error.where].filter(Boolean).join('; ');
  return new Error(`${path}${line}: ${error.message}${detail && ` – ${detail}`}`, { cause: error });
}
