import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, allAtOnce, findings, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, untilOrder, wordsOf } from './buyer.ts';
import { payAt } from './provider.ts';
import { bookingIn } from './studio.ts';
import { checkOut } from './subscriber.ts';
import { Visitor } from './visitor.ts';

const m = messages('en');
const code = () => `T-${randomUUID().slice(0, 8)}`;

afterEach(async () => expect(await findings()).toEqual([]));

/** A manager's code of 25 % for classes. */
async function aCode(
  manager: Buyer,
  facts: Record<string, unknown> = {},
): Promise<{ id: string; code: string }> {
  const made = await manager.visitor.call('/api/admin/promotions', {
    code: code(),
    kind: 'percent',
    percent: 25,
    goods: 'classes',
    label_en: 'A quarter off',
    label_es: 'Un cuarto menos',
    ...facts,
  });
  expect(made.status, made.text).toBe(201);
  return { id: made.json.data.promotion_id, code: made.json.data.code };
}

test('a visitor types a code without script, sees what it takes off, signs in and pays just that; the receipt says why', async () => {
  const manager = await aColleague('manager');
  const promotion = await aCode(manager);
  const visitor = new Visitor();
  await visitor.submit('/api/sales/cart', { session_id: await aClass({ price: 1600 }) }, '/schedule');
  const wrong = await visitor.submit('/api/sales/cart/promotion', { code: 'NO-SUCH-CODE' }, '/cart');
  expect(wrong.status).toBe(404);
  expect(wordsOf(wrong)).toContain(m.refusals.promotion_not_found);
  const typed = { code: ` ${promotion.code.toLowerCase()} ` };
  const put = await visitor.submit('/api/sales/cart/promotion', typed, '/cart');
  expect([put.status, put.to]).toEqual([303, '/cart#code']);
  const cart = wordsOf(await visitor.get('/cart'));
  expect(cart).toContain('A quarter off: −€4.00');
  expect(cart).toContain('€12.00');

  const buyer = await aBuyer('coupon');
  for (const [name, value] of visitor.jar) if (name.includes('cart')) buyer.visitor.jar.set(name, value);
  const refused = await buyer.visitor.call(
    '/api/sales/orders',
    { expected_total_cents: 1600 },
    { 'idempotency-key': randomUUID() },
  );
  expect([refused.status, refused.json.code]).toEqual([409, 'price_changed']);
  const order = await checkOut(buyer);
  expect(order.total_cents).toBe(1200);
  await payAt(order.payment_url ?? '');
  await untilOrder(order.order_id, { state: 'paid', captured: 1200 });
  const receipt = wordsOf(await buyer.visitor.get(`/orders/${order.order_id}`));
  expect(receipt).toContain('A quarter off: −€4.00');
  const uses = wordsOf(await manager.visitor.get(`/admin/promotions/${promotion.id}`));
  expect(uses).toContain(m.promotions.kept.usesCount({ count: 1 }));
  expect(uses).toContain('€4.00');
});

test('a use that does not count says why: given back, or kept back when its refund failed', async () => {
  const manager = await aColleague('manager');
  const promotion = await aCode(manager);
  const [buyer, session] = [await aBuyer('returns'), await aClass({ price: 1600 })];
  await buyer.visitor.call('/api/sales/cart', { session_id: session });
  await buyer.visitor.call('/api/sales/cart/promotion', { code: promotion.code });
  const order = await checkOut(buyer);
  await payAt(order.payment_url ?? '');
  await untilOrder(order.order_id, { state: 'paid', captured: 1200 });
  const path = `/api/yoga/bookings/${await bookingIn(session, buyer)}/cancel`;
  expect((await buyer.visitor.call(path, {}, { 'idempotency-key': randomUUID() })).status).toBe(200);
  const uses = async (page = '') =>
    wordsOf(await manager.visitor.get(`${page}/admin/promotions/${promotion.id}`));
  const { refunded, used_up, used_again } = m.promotions.kept.givenBack;
  expect(await uses()).toContain(refunded);
  const staysBack = (why: string) =>
    allAtOnce((run) =>
      run('update sales.promotion_uses set stays_back = $2 where order_id = $1', [order.order_id, why]),
    );
  await staysBack('used_up');
  expect(await uses()).toContain(used_up);
  await staysBack('used_again');
  expect(await uses()).toContain(used_again);
  expect(await uses('/es')).toContain(messages('es').promotions.kept.givenBack.used_again);
});

test('a program hears the name of why a code does not hold, and takes it out again', async () => {
  const manager = await aColleague('manager');
  const [holds, barOnly, dear] = [
    await aCode(manager),
    await aCode(manager, { goods: 'bar' }),
    await aCode(manager, { min_cents: 100_000 }),
  ];
  const { visitor } = await aBuyer('coder');
  await visitor.call('/api/sales/cart', { session_id: await aClass({ price: 1000 }) });
  const say = async (said: string) => {
    const reply = await visitor.call('/api/sales/cart/promotion', { code: said });
    return [reply.status, reply.json.code ?? reply.json.data.promotion?.code ?? null];
  };
  expect(await say('nothing')).toEqual([404, 'promotion_not_found']);
  expect(await say(barOnly.code)).toEqual([409, 'promotion_nothing_fits']);
  expect(await say(dear.code)).toEqual([409, 'promotion_minimum']);
  expect(await say(holds.code)).toEqual([200, holds.code]);
  const total = async () => (await visitor.get('/api/sales/cart', {})).json.data.total_cents;
  expect(await total()).toBe(750);
  expect((await manager.visitor.call(`/api/admin/promotions/${holds.id}/end`, {})).status).toBe(200);
  expect(await total()).toBe(1000);
  const placed = await visitor.call('/api/sales/orders', {}, { 'idempotency-key': randomUUID() });
  expect([placed.status, placed.json.code]).toEqual([409, 'promotion_ended']);
  expect(await say('')).toEqual([200, null]);
  // Ten a minute a person: whoever guesses has to wait. Somebody else, whose minute begins with the first guess.
  const guesser = await aBuyer('guesser');
  await guesser.visitor.call('/api/sales/cart', { session_id: await aClass({ price: 1000 }) });
  const guesses = [];
  for (let i = 0; i < 11; i++)
    guesses.push((await guesser.visitor.call('/api/sales/cart/promotion', { code: code() })).status);
  expect(guesses).toEqual([...Array<number>(10).fill(404), 429]);
});

test('a manager makes a code with a form, changes it and ends it; nobody else may', async () => {
  const manager = await aColleague('manager');
  const form = {
    code: code(),
    label_en: 'Two off',
    label_es: 'Dos menos',
    kind: 'amount',
    percent: '',
    amount: '2.00',
    goods: 'both',
    starts_on: '2026-01-01',
    ends_on: '2099-12-31',
    min: '8',
    max_uses: '50',
    max_per_member: '',
    first_order_only: 'yes',
    published: 'yes',
  };
  const wrong = await manager.visitor.submit(
    '/api/admin/promotions',
    { ...form, amount: 'much' },
    '/admin/promotions/new',
  );
  expect(wrong.status).toBe(422);
  const both = await manager.visitor.submit(
    '/api/admin/promotions',
    { ...form, percent: '5' },
    '/admin/promotions/new',
  );
  expect([both.status, wordsOf(both).includes(m.refusals.promotion_invalid)]).toEqual([422, true]);
  const made = await manager.visitor.submit('/api/admin/promotions', form, '/admin/promotions/new');
  expect(made.status).toBe(303);
  const id = made.to!.split('/').at(-1);
  const columns = () =>
    sql(
      `select code::text, kind, percent, amount_cents::int, min_cents::int, max_uses, max_per_member, first_order_only, published, (ends_at at time zone 'Europe/Madrid')::text as ends from sales.promotions where id = $1`,
      [id],
    );
  expect(await columns()).toEqual([
    {
      code: form.code,
      kind: 'amount',
      percent: null,
      amount_cents: 200,
      min_cents: 800,
      max_uses: 50,
      max_per_member: null,
      first_order_only: true,
      published: true,
      ends: '2100-01-01 00:00:00',
    },
  ]);
  const again = await manager.visitor.submit('/api/admin/promotions', form, '/admin/promotions/new');
  expect([again.status, wordsOf(again).includes(m.refusals.promotion_code_taken)]).toEqual([409, true]);
  await manager.visitor.submit(
    `/api/admin/promotions/${id}`,
    { ...form, amount: '', percent: '5', kind: 'percent' },
    made.to!,
  );
  expect(await columns()).toMatchObject([{ kind: 'percent', percent: 5, amount_cents: null }]);
  expect(wordsOf(await manager.visitor.get('/admin/promotions'))).toContain(form.code);

  const stranger = await aBuyer('stranger');
  for (const path of [
    '/api/admin/promotions',
    `/api/admin/promotions/${id}`,
    `/api/admin/promotions/${id}/end`,
  ]) {
    expect((await stranger.visitor.call(path, { ...form, id })).status).toBe(403);
  }
  expect((await stranger.visitor.get('/admin/promotions')).status).toBe(403);
  const ended = await manager.visitor.submit(`/api/admin/promotions/${id}/end`, {}, made.to!);
  expect(ended.status).toBe(303);
  expect(wordsOf(await manager.visitor.get(made.to!))).toContain(m.promotions.kept.standing.over);
});
