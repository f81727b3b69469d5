/** One card reader between several tills: what those who press at once may not break. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { type Bar, aBar } from '../bar.ts';
import { crowd, lotus, sql } from '../world.ts';
import { putTill } from './a-till.ts';
import { connect } from './connections.ts';

interface Till {
  till: string;
  bar: Bar;
  client: pg.Client;
}
/** So many tills at a bar, each with somebody at it, and one reader for all of them. */
async function sharing(bar: Bar, count: number): Promise<Till[]> {
  const people = await crowd(count, 'seller');
  const reader = randomUUID();
  await sql(
    `insert into shop.readers (id, business_id, location_id, name, provider_ref) values ($1, $2, $3, 'Shared', $4)`,
    [reader, lotus, bar.location, `tmr_${reader}`],
  );
  return Promise.all(
    people.map(async ({ id }) => {
      const till = await putTill(bar, [{ id }], reader);
      const client = await connect(id);
      return { till, bar, client };
    }),
  );
}

async function said(act: Promise<pg.QueryResult>): Promise<string> {
  try {
    return (await act).rows[0].answer as string;
  } catch (error) {
    if (/^PT\d{3}$/.test((error as { code?: string }).code ?? '')) return (error as Error).message;
    throw error;
  }
}
const send = ({ client, till, bar }: Till, sale: string = randomUUID()) =>
  said(
    client.query(`select api.send_to_reader($1, $2, $3, $4) ->> 'phase' as answer`, [
      lotus,
      till,
      sale,
      JSON.stringify([{ slug: bar.bag.slug }]),
    ]),
  );
const act = (name: string, { client }: Till, sale: string) =>
  said(client.query(`select api.${name}($1, $2) ->> 'phase' as answer`, [lotus, sale]));
/** What the provider tells of a sale. */
const hear = (sale: string, state: string) =>
  sql(
    `select api.receive_payment_event('stripe', $2, 'test', now(), jsonb_build_object('kind', 'payment', 'payment_id', w.payment_id, 'intent_ref', 'pi_' || w.payment_id, 'state', $3::text, 'amount_cents', 1150, 'currency', 'EUR', 'failure_code', 'card_declined'), '{}')
     from shop.reader_sales w where w.order_id = $1`,
    [sale, `ev-${randomUUID()}`, state],
  );
const reserved = async ({ bag }: Bar) =>
  (
    await sql<{ reserved: number }>('select reserved::int from shop.stock_levels where stock_item_id = $1', [
      bag.item,
    ])
  )[0]?.reserved;

test('five tills send to one reader at once: it waits for one of them, and nothing is held for the others', async () => {
  const bar = await aBar();
  const tills = await sharing(bar, 5);
  const answers = await Promise.all(tills.map((till) => send(till)));
  expect(answers.toSorted()).toEqual([...Array<string>(4).fill('reader_busy'), 'waiting']);
  expect(await reserved(bar)).toBe(1);
});

test('one sale sent from three connections at once is one sale and one payment', async () => {
  const bar = await aBar();
  const [first, ...others] = await sharing(bar, 3);
  const sale = randomUUID();
  const same = [first!, ...others.map((one) => ({ ...one, till: first!.till }))];
  expect(await Promise.all(same.map((one) => send(one, sale)))).toEqual(['waiting', 'waiting', 'waiting']);
  expect(await sql('select count(*)::int as n from payments.payments where order_id = $1', [sale])).toEqual([
    { n: 1 },
  ]);
});

test('called off at the moment in which the card pays: sold, or the money goes back; never both, never neither', async () => {
  const bar = await aBar();
  const [till] = await sharing(bar, 1);
  for (let round = 0; round < 8; round++) {
    const sale = randomUUID();
    await send(till!, sale);
    const [off] = await Promise.all([act('cancel_reader_sale', till!, sale), hear(sale, 'captured')]);
    const [end] = await sql<{ state: string; given: number }>(
      `select o.state, coalesce((select sum(r.amount_cents) from payments.refunds r where r.order_id = o.id), 0)::int as given from sales.orders o where o.id = $1`,
      [sale],
    );
    expect([off, end?.state, end?.given]).toEqual(
      end?.state === 'paid' ? ['order_paid', 'paid', 0] : ['cancelled', 'cancelled', 1150],
    );
  }
  expect(await reserved(bar)).toBe(0);
});

test('after a declined card two want the reader: who asks again and the next sale take turns', async () => {
  const bar = await aBar();
  const [here, there] = await sharing(bar, 2);
  for (let round = 0; round < 8; round++) {
    const [declined, next] = [randomUUID(), randomUUID()];
    await send(here!, declined);
    await hear(declined, 'failed');
    const answers = await Promise.all([act('ask_reader_again', here!, declined), send(there!, next)]);
    expect(answers.toSorted()).toEqual(['reader_busy', 'waiting']);
    await act('cancel_reader_sale', here!, declined);
    if (answers[1] === 'waiting') await act('cancel_reader_sale', there!, next);
  }
  expect(await reserved(bar)).toBe(0);
});

/** A sale of 11.50 at a till, opened to be paid in parts. */
async function opened({ client, till, bar }: Till): Promise<string> {
  const sale = randomUUID();
  await client.query('select api.open_split($1, $2, $3, $4)', [
    lotus,
    till,
    sale,
    JSON.stringify([{ slug: bar.bag.slug }]),
  ]);
  return sale;
}
const askFor = (cents: number, { client }: Till, sale: string, part: string = randomUUID()) =>
  said(
    client.query(`select api.send_part_to_reader($1, $2, $3, $4) ->> 'phase' as answer`, [
      lotus,
      sale,
      part,
      cents,
    ]),
  );
const machine = (cents: number, { client }: Till, sale: string) =>
  said(
    client.query(`select api.take_part($1, $2, 'terminal', $3, $4) ->> 'state' as answer`, [
      lotus,
      sale,
      randomUUID(),
      cents,
    ]),
  );
const heard = async (part: string, cents: number): Promise<string> =>
  (
    await sql<{ outcome: string }>(
      `select api.receive_payment_event('stripe', $2, 'test', now(), jsonb_build_object('kind', 'payment', 'payment_id', $1::text, 'intent_ref', 'pi_' || $1, 'state', 'captured', 'amount_cents', $3::int, 'currency', 'EUR'), '{}') ->> 'outcome' as outcome`,
      [part, `ev-${randomUUID()}`, cents],
    )
  )[0]!.outcome;
const endOf = async (sale: string) =>
  (
    await sql<{ state: string; due: number; given: number }>(
      `select o.state, (o.total_cents - o.parts_cents)::int as due, coalesce((select sum(r.amount_cents) from payments.refunds r where r.order_id = o.id), 0)::int as given from sales.orders o where o.id = $1`,
      [sale],
    )
  )[0]!;

test('a part is called off at the moment in which its card pays: taken, or the money goes back and the sale is as it was', async () => {
  const bar = await aBar();
  const [till] = await sharing(bar, 1);
  for (let round = 0; round < 8; round++) {
    const [sale, part] = [await opened(till!), randomUUID()];
    await askFor(400, till!, sale, part);
    const [off] = await Promise.all([act('cancel_reader_sale', till!, part), heard(part, 400)]);
    const end = await endOf(sale);
    expect([off, end]).toEqual(
      off === 'taken'
        ? ['taken', { state: 'placed', due: 750, given: 0 }]
        : ['cancelled', { state: 'placed', due: 1150, given: 400 }],
    );
  }
});

test('a card is asked for a part while others are paid: together they never come to more than the sale', async () => {
  const bar = await aBar();
  const [one, two] = await sharing(bar, 2);
  for (let round = 0; round < 8; round++) {
    const [sale, part] = [await opened(one!), randomUUID()];
    const says = await Promise.all([askFor(900, one!, sale, part), machine(800, two!, sale)]);
    expect([
      ['waiting', 'split_at_reader'],
      ['part_above_due', 'placed'],
    ]).toContainEqual(says);
    if (says[0] === 'waiting') {
      expect(await heard(part, 900)).toBe('part_taken');
      expect(await machine(250, two!, sale)).toBe('paid');
    } else expect(await machine(350, two!, sale)).toBe('paid');
    expect((await endOf(sale)).given).toBe(0);
  }
});

test('one part sent by two devices at once is one, and two parts at once are not both asked for', async () => {
  const bar = await aBar();
  const [one, two] = await sharing(bar, 2);
  const [sale, part] = [await opened(one!), randomUUID()];
  expect(await Promise.all([askFor(500, one!, sale, part), askFor(500, two!, sale, part)])).toEqual([
    'waiting',
    'waiting',
  ]);
  await act('cancel_reader_sale', one!, part);
  const both = await Promise.all([askFor(600, one!, sale), askFor(600, two!, sale)]);
  expect(both.toSorted()).toEqual(['split_at_reader', 'waiting']);
});

test('told twice at once that a card paid its part, and then the rest is paid: each once', async () => {
  const bar = await aBar();
  const [till] = await sharing(bar, 1);
  const [sale, part] = [await opened(till!), randomUUID()];
  await askFor(400, till!, sale, part);
  const told = await Promise.all([heard(part, 400), heard(part, 400), machine(100, till!, sale)]);
  expect(told.slice(0, 2).toSorted()).toEqual(['part_taken', 'stale']);
  const { due } = await endOf(sale);
  expect(await machine(due, till!, sale)).toBe('paid');
  expect(
    await sql('select captured_cents::int as cents from payments.payments where id = $1', [part]),
  ).toEqual([{ cents: 400 }]);
});
