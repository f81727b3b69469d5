import { afterEach, expect, test } from 'vitest';
import { anOrder } from '../bar.ts';
import { findings, sql } from '../world.ts';
import { aBuyer, wordsOf } from './buyer.ts';
import {
  anEar,
  anOutsideTill,
  asked,
  bags,
  makeDue,
  saleOf,
  sendings,
  tell,
  verified,
} from './outside-till.ts';
import { messages } from '#platform/i18n/index.ts';

const m = messages('en');
afterEach(async () => expect(await findings()).toEqual([]));
const allOf = [
  'order.placed',
  'order.paid',
  'order.ready',
  'order.collected',
  'order.cancelled',
  'order.refunded',
  'product.changed',
  'stock.changed',
];

test('an outside till hears of an order from placing to handing over, of its stock, and of a product', async () => {
  const ear = await anEar();
  const till = await anOutsideTill({ url: ear.url, events: allOf });
  const { bar, manager } = till;
  ear.bars.push(bar);
  const order = await anOrder(bar, await aBuyer(), [
    { slug: bar.coffee.slug },
    { slug: bar.bag.slug, quantity: 2 },
  ]);
  await ear.until(3);
  expect(ear.types().sort()).toEqual(['order.paid', 'order.placed', 'stock.changed']);
  const paid = ear.heard.find(({ message }) => message.type === 'order.paid');
  expect(verified(paid!, till.secret)).toBeNull();
  expect(paid!.message).toMatchObject({
    timestamp: expect.stringMatching(/^20\d\d-.*Z$/),
    data: {
      order_id: order.order,
      channel: 'api',
      total_cents: 2610,
      lines: [
        { outside_id: 'CUP', quantity: 1, unit_cents: 310, options: [{ name: 'Whole milk' }] },
        { outside_id: 'BAG', quantity: 2, unit_cents: 1150 },
      ],
    },
  });
  // Nothing about who buys, and small.
  expect(paid!.body).not.toMatch(/@|member|email/);
  expect(paid!.body.length).toBeLessThan(4000);
  const stock = ear.heard.find(({ message }) => message.type === 'stock.changed');
  expect(stock!.message.data.items).toMatchObject([
    { outside_id: 'BOX', on_hand: 8, moved: -2, kind: 'sale', unit: 'piece' },
  ]);

  const step = (from: string, to: string) =>
    manager.visitor.call('/api/coffee/board', {
      acts: [{ id: crypto.randomUUID(), ticket_id: order.ticket, from, to }],
    });
  await step('placed', 'ready');
  await step('ready', 'collected');
  await ear.until(5);
  await manager.visitor.call('/api/coffee/board/sold-out', {
    location_id: bar.location,
    product_id: bar.coffee.id,
    sold_out: true,
  });
  await ear.until(6);
  expect(ear.types().slice(3).sort()).toEqual(['order.collected', 'order.ready', 'product.changed']);
  expect(ear.heard.find(({ message }) => message.type === 'product.changed')!.message.data).toMatchObject({
    outside_id: 'CUP',
    product_id: bar.coffee.id,
    sold_out: true,
    published: true,
  });
  expect(new Set(ear.heard.map(({ headers }) => headers['webhook-id'])).size).toBe(6);
});

test('an order that is paid as it is placed is told as placed, and then as paid', async () => {
  const ear = await anEar();
  const till = await anOutsideTill({ url: ear.url, events: ['order.placed', 'order.paid'] });
  const { bar, manager } = till;
  const made = await manager.visitor.call('/api/coffee/till', { location_id: bar.location, name: 'Counter' });
  for (let sale = 0; sale < 3; sale++) {
    const sold = await manager.visitor.call('/api/coffee/till/sales', {
      till_id: made.json.data.till_id,
      sale_id: crypto.randomUUID(),
      lines: [{ slug: bar.bag.slug }],
      pay_with: 'terminal',
    });
    expect([sold.status, sold.json.code]).toEqual([201, undefined]);
    await ear.until(2 * sale + 2);
  }
  expect(ear.types()).toEqual(Array(3).fill(['order.placed', 'order.paid']).flat());
  const [placed, paid] = ear.heard;
  expect(placed!.message.data).toMatchObject({ order_id: paid!.message.data.order_id, total_cents: 1150 });
});

test('it is not told of its own sale, but of the refund that somebody makes here', async () => {
  const ear = await anEar();
  const till = await anOutsideTill({
    url: ear.url,
    events: ['order.paid', 'order.collected', 'order.refunded'],
  });
  const sale = await tell(till, 'sale.made', saleOf(bags(2)));
  const order = sale.json.data.order_id as string;
  const [line] = await sql<{ id: string }>('select id from sales.order_lines where order_id = $1', [order]);
  const back = await till.manager.visitor.call(
    `/api/sales/orders/${order}/refunds`,
    { lines: [{ line_id: line?.id, quantity: 1 }], reason: 'torn' },
    { 'idempotency-key': crypto.randomUUID() },
  );
  expect([back.status, back.json.code]).toEqual([200, undefined]);
  await ear.until(1);
  expect(ear.heard.map(({ message }) => [message.type, message.data.amount_cents])).toEqual([
    ['order.refunded', 1150],
  ]);
});

test('what is not heard is tried again under the same id, then given up, and sent again by hand', async () => {
  const ear = await anEar([500, 302, 204]);
  const till = await anOutsideTill({ url: ear.url });
  expect((await asked(till, 'tests')).status).toBe(202);
  await expect.poll(() => sendings(till)).toMatchObject([{ state: 'queued', attempts: 1, statuses: [500] }]);
  const [first] = await sendings(till);
  // Five seconds, a little more or less.
  expect(first?.wait).toBeGreaterThan(4);
  expect(first?.wait).toBeLessThanOrEqual(5.5);
  await makeDue(till);
  await expect
    .poll(() => sendings(till))
    .toMatchObject([{ state: 'queued', attempts: 2, statuses: [500, 302] }]);
  // Five minutes, a little more or less.
  const [second] = await sendings(till);
  expect(second?.wait).toBeGreaterThan(265);
  expect(second?.wait).toBeLessThanOrEqual(330);
  await makeDue(till);
  await expect.poll(() => sendings(till)).toMatchObject([{ state: 'sent', statuses: [500, 302, 204] }]);
  expect(new Set(ear.heard.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(1);
  expect(ear.heard.map((one) => verified(one, till.secret))).toEqual([null, null, null]);

  const page = `/admin/developers/${till.id}/sent`;
  const shown = await till.manager.visitor.get(page);
  for (const status of [500, 302, 204]) expect(wordsOf(shown)).toContain(m.outside.out.answered({ status }));
  const again = /action="(\/api\/coffee\/pos\/sent\/\d+\/again)"/.exec(shown.text)?.[1] ?? '';
  expect((await till.manager.visitor.submit(again, {}, page)).to).toBe(page);
  await ear.until(4);
  expect(ear.heard[3]?.headers['webhook-id']).toBe(ear.heard[0]?.headers['webhook-id']);
});

test('after eight tries it is given up, and its page says so', async () => {
  const ear = await anEar([503]);
  const till = await anOutsideTill({ url: ear.url });
  await sql(`update shop.pos_connections set state = 'paused' where id = $1`, [till.id]);
  await sql(
    `select shop.tell_pos(c, 'connection.tested', '{}') from shop.pos_connections c where c.id = $1`,
    [till.id],
  );
  await sql('update shop.pos_messages set attempts = 7 where connection_id = $1', [till.id]);
  // Paused, it waits; let go on, it goes.
  expect(ear.heard).toEqual([]);
  await asked(till, 'state', { state: 'on' });
  await expect
    .poll(() => sendings(till))
    .toMatchObject([{ state: 'given_up', attempts: 8, statuses: [503] }]);
  const list = await till.manager.visitor.get('/admin/developers');
  expect(wordsOf(list)).toContain(m.outside.amiss({ count: 1 }));
});

test('410 Gone stops the connection; what comes up waits until somebody lets it go on', async () => {
  const ear = await anEar([410, 204]);
  const till = await anOutsideTill({ url: ear.url, events: ['stock.changed'] });
  await asked(till, 'tests');
  const state = async () =>
    (await sql('select state from shop.pos_connections where id = $1', [till.id]))[0]?.['state'];
  await expect.poll(state).toBe('gone');
  expect(await sendings(till)).toMatchObject([{ state: 'given_up', statuses: [410] }]);
  const page = await till.manager.visitor.get(`/admin/developers/${till.id}/sent`);
  expect(wordsOf(page)).toContain(m.outside.states.gone);
  const test = await asked(till, 'tests');
  expect([test.status, test.json.code]).toEqual([409, 'pos_not_connected']);
  // It still may tell us.
  expect((await tell(till, 'sale.made', saleOf(bags()))).status).toBe(200);
  await asked(till, 'state', { state: 'on' });
  await asked(till, 'tests');
  await ear.until(2);
  expect(ear.types()).toEqual(['connection.tested', 'connection.tested']);
});

test('while a secret is replaced, what goes out is signed with both', async () => {
  const ear = await anEar();
  const till = await anOutsideTill({ url: ear.url });
  const fresh = (await asked(till, 'secret')).json.data.secret as string;
  await asked(till, 'tests');
  await ear.until(1);
  expect([till.secret, fresh].map((secret) => verified(ear.heard[0]!, secret))).toEqual([null, null]);
  await asked(till, 'secret', { overlap_hours: 0 });
  await asked(till, 'tests');
  await ear.until(2);
  expect(verified(ear.heard[1]!, till.secret)).toBe('webhook_signature_wrong');
});

test('nobody who listens, nothing is queued', async () => {
  const till = await anOutsideTill({ events: allOf });
  await anOrder(till.bar, await aBuyer());
  expect(await sendings(till)).toEqual([]);
});
