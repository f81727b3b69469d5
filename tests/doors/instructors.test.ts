import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { aClass, barberia, findings, lotus, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, book, flashOf, wordsOf } from './buyer.ts';
import { type Reply, Visitor, letterTo } from './visitor.ts';
import { strictly } from '../booking/strict-ics.ts';

const said = ({ status, json }: Reply): unknown[] => [status, json?.code];
const json = { accept: 'application/json' };

interface Teacher extends Buyer {
  instructor: string;
  slug: string;
  business: string;
}

/** Somebody who teaches, at Lotus & Bean unless told, under a profile of their own, and signs in there. */
async function aTeacher(name = 'Teacher', business = lotus, site?: string): Promise<Teacher> {
  const person = await aColleague('instructor', business, site);
  const slug = `d-${randomUUID().slice(0, 12)}`;
  const [made] = await sql<{ id: string }>(
    'insert into booking.instructors (business_id, slug, name, user_id, published) values ($1, $2, $3, $4, false) returning id',
    [business, slug, `${name} ${slug}`, person.id],
  );
  return { ...person, instructor: made?.id ?? '', slug, business };
}

/** A class of theirs, which the others may teach too. */
async function classOf(teacher: Teacher, ...others: Teacher[]): Promise<string> {
  const { business } = teacher;
  const session = await aClass({ price: 0, business });
  await sql('update booking.sessions set instructor_id = $2 where id = $1', [session, teacher.instructor]);
  for (const { instructor } of [teacher, ...others]) {
    await sql(
      `insert into booking.qualifications (business_id, instructor_id, class_type_id) select $1, $2, class_type_id from booking.sessions where id = $3`,
      [business, instructor, session],
    );
  }
  return session;
}

afterEach(async () => expect(await findings()).toEqual([]));

describe('a teacher who cannot come', () => {
  test('asks, a colleague takes the class, and everyone concerned is told once', async () => {
    const [asks, takes, slow] = [await aTeacher('Asks'), await aTeacher('Takes'), await aTeacher('Slow')];
    const session = await classOf(asks, takes, slow);
    const guest = await aBuyer('guest');
    await book(guest, session);
    const page = await asks.visitor.get(`/teach/classes/${session}`);
    expect(wordsOf(page)).toContain('Guest 1');
    const asked = await asks.visitor.submit(
      '/api/yoga/substitutions',
      { session_id: session, reason: 'My train is late' },
      `/teach/classes/${session}`,
    );
    expect([asked.status, asked.to]).toEqual([303, '/teach/substitutions']);
    expect(flashOf(await asks.visitor.get('/teach/substitutions'))).toBe('We have asked 2 colleagues.');
    const offers = wordsOf(await takes.visitor.get('/teach/substitutions'));
    expect(offers).toContain('My train is late');
    const [request] = await sql<{ id: string }>(
      'select id from booking.substitutions where session_id = $1',
      [session],
    );
    const door = `/api/yoga/substitutions/${request?.id}`;
    expect(said(await asks.visitor.call(`${door}/accept`, {}))).toEqual([409, 'own_substitution']);
    const taken = await takes.visitor.submit(`${door}/accept`, {}, '/teach/substitutions');
    expect([taken.status, taken.to]).toEqual([303, '/teach/substitutions']);
    expect(said(await slow.visitor.call(`${door}/accept`, {}))).toEqual([409, 'substitution_taken']);
    expect((await takes.visitor.call(`${door}/accept`, {})).json.data.state).toBe('filled');
    // The page everybody sees has the new teacher at once.
    expect(wordsOf(await new Visitor().get(`/sessions/${session}`))).toContain(`Takes ${takes.slug}`);
    expect((await asks.visitor.get(`/teach/classes/${session}`)).status).toBe(404);
    expect(wordsOf(await takes.visitor.get('/teach'))).toContain('1 of 10 coming');
    const letter = await letterTo(takes.email, { subject: 'You teach' });
    expect(letter.text).toContain(`Asks ${asks.slug}`);
    expect(
      await sql(
        `select count(*)::int as n from messages.emails where template = 'substitute_teacher' and to_address = $1`,
        [guest.email],
      ),
    ).toEqual([{ n: 1 }]);
  });

  test('is refused what is not theirs to ask', async () => {
    const [teacher, other] = [await aTeacher(), await aTeacher()];
    const session = await classOf(teacher);
    const ask = (visitor: Visitor, session_id: string) =>
      visitor.call('/api/yoga/substitutions', { session_id });
    expect(said(await ask(other.visitor, session))).toEqual([404, 'session_not_found']);
    expect(said(await ask((await aBuyer()).visitor, session))).toEqual([403, 'not_your_role']);
    expect(said(await ask(new Visitor(), session))).toEqual([401, 'sign_in_first']);
    expect(said(await ask((await aColleague('owner', barberia)).visitor, session))).toEqual([
      403,
      'not_your_role',
    ]);
    const mine = await ask(teacher.visitor, session);
    expect(mine.status).toBe(201);
    expect(said(await ask(teacher.visitor, session))).toEqual([409, 'substitute_asked_before']);
  });

  test('a manager who wants to decides who takes it', async () => {
    // Where nobody else asks: how substitutes are found is the whole business's rule.
    const site = inject('stack').barberiaUrl;
    const manager = await aColleague('manager', barberia, site);
    const [asks, takes] = [await aTeacher('Asks', barberia, site), await aTeacher('Takes', barberia, site)];
    const session = await classOf(asks, takes);
    const rule = (needs_approval: boolean) =>
      manager.visitor.call('/api/yoga/substitutions/rules', {
        head_start_hours: 24,
        short_head_start_hours: 4,
        needs_approval,
      });
    expect((await rule(true)).status).toBe(200);
    onTestFinished(async () => void (await rule(false)));
    const { json: request } = await asks.visitor.call('/api/yoga/substitutions', { session_id: session });
    const door = `/api/yoga/substitutions/${request.data.substitution_id}`;
    expect((await takes.visitor.call(`${door}/accept`, {})).json.data.state).toBe('accepted');
    expect(said(await takes.visitor.call(`${door}/decide`, { decision: 'yes' }))).toEqual([
      403,
      'not_your_role',
    ]);
    expect(wordsOf(await manager.visitor.get('/en/admin/instructors'))).toContain(
      `Takes ${takes.slug} would take it from Asks ${asks.slug}`,
    );
    const decided = await manager.visitor.submit(`${door}/decide`, { decision: 'yes' }, '/admin/instructors');
    expect([decided.status, decided.to]).toEqual([303, '/admin/instructors']);
    expect(said(await manager.visitor.call(`${door}/decide`, { decision: 'no' }))).toEqual([
      409,
      'substitution_not_waiting',
    ]);
  });
});

describe('a colleague who was asked', () => {
  test('may say no, and may have become busy since; who asked may do without', async () => {
    const [asks, takes, no] = [await aTeacher('Asks'), await aTeacher('Takes'), await aTeacher('No')];
    const session = await classOf(asks, takes, no);
    const preferred = `/api/yoga/instructors/${asks.instructor}/substitutes`;
    expect(said(await takes.visitor.call(preferred, { substitute_ids: [no.instructor] }))).toEqual([
      404,
      'instructor_not_found',
    ]);
    const kept = await asks.visitor.submit(preferred, { substitute_ids: takes.instructor }, '/teach/hours');
    expect(kept.status).toBe(303);
    const { json: request } = await asks.visitor.call('/api/yoga/substitutions', { session_id: session });
    const door = `/api/yoga/substitutions/${request.data.substitution_id}`;
    // Whoever was named first is asked first.
    expect(said(await no.visitor.call(`${door}/accept`, {}))).toEqual([409, 'substitution_head_start']);
    const mine = async (who: Buyer) => (await who.visitor.get('/api/yoga/substitutions', json)).json.data;
    expect((await mine(takes)).offers.map((offer: { session_id: string }) => offer.session_id)).toContain(
      session,
    );

    const [at] = await sql<{ starts_at: string }>('select starts_at from booking.sessions where id = $1', [
      session,
    ]);
    const other = await aClass({ price: 0 });
    await sql(
      `update booking.sessions set instructor_id = $2, starts_at = $3, ends_at = $3::timestamptz + interval '1 hour' where id = $1`,
      [other, takes.instructor, at?.starts_at],
    );
    const busy = await takes.visitor.submit(`${door}/accept`, {}, '/teach/substitutions');
    expect([busy.status, wordsOf(busy).includes('This teacher has another class at that time.')]).toEqual([
      409,
      true,
    ]);
    expect(wordsOf(busy)).toContain('You teach another class then.');
    expect((await takes.visitor.submit(`${door}/decline`, {}, '/teach/substitutions')).status).toBe(303);
    expect((await mine(asks)).asked[0]).toMatchObject({ session_id: session, state: 'open', declined: 1 });

    expect(said(await takes.visitor.call(`${door}/withdraw`, {}))).toEqual([404, 'substitution_not_found']);
    expect((await asks.visitor.submit(`${door}/withdraw`, {}, '/teach/substitutions')).status).toBe(303);
    expect(said(await no.visitor.call(`${door}/accept`, {}))).toEqual([409, 'substitution_closed']);
    const own = await asks.visitor.get('/api/yoga/instructors/classes', json);
    expect(own.json.data.map((one: { session_id: string }) => one.session_id)).toEqual([session]);
    expect(said(await (await aBuyer()).visitor.get('/api/yoga/instructors/classes', json))).toEqual([
      403,
      'not_your_role',
    ]);
  });

  test('has nothing to do with any of it where they are nobody’s teacher', async () => {
    const member = await aBuyer();
    const unlinked = await aColleague('instructor');
    for (const path of ['/teach', '/teach/substitutions', '/teach/hours', '/teach/pay', '/teach/calendar']) {
      expect([path, (await new Visitor().get(path)).status]).toEqual([path, 303]);
      expect([path, (await member.visitor.get(path)).status]).toEqual([path, 403]);
    }
    expect(wordsOf(await unlinked.visitor.get('/teach'))).toContain('No teacher’s profile is linked');
    for (const path of [
      '/admin/instructors',
      '/admin/instructors/new',
      '/admin/pay',
      '/admin/pay/rates',
      '/admin/calendars',
    ])
      expect([path, (await unlinked.visitor.get(path)).status]).toEqual([path, 403]);
    expect(said(await unlinked.visitor.get('/api/yoga/calendars/house', json))).toEqual([
      403,
      'not_your_role',
    ]);
  });
});

describe('time off', () => {
  test('is asked for in days of the studio, decided by a manager, and shows which classes need somebody', async () => {
    const manager = await aColleague('manager');
    const teacher = await aTeacher('Away');
    const session = await classOf(teacher);
    const [at] = await sql<{ day: string }>(
      `select to_char(starts_at at time zone 'Europe/Madrid', 'YYYY-MM-DD') as day from booking.sessions where id = $1`,
      [session],
    );
    const day = at?.day ?? '';
    const door = '/api/yoga/instructors/time-off';
    const wrong = await teacher.visitor.submit(door, { from: day, until: '2020-01-01' }, '/teach/hours');
    expect([wrong.status, wordsOf(wrong).includes('The end comes after the beginning.')]).toEqual([
      422,
      true,
    ]);
    const asked = await teacher.visitor.call(door, { from: day, until: day, reason: 'A wedding' });
    expect([asked.status, asked.json.data.classes]).toEqual([201, 1]);
    expect(said(await teacher.visitor.call(door, { from: day, until: day }))).toEqual([
      409,
      'time_off_overlaps',
    ]);
    const board = wordsOf(await manager.visitor.get('/admin/instructors'));
    expect(board).toContain(`Away ${teacher.slug} asks for time off`);
    const decide = `${door}/${asked.json.data.time_off_id}/decide`;
    expect(said(await teacher.visitor.call(decide, { decision: 'yes' }))).toEqual([403, 'not_your_role']);
    const granted = await manager.visitor.submit(
      decide,
      { decision: 'yes', answer: 'Have fun' },
      '/admin/instructors',
    );
    expect(granted.to).toBe('/admin/instructors');
    expect(flashOf(await manager.visitor.get('/admin/instructors'))).toContain('1 class in it');
    expect(wordsOf(await teacher.visitor.get('/teach/hours'))).toContain('needs a substitute');
    expect((await letterTo(teacher.email, { subject: 'granted' })).text).toContain('Have fun');
    expect(
      said(
        await manager.visitor.call('/api/yoga/substitutions/assign', {
          session_id: session,
          instructor_id: teacher.instructor,
        }),
      ),
    ).toEqual([409, 'own_substitution']);
    expect(
      said(await (await aTeacher()).visitor.call(`${door}/${asked.json.data.time_off_id}/withdraw`, {})),
    ).toEqual([404, 'time_off_not_found']);
    expect(
      (await teacher.visitor.call(`${door}/${asked.json.data.time_off_id}/withdraw`, {})).json.data.state,
    ).toBe('withdrawn');
  });

  test('weekly hours come from the form as they were filled in', async () => {
    const teacher = await aTeacher();
    const door = `/api/yoga/instructors/${teacher.instructor}/hours`;
    const fields = { from_1_1: '09:00', until_1_1: '12:00', from_1_2: '17:00', until_1_2: '00:00' };
    expect((await teacher.visitor.submit(door, fields, '/teach/hours')).to).toBe('/teach/hours');
    const { data } = (await teacher.visitor.get('/api/yoga/instructors/time-off', json)).json;
    expect(data.hours).toEqual([
      { weekday: 1, from: '09:00', until: '12:00' },
      { weekday: 1, from: '17:00', until: '24:00' },
    ]);
    const backwards = await teacher.visitor.submit(
      door,
      { from_3_1: '12:00', until_3_1: '09:00' },
      '/teach/hours',
    );
    expect([backwards.status, backwards.text.includes('value="12:00"')]).toEqual([422, true]);
    const other = await aTeacher();
    expect(said(await other.visitor.call(door, { hours: [] }))).toEqual([404, 'instructor_not_found']);
    expect((await teacher.visitor.call(door, { hours: [] })).status).toBe(200);
  });
});

describe('a profile', () => {
  test('is made, changed, qualified and taken down by managers only', async () => {
    const manager = await aColleague('manager');
    const name = `Rosa Núñez ${randomUUID().slice(0, 6)}`;
    const fields = { name, title_en: 'Breath', title_es: 'Respiración', published: 'yes' };
    expect(said(await (await aTeacher()).visitor.call('/api/yoga/instructors', fields))).toEqual([
      403,
      'not_your_role',
    ]);
    const made = await manager.visitor.submit('/api/yoga/instructors', fields, '/admin/instructors/new');
    const [, id] = /^\/admin\/instructors\/([0-9a-f-]{36})$/.exec(made.to ?? '') ?? [];
    expect(made.status).toBe(303);
    const slug = name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(' ', '-');
    const [type] = await sql<{ id: string }>(`select id from booking.class_types where slug = 'candle-yin'`);
    const door = `/api/yoga/instructors/${id}`;
    await manager.visitor.submit(
      `${door}/qualifications`,
      { class_type_ids: type?.id ?? '' },
      `/admin/instructors/${id}`,
    );
    const page = await new Visitor().get(`/instructors/${slug}`);
    expect([page.status, wordsOf(page).includes('Candlelight Yin')]).toEqual([200, true]);
    expect(wordsOf(await new Visitor().get(`/es/instructors/${slug}`))).toContain('Respiración');
    const twice = await manager.visitor.call('/api/yoga/instructors', fields);
    expect([twice.status, twice.json.code, Object.keys(twice.json.details.fields)]).toEqual([
      409,
      'instructor_slug_taken',
      ['slug'],
    ]);
    expect(
      (await manager.visitor.submit(door, { ...fields, slug, published: '' }, `/admin/instructors/${id}`))
        .status,
    ).toBe(303);
    expect((await manager.visitor.get(`/api/yoga/instructors/${slug}`, json)).status).toBe(404);
  });
});

describe('pay', () => {
  test('says what each class earned and why, as a page, a file and to the one who earned it', async () => {
    const manager = await aColleague('manager');
    const teacher = await aTeacher('Paid');
    const session = await aClass({ price: 0, startsIn: '-30 hours' });
    await sql('update booking.sessions set instructor_id = $2 where id = $1', [session, teacher.instructor]);
    await sql(
      `with m as (insert into members.members (business_id, name, email) select $1, 'Sitter', gen_random_uuid() || '@example.test' from generate_series(1, 10) returning id),
         seats as (update booking.sessions set seats_taken = 10 where id = $2)
       insert into booking.bookings (business_id, session_id, member_id, state, starts_at, free_cancel_until, late_refund_percent)
       select $1, s.id, m.id, 'checked_in', s.starts_at, s.starts_at, 0 from m, booking.sessions s where s.id = $2`,
      [lotus, session],
    );
    const [at] = await sql<{ day: string; week: string }>(
      `select to_char(starts_at at time zone 'Europe/Madrid', 'YYYY-MM-DD') as day, to_char(starts_at at time zone 'Europe/Madrid' - interval '6 days', 'YYYY-MM-DD') as week from booking.sessions where id = $1`,
      [session],
    );
    const rule = {
      instructor_id: teacher.instructor,
      valid_from: at?.week ?? '',
      base: '30.00',
      over_1: '8',
      per_head_1: '2',
    };
    const added = await manager.visitor.submit('/api/yoga/pay/rules', rule, '/admin/pay/rates');
    expect([added.status, added.to]).toEqual([303, '/admin/pay/rates']);
    expect(wordsOf(await manager.visitor.get('/admin/pay/rates'))).toContain(
      '€30.00 base, €2.00 a head over 8',
    );
    const again = await manager.visitor.call('/api/yoga/pay/rules', { ...rule, base_cents: 100 });
    expect([again.status, again.json.code]).toEqual([409, 'pay_rule_overlaps']);
    const query = `?from=${at?.day}&until=${at?.day}`;
    const line = '€30.00 base + 2 × €2.00 over 8 heads = €34.00';
    expect(wordsOf(await manager.visitor.get(`/admin/pay${query}`))).toContain(line);
    expect(wordsOf(await teacher.visitor.get(`/teach/pay${query}`))).toContain(line);
    const file = await manager.visitor.get(`/api/yoga/pay/report.csv${query}`, {});
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(file.text.split('\r\n').find((row) => row.startsWith(`Paid ${teacher.slug}`))).toContain(
      ',34.00,EUR,',
    );
    // Only one's own, and only what one may.
    const other = await aTeacher();
    expect((await other.visitor.get(`/api/yoga/pay/mine${query}`, json)).json.data).toEqual([]);
    for (const path of [
      `/api/yoga/pay${query}`,
      `/api/yoga/pay/report.csv${query}`,
      '/api/yoga/pay/rules',
      '/api/yoga/pay/runs',
    ])
      expect([path, ...said(await teacher.visitor.get(path, json))]).toEqual([path, 403, 'not_your_role']);
    expect(said(await teacher.visitor.call('/api/yoga/pay/runs', { from: at?.day, until: at?.day }))).toEqual(
      [403, 'not_your_role'],
    );
    expect(
      said(await manager.visitor.call('/api/yoga/pay/runs', { from: at?.day, until: '2999-01-01' })),
    ).toEqual([422, 'pay_period_invalid']);
    expect(
      wordsOf(
        await manager.visitor.submit('/api/yoga/pay/rules', { ...rule, base: 'much' }, '/admin/pay/rates'),
      ),
    ).toContain('This is not an amount.');
  });
});

describe('a calendar', () => {
  /** Lines put together again where they were folded. */
  const linesOf = (text: string): string[] => text.replaceAll('\r\n ', '').split('\r\n');
  let member: Buyer;
  let address: string;
  let feed: string;
  beforeAll(async () => {
    member = await aBuyer('calendar');
    const { json: made } = await member.visitor.call('/api/yoga/calendars', { owner_kind: 'member' });
    feed = made.data.feed_id;
    address = made.data.path;
  });

  test('follows a booking: its hour on the wall, its change of teacher, its cancellation', async () => {
    const program = new Visitor();
    const session = await aClass({ price: 0 });
    await book(member, session);
    const [at] = await sql<{ wall: string }>(
      `select to_char(starts_at at time zone 'Europe/Madrid', 'YYYYMMDD"T"HH24MISS') as wall from booking.sessions where id = $1`,
      [session],
    );
    const first = await program.get(address, {});
    expect([first.status, first.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
    expect(linesOf(first.text)).toEqual(
      expect.arrayContaining([
        `DTSTART;TZID=Europe/Madrid:${at?.wall}`,
        'SEQUENCE:0',
        'STATUS:CONFIRMED',
        'BEGIN:VTIMEZONE',
      ]),
    );
    expect(strictly(first.text).events).toMatchObject([{ start: at?.wall, status: 'CONFIRMED' }]);
    const etag = first.headers.get('etag') ?? '';
    expect((await program.get(address, { 'if-none-match': etag })).status).toBe(304);
    const [manager, teacher] = [await aColleague('manager'), await aTeacher('Stands in')];
    await sql(
      `insert into booking.qualifications (business_id, instructor_id, class_type_id) select $1, $2, class_type_id from booking.sessions where id = $3`,
      [lotus, teacher.instructor, session],
    );
    await manager.visitor.call('/api/yoga/substitutions/assign', {
      session_id: session,
      instructor_id: teacher.instructor,
    });
    const second = await program.get(address, { 'if-none-match': etag });
    expect([
      second.status,
      second.text.includes('Stands in'),
      linesOf(second.text).includes('SEQUENCE:1'),
    ]).toEqual([200, true, true]);
    const { json: mine } = await member.visitor.get('/api/yoga/bookings', json);
    await member.visitor.call(
      `/api/yoga/bookings/${mine.data[0].booking_id}/cancel`,
      {},
      { 'idempotency-key': randomUUID() },
    );
    expect(linesOf((await program.get(address, {})).text)).toEqual(
      expect.arrayContaining(['STATUS:CANCELLED', 'SEQUENCE:2']),
    );
  });

  test('opens nothing elsewhere, and nothing once it is taken back', async () => {
    const other = await aBuyer('other');
    expect((await new Visitor(inject('stack').barberiaUrl).get(address, {})).status).toBe(404);
    expect(said(await other.visitor.call('/api/yoga/calendars/revoke', { feed_id: feed }))).toEqual([
      404,
      'calendar_not_found',
    ]);
    expect(
      said(await other.visitor.call('/api/yoga/calendars', { owner_kind: 'room', owner_id: randomUUID() })),
    ).toEqual([403, 'not_your_role']);
    expect(said(await other.visitor.call('/api/yoga/calendars', { owner_kind: 'instructor' }))).toEqual([
      403,
      'not_your_role',
    ]);
    expect((await member.visitor.call('/api/yoga/calendars/revoke', { feed_id: feed })).status).toBe(200);
    expect((await new Visitor().get(address, {})).status).toBe(404);
    expect((await new Visitor().get(`/calendars/${'x'.repeat(32)}.ics`, {})).status).toBe(404);
  });

  test('is shown once on the page it was made on, in the reader’s language', async () => {
    const { visitor } = await aBuyer('shown');
    const made = await visitor.submit(
      '/api/yoga/calendars',
      { owner_kind: 'member' },
      '/es/account/calendar',
    );
    const [, path] = /value="https?:[^"]*(\/calendars\/[\w-]{32}\.ics)"/.exec(made.text) ?? [];
    expect([made.status, wordsOf(made).includes('Tu dirección nueva')]).toEqual([201, true]);
    expect((await new Visitor().get(path ?? '', {})).text).toContain('BEGIN:VCALENDAR');
    const later = await visitor.get('/es/account/calendar');
    expect([/\/calendars\/[\w-]{32}/.test(later.text), wordsOf(later).includes('Creada el')]).toEqual([
      false,
      true,
    ]);
  });

  test('a room’s and a teacher’s are made by managers, and have what is on there', async () => {
    const manager = await aColleague('manager');
    const session = await aClass({ price: 0 });
    const [at] = await sql<{ room_id: string; instructor_id: string }>(
      'select room_id, instructor_id from booking.sessions where id = $1',
      [session],
    );
    for (const [owner_kind, owner_id] of [
      ['room', at?.room_id],
      ['instructor', at?.instructor_id],
    ]) {
      const { json: made } = await manager.visitor.call('/api/yoga/calendars', { owner_kind, owner_id });
      const file = await new Visitor().get(made.data.path, {});
      expect([
        owner_kind,
        linesOf(file.text).filter((line) => line === `UID:${session}@atrium`).length,
      ]).toEqual([owner_kind, 1]);
      await sql(`update booking.sessions set state = 'cancelled' where id = $1`, [session]);
      const cancelled = strictly((await new Visitor().get(made.data.path, {})).text);
      expect(cancelled.events).toMatchObject([{ uid: `${session}@atrium`, status: 'CANCELLED' }]);
    }
  });

  test('shows a class once, however many come along, and until the last of them is given up', async () => {
    const buyer = await aBuyer('brings');
    const session = await aClass({ price: 0 });
    const made = await buyer.visitor.call('/api/yoga/calendars', { owner_kind: 'member' });
    const read = async () => strictly((await new Visitor().get(made.json.data.path, {})).text).events;
    expect(await read()).toEqual([]);
    const booked = await buyer.visitor.call(
      '/api/yoga/bookings',
      {
        session_id: session,
        participants: [{ person_id: 'me' }, { guest_name: 'Noa' }, { guest_name: 'Leo' }],
      },
      { 'idempotency-key': randomUUID() },
    );
    expect(booked.status).toBe(201);
    expect(await read()).toMatchObject([{ status: 'CONFIRMED' }]);
    const mine = await sql<{ id: string }>(
      'select id from booking.bookings where session_id = $1 order by guest_name nulls first',
      [session],
    );
    for (const { id } of mine) {
      expect(await read()).toMatchObject([{ status: 'CONFIRMED' }]);
      await buyer.visitor.call(`/api/yoga/bookings/${id}/cancel`, {}, { 'idempotency-key': randomUUID() });
    }
    expect(await read()).toMatchObject([{ status: 'CANCELLED' }]);
  });

  test('of one booking is there also while its class is not shown to customers', async () => {
    const buyer = await aBuyer('hidden');
    const session = await aClass({ price: 0 });
    await book(buyer, session);
    const { json: mine } = await buyer.visitor.get('/api/yoga/bookings', json);
    await sql(
      `update booking.class_types t set published = false from booking.sessions s where s.class_type_id = t.id and s.id = $1`,
      [session],
    );
    const door = `/api/yoga/bookings/${mine.data[0].booking_id}`;
    expect((await buyer.visitor.get(`${door}/calendar.ics`, {})).status).toBe(200);
    await buyer.visitor.call(`${door}/cancel`, {}, { 'idempotency-key': randomUUID() });
    const file = await buyer.visitor.get(`${door}/calendar.ics`, {});
    expect([file.status, file.text.includes('STATUS:CANCELLED')]).toEqual([200, true]);
  });
});
