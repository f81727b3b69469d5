import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import pg from 'pg';
import { type Mail, startMail } from '../../local/mail/index.ts';
import { removePostgres } from '../../local/postgres.ts';
import { startSupabase, type Supabase, type SupabaseOptions } from '../../local/supabase/server.ts';

// The cost that @supabase/lite hashes passwords with: those of throw-away accounts need not be strong.
process.env.LITE_AUTH_BCRYPT_COST ??= '4';

export interface TestBackend extends Supabase {
  dir: string;
  siteUrl: string;
  mail: Mail;
  /** A supabase-js client that keeps its session to itself; with the publishable key unless told otherwise. */
  client(options?: { key?: string; token?: string; schema?: string }): Client;
  /** Runs SQL as role postgres (default) or as the superuser. */
  sql(text: string, values?: unknown[], as?: 'postgres' | 'admin'): Promise<Record<string, unknown>[]>;
  /** Stops it and leaves the folder, for another `startBackend({ dir })`. */
  halt(): Promise<void>;
  /** The latest letter to an address, waiting for it; `after` leaves out those read before. */
  letterTo(address: string, after?: Letter): Promise<Letter>;
  /** A token for REST and realtime without signing up anybody. */
  tokenFor(sub: string, claims?: Record<string, unknown>): string;
}

export interface Letter {
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}

/**
 * A throw-away backend in a temporary folder on free ports. `sql` runs as role postgres after roles, auth and realtime exist and
 * instead of the application's migrations, unless `migrations` asks for those. End it with `stop()`.
 */
export async function startBackend(
  options: {
    sql?: string;
    migrations?: boolean;
    dir?: string;
  } & Partial<Omit<SupabaseOptions, 'dir'>> = {},
): Promise<TestBackend> {
  const { sql, migrations, dir: given, ...rest } = options;
  const dir = given ?? (await mkdtemp(join(tmpdir(), 'atrium-backend-')));
  const migrationsDir = join(dir, 'migrations');
  await mkdir(migrationsDir, { recursive: true });
  if (sql) await writeFile(join(migrationsDir, '1_test.sql'), sql);
  const siteUrl = 'http://localhost:4321';
  const mail = await startMail({ dir: join(dir, 'mail') });
  const supabase = await startSupabase({
    dir,
    smtpUrl: mail.smtpUrl,
    siteUrl,
    durable: false,
    authThread: false,
    ...(migrations ? {} : { migrationsDir }),
    ...rest,
  }).catch(async (error: unknown) => {
    await mail.stop();
    throw error;
  });
  const pools = {
    postgres: new pg.Pool({ connectionString: supabase.databaseUrl, max: 4 }),
    admin: new pg.Pool({ connectionString: supabase.adminUrl, max: 2 }),
  };
  for (const pool of Object.values(pools)) pool.on('error', () => undefined);

  async function halt() {
    await Promise.all(Object.values(pools).map((pool) => pool.end()));
    await supabase.stop();
    await mail.stop();
  }

  return {
    ...supabase,
    dir,
    siteUrl,
    mail,
    client: (asked = {}) => makeClient(supabase.url, { key: supabase.publishableKey, ...asked }),
    async sql(text, values, as = 'postgres') {
      return (await pools[as].query(text, values)).rows;
    },
    letterTo: (address, after) => readLetter(mail.url, address, after),
    tokenFor: (sub, claims = {}) => supabase.sign({ role: 'authenticated', sub, ...claims }),
    halt,
    async stop() {
      await halt();
      await removePostgres(join(dir, 'postgres'));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

type Client = ReturnType<typeof makeClient>;

function makeClient(url: string, o: { key: string; token?: string; schema?: string }) {
  return createClient(url, o.key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    db: { schema: o.schema ?? 'public' },
    ...(o.token ? { accessToken: () => Promise.resolve(o.token!) } : {}),
  });
}

async function readLetter(inbox: string, address: string, after?: Letter): Promise<Letter> {
  const query = new URLSearchParams({ to: address, after: after?.id ?? '', wait: '60000' });
  const letters = (await (await fetch(`${inbox}/api/messages?${query}`)).json()) as Letter[];
  if (!letters[0]) throw new Error(`No letter came to ${address}.`);
  return letters[0];
}
