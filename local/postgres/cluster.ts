import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { type Account } from './account.ts';
import { type Native } from './native.ts';

/** Passwords of the roles that sign in. */
export interface Secrets {
  supabase_admin: string;
  postgres: string;
  authenticator: string;
  supabase_auth_admin: string;
}

/** Read from `<dir>/secrets.json`, made at the first start. */
export async function keepSecrets(dir: string): Promise<Secrets> {
  const file = join(dir, 'secrets.json');
  const kept = await readFile(file, 'utf8').catch(() => null);
  if (kept) return JSON.parse(kept) as Secrets;
  const password = () => randomBytes(24).toString('base64url');
  const secrets: Secrets = {
    supabase_admin: password(),
    postgres: password(),
    authenticator: password(),
    supabase_auth_admin: password(),
  };
  await writeFile(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}

/** `initdb` into an empty folder: UTF-8, ordered by code point whatever the machine's language, passwords over TCP. */
export async function initialise(native: Native, folder: string, account: Account | null, password: string) {
  const passwordFile = `${folder}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  const args = ['-D', folder, '-U', 'supabase_admin', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  args.push('--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  try {
    await promisify(execFile)(program(native, 'initdb'), args, {
      cwd: native.folder,
      env: environment(),
      ...account,
    });
  } catch (error) {
    throw new Error(
      `The database could not be created: ${(error as { stderr?: string }).stderr || String(error)}`,
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Roles, schemas and extensions as a new project on hosted Supabase has them. Repeatable. */
export async function prepareRoles(adminUrl: string, secrets: Secrets): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(await readRoles());
    for (const role of ['postgres', 'authenticator', 'supabase_auth_admin'] as const) {
      await client.query(`alter role ${role} password ${pg.escapeLiteral(secrets[role])}`);
    }
  } finally {
    await client.end();
  }
}

/**
 * Copies database `postgres` as it stands into another, unless that is there already. Nobody may be connected to it: connections
 * that are just ending are waited for, five seconds.
 */
export async function copyDatabase(adminUrl: string, name: string): Promise<void> {
  const beside = new pg.Client({ connectionString: inDatabase(adminUrl, 'template1') });
  await beside.connect();
  try {
    const { rowCount } = await beside.query('select from pg_database where datname = $1', [name]);
    if (!rowCount)
      await beside.query(`create database ${pg.escapeIdentifier(name)} template postgres strategy file_copy`);
  } finally {
    await beside.end();
  }
  const inside = new pg.Client({ connectionString: inDatabase(adminUrl, name) });
  await inside.connect();
  try {
    await inside.query(await readRoles());
  } finally {
    await inside.end();
  }
}

/** The same server and account, another database. */
export const inDatabase = (url: string, name: string): string =>
  Object.assign(new URL(url), { pathname: `/${encodeURIComponent(name)}` }).href;

const readRoles = () => readFile(new URL('../supabase/roles.sql', import.meta.url), 'utf8');

export const program = (native: Native, name: string) =>
  join(native.folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);

/** Nothing of ours: PGDATA, PGPORT and the like would change what is started. */
export function environment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP } = process.env;
  return { PATH, SystemRoot, TEMP, LC_ALL: 'C', TZ: 'UTC' };
}
