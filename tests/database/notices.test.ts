import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { allAtOnce, crowd, lotus, sql } from '../world.ts';
import { connectAsOwner, waits } from './connections.ts';

async function aMember(): Promise<string> {
  const [person] = await crowd(1, 'told');
  const [member] = await sql<{ id: string }>(
    `insert into members.members (business_id, user_id, name, email) values ($1, $2, 'Told', $3) returning id`,
    [lotus, person?.id, person?.email],
  );
  return member!.id;
}

const tell = (client: pg.Client, member: string, cause: string) =>
  client.query(`select messages.notify($1, $2, 'milestone', $3, '{"measure": "classes", "count": 10}')`, [
    lotus,
    member,
    cause,
  ]);

const outcome = (member: string, cause: string) =>
  sql(
    `select (select count(*)::int from messages.notifications where member_id = $1 and cause = $2) as told,
       (select count(*)::int from messages.emails where member_id = $1 and cause = $2) as mailed,
       (select count(*)::int from realtime.messages where topic = 'member:' || $1 and event = 'notified') as heard`,
    [member, cause],
  );

test.each(['commit', 'rollback'])(
  'two who tell the same thing at once tell it once, also when the first ends in a %s',
  async (end) => {
    const [first, second, member, cause] = [
      await connectAsOwner(),
      await connectAsOwner(),
      await aMember(),
      randomUUID(),
    ];
    await first.query('begin');
    await tell(first, member, cause);
    const telling = tell(second, member, cause);
    await expect.poll(() => waits(second)).toBe(true);
    await first.query(end);
    await telling;
    expect(await outcome(member, cause)).toEqual([{ told: 1, mailed: 1, heard: 1 }]);
  },
);

test('who chose to hear of it by e-mail only is e-mailed once by two at once', async () => {
  const [first, second, member, cause] = [
    await connectAsOwner(),
    await connectAsOwner(),
    await aMember(),
    randomUUID(),
  ];
  await sql(
    `insert into messages.choices (business_id, member_id, topic, channel, wanted) values ($1, $2, 'progress', 'in_app', false)`,
    [lotus, member],
  );
  await first.query('begin');
  await tell(first, member, cause);
  const telling = tell(second, member, cause);
  await expect.poll(() => waits(second)).toBe(true);
  await first.query('commit');
  await telling;
  expect(await outcome(member, cause)).toEqual([{ told: 1, mailed: 1, heard: 0 }]);
});

test('what is rolled back was not told', async () => {
  const [client, member, cause] = [await connectAsOwner(), await aMember(), randomUUID()];
  await client.query('begin');
  await tell(client, member, cause);
  await client.query('rollback');
  expect(await outcome(member, cause)).toEqual([{ told: 0, mailed: 0, heard: 0 }]);
});

test('what a member was told is found by their own index, however much the others were told', async () => {
  const plan = await allAtOnce(async (run) => {
    // So few rows are read as fast without it: what matters is that they need not be.
    await run('set local enable_seqscan = off');
    return run<{ 'QUERY PLAN': string }>(
      `explain select n.* from messages.notifications n where n.member_id = '00000000-0000-4000-8000-000000000001' and n.read_at is not null and n.shown order by n.created_at desc limit 30`,
    );
  });
  expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('notifications_member_id_idx');
});
