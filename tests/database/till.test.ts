import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { type Bar, aBar } from '../bar.ts';
import { crowd, lotus, sql } from '../world.ts';
import { putTill } from './a-till.ts';
import { connect } from './connections.ts';

/** Tills at one bar, each with somebody at it and nothing in its open drawer. */
async function tills(bar: Bar, count: number): Promise<{ till: string; client: pg.Client }[]> {
  const sellers = await crowd(count, 'seller');
  return Promise.all(
    sellers.map(async ({ id }) => {
      const till = await putTill(bar, [{ id }]);
      const client = await connect(id);
      await client.query('select api.open_drawer($1, $2, 0, $3)', [lotus, till, randomUUID()]);
      return { till, client };
    }),
  );
}

type Answer = { order_id: string; total_cents: number } | { refused: string };
async function sell(client: pg.Client, till: string, bar: Bar, sale: string = randomUUID()): Promise<Answer> {
  const lines = JSON.stringify([{ slug: bar.bag.slug }]);
  const text = `select api.sell_at_till($1, $2, $3, $4, '{}', 'cash', 2000) as answer`;
  return refusable(async () => (await client.query(text, [lotus, till, sale, lines])).rows[0].answer);
}
async function refusable<T>(act: () => Promise<T>): Promise<T | { refused: string }> {
  try {
    return await act();
  } catch (error) {
    if (/^PT\d{3}$/.test((error as { code?: string }).code ?? ''))
      return { refused: (error as Error).message };
    throw error;
  }
}
const cashIn = async (till: string) =>
  (
    await sql<{ cents: number }>(
      `select balance::int as cents from ledger.accounts where business_id = $1 and kind = 'drawer' and owner = $2`,
      [lotus, till],
    )
  )[0]?.cents ?? 0;
const onHand = async (bar: Bar) =>
  (
    await sql<{ n: number }>('select on_hand::int as n from shop.stock_levels where stock_item_id = $1', [
      bar.bag.item,
    ])
  )[0]?.n;

test('one sale that is sent by two at once is one sale, in one drawer', async () => {
  const bar = await aBar({ onShelf: 5 });
  const [one, two] = await tills(bar, 2);
  const sale = randomUUID();
  // Who sends it does not matter: what one left on the device, the next one sends.
  const answers = await Promise.all(
    [one!, two!, one!, two!].map(({ client }) => sell(client, one!.till, bar, sale)),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toMatchObject({ order_id: sale, total_cents: 1150 });
  expect([await cashIn(one!.till), await cashIn(two!.till), await onHand(bar)]).toEqual([1150, 0, 4]);
});

test('two tills and the last bag: one sells it, the other is told, and nobody took the money', async () => {
  const bar = await aBar({ onShelf: 1 });
  const [one, two] = await tills(bar, 2);
  const answers = await Promise.all([one!, two!].map(({ client, till }) => sell(client, till, bar)));
  expect(answers.map((answer) => ('refused' in answer ? answer.refused : 'sold')).sort()).toEqual([
    'product_sold_out',
    'sold',
  ]);
  expect([(await cashIn(one!.till)) + (await cashIn(two!.till)), await onHand(bar)]).toEqual([1150, 0]);
});

test('a drawer that is closed while people pay: what was counted is what was sold, to the cent', async () => {
  const bar = await aBar({ onShelf: 50 });
  const [one, two] = await tills(bar, 2);
  const selling = (async () => {
    const sold: Answer[] = [];
    for (let n = 0; n < 30; n += 1) sold.push(await sell(one!.client, one!.till, bar));
    return sold;
  })();
  await expect.poll(() => cashIn(one!.till), { interval: 5 }).toBeGreaterThan(3000);
  const { rows } = await two!.client.query('select api.close_drawer($1, $2, 0, $3) as answer', [
    lotus,
    one!.till,
    randomUUID(),
  ]);
  const sold = await selling;
  const paid = sold.filter((answer) => !('refused' in answer)).length;
  expect(sold.filter((answer) => 'refused' in answer && answer.refused !== 'drawer_closed')).toEqual([]);
  expect(rows[0].answer).toMatchObject({ expected_cents: paid * 1150, difference_cents: -paid * 1150 });
  expect([await cashIn(one!.till), await onHand(bar)]).toEqual([0, 50 - paid]);
});

test('what a till sold without a connection, sent by two devices at once while another till sells the same: each is sold once', async () => {
  const bar = await aBar({ onShelf: 10 });
  const [one, two] = await tills(bar, 2);
  const sales = Array.from({ length: 12 }, () => ({
    sale_id: randomUUID(),
    at: new Date().toISOString(),
    lines: [{ product_id: bar.bag.id, quantity: 1, unit_cents: 1150 }],
    pay_with: 'cash',
    tendered_cents: 1150,
    total_cents: 1150,
  }));
  const sync = async (client: pg.Client, batch: object[]): Promise<{ outcome: string }[]> =>
    (
      await client.query('select api.sync_till_sales($1, $2, $3) as answer', [
        lotus,
        one!.till,
        JSON.stringify(batch),
      ])
    ).rows[0].answer;
  const again = await connect(
    (
      await sql<{ by: string }>('select opened_by as by from shop.drawer_sessions where till_id = $1', [
        one!.till,
      ])
    )[0]!.by,
  );
  const selling = (async () => {
    const sold: Answer[] = [];
    for (let n = 0; n < 6; n += 1) sold.push(await sell(two!.client, two!.till, bar));
    return sold;
  })();
  const answers = await Promise.all([sync(one!.client, sales), sync(again, [...sales].reverse())]);
  const outcomes = answers.flat().map(({ outcome }) => outcome);
  expect([
    outcomes.filter((it) => it === 'settled').length,
    outcomes.filter((it) => it === 'known').length,
  ]).toEqual([12, 12]);
  const sold = (await selling).filter((answer) => !('refused' in answer)).length;
  expect([await cashIn(one!.till), await cashIn(two!.till)]).toEqual([12 * 1150, sold * 1150]);
  // Never below zero, and the sum of the movements: what was not there was corrected, not invented.
  const [books] = await sql<{ on_hand: number; moved: number }>(
    'select v.on_hand::int, (select sum(m.quantity)::int from shop.stock_movements m where m.stock_item_id = v.stock_item_id) as moved from shop.stock_levels v where v.stock_item_id = $1',
    [bar.bag.item],
  );
  expect(books!.on_hand).toBe(books!.moved);
  expect(books!.on_hand).toBe(0);
});
