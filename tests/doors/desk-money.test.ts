import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { aClass, barberia, crowd, findings, seatsOf, sql } from '../world.ts';
import { aBuyer, aColleague, wordsOf } from './buyer.ts';
import { cancel, occupied, packId, paidFor, sell, waive } from './desk.ts';
import { lettersTo, someEmail } from './visitor.ts';

afterEach(async () => expect(await findings()).toEqual([]));

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
  await expect.poll(receipts).toBe(1);
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

test('the desk cancels by the policy of the booking, once, and with a reason free of charge', async () => {
  const desk = await aColleague('front_desk');
  const early = await paidFor(desk, '20 days');
  const key = randomUUID();
  const first = await cancel(desk, { booking_id: early.booking }, key);
  expect([first.status, first.json.data]).toMatchObject([200, { state: 'cancelled', refund_cents: 1600 }]);
  expect((await cancel(desk, { booking_id: early.booking }, key)).json.data).toEqual(first.json.data);
  expect((await cancel(desk, { booking_id: early.booking })).json.code).toBe('booking_cancelled_before');
  expect(await seatsOf(early.session)).toMatchObject({ taken: 0, states: { cancelled: 1 } });

  const late = await paidFor(desk, '2 hours');
  const unsaid = await cancel(desk, { booking_id: late.booking, free: 'yes' });
  expect([unsaid.status, unsaid.json.code]).toEqual([422, 'reason_invalid']);
  const kind = await cancel(desk, { booking_id: late.booking, free: 'yes', reason: 'Twisted an ankle' });
  expect(kind.json.data).toMatchObject({
    state: 'late_cancelled',
    refund_cents: 0,
    waived: { refund_cents: 1600 },
  });
  expect(
    await sql("select detail ->> 'reason' as why from audit.events where about = $1", [
      `booking:${late.booking}`,
    ]),
  ).toEqual([{ why: 'Twisted an ankle' }]);
});

test('what a late cancellation kept is given back with a reason, once, by the front desk alone', async () => {
  const desk = await aColleague('front_desk');
  const { session, booking } = await paidFor(desk, '2 hours');
  expect((await cancel(desk, { booking_id: booking })).json.data).toMatchObject({
    state: 'late_cancelled',
    refund_cents: 0,
  });
  expect(wordsOf(await desk.visitor.get(`/desk/${session}`))).toContain('Kept: €16.00.');
  expect((await waive(desk, { booking_id: booking, reason: '' })).status).toBe(422);
  const reason = 'The bus broke down';
  for (const nobody of [
    await aBuyer(),
    await aColleague('instructor'),
    await aColleague('front_desk', barberia),
  ])
    expect((await waive(nobody, { booking_id: booking, reason })).status).toBe(403);
  const key = randomUUID();
  expect((await waive(desk, { booking_id: booking, reason }, key)).json.data).toMatchObject({
    refund_cents: 1600,
  });
  expect((await waive(desk, { booking_id: booking, reason }, key)).json.data).toMatchObject({
    refund_cents: 1600,
  });
  expect((await waive(desk, { booking_id: booking, reason })).json.code).toBe('returned_before');
  expect(wordsOf(await desk.visitor.get(`/desk/${session}`))).not.toContain('Kept');
});

test('somebody at the door buys a pack and is in with it; many desks at once come to an end', async () => {
  const desk = await aColleague('front_desk');
  const session = await aClass({ startsIn: '20 minutes' });
  const pack = await packId();
  const page = await desk.visitor.get(`/desk/${session}/walk-in?who=nobody-of-this-name`);
  expect(page.text).toContain(`value="terminal:${pack}"`);
  const email = someEmail('pack');
  const fields = { session_id: session, name: 'Paula Pack', email, pay: `terminal:${pack}` };
  const key = randomUUID();
  const sold = await sell(desk, fields, key);
  expect([sold.status, sold.json.data]).toMatchObject([
    201,
    { state: 'checked_in', total_cents: 0, pack_cents: 13000 },
  ]);
  expect((await sell(desk, fields, key)).json.data).toEqual(sold.json.data);
  expect(
    await sql(
      'select members.credits_left(p) as n from members.passes p join members.members m on m.id = p.member_id where m.email = $1',
      [email],
    ),
  ).toEqual([{ n: 9 }]);
  const receipts = async () => (await lettersTo(email)).filter(({ text }) => text.includes('130.00')).length;
  await expect.poll(receipts).toBe(1);
  expect((await desk.visitor.get(`/desk/${session}`)).text).toContain('Ten classes');

  const [other, ...more] = [
    await aClass({ startsIn: '20 minutes' }),
    session,
    session,
    await aClass({ startsIn: '20 minutes' }),
  ];
  const ways = [
    `cash:${pack}`,
    'cash',
    `cash:${pack}`,
    'terminal',
    `terminal:${pack}`,
    'cash',
    `cash:${pack}`,
    'terminal',
  ];
  const many = await Promise.all(
    ways.map((pay, n) =>
      sell(desk, { session_id: [other, ...more][n % 4], name: 'Many', email: someEmail('many'), pay }),
    ),
  );
  expect(many.map(({ status }) => status)).toEqual(Array(ways.length).fill(201));
});
