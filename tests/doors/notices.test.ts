import { randomUUID } from 'node:crypto';
import { describe, expect, inject, test } from 'vitest';
import { aClass, lotus, sql } from '../world.ts';
import { type Buyer, aBuyer, book, flashOf, placedOrder, runJob, untilOrder, wordsOf } from './buyer.ts';
import { payAt } from './provider.ts';
import { Visitor, letterTo, lettersTo } from './visitor.ts';

const { siteUrl } = inject('stack');
const path = '/api/members/notifications';

interface Told {
  notification_id: string;
  kind: string;
  title: string;
  path: string;
  about: string | null;
  read_at: string | null;
}
const list = async ({ visitor }: Buyer): Promise<Told[]> => (await visitor.get(path, {})).json.data;

const memberOf = async ({ id }: Buyer): Promise<string> => {
  const [member] = await sql<{ id: string }>(
    'select id from members.members where business_id = $1 and user_id = $2',
    [lotus, id],
  );
  return member!.id;
};

const tell = (member: string, kind: string, data: object, cause: string = randomUUID()) =>
  sql('select messages.notify($1, $2, $3, $4, $5)', [lotus, member, kind, cause, JSON.stringify(data)]);
const milestone = { measure: 'classes', count: 50 };
const hoursFromNow = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

/** A member who has booked a class, and so was told of one thing. */
async function aGuest(startsIn?: string): Promise<{ guest: Buyer; member: string; session: string }> {
  const guest = await aBuyer('told');
  const session = await aClass({ price: 0, ...(startsIn ? { startsIn } : {}) });
  expect((await book(guest, session)).status).toBe(201);
  return { guest, session, member: await memberOf(guest) };
}

describe('what a member was told', () => {
  test('is listed in their language, with the way to it, and read once they say so', async () => {
    const { guest, member } = await aGuest();
    await tell(member, 'milestone', milestone);
    const told = await list(guest);
    expect(told.map(({ kind, read_at }) => [kind, read_at])).toEqual([
      ['milestone', null],
      ['order_confirmed', null],
    ]);
    expect(told[0]).toMatchObject({ title: '50 classes', path: '/account/progress' });
    expect(told[1]?.title).toMatch(/^You're in: Class /);
    const page = await guest.visitor.get('/es/account/notifications');
    expect(wordsOf(page)).toMatch(/Tienes plaza: Clase .*Tenemos ganas de verte/);
    expect(page.text).toContain('data-bell="2"');

    const read = await guest.visitor.call(`${path}/read`, { ids: [told[0]?.notification_id] });
    expect(read.json.data).toEqual({ unread: 1 });
    const all = await guest.visitor.submit(`${path}/read`, {}, '/account/notifications');
    expect([all.status, all.to]).toEqual([303, '/account/notifications']);
    const after = await guest.visitor.get('/account/notifications');
    expect(flashOf(after)).toBe('All read.');
    expect(after.text).toContain('data-bell="0"');
    expect(wordsOf(after)).toContain('Earlier');
    expect((await list(guest)).every(({ read_at }) => read_at !== null)).toBe(true);
  });

  test('is nobody else’s to see or to mark', async () => {
    const { guest } = await aGuest();
    const [told] = await list(guest);
    const { guest: stranger } = await aGuest();
    const answer = await stranger.visitor.call(`${path}/read`, { ids: [told?.notification_id] });
    expect(answer.json.data).toEqual({ unread: 1 });
    expect((await list(guest))[0]?.read_at).toBeNull();
  });

  test('goes on over pages, without repeating what is unread', async () => {
    const { guest, member } = await aGuest();
    for (let n = 0; n < 5; n++) await tell(member, 'milestone', { ...milestone, count: n + 1 });
    await guest.visitor.call(`${path}/read`, {});
    await tell(member, 'milestone', { ...milestone, count: 99 });
    const first = (await guest.visitor.get(`${path}?limit=4`, {})).json;
    expect(first.data.map(({ title }: Told) => title)).toEqual([
      '99 classes',
      '5 classes',
      '4 classes',
      '3 classes',
      '2 classes',
    ]);
    const second = (await guest.visitor.get(`${path}?limit=4&cursor=${first.page.next}`, {})).json;
    expect(second.data.map(({ title }: Told) => title)).toEqual([
      'Your first class',
      expect.stringMatching(/^You/),
    ]);
    expect(second.page.next).toBeNull();
  });

  test('about somebody they look after names them, in the list and in the letter', async () => {
    const { guest, member } = await aGuest();
    const { json } = await guest.visitor.call('/api/members/people', { name: 'Leo Example' });
    await tell(json.data.person_id, 'milestone', milestone);
    expect((await list(guest)).find(({ about }) => about === 'Leo Example')).toMatchObject({
      title: '50 classes',
    });
    const letter = await letterTo(guest.email, { subject: '50 classes' });
    expect(letter.text).toContain('This is about Leo Example.');
    expect(member).not.toBe(json.data.person_id);
  });

  test('of a kind told wrongly does not hide the others', async () => {
    const { guest, member } = await aGuest();
    await tell(member, 'waitlist_offer', { nothing: 'of use' });
    expect((await list(guest)).map(({ kind }) => kind)).toEqual(['order_confirmed']);
    await sql(`delete from messages.emails where member_id = $1 and template = 'waitlist_offer'`, [member]);
  });
});

describe('how they are told', () => {
  test('is theirs to choose by a form, kept, and obeyed; what concerns a seat is e-mailed all the same', async () => {
    const { guest, member } = await aGuest();
    const form = new URLSearchParams([
      ...['bookings', 'orders', 'waitlist', 'reminders', 'plans', 'progress'].map((topic) => [
        'asked',
        topic,
      ]),
      ['wanted', 'bookings:in_app'],
      ['wanted', 'progress:in_app'],
      ['reminder', '3'],
    ]);
    const saved = await guest.visitor.send('POST', `${path}/choices`, form, {
      accept: 'text/html',
      origin: siteUrl,
      'sec-fetch-site': 'same-origin',
    });
    expect([saved.status, saved.to]).toEqual([303, '/account/notifications/choices']);
    const page = await guest.visitor.get('/account/notifications/choices');
    expect(page.text).toMatch(/value="progress:in_app"[^>]* checked/);
    expect(page.text).not.toMatch(/value="progress:email"[^>]* checked/);
    expect(wordsOf(page)).toContain('E-mails about your money or your place always come');
    const { data } = (await guest.visitor.get(`${path}/choices`, {})).json;
    expect(data).toContainEqual(
      expect.objectContaining({ topic: 'waitlist', in_app: false, email: false, reminder_hours: 3 }),
    );

    await tell(member, 'milestone', milestone);
    const [row] = await sql<{ session_id: string; booking_id: string }>(
      'select session_id, id as booking_id from booking.bookings where member_id = $1',
      [member],
    );
    const seat = {
      ...row,
      class_name: { en: 'Yin' },
      starts_at: hoursFromNow(500),
      ends_at: hoursFromNow(501),
      instructor_name: 'Noor',
      room_name: 'Roof',
    };
    await tell(member, 'session_cancelled', { ...seat, reason: 'Noor is ill' });
    const letter = await letterTo(guest.email, { subject: 'Cancelled: Yin' });
    expect(letter.text).toContain('The reason: Noor is ill');
    expect((await lettersTo(guest.email)).map(({ subject }) => subject)).not.toContain('50 classes');
    expect((await list(guest)).map(({ kind }) => kind)).toEqual([
      'session_cancelled',
      'milestone',
      'order_confirmed',
    ]);
  });

  test.each([
    ['a topic there is not', { asked: ['weather'] }],
    ['a way there is not', { wanted: ['plans:pigeon'] }],
    ['an hour there is not', { reminder: 7 }],
  ])('refuses %s', async (_what, body) => {
    const { guest } = await aGuest();
    expect((await guest.visitor.call(`${path}/choices`, body)).status).toBe(422);
  });

  test.each([path, `${path}/choices`])('%s is for who signed in', async (address) => {
    const reply = await new Visitor().get(address, {});
    expect([reply.status, reply.json.code]).toEqual([401, 'sign_in_first']);
  });

  test('a visitor is led to sign in by the pages', async () => {
    for (const page of ['/account/notifications', '/account/notifications/choices'])
      expect((await new Visitor().get(page)).to).toMatch(/^\/signin\?next=/);
  });
});

test('a class that is near is reminded of once, and again when it was moved', async () => {
  const { guest, member, session } = await aGuest('2 hours 50 minutes');
  await guest.visitor.call(`${path}/choices`, { asked: [], reminder: 3 });
  await sql(`update booking.bookings set created_at = now() - interval '3 days' where session_id = $1`, [
    session,
  ]);
  const reminders = async () => (await list(guest)).filter(({ kind }) => kind === 'session_reminder').length;
  await runJob('send_reminders');
  await expect.poll(reminders).toBe(1);
  expect((await letterTo(guest.email, { subject: 'See you soon' })).subject).toMatch(/^See you soon: Class /);
  await sql(
    `update booking.sessions set starts_at = starts_at - interval '10 minutes', ends_at = ends_at - interval '10 minutes' where id = $1`,
    [session],
  );
  await sql('select api.send_reminders()');
  await sql('select api.send_reminders()');
  expect(await reminders()).toBe(2);
  expect(
    await sql(
      `select count(*)::int as n from messages.emails where member_id = $1 and template = 'session_reminder'`,
      [member],
    ),
  ).toEqual([{ n: 2 }]);
});

test('a refund the bank did not take is told to whom it was due', async () => {
  const guest = await aBuyer('told');
  const order = await placedOrder(guest, await aClass({ price: 1600 }));
  await payAt(order.payment_url);
  await untilOrder(order.order_id, { state: 'paid' });
  const { data } = (await guest.visitor.get('/api/yoga/bookings', {})).json;
  await guest.visitor.call(
    `/api/yoga/bookings/${data[0].booking_id}/cancel`,
    {},
    { 'idempotency-key': randomUUID() },
  );
  await untilOrder(order.order_id, {
    refunds: [{ cents: 1600, reason: 'member_cancelled', state: 'succeeded' }],
  });
  await sql(
    `select payments.finish_refund(id, provider_ref, 'failed', 'lost_or_stolen_card') from payments.refunds where order_id = $1`,
    [order.order_id],
  );
  const letter = await letterTo(guest.email, { subject: 'Your refund did not reach you' });
  expect(letter.text).toContain('We sent €16.00 to the card you paid with, but the bank did not take it');
  expect((await list(guest))[0]).toMatchObject({ kind: 'refund_failed', path: `/orders/${order.order_id}` });
});

test('the live stream tells a member what is unread and what comes, and nobody else', async () => {
  const { guest, member } = await aGuest();
  const { member: other } = await aGuest();
  const controller = new AbortController();
  const cookie = [...guest.visitor.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(`${siteUrl}/api/live?topic=member`, {
    headers: { accept: 'text/event-stream', cookie },
    signal: controller.signal,
  });
  expect(response.status).toBe(200);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  const hear = async (what: RegExp) => {
    while (heard.search(what) < 0) {
      const { done, value } = await reader.read();
      // A stream that is over answers at once and for ever: nothing else would get its turn.
      if (done) throw new Error(`the stream ended after ${heard}`);
      heard += value;
    }
  };
  await hear(/event: state\ndata: \{"unread":1\}/);
  await tell(other, 'milestone', milestone);
  await tell(member, 'milestone', milestone);
  // The booking’s own news may be on its way still.
  const news = /event: notified\ndata: [^\n]*"milestone"/g;
  await hear(news);
  await guest.visitor.call(`${path}/read`, {});
  await hear(/event: notices_read\ndata: [^\n]*"unread":0/);
  expect(heard).toMatch(/event: notices_read\ndata: \{[^\n]*"unread":0/);
  expect(heard.match(news)).toHaveLength(1);
  controller.abort();
});
