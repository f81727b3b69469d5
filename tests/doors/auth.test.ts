import { request } from 'node:http';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  Visitor,
  demoPassword,
  goodPassword,
  letterTo,
  lettersTo,
  linkIn,
  newMember,
  someEmail,
} from './visitor.ts';

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
    const session = await db.query(
      `select s.id, s.business_id from booking.sessions s join business.businesses b on b.id = s.business_id
       where b.slug = 'lotus' and s.state = 'scheduled' and s.starts_at > now() + interval '2 days' and s.starts_at < now() + interval '6 days' order by s.starts_at limit 1`,
    );
    const { visitor, email } = await newMember('carted');
    await visitor.call('/api/auth/signout', {});
    const token = Buffer.alloc(32, email).toString('base64url');
    await db.query('select api.add_seat_to_cart($1, $2, $3)', [
      session.rows[0].business_id,
      session.rows[0].id,
      token,
    ]);
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

describe('a link by e-mail', () => {
  test('signs in without a password, once', async () => {
    const { email } = await newMember('magic');
    const before = await letterTo(email);
    const visitor = new Visitor();
    const asked = await visitor.submit('/api/auth/magic', { email, next: '/account/profile' }, '/signin');
    expect([asked.status, asked.to]).toEqual([303, '/confirm']);
    const link = linkIn(await letterTo(email, { after: before.id }));
    const followed = await visitor.submit('/api/auth/confirm', link.fields, link.path);
    expect(followed.to).toBe('/account/profile');
    const again = await new Visitor().call('/api/auth/confirm', link.fields);
    expect([again.status, again.json.code]).toEqual([409, 'link_expired']);
  });

  test('is promised to everybody alike, and sent only where there is an account', async () => {
    const stranger = someEmail('stranger');
    const { email } = await newMember('known');
    for (const path of ['/api/auth/magic', '/api/auth/forgot', '/api/auth/resend']) {
      const known = await new Visitor().call(path, { email });
      const unknown = await new Visitor().call(path, { email: stranger });
      expect([path, unknown.status, unknown.text]).toEqual([path, known.status, known.text]);
      expect(known.status).toBe(202);
    }
    expect(await lettersTo(stranger)).toEqual([]);
  });

  test('comes instead of a second account when somebody signs up again, and nothing tells them apart', async () => {
    const { email } = await newMember('twice');
    const before = await letterTo(email);
    const fields = { name: 'Somebody', password: 'another quiet river' };
    const again = await new Visitor().call('/api/auth/signup', { email, ...fields });
    const fresh = await new Visitor().call('/api/auth/signup', { email: someEmail('fresh'), ...fields });
    expect([again.status, again.text]).toEqual([fresh.status, fresh.text]);
    expect(linkIn(await letterTo(email, { after: before.id })).fields.type).toBe('email');
    // The account has kept its own password.
    expect((await new Visitor().signIn(email, goodPassword)).status).toBe(200);
  });

  test('begins with the address of the business it was asked at, in the language it was asked in', async () => {
    const { siteUrl, barberiaUrl } = inject('stack');
    const spanish = someEmail('idioma');
    await new Visitor().submit(
      '/api/auth/signup',
      { email: spanish, name: 'Luz', password: goodPassword },
      '/es/signup',
    );
    expect((await letterTo(spanish)).links.some((link) => link.startsWith(`${siteUrl}/es/confirm?`))).toBe(
      true,
    );
    const porteño = someEmail('sur');
    await new Visitor(barberiaUrl).call('/api/auth/signup', {
      email: porteño,
      name: 'Ciro',
      password: goodPassword,
    });
    expect((await letterTo(porteño)).links.some((link) => link.startsWith(`${barberiaUrl}/confirm?`))).toBe(
      true,
    );
  });

  test('never leads to a host name that somebody made up', async () => {
    const { siteUrl } = inject('stack');
    const email = someEmail('poisoned');
    const body = JSON.stringify({ email, name: 'Victim', password: goodPassword });
    const status = await new Promise<number>((resolve, reject) => {
      const headers = {
        host: 'evil.example',
        'content-type': 'application/json',
        'x-forwarded-for': '10.66.66.66',
      };
      const asking = request(`${siteUrl}/api/auth/signup`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      asking.on('error', reject).end(body);
    });
    expect(status).toBe(202);
    const { links } = await letterTo(email);
    expect(links.some((link) => link.startsWith(`${siteUrl}/confirm?`))).toBe(true);
    expect(links.join()).not.toContain('evil.example');
  });

  test('that is nonsense is refused, with a way to a new one', async () => {
    const refused = await new Visitor().submit(
      '/api/auth/confirm',
      { token_hash: 'x'.repeat(40), type: 'signup' },
      '/confirm',
    );
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Send it again');
  });
});

describe('a password', () => {
  test('that was forgotten is set anew through a link, and other browsers are signed out', async () => {
    const { email, visitor: phone } = await newMember('forgetful');
    const before = await letterTo(email);
    const visitor = new Visitor();
    await visitor.submit('/api/auth/forgot', { email }, '/forgot');
    const link = linkIn(await letterTo(email, { after: before.id }));
    expect((await visitor.submit('/api/auth/confirm', link.fields, link.path)).to).toBe('/reset');
    expect((await visitor.get('/reset')).text).toContain('name="password"');
    const chosen = 'a wholly new river 7';
    const reset = await visitor.submit('/api/auth/reset', { password: chosen }, '/reset');
    expect([reset.status, reset.to]).toEqual([303, '/account']);
    expect((await new Visitor().signIn(email, chosen)).status).toBe(200);
    expect((await new Visitor().signIn(email, goodPassword)).status).toBe(401);
    expect((await phone.call('/api/auth/refresh', {})).status).toBe(401);
    // The permission was for once.
    expect((await visitor.call('/api/auth/reset', { password: 'yet another river 8' })).json.code).toBe(
      'sign_in_again',
    );
  });

  test('cannot be set by somebody who merely sits at an open session', async () => {
    const { visitor } = await newMember('open-session');
    const forged = new Visitor();
    for (const [name, value] of visitor.jar) forged.jar.set(name, value);
    forged.jar.set('recovery', 'someone.9999999999.forged');
    for (const person of [visitor, forged]) {
      const refused = await person.call('/api/auth/reset', { password: 'a stolen river 99' });
      expect([refused.status, refused.json.code]).toEqual([403, 'sign_in_again']);
    }
    const wrong = await visitor.call('/api/auth/password', {
      current: 'not this one',
      password: 'a stolen river 99',
    });
    expect([wrong.status, wrong.json.code]).toEqual([403, 'wrong_current_password']);
  });

  test('is changed by who knows the current one', async () => {
    const { visitor, email } = await newMember('changer');
    const chosen = 'the other river 12';
    const changed = await visitor.submit(
      '/api/auth/password',
      { current: goodPassword, password: chosen },
      '/account/security',
    );
    expect([changed.status, changed.to]).toEqual([303, '/account/security']);
    expect((await visitor.get('/account/profile')).status).toBe(200);
    expect((await new Visitor().signIn(email, chosen)).status).toBe(200);
  });
});

describe('an e-mail address', () => {
  test('changes once the links are followed, and not before', async () => {
    const { visitor, email } = await newMember('mover');
    const before = await letterTo(email);
    const next = someEmail('moved');
    const asked = await visitor.submit(
      '/api/auth/email',
      { email: next, current: goodPassword },
      '/account/security',
    );
    expect([asked.status, asked.to]).toEqual([303, '/account/security']);
    expect((await new Visitor().signIn(next, goodPassword)).status).toBe(401);
    for (const letter of [await letterTo(email, { after: before.id }), await letterTo(next)]) {
      await visitor.call('/api/auth/confirm', linkIn(letter).fields);
    }
    expect((await new Visitor().signIn(next, goodPassword)).status).toBe(200);
    expect((await new Visitor().signIn(email, goodPassword)).status).toBe(401);
  });

  test('that somebody else has is answered like any other', async () => {
    const { visitor } = await newMember('curious');
    const taken = await visitor.call('/api/auth/email', { email: ada, current: goodPassword });
    const free = await visitor.call('/api/auth/email', { email: someEmail(), current: goodPassword });
    expect([taken.status, taken.text]).toEqual([free.status, free.text]);
  });
});

describe('a session', () => {
  type Session = { access_token: string; refresh_token: string; expires_at: number };

  /** What the session cookie holds, and its name; a long one is in numbered pieces. */
  function sessionOf(visitor: Visitor): { name: string; session: Session } {
    const pieces = [...visitor.jar].filter(([name]) => /^session(\.\d+)?$/.test(name)).sort();
    const value = pieces.map(([, piece]) => piece).join('');
    return {
      name: 'session',
      session: JSON.parse(Buffer.from(value.replace('base64-', ''), 'base64url').toString()),
    };
  }

  function keepSession(visitor: Visitor, name: string, session: Session): void {
    for (const cookie of [...visitor.jar.keys()])
      if (cookie.startsWith('session')) visitor.jar.delete(cookie);
    visitor.jar.set(name, `base64-${Buffer.from(JSON.stringify(session)).toString('base64url')}`);
  }

  test('is renewed on request', async () => {
    const { visitor, email } = await newMember('renewer');
    const renewed = await visitor.call('/api/auth/refresh', {});
    expect([renewed.status, renewed.json.data.user.email]).toEqual([200, email]);
    expect(renewed.text).not.toContain('access_token');
    expect((await visitor.get('/account/profile')).status).toBe(200);
  });

  test('that is about to end is renewed by the next page, also when several are opened at once', async () => {
    const { visitor } = await newMember('expiring');
    const { name, session } = sessionOf(visitor);
    keepSession(visitor, name, { ...session, expires_at: Math.floor(Date.now() / 1000) - 5 });
    const old = new Map(visitor.jar);
    const tabs = Array.from({ length: 4 }, () => {
      const tab = new Visitor();
      for (const [cookie, value] of old) tab.jar.set(cookie, value);
      return tab;
    });
    const pages = await Promise.all(tabs.map((tab) => tab.get('/account/profile')));
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const [page] = pages;
    expect(page?.cookies.some((line) => line.startsWith('session') && line.includes('HttpOnly'))).toBe(true);
    expect(page?.headers.get('cache-control')).toContain('no-store');
    // Each tab can go on with what it was given.
    for (const tab of tabs) expect((await tab.get('/account/profile')).status).toBe(200);
  });

  test('whose renewal is refused is over, and its cookies are taken away', async () => {
    const { visitor } = await newMember('revoked');
    const { name, session } = sessionOf(visitor);
    const ended = { ...session, expires_at: 1, refresh_token: 'not-a-refresh-token' };
    keepSession(visitor, name, ended);
    expect((await visitor.get('/account/profile')).to).toBe('/signin?next=%2Faccount%2Fprofile');
    expect([...visitor.jar.keys()].filter((cookie) => cookie.startsWith('session'))).toEqual([]);
  });

  test('with a forged token is nobody’s', async () => {
    const { visitor } = await newMember('forged');
    const { name, session } = sessionOf(visitor);
    const [head = '', body = '', signature = ''] = session.access_token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const forged = { ...claims, sub: '30000000-0000-4000-8000-000000000001', email: 'owner@lotus.test' };
    const access_token = [head, Buffer.from(JSON.stringify(forged)).toString('base64url'), signature].join(
      '.',
    );
    keepSession(visitor, name, { ...session, access_token });
    expect((await visitor.get('/admin/staff')).status).toBe(303);
  });

  test('of one business is not one of another, but the person is the same', async () => {
    const { siteUrl, barberiaUrl } = inject('stack');
    expect(siteUrl).not.toBe(barberiaUrl);
    const there = new Visitor(barberiaUrl);
    expect((await there.signIn('owner@lotus.test')).status).toBe(200);
    // Owner here, customer there.
    expect((await there.get('/admin/staff')).status).toBe(403);
  });
});

describe('staff', () => {
  const owner = new Visitor();
  beforeAll(async () => {
    expect((await owner.signIn('owner@lotus.test')).status).toBe(200);
  });

  /** The secret in the invitation's link: from the outbox, or from the letter when that is sent already. */
  const invitationToken = async (email: string): Promise<string> => {
    const { rows } = await db.query(
      `select data ->> 'token' as token from messages.emails
       where to_address = $1 and template = 'staff_invitation' order by created_at desc limit 1`,
      [email],
    );
    if (rows[0]?.token) return rows[0].token as string;
    const letters = await lettersTo(email);
    const link = letters.flatMap(({ links }) => links).find((address) => address.includes('/invitations/'));
    return link?.split('/invitations/')[1] ?? '';
  };

  test('are invited by e-mail, and have the role once they have accepted', async () => {
    const { visitor, email } = await newMember('new-teacher');
    const invited = await owner.submit(
      '/api/business/invitations',
      { email, role: 'instructor' },
      '/admin/staff',
    );
    expect([invited.status, invited.to]).toEqual([303, '/admin/staff']);
    expect(await rolesOf(email)).toEqual([]);
    const token = await invitationToken(email);
    const page = await visitor.get(`/invitations/${token}`);
    expect(page.text).toContain('Lotus &amp; Bean invites you');
    const accepted = await visitor.submit(
      '/api/business/invitations/accept',
      { token },
      `/invitations/${token}`,
    );
    expect(accepted.status).toBe(303);
    expect(await rolesOf(email)).toEqual(['instructor']);
    expect((await owner.get('/admin/staff')).text).toContain(email);
    const again = await visitor.call('/api/business/invitations/accept', { token });
    expect([again.status, again.json.code]).toEqual([409, 'invitation_used']);
  });

  test('cannot take an invitation that was written to somebody else', async () => {
    const { visitor: thief } = await newMember('thief');
    const email = someEmail('invited');
    await owner.call('/api/business/invitations', { email, role: 'manager' });
    const refused = await thief.call('/api/business/invitations/accept', {
      token: await invitationToken(email),
    });
    expect([refused.status, refused.json.code]).toEqual([403, 'invitation_for_someone_else']);
  });

  test('cannot use an invitation that was taken back', async () => {
    const { visitor, email } = await newMember('uninvited');
    const made = await owner.call('/api/business/invitations', { email, role: 'barista' });
    expect(made.status).toBe(201);
    const token = await invitationToken(email);
    const { invitation_id } = made.json.data;
    expect((await owner.call('/api/business/invitations/revoke', { invitation_id })).status).toBe(200);
    expect((await visitor.call('/api/business/invitations/accept', { token })).json.code).toBe(
      'invitation_not_found',
    );
  });

  test('who are no managers see neither the list nor the invitations, and invite nobody', async () => {
    const teacher = new Visitor();
    await teacher.signIn('teacher@lotus.test');
    expect((await teacher.get('/admin/staff')).status).toBe(403);
    expect((await teacher.get('/api/business/staff', {})).status).toBe(403);
    const refused = await teacher.call('/api/business/invitations', {
      email: someEmail(),
      role: 'instructor',
    });
    expect([refused.status, refused.json.code]).toEqual([403, 'not_your_role']);
  });

  test('who manage cannot make an owner', async () => {
    const manager = new Visitor();
    await manager.signIn('manager@lotus.test');
    const refused = await manager.call('/api/business/invitations', { email: someEmail(), role: 'owner' });
    expect([refused.status, refused.json.code]).toEqual([403, 'not_your_role']);
  });

  test('lose a role when it ends, but the last owner stays', async () => {
    const list = (await owner.get('/api/business/staff', {})).json.data as {
      staff_id: string;
      role: string;
      email: string;
    }[];
    const last = list.find(({ role }) => role === 'owner');
    const refused = await owner.call('/api/business/staff/end', { staff_id: last?.staff_id });
    expect([refused.status, refused.json.code]).toEqual([409, 'last_owner']);

    const { visitor, email } = await newMember('brief');
    await owner.call('/api/business/invitations', { email, role: 'manager' });
    await visitor.call('/api/business/invitations/accept', { token: await invitationToken(email) });
    expect((await visitor.get('/admin/staff')).status).toBe(200);
    const now = (await owner.get('/api/business/staff', {})).json.data as typeof list;
    await owner.call('/api/business/staff/end', {
      staff_id: now.find((person) => person.email === email)?.staff_id,
    });
    expect((await visitor.get('/admin/staff')).status).toBe(403);
  });

  test('of one business have no say in another', async () => {
    const there = new Visitor(inject('stack').barberiaUrl);
    await there.signIn('owner@lotus.test');
    const refused = await there.call('/api/business/invitations', { email: someEmail(), role: 'owner' });
    expect([refused.status, refused.json.code]).toEqual([403, 'not_your_role']);
  });
});

describe('a member’s details', () => {
  test('are kept, and what does not fit is refused beside its field', async () => {
    const { visitor } = await newMember('details');
    const saved = await visitor.submit(
      '/api/members/profile',
      { name: 'Ada Lovelace', phone: '+34 600 000 000', locale: 'es' },
      '/account/profile',
    );
    expect([saved.status, saved.to]).toEqual([303, '/account/profile']);
    const mine = await visitor.get('/api/members/profile', {});
    expect(mine.json.data).toMatchObject({ name: 'Ada Lovelace', phone: '+34 600 000 000', locale: 'es' });
    const refused = await visitor.submit(
      '/api/members/profile',
      { name: '', phone: 'call me', locale: 'fr' },
      '/account/profile',
    );
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Digits, spaces and + only.');
  });
});
