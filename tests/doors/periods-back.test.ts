import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, findings, sql } from '../world.ts';
import { type Buyer, aColleague, flashOf, wordsOf } from './buyer.ts';
import { dashboard } from './provider.ts';
import { bookWith, bookingIn, cancelIn } from './studio.ts';
import { aSubscriber, standing, untilStanding } from './subscriber.ts';

const m = messages('en');
const words = m.plans.periodBack;

afterEach(async () => expect(await findings()).toEqual([]));

/** Where the order's page of a manager leads for a period of this membership. */
async function lineOf(membership: string): Promise<{ line: string; order: string }> {
  const [row] = await sql<{ line: string; order: string }>(
    `select l.id as line, l.order_id as "order" from members.passes p join sales.order_lines l on l.id = p.order_line_id where p.membership_id = $1 order by p.starts_at desc limit 1`,
    [membership],
  );
  if (!row) throw new Error('Nothing was paid for it');
  return row;
}
const giveBack = (who: Buyer, line: string, how: object) =>
  who.visitor.call(
    `/api/admin/memberships/${line}/refund`,
    { reason: 'Moving away', ...how },
    { 'idempotency-key': randomUUID() },
  );
const refunded = async (order: string) =>
  (
    await sql<{ cents: number; state: string }>(
      'select amount_cents::int as cents, state from payments.refunds where order_id = $1 order by created_at',
      [order],
    )
  ).map(({ cents, state }) => `${cents} ${state}`);

describe('a period of a membership', () => {
  test('goes back by the form of its order: what is unused, and access goes on', async () => {
    const { buyer, member } = await aSubscriber('eight-a-month', 'kept');
    const { line, order } = await lineOf(member.id);
    const manager = await aColleague('manager');
    const shown = await manager.visitor.get(`/admin/orders/${order}`);
    expect(shown.text).toContain(`/admin/memberships/${line}/refund`);
    const page = `/admin/memberships/${line}/refund`;
    const before = wordsOf(await manager.visitor.get(page));
    expect(before).toContain(words.whole({ amount: '€89.00' }));
    expect(before).toContain(words.keep);
    expect(before).toContain(words.endText);
    const form = { share: 'other', amount: '20', access: 'keep', reason: 'A kindness' };
    const torn = await manager.visitor.submit(
      `/api/admin/memberships/${line}/refund`,
      { ...form, share: '8900', idempotency_key: randomUUID() },
      page,
    );
    expect([torn.status, wordsOf(torn).includes(m.refusals.refund_amount_twice)]).toEqual([422, true]);
    expect(await refunded(order)).toEqual([]);
    const sent = await manager.visitor.submit(
      `/api/admin/memberships/${line}/refund`,
      { ...form, idempotency_key: randomUUID() },
      page,
    );
    expect([sent.status, sent.to]).toEqual([303, `/admin/orders/${order}`]);
    expect(flashOf(await manager.visitor.get(`/admin/orders/${order}`))).toBe(
      words.done({ amount: '€20.00' }),
    );
    await expect.poll(() => refunded(order)).toEqual(['2000 succeeded']);
    await untilStanding(buyer, { state: 'active' });
    const session = await aClass({ startsIn: '5 days' });
    expect((await bookWith(buyer, session, { pay_with: 'pass' })).status).toBe(201);
    const more = await giveBack(manager, line, { amount_cents: 6901, access: 'keep' });
    expect([more.status, more.json.code]).toEqual([409, 'refund_above_paid']);
    const now = (await manager.visitor.get(`/api/admin/memberships/${line}/refund`, {})).json.data;
    expect(now).toMatchObject({ left_cents: 6900, booked: 1, credits: 8, credits_left: 7 });
  });

  test('goes back whole and ends: no access, no more charges, once', async () => {
    const { buyer, member } = await aSubscriber('unlimited-year', 'leaver');
    const { line, order } = await lineOf(member.id);
    const manager = await aColleague('manager');
    const session = await aClass({ startsIn: '5 days' });
    expect((await bookWith(buyer, session, { pay_with: 'pass' })).status).toBe(201);
    const early = await giveBack(manager, line, { amount_cents: 119_000, access: 'end' });
    expect([early.status, early.json.code]).toEqual([409, 'membership_has_bookings']);
    expect(await bookingIn(session, buyer)).not.toBe('');
    await cancelIn(session, buyer);
    const both = await Promise.all([
      giveBack(manager, line, { amount_cents: 119_000, access: 'end' }),
      giveBack(manager, line, { amount_cents: 119_000, access: 'end' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    await expect.poll(() => refunded(order)).toEqual(['119000 succeeded']);
    await expect
      .poll(async () => (await dashboard().subscriptions.retrieve(member.provider_ref)).status)
      .toBe('canceled');
    expect(await standing(buyer)).toMatchObject({ state: 'ended' });
    const again = await bookWith(buyer, session, { pay_with: 'pass' });
    expect([again.status, again.json.code]).toEqual([409, 'no_pass_pays']);
    const done = wordsOf(await manager.visitor.get(`/admin/memberships/${line}/refund`));
    expect(done).toContain(m.refusals.nothing_to_refund);
  });

  test('is a manager’s to give', async () => {
    const { buyer, member } = await aSubscriber('eight-a-month', 'plain');
    const { line, order } = await lineOf(member.id);
    const desk = await aColleague('front_desk');
    for (const who of [buyer, desk]) {
      expect((await who.visitor.get(`/admin/memberships/${line}/refund`)).status).toBe(403);
      expect((await giveBack(who, line, { amount_cents: 100, access: 'keep' })).status).toBe(403);
    }
    expect((await desk.visitor.get(`/admin/orders/${order}`)).text).not.toContain('/admin/memberships/');
    const manager = await aColleague('manager');
    expect((await giveBack(manager, randomUUID(), { amount_cents: 100, access: 'keep' })).status).toBe(404);
    expect((await giveBack(manager, line, { amount_cents: 0, access: 'keep' })).status).toBe(422);
    expect((await giveBack(manager, line, { share: 'other', access: 'keep' })).status).toBe(422);
    expect((await giveBack(manager, line, { amount_cents: 100 })).status).toBe(422);
  });
});
