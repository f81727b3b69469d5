import { createRequire } from 'node:module';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { readTap, type TapTest } from './tap.ts';

export interface PgTapResult extends TapTest {
  file: string;
}

/**
 * Runs pgTAP files as role postgres, one connection each, one after the other: every file is SQL that begins a transaction, says its
 * plan, tests, finishes and rolls back, as `supabase test db` expects it. Nobody else should be in that database: such a transaction locks
 * much, in its own order. `adminUrl` is a superuser's, needed to install pgTAP.
 * A file that fails as a whole, or runs another number of tests than it planned, adds a failed test that says so.
 */
export async function runPgTap(o: {
  adminUrl: string;
  ownerUrl: string;
  files: string[];
}): Promise<PgTapResult[]> {
  await installPgTap(o.adminUrl);
  const results: PgTapResult[] = [];
  for (const path of o.files) {
    const file = basename(path);
    for (const test of await runFile(o.ownerUrl, await readFile(path, 'utf8')))
      results.push({ file, ...test });
  }
  return results;
}

async function runFile(ownerUrl: string, sql: string): Promise<TapTest[]> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'pgtap' });
  client.on('notice', () => undefined);
  await client.connect();
  const lines: string[] = [];
  try {
    // Row by row, so that what came before an error is not lost.
    const query = client.query(new pg.Query(sql));
    const problem = await new Promise<pg.DatabaseError | null>((done) => {
      query.on('row', (row: object) => lines.push(...String(Object.values(row)[0] ?? '').split('\n')));
      query.on('error', (error: Error) => done(error as pg.DatabaseError));
      query.on('end', () => done(null));
    });
    if (problem) lines.push(`Bail out! ${describe(problem, sql)}`);
    return readTap(lines);
  } finally {
    await client.end();
  }
}

function describe(error: pg.DatabaseError, sql: string): string {
  const line = error.position ? ` at line ${sql.slice(0, Number(error.position)).split('\n').length}` : '';
  return [`${error.message}${line}`, error.detail, error.where].filter(Boolean).join(' · ');
}

/** Makes `create extension pgtap` work on a running server, and does it. */
export async function installPgTap(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query("select from pg_extension where extname = 'pgtap'");
    if (found.rowCount) return;
    const { rows } = await client.query<{ setting: string }>(
      "select setting from pg_config where name = 'SHAREDIR'",
    );
    for (const [name, content] of await readPackage()) {
      // Whole or not at all: another server that shares these files may be reading them.
      const file = join(rows[0]!.setting, 'extension', name);
      await writeFile(`${file}.${process.pid}`, content);
      await rename(`${file}.${process.pid}`, file);
    }
    await client.query('create extension if not exists pgtap with schema extensions');
  } finally {
    await client.end();
  }
}

/** pgTAP's control file and SQL, which the npm package carries as a tar file for PGlite. */
async function readPackage(): Promise<Map<string, string>> {
  const home = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite-pgtap'));
  const tar = gunzipSync(await readFile(join(home, 'pgtap.tar.gz')));
  const files = new Map<string, string>();
  // Blocks of 512 bytes: a header with name and size (octal), then the content.
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const name = basename(tar.toString('utf8', at, at + 100).replace(/\0.*$/s, ''));
    const size = Number.parseInt(tar.toString('utf8', at + 124, at + 136), 8);
    if (/^pgtap(\.control|--\d+\.\d+\.\d+\.sql)$/.test(name)) {
      files.set(name, tar.toString('utf8', at + 512, at + 512 + size));
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
