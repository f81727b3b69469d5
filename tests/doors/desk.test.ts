import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { type Told, eventsIn } from '../live/world.ts';
import { barberia, findings, sql } from '../world.ts';
import { aBuyer, aColleague, book, runJob, wordsOf } from './buyer.ts';
import { begunAgo, occupied, sell, tap } from './desk.ts';
import { someEmail } from './visitor.ts';

afterEach(async () => expect(await findings()).toEqual([]));

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

test('taps of one person are not sent by another who signs in on the same device', async () => {
  const [one, two] = [await aColleague('front_desk'), await aColleague('front_desk')];
  const { booking } = await occupied();
  const actions = [{ id: randomUUID(), booking_id: booking, action: 'check_in' }];
  const stranger = await two.visitor.call('/api/desk/check-ins', { actions, tapped_by: one.id });
  expect([stranger.status, stranger.json.code]).toEqual([409, 'signed_in_as_another']);
  expect(await sql('select id from booking.check_ins where booking_id = $1', [booking])).toEqual([]);
  const owner = await one.visitor.call('/api/desk/check-ins', { actions, tapped_by: one.id });
  expect(owner.json.data).toMatchObject([{ outcome: 'applied' }]);
});

test('a roster says whose eyes it is for, and signing out leaves nothing behind the back button', async () => {
  const desk = await aColleague('front_desk');
  const { session } = await occupied();
  for (const path of ['/desk', `/desk/${session}`]) {
    const page = await desk.visitor.get(path);
    expect(page.headers.get('x-kept-for')).toBe(desk.id);
    expect(page.headers.get('cache-control')).toContain('no-store');
  }
  expect((await desk.visitor.get(`/desk/${session}`)).headers.get('permissions-policy')).toContain(
    'camera=(self)',
  );
  expect((await desk.visitor.get('/desk')).headers.get('permissions-policy')).toContain('camera=()');
  const out = await desk.visitor.submit('/api/auth/signout', {}, '/desk');
  expect([out.status, out.headers.get('clear-site-data')]).toEqual([303, '"cache"']);
  expect((await desk.visitor.get(`/desk/${session}`)).status).toBe(303);
});

test('a second desk hears of a check-in as it happens, a member of nothing', async () => {
  const [one, two] = [await aColleague('front_desk'), await aColleague('front_desk')];
  const { session, booking } = await occupied();
  const cookie = [...two.visitor.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const leave = new AbortController();
  const stream = await fetch(`${two.visitor.site}/api/live?topic=roster:${session}`, {
    headers: { accept: 'text/event-stream', cookie },
    signal: leave.signal,
  });
  expect(stream.status).toBe(200);
  let text = '';
  let tapped = false;
  // The booking itself may be news still on its way.
  const isCheckIn = ({ event, data }: Told) =>
    event === 'roster_changed' &&
    (data as { booking_id: string }).booking_id === booking &&
    (data as { state: string }).state === 'checked_in';
  for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const told = eventsIn(text);
    if (!tapped && told.some(({ event }) => event === 'state')) {
      tapped = true;
      await tap(one, booking, 'check_in');
    }
    if (told.some(isCheckIn)) break;
  }
  leave.abort();
  expect(eventsIn(text).find(isCheckIn)?.data).toMatchObject({ booking_id: booking, state: 'checked_in' });
  expect((await (await aBuyer()).visitor.get(`/api/live?topic=roster:${session}`)).status).toBe(404);
});

test('the place of somebody who has not come is given up in time, and sold at the door', async () => {
  const desk = await aColleague('front_desk');
  const { session, booking } = await occupied({ seats: 1, startsIn: '9 minutes' });
  expect(
    (await sell(desk, { session_id: session, name: 'At Door', email: someEmail('door'), pay: 'cash' })).json
      .code,
  ).toBe('session_full');
  // Not before: the worker looks each minute whose time has come.
  await sql(
    'update booking.class_types set release_minutes_before = 10 where id = (select class_type_id from booking.sessions where id = $1)',
    [session],
  );
  await runJob('release_due');
  const state = () => sql('select state from booking.bookings where id = $1', [booking]);
  await expect.poll(state).toEqual([{ state: 'late_cancelled' }]);
  expect((await tap(desk, booking, 'check_in')).json.data).toMatchObject([{ outcome: 'not_on_roster' }]);
  expect(wordsOf(await desk.visitor.get(`/desk/${session}`))).toContain('were given up');
  expect(
    (await sell(desk, { session_id: session, name: 'At Door', email: someEmail('door'), pay: 'cash' }))
      .status,
  ).toBe(201);
});

test('who is not checked in is absent when the desk says so, and is checked in all the same when they come', async () => {
  const desk = await aColleague('front_desk');
  const { session, booking } = await occupied();
  const second = await aBuyer('second');
  expect((await book(second, session)).status).toBe(201);
  const absent = (who = desk) => who.visitor.call('/api/desk/absences', { session_id: session });
  expect((await absent()).json.code).toBe('absent_too_early');
  await begunAgo(session, '5 minutes');
  await tap(desk, booking, 'check_in');
  expect((await absent(await aColleague('instructor'))).status).toBe(404);
  const marked = await absent();
  expect([marked.json.data, marked.json.message]).toEqual([
    { count: 1 },
    '1 person marked absent. Each can be undone.',
  ]);
  expect((await absent()).json.data).toEqual({ count: 0 });
  const page = wordsOf(await desk.visitor.get(`/desk/${session}`));
  expect(page).toContain('1 of 2 here');
  const [late] = await sql<{ id: string }>(
    "select id from booking.bookings where session_id = $1 and state = 'no_show'",
    [session],
  );
  expect((await tap(desk, late?.id ?? '', 'check_in')).json.data).toMatchObject([{ state: 'checked_in' }]);
});
