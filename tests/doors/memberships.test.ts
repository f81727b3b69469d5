import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { addDays, today } from '#platform/clock.ts';
import { messages } from '#platform/i18n/index.ts';
import { aClass, findings, sql } from '../world.ts';
import { type Buyer, aBuyer, wordsOf } from './buyer.ts';
import { dashboard } from './provider.ts';
import { bookWith } from './studio.ts';
import { aSubscriber, chargedAt, nextPeriod, standing, untilStanding } from './subscriber.ts';

const m = messages('en');
const zone = 'Europe/Madrid';
const day = (days: number): string => addDays(today(zone), days);
const key = () => ({ 'idempotency-key': randomUUID() });
const weeks = (count: number): number => count * 7 * 86_400;
/** The clocks may change in between: the hour stays, the seconds do not. */
const about = (seconds: number | undefined, expected: number): boolean =>
  Math.abs((seconds ?? 0) - expected) <= 3600;

afterEach(async () => expect(await findings()).toEqual([]));

/** Looks, as the page does, and says yes to what it saw. */
async function freeze(buyer: Buyer, id: string, from: number, until: number) {
  const days = { from_on: day(from), until_on: day(until) };
  const seen = await buyer.visitor.get(
    `/api/yoga/memberships/${id}/freeze?from_on=${days.from_on}&until_on=${days.until_on}`,
    {},
  );
  expect(seen.status).toBe(200);
  const { next_charge_at: charge_at, next_charge_cents: charge_cents } = seen.json.data;
  const done = await buyer.visitor.call(
    `/api/yoga/memberships/${id}/freeze`,
    { ...days, charge_at, charge_cents },
    key(),
  );
  return { seen: seen.json.data, done };
}
const passesOf = (id: string) =>
  sql<{ credits: number | null; left: number | null; state: string }>(
    `select p.credits, members.credits_left(p) as left, p.state from members.passes p where p.membership_id = $1 order by p.starts_at`,
    [id],
  );

describe('a membership that rests', () => {
  test('moves its next charge, closes meanwhile, and comes back early with the charge', async () => {
    const { buyer, member } = await aSubscriber('eight-a-month', 'rester');
    const charged = (await chargedAt(member.provider_ref)) ?? 0;
    const { done } = await freeze(buyer, member.id, 2, 9);
    expect([done.status, done.json.data.days]).toEqual([200, 7]);
    await expect.poll(async () => about(await chargedAt(member.provider_ref), charged + weeks(1))).toBe(true);
    // The provider calls it a trial now; here it is what it was.
    await untilStanding(buyer, { state: 'active', passes: 1 });
    const session = await aClass({ startsIn: '5 days' });
    const refused = await bookWith(buyer, session, { pay_with: 'pass' });
    expect(refused.json.code).toBe('no_pass_pays');
    const [pass] = await sql<{ id: string }>('select id from members.passes where membership_id = $1', [
      member.id,
    ]);
    const named = await bookWith(buyer, session, { pay_with: 'pass', pass_id: pass?.id });
    expect([named.status, named.json.code]).toEqual([409, 'pass_frozen']);
    expect(wordsOf(await buyer.visitor.get('/account/passes'))).toContain(m.plans.freeze.takeBack);
    const back = await buyer.visitor.call(`/api/yoga/memberships/${member.id}/thaw`, {}, key());
    expect(back.json.data.days).toBe(0);
    await expect.poll(async () => about(await chargedAt(member.provider_ref), charged)).toBe(true);
    expect((await bookWith(buyer, session, { pay_with: 'pass' })).status).toBe(201);
    expect((await buyer.visitor.call(`/api/yoga/memberships/${member.id}/thaw`, {}, key())).json.code).toBe(
      'nothing_frozen',
    );
    // The charge comes tomorrow: a moved one is a trial that ends, and of that one is warned first.
    await dashboard().subscriptions.update(member.provider_ref, {
      trial_end: Math.floor(Date.now() / 1000) + 86_400,
      proration_behavior: 'none',
    });
    await nextPeriod(member.provider_ref);
    await untilStanding(buyer, { state: 'active', passes: 2, paid: 17_800 });
  });

  test('in the period after its next charge moves the charge after that, once it is paid for', async () => {
    const { buyer, member } = await aSubscriber('eight-a-month', 'planner');
    const charged = (await chargedAt(member.provider_ref)) ?? 0;
    const path = `/account/memberships/${member.id}/freeze?from_on=${day(35)}&until_on=${day(42)}`;
    expect(wordsOf(await buyer.visitor.get(path))).toContain(m.plans.freeze.chargeAfter);
    const { seen, done } = await freeze(buyer, member.id, 35, 42);
    expect([done.status, seen.first_charge_cents]).toEqual([200, 8900]);
    const moved = Date.parse(seen.next_charge_at) / 1000;
    expect(about(Date.parse(seen.first_charge_at) / 1000, charged)).toBe(true);
    expect(await chargedAt(member.provider_ref)).toBe(charged);
    await nextPeriod(member.provider_ref);
    await untilStanding(buyer, { state: 'active', passes: 2, paid: 17_800 });
    await expect.poll(async () => about(await chargedAt(member.provider_ref), moved)).toBe(true);
    const far = await buyer.visitor.get(
      `/api/yoga/memberships/${member.id}/freeze?from_on=${day(120)}&until_on=${day(121)}`,
      {},
    );
    expect([far.status, far.json.code]).toEqual([409, 'freeze_already']);
  });

  test('without script: the page shows what it would do, then does it', async () => {
    const { buyer, member } = await aSubscriber('eight-a-month', 'rester');
    const path = `/account/memberships/${member.id}/freeze`;
    const early = wordsOf(await buyer.visitor.get(`${path}?from_on=${day(0)}&until_on=${day(7)}`));
    expect(early).toContain(m.refusals.freeze_too_soon({ earliest_on: day(1) }));
    const page = await buyer.visitor.get(`${path}?from_on=${day(3)}&until_on=${day(10)}`);
    const words = wordsOf(page);
    expect(words).toContain(m.plans.freeze.rules.shift);
    expect(words).toContain(m.plans.freeze.days({ count: 7 }));
    const hidden = Object.fromEntries(
      [...page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
        name ?? '',
        value ?? '',
      ]),
    );
    const stale = await buyer.visitor.submit(
      `/api/yoga/memberships/${member.id}/freeze`,
      { ...hidden, idempotency_key: randomUUID(), charge_cents: '1' },
      path,
    );
    expect([stale.status, wordsOf(stale).includes(m.refusals.preview_stale)]).toEqual([409, true]);
    const done = await buyer.visitor.submit(`/api/yoga/memberships/${member.id}/freeze`, hidden, path);
    expect([done.status, done.to]).toEqual([303, '/account/passes']);
    const stranger = await aBuyer('rester');
    expect((await stranger.visitor.get(path)).status).toBe(404);
  });

  test('a trial that is ended at the provider’s dashboard begins its first period; prorated days come off the next bill', async () => {
    const { buyer, member } = await aSubscriber('unlimited', 'prorater');
    await untilStanding(buyer, { state: 'trialing' });
    const refused = await buyer.visitor.get(
      `/api/yoga/memberships/${member.id}/freeze?from_on=${day(2)}&until_on=${day(9)}`,
      {},
    );
    expect([refused.status, refused.json.code]).toEqual([409, 'freeze_in_trial']);
    // Some days into it: periods are told apart by the second they begin in.
    await sql(
      `update members.passes set starts_at = starts_at - interval '3 days' where membership_id = $1`,
      [member.id],
    );
    await dashboard().subscriptions.update(member.provider_ref, { trial_end: 'now' });
    await untilStanding(buyer, { state: 'active', passes: 2, paid: 11_900 });
    const { seen, done } = await freeze(buyer, member.id, 2, 12);
    expect(done.status).toBe(200);
    expect(seen.credit_cents).toBeGreaterThan(3000);
    await expect
      .poll(
        async () =>
          (
            await sql(
              'select from members.membership_credits where membership_id = $1 and provider_ref is not null',
              [member.id],
            )
          ).length,
      )
      .toBe(1);
    await nextPeriod(member.provider_ref);
    await untilStanding(buyer, { passes: 3, paid: 11_900 + seen.next_charge_cents });
    expect(seen.next_charge_cents).toBe(11_900 - seen.credit_cents);
  });
});

describe('another membership instead', () => {
  const look = (buyer: Buyer, id: string, plan: string) =>
    buyer.visitor.get(`/api/yoga/memberships/${id}/change?plan=${plan}`, {});
  type Seen = { due_cents: number; counted_at: number | null; plan: { plan_id: string; slug: string } };
  const change = (buyer: Buyer, id: string, { due_cents, counted_at, plan }: Seen, more: object = {}) =>
    buyer.visitor.call(
      `/api/yoga/memberships/${id}/change`,
      { plan: plan.slug, plan_id: plan.plan_id, due_cents, counted_at, ...more },
      key(),
    );

  test('a dearer one comes at once and costs what was shown; what is left goes along', async () => {
    const { buyer, member } = await aSubscriber('eight-a-month', 'upgrader');
    const page = wordsOf(await buyer.visitor.get(`/account/memberships/${member.id}/change?plan=unlimited`));
    expect(page).toContain(m.plans.change.due);
    const { data: seen } = (await look(buyer, member.id, 'unlimited')).json;
    expect(seen.lines.map(({ kind }: { kind: string }) => kind)).toEqual(['credit', 'rest']);
    expect(seen.due_cents).toBe(
      seen.lines.reduce((sum: number, line: { amount_cents: number }) => sum + line.amount_cents, 0),
    );
    expect(seen.due_cents).toBeGreaterThan(2500);
    const wrong = await change(buyer, member.id, seen, { due_cents: seen.due_cents - 1 });
    expect([wrong.status, wrong.json.code]).toEqual([409, 'preview_stale']);
    const old = await change(buyer, member.id, seen, { counted_at: seen.counted_at - 3600 });
    expect(old.json.code).toBe('preview_stale');
    expect((await change(buyer, member.id, seen)).status).toBe(200);
    await untilStanding(buyer, {
      plan: 'unlimited',
      state: 'active',
      passes: 2,
      paid: 8900 + seen.due_cents,
    });
    expect(await passesOf(member.id)).toEqual([
      { credits: 8, left: 0, state: 'over' },
      { credits: null, left: null, state: 'active' },
    ]);
    expect((await look(buyer, member.id, 'unlimited')).json.code).toBe('plan_not_found');
    await nextPeriod(member.provider_ref);
    await untilStanding(buyer, { passes: 3, paid: 8900 + seen.due_cents + 11_900 });
  });

  test('a card that is declined changes nothing', async () => {
    const { buyer, member } = await aSubscriber('eight-a-month', 'upgrader');
    const { data: seen } = (await look(buyer, member.id, 'unlimited')).json;
    const broke = await dashboard().paymentMethods.attach('pm_card_chargeCustomerFail', {
      customer: member.customer_ref,
    });
    await dashboard().subscriptions.update(member.provider_ref, { default_payment_method: broke.id });
    const refused = await change(buyer, member.id, seen);
    expect([refused.status, refused.json.code]).toEqual([402, 'card_refused']);
    expect(await standing(buyer)).toMatchObject({
      plan: 'eight-a-month',
      passes: 1,
      paid: 8900,
      state: 'active',
    });
  });

  test('a cheaper one waits for the next charge, which costs what was shown and brings its credits', async () => {
    const { buyer, member } = await aSubscriber('autumn-start', 'downgrader');
    const { data: seen } = (await look(buyer, member.id, 'eight-a-month')).json;
    // The introduction goes on for another month.
    expect(seen).toMatchObject({ due_cents: 0, counted_at: null, lines: [], next_charge_cents: 8900 - 5950 });
    expect((await change(buyer, member.id, seen)).status).toBe(200);
    await untilStanding(buyer, { plan: 'autumn-start', next_plan: 'eight-a-month', passes: 1, paid: 5950 });
    await nextPeriod(member.provider_ref);
    await untilStanding(buyer, { plan: 'eight-a-month', next_plan: null, passes: 2, paid: 5950 + 2950 });
    expect((await passesOf(member.id)).at(-1)).toEqual({ credits: 8, left: 8, state: 'active' });
  });

  test('a month instead of a year waits for its end, is not charged before, and can be taken back', async () => {
    const { buyer, member } = await aSubscriber('unlimited-year', 'downgrader');
    const charged = (await chargedAt(member.provider_ref)) ?? 0;
    const { data: seen } = (await look(buyer, member.id, 'eight-a-month')).json;
    expect(seen).toMatchObject({ due_cents: 0, counted_at: null, lines: [], next_charge_cents: 8900 });
    expect((await change(buyer, member.id, seen)).status).toBe(200);
    await untilStanding(buyer, {
      plan: 'unlimited-year',
      next_plan: 'eight-a-month',
      passes: 1,
      paid: 119_000,
    });
    expect(await chargedAt(member.provider_ref)).toBe(charged);
    expect((await buyer.visitor.call(`/api/yoga/memberships/${member.id}/keep`, {}, key())).status).toBe(200);
    await untilStanding(buyer, { plan: 'unlimited-year', next_plan: null, paid: 119_000 });
    expect((await buyer.visitor.call(`/api/yoga/memberships/${member.id}/keep`, {}, key())).json.code).toBe(
      'no_change_waits',
    );
  });

  test('a stranger learns nothing of it', async () => {
    const { member } = await aSubscriber('eight-a-month', 'upgrader');
    const stranger = await aBuyer('stranger');
    expect((await look(stranger, member.id, 'unlimited')).json.code).toBe('membership_not_found');
    expect((await stranger.visitor.get(`/account/memberships/${member.id}/change`)).status).toBe(404);
  });
});
