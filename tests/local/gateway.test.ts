import { request } from 'node:http';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openKeys } from '../../local/supabase/keys.ts';
import { startBackend, type TestBackend } from './backend.ts';

const sql = `
  create function public.whoami() returns jsonb language sql stable as $$
    select jsonb_build_object('uid', auth.uid(), 'role', auth.role(), 'db', current_user, 'plan', auth.jwt() ->> 'plan')
  $$;
  create table public.notes (owner uuid not null default auth.uid() references auth.users (id) on delete cascade, text text);
  alter table public.notes enable row level security;
  create policy "Members see their own notes" on public.notes to authenticated using (owner = (select auth.uid()));
  grant select, insert on public.notes to authenticated;
`;
let backend: TestBackend;

beforeAll(async () => {
  // As in production of one machine: auth on its own thread.
  backend = await startBackend({ sql, authThread: true, schemas: ['public'] });
});
afterAll(() => backend.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${backend.url}${path}`, { headers });
const bearer = (token: string) => ({ apikey: backend.publishableKey, authorization: `Bearer ${token}` });

test('A key that is missing or wrong opens nothing', async () => {
  for (const path of ['/rest/v1/rpc/whoami', '/auth/v1/settings']) {
    const missing = await get(path);
    expect(missing.status).toBe(401);
    expect(await missing.json()).toMatchObject({ message: 'No API key found in request' });
    const wrong = await get(path, { apikey: 'sb_publishable_guess' });
    expect(wrong.status).toBe(401);
    expect(await wrong.json()).toMatchObject({ message: 'Invalid API key' });
  }
  const { error } = await backend.client({ key: `${backend.secretKey}x` }).rpc('whoami');
  expect(error?.message).toBe('Invalid API key');
});

test('The publishable key is nobody, the secret key is the service, a token is its member', async () => {
  const ana = '11111111-1111-4111-8111-111111111111';
  const ask = async (options: Parameters<typeof backend.client>[0]) =>
    (await backend.client(options).rpc('whoami')).data as unknown;
  expect(await ask({})).toEqual({ uid: null, role: 'anon', db: 'anon', plan: null });
  expect(await ask({ key: backend.secretKey })).toMatchObject({ role: 'service_role', db: 'service_role' });
  const token = backend.tokenFor(ana, { plan: 'gold' });
  expect(await ask({ token })).toEqual({
    uid: ana,
    role: 'authenticated',
    db: 'authenticated',
    plan: 'gold',
  });
});

test('A token that is forged, expired, or signed by others is refused', async () => {
  const refused = async (token: string) => {
    const response = await get('/rest/v1/rpc/whoami', bearer(token));
    return `${response.status} ${((await response.json()) as { code: string }).code}`;
  };
  const good = backend.tokenFor('11111111-1111-4111-8111-111111111111');
  const [header, payload, signature] = good.split('.') as [string, string, string];
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  expect(await refused(`${header}.${encode({ ...claims, role: 'service_role' })}.${signature}`)).toBe(
    '401 PGRST301',
  );
  expect(await refused(`${encode({ alg: 'none' })}.${payload}.`)).toBe('401 PGRST301');
  expect(await refused(`${encode({ alg: 'HS256' })}.${payload}.${signature}`)).toBe('401 PGRST301');
  expect(await refused('not.a.token')).toBe('401 PGRST301');
  expect(await refused('sb_secret_guess')).toBe('401 PGRST301');
  const past = Math.floor(Date.now() / 1000) - 1;
  expect(await refused(backend.tokenFor('11111111-1111-4111-8111-111111111111', { exp: past }))).toBe(
    '401 PGRST303',
  );
  const elsewhere = await openKeys(join(backend.dir, 'mail'));
  expect(await refused(elsewhere.sign({ role: 'service_role', exp: past + 60 }))).toBe('401 PGRST301');
});

test('A member who signed up sees their own rows and nobody else’s', async () => {
  const signUp = async (email: string) => {
    const client = backend.client();
    await client.auth.signUp({ email, password: 'a quiet morning 7' });
    const [, token_hash] = /token_hash=([^&"\s]+)/.exec((await backend.letterTo(email)).text)!;
    await client.auth.verifyOtp({ token_hash: token_hash!, type: 'email' });
    return client;
  };
  const [ana, bob] = [await signUp('ana@example.com'), await signUp('bob@example.com')];
  expect((await ana.from('notes').insert({ text: 'for Ana' })).error).toBeNull();
  expect((await ana.from('notes').select('text')).data).toEqual([{ text: 'for Ana' }]);
  expect((await bob.from('notes').select('text')).data).toEqual([]);
  expect((await backend.client().from('notes').select('text')).error?.code).toBe('42501');
  await backend.sql(`delete from auth.users where email = 'ana@example.com'`);
  expect(await backend.sql('select text from public.notes')).toEqual([]);
});

test('A changed schema is served as soon as the change is committed', async () => {
  const client = backend.client({ key: backend.secretKey });
  expect((await client.from('later').select()).error?.code).toBe('PGRST205');
  await backend.sql('create table public.later (n int); grant select on public.later to service_role');
  await expect.poll(async () => (await client.from('later').select()).data).toEqual([]);
  await backend.sql(
    'alter table public.later add column m int default 1; insert into public.later values (1)',
  );
  await expect.poll(async () => (await client.from('later').select('m')).data).toEqual([{ m: 1 }]);
  await backend.sql('drop table public.later');
  await expect.poll(async () => (await client.from('later').select()).error?.code).toBe('PGRST205');
});

test('Any page may ask, because it is the key that counts', async () => {
  const preflight = await fetch(`${backend.url}/rest/v1/notes`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://studio.example',
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'apikey, x-own',
    },
  });
  expect(preflight.status).toBe(204);
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'apikey, x-own',
    'access-control-allow-methods': expect.stringContaining('PATCH') as string,
  });
  const refused = await get('/rest/v1/notes', { origin: 'https://studio.example' });
  expect(refused.headers.get('access-control-allow-origin')).toBe('*');
});

test('Bodies have a limit, and what has none announced is cut off', async () => {
  const headers = { apikey: backend.publishableKey, 'content-type': 'application/json' };
  const body = JSON.stringify({ email: 'a'.repeat(200_000) });
  const response = await fetch(`${backend.url}/auth/v1/signup`, { method: 'POST', headers, body });
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ message: 'The request body is larger than 100000 bytes' });

  const endless = request(`${backend.url}/auth/v1/signup`, { method: 'POST', headers });
  endless.on('error', () => undefined);
  const answered = once(endless, 'response');
  const chunk = 'a'.repeat(50_000);
  for (let i = 0; i < 3; i++) endless.write(chunk);
  const [answer] = (await answered) as [{ statusCode: number }];
  expect(answer.statusCode).toBe(413);
  endless.destroy();
  expect((await get('/health')).status).toBe(200);
});

test('What is not there says so', async () => {
  const response = await get('/storage/v1/bucket', { apikey: backend.publishableKey });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({
    message: 'There is nothing at GET /storage/v1/bucket',
    details: 'This address serves /rest/v1, /auth/v1 and /realtime/v1.',
  });
  expect(await (await get('/health')).json()).toEqual({ status: 'ok' });
});

test('While passwords are checked, everything else goes on', async () => {
  const session = { email: 'busy@example.com', password: 'a quiet morning 7' };
  await backend.client().auth.signUp(session);
  await backend.sql(
    `update auth.users set email_confirmed_at = now(), encrypted_password = extensions.crypt($2, extensions.gen_salt('bf', 10))
     where email = $1`,
    [session.email, session.password],
  );
  const signIn = () => backend.client().auth.signInWithPassword(session);
  let left = 6;
  const signIns = Promise.all(Array.from({ length: left }, () => signIn().then(() => left--)));
  let answered = 0;
  while (left > 0) {
    await get('/health');
    answered++;
  }
  await signIns;
  // On one thread each of them would wait for a whole password.
  expect(answered).toBeGreaterThan(20);
});

test('A restart keeps keys, accounts and sessions, and takes another port when its own is taken', async () => {
  const { dir } = backend;
  const session = { email: 'keeper@example.com', password: 'a quiet morning 7' };
  await backend.client().auth.signUp(session);
  const [, token_hash] = /token_hash=([^&\s]+)/.exec((await backend.letterTo(session.email)).text)!;
  const { data } = await backend.client().auth.verifyOtp({ token_hash: token_hash!, type: 'email' });
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;

  const second = await restart(dir, port);
  expect(second.publishableKey).toBe(backend.publishableKey);
  expect(new URL(second.url).port).not.toBe(String(port));
  backend = second;
  const { access_token, refresh_token } = data.session!;
  const again = backend.client();
  expect((await again.auth.setSession({ access_token, refresh_token })).error).toBeNull();
  expect((await again.rpc('whoami')).data).toMatchObject({ uid: data.user!.id });
  taken.close();
});

async function restart(dir: string, port: number): Promise<TestBackend> {
  await backend.halt();
  return await startBackend({ sql, authThread: true, schemas: ['public'], dir, port });
}

test('When Postgres ends by itself the backend says why', async () => {
  const [postmaster] = await backend.sql(
    `select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int as pid`,
    [],
    'admin',
  );
  process.kill(postmaster!.pid as number, 'SIGQUIT');
  expect(await backend.exited).toMatch(/^PostgreSQL ended/);
  expect((await get('/health')).status).toBe(503);
});
