import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { type Bar, aBar } from '../bar.ts';
import { crowd, lotus, sql } from '../world.ts';
import { connect } from './connections.ts';

type Answer = { order_id: string; state: string; total_cents: number } | { refused: string };
async function order(
  client: pg.Client,
  bar: Bar,
  lines: object[],
  facts: object = {},
  key: string = randomUUID(),
): Promise<Answer> {
  const text = 'select api.order_products($1, $2, $3, $4) as answer';
  const said = JSON.stringify({ location_id: bar.location, ...facts });
  try {
    return (await client.query(text, [lotus, key, JSON.stringify(lines), said])).rows[0].answer;
  } catch (error) {
    if (/^PT\d{3}$/.test((error as { code?: string }).code ?? ''))
      return { refused: (error as Error).message };
    throw error;
  }
}
const countOf = (answers: Answer[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const name = 'refused' in answer ? answer.refused : answer.state;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};
/** Everybody at once, through a handful of connections as a server has them. */
async function rush<T>(
  clients: pg.Client[],
  times: number,
  act: (client: pg.Client) => Promise<T>,
): Promise<T[]> {
  const answers: T[] = [];
  let left = times;
  await Promise.all(
    clients.map(async (client) => {
      while (left-- > 0) answers.push(await act(client));
    }),
  );
  return answers;
}
const someClients = async (name: string): Promise<pg.Client[]> =>
  Promise.all((await crowd(12, name)).map(connect));
const slots = (bar: Bar) =>
  sql<{ taken: number; capacity: number; promised: number }>(
    `select s.taken_seconds as taken, s.capacity_seconds as capacity, (select coalesce(sum(t.seconds), 0)::int from shop.slot_takings t where t.location_id = s.location_id and t.starts_at = s.starts_at) as promised
     from shop.pickup_slots s where s.location_id = $1`,
    [bar.location],
  );
const level = async (bar: Bar) =>
  (
    await sql<{ on_hand: number; reserved: number }>(
      'select on_hand::int, reserved::int from shop.stock_levels where location_id = $1 and stock_item_id = $2',
      [bar.location, bar.bag.item],
    )
  )[0];
/** On the counter's grid, so many minutes from now. */
const gridIn = (minutes: number): string =>
  new Date(Math.floor((Date.now() + minutes * 60_000) / 300_000) * 300_000).toISOString();

test('no slot is promised beyond its seconds, when two hundred orders want the same minute', async () => {
  const bar = await aBar({ slotSeconds: 300 });
  const clients = await someClients('rush');
  const wanted = gridIn(24 * 60);
  const answers = await rush(clients, 200, (client) =>
    order(client, bar, [{ slug: bar.coffee.slug }], { pickup_at: wanted }),
  );
  // A minute's work each: what fits the two slots before that minute, no more.
  expect(countOf(answers)).toEqual({ placed: 10, pickup_full: 190 });
  const after = await slots(bar);
  for (const { taken, capacity, promised } of after) {
    expect(taken).toBeLessThanOrEqual(capacity);
    expect(taken).toBe(promised);
  }
  expect(after.reduce((sum, { taken }) => sum + taken, 0)).toBe(600);
});

test('“as soon as can be” grows with the work that is waiting, and never shrinks for who comes later', async () => {
  const bar = await aBar({ slotSeconds: 300 });
  const [client] = await someClients('queue');
  const promised: number[] = [];
  for (let n = 0; n < 12; n += 1) {
    const placed = await order(client!, bar, [{ slug: bar.coffee.slug, quantity: 2 }]);
    if ('refused' in placed) throw new Error(placed.refused);
    const [row] = await sql<{ ready_by: Date }>('select ready_by from sales.orders where id = $1', [
      placed.order_id,
    ]);
    promised.push(row!.ready_by.getTime());
  }
  expect(promised).toEqual([...promised].sort((a, b) => a - b));
  // 24 coffees of a minute each, with one barista: the last is ready in some 24 minutes.
  const minutes = (promised.at(-1)! - Date.now()) / 60_000;
  expect(minutes).toBeGreaterThan(19);
  expect(minutes).toBeLessThan(30);
});

test('a hundred people and the last twenty bags: twenty have one, nobody has what is not there', async () => {
  const bar = await aBar({ onShelf: 20 });
  const answers = await rush(await someClients('bags'), 100, (client) =>
    order(client, bar, [{ slug: bar.bag.slug }]),
  );
  expect(countOf(answers)).toEqual({ placed: 20, product_sold_out: 80 });
  expect(await level(bar)).toEqual({ on_hand: 20, reserved: 20 });
});

test('one request that is sent twice at once is one order', async () => {
  const bar = await aBar();
  const [person] = await crowd(1, 'again');
  const [a, b] = [await connect(person!), await connect(person!)];
  const key = randomUUID();
  const [first, second] = await Promise.all(
    [a, b].map((client) => order(client, bar, [{ slug: bar.bag.slug }], {}, key)),
  );
  expect(first).toEqual(second);
  expect(await level(bar)).toEqual({ on_hand: 100, reserved: 1 });
});

test('two carts that want the same things in another order never wait for each other in a ring', async () => {
  const bar = await aBar();
  const clients = await someClients('ring');
  let turn = 0;
  const both = [{ slug: bar.coffee.slug }, { slug: bar.bag.slug }];
  const answers = await rush(clients, 60, (client) =>
    order(client, bar, (turn += 1) % 2 ? both : [...both].reverse()),
  );
  expect(countOf(answers)).toEqual({ placed: 60 });
});
