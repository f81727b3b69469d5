/** The line for a full class, whatever people do in whatever order, and when two reach for one freed seat at once. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Somebody, aClass, connectionOf, crowd, findings, lotus, seatsOf, sql } from '../world.ts';

const size = 5;
let clients: pg.Client[];
let members: Somebody[];
beforeAll(async () => {
  await sql(
    `insert into booking.settings as s (business_id, quiet_from, quiet_until, waitlist_per_day) values ($1, '00:00', '00:00', 50)
     on conflict (business_id) do update set quiet_from = '00:00', quiet_until = '00:00', waitlist_per_day = 50`,
    [lotus],
  );
  members = await crowd(size, 'line');
  clients = await Promise.all(members.map(({ id }) => connectionOf(id)));
});
afterAll(() => Promise.all(clients.map((client) => client.end())));
afterEach(async () => expect(await findings()).toEqual([]));

/** What the function answers, or the name it refuses with. */
async function ask(person: number, call: string, ...values: unknown[]): Promise<string> {
  try {
    await clients[person]!.query(`select ${call}`, values);
    return 'done';
  } catch (error) {
    if (/^PT\d{3}$/.test((error as { code?: string }).code ?? '')) return (error as Error).message;
    throw error;
  }
}
const book = (person: number, session: string) =>
  ask(person, 'api.book_session($1, $2, $3)', lotus, session, randomUUID());
const join = (person: number, session: string) =>
  ask(person, 'api.join_waitlist($1, $2, $3)', lotus, session, randomUUID());
const advance = (session: string) => sql('select api.advance_waitlist($1)', [session]);

const idOf = async (
  table: 'bookings' | 'waitlist_entries',
  person: number,
  session: string,
  states: string[],
) =>
  (
    await sql<{ id: string }>(
      `select x.id from booking.${table} x join members.members m on m.id = x.member_id where x.session_id = $1 and m.user_id = $2 and x.state = any ($3)`,
      [session, members[person]!.id, states],
    )
  )[0]?.id;
async function cancel(person: number, session: string): Promise<string> {
  const id = await idOf('bookings', person, session, ['confirmed']);
  return id ? ask(person, 'api.cancel_booking($1, $2, $3)', lotus, id, randomUUID()) : 'nothing';
}
async function leave(person: number, session: string): Promise<string> {
  const id = await idOf('waitlist_entries', person, session, ['waiting', 'offered']);
  return id ? ask(person, 'api.leave_waitlist($1, $2)', lotus, id) : 'nothing';
}
async function answer(person: number, session: string, accept: boolean): Promise<string> {
  const id = await idOf('waitlist_entries', person, session, ['offered']);
  return id ? ask(person, 'api.answer_offer($1, $2, $3, $4)', lotus, id, accept, randomUUID()) : 'nothing';
}
const lapse = (session: string) =>
  sql(
    `with late as (update booking.waitlist_entries set offered_until = now() - interval '1 second' where session_id = $1 and state = 'offered')
     update booking.bookings set held_until = now() - interval '1 second' where session_id = $1 and state = 'held'`,
    [session],
  );

/** Who sits, and who waits in which order, by number. */
async function stand(session: string): Promise<{ seated: number[]; line: number[] }> {
  const numberOf = (id: string) => members.findIndex((member) => member.id === id);
  const seated = await sql<{ id: string }>(
    `select m.user_id as id from booking.bookings b join members.members m on m.id = b.member_id where b.session_id = $1 and b.state = 'confirmed'`,
    [session],
  );
  const line = await sql<{ id: string }>(
    `select m.user_id as id from booking.waitlist_entries e join members.members m on m.id = e.member_id where e.session_id = $1 and e.state = 'waiting' order by e.joined_at, e.id`,
    [session],
  );
  return { seated: seated.map(({ id }) => numberOf(id)).sort(), line: line.map(({ id }) => numberOf(id)) };
}

let hours = 20 * 24;
/** Nobody is in two of them at once, though all are the same people's. */
const aFullClass = async (mode: string, seats: number): Promise<string> => {
  const session = await aClass({ seats, price: 0, startsIn: `${(hours += 2)} hours` });
  await sql(
    `update booking.class_types set waitlist_mode = $2 where id = (select class_type_id from booking.sessions where id = $1)`,
    [session, mode],
  );
  return session;
};

/** Everybody comes, more than there are seats; then anything may happen. */
const everybody = Array.from({ length: size }, (_, who) => who);
const acts = fc
  .tuple(
    fc.shuffledSubarray(everybody, { minLength: size }),
    fc.array(
      fc.record({
        what: fc.constantFrom(
          'book',
          'join',
          'join',
          'leave',
          'cancel',
          'cancel',
          'cancel',
          'accept',
          'decline',
          'lapse',
        ),
        who: fc.nat(size - 1),
      }),
      { minLength: 8, maxLength: 20 },
    ),
  )
  .map(([order, then]) => [
    ...order.map((who) => ({ what: 'book', who })),
    ...order.map((who) => ({ what: 'join', who })),
    ...then,
  ]);
const act = {
  book,
  join,
  leave,
  cancel,
  accept: (who: number, session: string) => answer(who, session, true),
  decline: (who: number, session: string) => answer(who, session, false),
  lapse: (_who: number, session: string) => lapse(session),
};

test('whatever people do, an automatic line is served in the order they joined', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 2 }), acts, async (seats, steps) => {
      const session = await aFullClass('automatic', seats);
      const seated = new Set<number>();
      let line: number[] = [];
      for (const { what, who } of steps) {
        const full = seated.size === seats;
        const outside = !seated.has(who) && !line.includes(who);
        const did = await act[what as keyof typeof act](who, session);
        if (what === 'book') {
          expect(did === 'done').toBe(!full && !seated.has(who));
          if (did === 'done') seated.add(who);
        }
        if (what === 'join') {
          expect(did === 'done').toBe(full && outside);
          if (did === 'done') line.push(who);
        }
        if (what === 'leave') line = line.filter((one) => one !== who);
        if (what === 'cancel') seated.delete(who);
        await advance(session);
        while (seated.size < seats && line.length > 0) seated.add(line.shift()!);
        expect(await stand(session)).toEqual({ seated: [...seated].sort(), line });
      }
    }),
    { numRuns: 12 },
  );
});

test.each(['offer', 'claim'])(
  'whatever people do in a line of mode %s, the books agree and no seat is sold twice',
  async (mode) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 }), acts, async (seats, steps) => {
        const session = await aFullClass(mode, seats);
        for (const { what, who } of steps) {
          await act[what as keyof typeof act](who, session);
          await advance(session);
          const { taken, states } = await seatsOf(session);
          expect(taken).toBeLessThanOrEqual(seats);
          expect((states['confirmed'] ?? 0) + (states['held'] ?? 0)).toBe(taken);
        }
        expect(await findings()).toEqual([]);
      }),
      { numRuns: 8 },
    );
  },
);

test('two who wait and claim one freed seat at the same moment: one has it, the other still waits', async () => {
  const session = await aFullClass('claim', 1);
  await book(0, session);
  await join(1, session);
  await join(2, session);
  await cancel(0, session);
  await advance(session);
  const answers = await Promise.all([book(1, session), book(2, session)]);
  expect(answers.sort()).toEqual(['done', 'session_full']);
  const { seated, line } = await stand(session);
  expect([seated.length, line.length]).toEqual([1, 1]);
});

test('a freed seat that two workers give away at once is given once, to the first in line', async () => {
  const session = await aFullClass('automatic', 1);
  await book(0, session);
  await join(1, session);
  await join(2, session);
  await cancel(0, session);
  await Promise.all([advance(session), advance(session), advance(session)]);
  expect(await stand(session)).toEqual({ seated: [1], line: [2] });
});
