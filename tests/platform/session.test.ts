import { afterEach, expect, test, vi } from 'vitest';
import { fakeAuth, problem } from '../auth/fake-auth.ts';
import { visit } from './visit.ts';
import { Unavailable } from '#platform/refusals.ts';
import { giveDb, giveUser, giveViewer } from '#platform/visit/session.ts';
import { storedSession } from '#platform/visit/stored-session.ts';

vi.spyOn(process.stdout, 'write').mockReturnValue(true);
for (const way of ['error', 'warn'] as const) vi.spyOn(console, way).mockReturnValue(undefined);
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const now = () => Math.floor(Date.now() / 1000);
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
  'sign',
  'verify',
]);
const jwk = {
  ...(await crypto.subtle.exportKey('jwk', pair.publicKey)),
  kid: 'k1',
  alg: 'ES256',
  use: 'sig',
};

async function tokenFor(sub: string, exp = now() + 3600): Promise<string> {
  const unsigned = `${encoded({ alg: 'ES256', kid: 'k1', typ: 'JWT' })}.${encoded({ sub, email: `${sub}@x.example`, exp })}`;
  const bytes = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    pair.privateKey,
    Buffer.from(unsigned),
  );
  return `${unsigned}.${Buffer.from(bytes).toString('base64url')}`;
}

const cookieOf = (session: unknown) => `session=base64-${encoded(session)}`;

/** Somebody with these cookies, as the middleware meets them. */
function arriving(cookie: string) {
  const visited = visit({ method: 'GET', headers: { cookie } });
  const { context } = visited;
  delete (context.locals as Partial<App.Locals>).db;
  const headers = new Headers();
  giveDb(context, headers);
  giveViewer(context);
  return { ...visited, locals: context.locals, headers };
}

test('who has no session costs nothing', async () => {
  const asked = fakeAuth(() => null);
  const { context, locals } = arriving('theme=dark');
  await giveUser(context);
  expect(locals.user).toBeNull();
  expect(await locals.viewer()).toMatchObject({ member_id: null, roles: [], cart_count: 0 });
  expect(asked).toEqual([]);
});

test('a token is checked with the public key, which is asked for once, and each token once', async () => {
  const asked = fakeAuth(() => ({ body: { keys: [jwk] } }));
  const cookie = cookieOf({
    access_token: await tokenFor('ana'),
    expires_at: now() + 3600,
    refresh_token: 'r',
  });
  for (let i = 0; i < 3; i++) {
    const { context, locals } = arriving(cookie);
    await giveUser(context);
    expect(locals.user).toEqual({ id: 'ana', email: 'ana@x.example' });
  }
  expect(asked.map(({ path }) => path)).toEqual(['/auth/v1/.well-known/jwks.json']);
});

test('queries go out as the person who asks, and who they are is asked once a request', async () => {
  const sent: (string | null)[] = [];
  const access_token = await tokenFor('bea');
  fakeAuth(() => ({ body: { keys: [jwk] } }));
  const { context, locals } = arriving(
    cookieOf({ access_token, expires_at: now() + 3600, refresh_token: 'r' }),
  );
  await giveUser(context);
  vi.stubGlobal('fetch', async (_input: unknown, init: RequestInit) => {
    sent.push(new Headers(init.headers).get('authorization'));
    return Response.json([{ member_id: 'm', roles: ['owner'], cart_count: 2 }]);
  });
  expect(await locals.viewer()).toMatchObject({ member_id: 'm', roles: ['owner'] });
  await locals.viewer();
  expect(sent).toEqual([`Bearer ${access_token}`]);
  locals.forgetViewer();
  await locals.viewer();
  expect(sent).toHaveLength(2);
});

test('a token that was changed is nobody’s, and nothing is asked with it', async () => {
  fakeAuth(() => ({ body: { keys: [jwk] } }));
  const [head, , signature] = (await tokenFor('mallory')).split('.');
  const forged = [head, encoded({ sub: 'owner', exp: now() + 3600 }), signature].join('.');
  const { context, locals } = arriving(cookieOf({ access_token: forged, expires_at: now() + 3600 }));
  await giveUser(context);
  expect(locals.user).toBeNull();
  const sent: (string | null)[] = [];
  vi.stubGlobal('fetch', async (_input: unknown, init: RequestInit) => {
    sent.push(new Headers(init.headers).get('authorization'));
    return Response.json([]);
  });
  await locals.db.rpc('viewer', { business_id: 'b' });
  expect(sent).toEqual(['Bearer sb_publishable_test']);
});

test('a session that is about to end is renewed, and the answer says that nobody may keep it', async () => {
  const renewed = await tokenFor('cleo');
  fakeAuth(({ path }) =>
    path.endsWith('jwks.json')
      ? { body: { keys: [jwk] } }
      : {
          body: {
            access_token: renewed,
            refresh_token: 'new',
            expires_in: 3600,
            token_type: 'bearer',
            user: { id: 'cleo' },
          },
        },
  );
  const old = {
    access_token: await tokenFor('cleo', now() + 10),
    refresh_token: 'old',
    expires_at: now() + 10,
    user: {},
  };
  const { context, locals, cookies, headers } = arriving(cookieOf(old));
  await giveUser(context);
  expect(locals.user?.id).toBe('cleo');
  expect([...cookies.keys()].some((name) => name.startsWith('session'))).toBe(true);
  expect(headers.get('cache-control')).toContain('no-store');
});

test('a session that cannot be renewed is over; one that cannot be asked about is not', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const old = {
    access_token: await tokenFor('dora', now() - 10),
    refresh_token: 'ended',
    expires_at: now() - 10,
    user: {},
  };
  fakeAuth(() => problem(400, 'refresh_token_not_found'));
  const over = arriving(cookieOf(old));
  await giveUser(over.context);
  expect(over.locals.user).toBeNull();
  fakeAuth(() => problem(503, 'unavailable'));
  const waiting = giveUser(arriving(cookieOf({ ...old, refresh_token: 'other' })).context);
  const told = expect(waiting).rejects.toThrow(Unavailable);
  await vi.advanceTimersByTimeAsync(3000);
  await told;
});

test.each([
  ['nothing', null],
  ['another cookie', 'sessions=base64-e30'],
  ['something else in it', 'session=hello'],
  ['broken JSON', `session=base64-${Buffer.from('{').toString('base64url')}`],
  ['an empty object', `session=base64-${encoded({})}`],
  ['null', `session=base64-${encoded(null)}`],
])('a session cookie with %s is no session', (_what, cookie) => expect(storedSession(cookie)).toBeNull());

test('a long session comes in pieces', () => {
  const whole = `base64-${encoded({ access_token: 'x'.repeat(5000), expires_at: 7 })}`;
  const cookie = `session.1=${whole.slice(3000)}; theme=dark; session.0=${whole.slice(0, 3000)}`;
  expect(storedSession(cookie)).toEqual({ access_token: 'x'.repeat(5000), expires_at: 7 });
});
