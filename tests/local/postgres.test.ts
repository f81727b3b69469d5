import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Postgres, removePostgres, startPostgres } from '../../local/postgres.ts';

let folder: string;
const running: Postgres[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atrium postgres '));
  await chmod(folder, 0o755);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((postgres) => postgres.stop()));
  for (const name of ['data', 'other']) await removePostgres(join(folder, name));
  await rm(folder, { recursive: true });
});

async function start(name = 'data', options: { port?: number } = {}): Promise<Postgres> {
  const postgres = await startPostgres({ dir: join(folder, name), durable: false, ...options });
  running.push(postgres);
  return postgres;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('What is stored is there after a restart, in a folder with blanks in its name', async () => {
  const first = await start();
  await query(first.ownerUrl, 'create table kept as select 42 as answer');
  await first.stop();
  const second = await start();
  expect(await query(second.ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('Two databases run at once in two folders', async () => {
  const [one, two] = await Promise.all([start('data'), start('other')]);
  expect(one.port).not.toBe(two.port);
  await query(one.ownerUrl, 'create table only_here ()');
  await expect(query(two.ownerUrl, 'select from only_here')).rejects.toThrow('does not exist');
});

test('A taken port is replaced by a free one', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const postgres = await start('data', { port });
  expect(postgres.port).not.toBe(port);
  expect(await query(postgres.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  server.close();
});

test('Only this machine can connect, and only with the password', async () => {
  const postgres = await start();
  const [settings] = await query(
    postgres.adminUrl,
    `select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets,
            (select string_agg(distinct auth_method, ',') from pg_hba_file_rules where type = 'host') as methods`,
  );
  expect(settings).toEqual({ addresses: '127.0.0.1', sockets: '', methods: 'scram-sha-256' });
  const wrong = postgres.adminUrl.replace(/:[^:@]+@/, ':guess@');
  await expect(query(wrong, 'select 1')).rejects.toThrow('password authentication failed');
  expect((await stat(join(postgres.dir, 'secrets.json'))).mode & 0o777).toBe(0o600);
});

test('The roles are those of a hosted project, and the owner of the tables is no superuser', async () => {
  const postgres = await start();
  expect(
    await query(
      postgres.adminUrl,
      `select rolname as role, rolsuper as super, rolbypassrls as past_rls, rolcanlogin as login from pg_roles
       where rolname !~ '^pg_' order by rolname`,
    ),
  ).toEqual([
    { role: 'anon', super: false, past_rls: false, login: false },
    { role: 'authenticated', super: false, past_rls: false, login: false },
    { role: 'authenticator', super: false, past_rls: false, login: true },
    { role: 'postgres', super: false, past_rls: true, login: true },
    { role: 'service_role', super: false, past_rls: true, login: false },
    { role: 'supabase_admin', super: true, past_rls: true, login: true },
    { role: 'supabase_auth_admin', super: false, past_rls: false, login: true },
    { role: 'supabase_realtime_admin', super: false, past_rls: false, login: false },
  ]);
  const become = (role: string) =>
    query(`${postgres.authenticatorUrl}?options=-c%20role%3D${role}`, 'select 1 as one');
  for (const role of ['anon', 'authenticated', 'service_role'])
    expect(await become(role)).toEqual([{ one: 1 }]);
  await expect(become('postgres')).rejects.toThrow('permission denied');
  expect(
    await query(postgres.ownerUrl, `select extensions.digest('a', 'sha1') is not null as pgcrypto`),
  ).toEqual([{ pgcrypto: true }]);
});

/** Another Node that runs a database in our folder. */
async function startElsewhere(): Promise<{ node: ChildProcess; port: number; pid: number }> {
  const holder = join(import.meta.dirname, 'postgres-holder.ts');
  const node = spawn(process.execPath, [holder, join(folder, 'data')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(node.stdout!), 'line')) as [string];
  return { node, ...(JSON.parse(line) as { port: number; pid: number }) };
}

/** Ends when nobody listens on the port any more. */
async function untilClosed(port: number): Promise<void> {
  for (;;) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'nobody', connectionTimeoutMillis: 1000 });
    const error = await client.connect().then(
      () => null,
      (problem: NodeJS.ErrnoException) => problem,
    );
    if (error?.code === 'ECONNREFUSED') return;
  }
}

/** The shell that would stop this Postgres when its Node dies. */
async function findWatchdog(pid: number): Promise<number> {
  if (process.platform !== 'linux') {
    return Number(execFileSync('pgrep', ['-f', `watchdog ${pid}$`], { encoding: 'utf8' }));
  }
  for (const entry of await readdir('/proc')) {
    const command = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    if (command.endsWith(`\0watchdog\0${pid}\0`)) return Number(entry);
  }
  throw new Error(`Nothing watches over process ${pid}.`);
}

test('Postgres ends when the Node that started it is killed', async () => {
  const { node, port } = await startElsewhere();
  node.kill('SIGKILL');
  await untilClosed(port);
});

test('What a killed Node left running is found and stopped, and its data is kept', async () => {
  const { node, port, pid } = await startElsewhere();
  const { supabase_admin } = JSON.parse(await readFile(join(folder, 'data/secrets.json'), 'utf8')) as {
    supabase_admin: string;
  };
  await query(
    `postgresql://supabase_admin:${supabase_admin}@127.0.0.1:${port}/postgres`,
    'create table kept as select 42 as answer',
  );
  // Without its watchdog, as after an out-of-memory kill of both.
  process.kill(await findWatchdog(pid), 'SIGKILL');
  node.kill('SIGKILL');
  await once(node, 'exit');
  const postgres = await start();
  expect(await query(postgres.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('A database that a living process runs is left alone', async () => {
  const { node, port } = await startElsewhere();
  await expect(start()).rejects.toThrow(/already running \(started by process \d+\)/);
  node.kill('SIGKILL');
  await untilClosed(port);
});

test('A lock file whose number now belongs to another program does not stop a start', async () => {
  const first = await start();
  await first.stop();
  const data = join(folder, 'data/data');
  await writeFile(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n`);
  const second = await start();
  expect(await query(second.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('It works below a folder that only its owner may enter, and removing it removes all of it', async () => {
  await chmod(folder, 0o700);
  const first = await start();
  await query(first.ownerUrl, 'create table kept as select 42 as answer');
  await first.stop();
  const second = await start();
  expect(await query(second.ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  await second.stop();
  await rm(join(folder, 'data'), { recursive: true });
  await start('other');
  const third = await start();
  await expect(query(third.ownerUrl, 'select answer from kept')).rejects.toThrow('does not exist');
});
