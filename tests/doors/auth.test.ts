import pg from 'pg';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { aClass, lotus } from '../world.ts';
import { Visitor, demoPassword, goodPassword, letterTo, linkIn, newMember, someEmail } from './visitor.ts';

const ada = 'ada@example.test';
const db = new pg.Pool({ connectionString: inject('stack').adminUrl, max: 2 });
afterAll(() => db.end());

const rolesOf = async (email: string): Promise<string[]> =>
  (
    await db.query(
      'select s.role from business.staff s join auth.users u on u.id = s.user_id where u.email = $1',
      [email],
    )
  ).rows.map(({ role }: { role: string }) => role);

describe('an account', () => {
  test('is made with a link by e-mail, and whoever made it is then signed in', async () => {
    const visitor = new Visitor();
    const email = someEmail('nora');
    const sent = await visitor.submit('/api/auth/signup', {
      email,
      name: 'Nora Vidal',
      password: goodPassword,
    });
    expect([sent.status, sent.to]).toEqual([303, '/confirm']);
    expect((await visitor.get('/confirm')).text).toContain('We have written to you');

    const link = linkIn(await letterTo(email));
    const page = await visitor.get(link.path);
    expect(page.status).toBe(200);
    expect(page.text).toContain(link.fields.token_hash);
    // A mail scanner that only looks has used nothing up.
    const done = await visitor.submit('/api/auth/confirm', link.fields, link.path);
    expect([done.status, done.to]).toEqual([303, '/account']);
    expect((await visitor.get('/account/profile')).text).toContain('Nora Vidal');
  });

  test('is a customer’s, whatever role the form asks for', async () => {
    const visitor = new Visitor();
    const email = someEmail('mallory');
    const wishes = {
      role: 'owner',
      roles: ['owner'],
      app_metadata: { role: 'owner' },
      user_metadata: { role: 'owner' },
    };
    const made = await visitor.call('/api/auth/signup', {
      email,
      name: 'Mallory',
      password: goodPassword,
      ...wishes,
    });
    expect(made.status).toBe(202);
    await visitor.call('/api/auth/confirm', linkIn(await letterTo(email)).fields);
    expect(await rolesOf(email)).toEqual([]);
    const user = await db.query(
      'select role, raw_app_meta_data as app, raw_user_meta_data as own from auth.users where email = $1',
      [email],
    );
    expect(user.rows[0].role).toBe('authenticated');
    expect(JSON.stringify(user.rows[0])).not.toContain('owner');
    expect((await visitor.get('/admin/staff')).status).toBe(403);
  });

  test('needs a password that is neither short nor common nor one’s own name', async () => {
    const visitor = new Visitor();
    for (const password of ['short', 'password1234', 'aaaaaaaaaaaa', 'visitor-visitor', 'visitor99999']) {
      const fields = { email: 'visitor@example.test', name: 'Visitor Visitor', password };
      const refused = await visitor.call('/api/auth/signup', fields);
      expect([password, refused.status, Object.keys(refused.json.details.fields)]).toEqual([
        password,
        422,
        ['password'],
      ]);
    }
  });

  test('shows its form again with the sentence beside the field and without the password', async () => {
    const refused = await new Visitor().submit(
      '/api/auth/signup',
      { email: 'not an address', name: 'Ana', password: 'secret' },
      '/es/signup',
    );
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Esto no parece una dirección de correo.');
    expect(refused.text).toContain('value="not an address"');
    expect(refused.text).not.toContain('value="secret"');
  });
});

describe('signing in', () => {
  test('opens a session in cookies that no script can read, and goes on to where one wanted to go', async () => {
    const visitor = new Visitor();
    const signedIn = await visitor.submit(
      '/api/auth/signin',
      { email: ada, password: demoPassword, next: '/account/profile' },
      '/signin',
    );
    expect([signedIn.status, signedIn.to]).toEqual([303, '/account/profile']);
    const session = signedIn.cookies.filter((line) => line.startsWith('session'));
    expect(session.length).toBeGreaterThan(0);
    for (const line of session) {
      expect(line).toContain('HttpOnly');
      expect(line).toContain('SameSite=Lax');
    }
    expect(signedIn.headers.get('cache-control')).toContain('no-store');
    expect((await visitor.get('/account/profile')).headers.get('cache-control')).toBe('private, no-store');
  });

  test('never leads to another site', async () => {
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example']) {
      const signedIn = await new Visitor().submit('/api/auth/signin', {
        email: ada,
        password: demoPassword,
        next,
      });
      expect([next, signedIn.to]).toEqual([next, '/account']);
    }
  });

  test('says the same for a wrong password and for an address nobody has', async () => {
    const { email } = await newMember('known');
    const known = await new Visitor().signIn(email, 'not-the-password');
    const unknown = await new Visitor().signIn(someEmail(), 'not-the-password');
    const { request_id: _a, ...first } = known.json;
    const { request_id: _b, ...second } = unknown.json;
    expect([known.status, first]).toEqual([401, second]);
    expect(unknown.status).toBe(401);
    expect(first.code).toBe('wrong_credentials');
  });

  test('shows the form again, with the address and without the password', async () => {
    const email = someEmail('typo');
    const refused = await new Visitor().submit(
      '/api/auth/signin',
      { email, password: 'not-it-at-all' },
      '/signin',
    );
    expect(refused.status).toBe(401);
    expect(refused.text).toContain(`value="${email}"`);
    expect(refused.text).toContain('do not go together');
    expect(refused.text).not.toContain('not-it-at-all');
  });

  test('is refused until the address is confirmed, but only to who knows the password', async () => {
    const visitor = new Visitor();
    const email = someEmail('later');
    await visitor.call('/api/auth/signup', { email, name: 'Later', password: goodPassword });
    const right = await visitor.signIn(email, goodPassword);
    expect([right.status, right.json.code]).toEqual([403, 'confirm_email_first']);
    expect((await visitor.signIn(email, 'something-else-1')).json.code).toBe('wrong_credentials');
  });

  test('is slowed down after some wrong guesses from anywhere, and the owner of the account hears of it', async () => {
    const { email, visitor } = await newMember('locked');
    const replies = [];
    for (let guess = 0; guess < 6; guess++)
      replies.push(await new Visitor().signIn(email, `wrong guess ${guess}`));
    expect(replies.slice(0, 4).map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    const last = replies.at(-1);
    expect([last?.status, last?.json.code]).toEqual([429, 'too_many_attempts']);
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(30);
    // Neither does the right password get in now, nor is it told to be right.
    const right = await new Visitor().signIn(email, goodPassword);
    expect([right.status, right.json.code]).toEqual([429, 'too_many_attempts']);
    const queued = await db.query(
      "select count(*)::int as n from messages.emails where to_address = $1 and template = 'account_locked'",
      [email],
    );
    expect(queued.rows[0].n).toBe(1);
    // Who is signed in already stays so.
    expect((await visitor.get('/account/profile')).status).toBe(200);
  });

  test('locks an address nobody has in just the same way', async () => {
    const email = someEmail('nobody');
    let last = await new Visitor().signIn(email, 'wrong guess');
    for (let guess = 0; guess < 5; guess++) last = await new Visitor().signIn(email, 'wrong guess');
    expect([last.status, last.json.code]).toEqual([429, 'too_many_attempts']);
  });

  test('keeps the cart that was filled before', async () => {
    const session = await aClass();
    const { visitor, email } = await newMember('carted');
    await visitor.call('/api/auth/signout', {});
    const token = Buffer.alloc(32, email).toString('base64url');
    await db.query('select api.add_seat_to_cart($1, $2, $3)', [lotus, session, token]);
    visitor.jar.set('cart', token);
    await visitor.signIn(email, goodPassword);
    expect(visitor.jar.has('cart')).toBe(false);
    const mine = await db.query(
      `select count(*)::int as n from sales.orders o join members.members m on m.id = o.member_id
       where m.email = $1 and o.state = 'cart'`,
      [email],
    );
    expect(mine.rows[0].n).toBe(1);
  });
});

describe('signing out', () => {
  test('ends the session, also for who kept its cookies', async () => {
    const { visitor } = await newMember('leaver');
    const kept = new Visitor();
    for (const [name, value] of visitor.jar) kept.jar.set(name, value);
    const out = await visitor.submit('/api/auth/signout', {});
    expect([out.status, out.to]).toEqual([303, '/']);
    expect([...visitor.jar.keys()].filter((name) => name.startsWith('session'))).toEqual([]);
    expect((await visitor.get('/account/profile')).to).toBe('/signin?next=%2Faccount%2Fprofile');
    // Where it matters, the old cookies are asked about and no longer stand.
    const change = await kept.call('/api/auth/password', {
      current: goodPassword,
      password: 'another quiet river',
    });
    expect(change.status).toBe(401);
  });

  test('everywhere ends the sessions of other browsers too', async () => {
    const { visitor, email } = await newMember('everywhere');
    const phone = new Visitor();
    await phone.signIn(email, goodPassword);
    await visitor.call('/api/auth/signout', { everywhere: true });
    expect((await phone.call('/api/auth/refresh', {})).status).toBe(401);
  });

  test('does not happen by following a link', async () => {
    const { visitor } = await newMember('stayer');
    expect((await visitor.get('/api/auth/signout')).status).toBe(405);
    expect((await visitor.get('/signout')).status).toBe(200);
    expect((await visitor.get('/account/profile')).status).toBe(200);
  });
});
