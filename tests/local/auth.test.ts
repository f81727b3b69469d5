import { createServerClient } from '@supabase/ssr';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBackend, type Letter, type TestBackend } from './backend.ts';

let backend: TestBackend;
const password = 'a quiet morning 7';

beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.stop());

let people = 0;
const someone = () => `person${people++}@example.com`;

/** What the link of a letter carries, as the page behind it would read it. */
function readLink(letter: Letter) {
  const href = /href="([^"]*token_hash[^"]*)"/.exec(letter.html)![1]!.replaceAll('&amp;', '&');
  const url = new URL(href);
  return {
    base: href.split('/confirm?')[0],
    token_hash: url.searchParams.get('token_hash')!,
    type: url.searchParams.get('type') as 'signup' | 'recovery' | 'email' | 'email_change',
  };
}

const redeem = (letter: Letter, client = backend.client()) => {
  const { token_hash, type } = readLink(letter);
  return client.auth.verifyOtp({ token_hash, type });
};

async function member(email = someone()) {
  const client = backend.client();
  await client.auth.signUp({ email, password });
  await redeem(await backend.letterTo(email), client);
  return { email, client };
}

async function letters(address: string): Promise<Letter[]> {
  const response = await fetch(`${backend.mail.url}/api/messages?to=${address}`);
  return (await response.json()) as Letter[];
}

/** As if the last e-mails had been asked for some time ago. */
const longAgo = (email: string) =>
  backend.sql(
    `update auth.users set confirmation_sent_at = confirmation_sent_at - interval '1 minute',
       email_change_sent_at = email_change_sent_at - interval '1 minute' where email = $1`,
    [email],
  );

test('A new account is confirmed by the link in its e-mail, and keeps what was said at sign-up', async () => {
  const email = someone();
  const client = backend.client();
  const { data, error } = await client.auth.signUp({
    email: email.toUpperCase(),
    password,
    options: { data: { full_name: 'Ana', tags: ['a'] } },
  });
  expect(error).toBeNull();
  expect(data.session).toBeNull();
  expect((await client.auth.signInWithPassword({ email, password })).error?.code).toBe('email_not_confirmed');

  const letter = await backend.letterTo(email);
  expect(letter.subject).toBe('Confirm your e-mail address');
  const confirmed = await redeem(letter, client);
  expect(confirmed.error).toBeNull();
  expect(confirmed.data.user).toMatchObject({
    email,
    user_metadata: { full_name: 'Ana', tags: ['a'], email_verified: true },
  });
  expect((await redeem(letter)).error?.code).toBe('otp_expired');
  expect((await backend.client().auth.signInWithPassword({ email, password })).data.user?.email).toBe(email);
});

test('The metadata is an object in the database, where a trigger or a policy reads it', async () => {
  const email = someone();
  await backend.client().auth.signUp({ email, password, options: { data: { full_name: 'Ana' } } });
  expect(
    await backend.sql(
      `select raw_user_meta_data ->> 'full_name' as name, raw_app_meta_data ->> 'provider' as provider
       from auth.users where email = $1`,
      [email],
    ),
  ).toEqual([{ name: 'Ana', provider: 'email' }]);
});

test('Signing up with a known address looks like signing up with a new one', async () => {
  const { email } = await member();
  const before = await letters(email);
  const { data, error } = await backend.client().auth.signUp({ email, password: 'another one 12' });
  expect(error).toBeNull();
  expect(data.user).toMatchObject({ email, identities: [], app_metadata: { provider: 'email' } });
  const [known] = await backend.sql('select id from auth.users where email = $1', [email]);
  expect(data.user?.id).not.toBe(known!.id);
  expect(await letters(email)).toHaveLength(before.length);
  expect((await backend.client().auth.signInWithPassword({ email, password })).error).toBeNull();
});

test('Signing up again before confirming sends another link, and keeps the first password', async () => {
  const email = someone();
  await backend.client().auth.signUp({ email, password });
  const first = await backend.letterTo(email);
  const again = () => backend.client().auth.signUp({ email, password: 'another one 12' });
  expect((await again()).error?.code).toBe('over_email_send_rate_limit');
  await longAgo(email);
  expect((await again()).error).toBeNull();
  const second = await backend.letterTo(email, first);
  expect((await redeem(first)).error?.code).toBe('otp_expired');
  expect((await redeem(second)).error).toBeNull();
  expect((await backend.client().auth.signInWithPassword({ email, password })).error).toBeNull();
});

test('A wrong password, an unknown address and an unconfirmed account are refused in the same words', async () => {
  const { email } = await member();
  const unconfirmed = someone();
  await backend.client().auth.signUp({ email: unconfirmed, password });
  for (const address of [email, unconfirmed, 'nobody@example.com']) {
    const { error } = await backend.client().auth.signInWithPassword({ email: address, password: 'wrong' });
    expect(error).toMatchObject({
      status: 400,
      code: 'invalid_credentials',
      message: 'Invalid login credentials',
    });
  }
});

test('A weak password and a malformed address are refused', async () => {
  const weak = await backend.client().auth.signUp({ email: someone(), password: 'short' });
  expect(weak.error).toMatchObject({ status: 422, code: 'weak_password' });
  const malformed = await backend.client().auth.signUp({ email: 'not an address', password });
  expect(malformed.error).toMatchObject({ status: 400, code: 'validation_failed' });
});

test('Whoever holds the public key can check a token without asking the server', async () => {
  const { client, email } = await member();
  const { data } = await client.auth.getClaims();
  expect(data?.header.alg).toBe('ES256');
  expect(data?.claims).toMatchObject({ email, role: 'authenticated', aud: 'authenticated', aal: 'aal1' });
  expect(data?.claims.iss).toBe(`${backend.url}/auth/v1`);
  const session = (await client.auth.getSession()).data.session!;
  const forged = `${session.access_token.slice(0, -8)}AAAAAAAA`;
  expect((await client.auth.getClaims(forged)).error?.message).toContain('Invalid JWT signature');
  expect((await client.auth.getUser(forged)).error).toMatchObject({ status: 403, code: 'bad_jwt' });
});

test('Refreshing gives new tokens; a replayed old one ends the session', async () => {
  const { client } = await member();
  const first = (await client.auth.getSession()).data.session!.refresh_token;
  const refresh = (refresh_token: string) => backend.client().auth.refreshSession({ refresh_token });
  const second = (await refresh(first)).data.session!;
  expect(second.refresh_token).not.toBe(first);
  // Two requests of one page may refresh with the same token.
  expect((await refresh(first)).data.session?.refresh_token).toBe(second.refresh_token);
  const third = (await refresh(second.refresh_token)).data.session!;
  expect((await refresh(first)).error?.code).toBe('refresh_token_already_used');
  expect((await refresh(third.refresh_token)).error?.code).toBe('refresh_token_already_used');
  expect((await refresh('invented')).error?.status).toBe(400);
});

test('Signing out ends this session, the others, or all of them', async () => {
  const { email, client } = await member();
  const elsewhere = async () => {
    const other = backend.client();
    await other.auth.signInWithPassword({ email, password });
    return other;
  };
  const alive = async (one: typeof client) => (await one.auth.getUser()).error === null;
  const [second, third] = [await elsewhere(), await elsewhere()];
  await third.auth.signOut({ scope: 'local' });
  expect(await alive(second)).toBe(true);
  await client.auth.signOut({ scope: 'others' });
  expect([await alive(client), await alive(second)]).toEqual([true, false]);
  const fourth = await elsewhere();
  await client.auth.signOut({ scope: 'global' });
  expect(await alive(fourth)).toBe(false);
});

test('A changed password counts at once and ends the other sessions', async () => {
  const { email, client } = await member();
  const other = backend.client();
  await other.auth.signInWithPassword({ email, password });
  expect((await client.auth.updateUser({ password })).error?.code).toBe('same_password');
  expect((await client.auth.updateUser({ password: 'short' })).error?.code).toBe('weak_password');
  expect((await client.auth.updateUser({ password: 'a noisy evening 8' })).error).toBeNull();
  expect((await other.auth.getUser()).error).not.toBeNull();
  expect((await client.auth.getUser()).error).toBeNull();
  const again = backend.client().auth;
  expect((await again.signInWithPassword({ email, password })).error?.code).toBe('invalid_credentials');
  expect((await again.signInWithPassword({ email, password: 'a noisy evening 8' })).error).toBeNull();
});

test('A forgotten password is replaced through the link in an e-mail', async () => {
  const { email } = await member();
  const before = await backend.letterTo(email);
  const client = backend.client();
  expect((await client.auth.resetPasswordForEmail(email)).error).toBeNull();
  const letter = await backend.letterTo(email, before);
  expect(letter.subject).toBe('Choose a new password');
  expect(readLink(letter).type).toBe('recovery');
  expect((await redeem(letter, client)).error).toBeNull();
  expect((await client.auth.updateUser({ password: 'a noisy evening 8' })).error).toBeNull();
  const signedIn = await backend.client().auth.signInWithPassword({ email, password: 'a noisy evening 8' });
  expect(signedIn.error).toBeNull();
});

test('Asking for a new password tells nobody whether an address is known', async () => {
  const unknown = someone();
  const answer = await backend.client().auth.resetPasswordForEmail(unknown);
  expect(answer).toEqual(await backend.client().auth.resetPasswordForEmail((await member()).email));
  expect(await letters(unknown)).toEqual([]);
});

test('A link by e-mail signs a member in, and makes no account unless asked to', async () => {
  const { email } = await member();
  const before = await backend.letterTo(email);
  const client = backend.client();
  const options = { shouldCreateUser: false };
  expect((await client.auth.signInWithOtp({ email, options })).error).toBeNull();
  const letter = await backend.letterTo(email, before);
  expect(readLink(letter).type).toBe('email');
  expect((await redeem(letter, client)).data.session?.user.email).toBe(email);

  const unknown = someone();
  expect((await client.auth.signInWithOtp({ email: unknown, options })).error?.code).toBe('otp_disabled');
  expect(await backend.sql('select from auth.users where email = $1', [unknown])).toEqual([]);
});

test('A link to an address without an account confirms it before the account counts', async () => {
  const email = someone();
  const client = backend.client();
  await client.auth.signInWithOtp({ email, options: { data: { full_name: 'Ana' } } });
  const unconfirmed = await backend.sql('select email_confirmed_at from auth.users where email = $1', [
    email,
  ]);
  expect(unconfirmed).toEqual([{ email_confirmed_at: null }]);
  const { data } = await redeem(await backend.letterTo(email), client);
  expect(data.user).toMatchObject({ email, user_metadata: { full_name: 'Ana' } });
});

test('A changed address counts when both mailboxes have confirmed it, in any order', async () => {
  for (const newFirst of [true, false]) {
    const { email, client } = await member();
    const changed = someone();
    const before = await backend.letterTo(email);
    expect((await client.auth.updateUser({ email: changed })).error).toBeNull();
    const old = await backend.letterTo(email, before);
    const both = [old, await backend.letterTo(changed)];
    expect(old.text).toContain(`from ${email} to ${changed}`);
    const [first, second] = newFirst ? both.reverse() : both;

    const half = await redeem(first!);
    expect(half.error).toBeNull();
    expect(half.data.session).toBeNull();
    expect((await client.auth.getUser()).data.user?.email).toBe(email);
    expect((await redeem(first!)).error?.code).toBe('otp_expired');

    expect((await redeem(second!)).data.user?.email).toBe(changed);
    const signedIn = await backend.client().auth.signInWithPassword({ email: changed, password });
    expect(signedIn.error).toBeNull();
  }
});

test('An address that somebody else has meanwhile cannot be taken over', async () => {
  const { email, client } = await member();
  const wanted = someone();
  const before = await backend.letterTo(email);
  await client.auth.updateUser({ email: wanted });
  const [old, fresh] = [await backend.letterTo(email, before), await backend.letterTo(wanted)];
  await backend.sql('insert into auth.users (id, email) values (gen_random_uuid(), $1)', [wanted]);
  await redeem(old);
  expect((await redeem(fresh)).error).toMatchObject({ status: 422, code: 'email_exists' });
  expect((await client.auth.getUser()).data.user?.email).toBe(email);
});

test('Letters that got lost are sent again, but not at once', async () => {
  const email = someone();
  const client = backend.client();
  await client.auth.signUp({ email, password });
  const first = await backend.letterTo(email);
  const resend = () => client.auth.resend({ type: 'signup', email });
  expect((await resend()).error?.code).toBe('over_email_send_rate_limit');
  await longAgo(email);
  expect((await resend()).error).toBeNull();
  const second = await backend.letterTo(email, first);
  expect((await redeem(second, client)).error).toBeNull();
  expect((await resend()).error).toBeNull();

  const changed = someone();
  await client.auth.updateUser({ email: changed });
  const lost = await backend.letterTo(changed);
  await client.auth.resend({ type: 'email_change', email });
  const found = await backend.letterTo(changed, lost);
  expect((await redeem(lost)).error?.code).toBe('otp_expired');
  expect((await redeem(found)).error).toBeNull();
  expect((await client.auth.resend({ type: 'signup', email: someone() })).error).toBeNull();
  expect((await client.auth.resend({ type: 'email_change', email: someone() })).error).toBeNull();
});

test('A link is good for an hour', async () => {
  const email = someone();
  await backend.client().auth.signUp({ email, password });
  await backend.sql(
    `update auth.users set confirmation_sent_at = now() - interval '61 minutes' where email = $1`,
    [email],
  );
  expect((await redeem(await backend.letterTo(email))).error).toMatchObject({
    status: 403,
    code: 'otp_expired',
  });
});

test('Letters speak the language of the account and lead to the host it came from, if that is ours', async () => {
  const email = someone();
  const emailRedirectTo = 'http://barberia.localhost:4321/es';
  const data = { locale: 'es', business: 'Barbería <i>Sur</i>' };
  await backend.client().auth.signUp({ email, password, options: { data, emailRedirectTo } });
  const letter = await backend.letterTo(email);
  expect(letter.subject).toBe('Confirma tu correo');
  expect(letter.text).toContain('Barbería <i>Sur</i>');
  expect(letter.html).not.toContain('<i>Sur</i>');
  expect(readLink(letter).base).toBe(emailRedirectTo);
  expect(letter.text).toContain(`${emailRedirectTo}/confirm?token_hash=`);

  for (const foreign of [
    'https://evil.example',
    'http://barberia.localhost.evil.example:4321',
    'javascript:1',
  ]) {
    const other = someone();
    await backend.client().auth.signUp({ email: other, password, options: { emailRedirectTo: foreign } });
    expect(readLink(await backend.letterTo(other)).base).toBe(backend.siteUrl);
  }
});

test('Accounts written in SQL, as a seed does, can sign in', async () => {
  await backend.sql(
    `insert into auth.users (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
     values (gen_random_uuid(), gen_random_uuid(), 'authenticated', 'authenticated', 'seed@example.com',
       extensions.crypt($1, extensions.gen_salt('bf', 4)), now(), '{"provider":"email","providers":["email"]}', '{}')`,
    [password],
  );
  const { data } = await backend.client().auth.signInWithPassword({ email: 'seed@example.com', password });
  expect(data.user?.email).toBe('seed@example.com');
});

test('A server that keeps the session in cookies stays signed in, through @supabase/ssr', async () => {
  const { email } = await member();
  const jar = new Map<string, string>();
  const server = () =>
    createServerClient(backend.url, backend.publishableKey, {
      cookies: {
        getAll: () => [...jar].map(([name, value]) => ({ name, value })),
        setAll: (cookies) =>
          cookies.forEach(({ name, value }) => (value ? jar.set(name, value) : jar.delete(name))),
      },
    });
  await server().auth.signInWithPassword({ email, password });
  expect((await server().auth.getClaims()).data?.claims.email).toBe(email);
  const refreshed = await server().auth.refreshSession();
  expect((await server().auth.getUser()).data.user?.id).toBe(refreshed.data.user?.id);
  await server().auth.signOut();
  expect([...jar.keys()]).toEqual([]);
});

test('Two sign-ups of one address at once make one account', async () => {
  const email = someone();
  const answers = await Promise.all([1, 2, 3].map(() => backend.client().auth.signUp({ email, password })));
  expect(answers.filter(({ error }) => error && error.code !== 'over_email_send_rate_limit')).toEqual([]);
  expect(await backend.sql('select from auth.users where email = $1', [email])).toHaveLength(1);
});

test('Nonsense is refused with a reason, and never breaks the server', async () => {
  const post = async (path: string, body: string) => {
    const headers = { apikey: backend.publishableKey, 'content-type': 'application/json' };
    const response = await fetch(`${backend.url}/auth/v1${path}`, { method: 'POST', headers, body });
    const { error_code } = (await response.json()) as { error_code: string };
    return `${response.status} ${error_code}`;
  };
  expect(await post('/signup', '{')).toBe('400 bad_json');
  expect(await post('/signup', '[]')).toBe('400 bad_json');
  expect(await post('/signup', '{"email":1,"password":{}}')).toBe('400 validation_failed');
  expect(await post('/signup', '{"email":"a@b.example","password":"long enough 1","data":"x"}')).toBe(
    '400 validation_failed',
  );
  expect(await post('/token?grant_type=password', '{"email":"a@b.example","password":"\\u0000"}')).toBe(
    '400 validation_failed',
  );
  expect(await post('/token?grant_type=magic', '{}')).toBe('400 invalid_credentials');
  expect(await post('/resend', '{"type":"sms"}')).toBe('400 validation_failed');
  expect(await post('/logout', '')).toBe('401 no_authorization');
  expect(await post('/factors', '{}')).toBe('501 not_supported');
  const admin = backend.client({ key: backend.secretKey }).auth.admin;
  expect((await admin.listUsers()).error?.message).toContain('GET /auth/v1/admin/users is not supported');
});
