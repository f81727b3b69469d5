/**
 * Who waits for whom. Points come before money, and seats come in order: what somebody waits for is never held by one who
 * waits for what they hold. Each act is stopped at the first thing it wants, and must hold nothing that comes after it.
 */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { aClass, aFee, aGiftCard, crowd, givePass, lotus, people, seatsOf, sql } from '../world.ts';
import { connect, connectAsOwner, waits } from './connections.ts';

async function aMember(): Promise<{ client: pg.Client; member: string }> {
  const [person] = await crowd(1, 'circle');
  const client = await connect(person!.id);
  const { rows } = await client.query('select api.become_member($1) as id', [lotus]);
  return { client, member: rows[0].id as string };
}
/** A seat in somebody's cart, and a gift card that is to pay what it can. */
async function cartWithCard(client: pg.Client, member: string, cents: number): Promise<string> {
  const token = randomUUID() + randomUUID();
  await client.query('select api.add_seat_to_cart($1, $2, $3)', [lotus, await aClass(), token]);
  await addCard(token, member, cents);
  return token;
}
async function addCard(token: string, member: string, cents: number): Promise<void> {
  const card = await aGiftCard(cents);
  const values = [lotus, card.code, card.pin, randomUUID(), token, member];
  await sql(
    'select api.use_gift_card($1, $2, $3, $4, m.user_id, $5) from members.members m where m.id = $6',
    values,
  );
}
const place = async (client: pg.Client, token: string): Promise<{ order_id: string; state: string }> =>
  (await client.query('select api.place_order($1, $2, $3) as o', [lotus, randomUUID(), token])).rows[0].o;

/** What everybody's sales need, of which somebody holds some. Other tests let go of theirs in a moment. */
const heldOf = (kinds: string) => async (): Promise<number> =>
  (
    await sql<{ n: number }>(
      `with shared as (select id from ledger.accounts where business_id = $1 and unit = 'EUR' and kind = any ($2)),
         free as (select id from ledger.accounts where id in (select id from shared) for no key update skip locked)
       select ((select count(*) from shared) - (select count(*) from free))::int as n`,
      [lotus, kinds.split(' ')],
    )
  )[0]!.n;

/** The act while somebody else has what `take` takes: what it answers once it gets it, having held nothing of `kinds` meanwhile. */
async function whileTaken<T>(
  take: (keeper: pg.Client) => Promise<unknown>,
  kinds: string,
  client: pg.Client,
  act: () => Promise<T>,
): Promise<T> {
  const keeper = await connectAsOwner();
  await keeper.query('begin');
  await take(keeper);
  const acting = act();
  await expect.poll(() => waits(client)).toBe(true);
  await expect.poll(heldOf(kinds)).toBe(0);
  await keeper.query('commit');
  return acting;
}
const money = 'revenue clearing drawer tax gift_card wallet unearned';
const whileThePointsAreTaken = <T>(member: string, client: pg.Client, act: () => Promise<T>): Promise<T> =>
  whileTaken(
    (keeper) => keeper.query('select loyalty.lock_standing($1, $2)', [lotus, member]),
    money,
    client,
    act,
  );
const accountOf = (kind: string, owner: string) => (keeper: pg.Client) =>
  keeper.query(`select from ledger.accounts where id = ledger.account($1, 'EUR', $2, $3) for no key update`, [
    lotus,
    kind,
    owner,
  ]);

test('a pack at the desk', async () => {
  const { member } = await aMember();
  const desk = await connect(people.frontDesk.id);
  const session = await aClass({ startsIn: '20 minutes' });
  const { rows } = await whileThePointsAreTaken(member, desk, () =>
    desk.query(
      `select api.sell_at_desk($1, $2, $3, 'cash', $4, pack_id => (select id from members.plans where business_id = $1 and slug = 'ten-classes')) ->> 'state' as state`,
      [lotus, session, randomUUID(), member],
    ),
  );
  expect(rows).toEqual([{ state: 'checked_in' }]);
});

test('an order that a gift card covers', async () => {
  const { client, member } = await aMember();
  const token = await cartWithCard(client, member, 5000);
  expect(await whileThePointsAreTaken(member, client, () => place(client, token))).toMatchObject({
    state: 'paid',
  });
});

test('money that comes for the rest of an order, a part of which a gift card pays', async () => {
  const { client, member } = await aMember();
  const { order_id: order, state } = await place(client, await cartWithCard(client, member, 600));
  expect(state).toBe('placed');
  const { rows } = await client.query('select payment_id, amount_cents from api.begin_payment($1, $2)', [
    lotus,
    order,
  ]);
  const provider = await connectAsOwner();
  const settled = await whileThePointsAreTaken(member, provider, () =>
    provider.query(
      `select api.receive_payment_event('stripe', $1, 'test', now(), $2, '{}') ->> 'outcome' as outcome`,
      [
        randomUUID(),
        {
          kind: 'payment',
          payment_id: rows[0].payment_id,
          intent_ref: `pi_${rows[0].payment_id}`,
          state: 'captured',
          amount_cents: Number(rows[0].amount_cents),
          currency: 'EUR',
        },
      ],
    ),
  );
  expect(settled.rows).toEqual([{ outcome: 'settled' }]);
});

test('money that goes back to a gift card and to another', async () => {
  const { client, member } = await aMember();
  const token = await cartWithCard(client, member, 1000);
  await addCard(token, member, 5000);
  expect((await place(client, token)).state).toBe('paid');
  const { rows } = await client.query('select booking_id from api.my_bookings($1)', [lotus]);
  const cancelled = await whileThePointsAreTaken(member, client, () =>
    client.query(`select api.cancel_booking($1, $2, $3) ->> 'refund_cents' as cents`, [
      lotus,
      rows[0].booking_id,
      randomUUID(),
    ]),
  );
  expect(cancelled.rows).toEqual([{ cents: '1600' }]);
});

test('cash at the desk waits for the drawer before it has what everybody needs, and so does cash that goes back', async () => {
  const desk = await connect(people.frontDesk.id);
  const session = await aClass();
  const { member } = await aMember();
  const sold = await whileTaken(accountOf('drawer', 'desk'), 'revenue tax', desk, () =>
    desk.query(`select api.sell_at_desk($1, $2, $3, 'cash', $4) ->> 'booking_id' as booking`, [
      lotus,
      session,
      randomUUID(),
      member,
    ]),
  );
  const booking = sold.rows[0].booking as string;
  const back = await whileTaken(accountOf('drawer', 'desk'), 'revenue tax', desk, () =>
    desk.query(`select api.cancel_for_member($1, $2, true, 'They are ill', $3) ->> 'refund_cents' as cents`, [
      lotus,
      booking,
      randomUUID(),
    ]),
  );
  expect(back.rows).toEqual([{ cents: '1600' }]);
});

test('a fee at the desk waits for its order, then for its pass, then for the drawer, and has nothing that comes after', async () => {
  const { member } = await aMember();
  const desk = await connect(people.frontDesk.id);
  const pass = await givePass(member, 3, false);
  const [inCash, more, inCredits] = [await aFee(member), await aFee(member), await aFee(member)];
  const take = (fee: string, how: string) =>
    desk.query(`select api.take_fee($1, $2, $3, $4) ->> 'state' as state`, [lotus, fee, how, randomUUID()]);
  const orderOf = (fee: string) => (keeper: pg.Client) =>
    keeper.query('select from sales.orders where id = $1 for no key update', [fee]);
  const passTaken = (keeper: pg.Client) =>
    keeper.query('select from members.passes where id = $1 for no key update', [pass]);
  const paid = [{ state: 'paid' }];
  const one = await whileTaken(orderOf(inCash), money, desk, () => take(inCash, 'cash'));
  expect(one.rows).toEqual(paid);
  const two = await whileTaken(accountOf('drawer', 'desk'), 'revenue tax', desk, () => take(more, 'cash'));
  expect(two.rows).toEqual(paid);
  const three = await whileTaken(passTaken, money, desk, () => take(inCredits, 'credits'));
  expect(three.rows).toEqual(paid);
});

test('two orders whose time has run out give their seats back in the order in which seats are taken', async () => {
  const [low, high] = [await aClass(), await aClass()].sort() as [string, string];
  const orders: string[] = [];
  for (const session of [high, low]) {
    const { client } = await aMember();
    const token = randomUUID() + randomUUID();
    await client.query('select api.add_seat_to_cart($1, $2, $3)', [lotus, session, token]);
    orders.push((await place(client, token)).order_id);
  }
  const [keeper, sweeper] = [await connectAsOwner(), await connectAsOwner()];
  await keeper.query('begin');
  await keeper.query('select from booking.sessions where id = $1 for no key update', [low]);
  await sweeper.query('begin');
  // The one in the later class ran out first. Nobody else sees it yet, so no job comes between.
  await sweeper.query(
    `with o as (update sales.orders set hold_expires_at = now() - interval '1 hour' * (3 - array_position($1::uuid[], id)) where id = any ($1) returning id, hold_expires_at)
     update booking.bookings b set held_until = o.hold_expires_at from o join sales.order_lines l on l.order_id = o.id where b.order_line_id = l.id`,
    [orders],
  );
  const sweeping = sweeper.query('select api.expire_holds()');
  await expect.poll(() => waits(sweeper)).toBe(true);
  expect(
    await sql('select id from booking.sessions where id = $1 for no key update skip locked', [high]),
  ).toEqual([{ id: high }]);
  await keeper.query('commit');
  await sweeping;
  await sweeper.query('commit');
  for (const session of [low, high])
    expect(await seatsOf(session)).toMatchObject({ taken: 0, states: { expired: 1 } });
});
