import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, barberia, crowd, findings, seatsOf, sql } from '../world.ts';
import { aBuyer, book, flashOf, signedIn, wordsOf } from './buyer.ts';
import { Visitor } from './visitor.ts';

const m = messages('en');

afterEach(async () => expect(await findings()).toEqual([]));

const add = (visitor: Visitor, session: string) => visitor.call('/api/sales/cart', { session_id: session });
const cart = async (visitor: Visitor) =>
  (await visitor.get('/api/sales/cart', {})).json.data as {
    total_cents: number;
    tax_cents: number;
    problems: number;
    currency: string;
    lines: { line_id: string; session_id: string; total_cents: number; problem: string | null }[];
  };
const sessionsIn = async (visitor: Visitor) =>
  (await cart(visitor)).lines.map((line) => line.session_id).sort();

describe('a cart', () => {
  test('is filled before signing in, by a form, and is still there afterwards', async () => {
    const [yoga, barre] = [await aClass({ price: 1600 }), await aClass({ price: 2150 })];
    const [person] = await crowd(1, 'carter');
    const visitor = new Visitor();
    const put = await visitor.submit('/api/sales/cart', { session_id: yoga }, '/schedule');
    expect([put.status, put.to]).toEqual([303, '/cart']);
    expect(put.cookies.find((line) => line.startsWith('cart='))).toMatch(/HttpOnly.*SameSite=Lax/i);
    await visitor.submit('/api/sales/cart', { session_id: barre }, '/schedule');
    expect(await cart(visitor)).toMatchObject({
      total_cents: 3750,
      tax_cents: 278 + 373,
      problems: 0,
      currency: 'EUR',
    });
    expect(wordsOf(await visitor.get('/cart'))).toContain('€37.50');
    // Nothing is held yet, and checking out asks who it is for.
    expect(await seatsOf(yoga)).toMatchObject({ taken: 0 });
    expect((await visitor.get('/checkout')).to).toBe('/signin?next=%2Fcheckout');
    const signIn = await visitor.submit(
      '/api/auth/signin',
      { email: person?.email ?? '', password: 'atrium-demo-1', next: '/checkout' },
      '/signin',
    );
    expect([signIn.status, signIn.to]).toEqual([303, '/checkout']);
    expect(await sessionsIn(visitor)).toEqual([yoga, barre].sort());
    expect(wordsOf(await visitor.get('/checkout'))).toContain('€37.50');
    // It is the member's now, in whatever browser.
    const phone = await signedIn({ id: '', email: person?.email ?? '' });
    expect(await sessionsIn(phone.visitor)).toEqual([yoga, barre].sort());
  });

  test('joins the one its member has already, without doubles', async () => {
    const [yoga, barre] = [await aClass(), await aClass()];
    const buyer = await aBuyer('carter');
    await add(buyer.visitor, yoga);
    const tablet = new Visitor();
    await add(tablet, yoga);
    await add(tablet, barre);
    await tablet.signIn(buyer.email);
    expect(await sessionsIn(tablet)).toEqual([yoga, barre].sort());
    expect(await sessionsIn(buyer.visitor)).toEqual([yoga, barre].sort());
  });

  test('holds a class once, however often and fast it is clicked', async () => {
    const session = await aClass();
    const visitor = new Visitor();
    const first = await add(visitor, session);
    expect(first.status).toBe(201);
    const clicks = await Promise.all(Array.from({ length: 10 }, () => add(visitor, session)));
    expect(new Set(clicks.map(({ json }) => json.data.line_id))).toEqual(new Set([first.json.data.line_id]));
    const member = await aBuyer('carter');
    const answers = await Promise.all(Array.from({ length: 10 }, () => add(member.visitor, session)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect((await cart(member.visitor)).lines).toHaveLength(1);
    expect(
      await sql(
        `select 1 from sales.orders o join members.members m on m.id = o.member_id where m.user_id = $1`,
        [member.id],
      ),
    ).toHaveLength(1);
  });

  test('loses a line when its owner says so, and only then', async () => {
    const [yoga, barre] = [await aClass(), await aClass()];
    const visitor = new Visitor();
    const line = (await add(visitor, yoga)).json.data.line_id;
    await add(visitor, barre);
    for (const other of [new Visitor(), (await aBuyer('thief')).visitor]) {
      const refused = await other.send('DELETE', `/api/sales/cart/${line}`, null, {});
      expect(refused.status).toBe(404);
      await add(other, await aClass());
      const again = await other.submit(`/api/sales/cart/${line}`, {}, '/cart');
      expect([again.status, wordsOf(again).includes(m.refusals.cart_line_not_found)]).toEqual([404, true]);
    }
    expect(await sessionsIn(visitor)).toEqual([yoga, barre].sort());
    const removed = await visitor.submit(`/api/sales/cart/${line}`, {}, '/cart');
    expect([removed.status, removed.to]).toEqual([303, '/cart']);
    expect(flashOf(await visitor.get('/cart'))).toBe(m.sales.cart.removed);
    expect(await sessionsIn(visitor)).toEqual([barre]);
    const gone = await visitor.send('DELETE', `/api/sales/cart/${line}`, null, {
      accept: 'application/json',
    });
    expect([gone.status, gone.json.code]).toEqual([404, 'cart_line_not_found']);
  });

  test('is opened by its own token only', async () => {
    const visitor = new Visitor();
    await add(visitor, await aClass());
    for (const token of [
      '',
      'short',
      'x'.repeat(5000),
      randomBytes(32).toString('base64url'),
      "' or 1=1 --".padEnd(43, '-'),
    ]) {
      const other = new Visitor();
      other.jar.set('cart', token);
      expect((await cart(other)).lines).toEqual([]);
    }
    const elsewhere = new Visitor(inject('stack').barberiaUrl);
    elsewhere.jar.set('cart', visitor.jar.get('cart') ?? '');
    expect(await cart(elsewhere)).toMatchObject({ lines: [], currency: 'ARS' });
  });

  test('has an end', async () => {
    const visitor = new Visitor();
    const sessions = await Promise.all(
      Array.from({ length: 21 }, (_, i) => aClass({ startsIn: `${10 + i} days` })),
    );
    for (const session of sessions.slice(0, 20)) expect((await add(visitor, session)).status).toBe(201);
    const refused = await add(visitor, sessions[20] ?? '');
    expect([refused.status, refused.json.code]).toEqual([409, 'cart_full']);
    expect((await cart(visitor)).lines).toHaveLength(20);
  });
});

describe('a class that cannot be booked', () => {
  test.each([
    [
      'is over',
      'session_past',
      `update booking.sessions set starts_at = now() - interval '1 hour', ends_at = now() where id = $1`,
    ],
    ['was cancelled', 'session_cancelled', `update booking.sessions set state = 'cancelled' where id = $1`],
    [
      'is closed',
      'booking_closed',
      `update booking.class_types set closes_minutes_before = 10080 where id = (select class_type_id from booking.sessions where id = $1 and starts_at < now() + interval '6 days')`,
    ],
  ])('since it %s, stays out, and in a cart says why and does not count', async (_why, problem, change) => {
    const session = await aClass({ startsIn: '5 days', price: 1600 });
    const other = await aClass({ price: 900 });
    const early = await aBuyer('early');
    await add(early.visitor, session);
    await add(early.visitor, other);
    await sql(change, [session]);
    const late = await add(new Visitor(), session);
    expect([late.status, late.json.code]).toEqual([409, problem]);
    const now = await cart(early.visitor);
    expect(now).toMatchObject({ total_cents: 900, problems: 1 });
    expect(now.lines.map((line) => line.problem)).toEqual([problem, null]);
    // The whole order waits until it is taken out: nothing of it is written.
    const refused = await early.visitor.call('/api/sales/orders', {}, { 'idempotency-key': randomUUID() });
    expect([refused.status, refused.json.code, refused.json.details.session_id]).toEqual([
      409,
      problem,
      session,
    ]);
    expect(await seatsOf(other)).toMatchObject({ taken: 0 });
    expect((await cart(early.visitor)).lines).toHaveLength(2);
  });

  test('because it is full or the visitor has it already stays out', async () => {
    const session = await aClass({ seats: 1, price: 0 });
    const buyer = await aBuyer();
    expect((await book(buyer, session)).status).toBe(201);
    const mine = await add(buyer.visitor, session);
    expect([mine.status, mine.json.code]).toEqual([409, 'already_booked']);
    const full = await new Visitor().submit(
      '/api/sales/cart',
      { session_id: session },
      `/sessions/${session}`,
    );
    expect(full.status).toBe(409);
    expect(wordsOf(full)).toContain(m.refusals.session_full);
  });

  test('because booking has not opened, or because there is none here, stays out', async () => {
    const visitor = new Visitor();
    const far = await add(visitor, await aClass({ startsIn: '200 days' }));
    expect([far.status, far.json.code]).toEqual([409, 'booking_not_open']);
    for (const session of [randomUUID(), await aClass({ business: barberia })]) {
      const refused = await add(visitor, session);
      expect([refused.status, refused.json.code]).toEqual([404, 'session_not_found']);
    }
    expect((await cart(visitor)).lines).toEqual([]);
  });
});
