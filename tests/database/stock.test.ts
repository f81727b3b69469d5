/** Stock on real Postgres: who gets the last ones, what is given back, and that levels are the sum of what moved, whatever races. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { crowd, lotus, people, sql } from '../world.ts';
import { connect } from './connections.ts';

interface Bar {
  location: string;
  item: string;
  /** A bun takes one of the item, a double three; both cost money, so that an order is held until it is paid. */
  bun: string;
  double: string;
}

/** A bar of one's own that is open at any hour, with so many of one thing. */
async function aBar(stock: number, seconds = 0): Promise<Bar> {
  const tag = randomUUID().slice(0, 8);
  const [made] = await sql<Bar & pg.QueryResultRow>(
    `with place as (insert into business.locations (business_id, name) values ($1, 'Bar ' || $2) returning id),
       counter as (insert into shop.counters (location_id, business_id, hours, slot_seconds, slot_minutes, position)
         select id, $1, (select jsonb_agg(jsonb_build_object('day', d, 'opens', '00:00', 'closes', '24:00')) from generate_series(1, 7) d), 36000, 30, 99 from place),
       item as (insert into shop.stock_items (business_id, name, unit, unit_cost) values ($1, jsonb_build_object('en', 'Buns ' || $2), 'piece', 50) returning id),
       products as (insert into shop.products (business_id, category_id, slug, name, price_cents, make_seconds, published)
         select $1, (select c.id from shop.categories c where c.business_id = $1 order by c.position limit 1), x || '-' || $2, jsonb_build_object('en', x), 300, $3::int, true from unnest(array['bun', 'double']) x returning id, slug),
       recipe as (insert into shop.recipe_lines (business_id, product_id, stock_item_id, quantity)
         select $1, p.id, item.id, case when p.slug like 'bun%' then 1 else 3 end from products p, item)
     select place.id as location, item.id as item, 'bun-' || $2 as bun, 'double-' || $2 as double from place, item`,
    [lotus, tag, seconds],
  );
  if (!made) throw new Error('No bar was made');
  if (stock > 0)
    await sql(
      `select shop.move_stock($1, $2, 'delivery', 'delivery:' || $3, array[$4::uuid], array[$5::bigint])`,
      [lotus, made.location, tag, made.item, stock],
    );
  return made;
}

type Answer = { order_id: string; state: string } | { refused: string };
const asRefusal = (error: unknown): { refused: string } => {
  if (/^PT\d{3}$/.test((error as { code?: string }).code ?? '')) return { refused: (error as Error).message };
  throw error;
};
const order = (client: pg.Client, bar: Bar, lines: object[]): Promise<Answer> =>
  client
    .query('select api.order_products($1, $2, $3, $4) as answer', [
      lotus,
      randomUUID(),
      JSON.stringify(lines),
      JSON.stringify({ location_id: bar.location }),
    ])
    .then(({ rows }) => rows[0].answer as Answer, asRefusal);
const call = <T = unknown>(client: pg.Client, name: string, ...values: unknown[]) =>
  client
    .query(`select api.${name}(${['$1', ...values.map((_, i) => `$${i + 2}`)].join(', ')}) as answer`, [
      lotus,
      ...values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : value)),
    ])
    .then(({ rows }) => rows[0].answer as T | { refused: string }, asRefusal);
const level = async ({ location, item }: Bar): Promise<[number, number]> => {
  const [row] = await sql<{ on_hand: string; reserved: string }>(
    'select on_hand, reserved from shop.stock_levels where location_id = $1 and stock_item_id = $2',
    [location, item],
  );
  return [Number(row?.on_hand ?? 0), Number(row?.reserved ?? 0)];
};

/** A level, and which of some orders were swept up as run out, both of one instant. */
const levelAndGone = async ({ location, item }: Bar, orders: { id: string }[]) => {
  const [row] = await sql<{ on_hand: string; reserved: string; gone: string[] }>(
    `select on_hand, reserved, array(select o.id from sales.orders o where o.id = any ($3) and o.state = 'expired') as gone
     from shop.stock_levels where location_id = $1 and stock_item_id = $2`,
    [location, item, orders.map(({ id }) => id)],
  );
  return { level: [Number(row?.on_hand), Number(row?.reserved)], gone: row?.gone ?? [] };
};
const pay = (orderId: string) =>
  sql(`select payments.pay_at_once(o, 'terminal') from sales.orders o where o.id = $1`, [orderId]);
const tally = (answers: Answer[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(answers, (a) => ('refused' in a ? a.refused : a.state))).map(
      ([name, all]) => [name, all?.length ?? 0],
    ),
  );

test('a hundred people order the last twenty: twenty are served, eighty are told, and nothing is left', async () => {
  const bar = await aBar(20);
  const buyers = await crowd(100, 'hungry');
  // Twenty at a time, each on a connection of their own.
  const clients = await Promise.all(buyers.slice(0, 20).map(connect));
  const answers = await Promise.all(
    clients.map(async (client, i) => {
      const mine: Answer[] = [];
      for (const { id } of buyers.filter((_, n) => n % 20 === i)) {
        await client.query(`select set_config('request.jwt.claims', $1, false)`, [
          JSON.stringify({ sub: id, role: 'authenticated' }),
        ]);
        mine.push(await order(client, bar, [{ slug: bar.bun }]));
      }
      return mine;
    }),
  );
  expect(tally(answers.flat())).toEqual({ placed: 20, product_sold_out: 80 });
  expect(await level(bar)).toEqual([20, 20]);
  for (const answer of answers.flat()) if ('order_id' in answer) await pay(answer.order_id);
  expect(await level(bar)).toEqual([0, 0]);
  expect(
    await sql(
      `select count(*)::int as sales, min(balance_after)::int as least from shop.stock_movements where stock_item_id = $1 and kind = 'sale'`,
      [bar.item],
    ),
  ).toEqual([{ sales: 20, least: 0 }]);
});

test('lines that share an ingredient are summed before anything is taken', async () => {
  const bar = await aBar(5);
  const [a] = await crowd(1, 'both');
  const client = await connect(a!);
  const both = (n: number) => [
    { slug: bar.bun, quantity: n },
    { slug: bar.double, quantity: 1 },
  ];
  expect(await order(client, bar, both(3))).toEqual({ refused: 'product_sold_out' });
  expect(await level(bar)).toEqual([5, 0]);
  expect(await order(client, bar, both(2))).toMatchObject({ state: 'placed' });
  expect(await level(bar)).toEqual([5, 5]);
});

test('what somebody held and did not pay for goes to the next one who asks, with nobody sweeping', async () => {
  const bar = await aBar(1);
  const [first, second] = await crowd(2, 'held');
  const placed = (await order(await connect(first!), bar, [{ slug: bar.bun }])) as { order_id: string };
  const next = await connect(second!);
  expect(await order(next, bar, [{ slug: bar.bun }])).toEqual({ refused: 'product_sold_out' });
  await sql(`update sales.orders set hold_expires_at = now() - interval '1 second' where id = $1`, [
    placed.order_id,
  ]);
  const got = await order(next, bar, [{ slug: bar.bun }]);
  expect(got).toMatchObject({ state: 'placed' });
  await pay((got as { order_id: string }).order_id);
  // The first one's money comes too late for the bun, and goes back.
  await pay(placed.order_id);
  expect(await sql('select state from sales.orders where id = $1', [placed.order_id])).toEqual([
    { state: 'expired' },
  ]);
  expect(await level(bar)).toEqual([0, 0]);
});

test('what is sold while somebody counts stays sold, and the count corrects only what was wrong', async () => {
  const bar = await aBar(50);
  const staff = await connect({ id: people.manager.id });
  const count = (await call<{ count_id: string }>(staff, 'open_count', bar.location)) as { count_id: string };
  const buyers = await crowd(10, 'during');
  const clients = await Promise.all(buyers.map(connect));
  // Three are missing when the shelf is looked at; ten buy before, while and after the number is written down.
  const [, answers] = await Promise.all([
    call(staff, 'keep_counted', count.count_id, [{ item_id: bar.item, counted: 47 }]).then(async () => {
      const [line] = await sql<{ book: string }>(
        'select book from shop.stock_count_lines where count_id = $1',
        [count.count_id],
      );
      return line;
    }),
    Promise.all(
      clients.map(async (client) => {
        const placed = await order(client, bar, [{ slug: bar.bun }]);
        if ('order_id' in placed) await pay(placed.order_id);
        return placed;
      }),
    ),
  ]);
  expect(tally(answers)).toEqual({ placed: 10 });
  const [line] = await sql<{ book: string }>('select book from shop.stock_count_lines where count_id = $1', [
    count.count_id,
  ]);
  const found = 47 - Number(line?.book);
  await call(staff, 'close_count', randomUUID(), count.count_id);
  expect(await level(bar)).toEqual([40 + found, 0]);
});

test('two who count one place close it once; two who carry in opposite directions never wait for each other', async () => {
  const [here, there] = [await aBar(30), await aBar(0)];
  await sql(
    `select shop.move_stock($1, $2, 'delivery', 'more:' || $3::text, array[$3::uuid], array[30::bigint])`,
    [lotus, there.location, here.item],
  );
  const [a, b] = [await connect({ id: people.manager.id }), await connect({ id: people.owner.id })];
  const count = (await call<{ count_id: string }>(a, 'open_count', here.location)) as { count_id: string };
  await call(a, 'keep_counted', count.count_id, [{ item_id: here.item, counted: 28 }]);
  const closed = await Promise.all(
    [a, b].map((client) => call(client, 'close_count', randomUUID(), count.count_id)),
  );
  expect(closed.map((answer) => (answer as { refused?: string }).refused).sort()).toEqual([
    'stock_count_ended',
    undefined,
  ]);
  expect(await level(here)).toEqual([28, 0]);
  const carried = await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      i % 2
        ? call(a, 'transfer_stock', randomUUID(), here.location, there.location, [
            { item_id: here.item, quantity: 1 },
          ])
        : call(b, 'transfer_stock', randomUUID(), there.location, here.location, [
            { item_id: here.item, quantity: 1 },
          ]),
    ),
  );
  expect(carried.filter((answer) => 'refused' in (answer as object))).toEqual([]);
  expect(await level(here)).toEqual([28, 0]);
});

test('whatever happens in whatever order, a level is the sum of what moved, and what is set aside is what is held', async () => {
  const [buyer] = await crowd(1, 'anything');
  const [customer, staff] = [await connect(buyer!), await connect({ id: people.manager.id })];
  const acts = fc.array(
    fc.oneof(
      fc.record({
        act: fc.constantFrom('deliver', 'waste', 'order', 'count'),
        n: fc.integer({ min: 1, max: 6 }),
      }),
      fc.record({
        act: fc.constantFrom('pay', 'cancel', 'expire', 'sweep'),
        n: fc.integer({ min: 0, max: 9 }),
      }),
    ),
    { minLength: 5, maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(acts, async (sequence) => {
      const bar = await aBar(4);
      let [onHand, reserved] = [4, 0];
      const held: { id: string; n: number; expired: boolean }[] = [];
      for (const { act, n } of sequence) {
        const one = held[n % Math.max(held.length, 1)];
        const lines = [{ item_id: bar.item, quantity: n }];
        if (act === 'deliver') {
          await call(staff, 'receive_delivery', randomUUID(), bar.location, lines);
          onHand += n;
        } else if (act === 'waste') {
          const said = await call(staff, 'record_waste', randomUUID(), bar.location, lines, 'expired');
          expect('refused' in (said as object)).toBe(n > onHand);
          if (n <= onHand) onHand -= n;
        } else if (act === 'count') {
          await call(staff, 'count_stock', randomUUID(), bar.location, [{ item_id: bar.item, counted: n }]);
          onHand = n;
        } else if (act === 'order') {
          const said = await order(customer, bar, [{ slug: bar.bun, quantity: n }]);
          const freed = held.filter((x) => x.expired).reduce((sum, x) => sum + x.n, 0);
          const fits = n <= onHand - reserved;
          expect('refused' in said).toBe(!fits && n > onHand - reserved + freed);
          if (!fits && freed > 0 && !('refused' in said)) {
            reserved -= freed;
            for (const x of held.filter(({ expired }) => expired)) held.splice(held.indexOf(x), 1);
          }
          if ('order_id' in said) {
            held.push({ id: said.order_id, n, expired: false });
            reserved += n;
          }
        } else if (one && act === 'pay') {
          await pay(one.id);
          held.splice(held.indexOf(one), 1);
          reserved -= one.n;
          // What fell on the floor meanwhile cannot be sold: the money goes back.
          if (one.n <= onHand) onHand -= one.n;
        } else if (one && act === 'cancel' && !one.expired) {
          await call(customer, 'cancel_order', one.id);
          held.splice(held.indexOf(one), 1);
          reserved -= one.n;
        } else if (one && act === 'expire') {
          await sql(`update sales.orders set hold_expires_at = now() - interval '1 second' where id = $1`, [
            one.id,
          ]);
          one.expired = true;
        }
        // Whoever sweeps meanwhile, in another test, takes what ran out of all orders: then it is no longer set aside here.
        const { gone, level: there } = await levelAndGone(bar, held);
        for (const x of held.filter(({ id }) => gone.includes(id))) {
          held.splice(held.indexOf(x), 1);
          reserved -= x.n;
        }
        expect(there).toEqual([onHand, reserved]);
      }
      const [sum] = await sql<{ n: string | null }>(
        'select sum(quantity) as n from shop.stock_movements where stock_item_id = $1',
        [bar.item],
      );
      expect(Number(sum?.n)).toBe(onHand);
      expect(await sql('select * from shop.findings()')).toEqual([]);
    }),
    { numRuns: 25 },
  );
});
