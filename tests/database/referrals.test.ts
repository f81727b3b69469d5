import fc from 'fast-check';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { type Somebody, aClass, allAtOnce, crowd, lotus, sql } from '../world.ts';
import { connect } from './connections.ts';

interface Person extends Somebody {
  client: pg.Client;
}
async function people(size: number): Promise<Person[]> {
  const all = await crowd(size, 'brought');
  return Promise.all(
    all.map(async (one) => {
      const client = await connect(one.id);
      return { ...one, client };
    }),
  );
}
const codeOf = async ({ client }: Person): Promise<string> =>
  (await client.query(`select api.my_invitation($1) ->> 'code' as code`, [lotus])).rows[0].code as string;
const accept = ({ client }: Person, code: string) =>
  client.query('select api.accept_invitation_code($1, $2)', [lotus, code]);

/** What they have for bringing or being brought: the points of their orders come and go with other tests' rules. */
const given = async (person: Somebody): Promise<number> =>
  (
    await sql<{ n: number }>(
      `select coalesce(sum(t.points - t.taken_back), 0)::int as n from loyalty.lots t join members.members m on m.id = t.member_id where m.user_id = $1 and t.source like 'referral:%'`,
      [person.id],
    )
  )[0]!.n;
const told = async (person: Somebody) =>
  (
    await sql<{ statement: number; have: number }>(
      `select coalesce((select sum(x.points) from loyalty.movements x where x.member_id = m.id), 0)::int as statement, (loyalty.available(m.business_id, m.id) - coalesce((select s.debt from loyalty.standings s where s.member_id = m.id), 0))::int as have from members.members m where m.business_id = $1 and m.user_id = $2`,
      [lotus, person.id],
    )
  )[0]!;

/** A placed order of one class. */
const anOrder = async ({ client }: Person, session: string): Promise<string> => {
  const { rows } = await client.query('select api.book_session($1, $2, gen_random_uuid()::text) as o', [
    lotus,
    session,
  ]);
  return rows[0].o.order_id as string;
};
const payFor = (order: string) =>
  allAtOnce((run) =>
    run(
      `select payments.pay_at_once(o, 'terminal') from sales.orders o where o.id = $1 and o.state = 'placed'`,
      [order],
    ),
  );
const refund = (order: string, cents: number | null) =>
  allAtOnce((run) =>
    run(
      `select payments.request_refund(p, u.cents, 'staff', array[l.id], array[u.cents]) from sales.order_lines l join payments.payments p on p.order_id = l.order_id
       cross join lateral (select least(coalesce($2::bigint, l.total_cents), l.total_cents - l.refunded_cents) as cents) u where l.order_id = $1 and u.cents > 0`,
      [order, cents],
    ),
  );
/** As the job does it: again while somebody is busy with one of the two; before anything is paid there is nothing to wait for. */
const settle = async (of: Somebody, isPaid = true): Promise<void> => {
  const once = async () =>
    (
      await sql<{ done: boolean }>(
        'select api.settle_referral(r.id) as done from loyalty.referrals r join members.members m on m.id = r.newcomer_id where m.user_id = $1',
        [of.id],
      )
    )[0]!.done;
  if (isPaid) await expect.poll(once).toBe(true);
  else expect(await once()).toBe(false);
};
const terms = (
  await sql<{ yours: number; theirs: number; least: number }>(
    'select inviter_points as yours, newcomer_points as theirs, referral_min_cents::int as least from loyalty.programmes where business_id = $1 and superseded_at is null',
    [lotus],
  )
)[0]!;

test('one account that accepts in two browsers at once is brought once', async () => {
  const [inviter, other, newcomer] = await people(3);
  const [first, second] = [await codeOf(inviter!), await codeOf(other!)];
  const again = { ...newcomer!, client: await connect(newcomer!.id) };
  const said = await Promise.allSettled([accept(newcomer!, first), accept(again, second)]);
  expect(said.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(
    await sql(
      'select from loyalty.referrals r join members.members m on m.id = r.newcomer_id where m.user_id = $1',
      [newcomer!.id],
    ),
  ).toHaveLength(1);
});

test('two first orders that are paid at once, and the job as often as it likes: both have it once', async () => {
  const [inviter, newcomer] = await people(2);
  await accept(newcomer!, await codeOf(inviter!));
  const orders = [
    await anOrder(newcomer!, await aClass()),
    await anOrder(newcomer!, await aClass({ startsIn: '22 days' })),
  ];
  await Promise.all(orders.map(payFor));
  await Promise.all([settle(newcomer!), settle(newcomer!), settle(newcomer!)]);
  expect([await given(inviter!), await given(newcomer!)]).toEqual([terms.yours, terms.theirs]);
  expect(await told(inviter!)).toEqual({ statement: terms.yours, have: terms.yours });
});

test('who is busy with their points is not waited for: it is done when they are free', async () => {
  const [inviter, newcomer] = await people(2);
  await accept(newcomer!, await codeOf(inviter!));
  const order = await anOrder(newcomer!, await aClass());
  const [member] = await sql<{ id: string }>('select id from members.members where user_id = $1', [
    inviter!.id,
  ]);
  await allAtOnce((run) => run('select loyalty.lock_standing($1, $2)', [lotus, member!.id]));
  await inviter!.client.query('reset role');
  await inviter!.client.query('begin');
  await inviter!.client.query('select loyalty.lock_standing($1, $2)', [lotus, member!.id]);
  await payFor(order);
  const [row] = await sql<{ done: boolean }>(
    'select api.settle_referral(r.id) as done from loyalty.referrals r where r.inviter_id = $1',
    [member!.id],
  );
  expect([row!.done, await given(inviter!)]).toEqual([false, 0]);
  await inviter!.client.query('commit');
  await settle(newcomer!);
  expect(await given(inviter!)).toBe(terms.yours);
});

test('whatever the order of paying, refunding and the job: both end with what the first order says, and with nothing when it goes back', async () => {
  const acts = fc.shuffledSubarray(['pay', 'part', 'job', 'again', 'more', 'job'] as const, { minLength: 6 });
  let hours = 0;
  await fc.assert(
    fc.asyncProperty(acts, fc.integer({ min: 1, max: 1600 }), async (order, cents) => {
      const [inviter, newcomer] = await people(2);
      await accept(newcomer!, await codeOf(inviter!));
      const first = await anOrder(newcomer!, await aClass({ startsIn: `20 days ${(hours += 2)} hours` }));
      const later = await anOrder(newcomer!, await aClass({ startsIn: `20 days ${(hours += 2)} hours` }));
      const paid = new Set<string>();
      const pay = async (id: string) => {
        if (!paid.has(id)) await payFor(id);
        paid.add(id);
      };
      for (const act of order) {
        if (act === 'pay') await pay(first);
        // The first order is the one that is paid first.
        else if (act === 'more' && paid.has(first)) await pay(later);
        else if (act === 'part' && paid.has(first)) await refund(first, cents);
        else if (act === 'again' || act === 'job') await settle(newcomer!, paid.has(first));
      }
      await settle(newcomer!);
      const [now] = await sql<{ left: number }>('select loyalty.counted_cents($1, true)::float as left', [
        first,
      ]);
      const stands = now!.left >= terms.least;
      expect([await given(inviter!), await given(newcomer!)]).toEqual(
        stands ? [terms.yours, terms.theirs] : [0, 0],
      );
      await refund(first, null);
      await settle(newcomer!);
      expect([await given(inviter!), await given(newcomer!)]).toEqual([0, 0]);
      expect(await told(inviter!)).toEqual({ statement: 0, have: 0 });
      const { statement, have } = await told(newcomer!);
      expect(statement).toBe(have);
    }),
    { numRuns: 10 },
  );
});
