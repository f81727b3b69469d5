import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { type Bar, type Ordered, aBar, anOrder, standingOf } from '../bar.ts';
import { type Somebody, allAtOnce, crowd, lotus, sql } from '../world.ts';
import { connect } from './connections.ts';

async function baristas(count: number): Promise<pg.Client[]> {
  const team = await crowd(count, 'barista');
  for (const { id } of team)
    await sql(`insert into business.staff (business_id, user_id, role) values ($1, $2, 'barista')`, [
      lotus,
      id,
    ]);
  return Promise.all(team.map(connect));
}
async function someOrders(bar: Bar, count: number): Promise<{ buyer: Somebody; ordered: Ordered }[]> {
  const buyers = await crowd(count, 'guest');
  const made = [];
  for (const buyer of buyers)
    made.push({
      buyer,
      ordered: await anOrder(bar, buyer, [{ slug: bar.coffee.slug }, { slug: bar.bag.slug }]),
    });
  return made;
}

type Act = { ticket_id: string; id?: string } & (
  { from: string; to: string } | { line_ids: string[]; made: boolean }
);
/** What became of each tap, or the name of the refusal. */
async function tap(client: pg.Client, acts: Act[]): Promise<string[]> {
  const sent = acts.map((act) => ({ id: randomUUID(), ...act }));
  const { rows } = await client.query('select api.advance_tickets($1, $2) as answer', [
    lotus,
    JSON.stringify(sent),
  ]);
  return rows[0].answer.map(({ outcome }: { outcome: string }) => outcome);
}
async function asked(client: pg.Client, text: string, values: unknown[]): Promise<string> {
  try {
    return (await client.query(text, values)).rows[0].answer.outcome;
  } catch (error) {
    if (/^PT\d{3}$/.test((error as { code?: string }).code ?? '')) return (error as Error).message;
    throw error;
  }
}
const cancel = (client: pg.Client, ticket: string) =>
  asked(client, 'select api.cancel_ticket($1, $2, $3) as answer', [lotus, ticket, randomUUID()]);
const refuse = (client: pg.Client, ticket: string, act: string = randomUUID()) =>
  asked(client, `select api.refuse_ticket($1, $2, $3, 'Out of milk') as answer`, [lotus, ticket, act]);
const refundsOf = (order: string) =>
  sql<{ cents: number }>('select amount_cents::int as cents from payments.refunds where order_id = $1', [
    order,
  ]);

test('two baristas who tap one ticket at once advance it once, and both know how it stands', async () => {
  const bar = await aBar();
  const team = await baristas(6);
  const [{ ordered } = { ordered: undefined }] = await someOrders(bar, 1);
  const ticket = ordered?.ticket ?? '';
  const steps = [
    ['placed', 'making'],
    ['making', 'ready'],
    ['ready', 'collected'],
  ] as const;
  for (const [from, to] of steps) {
    const answers = await Promise.all(team.map((client) => tap(client, [{ ticket_id: ticket, from, to }])));
    expect(answers.flat().sort()).toEqual(['applied', ...Array<string>(5).fill('ticket_moved')]);
  }
  const rows = await sql('select id from shop.ticket_steps where ticket_id = $1', [ticket]);
  expect(rows).toHaveLength(4);
  expect(await sql('select version from shop.tickets where id = $1', [ticket])).toEqual([{ version: 4 }]);
});

test('one tap that is sent twice at once counts once', async () => {
  const bar = await aBar();
  const [a, b] = await baristas(2);
  const [one] = await someOrders(bar, 1);
  const act = { id: randomUUID(), ticket_id: one!.ordered.ticket, from: 'placed', to: 'ready' };
  const answers = await Promise.all([a!, b!].map((client) => tap(client, [act])));
  expect(answers.flat().sort()).toEqual(['applied', 'known']);
});

test('the same drink on many tickets, marked on several screens in any order: each is ready once, nobody waits in a ring', async () => {
  const bar = await aBar();
  const team = await baristas(4);
  const orders = await someOrders(bar, 8);
  const mark = (line: number, turned: boolean): Act[] => {
    const acts = orders.map(({ ordered }) => ({
      ticket_id: ordered.ticket,
      line_ids: [ordered.lines[line] ?? ''],
      made: true,
    }));
    return turned ? acts.reverse() : acts;
  };
  await Promise.all(team.map((client, n) => tap(client, mark(n % 2, n > 1))));
  expect(await standingOf(...orders.map(({ ordered }) => ordered.ticket))).toEqual(
    Array<string>(8).fill('ready'),
  );
  const told = await sql(
    `select count(*)::int as n from messages.notifications where kind = 'order_ready' and cause = any ($1) group by cause`,
    [orders.map(({ ordered }) => ordered.ticket)],
  );
  expect(told).toEqual(Array<{ n: number }>(8).fill({ n: 1 }));
});

test('a buyer cancels while the bar begins: it is made and paid, or cancelled and paid back, never both', async () => {
  const bar = await aBar();
  const [barista] = await baristas(1);
  const orders = await someOrders(bar, 10);
  for (const { buyer, ordered } of orders) {
    const client = await connect(buyer);
    const [bar_, buyer_] = await Promise.all([
      tap(barista!, [{ ticket_id: ordered.ticket, from: 'placed', to: 'making' }]),
      cancel(client, ordered.ticket),
    ]);
    const [state] = await standingOf(ordered.ticket);
    const back = await refundsOf(ordered.order);
    if (state === 'making') expect([bar_, buyer_, back]).toEqual([['applied'], 'order_being_made', []]);
    else expect([state, bar_, buyer_, back.length]).toEqual(['cancelled', ['ticket_moved'], 'applied', 1]);
  }
});

test('an order refused on two screens at once is paid back once, and its stock comes back once', async () => {
  const bar = await aBar({ onShelf: 5 });
  const [a, b] = await baristas(2);
  const [one] = await someOrders(bar, 1);
  const { order, ticket } = one!.ordered;
  const answers = await Promise.all([refuse(a!, ticket), refuse(b!, ticket)]);
  expect(answers.sort()).toEqual(['applied', 'ticket_moved']);
  expect(await refundsOf(order)).toEqual([{ cents: 1460 }]);
  const level = await sql(
    'select on_hand::int, reserved::int from shop.stock_levels where location_id = $1',
    [bar.location],
  );
  expect(level).toEqual([{ on_hand: 5, reserved: 0 }]);
});

test('the board answers as fast with thousands of old tickets behind it', async () => {
  const bar = await aBar();
  await someOrders(bar, 3);
  await allAtOnce(async (run) => {
    await run(
      `with somebody as (insert into members.members (business_id, name, email) values ($1, 'Old Guest', 'old-' || gen_random_uuid() || '@example.test') returning id)
       insert into sales.orders (business_id, member_id, state, channel, currency, reference, placed_at, location_id)
       select $1, (select id from somebody), 'expired', 'web', 'EUR', sales.new_reference($1), now() - interval '3 days', $2 from generate_series(1, 2000)`,
      [lotus, bar.location],
    );
    await run(
      `insert into shop.tickets (business_id, location_id, order_id, on_date, call_number, state, name, ready_by, make_seconds, opened_at, ready_at, closed_at)
       select o.business_id, o.location_id, o.id, current_date - 3, row_number() over (order by o.id), 'collected', 'Old', o.placed_at, 60, o.placed_at, o.placed_at, o.placed_at from sales.orders o where o.location_id = $1 and o.placed_at < now() - interval '2 days'`,
      [bar.location],
    );
  });
  await sql('analyze shop.tickets');
  const plan = await sql<{ 'QUERY PLAN': string }>(
    `explain select * from shop.tickets x where x.location_id = $1 and x.closed_at is null order by x.ready_by limit 200`,
    [bar.location],
  );
  expect(plan.map((row) => row['QUERY PLAN']).join(' ')).toContain('tickets_open_idx');
});
