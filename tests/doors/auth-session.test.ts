import { describe, expect, inject, test } from 'vitest';
import { Visitor, newMember } from './visitor.ts';

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
