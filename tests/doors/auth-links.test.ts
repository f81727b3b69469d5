import { request } from 'node:http';
import { describe, expect, inject, test } from 'vitest';
import { Visitor, goodPassword, letterTo, lettersTo, linkIn, newMember, someEmail } from './visitor.ts';

const ada = 'ada@example.test';
describe('a link by e-mail', () => {
  test('signs in without a password, once', async () => {
    const { email } = await newMember('magic');
    const before = await letterTo(email);
    const visitor = new Visitor();
    const asked = await visitor.submit('/api/auth/magic', { email, next: '/account/profile' }, '/signin');
    expect([asked.status, asked.to]).toEqual([303, '/confirm?sent=signin']);
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
