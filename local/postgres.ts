import { spawn } from 'node:child_process';
import { chmod, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { postgresAccount, type Account } from './postgres/account.ts';
import {
  environment,
  initialise,
  keepSecrets,
  prepareRoles,
  program,
  type Secrets,
} from './postgres/cluster.ts';
import { findNative, type Native } from './postgres/native.ts';
import { ownerFile, stopOrphan } from './postgres/orphan.ts';
import { fillData, placeData, reachable, removeData } from './postgres/place.ts';
import { serverSettings } from './postgres/settings.ts';
import { watchOver } from './postgres/watchdog.ts';

export interface Postgres {
  port: number;
  dir: string;
  /** Superuser supabase_admin, database postgres. */
  adminUrl: string;
  /** Role postgres: owns what migrations make, not a superuser. */
  ownerUrl: string;
  /** Role authenticator: may become anon, authenticated or service_role, and is nothing itself. */
  authenticatorUrl: string;
  /** Role supabase_auth_admin: owns schema auth. */
  authUrl: string;
  /** Folder of the running PostgreSQL (bin, lib, share). */
  native: string;
  /** Ends connections, writes everything out and waits for the process to be gone. */
  stop(): Promise<void>;
  /** Resolves with the exit code when Postgres ends, asked to or not. */
  exited: Promise<number | null>;
}

export interface PostgresOptions {
  dir: string;
  /** Preferred; when it is taken, a free one is used. */
  port?: number;
  /** False for throw-away databases: faster, and a power cut may lose them. */
  durable?: boolean;
  settings?: Record<string, string>;
  log?: (line: string) => void;
}

/**
 * Starts PostgreSQL 17 as a child process on 127.0.0.1 and keeps its data in `dir`; the first start creates it. What a killed
 * Node left running on the same folder is stopped first. Throws when a living process uses the folder.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  await mkdir(options.dir, { recursive: true });
  const dir = await realpath(resolve(options.dir));
  const account = postgresAccount();
  if (account) await chmod(dir, 0o711);
  const secrets = await keepSecrets(dir);
  const native = await findNative(account, await reachable(dir, account));
  const place = await placeData(dir, account);
  await stopOrphan(place.data);
  const data = place.exists
    ? place.data
    : await fillData(dir, place.data, account, (folder) =>
        initialise(native, folder, account, secrets.supabase_admin),
      );
  const running = await run(native, data, account, options);
  try {
    await prepareRoles(urlFor('supabase_admin', secrets, running.port), secrets);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return {
    ...running,
    dir,
    native: native.folder,
    adminUrl: urlFor('supabase_admin', secrets, running.port),
    ownerUrl: urlFor('postgres', secrets, running.port),
    authenticatorUrl: urlFor('authenticator', secrets, running.port),
    authUrl: urlFor('supabase_auth_admin', secrets, running.port),
  };
}

/** Removes a stopped database with all its data, including what had to be put outside of `dir`. */
export const removePostgres = (dir: string): Promise<void> => removeData(dir);

const urlFor = (role: keyof Secrets, secrets: Secrets, port: number) =>
  `postgresql://${role}:${secrets[role]}@127.0.0.1:${port}/postgres`;

type Running = Pick<Postgres, 'port' | 'stop' | 'exited'>;

async function run(
  native: Native,
  data: string,
  account: Account | null,
  options: PostgresOptions,
): Promise<Running> {
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort(attempt === 1 ? options.port : undefined);
    const settings = serverSettings(port, options.durable ?? true, options.settings ?? {});
    const child = spawn(program(native, 'postgres'), ['-D', data, ...settings], {
      ...account,
      cwd: native.folder,
      env: environment(),
      // Its own session: Ctrl-C in the terminal reaches us alone, and we stop it when its users have finished.
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
    });
    const exited = new Promise<number | null>((done) => {
      child.once('exit', (code) => done(code));
      child.once('error', () => done(null));
    });
    const said: string[] = [];
    const ready = await new Promise<boolean>((done) => {
      void exited.then(() => done(false));
      createInterface(child.stderr).on('line', (line) => {
        options.log?.(line);
        if (said.length < 40) said.push(line);
        if (line.includes('ready to accept connections')) done(true);
      });
    });
    if (ready && child.pid) {
      await writeFile(ownerFile(data), String(process.pid));
      const watchdog = watchOver(child.pid);
      void exited.then(() => watchdog.end());
      const stop = async () => {
        // Fast shutdown: ends sessions, checkpoints, exits.
        child.kill('SIGINT');
        await exited;
        await rm(ownerFile(data), { force: true });
      };
      return { port, stop, exited };
    }
    // Another program took the port between our choosing it and Postgres asking for it.
    if (attempt < 5 && said.some((line) => line.includes('could not bind'))) continue;
    throw new Error(`PostgreSQL did not start:\n${said.join('\n')}`);
  }
}

async function choosePort(preferred = 0): Promise<number> {
  const port = await new Promise<number | null>((done) => {
    const probe = createServer();
    probe.once('error', () => done(null));
    probe.listen({ host: '127.0.0.1', port: preferred, exclusive: true }, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
  return port ?? choosePort();
}
