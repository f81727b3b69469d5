import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { aBar } from '../bar.ts';
import { aClass, findings, lotus, sql } from '../world.ts';
import { aBuyer, aColleague, placedOrder, untilOrder, wordsOf } from './buyer.ts';
import { payAt } from './provider.ts';

afterEach(async () => expect(await findings()).toEqual([]));

/** The business's own day. */
const today = async (): Promise<string> =>
  (
    await sql<{ day: string }>(
      `select ((now() at time zone time_zone)::date)::text as day from business.businesses where id = $1`,
      [lotus],
    )
  )[0]!.day;

describe('the bar in numbers', () => {
  test('says what was sold, with which options, what it cost and what went together', async () => {
    const bar = await aBar();
    const buyer = await aBuyer();
    const begun = await today();
    const order = await buyer.visitor.call(
      '/api/coffee/orders',
      {
        location_id: bar.location,
        lines: [
          {
            slug: bar.coffee.slug,
            modifier_ids: [bar.coffee.oat, bar.coffee.shot, bar.coffee.shot],
            quantity: 2,
          },
          { slug: bar.bag.slug },
        ],
        tip: { cents: 100 },
      },
      { 'idempotency-key': randomUUID() },
    );
    await payAt(order.json.data.payment_url);
    await untilOrder(order.json.data.order_id, { state: 'paid' });
    const manager = await aColleague('manager');
    // Two days, where midnight comes in between.
    const days = `from=${begun}&until=${await today()}`;
    const numbers = (await manager.visitor.get(`/api/admin/analytics/shop?${days}`, {})).json.data;
    const of = (list: { slug: string }[], slug: string) => list.find((one) => one.slug === slug);
    // Without tax: 1,020 at 10 % in it is 927; 1,150 is 1,045. A bag costs us 620.
    expect(of(numbers.by_product, bar.coffee.slug)).toMatchObject({
      quantity: 2,
      net_cents: 927,
      cost_cents: 0,
    });
    expect(of(numbers.by_product, bar.bag.slug)).toMatchObject({
      quantity: 1,
      net_cents: 1045,
      cost_cents: 620,
    });
    const shots = numbers.by_modifier.find(
      (one: { modifier_id: string }) => one.modifier_id === bar.coffee.shot,
    );
    expect(shots).toMatchObject({ times: 4, cents: 320 });
    expect(numbers.tip_cents).toBeGreaterThanOrEqual(100);
    const page = await manager.visitor.get(`/admin/analytics/shop?${days}`);
    expect([page.status, wordsOf(page)]).toEqual([200, expect.stringContaining('€10.45')]);
    const file = await manager.visitor.get(`/api/admin/analytics/shop?${days}&format=csv`);
    expect(file.headers.get('content-type')).toContain('text/csv');
    expect(file.text).toMatch(/Bag \w+,1,10\.45,6\.20,4\.25,EUR/);
  });

  test('shares out what a bundle brought over what is in it', async () => {
    const bar = await aBar();
    const { visitor } = await aColleague('manager');
    const name = `Duo ${randomUUID().slice(0, 8)}`;
    const made = async (path: string, body: object) =>
      (await visitor.call(path, body)).json.data as Record<string, string>;
    const { category_id } = await made('/api/coffee/menu/categories', { name: { en: name } });
    const { product_id, slug } = await made('/api/coffee/products', {
      ...{ category_id, name: { en: name }, kind: 'bundle', price_cents: 1200, tax_rate_bp: 1000 },
      bundle: [
        { product_id: bar.coffee.id, quantity: 1 },
        { product_id: bar.bag.id, quantity: 1 },
      ],
    });
    await visitor.call(`/api/coffee/products/${product_id}/publish`, { published: true });
    const begun = await today();
    const { till_id } = await made('/api/coffee/till', { location_id: bar.location, name: 'Counter' });
    const sold = await visitor.call('/api/coffee/till/sales', {
      ...{ till_id, sale_id: randomUUID(), lines: [{ slug }], pay_with: 'terminal' },
    });
    expect([sold.status, sold.json.code]).toEqual([201, undefined]);
    const days = `from=${begun}&until=${await today()}`;
    const numbers = (await visitor.get(`/api/admin/analytics/shop?${days}`, {})).json.data;
    // 1,200 without its tax is 1,091, of which 310 and 1,150 apart are 232 and 859.
    expect(numbers.bundles.find((one: { slug: string }) => one.slug === slug)).toMatchObject({
      net_cents: 1091,
      parts: [
        { slug: bar.bag.slug, quantity: 1, net_cents: 859 },
        { slug: bar.coffee.slug, quantity: 1, net_cents: 232 },
      ],
    });
    const page = wordsOf(await visitor.get(`/admin/analytics/shop?${days}`));
    expect(page).toMatch(new RegExp(`${name}: Bag \\w+ 1 €8\\.59`));
    await visitor.call(`/api/coffee/products/${product_id}/retire`, { retired: true });
  });

  test('is for managers, and of days that make sense', async () => {
    const desk = await aColleague('front_desk');
    expect((await desk.visitor.get('/api/admin/analytics/shop', {})).status).toBe(403);
    expect((await desk.visitor.get('/api/admin/analytics/day?on=2026-11-01', {})).status).toBe(403);
    const manager = await aColleague('manager');
    expect((await manager.visitor.get('/api/admin/analytics/day?on=yesterday', {})).status).toBe(422);
  });
});

describe('a day’s books', () => {
  test('are the same from the orders and from the ledger, to the cent', async () => {
    const bar = await aBar();
    const buyer = await aBuyer();
    const before = await aColleague('manager');
    const on = await today();
    const read = async () => (await before.visitor.get(`/api/admin/analytics/day?on=${on}`, {})).json.data;
    const order = await buyer.visitor.call(
      '/api/coffee/orders',
      { location_id: bar.location, lines: [{ slug: bar.bag.slug, quantity: 3 }] },
      { 'idempotency-key': randomUUID() },
    );
    await payAt(order.json.data.payment_url);
    await untilOrder(order.json.data.order_id, { state: 'paid' });
    // And something that goes back.
    const seat = await placedOrder(buyer, await aClass({ price: 1700 }));
    await payAt(seat.payment_url);
    await untilOrder(seat.order_id, { state: 'paid' });
    const [booking] = await sql<{ id: string }>(
      'select k.id from booking.bookings k join sales.order_lines l on l.id = k.order_line_id where l.order_id = $1',
      [seat.order_id],
    );
    const key = { 'idempotency-key': randomUUID() };
    await buyer.visitor.call(`/api/yoga/bookings/${booking?.id}/cancel`, {}, key);
    await untilOrder(seat.order_id, { refunded: 1700 });
    const day = await read();
    const back = day.given_back.find((one: { name: string }) => one.name === 'stripe');
    expect(back.orders_cents).toBeLessThanOrEqual(-1700);
    const stripe = day.taken.find((one: { name: string }) => one.name === 'stripe');
    expect(stripe.orders_cents).toBeGreaterThanOrEqual(3450);
    for (const part of [...day.taken, ...day.given_back, ...day.tax])
      expect(part.orders_cents, part.name).toBe(part.ledger_cents);
    expect(day.earned_orders_cents).toBe(day.earned_ledger_cents);
    expect(wordsOf(await before.visitor.get(`/admin/analytics/day?on=${on}`))).toContain(
      'Orders and ledger agree to the cent.',
    );
  });
});
