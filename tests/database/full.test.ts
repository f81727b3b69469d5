/** A full class says so without a lock, to exactly those whom `booking.take_seat` would have refused. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { type Somebody, aClass, allAtOnce, crowd, lotus, seatsOf, sql } from '../world.ts';
import { connect } from './connections.ts';

type Answer = { order_id: string; state: string } | { refused: string; detail: unknown };

/** The answer, or the refusal with its facts. */
const asked = (client: pg.Client, text: string, values: unknown[]): Promise<Answer> =>
  client.query<{ answer: Answer }>(text, values).then(
    ({ rows }) => rows[0]?.answer as Answer,
    (error: Error & { code?: string; detail?: string }) => {
      if (!/^PT\d{3}$/.test(error.code ?? '')) throw error;
      return { refused: error.message, detail: error.detail ? JSON.parse(error.detail) : null };
    },
  );
const book = (client: pg.Client, session: string, key: string = randomUUID()): Promise<Answer> =>
  asked(client, 'select api.book_session($1, $2, $3) as answer', [lotus, session, key]);
const full = (session: string) => ({ refused: 'session_full', detail: { session_id: session } });

async function cancelSeatOf(client: pg.Client, session: string, who: Somebody | undefined): Promise<void> {
  const [booking] = await sql<{ id: string }>(
    `select b.id from booking.bookings b join members.members m on m.id = b.member_id where b.session_id = $1 and m.user_id = $2`,
    [session, who?.id],
  );
  await client.query('select api.cancel_booking($1, $2, $3)', [lotus, booking?.id, randomUUID()]);
}

test('who comes too late does not wait for whoever holds the class', async () => {
  const session = await aClass({ seats: 1, price: 0 });
  const [a, b, c, holder] = await crowd(4, 'late');
  expect(await book(await connect(a), session)).toMatchObject({ state: 'paid' });
  const [booker, buyer, busy] = [await connect(b), await connect(c), await connect(holder)];
  const cart = 'z'.repeat(40);
  await sql('update booking.sessions set capacity = 2 where id = $1', [session]);
  await buyer.query('select api.add_seat_to_cart($1, $2, $3)', [lotus, session, cart]);
  await sql('update booking.sessions set capacity = 1 where id = $1', [session]);
  await busy.query('reset role');
  await busy.query('begin');
  await busy.query('select from booking.sessions where id = $1 for no key update', [session]);
  // Waiting would end in another error; nobody else holds anything of theirs for so long.
  for (const client of [booker, buyer]) await client.query(`set lock_timeout = '20s'`);
  expect(await book(booker, session)).toEqual(full(session));
  expect(await asked(buyer, 'select api.place_order($1, $2) as answer', [lotus, randomUUID()])).toEqual(
    full(session),
  );
  await busy.query('rollback');
  expect((await seatsOf(session)).states).toEqual({ confirmed: 1 });
});

test('a key that was refused may be tried again, and one that was answered is answered again though the class is full', async () => {
  const session = await aClass({ seats: 1, price: 0 });
  const [a, b] = await crowd(2, 'keys');
  const [first, second] = [await connect(a), await connect(b)];
  const [early, late] = [randomUUID(), randomUUID()];
  const got = await book(first, session, early);
  expect(await book(second, session, late)).toEqual(full(session));
  expect(await book(first, session, early)).toEqual(got);
  await expect(
    asked(first, `select api.book_session($1, $2, $3, 'card') as answer`, [lotus, session, early]),
  ).resolves.toMatchObject({ refused: 'idempotency_key_reused' });
  await cancelSeatOf(first, session, a);
  const seat = await book(second, session, late);
  expect(seat).toMatchObject({ state: 'paid' });
  expect(await book(second, session, late)).toEqual(seat);
});

test('of those who press together, everybody is too late whose key was not answered, once the class is full', async () => {
  const session = await aClass({ seats: 1, price: 0 });
  const [a, b, stranger] = await crowd(3, 'together');
  const [sits, late] = [await connect(a), await connect(b)];
  await late.query('select api.become_member($1)', [lotus]);
  const keys = [randomUUID(), randomUUID(), randomUUID(), randomUUID(), 'short'];
  const tooLate = async () => {
    const users = [a, b, stranger, a, b].map((who) => who?.id);
    return (
      await sql<{ n: number[] }>('select api.too_late($1, $2, $3, $4) as n', [lotus, session, users, keys])
    )[0]?.n;
  };
  expect(await tooLate()).toEqual([]);
  await book(sits, session, keys[0]);
  // Not the first, who has it; not the third, whom the business does not know yet; not the last, whose key is none.
  expect(await tooLate()).toEqual([2, 4]);
  await cancelSeatOf(sits, session, a);
  expect(await tooLate()).toEqual([]);
});

test('what is refused before a full class still is', async () => {
  const session = await aClass({ seats: 1 });
  const [a, b] = await crowd(2, 'before');
  await book(await connect(a), session);
  const client = await connect(b);
  const say = (key: string, payWith: string, participants: unknown) =>
    asked(client, 'select api.book_session($1, $2, $3, $4, null, $5) as answer', [
      lotus,
      session,
      key,
      payWith,
      participants === null ? null : JSON.stringify(participants),
    ]);
  expect(await say('short', 'auto', null)).toMatchObject({ refused: 'idempotency_key_invalid' });
  expect(await say(randomUUID(), 'gold', null)).toMatchObject({ refused: 'pay_with_invalid' });
  expect(await say(randomUUID(), 'pass', null)).toMatchObject({ refused: 'no_pass_pays' });
  expect(await say(randomUUID(), 'auto', [{ person_id: randomUUID() }])).toMatchObject({
    refused: 'person_not_found',
  });
  expect(await say(randomUUID(), 'auto', [{ guest_name: 'Gus' }])).toEqual(full(session));
  expect(await say(randomUUID(), 'card', null)).toEqual(full(session));
});

test('while many press again and again, every seat given back goes to one of them', async () => {
  const session = await aClass({ seats: 3, price: 0 });
  const sitting = await crowd(3, 'sitting');
  const leaving = await Promise.all(sitting.map(connect));
  for (const client of leaving) await book(client, session);
  const waiting = await Promise.all((await crowd(12, 'pressing')).map(connect));
  let allLeft = false;
  const press = async (client: pg.Client): Promise<Answer> => {
    for (;;) {
      const last = allLeft;
      const answer = await book(client, session);
      // The last try began when every seat had been given back.
      if (last || !('refused' in answer)) return answer;
      expect(answer).toEqual(full(session));
    }
  };
  const pressing = Promise.all(waiting.map(press));
  for (const [i, client] of leaving.entries()) await cancelSeatOf(client, session, sitting[i]);
  allLeft = true;
  const answers = await pressing;
  expect(answers.filter((answer) => 'state' in answer)).toHaveLength(3);
  expect((await seatsOf(session)).states).toEqual({ cancelled: 3, confirmed: 3 });
});

test('the look says full exactly where reaching for a seat is refused for it', async () => {
  const [template] = [await aClass({ seats: 6, price: 0 })];
  const [newcomer, ...others] = await crowd(6, 'look');
  const members: string[] = [];
  for (const who of [newcomer, ...others]) {
    const { rows } = await (await connect(who)).query('select api.become_member($1) as id', [lotus]);
    members.push(rows[0].id);
  }
  const situation = fc.record({
    capacity: fc.integer({ min: 1, max: 5 }),
    // Seconds to the end of each hold; null: confirmed.
    seats: fc.array(fc.option(fc.integer({ min: -60, max: 60 }).filter((s) => s !== 0)), { maxLength: 5 }),
    waiting: fc.integer({ min: 0, max: 3 }),
    keptFor: fc.option(fc.integer({ min: -60, max: 60 }).filter((s) => s !== 0)),
    state: fc.constantFrom('scheduled', 'scheduled', 'scheduled', 'cancelled'),
  });
  const undone = new Error('undone');
  await fc.assert(
    fc.asyncProperty(situation, async ({ capacity, seats, waiting, keptFor, state }) => {
      let looked: boolean | undefined;
      let refusal = '';
      await allAtOnce(async (run) => {
        const taken = seats.slice(0, capacity);
        for (const [i, seconds] of taken.entries()) {
          await run(
            `insert into booking.bookings (business_id, session_id, member_id, state, held_until, starts_at, free_cancel_until, late_refund_percent)
             select business_id, id, $2, case when $3::int is null then 'confirmed' else 'held' end, now() + make_interval(secs => $3::int), starts_at, starts_at, 0 from booking.sessions where id = $1`,
            [template, members[i + 1], seconds],
          );
        }
        await run(
          `update booking.sessions set capacity = $2, seats_taken = $3, waiting = $4, claims_until = now() + make_interval(secs => $5::int), state = $6 where id = $1`,
          [template, capacity, taken.length, waiting, keptFor, state],
        );
        [{ looked }] = (await run<{ looked: boolean }>('select booking.is_full($1, $2) as looked', [
          lotus,
          template,
        ])) as [{ looked: boolean }];
        // A payment's way to a seat: the same seats, without the look.
        await run(
          `select booking.take_seat($1, $2, $3, null, now() + interval '1 minute', false, 'payment')`,
          [lotus, template, members[0]],
        ).catch((error: Error) => (refusal = error.message));
        throw undone;
      }).catch((error: unknown) => {
        if (error !== undone) throw error;
      });
      expect(looked).toBe(refusal === 'session_full');
    }),
    { numRuns: 150 },
  );
});
