import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { type Somebody, aClass, crowd, givePass, lotus, seatsOf, sql } from '../world.ts';
import { connect, waits } from './connections.ts';

/** Somebody with two devices, a child they look after, and a pass of one credit that the family may use. */
async function aFamily(): Promise<{ devices: [pg.Client, pg.Client]; child: string; pass: string }> {
  const [person] = (await crowd(1, 'parent')) as [Somebody];
  const [made] = await sql<{ parent: string; child: string }>(
    `with parent as (insert into members.members (business_id, user_id, name, email) values ($1, $2, 'Parent', $3) returning id),
       child as (insert into members.members (business_id, name, email, guardian_id) select $1, 'Child', $3, id from parent returning id)
     select parent.id as parent, child.id as child from parent, child`,
    [lotus, person.id, person.email],
  );
  const pass = await givePass(made!.parent, 1, true);
  const devices = await Promise.all([connect(person.id), connect(person.id)]);
  return { devices, child: made!.child, pass };
}

type Answer = { state: string } | { refused: string; status: string };
const bookWith = async (
  client: pg.Client,
  session: string,
  pass: string,
  participants: object[] | null = null,
): Promise<Answer> => {
  try {
    const { rows } = await client.query('select api.book_session($1, $2, $3, $4, $5, $6) as answer', [
      lotus,
      session,
      randomUUID(),
      'pass',
      pass,
      participants && JSON.stringify(participants),
    ]);
    return rows[0].answer as Answer;
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string };
    if (code.startsWith('PT')) return { refused: message, status: code };
    throw error;
  }
};

const used = (pass: string) =>
  sql<{ left: number; uses: number; state: string }>(
    `select members.credits_left(p) as left, (select count(*)::int from booking.bookings k where k.pass_id = p.id and k.state = 'confirmed') as uses,
       (select count(*)::int from ledger.transfers t join booking.bookings k on t.source = 'booking:' || k.id where t.kind = 'credit_use' and k.pass_id = p.id and t.state = 'posted') as transfers
     from members.passes p where p.id = $1`,
    [pass],
  );

test.each(['oneself twice', 'oneself and a child'])(
  'the last credit of a pass, reached for from two devices at once for %s, pays once',
  async (whom) => {
    const { devices, child, pass } = await aFamily();
    const [first, second] = devices;
    const classes = [await aClass(), await aClass({ startsIn: '21 days' })] as const;
    await first.query('begin');
    expect(await bookWith(first, classes[0], pass)).toMatchObject({ state: 'paid' });
    const waiting = bookWith(
      second,
      classes[1],
      pass,
      whom === 'oneself twice' ? null : [{ person_id: child }],
    );
    await expect.poll(() => waits(second)).toBe(true);
    await first.query('commit');
    expect(await waiting).toEqual({ refused: 'pass_used_up', status: 'PT409' });
    expect(await used(pass)).toEqual([{ left: 0, uses: 1, transfers: 1 }]);
    expect([(await seatsOf(classes[0])).taken, (await seatsOf(classes[1])).taken]).toEqual([1, 0]);
  },
);

test('a device that gives up leaves the last credit to the other', async () => {
  const { devices, pass } = await aFamily();
  const [first, second] = devices;
  const classes = [await aClass(), await aClass({ startsIn: '21 days' })] as const;
  await first.query('begin');
  expect(await bookWith(first, classes[0], pass)).toMatchObject({ state: 'paid' });
  const waiting = bookWith(second, classes[1], pass);
  await expect.poll(() => waits(second)).toBe(true);
  await first.query('rollback');
  expect(await waiting).toMatchObject({ state: 'paid' });
  expect(await used(pass)).toEqual([{ left: 0, uses: 1, transfers: 1 }]);
});
