import { afterEach, expect, test, vi } from 'vitest';
import { fakeAuth, problem, session, somebody } from './fake-auth.ts';
import {
  changeEmail,
  changePassword,
  resendConfirmation,
  sendMagicLink,
  sendRecovery,
  signUp,
} from '#members/accounts.ts';
import { Unavailable } from '#platform/refusals.ts';

vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));
vi.spyOn(process.stdout, 'write').mockReturnValue(true);
afterEach(() => vi.unstubAllGlobals());

const ana = { email: 'ana@x.example', password: 'quiet river 42', name: 'Ana' };
const me = { email: 'someone@x.example', name: 'Someone' };

test('a new account is a plain one, and its link begins with our own address', async () => {
  const asked = fakeAuth(() => ({ body: { id: 'u', identities: [{ id: 'i' }] } }));
  expect(await signUp(somebody().context.locals, { ...ana, role: 'owner' } as typeof ana)).toBeNull();
  expect(asked.map(({ path }) => path)).toEqual(['/auth/v1/signup']);
  expect(asked[0]?.body).toMatchObject({ email: ana.email, data: { full_name: 'Ana', locale: 'en' } });
  expect(JSON.stringify(asked[0]?.body)).not.toContain('owner');
});

test.each([
  ['a user without identities', { body: { id: 'u', identities: [] } }],
  ['a plain no', problem(422, 'user_already_exists')],
])('somebody with an account is sent a way in instead (auth says it with %s)', async (_how, answer) => {
  const asked = fakeAuth(({ path }) => (path === '/auth/v1/signup' ? answer : { body: {} }));
  expect(await signUp(somebody().context.locals, ana)).toBeNull();
  expect(asked.map(({ path }) => path)).toEqual(['/auth/v1/signup', '/auth/v1/otp']);
  expect(asked[1]?.body).toMatchObject({ email: ana.email, create_user: false });
});

test.each([
  ['weak_password', 422, 'password_refused'],
  ['signup_disabled', 403, 'sign_up_closed'],
  ['email_address_invalid', 422, 'email_invalid'],
])('what is wrong with the sign-up itself (%s) is said', async (code, status, name) => {
  fakeAuth(() => problem(status, code));
  expect(await signUp(somebody().context.locals, ana)).toMatchObject({ name, status });
});

test('what would tell one address from another is not said', async () => {
  fakeAuth(() => problem(429, 'over_email_send_rate_limit'));
  const { locals } = somebody().context;
  expect(await signUp(locals, ana)).toBeNull();
  for (const send of [sendMagicLink, sendRecovery, resendConfirmation])
    expect(await send(locals, ana.email)).toBeNull();
});

test('when auth is away, it is said to everybody alike', async () => {
  fakeAuth(() => problem(503, 'unavailable'));
  const { locals } = somebody().context;
  for (const act of [
    () => signUp(locals, ana),
    () => sendMagicLink(locals, ana.email),
    () => sendRecovery(locals, ana.email),
  ]) {
    await expect(act()).rejects.toThrow(Unavailable);
  }
});

/** Somebody with a session in their cookies. */
function signedIn() {
  const visited = somebody(true);
  const cookie = `session=base64-${Buffer.from(JSON.stringify(session)).toString('base64url')}`;
  visited.context.request.headers.set('cookie', cookie);
  return visited.context.locals;
}

test('a changed password ends the sessions elsewhere', async () => {
  const asked = fakeAuth(({ path }) => (path === '/auth/v1/user' ? { body: session.user } : null));
  expect(await changePassword(signedIn(), 'another quiet river', me)).toBeNull();
  expect(asked.map(({ path }) => path)).toEqual(['/auth/v1/user', '/auth/v1/logout']);
});

test.each([
  ['same_password', 422, 'same_password'],
  ['weak_password', 422, 'password_refused'],
  ['reauthentication_needed', 400, 'sign_in_again'],
])('a password that auth refuses (%s) is refused', async (code, status, name) => {
  fakeAuth(({ path }) => (path === '/auth/v1/user' ? problem(status, code) : null));
  expect(await changePassword(signedIn(), 'another quiet river', me)).toMatchObject({ name });
});

test('one’s own name is no password, and auth is not even asked', async () => {
  const asked = fakeAuth(() => null);
  expect(await changePassword(signedIn(), 'someone-12345', me)).toMatchObject({ name: 'password_refused' });
  expect(asked).toEqual([]);
});

test('an unknown failure is a bug, not a no', async () => {
  fakeAuth(({ path }) => (path === '/auth/v1/user' ? problem(418, 'teapot') : null));
  await expect(changePassword(signedIn(), 'another quiet river', me)).rejects.toThrow('could not be changed');
});

test('whether a new address is somebody’s already is not said, whether it is one is', async () => {
  fakeAuth(({ path }) => (path === '/auth/v1/user' ? problem(422, 'email_exists') : null));
  expect(await changeEmail(signedIn(), 'taken@x.example')).toBeNull();
  fakeAuth(({ path }) => (path === '/auth/v1/user' ? problem(422, 'email_address_invalid') : null));
  expect(await changeEmail(signedIn(), 'nonsense@x.example')).toMatchObject({ name: 'email_invalid' });
});
