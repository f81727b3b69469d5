import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { allAtOnce, barberia, findings, lotus, seatsOf, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, book, orderNow, untilOrder, wordsOf } from './buyer.ts';
import { payAt } from './provider.ts';
import {
  aBusyClass,
  aPass,
  bookWith,
  cancelIn,
  creditsLeft,
  entryNow,
  join,
  joined,
  leave,
  neverQuiet,
  reply,
  timesTold,
  topUp,
  untilEntry,
} from './studio.ts';
import { Visitor, letterTo } from './visitor.ts';

const m = messages('en');

beforeAll(() => neverQuiet());
afterEach(async () => expect(await findings()).toEqual([]));

/** Somebody who sits on the only seat of a class. */
async function taken(session: string): Promise<Buyer> {
  const buyer = await aBuyer('seated');
  const { json } = await book(buyer, session);
  if (json.data.payment_url) await payAt(json.data.payment_url);
  await untilOrder(json.data.order_id, { state: 'paid' });
  return buyer;
}

const refusal = ({ status, json }: { status: number; json: { code?: string } }) => `${status} ${json.code}`;

describe('joining', () => {
  test('shows the place in line, by program and on the pages', async () => {
    const session = await aBusyClass();
    await taken(session);
    const [first, second] = [await aBuyer('first'), await aBuyer('second')];
    await joined(first, session);
    const { json } = await join(second, session);
    expect(json).toMatchObject({
      data: { position: 2, pay_with: 'card', state: 'waiting' },
      message: m.waitlist.joined({ position: 2 }),
    });
    const mine = await second.visitor.get('/api/yoga/waitlist', {});
    expect(mine.json.data).toMatchObject([{ session_id: session, position: 2, waiting: 2 }]);
    const page = wordsOf(await second.visitor.get(`/sessions/${session}`));
    expect(page).toContain(m.waitlist.position({ position: 2 }));
    expect(page).toContain(m.waitlist.never);
    expect(page).toContain(m.waitlist.will.card);
    await leave(first, (await first.visitor.get('/api/yoga/waitlist', {})).json.data[0].entry_id);
    expect((await second.visitor.get('/api/yoga/waitlist', {})).json.data).toMatchObject([{ position: 1 }]);
    expect((await letterTo(second.email, { subject: 'waitlist' })).text).toContain('number 2 in line');
  });

  test('by a form, and again by the same form, is one place', async () => {
    const session = await aBusyClass();
    await taken(session);
    const buyer = await aBuyer('form');
    const page = await buyer.visitor.get(`/sessions/${session}`);
    expect(wordsOf(page)).toContain(m.waitlist.join);
    const fields = { session_id: session, pay_with: 'card', idempotency_key: randomUUID() };
    const sent = await buyer.visitor.submit('/api/yoga/waitlist', fields, `/sessions/${session}`);
    const again = await buyer.visitor.submit('/api/yoga/waitlist', fields, `/sessions/${session}`);
    expect([sent.status, sent.to, again.status]).toEqual([303, `/sessions/${session}`, 303]);
    const other = await buyer.visitor.submit(
      '/api/yoga/waitlist',
      { ...fields, idempotency_key: randomUUID() },
      `/sessions/${session}`,
    );
    expect([other.status, wordsOf(other).includes(m.refusals.already_waiting)]).toEqual([409, true]);
  });

  test('is refused by name', async () => {
    const [free, full, off, soon, elsewhere] = [
      await aBusyClass(),
      await aBusyClass(),
      await aBusyClass('off'),
      await aBusyClass('automatic', { startsIn: '90 minutes', price: 0 }),
      await aBusyClass('automatic', { business: barberia, price: 0 }),
    ];
    for (const session of [full, off, soon]) await taken(session);
    const buyer = await aBuyer();
    const stranger = await aPass(await aBuyer('stranger'), 3);
    const asked = async (session: string, how = {}) => refusal(await join(buyer, session, how));
    expect(await asked(free)).toBe('409 seats_free');
    expect(await asked(off)).toBe('409 waitlist_off');
    expect(await asked(soon)).toBe('409 waitlist_closed');
    expect(await asked(elsewhere)).toBe('404 session_not_found');
    expect(await asked(randomUUID())).toBe('404 session_not_found');
    expect(await asked(full, { pay_with: 'pass', pass_id: stranger })).toBe('409 no_pass_pays');
    expect(await asked(full, { pay_with: 'wallet' })).toBe('409 wallet_too_low');
    expect(await asked(full, { pay_with: 'shells' })).toBe('422 invalid_input');
    expect(await asked(full, { person_id: randomUUID() })).toBe('404 person_not_found');
    const nobody = await new Visitor().call(
      '/api/yoga/waitlist',
      { session_id: full },
      { 'idempotency-key': randomUUID() },
    );
    expect(refusal(nobody)).toBe('401 sign_in_first');
    const keyless = await buyer.visitor.call('/api/yoga/waitlist', { session_id: full });
    expect(refusal(keyless)).toBe('400 idempotency_key_required');
  });
});

describe('a place that comes free', () => {
  test('is at once the first one’s who has a pass, with one credit and told once', async () => {
    const session = await aBusyClass('automatic');
    const seated = await taken(session);
    const buyer = await aBuyer('lucky');
    const pass = await aPass(buyer, 2);
    const entry = await joined(buyer, session);
    await cancelIn(session, seated);
    await untilEntry(entry, 'promoted');
    expect(await creditsLeft(pass)).toBe(1);
    expect(await timesTold(buyer, 'waitlist_promoted')).toBe(1);
    expect((await letterTo(buyer.email, { subject: 'after all' })).text).toContain('1 credit');
    expect(await seatsOf(session)).toMatchObject({ taken: 1 });
    expect(wordsOf(await buyer.visitor.get('/account/bookings'))).toContain('Class ');
  });

  test('is offered to whoever would pay by card, who pays only after saying yes', async () => {
    const session = await aBusyClass('automatic');
    const seated = await taken(session);
    const buyer = await aBuyer('asked');
    const entry = await joined(buyer, session);
    await cancelIn(session, seated);
    await untilEntry(entry, 'offered');
    const charged = await sql(
      'select 1 from payments.payments p join sales.orders o on o.id = p.order_id join members.members x on x.id = o.member_id where x.user_id = $1',
      [buyer.id],
    );
    expect(charged).toEqual([]);
    expect(wordsOf(await buyer.visitor.get('/account'))).toContain(m.waitlist.offers);
    expect(wordsOf(await buyer.visitor.get(`/sessions/${session}`))).toContain(
      m.waitlist.offer.takeCard({ amount: '€16.00' }),
    );
    expect(refusal(await reply(await aBuyer('other'), entry, true))).toBe('404 entry_not_found');
    const form = await buyer.visitor.submit(
      `/api/yoga/waitlist/${entry}/answer`,
      { accept: 'true', idempotency_key: randomUUID() },
      `/sessions/${session}`,
    );
    expect([form.status, form.to]).toEqual([303, expect.stringContaining('/c/pay/')]);
    const order = (await entryNow(entry))?.order_id ?? '';
    expect(await orderNow(order)).toMatchObject({ state: 'placed', seats: ['held'] });
    await payAt(form.to ?? '');
    await untilOrder(order, { state: 'paid', seats: ['confirmed'], captured: 1600 });
    expect(refusal(await reply(buyer, entry, true))).toBe('409 offer_answered');
    expect(refusal(await reply(buyer, entry, false))).toBe('409 offer_answered');
  });

  test('that is declined, or answered late, goes to the next one', async () => {
    const session = await aBusyClass('offer');
    const seated = await taken(session);
    const [a, b, c] = [await aBuyer('a'), await aBuyer('b'), await aBuyer('c')];
    const [first, second, third] = [
      await joined(a, session),
      await joined(b, session),
      await joined(c, session),
    ];
    await cancelIn(session, seated);
    await untilEntry(first, 'offered');
    expect((await reply(a, first, false)).json.data).toMatchObject({ state: 'declined' });
    await untilEntry(second, 'offered');
    await sql(
      `update booking.waitlist_entries set offered_until = now() - interval '1 second' where id = $1`,
      [second],
    );
    await sql(
      `update booking.bookings set held_until = now() - interval '1 second' where session_id = $1 and state = 'held'`,
      [session],
    );
    expect(refusal(await reply(b, second, true))).toBe('409 offer_over');
    await sql(
      `select graphile_worker.add_job('advance_waitlist', json_build_object('session_id', $1::text), job_key => 'waitlist:' || $1)`,
      [session],
    );
    await untilEntry(second, 'lapsed');
    await untilEntry(third, 'offered');
    expect((await letterTo(b.email, { subject: 'No place' })).text).toContain('not taken in time');
    expect((await leave(c, third)).status).toBe(204);
    expect(await seatsOf(session)).toMatchObject({ taken: 0 });
  });

  test('is kept for the line: nobody who has not waited gets it first', async () => {
    const session = await aBusyClass('automatic');
    const seated = await taken(session);
    const buyer = await aBuyer('patient');
    await aPass(buyer, 1);
    const entry = await joined(buyer, session);
    const passer = await aBuyer('passer');
    const [, ...tries] = await Promise.all([
      cancelIn(session, seated),
      ...Array.from({ length: 5 }, () => book(passer, session)),
    ]);
    expect(new Set(tries.map(refusal))).toEqual(new Set(['409 session_full']));
    await untilEntry(entry, 'promoted');
  });

  test('goes to the quicker of two where the first to claim has it', async () => {
    const session = await aBusyClass('claim', { price: 0 });
    const seated = await taken(session);
    const [a, b] = [await aBuyer('a'), await aBuyer('b')];
    const [first, second] = [await joined(a, session), await joined(b, session)];
    await cancelIn(session, seated);
    await expect.poll(() => timesTold(b, 'waitlist_open')).toBe(1);
    const codes = (await Promise.all([book(a, session), book(b, session)])).map(({ status }) => status);
    expect(codes.sort()).toEqual([201, 409]);
    const states = [await entryNow(first), await entryNow(second)].map((entry) => entry?.state);
    expect(states.sort()).toEqual(['accepted', 'waiting']);
  });

  test('is asked about when the credit was spent since, and paid from the wallet if they say so', async () => {
    const session = await aBusyClass('automatic');
    const seated = await taken(session);
    const buyer = await aBuyer('spent');
    await aPass(buyer, 1);
    const entry = await joined(buyer, session);
    const elsewhere = await aBusyClass('automatic', { startsIn: '25 days' });
    expect((await bookWith(buyer, elsewhere, { pay_with: 'pass' })).status).toBe(201);
    await topUp(buyer, 2000);
    await cancelIn(session, seated);
    await untilEntry(entry, 'offered');
    expect(wordsOf(await buyer.visitor.get(`/sessions/${session}`))).toContain(m.waitlist.offer.gone);
    expect(refusal(await reply(buyer, entry, true, { pay_with: 'pass' }))).toBe('409 no_pass_pays');
    const yes = await reply(buyer, entry, true, { pay_with: 'wallet' });
    expect([yes.status, yes.json.data.state]).toEqual([200, 'paid']);
    expect(await seatsOf(session)).toMatchObject({ taken: 1 });
  });

  test('of a class that was called off is no offer any more', async () => {
    const session = await aBusyClass('offer');
    const seated = await taken(session);
    const buyer = await aBuyer('late');
    const entry = await joined(buyer, session);
    await cancelIn(session, seated);
    await untilEntry(entry, 'offered');
    const manager = await aColleague('manager');
    // Who acts is said for this transaction only: the connection is everybody's.
    await allAtOnce((run) =>
      run(
        `select set_config('request.jwt.claims', $1, true), api.cancel_session($2, $3, 'The heating broke', $4)`,
        [JSON.stringify({ sub: manager.id, role: 'authenticated' }), lotus, session, randomUUID()],
      ),
    );
    expect(refusal(await reply(buyer, entry, true))).toBe('409 session_cancelled');
    expect((await entryNow(entry))?.state).toBe('left');
    expect((await letterTo(buyer.email, { subject: 'Off the waitlist' })).text).toContain('cancel');
  });

  test('gives a late canceller back what they lost, once', async () => {
    const session = await aBusyClass('automatic', { startsIn: '5 hours', freeCancelHours: 12 });
    const seated = await aBuyer('late');
    const { json } = await book(seated, session);
    await payAt(json.data.payment_url);
    await untilOrder(json.data.order_id, { state: 'paid' });
    const buyer = await aBuyer('filler');
    await aPass(buyer, 1);
    const entry = await joined(buyer, session);
    const page = wordsOf(
      await seated.visitor.get(
        `/account/bookings/${(await seated.visitor.get('/api/yoga/bookings', {})).json.data[0].booking_id}/cancel`,
      ),
    );
    expect(page).toContain(m.account.cancel.refilled);
    expect((await cancelIn(session, seated)).json.data).toMatchObject({
      state: 'late_cancelled',
      refund_cents: 0,
    });
    await untilEntry(entry, 'offered');
    expect((await reply(buyer, entry, true)).json.data.state).toBe('paid');
    await untilOrder(json.data.order_id, {
      refunded: 1600,
      refunds: [{ cents: 1600, reason: 'refilled', state: 'succeeded' }],
    });
    expect(await timesTold(seated, 'refilled')).toBe(1);
    expect((await letterTo(seated.email, { subject: 'took your place' })).text).toContain('€16.00');
    expect(wordsOf(await seated.visitor.get('/account/bookings'))).toContain(
      m.account.bookings.returned.refilled,
    );
  });
});

test('only one of two classes comes true', async () => {
  const [one, two] = [
    await aBusyClass('automatic', { startsIn: '8 days' }),
    await aBusyClass('automatic', { startsIn: '9 days' }),
  ];
  const [a, b] = [await taken(one), await taken(two)];
  const buyer = await aBuyer('either');
  const pass = await aPass(buyer, 5);
  const first = await joined(buyer, one);
  const second = await joined(buyer, two, { only_one_with: [first] });
  await Promise.all([cancelIn(one, a), cancelIn(two, b)]);
  await expect
    .poll(async () => [(await entryNow(first))?.state, (await entryNow(second))?.state].sort().join())
    .toBe('left,promoted');
  expect(await creditsLeft(pass)).toBe(4);
});
