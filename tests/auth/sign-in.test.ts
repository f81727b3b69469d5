import { afterEach, expect, test, vi } from 'vitest';
import { type Asked, fakeAuth, problem, session, somebody } from './fake-auth.ts';
import { followLink } from '#members/links.ts';
import { checkOwnPassword, signIn } from '#members/sign-in.ts';
import { Unavailable } from '#platform/refusals.ts';

vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));
vi.spyOn(process.stderr, 'write').mockReturnValue(true);
afterEach(() => vi.unstubAllGlobals());

const input = { email: 'someone@x.example', password: 'quiet river 42' };

/** `wait` and `locked` are what the database says about this account's failures, before and after the try. */
function world(options: {
  wait?: number;
  locked?: number;
  auth?: ReturnType<typeof problem> | 'away';
  cart?: ReturnType<typeof problem>;
}): Asked[] {
  return fakeAuth(({ path, body }) => {
    if (path === '/rest/v1/rpc/sign_in_wait') return { body: options.wait ?? 0 };
    if (path === '/rest/v1/rpc/note_sign_in') return { body: body.succeeded ? 0 : (options.locked ?? 0) };
    if (path.startsWith('/auth/v1/')) return options.auth ?? { body: session };
    if (path === '/rest/v1/rpc/claim_cart') return options.cart ?? { body: 1 };
    return { body: 'member-id' };
  });
}

const paths = (asked: Asked[]) => asked.map(({ path }) => path.split('/').at(-1));

test('a good sign-in is noted, and the person is a member from then on', async () => {
  const asked = world({});
  const { context } = somebody();
  expect(await signIn(context, input)).toMatchObject({ email: input.email });
  expect(paths(asked)).toEqual(['sign_in_wait', 'token', 'note_sign_in', 'become_member']);
  expect(context.locals.user).toMatchObject({ email: input.email });
});

test('the cart that was filled before comes along, and its cookie goes', async () => {
  const asked = world({});
  const { context, cookies } = somebody();
  cookies.set('cart', 'c'.repeat(43));
  await signIn(context, input);
  expect(paths(asked)).toContain('claim_cart');
  expect(cookies.has('cart')).toBe(false);
});

test('a cart that cannot be taken along does not keep anybody out', async () => {
  world({ cart: { status: 409, body: { code: 'PT409', message: 'cart_full', details: null, hint: null } } });
  const { context, cookies } = somebody();
  cookies.set('cart', 'c'.repeat(43));
  expect(await signIn(context, input)).toMatchObject({ email: input.email });
  expect(cookies.has('cart')).toBe(true);
});

test('while an account rests, nothing is tried', async () => {
  const asked = world({ wait: 240 });
  expect(await signIn(somebody().context, input)).toMatchObject({
    name: 'too_many_attempts',
    details: { seconds: 240 },
  });
  expect(paths(asked)).toEqual(['sign_in_wait']);
});

test('the guess that locks an account is told how long, one before it is only wrong', async () => {
  world({ auth: problem(400, 'invalid_credentials') });
  expect(await signIn(somebody().context, input)).toMatchObject({ name: 'wrong_credentials', status: 401 });
  world({ auth: problem(400, 'invalid_credentials'), locked: 60 });
  expect(await signIn(somebody().context, input)).toMatchObject({ name: 'too_many_attempts', status: 429 });
});

test('an address that is not confirmed is no failed guess', async () => {
  const asked = world({ auth: problem(400, 'email_not_confirmed') });
  expect(await signIn(somebody().context, input)).toMatchObject({ name: 'confirm_email_first', status: 403 });
  expect(paths(asked)).not.toContain('note_sign_in');
});

test('auth being away is not a wrong password', async () => {
  const asked = world({ auth: problem(503, 'unavailable') });
  await expect(signIn(somebody().context, input)).rejects.toThrow(Unavailable);
  expect(paths(asked)).not.toContain('note_sign_in');
});

test('asking for the current password counts guesses like a sign-in, and leaves no session behind', async () => {
  const asked = world({});
  expect(await checkOwnPassword(somebody(true).context.locals, input.password)).toBe(true);
  expect(paths(asked)).toEqual(['sign_in_wait', 'token', 'note_sign_in', 'logout']);
  world({ auth: problem(400, 'invalid_credentials') });
  const wrong = await checkOwnPassword(somebody(true).context.locals, 'not this');
  expect(wrong).toMatchObject({ name: 'wrong_current_password', status: 403, details: { field: 'current' } });
  world({ wait: 30 });
  expect(await checkOwnPassword(somebody(true).context.locals, 'not this')).toMatchObject({
    name: 'too_many_attempts',
  });
});

test('a link leads on by its kind', async () => {
  const token_hash = 'a1b2c3d4e5f6';
  const follow = async (type: 'recovery' | 'email_change' | 'signup', next?: string) => {
    world({});
    const { context, cookies } = somebody();
    if (next) cookies.set('after_confirm', next);
    return { followed: await followLink(context, { token_hash, type }), cookies };
  };
  expect((await follow('recovery')).followed).toMatchObject({ next: '/reset' });
  expect((await follow('recovery')).cookies.has('recovery')).toBe(true);
  expect((await follow('email_change')).followed).toMatchObject({ next: '/account/security', half: false });
  expect((await follow('signup', '/cart')).followed).toMatchObject({ next: '/cart' });
  expect((await follow('signup', '//evil.example')).followed).toMatchObject({ next: '/account' });
});

test('the first of two links to a new address opens no session and says that one is missing', async () => {
  fakeAuth(() => ({
    body: { msg: 'Confirmation link accepted. Please proceed to confirm link sent to the other email' },
  }));
  const { context } = somebody();
  const followed = await followLink(context, { token_hash: 'a1b2c3d4e5f6', type: 'email_change' });
  expect(followed).toMatchObject({ half: true, next: '/account/security' });
  expect(context.locals.user).toBeNull();
});

test('a link that is used up says so', async () => {
  world({ auth: problem(403, 'otp_expired') });
  const followed = await followLink(somebody().context, { token_hash: 'a1b2c3d4e5f6', type: 'signup' });
  expect(followed).toMatchObject({ name: 'link_expired', status: 409 });
});
