import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, barberia, findings, seatsOf, sql } from '../world.ts';
import {
  type Buyer,
  type Placed,
  aBuyer,
  aColleague,
  book,
  endHold,
  orderNow,
  placedOrder,
  runJob,
  untilOrder,
  wordsOf,
} from './buyer.ts';
import {
  accounts,
  anEvent,
  cards,
  dashboard,
  debitAt,
  deliver,
  eventsOf,
  failCalls,
  intentOf,
  lookAt,
  loseEvents,
  makeDue,
  payAt,
} from './provider.ts';
import { type Reply, Visitor, letterTo, lettersTo } from './visitor.ts';

const m = messages('en');

afterEach(async () => expect(await findings()).toEqual([]));

const paid = {
  state: 'paid',
  payments: ['captured'],
  captured: 1600,
  refunds: [],
  seats: ['confirmed'],
  emails: { order_confirmed: 1 },
  sales: 1,
};

/** A buyer at the payment page of a class with so many seats. */
async function atThePage({ seats = 2, quiet = false } = {}) {
  const session = await aClass({ price: 1600, seats });
  const buyer = await aBuyer();
  const order = await placedOrder(buyer, session);
  if (quiet) await loseEvents(order.payment_id);
  return { session, buyer, order };
}

/** Where the payer's browser comes back to, as a path. */
const returned = (shown: { to: string | null }): string => {
  const url = new URL(shown.to ?? '');
  return `${url.pathname}${url.search}`;
};
const pay = (buyer: Buyer, order: Placed) =>
  buyer.visitor.call('/api/payments/create-intent', { order_id: order.order_id });
const payForm = (buyer: Buyer, order: Placed) =>
  buyer.visitor.submit(
    '/api/payments/create-intent',
    { order_id: order.order_id },
    `/orders/${order.order_id}`,
  );
const page = async (buyer: Buyer, order: Placed) =>
  wordsOf(await buyer.visitor.get(`/orders/${order.order_id}`));
const codeOf = ({ status, json }: { status: number; json: { code?: string } | null }) => [status, json?.code];

describe('the payment page of an order', () => {
  test('is one and the same as long as it can be paid on, for programs and for forms', async () => {
    const { buyer, order } = await atThePage();
    expect(order.payment_url).toContain('/c/pay/cs_test_');
    expect((await pay(buyer, order)).json.data).toEqual({ url: order.payment_url });
    const form = await payForm(buyer, order);
    expect([form.status, form.to]).toEqual([303, order.payment_url]);
    const { data } = await dashboard().checkout.sessions.list({ limit: 100 });
    expect(data.filter(({ metadata }) => metadata?.order_id === order.order_id)).toHaveLength(1);
  });

  test('asks for what the order costs, in the money and the language of its business', async () => {
    const session = await aClass({ price: 1_250_000, business: barberia });
    const order = await placedOrder(await aBuyer('pibe', inject('stack').barberiaUrl), session);
    const asked = await dashboard().checkout.sessions.retrieve(order.checkout);
    expect(asked).toMatchObject({
      amount_total: 1_250_000,
      currency: 'ars',
      locale: 'es-419',
      cancel_url: `${inject('stack').barberiaUrl}/orders/${order.order_id}`,
      metadata: { order_id: order.order_id, payment_id: order.payment_id, business_id: barberia },
    });
    await payAt(order.payment_url);
    await untilOrder(order.order_id, { ...paid, captured: 1_250_000 });
  });

  test('opens for the buyer alone, and only while there is something to pay', async () => {
    const { buyer, order } = await atThePage();
    const stranger = await aBuyer('stranger');
    expect(codeOf(await pay(stranger, order))).toEqual([404, 'order_not_found']);
    expect(codeOf(await pay(buyer, { ...order, order_id: randomUUID() }))).toEqual([404, 'order_not_found']);
    expect(codeOf(await pay(buyer, { ...order, order_id: 'x' }))).toEqual([422, 'invalid_input']);
    const elsewhere = new Visitor(inject('stack').barberiaUrl);
    await elsewhere.signIn(buyer.email);
    expect(codeOf(await elsewhere.call('/api/payments/create-intent', { order_id: order.order_id }))).toEqual(
      [404, 'order_not_found'],
    );
    const nobody = { ...buyer, visitor: new Visitor() };
    expect(codeOf(await pay(nobody, order))).toEqual([401, 'sign_in_first']);
    expect((await payForm(nobody, order)).to).toBe(
      `/signin?next=${encodeURIComponent(`/orders/${order.order_id}`)}`,
    );
    expect(await orderNow(order.order_id)).toMatchObject({ state: 'placed', payments: ['pending'] });

    await payAt(order.payment_url);
    await untilOrder(order.order_id, paid);
    expect(codeOf(await pay(buyer, order))).toEqual([409, 'order_paid']);
    const form = await payForm(buyer, order);
    expect(form.status).toBe(409);
    expect(wordsOf(form)).toContain(m.refusals.order_paid);
    expect((await lookAt(order.payment_url)).text).toContain('This is paid');
  });
});

describe('a card', () => {
  test('that is declined leaves the place held and says why; the next card pays', async () => {
    const { session, buyer, order } = await atThePage();
    expect((await payAt(order.payment_url, cards.noMoney)).status).toBe(402);
    await untilOrder(order.order_id, { state: 'placed', payments: ['failed'], captured: 0, seats: ['held'] });
    expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { held: 1 } });
    const back = await page(buyer, order);
    expect(back).toContain(m.sales.order.heads.declined);
    expect(back).toContain(m.sales.declined.insufficient_funds);
    const again = await payForm(buyer, order);
    expect([again.status, again.to]).toEqual([303, order.payment_url]);
    await payAt(order.payment_url);
    await untilOrder(order.order_id, paid);
    expect(await page(buyer, order)).toContain(m.sales.order.heads.paid);
  });

  test('whose bank wants to be sure pays once it is', async () => {
    const { buyer, order } = await atThePage();
    const refused = await payAt(order.payment_url, cards.secure, 'fail');
    expect(refused.to).toBe(order.payment_url);
    await untilOrder(order.order_id, { state: 'placed', payments: ['failed'], seats: ['held'] });
    expect(await page(buyer, order)).toContain(m.sales.declined.authentication_required);
    const passed = await payAt(order.payment_url, cards.secure, 'complete');
    const { to } = await buyer.visitor.get(returned(passed));
    expect(to).toBe(`/orders/${order.order_id}`);
    await untilOrder(order.order_id, paid);
  });
});

describe('money that was paid settles once', () => {
  test('when the buyer comes back before the webhook', async () => {
    const { buyer, order } = await atThePage({ quiet: true });
    const back = returned(await payAt(order.payment_url));
    expect((await orderNow(order.order_id)).state).toBe('placed');
    const shown = await buyer.visitor.get(back);
    expect([shown.status, shown.to]).toEqual([303, `/orders/${order.order_id}`]);
    expect(await orderNow(order.order_id)).toMatchObject(paid);
    for (const event of await eventsOf(order)) expect((await deliver(event)).status).toBe(200);
    expect(await orderNow(order.order_id)).toMatchObject(paid);
  });

  test('when the webhook comes before the buyer', async () => {
    const { buyer, order } = await atThePage();
    const back = returned(await payAt(order.payment_url));
    await untilOrder(order.order_id, paid);
    expect((await buyer.visitor.get(back)).to).toBe(`/orders/${order.order_id}`);
    expect(await page(buyer, order)).toContain(m.sales.order.heads.paid);
    expect(await orderNow(order.order_id)).toMatchObject(paid);
  });

  test('when the webhooks and the buyer’s browser, reloading, come all at once', async () => {
    const { session, buyer, order } = await atThePage({ quiet: true });
    const back = returned(await payAt(order.payment_url));
    const events = await eventsOf(order);
    const replies = await Promise.all([
      ...Array.from({ length: 4 }, () => buyer.visitor.get(back)),
      ...events.map(deliver),
      buyer.visitor.call('/api/payments/confirm', { order_id: order.order_id, checkout: order.checkout }),
      ...events.map(deliver),
    ]);
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 303]));
    expect(await orderNow(order.order_id)).toMatchObject(paid);
    expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { confirmed: 1 } });
    await letterTo(buyer.email);
    expect(await lettersTo(buyer.email)).toHaveLength(1);
  });

  test('when a program asks for it, which is told how the order stands', async () => {
    const { buyer, order } = await atThePage({ quiet: true });
    const confirm = (who: Buyer, checkout: string) =>
      who.visitor.call('/api/payments/confirm', { order_id: order.order_id, checkout });
    expect((await confirm(buyer, order.checkout)).json.data).toMatchObject({ state: 'placed' });
    await payAt(order.payment_url);
    expect(codeOf(await confirm(await aBuyer('stranger'), order.checkout))).toEqual([404, 'order_not_found']);
    expect((await orderNow(order.order_id)).state).toBe('placed');
    expect((await confirm(buyer, order.checkout)).json.data).toMatchObject({
      state: 'paid',
      order_id: order.order_id,
    });
    expect(await orderNow(order.order_id)).toMatchObject(paid);
  });

  test('when no webhook ever arrives and nobody comes back: the worker asks', async () => {
    const { order } = await atThePage({ quiet: true });
    await payAt(order.payment_url);
    await sql(`update payments.payments set created_at = now() - interval '40 hours' where id = $1`, [
      order.payment_id,
    ]);
    await runJob('reconcile_payments');
    await untilOrder(order.order_id, paid);
  });

  test('from a bank account, when it arrives minutes later; until then the page says so', async () => {
    const { buyer, order } = await atThePage();
    const back = returned(await debitAt(order.payment_url, accounts.comesLater));
    await buyer.visitor.get(back);
    await untilOrder(order.order_id, { state: 'placed', payments: ['processing'], seats: ['held'] });
    expect(await page(buyer, order)).toContain(m.sales.order.heads.confirming);
    await makeDue(await intentOf(order));
    await untilOrder(order.order_id, paid);
  });
});

describe('money that does not come', () => {
  test('from a bank account leaves the order to be paid another way', async () => {
    const { buyer, order } = await atThePage();
    await debitAt(order.payment_url, accounts.failsLater);
    await untilOrder(order.order_id, { payments: ['processing'] });
    await makeDue(await intentOf(order));
    await untilOrder(order.order_id, { state: 'placed', payments: ['failed'], seats: ['held'] });
    const { url } = (await pay(buyer, order)).json.data;
    expect(url).not.toBe(order.payment_url);
    expect((await payAt(url)).status).toBe(303);
    await untilOrder(order.order_id, {
      state: 'paid',
      payments: ['failed', 'captured'],
      captured: 1600,
      sales: 1,
    });
  });

  test('and whose end we were not told of is found out by the worker', async () => {
    const { buyer, order } = await atThePage({ quiet: true });
    await buyer.visitor.get(returned(await debitAt(order.payment_url, accounts.failsLater)));
    await untilOrder(order.order_id, { payments: ['processing'] });
    await makeDue(await intentOf(order));
    await sql(`update payments.payments set created_at = now() - interval '40 hours' where id = $1`, [
      order.payment_id,
    ]);
    await runJob('reconcile_payments');
    await untilOrder(order.order_id, { state: 'placed', payments: ['failed'], seats: ['held'] });
    expect((await pay(buyer, order)).json.data.url).not.toBe(order.payment_url);
  });

  test('an address with another payment in it settles nothing', async () => {
    const { buyer, order } = await atThePage();
    const mine = await atThePage({ quiet: true });
    await payAt(mine.order.payment_url);
    const elsewhere = await aBuyer('pibe', inject('stack').barberiaUrl);
    const theirs = await placedOrder(elsewhere, await aClass({ price: 1_250_000, business: barberia }));
    await payAt(theirs.payment_url);
    for (const checkout of [
      mine.order.checkout,
      theirs.checkout,
      'cs_test_doesnotexist',
      'cs_<script>',
      '../x',
      'cs_'.padEnd(4000, 'x'),
    ]) {
      const back = await buyer.visitor.get(
        `/orders/${order.order_id}?checkout=${encodeURIComponent(checkout)}`,
      );
      expect([checkout, back.status]).toEqual([checkout, 303]);
    }
    expect(await orderNow(order.order_id)).toMatchObject({
      state: 'placed',
      payments: ['pending'],
      captured: 0,
    });
    expect(await orderNow(mine.order.order_id)).toMatchObject({ state: 'placed' });
  });
});

// The sweep comes every minute, whatever a test is at, and closes the payment page: who pays late has paid on it before the hold
// ends, and the news of it comes after.
describe('a hold that ended', () => {
  test('without a payment is swept by the worker: the seat is free, and the page takes no money any more', async () => {
    const { session, buyer, order } = await atThePage({ seats: 1 });
    await endHold(order.order_id);
    expect(codeOf(await pay(buyer, order))).toEqual([409, 'order_expired']);
    await runJob('expire_holds');
    await untilOrder(order.order_id, { state: 'expired', seats: ['expired'] });
    expect(await seatsOf(session)).toEqual({ taken: 0, capacity: 1, states: { expired: 1 } });
    await untilOrder(order.order_id, { payments: ['canceled'] });
    expect((await lookAt(order.payment_url)).status).toBe(410);
    expect(await page(buyer, order)).toContain(m.sales.order.heads.expired);
    expect(codeOf(await pay(buyer, order))).toEqual([409, 'order_expired']);
  });

  test('and a seat that is still there: whoever pays late has it', async () => {
    const { session, buyer, order } = await atThePage({ seats: 1, quiet: true });
    await payAt(order.payment_url);
    await endHold(order.order_id);
    for (const event of await eventsOf(order)) await deliver(event);
    // It had never been given up, unless the worker's own minute came in between.
    const { seats: _, ...told } = paid;
    await untilOrder(order.order_id, told);
    expect((await orderNow(order.order_id)).seats.at(-1)).toBe('confirmed');
    expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { confirmed: 1 } });
    expect((await letterTo(buyer.email)).subject).toMatch(/^You're in: /);
  });

  test('and a seat that was given up and is free again: whoever pays late has it', async () => {
    const { session, order } = await atThePage({ seats: 1, quiet: true });
    await payAt(order.payment_url);
    await endHold(order.order_id);
    await runJob('expire_holds');
    await untilOrder(order.order_id, { state: 'expired' });
    for (const event of await eventsOf(order)) await deliver(event);
    await untilOrder(order.order_id, { state: 'paid', seats: ['expired', 'confirmed'], refunds: [] });
    expect(await seatsOf(session)).toMatchObject({ taken: 1 });
  });

  test('and the next buyer has the seat: late money goes back by itself, with an honest letter', async () => {
    const { session, buyer, order } = await atThePage({ seats: 1, quiet: true });
    const next = await aBuyer('next');
    expect(codeOf(await book(next, session))).toEqual([409, 'session_full']);
    await payAt(order.payment_url);
    await endHold(order.order_id);
    const theirs = await placedOrder(next, session);
    expect(await orderNow(order.order_id)).toMatchObject({ seats: ['expired'] });
    for (const event of await eventsOf(order)) await deliver(event);
    await untilOrder(order.order_id, {
      state: 'expired',
      payments: ['refunded'],
      captured: 1600,
      refunded: 1600,
      refunds: [{ cents: 1600, reason: 'paid_too_late', state: 'succeeded' }],
      emails: { paid_too_late: 1 },
      sales: 0,
    });
    const letter = await letterTo(buyer.email);
    expect(letter.subject).toBe('Your payment came too late, and goes back to you');
    expect(letter.text).toContain('€16.00');
    expect(await page(buyer, order)).toContain(m.sales.order.heads.given_back);
    await payAt(theirs.payment_url);
    await untilOrder(theirs.order_id, paid);
    expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { confirmed: 1, expired: 1 } });
  });

  test('because the buyer gave up, and money that was on its way: it goes back', async () => {
    const { session, buyer, order } = await atThePage({ quiet: true });
    await payAt(order.payment_url);
    const gaveUp = await buyer.visitor.submit(
      `/api/sales/orders/${order.order_id}/cancel`,
      {},
      `/orders/${order.order_id}`,
    );
    expect(gaveUp.to).toBe(`/orders/${order.order_id}`);
    expect(await seatsOf(session)).toMatchObject({ taken: 0 });
    for (const event of await eventsOf(order)) await deliver(event);
    await untilOrder(order.order_id, {
      state: 'cancelled',
      refunded: 1600,
      refunds: [{ cents: 1600, reason: 'paid_too_late', state: 'succeeded' }],
    });
  });
});

describe('money that is not what the order costs', () => {
  /** A second page for the same payment, as somebody with two windows may have. */
  const anotherPage = (order: Placed, cents: number) =>
    dashboard().checkout.sessions.create({
      mode: 'payment',
      line_items: [
        { quantity: 1, price_data: { currency: 'eur', unit_amount: cents, product_data: { name: 'Class' } } },
      ],
      metadata: { payment_id: order.payment_id, order_id: order.order_id },
      payment_intent_data: { metadata: { payment_id: order.payment_id } },
      success_url: inject('stack').siteUrl,
    });

  test('because it was paid twice, on two pages: the second goes back, the booking stands', async () => {
    const { session, buyer, order } = await atThePage();
    const second = await anotherPage(order, 1600);
    await payAt(order.payment_url);
    await untilOrder(order.order_id, paid);
    await payAt(second.url ?? '');
    await untilOrder(order.order_id, {
      state: 'paid',
      payments: ['captured', 'refunded'],
      refunds: [{ cents: 1600, reason: 'paid_twice', state: 'succeeded' }],
      seats: ['confirmed'],
      emails: { order_confirmed: 1, paid_twice: 1 },
      sales: 1,
    });
    expect(await seatsOf(session)).toMatchObject({ taken: 1 });
    const letter = await letterTo(buyer.email, { subject: 'You paid twice' });
    expect(letter.text).toContain('€16.00');
    expect(await page(buyer, order)).toContain(m.sales.order.heads.paid);
  });

  test('goes back, and the order can still be paid', async () => {
    const { buyer, order } = await atThePage();
    const wrong = await anotherPage(order, 900);
    await payAt(wrong.url ?? '');
    await untilOrder(order.order_id, {
      state: 'placed',
      payments: ['refunded'],
      refunds: [{ cents: 900, reason: 'amount_mismatch', state: 'succeeded' }],
      seats: ['held'],
      emails: { amount_mismatch: 1 },
    });
    expect((await letterTo(buyer.email)).text).toContain('€9.00');
    const { url } = (await pay(buyer, order)).json.data;
    await payAt(url);
    await untilOrder(order.order_id, {
      state: 'paid',
      payments: ['refunded', 'captured'],
      seats: ['confirmed'],
      sales: 1,
    });
  });
});

describe('while the provider cannot be reached', () => {
  const away = { times: 1000, status: 503, path: '/v1/checkout/sessions' };

  test('booking holds the seat all the same, paying answers 503 and when to come back, and works later', async () => {
    const session = await aClass({ price: 1600 });
    const buyer = await aBuyer();
    await failCalls(buyer.email.replace('@', '%40'), { ...away, times: 9 });
    const booked = await book(buyer, session);
    expect([booked.status, booked.json.data]).toMatchObject([201, { state: 'placed', payment_url: null }]);
    const order: Placed = booked.json.data;
    const refused = await pay(buyer, order);
    expect(codeOf(refused)).toEqual([503, 'unavailable']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const form = await payForm(buyer, order);
    expect([form.status, form.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect(wordsOf(form)).toContain(m.sales.order.heads.to_pay);
    expect(wordsOf(form)).toContain(m.refusals.unavailable);
    expect(await orderNow(order.order_id)).toMatchObject({
      state: 'placed',
      payments: ['pending'],
      seats: ['held'],
    });
    const { url } = (await pay(buyer, order)).json.data;
    await payAt(url);
    await untilOrder(order.order_id, paid);
  });

  test('the order page comes up, and the webhook settles', async () => {
    const { buyer, order } = await atThePage({ quiet: true });
    const back = returned(await payAt(order.payment_url));
    await failCalls(order.checkout, { ...away, times: 3 });
    const shown = await buyer.visitor.get(back);
    expect([shown.status, shown.to]).toEqual([303, `/orders/${order.order_id}`]);
    expect(await page(buyer, order)).toContain(m.sales.order.heads.to_pay);
    for (const event of await eventsOf(order)) await deliver(event);
    expect(await orderNow(order.order_id)).toMatchObject(paid);
  });

  test('a refund waits for it', async () => {
    const { buyer, order } = await atThePage();
    await payAt(order.payment_url);
    await untilOrder(order.order_id, paid);
    // Twice what a job tries: it comes again by itself after a few seconds, while this test still looks.
    await failCalls(order.payment_id, { times: 6, status: 500, path: '/v1/refunds' });
    const [booking] = await sql<{ id: string }>(
      'select b.id from booking.bookings b join sales.order_lines l on l.id = b.order_line_id where l.order_id = $1',
      [order.order_id],
    );
    await buyer.visitor.call(
      `/api/yoga/bookings/${booking?.id}/cancel`,
      {},
      { 'idempotency-key': randomUUID() },
    );
    const job = () =>
      sql<{ attempts: number; last_error: string | null }>(
        `select attempts::int, last_error from graphile_worker._private_jobs where key = 'refund:' || (select id from payments.refunds where order_id = $1)`,
        [order.order_id],
      );
    await expect.poll(async () => (await job())[0]?.last_error).toBeTruthy();
    expect(await orderNow(order.order_id)).toMatchObject({
      refunded: 0,
      refunds: [{ cents: 1600, state: 'requested' }],
    });
    expect(await findings()).toEqual([]);
    const afterAnotherTry = async () => {
      await sql(
        `update graphile_worker._private_jobs set run_at = now() where key = 'refund:' || (select id from payments.refunds where order_id = $1)`,
        [order.order_id],
      );
      return orderNow(order.order_id);
    };
    await expect.poll(afterAnotherTry).toMatchObject({
      payments: ['refunded'],
      refunded: 1600,
      refunds: [{ cents: 1600, reason: 'member_cancelled', state: 'succeeded' }],
    });
    const { data } = await dashboard().refunds.list({
      payment_intent: (await dashboard().checkout.sessions.retrieve(order.checkout)).payment_intent as string,
    });
    expect(data).toHaveLength(1);
  });
});

test('an answer of the provider that gets lost opens no second page', async () => {
  const session = await aClass({ price: 1600 });
  const buyer = await aBuyer();
  await failCalls(buyer.email.replace('@', '%40'), {
    times: 1,
    status: 0,
    path: '/v1/checkout/sessions',
    after: true,
  });
  const order = await placedOrder(buyer, session);
  const { data } = await dashboard().checkout.sessions.list({ limit: 100 });
  expect(data.filter(({ metadata }) => metadata?.order_id === order.order_id).map(({ id }) => id)).toEqual([
    order.checkout,
  ]);
});

test('a refund that cannot be made is failed and shown to the owner, and the dashboard’s own one is booked instead', async () => {
  const { buyer, order } = await atThePage({ quiet: true });
  await buyer.visitor.get(returned(await payAt(order.payment_url)));
  expect(await orderNow(order.order_id)).toMatchObject(paid);
  const intent = String((await dashboard().checkout.sessions.retrieve(order.checkout)).payment_intent);
  await loseEvents(intent);
  const elsewhere = await dashboard().refunds.create({ payment_intent: intent });
  const [booking] = await sql<{ id: string }>(
    'select b.id from booking.bookings b join sales.order_lines l on l.id = b.order_line_id where l.order_id = $1',
    [order.order_id],
  );
  await buyer.visitor.call(
    `/api/yoga/bookings/${booking?.id}/cancel`,
    {},
    { 'idempotency-key': randomUUID() },
  );
  await untilOrder(order.order_id, {
    refunded: 0,
    refunds: [{ cents: 1600, reason: 'member_cancelled', state: 'failed' }],
  });
  const owner = await aColleague('owner');
  expect(wordsOf(await owner.visitor.get('/admin/jobs'))).toContain(order.reference);
  await deliver(anEvent('refund.created', elsewhere));
  expect(await orderNow(order.order_id)).toMatchObject({ payments: ['refunded'], refunded: 1600 });
});

test('somebody who asks too often for a payment page is asked to slow down, and so is an address', async () => {
  const buyer = await aBuyer('hasty');
  const replies = [];
  for (let i = 0; i < 21; i++) {
    buyer.visitor.address = `10.88.1.${i}`;
    replies.push(await buyer.visitor.call('/api/payments/create-intent', { order_id: randomUUID() }));
  }
  expect(replies.slice(0, 20).every(({ status }) => status === 404)).toBe(true);
  expect(codeOf(replies.at(-1) as Reply)).toEqual([429, 'too_many_requests']);
  expect(Number(replies.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
  const crowded = new Visitor();
  const answers = await Promise.all(
    Array.from({ length: 121 }, () => crowded.call('/api/payments/confirm', {})),
  );
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
  expect((await new Visitor().call('/api/payments/confirm', {})).status).toBe(401);
});
