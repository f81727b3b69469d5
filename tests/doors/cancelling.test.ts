import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, findings, seatsOf, sql } from '../world.ts';
import {
  type Buyer,
  type Placed,
  aBuyer,
  book,
  endHold,
  flashOf,
  orderNow,
  placedOrder,
  untilOrder,
  wordsOf,
} from './buyer.ts';
import { cards, dashboard, intentOf, makeDue, payAt } from './provider.ts';
import { letterTo } from './visitor.ts';

const m = messages('en');

afterEach(async () => expect(await findings()).toEqual([]));

type ClassOptions = Parameters<typeof aClass>[0];

/** Somebody with a paid seat. */
async function seated(options: ClassOptions = {}, card: string = cards.good) {
  const session = await aClass({ price: 1600, seats: 2, ...options });
  const buyer = await aBuyer();
  const order = await placedOrder(buyer, session);
  await payAt(order.payment_url, card);
  await untilOrder(order.order_id, { state: 'paid' });
  const [booking] = await bookingsOf(order);
  return { session, buyer, order, booking: booking ?? '' };
}
const bookingsOf = async ({ order_id }: Pick<Placed, 'order_id'>) =>
  (
    await sql<{ id: string }>(
      'select b.id from booking.bookings b join sales.order_lines l on l.id = b.order_line_id where l.order_id = $1 order by l.position',
      [order_id],
    )
  ).map(({ id }) => id);
const cancel = (buyer: Buyer, booking: string, key: string = randomUUID()) =>
  buyer.visitor.call(`/api/yoga/bookings/${booking}/cancel`, {}, { 'idempotency-key': key });
const refundAtProvider = async (order: Placed) =>
  (await dashboard().refunds.list({ payment_intent: await intentOf(order) })).data.map(
    ({ amount, status }) => `${amount} ${status}`,
  );

describe('cancelling', () => {
  test('in time gives back all of the money and the seat, by a form that says so before and after', async () => {
    const { session, buyer, order, booking } = await seated();
    const page = `/account/bookings/${booking}/cancel`;
    const asked = await buyer.visitor.get(page);
    expect(wordsOf(asked)).toContain(m.account.cancel.fullRefund({ amount: '€16.00' }));
    const key = /name="idempotency_key" value="([^"]+)"/.exec(asked.text)?.[1] ?? '';
    const sent = await buyer.visitor.submit(
      `/api/yoga/bookings/${booking}/cancel`,
      { idempotency_key: key },
      page,
    );
    expect([sent.status, sent.to]).toEqual([303, '/account/bookings']);
    expect(flashOf(await buyer.visitor.get('/account/bookings'))).toBe(
      m.account.cancel.done({ amount: '€16.00' }),
    );
    expect(await seatsOf(session)).toEqual({ taken: 0, capacity: 2, states: { cancelled: 1 } });
    await untilOrder(order.order_id, {
      state: 'paid',
      payments: ['refunded'],
      refunded: 1600,
      refunds: [{ cents: 1600, reason: 'member_cancelled', state: 'succeeded' }],
      seats: ['cancelled'],
      emails: { order_confirmed: 1, booking_cancelled: 1 },
    });
    expect(await refundAtProvider(order)).toEqual(['1600 succeeded']);
    expect(wordsOf(await buyer.visitor.get(`/orders/${order.order_id}`))).toContain(
      m.sales.order.refundStates.succeeded,
    );
    expect(wordsOf(await buyer.visitor.get(page))).toContain(m.account.cancel.titleDone);
    expect((await letterTo(buyer.email, { subject: 'Cancelled' })).text).toContain(
      '€16.00 goes back to the card',
    );
  });

  test.each([
    [
      'gives back its part, half cents up',
      { price: 1999, lateRefundPercent: 50 },
      1000,
      m.account.cancel.partRefund({ amount: '€10.00', paid: '€19.99' }),
      '€10.00 goes back to your card',
    ],
    [
      'gives back a third of a little',
      { price: 125, lateRefundPercent: 33 },
      41,
      m.account.cancel.partRefund({ amount: '€0.41', paid: '€1.25' }),
      '€0.41',
    ],
    [
      'may give nothing back',
      { price: 1600, lateRefundPercent: 0 },
      0,
      m.account.cancel.noRefund({ amount: '€16.00' }),
      'there is no refund',
    ],
  ])('too late %s', async (_what, options, due, before, letter) => {
    const { session, buyer, order, booking } = await seated({
      ...options,
      startsIn: '3 hours',
      freeCancelHours: 12,
    });
    expect(wordsOf(await buyer.visitor.get(`/account/bookings/${booking}/cancel`))).toContain(before);
    expect((await buyer.visitor.get(`/api/yoga/bookings/${booking}`, {})).json.data).toMatchObject({
      late: true,
      refund_cents: due,
      paid_cents: options.price,
      may_cancel: true,
    });
    const { status, json } = await cancel(buyer, booking);
    expect([status, json.data]).toMatchObject([200, { state: 'late_cancelled', refund_cents: due }]);
    await untilOrder(order.order_id, {
      refunded: due,
      seats: ['late_cancelled'],
      payments: [due > 0 ? 'partially_refunded' : 'captured'],
    });
    expect(await refundAtProvider(order)).toEqual(due > 0 ? [`${due} succeeded`] : []);
    expect(await seatsOf(session)).toMatchObject({ taken: 0 });
    expect((await letterTo(buyer.email, { subject: 'Cancelled' })).text).toContain(letter);
  });

  test('with a card whose refunds take their time books the money when it has gone', async () => {
    const { buyer, order, booking } = await seated({}, cards.refundComesLater);
    await cancel(buyer, booking);
    const asked = { cents: 1600, reason: 'member_cancelled' };
    await expect.poll(() => refundAtProvider(order)).toEqual(['1600 pending']);
    await untilOrder(order.order_id, { refunded: 0, refunds: [{ ...asked, state: 'requested' }] });
    expect(await findings()).toEqual([]);
    const { data } = await dashboard().refunds.list({ payment_intent: await intentOf(order) });
    await makeDue(data[0]?.id ?? '');
    await untilOrder(order.order_id, { refunded: 1600, refunds: [{ ...asked, state: 'succeeded' }] });
  });

  test('the policy is the one of the day it was booked', async () => {
    const { buyer, booking, session } = await seated({ startsIn: '20 hours', freeCancelHours: 12 });
    await sql(
      'update booking.class_types set free_cancel_hours = 48, late_refund_percent = 0 where id = (select class_type_id from booking.sessions where id = $1)',
      [session],
    );
    expect((await cancel(buyer, booking)).json.data).toMatchObject({
      state: 'cancelled',
      refund_cents: 1600,
    });
  });

  test('a class that cost nothing gives the seat back', async () => {
    const session = await aClass({ price: 0 });
    const buyer = await aBuyer();
    const { json } = await book(buyer, session);
    const [booking = ''] = await bookingsOf(json.data);
    expect((await cancel(buyer, booking)).json).toMatchObject({
      data: { refund_cents: 0 },
      message: m.account.cancel.doneNoRefund,
    });
    expect(await orderNow(json.data.order_id)).toMatchObject({
      seats: ['cancelled'],
      refunds: [],
      emails: { booking_cancelled: 1 },
    });
  });

  test('one class of two gives back that one, and both together give back every cent of tax', async () => {
    const buyer = await aBuyer();
    for (const session_id of [
      await aClass({ price: 1333, startsIn: '6 days' }),
      await aClass({ price: 1667, startsIn: '7 days' }),
    ])
      await buyer.visitor.call('/api/sales/cart', { session_id });
    const { json } = await buyer.visitor.call('/api/sales/orders', {}, { 'idempotency-key': randomUUID() });
    await payAt(json.data.payment_url);
    await untilOrder(json.data.order_id, { state: 'paid', captured: 3000 });
    const [one = '', two = ''] = await bookingsOf(json.data);
    await cancel(buyer, one);
    await untilOrder(json.data.order_id, {
      payments: ['partially_refunded'],
      refunded: 1333,
      seats: ['cancelled', 'confirmed'],
    });
    expect(await findings()).toEqual([]);
    await cancel(buyer, two);
    await untilOrder(json.data.order_id, {
      payments: ['refunded'],
      refunded: 3000,
      seats: ['cancelled', 'cancelled'],
    });
    // Nothing of this order is left in what was earned or is owed as tax.
    const left = await sql(
      `select a.kind, sum(e.amount)::int as cents from ledger.entries e join ledger.accounts a on a.id = e.account_id join ledger.transfers t on t.id = e.transfer_id
       where t.source in (select 'payment:' || id from payments.payments where order_id = $1 union all select 'refund:' || id from payments.refunds where order_id = $1) group by 1 order by 1`,
      [json.data.order_id],
    );
    expect(left).toEqual([
      { kind: 'clearing', cents: 0 },
      { kind: 'revenue', cents: 0 },
      { kind: 'tax', cents: 0 },
    ]);
  });

  test('sent again with the same key answers the same; with another it is over already', async () => {
    const { buyer, order, booking } = await seated();
    const key = randomUUID();
    const replies = await Promise.all(Array.from({ length: 6 }, () => cancel(buyer, booking, key)));
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(replies[0]?.json.data).toMatchObject({
      booking_id: booking,
      state: 'cancelled',
      refund_cents: 1600,
    });
    const again = await cancel(buyer, booking);
    expect([again.status, again.json.code]).toEqual([409, 'booking_cancelled_before']);
    await untilOrder(order.order_id, {
      refunded: 1600,
      refunds: [{ cents: 1600, reason: 'member_cancelled', state: 'succeeded' }],
    });
    const without = await buyer.visitor.call(`/api/yoga/bookings/${booking}/cancel`, {});
    expect([without.status, without.json.code]).toEqual([400, 'idempotency_key_required']);
    const other = await book(buyer, await aClass(), key);
    expect([other.status, other.json.code]).toEqual([422, 'idempotency_key_reused']);
  });

  test('twenty times at once with twenty keys gives back once', async () => {
    const { session, buyer, order, booking } = await seated();
    const replies = await Promise.all(Array.from({ length: 20 }, () => cancel(buyer, booking)));
    const codes = replies.map(({ status, json }) => `${status} ${json.code ?? 'cancelled'}`).sort();
    expect(codes).toEqual([
      '200 cancelled',
      ...Array.from({ length: 19 }, () => '409 booking_cancelled_before'),
    ]);
    await untilOrder(order.order_id, {
      refunded: 1600,
      emails: { order_confirmed: 1, booking_cancelled: 1 },
    });
    expect(await refundAtProvider(order)).toEqual(['1600 succeeded']);
    expect(await seatsOf(session)).toMatchObject({ taken: 0 });
  });

  test('a place that is only held, or a class that has begun, is refused and says what to do', async () => {
    const buyer = await aBuyer();
    const held = await placedOrder(buyer, await aClass({ startsIn: '6 days' }));
    const [holding = ''] = await bookingsOf(held);
    const refused = await cancel(buyer, holding);
    expect([refused.status, refused.json.code, refused.json.details]).toEqual([
      409,
      'booking_not_confirmed',
      { state: 'held' },
    ]);
    expect(wordsOf(await buyer.visitor.get(`/account/bookings/${holding}/cancel`))).toContain(
      m.account.cancel.notPaid,
    );
    await endHold(held.order_id);

    const { buyer: late, booking, session, order } = await seated({ startsIn: '1 day' });
    await sql(
      `update booking.sessions set starts_at = now() - interval '1 minute', ends_at = now() + interval '1 hour' where id = $1`,
      [session],
    );
    await sql(`update booking.bookings set starts_at = now() - interval '1 minute' where session_id = $1`, [
      session,
    ]);
    const begun = await cancel(late, booking);
    expect([begun.status, begun.json.code]).toEqual([409, 'session_past']);
    const form = await late.visitor.submit(
      `/api/yoga/bookings/${booking}/cancel`,
      { idempotency_key: randomUUID() },
      `/account/bookings/${booking}/cancel`,
    );
    expect([form.status, wordsOf(form).includes(m.refusals.session_past)]).toEqual([409, true]);
    expect(await orderNow(order.order_id)).toMatchObject({ seats: ['confirmed'], refunds: [] });
  });

  test('frees the seat for the next one at once', async () => {
    const { session, buyer, booking } = await seated({ seats: 1 });
    const next = await aBuyer('next');
    expect((await book(next, session)).status).toBe(409);
    await cancel(buyer, booking);
    expect((await book(next, session)).status).toBe(201);
    expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { cancelled: 1, held: 1 } });
    // And whoever cancelled may think again, if there is room.
    expect((await book(buyer, session)).json.code).toBe('session_full');
  });

  test('and paying another order, both at once, agree in the end', async () => {
    const { session, buyer, order, booking } = await seated({ seats: 2 });
    const next = await placedOrder(await aBuyer('next'), session);
    await Promise.all([cancel(buyer, booking), payAt(next.payment_url), cancel(buyer, booking)]);
    await untilOrder(order.order_id, { refunded: 1600 });
    await untilOrder(next.order_id, { state: 'paid', seats: ['confirmed'] });
    expect(await seatsOf(session)).toMatchObject({ taken: 1 });
  });
});
