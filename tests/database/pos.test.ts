import { createHash, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { type Bar, aBar } from '../bar.ts';
import { lotus, sql } from '../world.ts';
import { connectAsOwner } from './connections.ts';

async function aPos(bar: Bar, more: object = {}): Promise<string> {
  const id = randomUUID();
  const row = { url: null, state: 'on', ...more };
  await sql(
    `with c as (insert into shop.pos_connections (id, business_id, location_id, name, url, state) values ($1, $2, $3, $4, $5, $6) returning id, business_id),
       s as (insert into shop.pos_secrets (business_id, connection_id, secret) select business_id, id, 'whsec_' || encode(extensions.gen_random_bytes(32), 'base64') from c)
     insert into shop.pos_links (business_id, connection_id, outside_id, product_id) select business_id, id, 'BAG', $7 from c`,
    [id, lotus, bar.location, id.slice(0, 8), row.url, row.state, bar.bag.id],
  );
  return id;
}
const saleOf = (id: string, quantity = 1) => ({
  id,
  lines: [{ product: 'BAG', quantity, unit_cents: 1150 }],
});
async function tell(client: pg.Client, pos: string, data: object, message: string, type = 'sale.made') {
  const body = JSON.stringify({ type, data });
  const hash = createHash('sha256').update(body).digest('hex');
  const { rows } = await client.query('select api.receive_pos_message($1, $2, $3, $4) as answer', [
    pos,
    message,
    body,
    hash,
  ]);
  return rows[0].answer as { outcome: string; first: boolean; order_id?: string };
}
const ordersAt = async (bar: Bar) =>
  (
    await sql<{ n: number }>('select count(*)::int as n from sales.orders where location_id = $1', [
      bar.location,
    ])
  )[0]?.n;
const onHand = async (bar: Bar) =>
  (
    await sql<{ n: number }>('select on_hand::int as n from shop.stock_levels where stock_item_id = $1', [
      bar.bag.item,
    ])
  )[0]?.n;

test('one message that arrives eight times at once is obeyed once, and answered the same each time', async () => {
  const bar = await aBar({ onShelf: 10 });
  const pos = await aPos(bar);
  const servers = await Promise.all(Array.from({ length: 8 }, connectAsOwner));
  const sale = saleOf(randomUUID(), 2);
  const answers = await Promise.all(servers.map((server) => tell(server, pos, sale, 'msg-1')));
  expect(new Set(answers.map(({ order_id }) => order_id)).size).toBe(1);
  expect(answers.filter(({ first }) => first)).toHaveLength(1);
  expect([await ordersAt(bar), await onHand(bar)]).toEqual([1, 8]);
});

test('one sale told in eight messages at once is one sale', async () => {
  const bar = await aBar({ onShelf: 10 });
  const pos = await aPos(bar);
  const servers = await Promise.all(Array.from({ length: 8 }, connectAsOwner));
  const sale = saleOf(randomUUID());
  const answers = await Promise.all(servers.map((server, n) => tell(server, pos, sale, `msg-${n}`)));
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['applied', ...Array(7).fill('known')]);
  expect([await ordersAt(bar), await onHand(bar)]).toEqual([1, 9]);
});

test('many sales, movements and refunds of two outside tills at once, shuffled and doubled: each counts once', async () => {
  const bar = await aBar({ onShelf: 5 });
  const tills = [await aPos(bar), await aPos(bar)];
  const servers = await Promise.all(Array.from({ length: 6 }, connectAsOwner));
  const messages = tills.flatMap((pos) =>
    Array.from({ length: 8 }, (_, n) => [
      { pos, id: `s${n}`, type: 'sale.made', data: saleOf(`S${n}`) },
      { pos, id: `r${n}`, type: 'sale.refunded', data: { id: `R${n}`, sale_id: `S${n}`, stock: 'back' } },
      {
        pos,
        id: `m${n}`,
        type: 'stock.moved',
        data: { id: `M${n}`, kind: 'delivery', lines: [{ product: 'BAG', quantity: 1 }] },
      },
    ]).flat(),
  );
  const queue = [...messages, ...messages].sort(() => Math.random() - 0.5);
  await Promise.all(
    servers.map(async (server) => {
      for (let next = queue.pop(); next; next = queue.pop())
        await tell(server, next.pos, next.data, next.id, next.type);
    }),
  );
  // A refund that crossed its sale on the way is done by the chore that comes by each minute.
  const settled = async () => {
    await sql(
      `update shop.pos_inbox set next_attempt_at = now() where connection_id = any ($1) and state in ('waiting', 'failed')`,
      [tills],
    );
    await sql('select api.retry_pos_inbox()');
    return sql(
      'select state, count(*)::int as n from shop.pos_inbox where connection_id = any ($1) group by 1 order by 1',
      [tills],
    );
  };
  await expect.poll(settled).toEqual([{ state: 'applied', n: 48 }]);
  const [books] = await sql(
    `select count(*)::int as orders, sum(o.total_cents)::int as sold, sum(p.refunded_cents)::int as back from sales.orders o join payments.payments p on p.order_id = o.id where o.location_id = $1`,
    [bar.location],
  );
  expect(books).toEqual({ orders: 16, sold: 16 * 1150, back: 16 * 1150 });
  const [covered] = await sql<{ n: number }>(
    `select coalesce(sum(quantity), 0)::int as n from shop.stock_movements where location_id = $1 and kind = 'correction'`,
    [bar.location],
  );
  expect(await onHand(bar)).toBe(5 + 16 + (covered?.n ?? 0));
});

test('of one till two messages at most are on their way at once: one that hangs holds up nobody else', async () => {
  const bar = await aBar();
  // Nobody of the running worker's may take these.
  const pos = await aPos(bar, { url: 'http://127.0.0.1:9/', state: 'paused' });
  await sql(
    `select shop.tell_pos(c, 'connection.tested', '{}') from shop.pos_connections c, generate_series(1, 10) where c.id = $1`,
    [pos],
  );
  const one = await connectAsOwner();
  // Seen by one transaction alone, so that no message of it leaves the house.
  await one.query('begin');
  await one.query(`update shop.pos_connections set state = 'on' where id = $1`, [pos]);
  const { rows } = await one.query<{ message_id: string }>(
    `select message_id from api.take_pos_messages(100) where url = 'http://127.0.0.1:9/'`,
  );
  expect(rows).toHaveLength(2);
  const again = await one.query(
    `select message_id from api.take_pos_messages(100) where url = 'http://127.0.0.1:9/'`,
  );
  expect(again.rows).toHaveLength(0);
  await one.query('rollback');
});
