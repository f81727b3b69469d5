/** A sale that is paid in parts: what two who act at once may not break. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { type Bar, aBar } from '../bar.ts';
import { type GiftCard, aGiftCard, allAtOnce, crowd, lotus, onCard, sql } from '../world.ts';
import { putTill } from './a-till.ts';
import { connect } from './connections.ts';

interface Till {
  till: string;
  bar: Bar;
  client: pg.Client;
  seller: string;
}
/** A till of its own at a bar, with somebody at it and an empty open drawer. */
async function aTill(bar: Bar): Promise<Till> {
  const [person] = await crowd(1, 'seller');
  const till = await putTill(bar, [person!]);
  const client = await connect(person!.id);
  await client.query('select api.open_drawer($1, $2, 0, $3)', [lotus, till, randomUUID()]);
  return { till, bar, client, seller: person!.id };
}

type Says = { state: string; due_cents: number } | { refused: string };
async function said(act: () => Promise<pg.QueryResult>): Promise<Says> {
  try {
    return (await act()).rows[0].answer as Says;
  } catch (error) {
    if (/^PT\d{3}$/.test((error as { code?: string }).code ?? ''))
      return { refused: (error as Error).message };
    throw error;
  }
}
const brief = (says: Says): string => ('refused' in says ? says.refused : `${says.state} ${says.due_cents}`);

const bags = (bar: Bar, quantity = 1) => JSON.stringify([{ slug: bar.bag.slug, quantity }]);
async function opened({ client, till, bar }: Till, quantity = 1): Promise<string> {
  const sale = randomUUID();
  await client.query('select api.open_split($1, $2, $3, $4)', [lotus, till, sale, bags(bar, quantity)]);
  return sale;
}
const swipe = ({ client }: Pick<Till, 'client'>, sale: string, { code, pin }: GiftCard, key = randomUUID()) =>
  said(() =>
    client.query('select api.take_gift_card_part($1, $2, $3, $4, $5) as answer', [
      lotus,
      sale,
      code,
      pin,
      key,
    ]),
  );
const take = (client: pg.Client, sale: string, cents: number, key: string = randomUUID(), way = 'cash') =>
  said(() =>
    client.query('select api.take_part($1, $2, $3, $4, $5) as answer', [lotus, sale, way, key, cents]),
  );
const cashIn = async (till: string) =>
  (
    await sql<{ cents: number }>(
      `select balance::int as cents from ledger.accounts where kind = 'drawer' and owner = $1`,
      [till],
    )
  )[0]?.cents ?? 0;

test('the same gift card at two tills at once: it is spent once', async () => {
  const bar = await aBar();
  const [one, two] = [await aTill(bar), await aTill(await aBar())];
  const card = await aGiftCard(1150);
  const sales = [await opened(one), await opened(two)];
  const says = await Promise.all([swipe(one, sales[0]!, card), swipe(two, sales[1]!, card)]);
  expect(says.map(brief).sort()).toEqual([expect.stringMatching(/^gift_card_(?:empty|too_low)$/), 'paid 0']);
  expect(await onCard(card)).toEqual({ free: 0, kept: 0 });
  // Who was too late still owes all of it, and pays in cash.
  const late = 'refused' in says[0]! ? 0 : 1;
  expect(brief(await take([one, two][late]!.client, sales[late]!, 1150))).toBe('paid 0');
});

test('two people pay the last part at once: one of them does, the other keeps their money', async () => {
  const one = await aTill(await aBar());
  const second = await connect(one.seller);
  const sale = await opened(one, 2);
  await take(one.client, sale, 1300);
  const says = await Promise.all([take(one.client, sale, 1000), take(second, sale, 1000)]);
  expect(says.map(brief).sort()).toEqual([
    expect.stringMatching(/^(?:order_paid|part_above_due)$/),
    'paid 0',
  ]);
  expect(await cashIn(one.till)).toBe(2300);
});

test('a part that is sent by two at once is one part, and a sale that is opened by two is one sale', async () => {
  const one = await aTill(await aBar({ onShelf: 5 }));
  const second = await connect(one.seller);
  const sale = randomUUID();
  const openIt = (client: pg.Client) =>
    said(() =>
      client.query('select api.open_split($1, $2, $3, $4) as answer', [
        lotus,
        one.till,
        sale,
        bags(one.bar, 2),
      ]),
    );
  const both = await Promise.all([openIt(one.client), openIt(second), openIt(one.client), openIt(second)]);
  expect(both.map(brief)).toEqual(Array(4).fill('placed 2300'));
  const key = randomUUID();
  const parts = await Promise.all([take(one.client, sale, 300, key), take(second, sale, 300, key)]);
  expect(parts.map(brief)).toEqual(Array(2).fill('placed 2000'));
  // The same ticket cannot be sold beside it.
  const beside = await said(() =>
    second.query(`select api.sell_at_till($1, $2, $3, $4, '{}', 'terminal') as answer`, [
      lotus,
      one.till,
      sale,
      bags(one.bar, 2),
    ]),
  );
  expect(brief(beside)).toBe('sale_in_parts');
  expect(brief(await take(second, sale, 2000, randomUUID(), 'terminal'))).toBe('paid 0');
  const [shelf] = await sql(
    'select on_hand::int, reserved::int from shop.stock_levels where stock_item_id = $1',
    [one.bar.bag.item],
  );
  expect([shelf, await cashIn(one.till)]).toEqual([{ on_hand: 3, reserved: 0 }, 300]);
});

test('a part given back while the last one is taken: the sale is paid in full, or still open', async () => {
  const one = await aTill(await aBar());
  const second = await connect(one.seller);
  for (let round = 0; round < 8; round += 1) {
    const sale = await opened(one);
    await take(one.client, sale, 150);
    const [part] = await sql<{ id: string }>(
      'select payment_id as id from shop.till_parts where order_id = $1',
      [sale],
    );
    const [back, last] = await Promise.all([
      said(() => second.query('select api.give_back_part($1, $2) as answer', [lotus, part!.id])),
      take(one.client, sale, 1000),
    ]);
    expect([
      ['order_paid', 'paid 0'],
      ['placed 1150', 'placed 150'],
      ['placed 150', 'placed 150'],
    ]).toContainEqual([brief(back), brief(last)].map((text) => text));
    if (!('refused' in last) && last.state === 'placed') await take(one.client, sale, 150);
  }
  expect(await cashIn(one.till)).toBe(8 * 1150);
});

test('people pay in parts, in cash and by card at one till while its other device sells: nobody waits for ever, and the drawer has it to the cent', async () => {
  const one = await aTill(await aBar({ onShelf: 200 }));
  const second = await connect(one.seller);
  const third = await connect(one.seller);
  const card = await aGiftCard(20_000);
  const split = async (client: pg.Client, giftFirst: boolean) => {
    for (let n = 0; n < 8; n += 1) {
      const sale = await opened({ ...one, client });
      const first = () => take(client, sale, 500);
      const gift = () =>
        said(() =>
          client.query('select api.take_gift_card_part($1, $2, $3, $4, $5, 650) as answer', [
            lotus,
            sale,
            card.code,
            card.pin,
            randomUUID(),
          ]),
        );
      const says = giftFirst ? [await gift(), await first()] : [await first(), await gift()];
      expect(brief(says[1]!)).toBe('paid 0');
    }
  };
  const plain = async () => {
    for (let n = 0; n < 12; n += 1)
      await third.query(`select api.sell_at_till($1, $2, $3, $4, '{}', 'cash', 2000)`, [
        lotus,
        one.till,
        randomUUID(),
        bags(one.bar),
      ]);
  };
  await Promise.all([split(one.client, true), split(second, false), plain()]);
  expect([await cashIn(one.till), await onCard(card)]).toEqual([
    16 * 500 + 12 * 1150,
    { free: 20_000 - 16 * 650, kept: 0 },
  ]);
});

test('the last points at the till and in the cart on the phone at once: one of them has the reward', async () => {
  const one = await aTill(await aBar());
  const [person] = await crowd(1, 'loyal');
  const phone = await connect(person!.id);
  const { rows } = await phone.query('select api.become_member($1) as id', [lotus]);
  const member = rows[0].id as string;
  await allAtOnce((run) =>
    run(
      `select loyalty.make_lot(loyalty.lock_standing($1, $2), loyalty.current($1), 60, 'order:' || gen_random_uuid(), null, 'earned')`,
      [lotus, member],
    ),
  );
  const [reward] = await sql<{ id: string }>(
    `insert into loyalty.rewards (business_id, name, kind, amount_cents, price_points, position, published) values ($1, '{"en": "Some off"}', 'money', 500, 50, 90, true) returning id`,
    [lotus],
  );
  const token = randomUUID() + randomUUID();
  await phone.query('select api.add_product_to_cart($1, $2, $3)', [lotus, one.bar.bag.slug, token]);
  await phone.query(`select api.set_handover($1, $2, $3)`, [
    lotus,
    token,
    JSON.stringify({ location_id: one.bar.location }),
  ]);
  await phone.query('select api.set_cart_reward($1, $2, $3)', [lotus, token, reward!.id]);
  const says = await Promise.all([
    said(() => phone.query('select api.place_order($1, $2) as answer', [lotus, randomUUID()])),
    said(() =>
      one.client.query('select api.open_split($1, $2, $3, $4, $5, $6) as answer', [
        lotus,
        one.till,
        randomUUID(),
        bags(one.bar),
        JSON.stringify({ reward_id: reward!.id }),
        member,
      ]),
    ),
  ]);
  expect(says.map((one) => ('refused' in one ? one.refused : one.state)).sort()).toEqual([
    'placed',
    'points_too_few',
  ]);
});

test('a drawer is not counted while a part of an open sale lies in it', async () => {
  const one = await aTill(await aBar());
  const second = await connect(one.seller);
  const sale = await opened(one);
  const close = (client: pg.Client) =>
    said(() =>
      client.query('select api.close_drawer($1, $2, 0, $3) as answer', [lotus, one.till, randomUUID()]),
    );
  const [part, closed] = await Promise.all([take(one.client, sale, 500), close(second)]);
  expect([
    ['placed 650', 'drawer_has_parts'],
    ['drawer_closed', 'counted'],
  ]).toContainEqual([brief(part), 'refused' in closed ? closed.refused : 'counted']);
});
