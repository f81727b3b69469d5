/** What two managers at once, or any row of changes, could do to the timetable. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { aClass, crowd, lotus, people, seatsOf, sql } from '../world.ts';
import { connect } from './connections.ts';

const refusalOr = <T>(asked: Promise<T>): Promise<T | { refused: string }> =>
  asked.catch((error: Error & { code?: string }) => {
    if (/^PT\d{3}$/.test(error.code ?? '')) return { refused: error.message };
    throw error;
  });

type Change = Record<string, unknown>;
const preview = async (client: pg.Client, session: string, change: Change): Promise<string> =>
  (
    await client.query(`select api.preview_session_change($1, $2, $3) ->> 'hash' as hash`, [
      lotus,
      session,
      change,
    ])
  ).rows[0].hash;
const apply = (client: pg.Client, session: string, change: Change, hash: string) =>
  refusalOr(
    client
      .query('select api.change_sessions($1, $2, $3, $4, $5) as answer', [
        lotus,
        session,
        change,
        hash,
        randomUUID(),
      ])
      .then(({ rows }) => rows[0].answer as { sessions: number; told: number }),
  );

test('two managers who looked at the same change: one makes it, the other is told that it has been made', async () => {
  const session = await aClass({ startsIn: '15 days' });
  const [one, two] = [await connect(people.manager.id), await connect(people.owner.id)];
  const change = { local_start: '06:15' };
  const hash = await preview(one, session, change);
  const made = await Promise.all([one, two].map((client) => apply(client, session, change, hash)));
  expect(made.filter((answer) => 'refused' in answer)).toEqual([{ refused: 'effect_changed' }]);
});

test('somebody who books between the look and the act is not moved unseen', async () => {
  const session = await aClass({ price: 0, startsIn: '15 days' });
  const manager = await connect(people.manager.id);
  const [buyer] = await crowd(1, 'between');
  const change = { local_start: '06:30' };
  const hash = await preview(manager, session, change);
  await (
    await connect(buyer!.id)
  ).query('select api.book_session($1, $2, $3)', [lotus, session, randomUUID()]);
  expect(await apply(manager, session, change, hash)).toEqual({ refused: 'effect_changed' });
  expect(await apply(manager, session, change, await preview(manager, session, change))).toMatchObject({
    sessions: 1,
    told: 1,
  });
});

test('two classes that are moved into one room at once: one is there, the other is refused by name', async () => {
  const [a, b] = [await aClass({ startsIn: '16 days' }), await aClass({ startsIn: '17 days' })];
  const room = (await sql<{ id: string }>('select room_id as id from booking.sessions where id = $1', [a]))[0]
    ?.id;
  const [one, two] = [await connect(people.manager.id), await connect(people.owner.id)];
  const day = (await sql<{ on: string }>(`select to_char(now() + interval '40 days', 'YYYY-MM-DD') as on`))[0]
    ?.on;
  const change = { room_id: room, on: day, local_start: '05:00' };
  const hashes = [await preview(one, a, change), await preview(two, b, change)] as const;
  const done = await Promise.all([apply(one, a, change, hashes[0]), apply(two, b, change, hashes[1])]);
  const refused = done.filter((answer) => 'refused' in answer);
  expect(refused).toHaveLength(1);
  expect(['room_taken', 'effect_changed']).toContain((refused[0] as { refused: string }).refused);
});

test('a class that is called off while somebody pays for it lets nobody in, and the payment goes back', async () => {
  const session = await aClass({ seats: 2 });
  const [buyer] = await crowd(1, 'payslate');
  const client = await connect(buyer!.id);
  const order = (
    await client.query('select api.book_session($1, $2, $3) as o', [lotus, session, randomUUID()])
  ).rows[0].o as { order_id: string };
  const [payment] = (
    await client.query('select payment_id from api.begin_payment($1, $2)', [lotus, order.order_id])
  ).rows;
  const manager = await connect(people.manager.id);
  await manager.query('select api.cancel_session($1, $2, $3, $4)', [lotus, session, 'Ill', randomUUID()]);
  await sql(`select api.receive_payment_event('stripe', $1, 'test', now(), $2, '{}')`, [
    `late:${payment.payment_id}`,
    {
      kind: 'payment',
      payment_id: payment.payment_id,
      intent_ref: `pi_${payment.payment_id}`,
      state: 'captured',
      amount_cents: 1600,
      currency: 'EUR',
    },
  ]);
  for (let left = 1; left > 0;) {
    const [row] = await sql<{ left: number }>(`select api.empty_session($1, 'Ill', 5) as left`, [session]);
    left = row?.left ?? 0;
  }
  const { states, taken } = await seatsOf(session);
  expect([taken, states['confirmed'] ?? 0, states['held'] ?? 0]).toEqual([0, 0, 0]);
  expect(
    await sql('select sum(amount_cents)::int as cents from payments.refunds where order_id = $1', [
      order.order_id,
    ]),
  ).toEqual([{ cents: 1600 }]);
});

test('any row of series edits keeps local times over both clock changes and never books a room or teacher twice', async () => {
  const [studio] = await sql<{ id: string }>(
    `with b as (insert into business.businesses (slug, name, currency, time_zone, country, locales, email)
       values ('props-' || $1, 'Props', 'EUR', 'Europe/Madrid', 'ES', '{en}', 'x@example.test') returning id),
     s as (insert into business.staff (business_id, user_id, role) select id, $2, 'manager' from b) select id from b`,
    [randomUUID().slice(0, 8), people.manager.id],
  );
  const here = studio!.id;
  await sql(`insert into booking.styles (business_id, slug, name) values ($1, 'calm', '{"en": "Calm"}')`, [
    here,
  ]);
  const place = (
    await sql<{ id: string }>(
      `insert into business.locations (business_id, name) values ($1, 'Here') returning id`,
      [here],
    )
  )[0]!.id;
  const rooms = (
    await sql<{ id: string }>(
      `insert into booking.rooms (business_id, location_id, name, capacity) select $1, $2, 'Room ' || n, 5 + n from generate_series(1, 3) n returning id`,
      [here, place],
    )
  ).map(({ id }) => id);
  const teachers = (
    await sql<{ id: string }>(
      `insert into booking.instructors (business_id, slug, name) select $1, 'teacher-' || n, 'Teacher ' || n from generate_series(1, 3) n returning id`,
      [here],
    )
  ).map(({ id }) => id);
  // A year ahead, so that both clock changes lie in it, whatever the day this runs.
  const kind = (
    await sql<{ id: string }>(
      `insert into booking.class_types (business_id, slug, name, style, level, duration_minutes, price_cents, capacity, opens_days_before) values ($1, 'flow', '{"en": "Flow"}', 'calm', 'all', 60, 0, 5, 366) returning id`,
      [here],
    )
  )[0]!.id;
  const manager = await connect(people.manager.id);
  // As far as series are written by now: a midnight in the middle of this would move it on.
  const [{ on: tomorrow, horizon }] = (await sql<{ on: string; horizon: string }>(
    `select to_char(now() + interval '1 day', 'YYYY-MM-DD') as on, to_char((now() at time zone 'Europe/Madrid')::date + 366, 'YYYY-MM-DD') as horizon`,
  )) as [{ on: string; horizon: string }];
  for (const [i, weekdays] of [[1, 3], [2], [5]].entries()) {
    const facts = {
      class_type_id: kind,
      room_id: rooms[i],
      instructor_id: teachers[i],
      local_start: '09:00',
      weekdays,
      from_on: tomorrow,
    };
    await manager.query('select api.create_series($1, $2, $3)', [here, facts, randomUUID()]);
  }

  const edit = fc.record({
    pick: fc.nat(),
    scope: fc.constantFrom('one', 'following', 'all'),
    every_day: fc.boolean(),
    include_changed: fc.boolean(),
    local_start: fc.option(fc.constantFrom('02:30', '07:45', '09:00', '12:30', '18:00'), { nil: undefined }),
    room: fc.option(fc.nat(2), { nil: undefined }),
    teacher: fc.option(fc.nat(2), { nil: undefined }),
    minutes: fc.option(fc.constantFrom(45, 75, 120), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
      for (const { pick, room, teacher, ...rest } of edits) {
        const ahead = await sql<{ id: string }>(
          `select id from booking.sessions where business_id = $1 and state = 'scheduled' and starts_at > now() + interval '1 hour' and series_id is not null order by starts_at, id`,
          [here],
        );
        const session = ahead[pick % ahead.length]!.id;
        const change = Object.fromEntries(
          Object.entries({
            ...rest,
            room_id: room === undefined ? undefined : rooms[room],
            instructor_id: teacher === undefined ? undefined : teachers[teacher],
          }).filter(([, value]) => value !== undefined),
        );
        const hash = (
          await manager.query(`select api.preview_session_change($1, $2, $3) ->> 'hash' as hash`, [
            here,
            session,
            change,
          ])
        ).rows[0].hash;
        await refusalOr(
          manager.query('select api.change_sessions($1, $2, $3, $4, $5)', [
            here,
            session,
            change,
            hash,
            randomUUID(),
          ]),
        );
      }
      // Local times: whatever follows its rule is where the rule says, on that day's own clock.
      expect(
        await sql(
          `select s.occurs_on, s.starts_at from booking.sessions s join booking.series x on x.id = s.series_id
           where s.business_id = $1 and s.starts_at > now() and not 'time' = any (s.left_pattern) and s.starts_at <> (s.occurs_on + x.local_start) at time zone 'Europe/Madrid'`,
          [here],
        ),
      ).toEqual([]);
      expect(
        await sql(
          `select a.id from booking.sessions a join booking.sessions b on b.business_id = a.business_id and b.id > a.id and (b.room_id = a.room_id or b.instructor_id = a.instructor_id)
             and tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
           where a.business_id = $1 and a.state = 'scheduled' and b.state = 'scheduled'`,
          [here],
        ),
      ).toEqual([]);
      // One a day of each rule, and writing ahead finds nothing to put back.
      expect(
        await sql(
          `select x.id from booking.series x where x.business_id = $1 and booking.write_sessions(x.id, $2) > 0`,
          [here, horizon],
        ),
      ).toEqual([]);
    }),
    { numRuns: 25 },
  );
});
