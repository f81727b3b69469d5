import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { type Somebody, aClass, crowd, lotus, sql } from '../world.ts';
import { connect, waits } from './connections.ts';

interface Teacher extends Somebody {
  instructor: string;
  client: pg.Client;
}

/** People who teach at Lotus & Bean, may teach the class of this session, and are connected. */
async function teachers(session: string, size: number): Promise<Teacher[]> {
  const people = await crowd(size, 'teaches');
  const found: Teacher[] = [];
  for (const person of people) {
    const [made] = await sql<{ id: string }>(
      `with staff as (insert into business.staff (business_id, user_id, role) values ($1, $2, 'instructor')),
         teacher as (insert into booking.instructors (business_id, slug, name, user_id, published) values ($1, $3, 'Teaches ' || $3, $2, false) returning id)
       select id from teacher`,
      [lotus, person.id, `t-${randomUUID().slice(0, 12)}`],
    );
    await sql(
      `insert into booking.qualifications (business_id, instructor_id, class_type_id) select $1, $2, s.class_type_id from booking.sessions s where s.id = $3`,
      [lotus, made?.id, session],
    );
    const client = await connect(person.id);
    found.push({ ...person, instructor: made?.id ?? '', client });
  }
  return found;
}

/** A class whose own teacher looks for a substitute, and those who could be it. */
async function wanted(size: number): Promise<{ session: string; request: string; others: Teacher[] }> {
  const session = await aClass({ price: 0 });
  const [asks, ...others] = await teachers(session, size + 1);
  await sql('update booking.sessions set instructor_id = $2 where id = $1', [session, asks?.instructor]);
  const answer = await asks?.client.query('select api.ask_substitute($1, $2) as answer', [lotus, session]);
  const request = answer?.rows[0].answer.substitution_id as string;
  // Whoever accepts has it, though the studio may just be asking its managers first, in another test.
  await sql('update booking.substitutions set needs_approval = false where id = $1', [request]);
  return { session, request, others };
}

const accept = (teacher: Teacher, request: string): Promise<string> =>
  teacher.client.query('select api.accept_substitution($1, $2) as answer', [lotus, request]).then(
    ({ rows }) => rows[0].answer.state as string,
    (error: Error) => error.message,
  );

const stateOf = (request: string) =>
  sql<{ state: string; teaches: string; filled: number }>(
    `select x.state, s.instructor_id as teaches, (select count(*)::int from booking.substitution_steps p where p.substitution_id = x.id and p.step = 'filled') as filled
     from booking.substitutions x join booking.sessions s on s.id = x.session_id where x.id = $1`,
    [request],
  );

test('two who accept at once: one has the class, the other hears that it is taken', async () => {
  const { request, others } = await wanted(2);
  const [first, second] = others as [Teacher, Teacher];
  await first.client.query('begin');
  expect(await accept(first, request)).toBe('filled');
  const later = accept(second, request);
  await expect.poll(() => waits(second.client)).toBe(true);
  await first.client.query('commit');
  expect(await later).toBe('substitution_taken');
  expect(await stateOf(request)).toEqual([{ state: 'filled', teaches: first.instructor, filled: 1 }]);
});

test('twenty who accept at once: one has the class', async () => {
  const { request, others } = await wanted(20);
  const answers = await Promise.all(others.map((teacher) => accept(teacher, request)));
  expect(answers.filter((answer) => answer === 'filled')).toHaveLength(1);
  expect(answers.filter((answer) => answer === 'substitution_taken')).toHaveLength(19);
  expect((await stateOf(request))[0]?.filled).toBe(1);
});

test('a substitute who is given another class at that very moment is refused, and the request stays open', async () => {
  const { session, request, others } = await wanted(2);
  const [busy, free] = others as [Teacher, Teacher];
  // Another class of theirs at that hour is being written, and is not there yet for anybody who looks.
  const desk = await connect(busy.id);
  await desk.query('reset role');
  await desk.query('begin');
  await desk.query(
    `with room as (insert into booking.rooms (business_id, location_id, name, capacity) select business_id, id, 'Room ' || gen_random_uuid(), 5 from business.locations where business_id = $1 order by address = '{}', id limit 1 returning id)
     insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
     select s.business_id, s.class_type_id, room.id, $3, s.starts_at, s.ends_at, 5, 0 from booking.sessions s, room where s.id = $2`,
    [lotus, session, busy.instructor],
  );
  const answer = accept(busy, request);
  await expect.poll(() => waits(busy.client)).toBe(true);
  await desk.query('commit');
  expect(await answer).toBe('instructor_busy');
  expect((await stateOf(request))[0]?.state).toBe('open');
  expect(await accept(free, request)).toBe('filled');
});

test('a class that is called off while somebody accepts: whoever comes second is told', async () => {
  const { session, request, others } = await wanted(1);
  const [teacher] = others as [Teacher];
  const desk = await connect(teacher.id);
  await desk.query('reset role');
  await desk.query('begin');
  await desk.query(`update booking.sessions set state = 'cancelled' where id = $1`, [session]);
  const answer = accept(teacher, request);
  await expect.poll(() => waits(teacher.client)).toBe(true);
  await desk.query('commit');
  expect(await answer).toBe('session_cancelled');
  expect((await stateOf(request))[0]?.state).toBe('withdrawn');
});

interface Tier {
  over: number;
  per_head_cents: number;
  bonus_cents: number;
}
const someTiers: fc.Arbitrary<Tier[]> = fc
  .uniqueArray(fc.nat(40), { maxLength: 5 })
  .chain((steps) =>
    fc.tuple(
      ...steps
        .sort((a, b) => a - b)
        .map((over) =>
          fc.record({ over: fc.constant(over), per_head_cents: fc.nat(900), bonus_cents: fc.nat(5000) }),
        ),
    ),
  );

test('pay never falls when more come, never passes its cap, and is the sum of its parts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(10_000),
      someTiers,
      fc.option(fc.nat(20_000), { nil: null }),
      async (base, tiers, above) => {
        const cap = above === null ? null : base + above;
        const rows = await sql<{ amount: number; sum: number; parts: number }>(
          `select (p ->> 'amount_cents')::int as amount, (p ->> 'sum_cents')::int as sum, (select sum((x ->> 'cents')::int)::int from jsonb_array_elements(p -> 'parts') x) as parts
           from generate_series(0, 60) heads cross join lateral booking.pay_amount($1, $2::jsonb, $3, heads) p order by heads`,
          [base, JSON.stringify(tiers), cap],
        );
        for (const [heads, row] of rows.entries()) {
          // Reckoned the slow way: head by head.
          let expected = base;
          for (const tier of tiers) if (heads > tier.over) expected += tier.bonus_cents;
          for (let head = 1; head <= heads; head++)
            expected += tiers.findLast(({ over }) => head > over)?.per_head_cents ?? 0;
          expect(row.sum).toBe(expected);
          expect(row.parts).toBe(row.sum);
          expect(row.amount).toBe(cap === null ? expected : Math.min(cap, expected));
          expect(row.amount).toBeGreaterThanOrEqual(rows[heads - 1]?.amount ?? 0);
        }
      },
    ),
    { numRuns: 40 },
  );
});
