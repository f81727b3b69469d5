/** The timetable in managers' hands: put on, moved, left out, called off, ended; as pages and as programs use it. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { barberia, findings, lotus, people, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, book, flashOf, signedIn, wordsOf } from './buyer.ts';
import { type Place, aPlace, aSeries, change, dayAhead, lookAt, sessionsOf, weekdayOf } from './place.ts';
import { type Reply, Visitor, attachedTo, letterTo, lettersTo } from './visitor.ts';

let manager: Buyer;
beforeAll(async () => {
  manager = await aColleague('manager');
});
afterEach(async () => expect(await findings()).toEqual([]));

const said = ({ status, json }: Reply): unknown[] => [status, json?.code];
const key = () => ({ 'idempotency-key': randomUUID() });
const once = (place: Place, on: string, local_start: string): Record<string, string> => ({
  class_type_id: place.class_type_id,
  room_id: place.room_id,
  instructor_id: place.instructor_id,
  on,
  local_start,
});

describe('a class that is put on once', () => {
  test('comes on the week it belongs to, by a form, and a second one at that hour is refused with the first one’s name', async () => {
    const place = await aPlace();
    const on = dayAhead(9);
    const put = (fields: Record<string, string>) =>
      manager.visitor.submit(
        '/api/yoga/sessions',
        { ...fields, idempotency_key: randomUUID() },
        `/admin/schedule/new?on=${on}`,
      );
    const made = await put({ ...once(place, on, '06:30'), minutes: '45' });
    expect([made.status, made.to]).toEqual([303, `/admin/schedule?week=${on}`]);
    const week = await manager.visitor.get(`/admin/schedule?week=${on}`);
    expect(flashOf(week)).toBe('The class is on the schedule.');
    expect(wordsOf(week)).toMatch(new RegExp(`6:30.{1,12}7:15 0/5 Class ${place.tag} Teacher ${place.tag}`));
    const other = await aPlace();
    const room = await put({ ...once(place, on, '07:00'), instructor_id: other.instructor_id });
    expect([
      room.status,
      wordsOf(room).includes(`Room ${place.tag} has another class then: Class ${place.tag}`),
    ]).toEqual([409, true]);
    // What was chosen is still chosen.
    expect(room.text).toMatch(new RegExp(`<option[^>]*value="${place.room_id}"[^>]*selected`));
    const teacher = await put({ ...once(place, on, '06:00'), room_id: other.room_id });
    expect([teacher.status, wordsOf(teacher).includes(`Teacher ${place.tag} teaches then`)]).toEqual([
      409,
      true,
    ]);
    // One ends as the other begins.
    expect((await put(once(place, on, '07:15'))).status).toBe(303);
  });

  test('needs a day to come, a room that is used, and no more places than that has', async () => {
    const place = await aPlace({ seats: 3 });
    const put = (more: object) =>
      manager.visitor.call('/api/yoga/sessions', { ...once(place, dayAhead(9), '06:30'), ...more }, key());
    expect(said(await put({ on: '2020-01-06' }))).toEqual([422, 'session_past']);
    expect(said(await put({ local_start: '25:00' }))).toEqual([422, 'invalid_input']);
    expect(said(await put({ on: '2027-02-30' }))).toEqual([422, 'invalid_input']);
    expect(said(await put({ capacity: 4 }))).toEqual([409, 'capacity_above_room']);
    await sql('update booking.rooms set retired_at = now() where id = $1', [place.room_id]);
    expect(said(await put({}))).toEqual([422, 'room_not_found']);
  });
});

describe('a series', () => {
  test('at nine is at nine on both sides of both clock changes, in its rows, on the week’s page and for customers', async () => {
    const place = await aPlace();
    const made = await manager.visitor.submit(
      '/api/yoga/series',
      {
        ...{ class_type_id: place.class_type_id, room_id: place.room_id, instructor_id: place.instructor_id },
        ...{ local_start: '09:00', weekday_1: 'yes', weekday_7: 'yes', from_on: dayAhead(1) },
        idempotency_key: randomUUID(),
      },
      '/admin/schedule/new?weekly',
    );
    const [, series = ''] = /^\/admin\/schedule\/series\/([0-9a-f-]{36})$/.exec(made.to ?? '') ?? [];
    expect([made.status, series]).not.toContain('');
    const sessions = await sessionsOf(series);
    expect([...new Set(sessions.map(({ time }) => time))]).toEqual(['09:00']);
    // From the first day of the series on: on the day itself that the clocks change, there is no class yet.
    const zone = Temporal.Now.zonedDateTimeISO('Europe/Madrid').add({ days: 1 });
    const next = zone.startOfDay().getTimeZoneTransition('next');
    const after = next?.getTimeZoneTransition('next');
    for (const clocks of [next, after]) {
      const sunday = clocks?.toPlainDate().toString() ?? '';
      expect(sessions.map(({ on }) => on)).toEqual(
        expect.arrayContaining([sunday, clocks?.toPlainDate().add({ days: 1 }).toString()]),
      );
      const week = wordsOf(await manager.visitor.get(`/admin/schedule?week=${sunday}`));
      expect(week).toMatch(new RegExp(`09:00.{1,12}10:00 0/5 Class ${place.tag}`));
      const shown = wordsOf(await new Visitor().get(`/schedule?week=${sunday}`));
      expect(shown).toContain(`09:00 60 min Class ${place.tag}`);
    }
    // An hour apart in Greenwich.
    expect(
      await sql(
        `select distinct extract(hour from starts_at at time zone 'UTC')::int as hour from booking.sessions where series_id = $1 order by 1`,
        [series],
      ),
    ).toEqual([{ hour: 7 }, { hour: 8 }]);
  });

  test('that meets another class somewhere is refused whole, and made without those days when that is asked for', async () => {
    const place = await aPlace();
    const [day, other] = [dayAhead(20), await aPlace()];
    await manager.visitor.call(
      '/api/yoga/sessions',
      { ...once({ ...other, room_id: place.room_id }, day, '09:30') },
      key(),
    );
    const form = {
      ...{ class_type_id: place.class_type_id, room_id: place.room_id, instructor_id: place.instructor_id },
      ...{
        local_start: '09:00',
        [`weekday_${weekdayOf(day)}`]: 'yes',
        from_on: dayAhead(1),
        until_on: dayAhead(50),
      },
    };
    const put = (more: Record<string, string>) =>
      manager.visitor.submit(
        '/api/yoga/series',
        { ...form, ...more, idempotency_key: randomUUID() },
        '/admin/schedule/new?weekly',
      );
    const refused = await put({});
    expect([refused.status, wordsOf(refused).includes(`Class ${other.tag}`)]).toEqual([409, true]);
    // The way out stands in the form that is shown again.
    expect(refused.text).toContain('name="leave_out_clashes"');
    expect(await sql('select 1 from booking.series where room_id = $1', [place.room_id])).toEqual([]);
    const made = await put({ leave_out_clashes: 'yes' });
    expect(made.status).toBe(303);
    const page = await manager.visitor.get(made.to ?? '');
    expect(flashOf(page)).toContain('One day was left out.');
    expect(wordsOf(page)).toContain('Left out: the room has another class');
  });

  test('is left out for a day, unless somebody booked it, and put on again', async () => {
    const series = await aSeries(manager, await aPlace());
    const [first, second] = await sessionsOf(series);
    const page = `/admin/schedule/series/${series}`;
    const skip = (on_date: string) =>
      manager.visitor.submit(`/api/yoga/series/${series}/skip`, { on_date, note: 'Fiesta' }, page);
    await book(await aBuyer('skips'), first!.id);
    const booked = await skip(first!.on);
    expect([
      booked.status,
      wordsOf(booked).includes('1 person booked that day. Cancel the class instead'),
    ]).toEqual([409, true]);
    expect((await skip(second!.on)).to).toBe(page);
    expect(wordsOf(await manager.visitor.get(page))).toContain('Fiesta');
    expect(wordsOf(await manager.visitor.get(`/admin/schedule?week=${second!.on}`))).toContain('Fiesta');
    expect((await new Visitor().get(`/sessions/${second!.id}`)).status).toBe(404);
    const wrong = await manager.visitor.call(`/api/yoga/series/${series}/skip`, {
      on_date: Temporal.PlainDate.from(second!.on).add({ days: 1 }).toString(),
    });
    expect(said(wrong)).toEqual([422, 'not_a_day_of_it']);
    await manager.visitor.submit(`/api/yoga/series/${series}/unskip`, { on_date: second!.on }, page);
    expect((await sessionsOf(series)).map(({ on }) => on)).toContain(second!.on);
  });

  test('ends after a day, exactly as it was looked at: nobody’s classes vanish, somebody’s is called off', async () => {
    const series = await aSeries(manager, await aPlace());
    const [first, second, third] = await sessionsOf(series);
    const [guest, late] = [await aBuyer('ends'), await aBuyer('late')];
    await book(guest, third!.id);
    const path = `/admin/schedule/series/${series}/end?last_on=${first!.on}`;
    const hashOn = (page: Reply) => /name="effect_hash" value="([0-9a-f]{64})"/.exec(page.text)?.[1] ?? '';
    const looked = await manager.visitor.get(path);
    expect(wordsOf(looked)).toContain('Ends 1');
    const end = (effect_hash: string) =>
      manager.visitor.submit(
        `/api/yoga/series/${series}/end`,
        { last_on: first!.on, reason: 'We move', effect_hash, idempotency_key: randomUUID() },
        path,
      );
    await book(late, second!.id);
    const stale = await end(hashOn(looked));
    expect([stale.status, wordsOf(stale).includes('Something changed since you looked')]).toEqual([
      409,
      true,
    ]);
    expect((await sessionsOf(series)).every(({ state }) => state === 'scheduled')).toBe(true);
    // The page that says so shows how it is now.
    const ended = await end(hashOn(stale));
    expect([ended.status, ended.to]).toEqual([303, `/admin/schedule/series/${series}`]);
    expect((await sessionsOf(series)).map(({ state }) => state)).toEqual([
      'scheduled',
      'cancelled',
      'cancelled',
    ]);
    for (const { email } of [guest, late])
      expect((await letterTo(email, { subject: 'Cancelled:' })).text).toContain('We move');
  });
});

describe('a change', () => {
  // One person may do sixty things a minute.
  beforeAll(async () => {
    manager = await aColleague('manager');
  });

  test('of one class is looked at first, names who booked, and is made as it was shown', async () => {
    const series = await aSeries(manager, await aPlace());
    const [, session] = await sessionsOf(series);
    const guest = await aBuyer('moved');
    await book(guest, session!.id);
    const form = await manager.visitor.get(`/admin/schedule/${session!.id}`);
    expect(wordsOf(form)).toContain('1 person comes');
    const path = `/admin/schedule/${session!.id}/change?scope=one&local_start=11:00&was_local_start=09:00`;
    const looked = await manager.visitor.get(path);
    expect(wordsOf(looked)).toMatch(
      /One class changes\. One person keeps their place and is told\..*Is told: Moved 1/,
    );
    expect((await sessionsOf(series))[1]?.time).toBe('09:00');
    const [, hash = ''] = /name="effect_hash" value="([0-9a-f]{64})"/.exec(looked.text) ?? [];
    const done = await manager.visitor.submit(
      `/api/yoga/sessions/${session!.id}/change`,
      { scope: 'one', local_start: '11:00', effect_hash: hash, idempotency_key: randomUUID() },
      path,
    );
    expect([done.status, done.to]).toEqual([303, `/admin/schedule/${session!.id}`]);
    expect(flashOf(await manager.visitor.get(done.to ?? ''))).toBe('Changed. One person was told.');
    expect((await sessionsOf(series)).map(({ time }) => time).slice(0, 3)).toEqual([
      '09:00',
      '11:00',
      '09:00',
    ]);
    expect((await letterTo(guest.email, { subject: 'Changed:' })).text).toMatch(/11:00/);
    expect(wordsOf(await guest.visitor.get('/account/bookings'))).toContain('11:00');
  });

  test('of this and what follows leaves what came before, and of all reaches those too; what was changed by hand stays', async () => {
    const series = await aSeries(manager, await aPlace());
    const [first, second, third] = await sessionsOf(series);
    await change(manager, third!.id, { scope: 'one', local_start: '12:00' });
    const following = await change(manager, second!.id, { scope: 'following', local_start: '10:00' });
    expect(following.json.data.told).toBe(0);
    const times = async () => (await sessionsOf(series)).map(({ time }) => time);
    expect((await times()).slice(0, 4)).toEqual(['09:00', '10:00', '12:00', '10:00']);
    expect(new Set((await times()).slice(3))).toEqual(new Set(['10:00']));
    const seen = await lookAt(manager, first!.id, { scope: 'all', minutes: '90' });
    expect(seen.json.data.sessions).toHaveLength(1);
    const all = await change(manager, second!.id, {
      scope: 'all',
      local_start: '10:30',
      include_changed: 'yes',
    });
    expect(all.status).toBe(200);
    expect(new Set((await times()).slice(1))).toEqual(new Set(['10:30']));
  });

  test('that somebody else made different meanwhile is refused, shown anew, and moves nobody', async () => {
    const series = await aSeries(manager, await aPlace());
    const [session] = await sessionsOf(series);
    const path = `/admin/schedule/${session!.id}/change?scope=following&local_start=08:00`;
    const looked = await manager.visitor.get(path);
    const [, hash = ''] = /name="effect_hash" value="([0-9a-f]{64})"/.exec(looked.text) ?? [];
    await book(await aBuyer('between'), session!.id);
    const stale = await manager.visitor.submit(
      `/api/yoga/sessions/${session!.id}/change`,
      { scope: 'following', local_start: '08:00', effect_hash: hash, idempotency_key: randomUUID() },
      path,
    );
    expect([
      stale.status,
      /Something changed since you looked.*Is told: Between 1/.test(wordsOf(stale)),
    ]).toEqual([409, true]);
    expect((await sessionsOf(series))[0]?.time).toBe('09:00');
    const wrong = await change(manager, session!.id, { scope: 'following', local_start: '08:15' }, hash);
    expect(said(wrong)).toEqual([409, 'effect_changed']);
  });

  test('that would put two classes into one room is shown with what stands in the way, and refused', async () => {
    const place = await aPlace();
    const series = await aSeries(manager, place);
    const [, second] = await sessionsOf(series);
    const other = await aPlace();
    await manager.visitor.call(
      '/api/yoga/sessions',
      once({ ...other, room_id: place.room_id }, second!.on, '16:00'),
      key(),
    );
    const path = `/admin/schedule/${second!.id}/change?scope=following&local_start=15:30`;
    const looked = await manager.visitor.get(path);
    expect(wordsOf(looked)).toContain(`Room ${place.tag} has another class then: Class ${other.tag}`);
    expect(wordsOf(looked)).toContain('This cannot be done as long as one class is in the way.');
    expect(looked.text).not.toContain('name="effect_hash"');
    const forced = await change(manager, second!.id, { scope: 'following', local_start: '15:30' });
    expect(said(forced)).toEqual([409, 'room_taken']);
    expect((await sessionsOf(series)).every(({ time }) => time === '09:00')).toBe(true);
  });

  test('to fewer places than are booked is refused, by the class it concerns', async () => {
    const series = await aSeries(manager, await aPlace());
    const [, , third] = await sessionsOf(series);
    for (const who of [await aBuyer('full'), await aBuyer('full')]) await book(who, third!.id);
    const [first] = await sessionsOf(series);
    const looked = await manager.visitor.get(`/admin/schedule/${first!.id}/change?scope=all&capacity=1`);
    expect(wordsOf(looked)).toMatch(/2 people booked Class .* there cannot be fewer places than that/);
    expect(said(await change(manager, first!.id, { scope: 'all', capacity: '1' }))).toEqual([
      409,
      'capacity_below_bookings',
    ]);
    expect((await change(manager, first!.id, { scope: 'all', capacity: '2' })).status).toBe(200);
  });

  test('of nothing is none, and a form that is not right is shown again with its field', async () => {
    const series = await aSeries(manager, await aPlace());
    const [session] = await sessionsOf(series);
    expect(said(await change(manager, session!.id, { scope: 'one' }))).toEqual([422, 'nothing_to_change']);
    const wrong = await manager.visitor.get(`/admin/schedule/${session!.id}/change?scope=one&minutes=2`);
    expect([wrong.status, wordsOf(wrong).includes('At least 5.')]).toEqual([422, true]);
  });
});

test('a class that is called off gives everything back and tells everyone once, however often the button is pressed', async () => {
  const series = await aSeries(manager, await aPlace());
  const [session] = await sessionsOf(series);
  const guest = await aBuyer('off');
  await book(guest, session!.id);
  const path = `/admin/schedule/${session!.id}/cancel`;
  const looked = await manager.visitor.get(path);
  expect(wordsOf(looked)).toMatch(/One person has a place\..*Off 1/);
  const idempotency_key = randomUUID();
  const press = () =>
    manager.visitor.submit(
      `/api/yoga/sessions/${session!.id}/cancel`,
      { reason: 'Burst pipe', idempotency_key },
      path,
    );
  expect([(await press()).to, (await press()).to]).toEqual(Array(2).fill(`/admin/schedule/${session!.id}`));
  const again = await manager.visitor.call(`/api/yoga/sessions/${session!.id}/cancel`, { reason: '' }, key());
  expect(said(again)).toEqual([409, 'session_cancelled']);
  expect((await letterTo(guest.email, { subject: 'Cancelled:' })).text).toContain('Burst pipe');
  expect(
    (await lettersTo(guest.email)).filter(({ subject }) => subject.startsWith('Cancelled:')),
  ).toHaveLength(1);
  expect(said(await book(await aBuyer(), session!.id))).toEqual([409, 'session_cancelled']);
  expect(wordsOf(await manager.visitor.get(`/admin/schedule/${session!.id}`))).toContain('Called off');
  expect(said(await change(manager, session!.id, { scope: 'one', local_start: '10:00' }))).toEqual([
    409,
    'session_cancelled',
  ]);
});

describe('one class', () => {
  test('is hidden and shown by a button: whoever booked keeps their place, nobody new comes in', async () => {
    const series = await aSeries(manager, await aPlace());
    const [session, other] = await sessionsOf(series);
    const guest = await aBuyer('keeps');
    await book(guest, session!.id);
    const page = `/admin/schedule/${session!.id}`;
    const press = (published: string) =>
      manager.visitor.submit(`/api/yoga/sessions/${session!.id}/publish`, { published }, page);
    expect((await press('no')).to).toBe(page);
    const hidden = await manager.visitor.get(page);
    expect(flashOf(hidden)).toBe('The class is hidden. The one person who booked keeps their place.');
    expect(wordsOf(hidden)).toContain('Customers do not see this class.');
    expect(wordsOf(await manager.visitor.get(`/admin/schedule?week=${session!.on}`))).toContain('Not shown');
    for (const visitor of [new Visitor(), (await aBuyer()).visitor])
      expect((await visitor.get(`/sessions/${session!.id}`)).status).toBe(404);
    expect(said(await book(await aBuyer(), session!.id))).toEqual([404, 'session_not_found']);
    expect((await guest.visitor.get(`/sessions/${session!.id}`)).status).toBe(200);
    const week = (await new Visitor().get(`/schedule?week=${session!.on}`)).text;
    expect(week).not.toContain(`/sessions/${session!.id}`);
    const later = (await new Visitor().get(`/schedule?week=${other!.on}`)).text;
    expect(later).toContain(`/sessions/${other!.id}`);
    expect((await press('yes')).to).toBe(page);
    expect(flashOf(await manager.visitor.get(page))).toBe('The class is shown.');
    expect((await book(await aBuyer(), session!.id)).status).toBe(201);
  });

  test('with a teacher against whom something speaks is put on only when that was read', async () => {
    const [place, other] = [await aPlace(), await aPlace()];
    const facts = { ...once(place, dayAhead(12), '06:30'), instructor_id: other.instructor_id };
    const put = (more: Record<string, string>) =>
      manager.visitor.submit(
        '/api/yoga/sessions',
        { ...facts, ...more, idempotency_key: randomUUID() },
        '/admin/schedule/new',
      );
    const warned = await put({});
    expect([warned.status, wordsOf(warned).includes('This teacher may not teach this class.')]).toEqual([
      409,
      true,
    ]);
    expect(warned.text).toContain('name="despite_warnings"');
    expect((await put({ despite_warnings: 'yes' })).status).toBe(303);
    // A change says it before it is made, and lets it be made.
    const series = await aSeries(manager, place);
    const [session] = await sessionsOf(series);
    const path = `/admin/schedule/${session!.id}/change?scope=one&instructor_id=${other.instructor_id}`;
    expect(wordsOf(await manager.visitor.get(path))).toContain(
      `Teacher ${other.tag} is not on the list of those who teach this class.`,
    );
    expect((await change(manager, session!.id, { instructor_id: other.instructor_id })).status).toBe(200);
  });

  test('that moves takes its line along: who waits is told, keeps their place, and may leave', async () => {
    const series = await aSeries(manager, await aPlace({ seats: 1 }));
    const [session] = await sessionsOf(series);
    const [sits, waits] = [await aBuyer('sits'), await aBuyer('waits')];
    await book(sits, session!.id);
    const joined = await waits.visitor.call('/api/yoga/waitlist', { session_id: session!.id }, key());
    expect(joined.status).toBe(201);
    const looked = await manager.visitor.get(`/admin/schedule/${session!.id}/change?local_start=13:00`);
    expect(wordsOf(looked)).toContain('1 person waits for a place.');
    await change(manager, session!.id, { local_start: '13:00' });
    const letter = await letterTo(waits.email, { subject: 'The class you wait for moves' });
    expect(letter.text).toMatch(/13:00.*09:00[\s\S]*You are still first in line/);
    const left = await waits.visitor.call(`/api/yoga/waitlist/${joined.json.data.entry_id}/leave`, {}, key());
    expect(left.status).toBeLessThan(300);
    expect(
      await sql('select state from booking.waitlist_entries where session_id = $1', [session!.id]),
    ).toEqual([{ state: 'left' }]);
  });

  test('is one event in its member’s calendar, whichever file it came by, and each file is newer than the one before', async () => {
    const series = await aSeries(manager, await aPlace());
    const [session] = await sessionsOf(series);
    const guest = await aBuyer('calendar');
    const made = await guest.visitor.call('/api/yoga/calendars', { owner_kind: 'member' });
    await book(guest, session!.id);
    const [booking] = await sql<{ id: string; order: string }>(
      'select k.id, l.order_id as order from booking.bookings k join sales.order_lines l on l.id = k.order_line_id where k.session_id = $1',
      [session!.id],
    );
    const page = await guest.visitor.get(`/orders/${booking!.order}`);
    const [, orderFile = ''] = /(\/calendars\/[^"']+\.ics)/.exec(page.text) ?? [];
    const eventIn = (file: string) => {
      const value = (name: string) =>
        new RegExp(`^${name}(?:;[^:]*)?:(.*)$`, 'm').exec(
          file.replaceAll('\r\n ', '').replaceAll('\r', ''),
        )?.[1];
      return {
        uid: value('UID'),
        sequence: Number(value('SEQUENCE')),
        status: value('STATUS'),
        starts: value('DTSTART;TZID=Europe/Madrid'),
      };
    };
    const everywhere = async (subject: string) => {
      const letter = await letterTo(guest.email, { subject });
      const files = [
        await attachedTo(letter),
        (await new Visitor().get(made.json.data.path, {})).text,
        (await guest.visitor.get(`/api/yoga/bookings/${booking!.id}/calendar.ics`, {})).text,
        (await new Visitor().get(orderFile, {})).text,
      ].map(eventIn);
      expect(files).toEqual(Array(4).fill(files[0]));
      return files[0]!;
    };
    const versions = [await everywhere("You're in:")];
    await change(manager, session!.id, { local_start: '10:00' });
    versions.push(await everywhere('Changed:'));
    await change(manager, session!.id, { local_start: '11:00' });
    await expect
      .poll(
        async () =>
          (await lettersTo(guest.email)).filter(({ subject }) => subject.startsWith('Changed:')).length,
      )
      .toBe(2);
    versions.push(await everywhere('Changed:'));
    await manager.visitor.call(`/api/yoga/sessions/${session!.id}/cancel`, { reason: '' }, key());
    versions.push(await everywhere('Cancelled:'));
    expect(versions.map(({ uid }) => uid)).toEqual(Array(4).fill(`${booking!.id}@atrium`));
    expect(versions.map(({ status }) => status)).toEqual([...Array(3).fill('CONFIRMED'), 'CANCELLED']);
    expect(versions.map(({ starts }) => starts?.slice(-6))).toEqual(['090000', '100000', '110000', '110000']);
    const numbers = versions.map(({ sequence }) => sequence);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });
});

describe('somebody else’s timetable', () => {
  let series: string;
  let session: string;
  let place: Place;
  beforeAll(async () => {
    place = await aPlace();
    series = await aSeries(manager, place);
    session = (await sessionsOf(series))[0]!.id;
  });
  const pages = () => [
    '/admin/schedule',
    '/admin/schedule/new',
    `/admin/schedule/${session}`,
    `/admin/schedule/${session}/change?scope=one&local_start=10:00`,
    `/admin/schedule/${session}/cancel`,
    `/admin/schedule/series/${series}`,
    `/admin/schedule/series/${series}/end?last_on=${dayAhead(1)}`,
  ];
  const acts = (): [string, object][] => [
    ['/api/yoga/sessions', once(place, dayAhead(40), '05:00')],
    ['/api/yoga/series', { ...once(place, '', '05:00'), on: undefined, weekdays: [1], from_on: dayAhead(1) }],
    [`/api/yoga/sessions/${session}/change`, { local_start: '10:00', effect_hash: '0'.repeat(64) }],
    [`/api/yoga/sessions/${session}/cancel`, { reason: '' }],
    [`/api/yoga/sessions/${session}/publish`, { published: false }],
    [`/api/yoga/series/${series}/skip`, { on_date: dayAhead(7, 1) }],
    [`/api/yoga/series/${series}/unskip`, { on_date: dayAhead(7, 1) }],
    [`/api/yoga/series/${series}/end`, { last_on: dayAhead(1), effect_hash: '0'.repeat(64) }],
  ];

  test.each<[string, () => Promise<Buyer | Visitor>, number, string]>([
    ['a visitor', async () => new Visitor(), 401, 'sign_in_first'],
    ['a member', () => aBuyer(), 403, 'not_your_role'],
    ['the front desk', () => aColleague('front_desk'), 403, 'not_your_role'],
    ['an instructor', () => aColleague('instructor'), 403, 'not_your_role'],
    ['the manager of another business', () => aColleague('manager', barberia), 403, 'not_your_role'],
  ])('is not %s’s to see or change', async (_who, make, status, code) => {
    const made = await make();
    const visitor = made instanceof Visitor ? made : made.visitor;
    for (const path of pages()) {
      const page = await visitor.get(path);
      expect([path, page.status]).toEqual([path, status === 401 ? 303 : 403]);
      expect(page.text).not.toContain(place.tag);
    }
    for (const [path, body] of acts())
      expect([path, ...said(await visitor.call(path, body, key()))]).toEqual([path, status, code]);
    expect(said(await visitor.get(`/api/yoga/sessions/${session}/change?local_start=10:00`, {}))).toEqual([
      status,
      code,
    ]);
  });

  test('does not exist at another business, not even for its own manager', async () => {
    const elsewhere = await aColleague('manager', barberia, inject('stack').barberiaUrl);
    const there = await aPlace({ business: barberia });
    for (const path of pages().slice(2))
      expect([path, (await elsewhere.visitor.get(path)).status]).toEqual([path, 404]);
    for (const [path, body] of acts().slice(2)) {
      const { status, json } = await elsewhere.visitor.call(path, body, key());
      expect([path, status, /_not_found$/.test(json.code)]).toEqual([path, 404, true]);
    }
    // Nor are a room, a teacher or a class of one business anybody's at another.
    for (const [field, code] of [
      ['class_type_id', 'class_not_found'],
      ['room_id', 'room_not_found'],
      ['instructor_id', 'instructor_not_found'],
    ] as const) {
      const facts = { ...once(there, dayAhead(30), '06:00'), [field]: place[field] };
      expect(said(await elsewhere.visitor.call('/api/yoga/sessions', facts, key()))).toEqual([422, code]);
      if (field !== 'class_type_id')
        expect(said(await lookAt(manager, session, { [field]: there[field] }))).toEqual([422, code]);
    }
    expect(
      (await sessionsOf(series)).every(({ state, time }) => state === 'scheduled' && time === '09:00'),
    ).toBe(true);
  });
});

describe('the trail', () => {
  const words = messages('en').schedule.audit;
  // Nobody of the seed: one account may sign in ten times a minute, and others sign in with those.
  let owner: Buyer;
  beforeAll(async () => {
    owner = await aColleague('owner');
  });
  const read = (path = '/admin/audit') => owner.visitor.get(path);

  test('is the owner’s: nobody else reads it', async () => {
    expect((await new Visitor().get('/admin/audit')).to).toBe('/signin?next=%2Fadmin%2Faudit');
    for (const who of [
      manager,
      await aColleague('front_desk'),
      await aColleague('owner', barberia),
      await aBuyer(),
    ])
      expect((await who.visitor.get('/admin/audit')).status).toBe(403);
    const page = await read();
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
    expect((await read('/es/admin/audit')).status).toBe(200);
  });

  test('says who did what, the latest first, act by act and page by page', async () => {
    const place = await aPlace();
    const series = await aSeries(manager, place);
    const page = await read('/admin/audit?act=series_made');
    expect(wordsOf(page)).toContain(series);
    const rows = [...page.text.matchAll(/<tr[^>]*>([\s\S]*?)<\/tr>/g)].map(([, row = '']) => ({
      text: row,
      said: [...row.matchAll(/data-label="(?:Who|What)"[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell = '']) =>
        cell.replaceAll(/<[^>]+>/g, '').trim(),
      ),
    }));
    // Others put series on meanwhile.
    expect(rows.find(({ text }) => text.includes(series))?.said).toEqual(['Manager 1', 'put a series on']);
    expect(new Set(rows.map(({ said: [, what] }) => what).filter(Boolean))).toEqual(
      new Set(['put a series on']),
    );
    await sql(`select audit.note($1, 'told_often', 'test:' || n, '{}') from generate_series(1, 60) n`, [
      lotus,
    ]);
    const first = await read('/admin/audit?act=told_often');
    const [, older = ''] = /href="([^"]*before=\d+[^"]*)"/.exec(first.text) ?? [];
    const second = await read(older.replaceAll('&amp;', '&').replaceAll('&#38;', '&'));
    const shown = (reply: Reply) =>
      new Set([...reply.text.matchAll(/<code>(test:\d+)<\/code>/g)].map(([, about]) => about));
    expect([
      shown(first).size,
      shown(first).has('test:60'),
      shown(second).size,
      shown(second).has('test:1'),
    ]).toEqual([50, true, 10, true]);
  });

  test('is read again as a whole when its owner asks, and says when it was', async () => {
    const { visitor } = owner;
    expect((await manager.visitor.call('/api/admin/audit/check', {})).status).toBe(403);
    const asked = await visitor.call('/api/admin/audit/check', {});
    expect([asked.status, asked.json.data]).toEqual([202, { queued: true }]);
    await expect
      .poll(async () => wordsOf(await visitor.get('/admin/audit')))
      .toMatch(/All \d+ lines were read/);
    const checks = wordsOf(await visitor.get('/admin/audit?act=trail_checked'));
    expect(checks).toContain(words.acts.trail_checked);
    const pressed = await visitor.submit('/api/admin/audit/check', {}, '/admin/audit');
    expect([pressed.status, pressed.to]).toEqual([303, '/admin/audit']);
    const page = await visitor.get('/admin/audit');
    expect(flashOf(page)).toBe(words.checking);
    expect(wordsOf(page)).toContain(words.whole);
  });

  test('is said to be broken where somebody changed a line of it, or took one out, behind its back', async () => {
    const { visitor } = await signedIn(people.ownerElsewhere, inject('stack').barberiaUrl);
    await sql(`select audit.note($1, 'told_twice', 'test:' || n, '{}') from generate_series(1, 3) n`, [
      barberia,
    ]);
    const whole = wordsOf(await visitor.get('/admin/audit'));
    expect(whole).toContain('El registro está entero');
    const lines = await sql<{ id: string }>(
      `select id from audit.events where business_id = $1 and act = 'told_twice' order by id`,
      [barberia],
    );
    const middle = lines[1]?.id;
    // Only who owns the server can do this, and puts it back. The table is not locked for it: others write meanwhile.
    const db = new pg.Client({ connectionString: inject('stack').adminUrl });
    await db.connect();
    onTestFinished(() => db.end());
    const behind = async (act: string, value: unknown) => {
      await db.query('begin');
      await db.query('set local session_replication_role = replica');
      const { rows } = await db.query<{ line: object }>(act, [value]);
      await db.query('commit');
      return rows;
    };
    const rename = (about: string) =>
      behind(`update audit.events set about = '${about}' where id = $1`, middle);
    const read = async () => wordsOf(await visitor.get('/admin/audit'));
    await rename('test:9');
    const changed = await read().finally(() => rename('test:2'));
    const [taken] = await behind(
      'delete from audit.events e where id = $1 returning to_jsonb(e) as line',
      middle,
    );
    const missing = await read().finally(() =>
      behind(
        'insert into audit.events overriding system value select * from jsonb_populate_record(null::audit.events, $1::jsonb)',
        taken?.line,
      ),
    );
    expect(changed).toMatch(/1 línea no encaja.*told twice/);
    expect(missing).toMatch(/1 línea no encaja/);
    expect(wordsOf(await visitor.get('/admin/audit'))).toContain('El registro está entero');
  });
});
