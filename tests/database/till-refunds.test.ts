/** Giving back at a till, while somebody else gives back the same, or counts the drawer. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { type Bar, aBar } from '../bar.ts';
import { crowd, lotus, sql } from '../world.ts';
import { putTill } from './a-till.ts';
import { connect } from './connections.ts';

/** A till with an open, empty drawer; `clients`: as many people at it as roles. */
async function aTill(bar: Bar, roles: string[]): Promise<{ till: string; clients: pg.Client[] }> {
  const people = await crowd(roles.length, 'counter');
  const till = await putTill(
    bar,
    people.map(({ id }, n) => ({ id, role: roles[n] })),
  );
  const clients = await Promise.all(people.map(({ id }) => connect(id)));
  await clients[0]?.query('select api.open_drawer($1, $2, 0, $3)', [lotus, till, randomUUID()]);
  return { till, clients };
}

async function sold(client: pg.Client, till: string, bar: Bar, quantity: number) {
  const order = randomUUID();
  await client.query(`select api.sell_at_till($1, $2, $3, $4, '{}', 'cash', 1000000)`, [
    lotus,
    till,
    order,
    JSON.stringify([{ slug: bar.bag.slug, quantity }]),
  ]);
  const [line] = await sql<{ id: string }>('select id from sales.order_lines where order_id = $1', [order]);
  return { order, line: line?.id ?? '' };
}

async function give(
  client: pg.Client,
  { order, line }: { order: string; line: string },
  quantity: number,
  till: string | null,
): Promise<string> {
  try {
    const { rows } = await client.query(
      `select api.refund_order($1, $2, $3, 'raced', $4, $5) ->> 'refund_cents' as cents`,
      [lotus, order, JSON.stringify([{ line_id: line, quantity, stock: 'back' }]), randomUUID(), till],
    );
    return rows[0].cents as string;
  } catch (error) {
    if (/^PT\d{3}$/.test((error as { code?: string }).code ?? '')) return (error as Error).message;
    throw error;
  }
}
const stand = async (till: string, bar: Bar) =>
  (
    await sql<{ cash: number; shelf: number }>(
      `select coalesce((select balance::int from ledger.accounts where business_id = $1 and kind = 'drawer' and owner = $2), 0) as cash,
         (select on_hand::int from shop.stock_levels where stock_item_id = $3) as shelf`,
      [lotus, till, bar.bag.item],
    )
  )[0];

test('the same line given back at the till and in the office at once goes back once', async () => {
  const bar = await aBar({ onShelf: 10 });
  const { till, clients } = await aTill(bar, ['barista', 'manager']);
  const [counter, office] = clients;
  for (let round = 0; round < 4; round += 1) {
    const before = await stand(till, bar);
    const it = await sold(counter!, till, bar, 2);
    const outcomes = await Promise.all([give(counter!, it, 2, till), give(office!, it, 2, null)]);
    expect(outcomes.sort()).toEqual(['2300', 'line_refunded_before']);
    expect(await stand(till, bar)).toEqual(before);
  }
});

test('of three pieces each of four who ask gets one, until there are none', async () => {
  const bar = await aBar({ onShelf: 10 });
  const { till, clients } = await aTill(bar, ['barista', 'manager', 'front_desk', 'manager']);
  const it = await sold(clients[0]!, till, bar, 3);
  const outcomes = await Promise.all(clients.map((client, n) => give(client, it, 1, n % 2 ? null : till)));
  expect(outcomes.sort()).toEqual(['1150', '1150', '1150', 'line_refunded_before']);
  expect(await stand(till, bar)).toEqual({ cash: 0, shelf: 10 });
  const [line] = await sql<{ returned: number }>('select returned from sales.order_lines where id = $1', [
    it.line,
  ]);
  expect(line?.returned).toBe(3);
});

test('a drawer that is closed while things go back was counted with what went back of it', async () => {
  const bar = await aBar({ onShelf: 50 });
  const { till, clients } = await aTill(bar, ['barista', 'manager']);
  const [counter, office] = clients;
  const it = await sold(counter!, till, bar, 30);
  const giving = (async () => {
    const outcomes: string[] = [];
    for (let n = 0; n < 30; n += 1) outcomes.push(await give(counter!, it, 1, till));
    return outcomes;
  })();
  await expect.poll(async () => (await stand(till, bar))?.cash, { interval: 5 }).toBeLessThan(31_000);
  const { rows } = await office!.query('select api.close_drawer($1, $2, 0, $3) as answer', [
    lotus,
    till,
    randomUUID(),
  ]);
  const outcomes = await giving;
  const back = outcomes.filter((outcome) => outcome === '1150').length;
  expect(outcomes.filter((outcome) => outcome !== '1150' && outcome !== 'refund_drawer_closed')).toEqual([]);
  expect(rows[0].answer).toMatchObject({ expected_cents: (30 - back) * 1150 });
  expect(await stand(till, bar)).toEqual({ cash: 0, shelf: 20 + back });
});
