import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, findings, lotus, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, flashOf, untilOrder, wordsOf } from './buyer.ts';
import { aPass, bookWith, memberOf } from './studio.ts';
import { aSubscriber, buyPlan } from './subscriber.ts';

const m = messages('en');
const key = () => ({ 'idempotency-key': randomUUID() });
const slug = () => `plan-${randomUUID().slice(0, 8)}`;

afterEach(async () => expect(await findings()).toEqual([]));

/** A pack of three for €45, on sale, under a name of its own. */
async function aPlan(manager: Buyer): Promise<{ id: string; slug: string }> {
  const made = await manager.visitor.call('/api/admin/plans', {
    kind: 'pack',
    slug: slug(),
    name_en: 'Three of a kind',
    name_es: 'Tres iguales',
    price_cents: 4500,
    tax_rate_bp: 2100,
    credits: 3,
    valid_days: 60,
  });
  expect(made.status).toBe(201);
  const { plan_id: id } = made.json.data;
  expect((await manager.visitor.call(`/api/admin/plans/${id}/publish`, { published: true })).status).toBe(
    200,
  );
  return { id, slug: made.json.data.slug };
}

describe('packs and memberships, kept by the business', () => {
  test('a manager makes one with a form, sells it, and stops selling it', async () => {
    const manager = await aColleague('manager');
    const name = slug();
    const form = {
      kind: 'membership',
      slug: name,
      name_en: 'Dawn club',
      name_es: 'Club del alba',
      every: 'month',
      price: '49.50',
      tax: '21',
      credits: '6',
      rollover_credits: '2',
      trial_days: '0',
      intro_price: '',
      intro_periods: '0',
      opens: 'all',
      first_timers_only: 'no',
      once_each: 'no',
      shareable: 'no',
      freeze_rule: 'prorate',
      freeze_days_per_year: '30',
      freeze_notice_days: '3',
      change_when: 'auto',
      position: '50',
    };
    const wrong = await manager.visitor.submit(
      '/api/admin/plans',
      { ...form, price: 'dear' },
      '/admin/plans/new',
    );
    expect(wrong.status).toBe(422);
    const made = await manager.visitor.submit('/api/admin/plans', form, '/admin/plans/new');
    expect([made.status, made.to]).toEqual([303, `/admin/plans/${name}`]);
    expect(wordsOf(await manager.visitor.get('/admin/plans'))).toContain('Dawn club');
    const [plan] = await sql<{ id: string } & Record<string, unknown>>(
      'select id, price_cents::int, credits, freeze_rule, freeze_notice_days, published from members.plans where business_id = $1 and slug = $2',
      [lotus, name],
    );
    expect(plan).toMatchObject({
      price_cents: 4950,
      credits: 6,
      freeze_rule: 'prorate',
      freeze_notice_days: 3,
      published: false,
    });
    const visitor = await aBuyer('looker');
    expect(wordsOf(await visitor.visitor.get('/plans'))).not.toContain('Dawn club');
    const page = `/admin/plans/${name}`;
    await manager.visitor.submit(`/api/admin/plans/${plan?.id}/publish`, { published: 'yes' }, page);
    expect(flashOf(await manager.visitor.get(page))).toBe(m.plans.kept.published);
    expect(wordsOf(await visitor.visitor.get('/plans'))).toContain('Dawn club');
    await manager.visitor.submit(`/api/admin/plans/${plan?.id}/publish`, { published: 'no' }, page);
    expect(wordsOf(await visitor.visitor.get('/plans'))).not.toContain('Dawn club');
  });

  test('a price that is changed is a new version: who has the old one keeps it', async () => {
    const manager = await aColleague('manager');
    const plan = await aPlan(manager);
    const buyer = await aBuyer('earlybird');
    await untilOrder((await buyPlan(buyer, plan.slug)).order_id, { state: 'paid' });
    const changed = await manager.visitor.call(`/api/admin/plans/${plan.id}`, {
      price_cents: 6000,
      credits: 4,
    });
    expect([changed.status, changed.json.data.result]).toEqual([200, 'new_version']);
    const [mine] = (await buyer.visitor.get('/api/yoga/passes', {})).json.data;
    expect(mine).toMatchObject({ plan_slug: plan.slug, credits: 3, credits_left: 3 });
    const { plans } = (await buyer.visitor.get('/api/yoga/memberships', {})).json.data;
    expect(plans.find((each: { slug: string }) => each.slug === plan.slug)).toMatchObject({
      price_cents: 6000,
      credits: 4,
    });
    expect(wordsOf(await manager.visitor.get(`/admin/plans/${plan.slug}`))).toContain(
      m.plans.kept.keeps({ count: 1 }),
    );
    expect((await manager.visitor.call(`/api/admin/plans/${plan.id}`, { price_cents: 1 })).json.code).toBe(
      'plan_not_found',
    );
  });

  test('the front desk, teachers and customers are turned away', async () => {
    for (const who of [
      await aColleague('front_desk'),
      await aColleague('instructor'),
      await aBuyer('nosy'),
    ]) {
      expect((await who.visitor.get('/api/admin/plans', {})).status).toBe(403);
      expect((await who.visitor.get('/admin/plans')).status).toBe(403);
      expect(
        (
          await who.visitor.call(
            '/api/admin/passes',
            { member_id: randomUUID(), plan_id: randomUUID(), reason: 'why not' },
            key(),
          )
        ).status,
      ).toBe(403);
    }
  });
});

describe('passes by hand', () => {
  test('a manager gives one from the member’s page, and they hear of it', async () => {
    const manager = await aColleague('manager');
    const plan = await aPlan(manager);
    const friend = await aBuyer('gifted');
    const member = await memberOf(friend);
    const page = `/admin/members/${member}`;
    expect(wordsOf(await manager.visitor.get(page))).toContain(m.plans.kept.give);
    const given = await manager.visitor.submit(
      '/api/admin/passes',
      { member_id: member, plan_id: plan.id, reason: 'The heating was off', idempotency_key: randomUUID() },
      page,
    );
    expect([given.status, given.to]).toEqual([303, `${page}#passes`]);
    const [mine] = (await friend.visitor.get('/api/yoga/passes', {})).json.data;
    expect(mine).toMatchObject({ plan_slug: plan.slug, credits_left: 3 });
    const [told] = await sql<{ n: number }>(
      `select count(*)::int as n from messages.emails where member_id = $1 and template = 'pass_given'`,
      [member],
    );
    expect(told?.n).toBe(1);
    const refund = await manager.visitor.call(
      `/api/admin/passes/${mine.pass_id}/refund`,
      { amount_cents: 1, reason: 'a gift' },
      key(),
    );
    expect([refund.status, refund.json.code]).toEqual([409, 'nothing_to_refund']);
  });

  test('what is unused goes back to the card, never more, and the pass is over', async () => {
    const manager = await aColleague('manager');
    const plan = await aPlan(manager);
    const buyer = await aBuyer('mover');
    const order = await buyPlan(buyer, plan.slug);
    await untilOrder(order.order_id, { state: 'paid' });
    const [pass] = (await buyer.visitor.get('/api/yoga/passes', {})).json.data;
    const session = await aClass();
    const booked = await bookWith(buyer, session, { pay_with: 'pass', pass_id: pass.pass_id });
    const act = `/api/admin/passes/${pass.pass_id}/refund`;
    const early = await manager.visitor.call(act, { amount_cents: 100, reason: 'moving away' }, key());
    expect([early.status, early.json.code]).toEqual([409, 'pass_has_bookings']);
    await buyer.visitor.call(
      `/api/yoga/bookings/${(await sql<{ id: string }>('select id from booking.bookings where session_id = $1', [session]))[0]?.id}/cancel`,
      {},
      key(),
    );
    expect(booked.status).toBe(201);
    const above = await manager.visitor.call(act, { amount_cents: 4501, reason: 'moving away' }, key());
    expect([above.status, above.json.code]).toEqual([409, 'refund_above_unused']);
    expect(wordsOf(await manager.visitor.get(`/admin/passes/${pass.pass_id}/refund`))).toContain('€45.00');
    const done = await manager.visitor.submit(
      act,
      { amount: '45.00', reason: 'moving away', idempotency_key: randomUUID() },
      `/admin/passes/${pass.pass_id}/refund`,
    );
    expect(done.status).toBe(303);
    await untilOrder(order.order_id, {
      refunded: 4500,
      refunds: [{ cents: 4500, reason: 'staff', state: 'succeeded' }],
    });
    const [after] = (await buyer.visitor.get('/api/yoga/passes', {})).json.data;
    expect(after).toMatchObject({ state: 'voided', credits_left: 0 });
    const again = await bookWith(buyer, session, { pay_with: 'pass', pass_id: pass.pass_id });
    expect(again.json.code).toBe('pass_ended');
    const other = await manager.visitor.call(
      `/api/admin/passes/${await aPass(buyer, 2)}/refund`,
      { amount_cents: 1, reason: 'moving away' },
      key(),
    );
    expect(other.json.code).toBe('nothing_to_refund');
  });
});

test('a membership without limit has a line in its statement for each use', async () => {
  const { buyer, member } = await aSubscriber('unlimited', 'boundless');
  const session = await aClass();
  expect((await bookWith(buyer, session, { pay_with: 'pass' })).status).toBe(201);
  const [pass] = await sql<{ id: string }>('select id from members.passes where membership_id = $1', [
    member.id,
  ]);
  expect(wordsOf(await buyer.visitor.get('/account/passes'))).toContain(m.plans.passes.statement);
  const statement = wordsOf(await buyer.visitor.get(`/account/passes/${pass?.id}`));
  expect(statement).not.toContain(m.plans.passes.unused);
  expect(statement).toContain('Class ');
});
