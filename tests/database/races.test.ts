import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { aClass, crowd, findings, lotus, seatsOf, sql } from '../world.ts';
import { connect, waits } from './connections.ts';

type Answer =
  { order_id: string; state: string; reference: string; number: string | null } | { refused: string };
const book = async (client: pg.Client, session: string, key: string = randomUUID()): Promise<Answer> => {
  try {
    return (await client.query('select api.book_session($1, $2, $3) as answer', [lotus, session, key]))
      .rows[0].answer;
  } catch (error) {
    if (/^PT\d{3}$/.test((error as { code?: string }).code ?? ''))
      return { refused: (error as Error).message };
    throw error;
  }
};
/** Both transactions are open at once: the first holds its locks until the second has asked for them. */
async function bothAtOnce<T>(
  first: pg.Client,
  second: pg.Client,
  act: (client: pg.Client) => Promise<T>,
): Promise<[T, T]> {
  await first.query('begin');
  const a = await act(first);
  const waiting = act(second);
  await expect.poll(() => waits(second!)).toBe(true);
  await first.query('commit');
  return [a, await waiting];
}

test('two people who reach for the last seat at once: one sits, one is told', async () => {
  const session = await aClass({ seats: 1, price: 0 });
  const [a, b] = await crowd(2, 'last');
  const [won, lost] = await bothAtOnce(await connect(a!), await connect(b!), (client) =>
    book(client, session),
  );
  expect(won).toMatchObject({ state: 'paid' });
  expect(lost).toEqual({ refused: 'session_full' });
  expect((await seatsOf(session)).taken).toBe(1);
});

test('one person on two devices gets one seat', async () => {
  const session = await aClass({ seats: 5, price: 0 });
  const [a] = await crowd(1, 'twice');
  const [won, lost] = await bothAtOnce(await connect(a!), await connect(a!), (client) =>
    book(client, session),
  );
  expect(won).toMatchObject({ state: 'paid' });
  expect(lost).toEqual({ refused: 'already_booked' });
});

test('one request that is sent twice at once is one order, and both hear the same', async () => {
  const session = await aClass({ seats: 5 });
  const [a] = await crowd(1, 'again');
  const key = randomUUID();
  const [first, second] = await bothAtOnce(await connect(a!), await connect(a!), (client) =>
    book(client, session, key),
  );
  expect(second).toEqual(first);
  expect((await seatsOf(session)).states).toEqual({ held: 1 });
});

test('two carts with the same two classes in opposite order never wait for each other', async () => {
  const [one, two] = [
    await aClass({ seats: 1, startsIn: '21 days' }),
    await aClass({ seats: 1, startsIn: '22 days' }),
  ];
  const buyers = await crowd(2, 'carts');
  const clients = await Promise.all(buyers.map(connect));
  // Both carts are full before either is bought.
  for (const [i, client] of clients.entries()) {
    for (const session of i === 0 ? [one, two] : [two, one]) {
      await client.query('select api.add_seat_to_cart($1, $2, $3)', [lotus, session, 'x'.repeat(40) + i]);
    }
  }
  const outcomes = await Promise.all(
    clients.map((client) =>
      client.query('select api.place_order($1, $2) as answer', [lotus, randomUUID()]).then(
        (result) => result.rows[0].answer.state as string,
        (error: Error) => error.message,
      ),
    ),
  );
  expect(outcomes.sort()).toEqual(['placed', 'session_full']);
  expect([(await seatsOf(one)).taken, (await seatsOf(two)).taken]).toEqual([1, 1]);
});

test('the same payment told by the webhook and by the return page at once settles once', async () => {
  const session = await aClass({ seats: 1 });
  const [a] = await crowd(1, 'settle');
  const client = await connect(a!);
  const order = (await book(client, session)) as { order_id: string };
  const [payment] = (
    await client.query('select payment_id from api.begin_payment($1, $2)', [lotus, order.order_id])
  ).rows;
  const told = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      sql<{ outcome: string }>(
        `select api.receive_payment_event('stripe', $1, 'test', now(), $2, '{}') ->> 'outcome' as outcome`,
        [
          `race:${payment.payment_id}:${i % 4}`,
          {
            kind: 'payment',
            payment_id: payment.payment_id,
            intent_ref: `pi_${payment.payment_id}`,
            state: 'captured',
            amount_cents: 1600,
            currency: 'EUR',
          },
        ],
      ),
    ),
  );
  const outcomes = told.map(([row]) => row?.outcome);
  expect(outcomes.filter((outcome) => outcome === 'settled')).toHaveLength(1);
  expect(new Set(outcomes)).toEqual(new Set(['settled', 'stale', 'duplicate']));
  expect((await seatsOf(session)).states).toEqual({ confirmed: 1 });
});

test('a booking cancelled on two devices at once is refunded once', async () => {
  const session = await aClass({ seats: 1 });
  const [a] = await crowd(1, 'cancel');
  const [first, second] = [await connect(a!), await connect(a!)];
  const order = (await book(first, session)) as { order_id: string };
  const [payment] = (
    await first.query('select payment_id from api.begin_payment($1, $2)', [lotus, order.order_id])
  ).rows;
  await sql(`select api.receive_payment_event('stripe', $1, 'test', now(), $2, '{}')`, [
    `paid:${payment.payment_id}`,
    {
      kind: 'payment',
      payment_id: payment.payment_id,
      intent_ref: `pi_${payment.payment_id}`,
      state: 'captured',
      amount_cents: 1600,
      currency: 'EUR',
    },
  ]);
  const [booking] = await sql<{ id: string }>('select id from booking.bookings where session_id = $1', [
    session,
  ]);
  const cancel = (client: pg.Client) =>
    client.query('select api.cancel_booking($1, $2, $3) as answer', [lotus, booking?.id, randomUUID()]).then(
      (result) => result.rows[0].answer.state as string,
      (error: Error) => error.message,
    );
  expect(await bothAtOnce(first, second, cancel)).toEqual(['cancelled', 'booking_cancelled_before']);
  expect(
    await sql('select amount_cents::int from payments.refunds where order_id = $1', [order.order_id]),
  ).toEqual([{ amount_cents: 1600 }]);
  expect((await seatsOf(session)).taken).toBe(0);
});

test('order numbers have no gaps, even where orders were refused or never paid, and two number at once', async () => {
  const [free, paid] = [
    await aClass({ seats: 3, price: 0 }),
    await aClass({ seats: 3, price: 1600, startsIn: '9 days' }),
  ];
  const people = await crowd(8, 'numbers');
  const buyers = await Promise.all(people.map(connect));
  const answers = await Promise.all(buyers.map((client) => book(client, free)));
  expect(answers.filter((answer) => 'refused' in answer)).toHaveLength(5);
  const [late, later] = await Promise.all([book(buyers[0]!, paid), book(buyers[1]!, paid)]);
  expect([late, later]).toMatchObject([{ state: 'placed' }, { state: 'placed' }]);
  // The letters of these orders number them too.
  await Promise.all([1, 2].map(() => sql('select api.number_orders()')));
  const numbers = await sql<{ state: string; number: string | null }>(
    `select o.state, o.number from sales.orders o join members.members m on m.id = o.member_id where m.user_id = any($1) order by o.number nulls last`,
    [people.map(({ id }) => id)],
  );
  expect(numbers).toEqual([
    ...[1, 2, 3].map(() => ({ state: 'paid', number: expect.stringMatching(/^\d{4}-\d{6}$/) })),
    ...[1, 2].map(() => ({ state: 'placed', number: null })),
  ]);
  // `findings` checks the count against the last number given.
  expect((await findings()).filter(({ finding }) => finding === 'order_numbers_with_gaps')).toEqual([]);
});
