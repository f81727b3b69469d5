import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, barberia, crowd, findings, seatsOf, sql } from '../world.ts';
import {
  type Buyer,
  aBuyer,
  aColleague,
  book,
  endHold,
  orderNow,
  placedOrder,
  signedIn,
  untilOrder,
  wordsOf,
} from './buyer.ts';
import { payAt } from './provider.ts';
import { type Reply, Visitor, letterTo } from './visitor.ts';

const m = messages('en');

afterEach(async () => expect(await findings()).toEqual([]));

const fill = async (buyer: Buyer, ...sessions: string[]) => {
  for (const session_id of sessions)
    expect((await buyer.visitor.call('/api/sales/cart', { session_id })).status).toBe(201);
};
const order = (buyer: Buyer, body: object = {}, key: string = randomUUID()) =>
  buyer.visitor.call('/api/sales/orders', body, { 'idempotency-key': key });
const orderForm = (buyer: Buyer, fields: Record<string, string>, from = '/checkout') =>
  buyer.visitor.submit('/api/sales/orders', { idempotency_key: randomUUID(), ...fields }, from);
/** The total a checkout page will send. */
const totalIn = ({ text }: Reply) => /name="expected_total_cents" value="(\d+)"/.exec(text)?.[1];
const cartLines = async ({ visitor }: Buyer) =>
  (await visitor.get('/api/sales/cart', {})).json.data.lines as unknown[];
/** Orders somebody has placed, whatever became of them. */
const ordersOf = ({ id }: Buyer) =>
  sql<{ id: string; state: string; reference: string; number: string | null }>(
    `select o.id, o.state, o.reference, o.number from sales.orders o join members.members m on m.id = o.member_id where m.user_id = $1 and o.state <> 'cart' order by o.placed_at`,
    [id],
  );

describe('checking out', () => {
  test('makes the cart one order whose seats are held, and goes to pay it', async () => {
    const [yoga, barre] = [await aClass({ price: 1600 }), await aClass({ price: 2150, startsIn: '21 days' })];
    const buyer = await aBuyer();
    await fill(buyer, yoga, barre);
    const page = await buyer.visitor.get('/checkout');
    expect(totalIn(page)).toBe('3750');
    const sent = await orderForm(buyer, { expected_total_cents: '3750' });
    expect(sent.status).toBe(303);
    expect(sent.to).toMatch(new RegExp(`^${inject('stack').stripeUrl}/c/pay/cs_test_`));
    const [placed, ...more] = await ordersOf(buyer);
    expect(more).toEqual([]);
    expect(placed).toMatchObject({
      state: 'placed',
      reference: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{8}$/),
      // Only what is paid has a receipt, and a receipt's number.
      number: null,
    });
    expect(await orderNow(placed?.id ?? '')).toMatchObject({
      seats: ['held', 'held'],
      payments: ['pending'],
      captured: 0,
    });
    expect(await cartLines(buyer)).toEqual([]);
    // Back through history: the order, not an empty cart.
    expect((await buyer.visitor.get('/checkout')).to).toBe(`/orders/${placed?.id}`);
    const asked = (await buyer.visitor.get(`/api/sales/orders/${placed?.id}`, {})).json.data;
    expect(asked).toMatchObject({
      state: 'placed',
      total_cents: 3750,
      tax_cents: 278 + 373,
      lines: [{ session_id: yoga }, { session_id: barre }],
    });
    const minutes = (Date.parse(asked.hold_expires_at) - Date.parse(asked.placed_at)) / 60_000;
    expect(minutes).toBeCloseTo(15, 3);
    await payAt(sent.to ?? '');
    await untilOrder(asked.order_id, {
      state: 'paid',
      captured: 3750,
      seats: ['confirmed', 'confirmed'],
      sales: 1,
    });
  });

  test('with nothing to pay is done at once', async () => {
    const session = await aClass({ price: 0 });
    const buyer = await aBuyer();
    await fill(buyer, session);
    const sent = await orderForm(buyer, { expected_total_cents: '0' });
    const [placed] = await ordersOf(buyer);
    expect([sent.status, sent.to]).toEqual([303, `/orders/${placed?.id}`]);
    expect(await orderNow(placed?.id ?? '')).toMatchObject({
      state: 'paid',
      payments: [],
      seats: ['confirmed'],
      emails: { order_confirmed: 1 },
    });
    expect((await letterTo(buyer.email)).text).toContain('Free');
  });

  test('with a class that filled up meanwhile takes none of it, and says which beside it', async () => {
    const [good, full] = [await aClass(), await aClass({ seats: 1, price: 0, startsIn: '21 days' })];
    const buyer = await aBuyer();
    await fill(buyer, good, full);
    await book(await aBuyer('quick'), full);
    const program = await order(buyer);
    expect([program.status, program.json.code]).toEqual([409, 'session_full']);
    expect(program.json.details).toMatchObject({
      session_id: full,
      fields: { [`session-${full}`]: m.refusals.session_full },
    });
    const form = await orderForm(buyer, {});
    expect(form.status).toBe(409);
    expect(wordsOf(form)).toContain(m.refusals.session_full);
    expect(await ordersOf(buyer)).toEqual([]);
    expect(await cartLines(buyer)).toHaveLength(2);
    expect(await seatsOf(good)).toMatchObject({ taken: 0 });
  });

  test('with two classes at the same time is refused', async () => {
    const [one, two] = [
      await aClass({ startsIn: '8 days' }),
      await aClass({ startsIn: '8 days 30 minutes' }),
    ];
    const buyer = await aBuyer();
    await fill(buyer, one, two);
    const refused = await order(buyer);
    expect([refused.status, refused.json.code]).toEqual([409, 'overlapping_booking']);
    expect([(await seatsOf(one)).taken, (await seatsOf(two)).taken]).toEqual([0, 0]);
  });

  test('an empty cart is refused', async () => {
    const buyer = await aBuyer();
    const refused = await order(buyer);
    expect([refused.status, refused.json.code]).toEqual([409, 'cart_empty']);
    const form = await orderForm(buyer, {});
    expect(form.status).toBe(409);
    expect(wordsOf(form)).toContain(m.sales.cart.empty);
  });
});

describe('a price', () => {
  test('that changed since the buyer looked is said, not charged', async () => {
    const session = await aClass({ price: 1600 });
    const buyer = await aBuyer();
    await fill(buyer, session);
    await sql('update booking.sessions set price_cents = 1800 where id = $1', [session]);
    const program = await order(buyer, { expected_total_cents: 1600 });
    expect([program.status, program.json.code, program.json.details]).toEqual([
      409,
      'price_changed',
      { total_cents: 1800, expected_total_cents: 1600, currency: 'EUR' },
    ]);
    const form = await orderForm(buyer, { expected_total_cents: '1600' });
    expect(form.status).toBe(409);
    expect(wordsOf(form)).toContain(m.refusals.price_changed);
    expect(totalIn(form)).toBe('1800');
    expect(await ordersOf(buyer)).toEqual([]);
    expect(await seatsOf(session)).toMatchObject({ taken: 0 });
    expect((await order(buyer, { expected_total_cents: 1800 })).status).toBe(201);
  });

  test('that was changed in the browser is not believed', async () => {
    const session = await aClass({ price: 1600 });
    const buyer = await aBuyer();
    await fill(buyer, session);
    for (const cents of [0, 1, 1599, 999_999_999_999]) {
      const refused = await order(buyer, { expected_total_cents: cents });
      expect([cents, refused.status, refused.json.code]).toEqual([cents, 409, 'price_changed']);
    }
    // What an order costs is never read from what was sent.
    const sent = await order(buyer, {
      total_cents: 1,
      price_cents: 1,
      lines: [{ session_id: session, total_cents: 1 }],
      currency: 'ARS',
    });
    expect(sent.json.data).toMatchObject({ total_cents: 1600, currency: 'EUR' });
  });
});

describe('an order sent again', () => {
  test('with the same key is the same order, also five times at once', async () => {
    const session = await aClass({ price: 1600 });
    const buyer = await aBuyer();
    await fill(buyer, session);
    const key = randomUUID();
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => order(buyer, { expected_total_cents: 1600 }, key)),
    );
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(replies.map(({ json }) => `${json.data.order_id} ${json.data.payment_url}`)).size).toBe(1);
    expect(await ordersOf(buyer)).toHaveLength(1);
    expect(await seatsOf(session)).toMatchObject({ taken: 1 });
    const form = await orderForm(buyer, { idempotency_key: key, expected_total_cents: '1600' });
    expect([form.status, form.to]).toEqual([303, replies[0]?.json.data.payment_url]);
  });

  test('with the same key and something else in it is refused', async () => {
    const session = await aClass({ price: 1600 });
    const buyer = await aBuyer();
    await fill(buyer, session);
    const key = randomUUID();
    await order(buyer, { expected_total_cents: 1600 }, key);
    await fill(buyer, await aClass());
    const refused = await order(buyer, { expected_total_cents: 900 }, key);
    expect([refused.status, refused.json.code]).toEqual([422, 'idempotency_key_reused']);
    const form = await orderForm(buyer, { idempotency_key: key, expected_total_cents: '900' });
    expect([form.status, wordsOf(form).includes(m.refusals.idempotency_key_reused)]).toEqual([422, true]);
    const booking = await book(buyer, await aClass(), key);
    expect([booking.status, booking.json.code]).toEqual([422, 'idempotency_key_reused']);
    expect(await ordersOf(buyer)).toHaveLength(1);
    // Somebody else's key is nobody's business.
    const other = await aBuyer('other');
    expect((await book(other, await aClass(), key)).status).toBe(201);
  });

  test('without a key, or with one that is none, is refused', async () => {
    const buyer = await aBuyer();
    await fill(buyer, await aClass());
    const none = await buyer.visitor.call('/api/sales/orders', {});
    expect([none.status, none.json.code]).toEqual([400, 'idempotency_key_required']);
    for (const key of ['short', 'x'.repeat(101), 'with blanks in it']) {
      const refused = await order(buyer, {}, key);
      expect([key, refused.status, refused.json.code]).toEqual([key, 400, 'idempotency_key_invalid']);
    }
    expect(await ordersOf(buyer)).toEqual([]);
  });

  test('by a second press of the button finds the cart empty and the order waiting', async () => {
    const buyer = await aBuyer();
    await fill(buyer, await aClass());
    await orderForm(buyer, {});
    const again = await orderForm(buyer, {});
    expect(again.status).toBe(409);
    expect(wordsOf(again)).toContain(m.sales.cart.empty);
    expect(again.text.includes(`/orders/${(await ordersOf(buyer))[0]?.id}`)).toBe(true);
  });
});

describe('an order', () => {
  test('is for its buyer and the front desk of its business to see, and not there for anybody else', async () => {
    const buyer = await aBuyer();
    const placed = await placedOrder(buyer, await aClass());
    const stranger = await aBuyer('stranger');
    const elsewhere = await signedIn(buyer, inject('stack').barberiaUrl);
    const theirDesk = await aColleague('owner', barberia);
    for (const { visitor } of [stranger, elsewhere, theirDesk]) {
      const program = await visitor.get(`/api/sales/orders/${placed.order_id}`, {});
      expect([program.status, program.json.code]).toEqual([404, 'order_not_found']);
      expect((await visitor.get(`/orders/${placed.order_id}`)).status).toBe(404);
      for (const act of [
        visitor.send('DELETE', `/api/sales/orders/${placed.order_id}`, null, { accept: 'application/json' }),
        visitor.call(`/api/sales/orders/${placed.order_id}/cancel`, {}),
      ]) {
        expect((await act).status).toBe(404);
      }
    }
    const nobody = new Visitor();
    expect((await nobody.get(`/api/sales/orders/${placed.order_id}`, {})).status).toBe(401);
    expect((await nobody.get(`/orders/${placed.order_id}`)).to).toBe(
      `/signin?next=${encodeURIComponent(`/orders/${placed.order_id}`)}`,
    );
    const desk = await aColleague('front_desk');
    const seen = await desk.visitor.get(`/orders/${placed.order_id}`);
    expect([seen.status, wordsOf(seen).includes(m.sales.order.someoneElses({ name: 'Buyer 1' }))]).toEqual([
      200,
      true,
    ]);
    // The desk looks; giving it up is the buyer's.
    expect((await desk.visitor.call(`/api/sales/orders/${placed.order_id}/cancel`, {})).status).toBe(404);
    expect(await orderNow(placed.order_id)).toMatchObject({ state: 'placed', seats: ['held'] });
  });

  test('of nothing we know is a page that is not there', async () => {
    const { visitor } = await aBuyer();
    for (const id of [randomUUID(), 'x', '1', "'", '00000000-0000-0000-0000-000000000000', '%00']) {
      const program = await visitor.get(`/api/sales/orders/${id}`, { accept: 'application/json' });
      expect([id, [400, 404].includes(program.status)]).toEqual([id, true]);
      expect([id, [400, 404].includes((await visitor.get(`/orders/${id}`)).status)]).toEqual([id, true]);
    }
  });

  test('that is given up frees its seats at once, once', async () => {
    const session = await aClass({ seats: 1 });
    const buyer = await aBuyer();
    const placed = await placedOrder(buyer, session);
    const gone = await buyer.visitor.submit(
      `/api/sales/orders/${placed.order_id}/cancel`,
      {},
      `/orders/${placed.order_id}`,
    );
    expect([gone.status, gone.to]).toEqual([303, `/orders/${placed.order_id}`]);
    expect(wordsOf(await buyer.visitor.get(gone.to ?? ''))).toContain(m.sales.order.heads.cancelled);
    expect(await seatsOf(session)).toEqual({ taken: 0, capacity: 1, states: { cancelled: 1 } });
    const again = await buyer.visitor.send('DELETE', `/api/sales/orders/${placed.order_id}`, null, {
      accept: 'application/json',
    });
    expect([again.status, again.json.data.state]).toEqual([200, 'cancelled']);
    expect((await book(await aBuyer('next'), session)).status).toBe(201);
    await untilOrder(placed.order_id, { payments: ['canceled'] });
  });

  test('that is paid or over is not given up', async () => {
    const buyer = await aBuyer();
    const free = (await book(buyer, await aClass({ price: 0, startsIn: '4 days' }))).json.data.order_id;
    const late = await placedOrder(buyer, await aClass({ startsIn: '5 days' }));
    await endHold(late.order_id);
    const paid = await buyer.visitor.call(`/api/sales/orders/${free}/cancel`, {});
    expect([paid.status, paid.json.code]).toEqual([409, 'order_paid']);
    const form = await buyer.visitor.submit(`/api/sales/orders/${free}/cancel`, {}, `/orders/${free}`);
    expect([form.status, wordsOf(form).includes(m.refusals.order_paid)]).toEqual([409, true]);
    expect((await orderNow(free)).seats).toEqual(['confirmed']);
    expect((await buyer.visitor.call(`/api/sales/orders/${late.order_id}/cancel`, {})).status).toBeLessThan(
      410,
    );
  });

  test('gets its receipt’s number afterwards, without gaps, one business beside the other', async () => {
    const [session, taller] = [
      await aClass({ seats: 20, price: 0 }),
      await aClass({ seats: 20, price: 0, business: barberia }),
    ];
    const visitors = await Promise.all(
      (await crowd(12, 'numbers')).map((person, i) =>
        signedIn(person, i % 2 ? inject('stack').barberiaUrl : inject('stack').siteUrl),
      ),
    );
    const replies = await Promise.all(visitors.map((buyer, i) => book(buyer, i % 2 ? taller : session)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(replies.map(({ json }) => json.data.reference)).size).toBe(12);
    // One that somebody has locked just then gets its number the next time.
    const unnumbered = async () => {
      await sql('select api.number_orders()');
      return (await Promise.all(visitors.map(ordersOf))).flat().filter(({ number }) => number === null);
    };
    await expect.poll(unnumbered).toEqual([]);
    for (const buyer of visitors) {
      const [order] = await ordersOf(buyer);
      expect(order?.number).toMatch(/^\d{4}-\d{6}$/);
      const page = wordsOf(await buyer.visitor.get(`/orders/${order?.id}`));
      expect(page).toContain(order?.number);
      expect(page).toContain(order?.reference);
    }
    // A gap would be a finding.
    expect(await findings()).toEqual([]);
  });
});

describe('somebody’s orders', () => {
  test('are listed with the latest first, page by page', async () => {
    const buyer = await aBuyer();
    for (let i = 0; i < 5; i++) await book(buyer, await aClass({ price: 0, startsIn: `${5 + i} days` }));
    const ids = (await ordersOf(buyer)).map(({ id }) => id).reverse();
    const first = (await buyer.visitor.get('/api/sales/orders?limit=3', {})).json;
    expect(first.data.map(({ order_id }: { order_id: string }) => order_id)).toEqual(ids.slice(0, 3));
    const rest = (await buyer.visitor.get(`/api/sales/orders?limit=3&cursor=${first.page.next}`, {})).json;
    expect(rest.data.map(({ order_id }: { order_id: string }) => order_id)).toEqual(ids.slice(3));
    expect(rest.page.next).toBeNull();
    const page = await buyer.visitor.get('/account/orders');
    for (const id of ids) expect([id, page.text.includes(`/orders/${id}`)]).toEqual([id, true]);
    for (const query of ['limit=0', 'limit=201', 'limit=-1', 'limit=many', 'limit=1e9']) {
      const refused = await buyer.visitor.get(`/api/sales/orders?${query}`, {});
      expect([query, refused.status, Object.keys(refused.json.details.fields)]).toEqual([
        query,
        422,
        ['limit'],
      ]);
    }
    expect((await buyer.visitor.get('/api/sales/orders?cursor=nonsense', {})).status).toBe(200);
    expect((await new Visitor().get('/api/sales/orders', {})).status).toBe(401);
  });
});
