import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { allAtOnce, barberia, findings, lotus, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, flashOf, orderNow, wordsOf } from './buyer.ts';
import { takeFee, waive } from './desk.ts';
import { dashboard } from './provider.ts';
import { aBusyClass, aPass, bookWith, bookingIn, cancelIn, creditsLeft, memberOf, topUp } from './studio.ts';
import { lettersTo } from './visitor.ts';

const m = messages('en');
const withKey = (key: string = randomUUID()) => ({ 'idempotency-key': key });

afterEach(async () => expect(await findings()).toEqual([]));

/** A year without limit, as if it had been paid elsewhere. */
async function aYear(buyer: Buyer): Promise<string> {
  const member = await memberOf(buyer);
  return allAtOnce(async (run) => {
    const [made] = await run<{ id: string }>(
      `with m as (insert into members.memberships (business_id, member_id, plan_id, state, access_until, period_start, period_end)
         select $1, $2, id, 'active', now() + interval '300 days', now() - interval '60 days', now() + interval '300 days' from members.plans where business_id = $1 and slug = 'unlimited-year' returning *)
       select members.grant_pass(m.business_id, m.member_id, m.plan_id, null, 0, m.id, m.period_start, m.period_end) as id from m`,
      [lotus, member],
    );
    return made?.id ?? '';
  });
}

/** Somebody who owes 8 € for giving up late what cost nothing. */
async function anOwer({ credits = 0 } = {}) {
  const buyer = await aBuyer('ower');
  await aYear(buyer);
  const session = await aBusyClass('off', { startsIn: '3 hours', lateFee: 800 });
  await sql(
    `update booking.class_types set fee_credits = $2 where id = (select class_type_id from booking.sessions where id = $1)`,
    [session, credits],
  );
  expect((await bookWith(buyer, session, { pay_with: 'pass' })).status).toBe(201);
  const booking = await bookingIn(session, buyer);
  expect((await cancelIn(session, buyer)).json.data.fee_cents).toBe(800);
  const [fee] = await sql<{ fee_order_id: string }>(
    'select fee_order_id from booking.forfeits where booking_id = $1',
    [booking],
  );
  return { buyer, session, booking, fee: fee?.fee_order_id ?? '' };
}
const pay = (buyer: Buyer, fee: string, how: object, key?: string) =>
  buyer.visitor.call(`/api/sales/orders/${fee}/pay`, how, withKey(key));
const walletOf = async (buyer: Buyer): Promise<number> =>
  (await buyer.visitor.get('/api/members/wallet', {})).json.data.balance_cents;

describe('a fee', () => {
  test('is paid from the wallet, by one act on its page; a card page that was open takes no more money', async () => {
    const { buyer, fee } = await anOwer();
    await topUp(buyer, 500);
    const page = `/orders/${fee}`;
    const low = wordsOf(await buyer.visitor.get(page));
    expect(low).toContain(m.sales.order.payCard({ amount: '€8.00' }));
    expect(low).toContain(m.sales.fees.walletLow({ amount: '€5.00' }));
    expect(low).not.toContain(m.sales.fees.wallet({ amount: '€5.00' }));
    expect((await pay(buyer, fee, { with: 'wallet' })).json).toMatchObject({ code: 'wallet_too_low' });
    const card = await buyer.visitor.call('/api/payments/create-intent', { order_id: fee }, withKey());
    expect(card.status).toBe(200);
    const [open] = await sql<{ provider_ref: string }>(
      'select provider_ref from payments.payments where order_id = $1',
      [fee],
    );
    await topUp(buyer, 1000);
    expect(wordsOf(await buyer.visitor.get(page))).toContain(m.sales.fees.wallet({ amount: '€15.00' }));
    const sent = await buyer.visitor.submit(
      `/api/sales/orders/${fee}/pay`,
      { with: 'wallet', idempotency_key: randomUUID() },
      page,
    );
    expect([sent.status, sent.to]).toEqual([303, page]);
    const after = await buyer.visitor.get(page);
    expect(flashOf(after)).toBe(m.sales.fees.paid);
    expect(wordsOf(after)).toContain(m.sales.order.heads.settled);
    expect(await walletOf(buyer)).toBe(700);
    expect(await orderNow(fee)).toMatchObject({ state: 'paid', captured: 800, sales: 1 });
    await expect
      .poll(async () => (await dashboard().checkout.sessions.retrieve(open?.provider_ref ?? '')).status)
      .toBe('expired');
  });

  test('is paid once by whoever presses twice, and comes back to the wallet when it is waived', async () => {
    const { buyer, booking, fee } = await anOwer();
    await topUp(buyer, 2000);
    const key = randomUUID();
    const replies = await Promise.all([
      pay(buyer, fee, { with: 'wallet' }, key),
      pay(buyer, fee, { with: 'wallet' }),
      pay(buyer, fee, { with: 'wallet' }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(await walletOf(buyer)).toBe(1200);
    const stranger = await aBuyer('stranger');
    await topUp(stranger, 2000);
    expect((await pay(stranger, fee, { with: 'wallet' })).status).toBe(404);
    expect((await stranger.visitor.get(`/api/sales/orders/${fee}/pay`, {})).status).toBe(404);
    const desk = await aColleague('front_desk');
    expect((await waive(desk, { booking_id: booking, reason: 'The bus broke down' })).status).toBe(200);
    expect(await walletOf(buyer)).toBe(2000);
  });

  test('is settled with credits where its policy says so, and they come back when it is waived', async () => {
    const { buyer, booking, fee } = await anOwer({ credits: 1 });
    const pass = await aPass(buyer, 3);
    const ways = (await buyer.visitor.get(`/api/sales/orders/${fee}/pay`, {})).json.data;
    expect(ways).toMatchObject({
      total_cents: 800,
      wallet_cents: 0,
      credits: 1,
      pass_id: pass,
      credits_left: 3,
    });
    expect(wordsOf(await buyer.visitor.get(`/orders/${fee}`))).toContain('Use 1 credit of 3');
    const done = await pay(buyer, fee, { with: 'credits', pass_id: pass });
    expect([done.status, done.json.data]).toMatchObject([200, { state: 'paid', total_cents: 0, credits: 1 }]);
    expect(await creditsLeft(pass)).toBe(2);
    const [spent] = (await buyer.visitor.get(`/api/members/statement?pass_id=${pass}`, {})).json.data;
    expect(spent).toMatchObject({ movement: 'credit_use', amount: -1, order_id: fee });
    expect((await buyer.visitor.get(`/orders/${fee}`)).status).toBe(200);
    const desk = await aColleague('front_desk');
    const why = { booking_id: booking, reason: 'Our mistake' };
    expect((await waive(desk, why)).json.data).toMatchObject({ credits_back: 1 });
    expect(await creditsLeft(pass)).toBe(3);
    expect((await waive(desk, why)).json.code).toBe('returned_before');
  });

  test('of a class whose policy knows no credits asks for money', async () => {
    const { buyer, fee } = await anOwer();
    const pass = await aPass(buyer, 3);
    expect((await pay(buyer, fee, { with: 'credits' })).json.code).toBe('fee_needs_money');
    expect((await pay(buyer, fee, { with: 'credits', pass_id: pass })).json.code).toBe('fee_needs_money');
    expect((await pay(buyer, fee, { with: 'points' })).status).toBe(422);
    expect(await creditsLeft(pass)).toBe(3);
  });
});

describe('at the desk a fee', () => {
  test('is seen on the roster and taken in cash without a script; its receipt goes out by e-mail', async () => {
    const { buyer, session, booking, fee } = await anOwer();
    const desk = await aColleague('front_desk');
    const page = `/desk/${session}`;
    const seen = await desk.visitor.get(page);
    const owes = m.desk.fees.owes({ amount: '€8.00' });
    expect(wordsOf(seen)).toContain(owes);
    expect(wordsOf(seen)).toContain('Late cancellation €8.00');
    expect(seen.text).toContain(`name="order_id" value="${fee}"`);
    expect(wordsOf(await desk.visitor.get(`/es${page}`))).toContain('Debe 8,00 €');
    const sent = await desk.visitor.submit(
      '/api/desk/fees',
      { order_id: fee, booking_id: booking, pay: 'cash', idempotency_key: randomUUID() },
      page,
    );
    expect([sent.status, sent.to]).toEqual([303, `${page}#b-${booking}`]);
    const after = await desk.visitor.get(page);
    expect(flashOf(after)).toMatch(/^Paid\. .+ gets a receipt by e-mail\.$/);
    expect(wordsOf(after)).not.toContain(owes);
    expect(await orderNow(fee)).toMatchObject({ state: 'paid', captured: 800, sales: 1 });
    expect(wordsOf(await buyer.visitor.get(`/orders/${fee}`))).toContain(m.sales.order.heads.settled);
    const receipts = async () =>
      (await lettersTo(buyer.email)).filter(({ subject }) => subject.startsWith('Paid: ')).length;
    await expect.poll(receipts).toBe(1);
    // Once more from a page that was open: it says what happened, and takes nothing.
    const late = await desk.visitor.submit(
      '/api/desk/fees',
      { order_id: fee, pay: 'terminal', idempotency_key: randomUUID() },
      page,
    );
    expect([late.status, wordsOf(late)]).toEqual([409, expect.stringContaining('paid already')]);
  });

  test('is seen where somebody is found at the door, and on their page in the office', async () => {
    const { buyer, session, fee } = await anOwer({ credits: 1 });
    const pass = await aPass(buyer, 3);
    await topUp(buyer, 900);
    const desk = await aColleague('front_desk');
    for (const path of [
      `/desk/${session}/walk-in?who=${encodeURIComponent(buyer.email)}`,
      `/admin/members/${await memberOf(buyer)}`,
    ]) {
      const page = await desk.visitor.get(path);
      for (const pay of ['cash', 'terminal', 'wallet', `credits:${pass}`])
        expect(page.text).toContain(`value="${pay}"`);
      expect(wordsOf(page)).toContain('Use 1 credit of 3');
    }
    const taken = await takeFee(desk, { order_id: fee, pay: `credits:${pass}` });
    expect([taken.status, taken.json.data]).toMatchObject([200, { total_cents: 0, credits: 1 }]);
    expect(await creditsLeft(pass)).toBe(2);
    expect(await walletOf(buyer)).toBe(900);
  });

  test('shows only what would pay it, and nothing to who only teaches', async () => {
    const { buyer, session, fee } = await anOwer();
    await aPass(buyer, 3);
    const desk = await aColleague('front_desk');
    const page = (await desk.visitor.get(`/desk/${session}`)).text;
    expect([page.includes('value="cash"'), page.includes('value="wallet"')]).toEqual([true, false]);
    expect(page).not.toContain('value="credits:');
    expect((await takeFee(desk, { order_id: fee, pay: 'wallet' })).json.code).toBe('wallet_too_low');
    expect((await takeFee(desk, { order_id: fee, pay: 'credits' })).json.code).toBe('fee_needs_money');
    const teacher = await aColleague('instructor');
    await sql(
      'update booking.instructors set user_id = $1 where id = (select instructor_id from booking.sessions where id = $2)',
      [teacher.id, session],
    );
    const theirs = await teacher.visitor.get(`/desk/${session}`);
    expect([theirs.status, theirs.text.includes('/api/desk/fees')]).toEqual([200, false]);
  });

  test('is taken by the front desk of its business alone, in a way there is', async () => {
    const { buyer, fee } = await anOwer();
    const cash = { order_id: fee, pay: 'cash' };
    for (const nobody of [
      buyer,
      await aColleague('instructor'),
      await aColleague('barista'),
      await aColleague('front_desk', barberia),
    ])
      expect((await takeFee(nobody, cash)).status).toBe(403);
    const desk = await aColleague('front_desk');
    expect((await takeFee(desk, { ...cash, order_id: randomUUID() })).json.code).toBe('order_not_found');
    for (const pay of ['points', `cash:${randomUUID()}`, 'credits:nothing', ''])
      expect((await takeFee(desk, { order_id: fee, pay })).json).toMatchObject({
        code: 'invalid_input',
        details: { fields: { pay: expect.any(String) } },
      });
    expect((await desk.visitor.call('/api/desk/fees', cash)).status).toBe(400);
    expect(await orderNow(fee)).toMatchObject({ state: 'placed', captured: 0 });
  });

  test('is paid once, whoever presses at the desk and in the account at once', async () => {
    const { buyer, fee } = await anOwer();
    await topUp(buyer, 2000);
    const [desk, other] = [await aColleague('front_desk'), await aColleague('manager')];
    const key = randomUUID();
    const cash = { order_id: fee, pay: 'cash' };
    const replies = await Promise.all([
      takeFee(desk, cash, key),
      takeFee(other, { order_id: fee, pay: 'terminal' }),
      pay(buyer, fee, { with: 'wallet' }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(replies.flatMap(({ json }) => json.code ?? [])).toEqual(['order_paid', 'order_paid']);
    expect(await orderNow(fee)).toMatchObject({ state: 'paid', captured: 800, sales: 1 });
    // A press whose answer was lost is pressed again: it takes no second one.
    const again = await takeFee(desk, cash, key);
    expect([again.status, again.json.data ?? again.json.code]).toEqual([
      replies[0]?.status,
      replies[0]?.json.data ?? 'order_paid',
    ]);
  });
});

describe('the statement', () => {
  test('shows what a pass without limit paid for: every place taken, and given up', async () => {
    const buyer = await aBuyer('unlimited');
    const pass = await aYear(buyer);
    const session = await aBusyClass('off');
    await bookWith(buyer, session, { pay_with: 'pass' });
    await cancelIn(session, buyer);
    await topUp(buyer, 2500);
    const rows = (await buyer.visitor.get('/api/members/statement?limit=2', {})).json;
    expect(rows.data.map(({ movement }: { movement: string }) => movement)).toEqual([
      'wallet_gift',
      'unlimited_return',
    ]);
    const rest = (await buyer.visitor.get(`/api/members/statement?limit=2&cursor=${rows.page.next}`, {}))
      .json;
    expect(rest.data).toMatchObject([{ movement: 'unlimited_use', amount: 0, balance_after: null }]);
    expect(rest.page.next).toBeNull();
    for (const path of ['/account/statement', `/account/passes/${pass}`]) {
      const words = wordsOf(await buyer.visitor.get(path));
      expect(words).toContain(m.members.statement.movements.unlimited_use);
      expect(words).toContain(m.members.statement.movements.unlimited_return);
      expect(words).toContain(m.members.statement.unlimited);
    }
    expect(wordsOf(await buyer.visitor.get('/account/wallet'))).not.toContain(
      m.members.statement.movements.unlimited_use,
    );
  });
});
