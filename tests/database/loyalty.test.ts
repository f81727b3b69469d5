import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { aClass, allAtOnce, crowd, lotus, sql } from '../world.ts';
import { connect, waits } from './connections.ts';

/** Somebody with an account, as a member, on a connection of their own. */
async function aMember(): Promise<{ client: pg.Client; member: string; userId: string }> {
  const [person] = await crowd(1, 'loyal');
  const client = await connect(person!.id);
  const { rows } = await client.query('select api.become_member($1) as id', [lotus]);
  return { client, member: rows[0].id as string, userId: person!.id };
}

/** Points out of thin air, through the same function that a purchase's come from. */
const givePoints = (member: string, points: number): Promise<void> =>
  allAtOnce(async (run) => {
    await run(
      `select loyalty.make_lot(loyalty.lock_standing($1, $2), loyalty.current($1), $3, 'order:' || gen_random_uuid(), null, 'earned')`,
      [lotus, member, points],
    );
  });

const aReward = async (points: number): Promise<string> =>
  (
    await sql<{ id: string }>(
      `insert into loyalty.rewards (business_id, name, kind, amount_cents, price_points, position, published) values ($1, '{"en": "Some off"}', 'money', 400, $2, 90, true) returning id`,
      [lotus, points],
    )
  )[0]!.id;

/** A placed order of one class, with a reward or none: past the cart, of which there is one a person. */
const anOrder = async (client: pg.Client, session: string, reward: string | null): Promise<string> => {
  const token = randomUUID() + randomUUID();
  await client.query('select api.add_seat_to_cart($1, $2, $3)', [lotus, session, token]);
  if (reward) await client.query('select api.set_cart_reward($1, $2, $3)', [lotus, token, reward]);
  const { rows } = await client.query('select api.place_order($1, $2) as o', [lotus, randomUUID()]);
  return rows[0].o.order_id as string;
};
const payFor = (order: string) =>
  allAtOnce((run) =>
    run(
      `select payments.pay_at_once(o, 'terminal') from sales.orders o where o.id = $1 and o.state = 'placed'`,
      [order],
    ),
  );
const balanceOf = async (client: pg.Client): Promise<number> =>
  (await client.query(`select (api.my_points($1) ->> 'balance')::int as n`, [lotus])).rows[0].n as number;

test('two orders that reach for the same last points at once: one has the reward, the other is refused', async () => {
  const { client, member, userId } = await aMember();
  await givePoints(member, 60);
  const reward = await aReward(50);
  const second = await connect(userId);
  const [here, there] = [await aClass(), await aClass({ startsIn: '23 days' })];
  // Two orders past the one cart of a person, as a till and a phone make them.
  const place = async (on: pg.Client, session: string): Promise<string> => {
    try {
      await on.query(
        `with o as (insert into sales.orders (business_id, member_id, state, channel, currency, reference, placed_at, reward_id)
           values ($1, $2, 'placed', 'till', 'EUR', sales.new_reference($1), now(), $4) returning id),
         l as (insert into sales.order_lines (business_id, order_id, position, kind, session_id, label, unit_price_cents) select $1, o.id, 1, 'seat', $3, '{}', 0 from o returning order_id)
         select order_id from l`,
        [lotus, member, session, reward],
      );
      const { rows } = await on.query(
        `select (sales.place(o.id, o.member_id)).state from sales.orders o join sales.order_lines l on l.order_id = o.id where l.session_id = $1 and o.member_id = $2`,
        [session, member],
      );
      return rows[0].state as string;
    } catch (error) {
      if ((error as { code?: string }).code?.startsWith('PT')) return (error as Error).message;
      throw error;
    }
  };
  await Promise.all([client.query('reset role'), second.query('reset role')]);
  await client.query('begin');
  await second.query('begin');
  const won = await place(client, here);
  const waiting = place(second, there);
  await expect.poll(() => waits(second)).toBe(true);
  await client.query('commit');
  expect([won, await waiting]).toEqual(['placed', 'points_too_few']);
  await second.query('rollback');
  expect(await sql('select points from loyalty.redemptions where member_id = $1', [member])).toEqual([
    { points: 50 },
  ]);
  expect(await sql('select left_points from loyalty.lots where member_id = $1', [member])).toEqual([
    { left_points: 10 },
  ]);
});

test('whatever the order of buying, redeeming and refunding: it ends at the same balance, and at nothing when all goes back', async () => {
  const reward = await aReward(15);
  const acts = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 });
  // In how many unequal parts each order is refunded.
  const parts = fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 2, maxLength: 2 });
  let day = 30;
  await fc.assert(
    fc.asyncProperty(acts, parts, async (order, cuts) => {
      const { client, member } = await aMember();
      await givePoints(member, 40);
      const bought: string[] = [];
      for (const redeems of [false, true]) {
        const id = await anOrder(
          client,
          await aClass({ startsIn: `${day++} days` }),
          redeems ? reward : null,
        );
        await payFor(id);
        bought.push(id);
      }
      const before = await balanceOf(client);
      const refund = (id: string, cents: number | null) =>
        allAtOnce((run) =>
          run(
            `select payments.request_refund(p, u.cents, 'staff', array[l.id], array[u.cents]) from sales.order_lines l join payments.payments p on p.order_id = l.order_id
             cross join lateral (select least(coalesce($2::bigint, l.total_cents), l.total_cents - l.refunded_cents) as cents) u where l.order_id = $1 and u.cents > 0`,
            [id, cents],
          ),
        );
      // Spend and earn in between, give everything back in any order, in parts.
      for (const act of order) {
        const id = bought[act % 2]!;
        if (act < 4) await refund(id, cuts[act % 2]!);
        else if (act < 6) await refund(id, Math.ceil(cuts[act % 2]! / 3));
      }
      await refund(bought[0]!, null);
      await refund(bought[1]!, null);
      expect(before).not.toBe(40);
      // What was earned is gone to the point, what was redeemed is back; the welcome of a first order goes with it.
      expect(await balanceOf(client)).toBe(40);
      const [lots] = await sql<{ left: number; debt: number }>(
        'select sum(t.left_points)::int as left, s.debt from loyalty.lots t join loyalty.standings s on s.member_id = t.member_id where t.member_id = $1 group by s.debt',
        [member],
      );
      expect(lots).toEqual({ left: 40, debt: 0 });
    }),
    { numRuns: 12 },
  );
});

test('give, take, reserve, release and settle in any order: the balance is what was given less what was taken', async () => {
  const reward = await aReward(10);
  const step = fc.oneof(
    fc.record({ act: fc.constant('give' as const), points: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ act: fc.constant('take' as const), points: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ act: fc.constant('back' as const), points: fc.integer({ min: 1, max: 40 }) }),
    fc.record({
      act: fc.constantFrom('reserve' as const, 'release' as const, 'settle' as const),
      points: fc.constant(0),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { member } = await aMember();
      const end = await allAtOnce(async (run) => {
        const [first] = await run<{ id: string }>(
          `select loyalty.make_lot(loyalty.lock_standing($1, $2), loyalty.current($1), 20, 'order:' || gen_random_uuid(), null, 'earned') as id`,
          [lotus, member],
        );
        const [made] = await run<{ id: string }>(
          `insert into sales.orders (business_id, member_id, currency, reward_id) values ($1, $2, 'EUR', $3) returning id`,
          [lotus, member, reward],
        );
        let balance = 20;
        let held = false;
        let spent = false;
        for (const { act, points } of steps) {
          if (act === 'give') {
            await run(
              `select loyalty.make_lot(loyalty.lock_standing($1, $2), loyalty.current($1), $3, 'order:' || gen_random_uuid(), null, 'earned')`,
              [lotus, member, points],
            );
            balance += points;
          } else if (act === 'take' || act === 'back') {
            const verb = act === 'take' ? 'take' : 'give';
            const kind = act === 'take' ? 'taken_back' : 'restored';
            await run(
              `with s as materialized (select loyalty.lock_standing($1, $2) as s), done as materialized (select loyalty.${verb}(s, $3, $4, '${kind}') as s from s)
               select loyalty.write_down(s, '${kind}', $5, null) from done`,
              [lotus, member, first!.id, points, act === 'take' ? -points : points],
            );
            balance += act === 'take' ? -points : points;
          } else if (act === 'reserve' && !held && !spent && balance >= 10) {
            await run('select loyalty.reserve(o) from sales.orders o where o.id = $1', [made!.id]);
            held = true;
            balance -= 10;
          } else if (act === 'release') {
            await run('select loyalty.release(o) from sales.orders o where o.id = $1', [made!.id]);
            if (held) balance += 10;
            held = false;
          } else if (act === 'settle') {
            await run('select loyalty.settle(o) from sales.orders o where o.id = $1', [made!.id]);
            if (held) spent = true;
            held = false;
          }
        }
        const [now] = await run<{ have: number; debt: number; told: number }>(
          `select loyalty.available($1, $2) as have, s.debt, (select balance_after from loyalty.movements m where m.member_id = $2 order by id desc limit 1) as told from loyalty.standings s where s.member_id = $2`,
          [lotus, member],
        );
        // A cart that keeps no promise; what it redeemed stays in the books.
        if (!held && !spent) {
          await run('delete from loyalty.redemptions where order_id = $1', [made!.id]);
          await run('update loyalty.movements set order_id = null where order_id = $1', [made!.id]);
          await run('delete from sales.orders where id = $1', [made!.id]);
        }
        return { ...now!, balance };
      });
      expect(end.have - end.debt).toBe(end.balance);
      expect(end.told).toBe(end.balance);
      expect(end.have === 0 || end.debt === 0).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('whatever was earned, refunded and run out of, and whatever time has passed: a tier counts the orders of exactly one year', async () => {
  const { client, member } = await aMember();
  const step = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ act: fc.constant('earn' as const), points: fc.integer({ min: 1, max: 900 }) }),
    },
    fc.record({ act: fc.constant('gift' as const), points: fc.integer({ min: 1, max: 900 }) }),
    // So much of it is refunded, in parts and all; less than before: a refund failed.
    fc.record({
      act: fc.constant('refund' as const),
      pick: fc.nat(),
      cents: fc.integer({ min: 0, max: 1000 }),
    }),
    fc.record({ act: fc.constant('expire' as const) }),
    // A year ago is not always later than a moment ago: 29 February.
    fc.record({ act: fc.constant('wait' as const), days: fc.constantFrom(-1, 1, 40, 150, 365, 366, 400) }),
    // Until something was earned exactly a year ago.
    fc.record({ act: fc.constant('edge' as const), pick: fc.nat() }),
  );
  const run = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await client.query(text, values)).rows as Row[];
  const later = async (by: string) => {
    await run(`update loyalty.lots set earned_at = earned_at - $2::interval where member_id = $1`, [
      member,
      by,
    ]);
    await run(`update loyalty.standings set earned_from = earned_from - $2::interval where member_id = $1`, [
      member,
      by,
    ]);
  };
  await client.query('reset role');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      // One instant for all of it, and nothing of it stays.
      await client.query('begin');
      try {
        const lines: string[] = [];
        for (const one of steps) {
          if (one.act === 'earn') {
            const [line] = await run<{ id: string }>(
              `with o as (insert into sales.orders (business_id, member_id, state, currency, reference, placed_at, payment_confirmed_at, total_cents) values ($1, $2, 'paid', 'EUR', sales.new_reference($1), now(), now(), 1000) returning id)
               insert into sales.order_lines (business_id, order_id, position, kind, label, unit_price_cents, total_cents, state) select $1, o.id, 1, 'appointment', '{}', 1000, 1000, 'fulfilled' from o returning id`,
              [lotus, member],
            );
            lines.push(line!.id);
            await run(
              `select loyalty.settle(o, row($2::int, false, array[$1::uuid], array[1])::sales.earning) from sales.orders o join sales.order_lines l on l.order_id = o.id where l.id = $1`,
              [line!.id, one.points],
            );
          } else if (one.act === 'gift') {
            await run(
              `select loyalty.make_lot(loyalty.lock_standing($1, $2), loyalty.current($1), $3, 'birthday:' || gen_random_uuid(), null, 'birthday')`,
              [lotus, member, one.points],
            );
          } else if (one.act === 'refund' && lines.length > 0) {
            await run('update sales.order_lines set refunded_cents = $2 where id = $1', [
              lines[one.pick % lines.length],
              one.cents,
            ]);
          } else if (one.act === 'expire') {
            await run(`update loyalty.lots set expires_at = now() where member_id = $1 and left_points > 0`, [
              member,
            ]);
            await run('select api.expire_points()');
          } else if (one.act === 'wait') {
            await later(`${one.days} days`);
          } else if (one.act === 'edge' && lines.length > 0) {
            const [gap] = await run<{ by: string }>(
              `select (t.earned_at - (now() - interval '1 year'))::text as by from loyalty.lots t join sales.order_lines l on l.order_id = t.order_id where l.id = $1 and t.source like 'order:%'`,
              [lines[one.pick % lines.length]],
            );
            await later(gap!.by);
          }
          const [now] = await run<{ kept: string; counted: string; tier: string | null; due: string | null }>(
            `select loyalty.earned_in_a_year($1, $2) as kept, x.points as counted, (loyalty.tier_of(p, $2)).id as tier,
               (select t.id from loyalty.tiers t where t.programme_id = p.id and t.from_points <= x.points order by t.from_points desc limit 1) as due
             from loyalty.current($1) p, lateral (select coalesce(sum(l.points - l.taken_back), 0) as points from loyalty.lots l
               where l.business_id = $1 and l.member_id = $2 and l.earned_at > now() - interval '1 year' and l.source like 'order:%') x`,
            [lotus, member],
          );
          expect([now!.kept, now!.tier]).toEqual([now!.counted, now!.due]);
        }
        const [books] = await run<{ wrong: string }>(
          `select count(*) as wrong from ledger.findings($1) f where f.finding = 'points_of_a_year_not_their_lots'`,
          [lotus],
        );
        expect(books!.wrong).toBe('0');
      } finally {
        await client.query('rollback');
      }
    }),
    { numRuns: 25 },
  );
});
