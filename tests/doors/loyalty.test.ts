import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, allAtOnce, findings, lotus, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, untilOrder, wordsOf } from './buyer.ts';
import { payAt } from './provider.ts';
import { checkOut } from './subscriber.ts';
import { Visitor } from './visitor.ts';

const m = messages('en');
/** The seed's rewards: others make some of their own meanwhile. */
const reward = {
  /** Something from the oven, for 60. */
  oven: '93000000-0000-4000-8000-000000000001',
  /** 5 € off, for 120. */
  fiveOff: '93000000-0000-4000-8000-000000000003',
};
afterEach(async () => expect(await findings()).toEqual([]));

/** Points out of thin air, through the same function that a purchase's come from. */
const givePoints = async (buyer: Buyer, points: number): Promise<void> => {
  const joined = await buyer.visitor.get('/account/points');
  expect(joined.status).toBe(200);
  await allAtOnce((run) =>
    run(
      `select loyalty.make_lot(loyalty.lock_standing(m.business_id, m.id), loyalty.current(m.business_id), $3, 'order:' || gen_random_uuid(), null, 'earned') from members.members m where m.business_id = $1 and m.user_id = $2`,
      [lotus, buyer.id, points],
    ),
  );
};
const balance = async (buyer: Buyer): Promise<number> =>
  (await buyer.visitor.get('/api/coffee/loyalty', {})).json.data.balance;

test('a reward is chosen in the cart without script, taken off, spent when it is paid, and the receipt says what was earned', async () => {
  const buyer = await aBuyer('petals');
  await givePoints(buyer, 130);
  await buyer.visitor.submit('/api/sales/cart', { session_id: await aClass({ price: 1600 }) }, '/schedule');
  const before = wordsOf(await buyer.visitor.get('/cart'));
  expect(before).toContain(m.loyalty.cart.choose({ unit: 'points', count: 130 }));
  const chosen = await buyer.visitor.submit('/api/coffee/loyalty', { reward_id: reward.fiveOff }, '/cart');
  expect([chosen.status, chosen.to]).toEqual([303, '/cart#points']);
  const cart = wordsOf(await buyer.visitor.get('/cart'));
  expect(cart).toContain('5 € off: −€5.00');
  expect(cart).toContain('€11.00');
  const order = await checkOut(buyer);
  expect(order.total_cents).toBe(1100);
  expect(await balance(buyer)).toBe(10);
  await payAt(order.payment_url ?? '');
  await untilOrder(order.order_id, { state: 'paid', captured: 1100 });
  const receipt = wordsOf(await buyer.visitor.get(`/orders/${order.order_id}`));
  const [lot] = await sql<{ points: number }>(
    'select sum(points)::int as points from loyalty.lots where order_id = $1',
    [order.order_id],
  );
  expect(receipt).toContain(m.loyalty.cart.earned({ unit: 'points', count: lot!.points }));
  const page = wordsOf(await buyer.visitor.get('/account/points'));
  expect(page).toContain(m.loyalty.mine.kinds.redeemed);
  expect(page).toContain(m.loyalty.amount({ unit: 'points', count: 10 + lot!.points }));
});

test('who has too few, chooses for nothing, or is nobody, hears it by name', async () => {
  const buyer = await aBuyer('poor');
  const ask = async (visitor: Visitor, reward_id: string) => {
    const reply = await visitor.call('/api/coffee/loyalty', { reward_id });
    return [reply.status, reply.json.code];
  };
  await buyer.visitor.call('/api/sales/cart', { session_id: await aClass({ price: 1600 }) });
  expect(await ask(buyer.visitor, reward.fiveOff)).toEqual([409, 'points_too_few']);
  expect(await ask(buyer.visitor, randomUUID())).toEqual([404, 'reward_not_found']);
  await givePoints(buyer, 100);
  expect(await ask(buyer.visitor, reward.oven)).toEqual([409, 'reward_nothing_fits']);
  const nobody = new Visitor();
  expect((await ask(nobody, reward.fiveOff))[0]).toBe(401);
  expect((await nobody.get('/api/coffee/loyalty', {})).status).toBe(401);
  expect((await nobody.get('/account/points')).to).toContain('/signin');
});

test('a manager reads what is owed, makes a reward and takes it off again; nobody else may', async () => {
  const manager = await aColleague('manager');
  const page = wordsOf(await manager.visitor.get('/admin/loyalty'));
  expect(page).toContain(m.loyalty.kept.liability);
  const kept = (await manager.visitor.get('/api/admin/loyalty', {})).json.data;
  expect(kept.programme.unit).toBe('points');
  const name = `Cup ${randomUUID().slice(0, 8)}`;
  const form = {
    name_en: name,
    name_es: name,
    kind: 'money',
    thing: '',
    amount: '3.50',
    price_points: '90000',
  };
  const wrong = await manager.visitor.submit(
    '/api/admin/loyalty/rewards',
    { ...form, amount: '' },
    '/admin/loyalty',
  );
  expect([wrong.status, wordsOf(wrong).includes(m.refusals.reward_invalid)]).toEqual([422, true]);
  const made = await manager.visitor.submit('/api/admin/loyalty/rewards', form, '/admin/loyalty');
  expect([made.status, made.to]).toEqual([303, '/admin/loyalty#rewards']);
  const [row] = await sql<{ id: string; amount_cents: number; published: boolean }>(
    `select id, amount_cents::int, published from loyalty.rewards where name ->> 'en' = $1`,
    [name],
  );
  expect(row).toMatchObject({ amount_cents: 350, published: true });
  await manager.visitor.submit(
    '/api/admin/loyalty/rewards',
    { id: row!.id, published: 'no' },
    '/admin/loyalty',
  );
  expect(
    await sql('select published, amount_cents::int from loyalty.rewards where id = $1', [row!.id]),
  ).toEqual([{ published: false, amount_cents: 350 }]);
  const stranger = await aBuyer('stranger');
  for (const path of ['/api/admin/loyalty', '/api/admin/loyalty/rewards'])
    expect((await stranger.visitor.call(path, {})).status).toBe(403);
  expect((await stranger.visitor.get('/admin/loyalty')).status).toBe(403);
});
