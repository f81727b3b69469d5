/**
 * Everybody does everything at once with few things: two classes, one bar, one till, two gift cards, three members each at
 * two devices, two desks, and the job that sweeps up. Much is refused by name; nothing breaks, and the books are right.
 */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { type Bar, aBar } from '../bar.ts';
import { type GiftCard, aClass, aGiftCard, allAtOnce, crowd, lotus, people, sql } from '../world.ts';
import { putTill } from './a-till.ts';
import { connect, connectAsOwner } from './connections.ts';

interface World {
  classes: string[];
  bar: Bar;
  till: string;
  cards: GiftCard[];
  members: { user: string; member: string }[];
}
/** What somebody may do next, each with a chance of its own; `n` goes up, so that everybody does all of it. */
type Actor = ((client: pg.Client, world: World, n: number) => Promise<unknown>)[];
const key = () => randomUUID();
const oneOf = <T>(all: T[], n: number): T => all[n % all.length]!;

const payWithCards = async (client: pg.Client, world: World, n: number, pay = 'card') => {
  const token = randomUUID() + randomUUID();
  await client.query('select api.add_seat_to_cart($1, $2, $3)', [lotus, oneOf(world.classes, n), token]);
  await client.query('select api.add_product_to_cart($1, $2, $3)', [lotus, world.bar.bag.slug, token]);
  await client.query('select api.set_handover($1, $2, $3)', [
    lotus,
    token,
    JSON.stringify({ location_id: world.bar.location }),
  ]);
  const { rows } = await client.query(`select current_setting('request.jwt.claims')::jsonb ->> 'sub' as id`);
  const card = oneOf(world.cards, n);
  await sql('select api.use_gift_card($1, $2, $3, $4, $5, $6)', [
    lotus,
    card.code,
    card.pin,
    key(),
    rows[0].id,
    token,
  ]);
  await client.query('select api.use_wallet($1, true, $2)', [lotus, token]);
  await client.query('select api.place_order($1, $2, $3, null, $4)', [lotus, key(), token, pay]);
};
const member: Actor = [
  payWithCards,
  (client, { bar }) =>
    client.query(`select api.order_products($1, $2, $3, $4, null, 'wallet')`, [
      lotus,
      key(),
      JSON.stringify([{ slug: bar.bag.slug }]),
      JSON.stringify({ location_id: bar.location }),
    ]),
  async (client) => {
    const { rows } = await client.query('select booking_id from api.my_bookings($1) limit 1', [lotus]);
    if (rows[0])
      await client.query('select api.cancel_booking($1, $2, $3)', [lotus, rows[0].booking_id, key()]);
  },
];
const walkIn =
  (pay: string, pack: boolean): Actor[number] =>
  (client, { classes }, n) =>
    client.query(
      `select api.sell_at_desk($1, $2, $3, $4, full_name => 'Stormy', email => $5,
         pack_id => case when $6 then (select id from members.plans where business_id = $1 and slug = 'ten-classes') end)`,
      [lotus, oneOf(classes, n), key(), pay, `storm-${key()}@example.test`, pack],
    );
const desk: Actor = [
  walkIn('cash', false),
  walkIn('cash', true),
  walkIn('terminal', false),
  walkIn('terminal', true),
  (client, { classes, members }, n) =>
    client.query(`select api.sell_at_desk($1, $2, $3, 'wallet', $4)`, [
      lotus,
      oneOf(classes, n),
      key(),
      oneOf(members, n).member,
    ]),
  async (client, { classes }, n) => {
    const [one] = await sql<{ id: string }>(
      `select id from booking.bookings where session_id = any ($1) and state in ('confirmed', 'checked_in') offset $2 limit 1`,
      [classes, n % 7],
    );
    if (one)
      await client.query(`select api.cancel_for_member($1, $2, true, 'The storm', $3)`, [
        lotus,
        one.id,
        key(),
      ]);
  },
];
const bag = (bar: Bar) => JSON.stringify([{ slug: bar.bag.slug, quantity: 1 }]);
const seller: Actor = [
  (client, { till, bar, members }, n) =>
    client.query(`select api.sell_at_till($1, $2, $3, $4, '{}', 'cash', 2000, $5)`, [
      lotus,
      till,
      key(),
      bag(bar),
      n % 2 === 0 ? oneOf(members, n).member : null,
    ]),
  async (client, { till, bar, cards, members }, n) => {
    const sale = key();
    await client.query(`select api.open_split($1, $2, $3, $4, '{}', $5)`, [
      lotus,
      till,
      sale,
      bag(bar),
      oneOf(members, n).member,
    ]);
    const card = oneOf(cards, n);
    const part = 'select api.take_gift_card_part($1, $2, $3, $4, $5, 400)';
    await client.query(part, [lotus, sale, card.code, card.pin, key()]);
    await client.query(`select api.take_part($1, $2, 'cash', $3, null, 2000)`, [lotus, sale, key()]);
  },
  async (client, { till, bar }) => {
    const [sold] = await sql<{ order: string; line: string }>(
      `select l.order_id as order, l.id as line from sales.order_lines l join sales.orders o on o.id = l.order_id
       where o.location_id = $1 and o.state = 'paid' and l.kind = 'product' and l.refunded_cents = 0 order by o.placed_at limit 1`,
      [bar.location],
    );
    if (sold)
      await client.query(`select api.refund_order($1, $2, $3, 'The storm', $4, $5)`, [
        lotus,
        sold.order,
        JSON.stringify([{ line_id: sold.line, quantity: 1, stock: 'back' }]),
        key(),
        till,
      ]);
  },
];
const sweeper: Actor = [
  async (client, { members }) => {
    // What these members have not paid for runs out, and is swept up with whatever else has.
    await sql(
      `with o as (update sales.orders set hold_expires_at = now() - interval '1 minute' where member_id = any ($1) and state = 'placed' and hold_expires_at > now() returning id)
       update booking.bookings b set held_until = now() - interval '1 minute' from sales.order_lines l where l.order_id in (select id from o) and b.order_line_id = l.id and b.state = 'held'`,
      [members.map((one) => one.member)],
    );
    await client.query('select api.expire_holds()');
  },
];

test('everybody does everything at once, and nothing breaks', async () => {
  const bar = await aBar({ onShelf: 500 });
  const [clerk, ...guests] = await crowd(4, 'storm');
  const till = await putTill(bar, [clerk!]);
  const atTill = await connect(clerk!.id);
  await atTill.query('select api.open_drawer($1, $2, 50000, $3)', [lotus, till, key()]);
  const members: World['members'] = [];
  for (const guest of guests) {
    const { rows } = await (await connect(guest.id)).query('select api.become_member($1) as id', [lotus]);
    members.push({ user: guest.id, member: rows[0].id as string });
  }
  await allAtOnce((run) =>
    run(
      `select ledger.transfer($1, 'test', m, array[ledger.account($1, 'EUR', 'loss', m), ledger.account($1, 'EUR', 'wallet', m)], array[40000, -40000]) from unnest($2::text[]) m`,
      [lotus, members.map((one) => one.member)],
    ),
  );
  const world: World = {
    classes: [await aClass({ seats: 100 }), await aClass({ seats: 100, startsIn: '25 days' })],
    bar,
    till,
    cards: [await aGiftCard(60_000), await aGiftCard(60_000)],
    members,
  };
  const job = await connectAsOwner();
  const cast: [pg.Client, Actor][] = [
    [atTill, seller],
    [job, sweeper],
  ];
  for (const n of [0, 1]) {
    cast.push([await connect(people.frontDesk.id), desk]);
    for (const { user } of members)
      cast.push([await connect(user), n === 0 ? member : [...member].reverse()]);
  }
  const done: string[] = [];
  const broken: unknown[] = [];
  await Promise.all(
    cast.map(async ([client, actor], who) => {
      for (let n = 0; n < 24; n += 1)
        try {
          await oneOf(actor, n)(client, world, n + who);
          done.push('done');
        } catch (error) {
          const { code, message } = error as { code?: string; message: string };
          if (/^PT4\d\d$/.test(code ?? '')) done.push(message);
          else broken.push({ code, message, who, n });
        }
    }),
  );
  expect(broken).toEqual([]);
  expect(done.filter((what) => what === 'done').length).toBeGreaterThan(cast.length * 8);
});
