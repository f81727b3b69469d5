/** The stockroom as the team and programs use it: who may, what is refused, and what is on the shelves afterwards. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { barberia, findings, lotus, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, flashOf, wordsOf } from './buyer.ts';
import { type Reply, Visitor } from './visitor.ts';

let manager: Buyer;
let barista: Buyer;
let place: string;
let elsewhere: string;
beforeAll(async () => {
  [manager, barista] = await Promise.all([aColleague('manager'), aColleague('barista')]);
  // Places of one's own: nobody else counts there.
  const made = await sql<{ id: string }>(
    `insert into business.locations (business_id, name) select $1, x from unnest($2::text[]) x returning id`,
    [lotus, ['Doors', 'Doors cellar'].map((name) => `${name} ${randomUUID().slice(0, 6)}`)],
  );
  [place, elsewhere] = made.map(({ id }) => id) as [string, string];
});
afterEach(async () => expect(await findings()).toEqual([]));

const said = ({ status, json }: Reply): unknown[] => [status, json?.code];
const base = '/api/coffee/inventory';
const send = (who: Buyer, path: string, body: object, key: string = randomUUID()): Promise<Reply> =>
  who.visitor.call(`${base}${path}`, body, { 'idempotency-key': key });
const form = (
  who: Buyer,
  path: string,
  fields: Record<string, string>,
  page = '/admin/stock',
): Promise<Reply> =>
  who.visitor.submit(
    `${base}${path}`,
    { idempotency_key: randomUUID(), location_id: place, ...fields },
    `${page}?location=${place}`,
  );

async function anItem(more: object = {}): Promise<{ id: string; name: string }> {
  const name = `Thing ${randomUUID().slice(0, 8)}`;
  const { status, json } = await send(manager, '', {
    name: { en: name },
    unit: 'piece',
    pack_size: 12,
    ...more,
  });
  expect(status).toBe(201);
  return { id: json.data.item_id as string, name };
}
const rowOf = async (id: string, who = barista, where = place) => {
  const { json } = await who.visitor.get(`${base}?location_id=${where}`, { accept: 'application/json' });
  return (json.data as { item_id: string; on_hand: number; value_cents: number; low: boolean }[]).find(
    ({ item_id }) => item_id === id,
  );
};
const deliver = (item: string, quantity: number, more: object = {}, key?: string) =>
  send(manager, '/deliveries', { location_id: place, lines: [{ item_id: item, quantity, ...more }] }, key);

describe('who may', () => {
  test('nobody, customers, front desk and other businesses see no stock and move none; baristas waste and count, managers the rest', async () => {
    const { id } = await anItem();
    const nobody = new Visitor();
    expect(said(await nobody.get(base, { accept: 'application/json' }))).toEqual([401, 'sign_in_first']);
    const others = await Promise.all([
      aBuyer('customer'),
      aColleague('front_desk'),
      aColleague('manager', barberia),
    ]);
    for (const other of others) {
      expect(said(await other.visitor.get(base, { accept: 'application/json' }))).toEqual([
        403,
        'not_your_role',
      ]);
      const waste = { location_id: place, item_id: id, quantity: 1, why: 'expired' };
      expect(said(await send(other, '/waste', waste))).toEqual([403, 'not_your_role']);
    }
    const line = { location_id: place, lines: [{ item_id: id, quantity: 1 }] };
    for (const [path, body] of [
      ['/deliveries', line],
      ['/transfers', { ...line, to_location_id: elsewhere }],
      ['/corrections', { location_id: place, item_id: id, quantity: 1, why: 'x' }],
      ['/levels', { location_id: place, item_id: id, low_at: 1, par: 2 }],
      ['/recipes', { product_id: randomUUID(), lines: [] }],
      ['', { name: { en: 'Mine' }, unit: 'g' }],
      [`/${id}`, { supplier: 'Me' }],
    ] as const)
      expect(said(await send(barista, path, body)), path).toEqual([403, 'not_your_role']);
    expect((await deliver(id, 5)).status).toBe(201);
    const waste = { location_id: place, item_id: id, quantity: 1, why: 'expired' };
    expect((await send(barista, '/waste', waste)).json.data.levels).toMatchObject([{ on_hand: 4 }]);
  });

  test('a place of another business is not there', async () => {
    const { id } = await anItem();
    const theirs = '20000000-0000-4000-8000-000000000002';
    const line = { location_id: theirs, lines: [{ item_id: id, quantity: 1 }] };
    expect(said(await send(manager, '/deliveries', line))).toEqual([404, 'location_not_found']);
    const page = await barista.visitor.get(`/admin/stock?location=${theirs}`);
    expect(page.status).toBe(404);
  });
});

describe('moving', () => {
  test('a delivery is on the shelf once, at its average cost, and moves what the shelves are worth', async () => {
    const { id } = await anItem();
    const key = randomUUID();
    expect((await deliver(id, 10, { cost_cents: 1000 }, key)).status).toBe(201);
    expect((await deliver(id, 10, { cost_cents: 1000 }, key)).status).toBe(201);
    expect(said(await deliver(id, 11, { cost_cents: 1000 }, key))).toEqual([422, 'idempotency_key_reused']);
    await deliver(id, 30, { cost_cents: 9000 });
    expect(await rowOf(id)).toMatchObject({ on_hand: 40, value_cents: 10_000, unit_cost: 250 });
  });

  test.each([0, -1, 1_000_000_000])('an amount of %s is refused', async (quantity) => {
    const { id } = await anItem();
    expect(said(await deliver(id, quantity))).toEqual([422, 'stock_quantity_invalid']);
    const waste = { location_id: place, item_id: id, quantity, why: 'expired' };
    expect(said(await send(barista, '/waste', waste))).toEqual([422, 'stock_quantity_invalid']);
  });

  test('without a key nothing moves, and nothing goes below zero', async () => {
    const { id, name } = await anItem();
    const waste = { location_id: place, item_id: id, quantity: 1, why: 'spilled' };
    expect(said(await barista.visitor.call(`${base}/waste`, waste))).toEqual([
      400,
      'idempotency_key_required',
    ]);
    await deliver(id, 3);
    const low = await send(barista, '/waste', { ...waste, quantity: 4 });
    expect([low.status, low.json.code, low.json.details.on_hand]).toEqual([409, 'stock_too_low', 3]);
    const shown = await form(barista, '/waste', { item_id: id, quantity: '4', why: 'spilled' });
    expect([shown.status, wordsOf(shown).includes(`not that much of ${name} any more`)]).toEqual([409, true]);
    const fix = { location_id: place, item_id: id, quantity: -4, why: 'typo' };
    expect(said(await send(manager, '/corrections', fix))).toEqual([409, 'stock_too_low']);
    expect((await rowOf(id))?.on_hand).toBe(3);
  });

  test('what is carried elsewhere leaves here and comes there', async () => {
    const { id } = await anItem();
    await deliver(id, 9);
    const carry = { location_id: place, to_location_id: elsewhere, item_id: id, quantity: 4 };
    expect((await send(manager, '/transfers', carry)).status).toBe(201);
    expect([(await rowOf(id))?.on_hand, (await rowOf(id, barista, elsewhere))?.on_hand]).toEqual([5, 4]);
    expect(said(await send(manager, '/transfers', { ...carry, to_location_id: place }))).toEqual([
      422,
      'transfer_nowhere',
    ]);
  });

  test('an item tells how it moved by pages, newest first', async () => {
    const { id } = await anItem();
    for (const n of [1, 2, 3]) await deliver(id, n);
    const page = async (cursor?: string) =>
      (
        await barista.visitor.get(
          `${base}/${id}?location_id=${place}&limit=2${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
          { accept: 'application/json' },
        )
      ).json.data as { movements: { quantity: number }[]; next: string | null };
    const first = await page();
    const second = await page(first.next ?? '');
    expect([first, second].map(({ movements }) => movements.map(({ quantity }) => quantity))).toEqual([
      [3, 2],
      [1],
    ]);
    expect(second.next).toBeNull();
  });
});

describe('by form, without script', () => {
  test('a delivery reads amounts and money as people write them, and shows itself again where it cannot', async () => {
    const [beans, milk] = [await anItem({ unit: 'g' }), await anItem({ unit: 'ml' })];
    const wrong = await form(
      manager,
      '/deliveries',
      { [`quantity_${beans.id}`]: 'a few', [`quantity_${milk.id}`]: '12 l' },
      '/admin/stock/deliveries/new',
    );
    expect(wrong.status).toBe(422);
    expect(wrong.text).toMatch(new RegExp(`name="quantity_${milk.id}"[^>]*value="12 l"`));
    const done = await form(
      manager,
      '/deliveries',
      { [`quantity_${beans.id}`]: '1.5 kg', [`cost_${beans.id}`]: '33.00', [`quantity_${milk.id}`]: '12 l' },
      '/admin/stock/deliveries/new',
    );
    expect([done.status, done.to]).toEqual([303, '/admin/stock']);
    expect(flashOf(await manager.visitor.get('/admin/stock'))).toBe('2 items put on the shelves.');
    expect([await rowOf(beans.id), await rowOf(milk.id)]).toMatchObject([
      { on_hand: 1500, unit_cost: 2.2 },
      { on_hand: 12_000 },
    ]);
  });

  test('a count is begun, kept, and finished; what was typed stays, and the shelf is what was found', async () => {
    const { id } = await anItem();
    await deliver(id, 20);
    expect((await form(barista, '/counts', {}, '/admin/stock/count')).status).toBe(303);
    const page = await barista.visitor.get(`/admin/stock/count?location=${place}`);
    const [, action = ''] =
      /action="(\/api\/coffee\/inventory\/counts\/[0-9a-f-]{36})"/.exec(page.text) ?? [];
    const path = action.slice(base.length);
    const odd = await form(barista, path, { [`counted_${id}`]: 'lots' }, '/admin/stock/count');
    expect([odd.status, odd.text.includes('value="lots"')]).toEqual([422, true]);
    await form(barista, path, { [`counted_${id}`]: '17' }, '/admin/stock/count');
    expect((await rowOf(id))?.on_hand).toBe(20);
    await send(barista, '/waste', { location_id: place, item_id: id, quantity: 2, why: 'expired' });
    const closed = await form(barista, `${path}/close`, { [`counted_${id}`]: '17' }, '/admin/stock/count');
    expect([closed.status, closed.to]).toEqual([303, '/admin/stock']);
    // Three were missing, and two were thrown away afterwards.
    expect((await rowOf(id))?.on_hand).toBe(15);
    expect(wordsOf(await barista.visitor.get(`/admin/stock/${id}?location=${place}`))).toContain(`Count −3`);
    expect(said(await send(barista, `${path}/close`, { lines: [] }))).toEqual([409, 'stock_count_ended']);
  });

  test('what runs low is found by any of its words, is first, and is on the list to order in whole packs', async () => {
    const supplier = `Mill ${randomUUID().slice(0, 6)}`;
    const { id, name } = await anItem({ supplier });
    await deliver(id, 6);
    const levels = { item_id: id, low_at: '6', par: '40' };
    expect((await form(manager, '/levels', levels, `/admin/stock/${id}`)).status).toBe(303);
    const find = (query: string) => barista.visitor.get(`/admin/stock?location=${place}&${query}`);
    expect(wordsOf(await find(`q=${supplier.toLowerCase().replace(' ', '+')}`))).toContain(`${name} Low`);
    expect(wordsOf(await find('q=nothing+like+it'))).toContain('Nothing of that kind');
    expect(wordsOf(await find(`show=low&supplier=${encodeURIComponent(supplier)}`))).toContain(name);
    const order = await barista.visitor.get(`${base}/reorder?location_id=${place}`, {
      accept: 'application/json',
    });
    expect((order.json.data as { item_id: string }[]).find(({ item_id }) => item_id === id)).toMatchObject({
      packs: 3,
    });
    expect(wordsOf(await barista.visitor.get(`/admin/stock/reorder?location=${place}`))).toContain(
      `${name} 6 of 40 3 of 12`,
    );
    const par = { location_id: place, item_id: id, low_at: 9, par: 8 };
    expect(said(await send(manager, '/levels', par))).toEqual([422, 'stock_par_invalid']);
  });
});

test('managers hear once that something ran low, and read what a period cost', async () => {
  const { id, name } = await anItem();
  await deliver(id, 10, { cost_cents: 5000 });
  await send(manager, '/levels', { location_id: place, item_id: id, low_at: 8, par: 20 });
  for (const why of ['expired', 'spilled', 'tasting'])
    await send(barista, '/waste', { location_id: place, item_id: id, quantity: 1, why });
  const notices = await sql<{ n: number }>(
    `select count(*)::int as n from messages.notifications n join members.members m on m.id = n.member_id where m.user_id = $1 and n.kind = 'stock_low' and n.data ->> 'item_id' = $2`,
    [manager.id, id],
  );
  expect(notices).toEqual([{ n: 1 }]);
  expect(wordsOf(await manager.visitor.get('/account/notifications'))).toContain(`${name}: running low`);
  const today = Temporal.Now.plainDateISO('Europe/Madrid');
  const worth = await manager.visitor.get(
    `${base}/worth?from_on=${today.subtract({ days: 1 })}&until_on=${today.add({ days: 1 })}`,
    {
      accept: 'application/json',
    },
  );
  expect(worth.json.data.waste_cents).toBeGreaterThanOrEqual(1500);
  expect(
    said(
      await manager.visitor.get(`${base}/worth?from_on=2026-01-01&until_on=2025-01-01`, {
        accept: 'application/json',
      }),
    ),
  ).toEqual([422, 'period_invalid']);
});
