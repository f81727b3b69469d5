import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { aClass, barberia, crowd, findings, seatsOf, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, book, wordsOf } from './buyer.ts';
import { lettersTo, someEmail } from './visitor.ts';

afterEach(async () => expect(await findings()).toEqual([]));

/** A free class that begins soon, with somebody in it. */
async function occupied(options: Parameters<typeof aClass>[0] = {}) {
  const session = await aClass({ price: 0, startsIn: '20 minutes', ...options });
  const person = await aBuyer('guest');
  expect((await book(person, session)).status).toBe(201);
  const [row] = await sql<{ id: string }>('select id from booking.bookings where session_id = $1', [session]);
  return { session, booking: row?.id ?? '' };
}
const tap = (who: Buyer, booking: string, action: string, id: string = randomUUID()) =>
  who.visitor.call('/api/desk/check-ins', { actions: [{ id, booking_id: booking, action }] });
const sell = (who: Buyer, fields: object, key: string = randomUUID()) =>
  who.visitor.call('/api/desk/sales', fields, { 'idempotency-key': key });

test('a check-in sent twice is one, with two ids it agrees, and it is undone', async () => {
  const desk = await aColleague('front_desk');
  const { booking } = await occupied();
  const id = randomUUID();
  expect((await tap(desk, booking, 'check_in', id)).json.data).toMatchObject([
    { outcome: 'applied', state: 'checked_in' },
  ]);
  expect((await tap(desk, booking, 'check_in', id)).json.data).toMatchObject([{ outcome: 'known' }]);
  expect((await tap(desk, booking, 'check_in')).json.data).toMatchObject([{ state: 'checked_in' }]);
  expect((await tap(desk, booking, 'undo')).json.data).toMatchObject([{ state: 'confirmed' }]);
  expect(await sql('select id from booking.check_ins where booking_id = $1', [booking])).toHaveLength(3);
});

test('nobody but the front desk and the teacher of the class keeps its roster', async () => {
  const { session, booking } = await occupied();
  const teacher = await aColleague('instructor');
  expect((await tap(teacher, booking, 'check_in')).json.data).toMatchObject([
    { outcome: 'booking_not_found', state: null },
  ]);
  expect((await teacher.visitor.get(`/desk/${session}`)).status).toBe(404);
  expect((await teacher.visitor.get('/desk')).status).toBe(200);
  const elsewhere = await aColleague('front_desk', barberia);
  expect((await tap(elsewhere, booking, 'check_in')).status).toBe(403);
  expect((await (await aColleague('barista')).visitor.get('/desk')).status).toBe(403);
  expect((await tap(await aBuyer(), booking, 'check_in')).status).toBe(403);
  await sql(
    'update booking.instructors set user_id = $1 where id = (select instructor_id from booking.sessions where id = $2)',
    [teacher.id, session],
  );
  expect((await tap(teacher, booking, 'check_in')).json.data).toMatchObject([{ outcome: 'applied' }]);
  expect((await teacher.visitor.get(`/desk/${session}`)).status).toBe(200);
});

test('the roster works without a script', async () => {
  const desk = await aColleague('front_desk');
  const { session, booking } = await occupied();
  const page = await desk.visitor.get(`/desk/${session}`);
  expect(wordsOf(page)).toContain('0 of 1 here');
  const sent = await desk.visitor.submit(
    '/api/desk/check-ins',
    { id: randomUUID(), booking_id: booking, action: 'check_in' },
    `/desk/${session}`,
  );
  expect([sent.status, sent.to]).toEqual([303, `/desk/${session}#b-${booking}`]);
  expect(wordsOf(await desk.visitor.get(`/desk/${session}`))).toContain('1 of 1 here');
});

test.each(['cash', 'terminal'])('a new face pays at the desk (%s), sits, and gets a receipt', async (pay) => {
  const desk = await aColleague('front_desk');
  const session = await aClass({ startsIn: '20 minutes' });
  const email = someEmail('walk-in');
  const fields = { session_id: session, name: 'Wanda Walk', email, pay };
  const key = randomUUID();
  const sold = await sell(desk, fields, key);
  expect([sold.status, sold.json.data]).toMatchObject([201, { state: 'checked_in', total_cents: 1600 }]);
  expect((await sell(desk, fields, key)).json.data.booking_id).toBe(sold.json.data.booking_id);
  expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { checked_in: 1 } });
  // A first visit is a milestone as well: the receipt is one of the letters.
  const receipts = async () => (await lettersTo(email)).filter(({ text }) => text.includes('16.00')).length;
  await expect.poll(receipts, { timeout: 30_000 }).toBe(1);
  expect((await sell(desk, fields)).json.code).toBe('member_known');
});

test('a full class, one that has begun, and an empty wallet are refused by name', async () => {
  const desk = await aColleague('front_desk');
  const { session } = await occupied({ seats: 1 });
  const newcomer = () => ({ name: 'No Room', email: someEmail('late'), pay: 'cash' });
  expect((await sell(desk, { session_id: session, ...newcomer() })).json.code).toBe('session_full');
  const begun = await aClass({ startsIn: '-10 minutes' });
  expect((await sell(desk, { session_id: begun, ...newcomer() })).json.code).toBe('session_past');
  const open = await aClass({ startsIn: '20 minutes' });
  const poor = await sell(desk, { session_id: open, ...newcomer(), pay: 'wallet' });
  expect(poor.json.code).toBe('wallet_too_low');
  expect((await sell(desk, { session_id: open, ...newcomer(), pay: 'pass' })).json.code).toBe('no_pass_pays');
  expect(await seatsOf(open)).toMatchObject({ taken: 0 });
});

test('two desks that sell the last place at once seat one', async () => {
  const [one, two] = [await aColleague('front_desk'), await aColleague('front_desk')];
  const session = await aClass({ seats: 1, startsIn: '20 minutes' });
  await crowd(1, 'nobody');
  const sales = await Promise.all(
    [one, two].map((who) =>
      sell(who, { session_id: session, name: 'Last Place', email: someEmail('last'), pay: 'cash' }),
    ),
  );
  expect(sales.map(({ status }) => status).sort()).toEqual([201, 409]);
  expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { checked_in: 1 } });
});
