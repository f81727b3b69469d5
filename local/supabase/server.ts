import { createServer } from 'node:http';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startPostgres } from '../postgres.ts';
import { copyDatabase } from '../postgres/cluster.ts';
import { createAuth } from './auth/index.ts';
import { prepareAuthSchema } from './auth/lite.ts';
import { startAuthThread } from './auth/thread.ts';
import { type ProjectConfig, readProjectConfig } from './config.ts';
import { requireClaims } from './gateway/claims.ts';
import { type Backend, createGateway } from './gateway/index.ts';
import { close, listen } from './gateway/listen.ts';
import { openKeys } from './keys.ts';
import { migrate, type Migrated } from './migrations.ts';
import { createRealtime } from './realtime/index.ts';
import { createRest } from './rest/index.ts';

export interface Supabase {
  url: string;
  publishableKey: string;
  secretKey: string;
  /** Role postgres. */
  databaseUrl: string;
  /** Superuser supabase_admin. */
  adminUrl: string;
  /** Role authenticator: what the REST part uses. */
  authenticatorUrl: string;
  /** Signs a token that REST and realtime take for a member's, without an account: for tests and benchmarks. */
  sign(claims: { role: string; sub?: string; [claim: string]: unknown }): string;
  migrated: Migrated;
  reloadSchema(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves with the reason when a part ends, asked to (null) or not. */
  exited: Promise<string | null>;
}

export interface SupabaseOptions {
  dir: string;
  /** Preferred; when it is taken, a free one is used. */
  port?: number;
  postgresPort?: number;
  smtpUrl: string;
  siteUrl: string;
  /** Default: this checkout's supabase/config.toml, migrations beside it. */
  configFile?: string;
  migrationsDir?: string;
  schemas?: string[];
  /** Runs the seed files of config.toml, once in a database's life. */
  seed?: boolean;
  /** Name of a second database on the same server, as migrations and seed make the first at its first start: nothing here uses it. */
  copy?: string;
  /** False for throw-away databases. */
  durable?: boolean;
  /** False keeps auth on this thread: quicker to start, and covered by coverage. */
  authThread?: boolean;
  log?: (line: string) => void;
}

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '../../supabase');

/**
 * A Supabase project on this machine: PostgreSQL, and REST, auth and realtime on one origin. First the database with its roles and
 * schemas, then migrations, then the doors: who gets an answer gets it from a complete backend.
 */
export async function startSupabase(o: SupabaseOptions): Promise<Supabase> {
  const log = o.log ?? (() => undefined);
  await mkdir(o.dir, { recursive: true });
  const configFile = o.configFile ?? join(PROJECT, 'config.toml');
  const [config, keys] = await Promise.all([readProjectConfig(configFile), openKeys(o.dir)]);
  const undo: (() => Promise<unknown>)[] = [];
  let stopping = false;
  async function stop() {
    stopping = true;
    for (const step of undo.splice(0).reverse()) {
      await step().catch((error: unknown) => log(`supabase: stopping: ${String(error)}`));
    }
  }

  try {
    let backend: Backend | null = null;
    const gateway = createGateway({ backend: () => backend, keys, log });
    const server = createServer(gateway.handle).on('upgrade', gateway.upgrade);
    // Longer than any client keeps an idle connection, so that it is never us who close it under a request.
    server.keepAliveTimeout = 120_000;
    const url = `http://127.0.0.1:${await listen(server, o.port ?? 0)}`;
    undo.push(() => close(server));

    const postgres = await startPostgres({
      dir: join(o.dir, 'postgres'),
      durable: o.durable ?? true,
      log: (line) => log(`postgres: ${line}`),
      ...(o.postgresPort === undefined ? {} : { port: o.postgresPort }),
    });
    undo.push(() => postgres.stop());
    const authOptions = {
      dir: o.dir,
      databaseUrl: postgres.authUrl,
      smtpUrl: o.smtpUrl,
      siteUrl: o.siteUrl,
      issuer: `${url}/auth/v1`,
      config: config.auth,
    };
    // The thread reads its modules while the database is prepared.
    const authStarting =
      o.authThread === false ? createAuth({ ...authOptions, keys, log }) : startAuthThread(authOptions, log);
    undo.push(async () => (await authStarting).close());
    await Promise.all([prepareAuthSchema(postgres.authUrl), prepareDatabase(postgres.adminUrl, config)]);
    const migrated = await migrate({
      ownerUrl: postgres.ownerUrl,
      dir: o.migrationsDir ?? join(dirname(configFile), 'migrations'),
      seedFiles: o.seed ? config.seedFiles : [],
    });
    // Now or never: soon there are connections that stay.
    if (o.copy) await copyDatabase(postgres.adminUrl, o.copy);

    const auth = await authStarting;
    const realtime = await createRealtime({ adminUrl: postgres.adminUrl, keys, log });
    undo.push(() => realtime.close());
    const pool = new pg.Pool({
      connectionString: postgres.authenticatorUrl,
      // Each connection has to learn every function's plans for itself: few warm ones beat many cold ones on two cores.
      max: 16,
      application_name: 'rest',
    });
    pool.on('error', (error) => {
      if (!stopping) log(`rest: an idle database connection failed: ${error.message}`);
    });
    undo.push(() => pool.end());
    const schemas = o.schemas ?? config.schemas;
    const authenticate = requireClaims(keys);
    const rest = createRest({ pool, schemas, authenticate, log });
    undo.push(() => rest.close());
    backend = { rest, auth, realtime, alive: () => pool.query('select 1') };

    const died = Promise.race([
      postgres.exited.then((code) => `PostgreSQL ended (code ${code}).`),
      'failed' in auth
        ? auth.failed.catch((error: Error) => error.message)
        : new Promise<never>(() => undefined),
    ]);
    return {
      url,
      publishableKey: keys.publishableKey,
      secretKey: keys.secretKey,
      databaseUrl: postgres.ownerUrl,
      adminUrl: postgres.adminUrl,
      authenticatorUrl: postgres.authenticatorUrl,
      sign: (claims) =>
        keys.sign({ aud: 'authenticated', exp: Math.floor(Date.now() / 1000) + 3600, ...claims }),
      migrated,
      reloadSchema: () => rest.reload(),
      stop,
      exited: died.then((reason) => (stopping ? null : reason)),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepareDatabase(adminUrl: string, config: ProjectConfig): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  client.on('notice', () => undefined);
  await client.connect();
  try {
    await client.query(await readFile(new URL('./realtime/schema.sql', import.meta.url), 'utf8'));
    // Where the hosted service keeps PostgREST's settings too.
    await client.query(`alter role authenticator set pgrst.db_max_rows = '${config.maxRows}'`);
  } finally {
    await client.end();
  }
}
