import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, findings, sql } from '../world.ts';
import { type Buyer, aBuyer, flashOf, runJob, untilOrder, wordsOf } from './buyer.ts';
import { cards, dashboard, payAt } from './provider.ts';
import {
  buyPlan as buy,
  checkOut,
  due,
  nextPeriod,
  putPlan as put,
  standing,
  untilStanding,
} from './subscriber.ts';

const m = messages('en');

afterEach(async () => expect(await findings()).toEqual([]));

const notices = async (buyer: Buyer): Promise<string[]> =>
  (
    await sql<{ kind: string }>(
      `select n.kind from messages.notifications n join members.members w on w.id = n.member_id join messages.kinds k on k.kind = n.kind
       where w.user_id = $1 and k.topic = 'plans' order by n.created_at, n.kind`,
      [buyer.id],
    )
  ).map(({ kind }) => kind);

describe('packs', () => {
  test('a pack and a class go through one cart and one payment; the pack pays for the next class by itself', async () => {
    const buyer = await aBuyer('packer');
    const [first, second] = [
      await aClass({ price: 1600 }),
      await aClass({ price: 1600, startsIn: '21 days' }),
    ];
    await buyer.visitor.call('/api/sales/cart', { session_id: first });
    const put = await buyer.visitor.submit('/api/yoga/memberships', { plan: 'ten-classes' }, '/plans');
    expect([put.status, put.to]).toEqual([303, '/cart']);
    const cart = wordsOf(await buyer.visitor.get('/cart'));
    expect(cart).toContain('Ten classes');
    expect(cart).toContain('€146.00');
    const order = await checkOut(buyer);
    expect(order.total_cents).toBe(14_600);
    await payAt(order.payment_url ?? '');
    await untilOrder(order.order_id, { state: 'paid', seats: ['confirmed'], sales: 1 });
    const mine = wordsOf(await buyer.visitor.get('/account/passes'));
    expect(mine).toContain(m.plans.passes.left({ count: 10, of: 10 }));
    const booked = await buyer.visitor.call(
      '/api/yoga/bookings',
      { session_id: second },
      { 'idempotency-key': randomUUID() },
    );
    expect(booked.json.data.state).toBe('paid');
    const [pass] = (await buyer.visitor.get('/api/yoga/passes', {})).json.data;
    expect(pass).toMatchObject({ credits: 10, credits_left: 9 });
    const statement = wordsOf(await buyer.visitor.get(`/account/passes/${pass.pass_id}`));
    expect(statement).toContain(m.members.statement.credits({ count: 9 }));
    // Nobody else reads it.
    const other = await aBuyer('packer');
    expect((await other.visitor.get(`/account/passes/${pass.pass_id}`)).status).toBe(404);
  });

  test('what can be had once is sold once, and says so', async () => {
    const buyer = await aBuyer('packer');
    const order = await buy(buyer, 'first-three');
    await untilOrder(order.order_id, { state: 'paid' });
    expect(wordsOf(await buyer.visitor.get('/plans'))).toContain(m.plans.had);
    const again = await put(buyer, 'first-three');
    expect([again.status, again.json.code]).toEqual([409, 'plan_once_each']);
    expect((await put(buyer, 'no-such-plan')).status).toBe(404);
  });
});

describe('the wallet', () => {
  test('is topped up through the cart, and says what went in', async () => {
    const buyer = await aBuyer('walleter');
    const put = await buyer.visitor.submit(
      '/api/members/wallet',
      { amount_cents: '5000' },
      '/account/wallet',
    );
    expect(put.to).toBe('/cart');
    const order = await checkOut(buyer);
    await payAt(order.payment_url ?? '');
    await untilOrder(order.order_id, { state: 'paid' });
    const page = wordsOf(await buyer.visitor.get('/account/wallet'));
    expect(page).toContain('€50.00');
    expect(page).toContain(m.members.statement.movements.topped_up);
    expect((await buyer.visitor.call('/api/members/wallet', { amount_cents: 3 })).json.code).toBe(
      'amount_invalid',
    );
  });
});

describe('memberships', () => {
  test('one begins with its first payment, renews, ends with its period and can be kept after all', async () => {
    const buyer = await aBuyer('subscriber');
    const session = await aClass({ price: 1600 });
    await buyer.visitor.call('/api/sales/cart', { session_id: session });
    const order = await buy(buyer, 'eight-a-month');
    await untilOrder(order.order_id, { state: 'paid', captured: 10_500, seats: ['confirmed'], sales: 1 });
    await untilStanding(buyer, {
      state: 'active',
      passes: 1,
      paid: 10_500,
      customer_ref: expect.stringMatching(/^cus_/),
    });
    const member = await standing(buyer);
    if (!member) throw new Error('No membership began');
    expect(wordsOf(await buyer.visitor.get('/account/passes'))).toContain('Eight a month');
    expect((await put(buyer, 'eight-a-month')).json.code).toBe('membership_already');

    await nextPeriod(member.provider_ref);
    await untilStanding(buyer, { state: 'active', passes: 2, paid: 10_500 + 8900 });

    const act = (name: string, who = buyer) =>
      who.visitor.submit(`/api/yoga/memberships/${member.id}/${name}`, {}, '/account/passes');
    const ended = await act('cancel');
    expect(ended.to).toBe('/account/passes');
    expect(flashOf(await buyer.visitor.get('/account/passes'))).toBe(m.plans.membership.cancelled);
    expect(await standing(buyer)).toMatchObject({ cancel_at_period_end: true });
    const stranger = await aBuyer('subscriber');
    expect((await stranger.visitor.call(`/api/yoga/memberships/${member.id}/resume`, {})).json.code).toBe(
      'membership_not_found',
    );
    await act('resume');
    expect(await standing(buyer)).toMatchObject({ cancel_at_period_end: false, state: 'active' });
    await act('cancel');
    await due(member.provider_ref);
    await untilStanding(buyer, { state: 'ended' });
    expect(await notices(buyer)).toEqual(['membership_started', 'membership_renewed', 'membership_ended']);
  });

  test('a trial costs nothing; its first charge fails, there is grace, it rests, it is paid and opens again', async () => {
    const buyer = await aBuyer('trier');
    const order = await buy(buyer, 'unlimited');
    expect(order.total_cents).toBe(0);
    await untilOrder(order.order_id, { state: 'paid', captured: 0 });
    await untilStanding(buyer, { state: 'trialing', passes: 1, paid: 0 });
    const { provider_ref: subscription, customer_ref: customer } = (await standing(buyer)) ?? {};
    if (!subscription || !customer) throw new Error('No membership began');
    // Their card is changed for one without money.
    const broke = await dashboard().paymentMethods.attach('pm_card_chargeCustomerFail', { customer });
    // A day before it ends, when everybody has been warned.
    const { trial_start: began } = await dashboard().subscriptions.retrieve(subscription);
    await dashboard().subscriptions.update(subscription, {
      default_payment_method: broke.id,
      trial_end: (began ?? 0) + 86_400,
    });
    const invoice = await nextPeriod(subscription);
    await untilStanding(buyer, { state: 'past_due', passes: 1, paid: 0 });
    expect(wordsOf(await buyer.visitor.get('/account/passes'))).toContain('did not go through');
    await sql(`update members.memberships set grace_until = now() where provider_ref = $1`, [subscription]);
    await runJob('suspend_memberships');
    await untilStanding(buyer, { state: 'suspended' });
    const good = await dashboard().paymentMethods.attach('pm_card_visa', { customer });
    await dashboard().subscriptions.update(subscription, { default_payment_method: good.id });
    await dashboard().invoices.pay(invoice);
    await untilStanding(buyer, { state: 'active', passes: 2, paid: 11_900 });
    expect([...new Set(await notices(buyer))].sort()).toEqual([
      'membership_recovered',
      'membership_renewed',
      'membership_started',
      'membership_suspended',
      'payment_failed',
    ]);
  });

  test('an introductory price is charged first', async () => {
    const buyer = await aBuyer('starter');
    const order = await buy(buyer, 'autumn-start');
    await untilOrder(order.order_id, { state: 'paid', captured: 5950, sales: 1 });
    await untilStanding(buyer, { state: 'active' });
  });

  test('a declined card leaves the order to be paid again, and nothing begins', async () => {
    const buyer = await aBuyer('declined');
    const order = await buy(buyer, 'eight-a-month', cards.declined);
    await untilOrder(order.order_id, { state: 'placed', payments: ['failed'] });
    expect(await standing(buyer)).toBeUndefined();
    await payAt(order.payment_url ?? '');
    await untilOrder(order.order_id, { state: 'paid', captured: 8900 });
    await untilStanding(buyer, { state: 'active', passes: 1 });
  });
});
