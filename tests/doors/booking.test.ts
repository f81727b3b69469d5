import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, barberia, findings, seatsOf, sql } from '../world.ts';
import {
  type Buyer,
  aBuyer,
  aColleague,
  book,
  endHold,
  flashOf,
  orderNow,
  placedOrder,
  signedIn,
  wordsOf,
} from './buyer.ts';
import { aPlace, aSeries, dayAhead, sessionsOf } from './place.ts';
import { type Reply, Visitor, letterTo } from './visitor.ts';

const m = messages('en');

afterEach(async () => expect(await findings()).toEqual([]));

const mine = async ({ visitor }: Buyer, query = '') =>
  (await visitor.get(`/api/yoga/bookings${query}`, {})).json as {
    data: { booking_id: string; session_id: string; state: string; order_id: string }[];
    page: { next: string | null; total: number | null };
  };
const change = (session: string, what: string) =>
  sql(`update booking.sessions set ${what} where id = $1`, [session]);
const classSlug = async (session: string) =>
  (
    await sql<{ slug: string }>(
      'select t.slug from booking.class_types t join booking.sessions s on s.class_type_id = t.id where s.id = $1',
      [session],
    )
  )[0]?.slug ?? '';

describe('booking a class', () => {
  test('that costs nothing is done at once, and shows wherever the member looks', async () => {
    const session = await aClass({ price: 0, seats: 4 });
    const buyer = await aBuyer();
    const { status, json } = await book(buyer, session);
    expect([status, json.data]).toMatchObject([201, { state: 'paid', total_cents: 0, payment_url: null }]);
    expect(await orderNow(json.data.order_id)).toMatchObject({
      seats: ['confirmed'],
      emails: { order_confirmed: 1 },
      sales: 0,
    });
    const { data } = await mine(buyer);
    expect(data).toMatchObject([{ session_id: session, state: 'confirmed', order_id: json.data.order_id }]);
    const slug = await classSlug(session);
    expect((await buyer.visitor.get('/account/bookings')).text).toContain(
      `/account/bookings/${data[0]?.booking_id}/cancel`,
    );
    expect(wordsOf(await buyer.visitor.get(`/sessions/${session}`))).toContain(m.booking.act.booked);
    // Around its beginning only: the timetable has an end, and a whole run puts many classes on.
    const [at] = await sql<{ starts_at: Date }>('select starts_at from booking.sessions where id = $1', [
      session,
    ]);
    const from = at!.starts_at;
    const until = new Date(from.getTime() + 1000);
    const [seen] = (
      await new Visitor().get(
        `/api/yoga/classes?class=${slug}&from=${from.toISOString()}&until=${until.toISOString()}`,
        {},
      )
    ).json.data;
    expect(seen).toMatchObject({ session_id: session, seats_left: 3, capacity: 4 });
    // What everybody may read tells nobody who booked.
    expect(seen).not.toHaveProperty('my_booking_id');
  });

  test('that costs something holds the seat and says where to pay; the same key asks for it once', async () => {
    const session = await aClass({ price: 1600, seats: 1 });
    const buyer = await aBuyer();
    const key = randomUUID();
    const replies = await Promise.all(Array.from({ length: 6 }, () => book(buyer, session, key)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    expect(replies[0]?.json.data).toMatchObject({
      state: 'placed',
      total_cents: 1600,
      currency: 'EUR',
      payment_url: expect.stringContaining('/c/pay/'),
    });
    expect(await seatsOf(session)).toEqual({ taken: 1, capacity: 1, states: { held: 1 } });
    const another = await book(buyer, await aClass(), key);
    expect([another.status, another.json.code]).toEqual([422, 'idempotency_key_reused']);
  });

  test('by a form works as well', async () => {
    const session = await aClass({ price: 0 });
    const { visitor } = await aBuyer();
    const sent = await visitor.submit(
      '/api/yoga/bookings',
      { session_id: session, idempotency_key: randomUUID() },
      `/sessions/${session}`,
    );
    expect([sent.status, sent.to]).toEqual([303, expect.stringMatching(/^\/orders\/[0-9a-f-]{36}$/)]);
    expect(wordsOf(await visitor.get(sent.to ?? ''))).toContain(m.sales.order.heads.paid);
  });

  test('asks to sign in first, and comes back', async () => {
    const session = await aClass();
    const nobody = new Visitor();
    const program = await nobody.call(
      '/api/yoga/bookings',
      { session_id: session },
      { 'idempotency-key': randomUUID() },
    );
    expect([program.status, program.json.code]).toEqual([401, 'sign_in_first']);
    const form = await nobody.submit(
      '/api/yoga/bookings',
      { session_id: session, idempotency_key: randomUUID() },
      `/sessions/${session}`,
    );
    expect([form.status, form.to]).toEqual([
      303,
      `/signin?next=${encodeURIComponent(`/sessions/${session}`)}`,
    ]);
    expect(flashOf(await nobody.get(form.to ?? ''))).toBe(m.refusals.sign_in_first);
    expect(await seatsOf(session)).toMatchObject({ taken: 0, states: {} });
  });

  test.each([
    [
      'has begun',
      409,
      'session_past',
      `starts_at = now() - interval '1 minute', ends_at = now() + interval '1 hour'`,
    ],
    ['was cancelled', 409, 'session_cancelled', `state = 'cancelled'`],
    [
      'opens later',
      409,
      'booking_not_open',
      `starts_at = now() + interval '100 days', ends_at = now() + interval '101 days'`,
    ],
  ])('that %s is refused', async (_why, status, code, what) => {
    const session = await aClass();
    await change(session, what);
    const buyer = await aBuyer();
    const refused = await book(buyer, session);
    expect([refused.status, refused.json.code]).toEqual([status, code]);
    const form = await buyer.visitor.submit(
      '/api/yoga/bookings',
      { session_id: session, idempotency_key: randomUUID() },
      `/sessions/${session}`,
    );
    expect([form.status, wordsOf(form).includes(refused.json.error)]).toEqual([status, true]);
    expect(await seatsOf(session)).toMatchObject({ taken: 0, states: {} });
    expect(await mine(buyer)).toMatchObject({ data: [] });
  });

  test('that is not shown, closed, elsewhere or nowhere is refused', async () => {
    const [hidden, closed] = [await aClass(), await aClass({ startsIn: '3 days' })];
    await sql('update booking.class_types set published = false where slug = $1', [await classSlug(hidden)]);
    await sql('update booking.class_types set closes_minutes_before = 10080 where slug = $1', [
      await classSlug(closed),
    ]);
    const buyer = await aBuyer();
    for (const [session, status, code] of [
      [hidden, 404, 'session_not_found'],
      [closed, 409, 'booking_closed'],
      [await aClass({ business: barberia }), 404, 'session_not_found'],
      [randomUUID(), 404, 'session_not_found'],
    ] as const) {
      const refused = await book(buyer, session);
      expect([refused.status, refused.json.code]).toEqual([status, code]);
    }
    expect(
      await sql(
        `select 1 from sales.orders o join members.members m on m.id = o.member_id where m.user_id = $1`,
        [buyer.id],
      ),
    ).toEqual([]);
  });

  test('twice, or another one at that hour, is refused', async () => {
    const buyer = await aBuyer();
    const [session, same, after] = [
      await aClass({ startsIn: '9 days', price: 0 }),
      await aClass({ startsIn: '9 days 59 minutes', price: 0 }),
      await aClass({ startsIn: '9 days 61 minutes', price: 0 }),
    ];
    expect((await book(buyer, session)).status).toBe(201);
    const again = await book(buyer, session);
    expect([again.status, again.json.code]).toEqual([409, 'already_booked']);
    const overlap = await book(buyer, same);
    expect([overlap.status, overlap.json.code]).toEqual([409, 'overlapping_booking']);
    expect(overlap.json.details).toMatchObject({ session_id: same, with_session_id: session });
    expect((await book(buyer, after)).status).toBe(201);
    expect(await seatsOf(session)).toMatchObject({ taken: 1 });
    expect(await seatsOf(same)).toMatchObject({ taken: 0 });
  });

  test('that is full waits for nobody, and a hold that ran out counts no more', async () => {
    const session = await aClass({ seats: 1 });
    const first = await placedOrder(await aBuyer('first'), session);
    const [second, third] = [await aBuyer('second'), await aBuyer('third')];
    const full = await book(second, session);
    expect([full.status, full.json.code, full.json.details]).toEqual([
      409,
      'session_full',
      { session_id: session },
    ]);
    await endHold(first.order_id);
    expect(wordsOf(await third.visitor.get(`/sessions/${session}`))).toContain(m.booking.act.book);
    const both = await Promise.all([book(second, session), book(third, session)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { expired: 1, held: 1 } });
  });

  test('that is full answers a repeated request as it did before, tells a crowd, and seats the next when somebody leaves', async () => {
    const session = await aClass({ seats: 1, price: 0 });
    const [sits, late, ...others] = await Promise.all(
      ['sits', 'late', 'b', 'c', 'd'].map((name) => aBuyer(name)),
    );
    const press = ({ visitor }: Buyer, key: string = randomUUID()) =>
      visitor.call('/api/yoga/bookings', { session_id: session }, { 'idempotency-key': key });
    const [early, refused] = [randomUUID(), randomUUID()];
    const seat = await press(sits!, early);
    expect(seat.status).toBe(201);
    for (const told of [await press(late!, refused), ...(await Promise.all(others.map((who) => press(who))))])
      expect([told.status, told.json.code, told.json.details]).toEqual([
        409,
        'session_full',
        { session_id: session },
      ]);
    const again = await press(sits!, early);
    expect([again.status, again.json.data.order_id]).toEqual([201, seat.json.data.order_id]);
    const [booking] = (await mine(sits!)).data;
    await sits!.visitor.call(
      `/api/yoga/bookings/${booking?.booking_id}/cancel`,
      {},
      { 'idempotency-key': randomUUID() },
    );
    expect((await press(late!, refused)).status).toBe(201);
    expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { cancelled: 1, confirmed: 1 } });
  });

  test('is possible again for somebody whose own hold ran out', async () => {
    const session = await aClass({ seats: 1 });
    const buyer = await aBuyer();
    const first = await placedOrder(buyer, session);
    await endHold(first.order_id);
    const second = await placedOrder(buyer, session);
    expect(second.order_id).not.toBe(first.order_id);
    expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { expired: 1, held: 1 } });
  });
});

describe('somebody’s bookings', () => {
  test('are those to come and those that were, each in its order, page by page', async () => {
    const buyer = await aBuyer();
    const sessions: string[] = [];
    for (let i = 1; i <= 4; i++) {
      sessions.push(await aClass({ price: 0, startsIn: `${i} days` }));
      await book(buyer, sessions.at(-1) ?? '');
    }
    for (const [i, session] of sessions.slice(0, 3).entries()) {
      await change(
        session,
        `starts_at = now() - interval '${i + 1} days', ends_at = now() - interval '${i + 1} days' + interval '1 hour'`,
      );
      await sql(
        'update booking.bookings b set starts_at = s.starts_at from booking.sessions s where s.id = b.session_id and s.id = $1',
        [session],
      );
    }
    expect((await mine(buyer)).data.map((booking) => booking.session_id)).toEqual([sessions[3]]);
    const first = await mine(buyer, '?when=past&limit=2');
    expect(first.data.map((booking) => booking.session_id)).toEqual([sessions[0], sessions[1]]);
    const rest = await mine(buyer, `?when=past&limit=2&cursor=${first.page.next}`);
    expect(rest).toMatchObject({ data: [{ session_id: sessions[2] }], page: { next: null } });
    // One that is going on is not over, and does not hide those that are.
    await change(
      sessions[3] ?? '',
      `starts_at = now() - interval '10 minutes', ends_at = now() + interval '1 hour'`,
    );
    await sql(`update booking.bookings set starts_at = now() - interval '10 minutes' where session_id = $1`, [
      sessions[3],
    ]);
    expect((await mine(buyer)).data.map((booking) => booking.session_id)).toEqual([sessions[3]]);
    expect(await mine(buyer, '?when=past&limit=2')).toMatchObject({
      data: [{ session_id: sessions[0] }, { session_id: sessions[1] }],
      page: { next: expect.any(String) },
    });
    const refused = await buyer.visitor.get('/api/yoga/bookings?when=never', {});
    expect([refused.status, Object.keys(refused.json.details.fields)]).toEqual([422, ['when']]);
  });

  test('are theirs alone: to read, to take into a calendar, to cancel', async () => {
    const buyer = await aBuyer();
    await book(buyer, await aClass({ price: 0 }));
    const id = (await mine(buyer)).data[0]?.booking_id ?? '';
    const others = [
      await aBuyer('stranger'),
      await signedIn(buyer, inject('stack').barberiaUrl),
      await aColleague('owner', barberia),
    ];
    for (const { visitor } of others) {
      const key = { 'idempotency-key': randomUUID(), accept: 'application/json' };
      for (const reply of [
        await visitor.get(`/api/yoga/bookings/${id}`, {}),
        await visitor.get(`/api/yoga/bookings/${id}/calendar.ics`, {}),
        await visitor.send('DELETE', `/api/yoga/bookings/${id}`, null, key),
        await visitor.call(`/api/yoga/bookings/${id}/cancel`, {}, key),
      ]) {
        expect([reply.status, reply.json.code]).toEqual([404, 'booking_not_found']);
      }
      expect((await visitor.get(`/account/bookings/${id}/cancel`)).status).toBe(404);
      expect((await mine({ ...buyer, visitor })).data).toEqual([]);
    }
    expect((await mine(buyer)).data).toMatchObject([{ state: 'confirmed' }]);
  });

  test('go into a calendar at the studio’s hour, by the member’s own address or by a signed one', async () => {
    const buyer = await aBuyer();
    const session = await aClass({ price: 0 });
    const { json } = await book(buyer, session);
    const [at] = await sql<{ wall: string }>(
      `select to_char(starts_at at time zone 'Europe/Madrid', 'YYYYMMDD"T"HH24MISS') as wall from booking.sessions where id = $1`,
      [session],
    );
    const id = (await mine(buyer)).data[0]?.booking_id ?? '';
    const file = await buyer.visitor.get(`/api/yoga/bookings/${id}/calendar.ics`, {});
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
    expect(file.text).toContain(`DTSTART;TZID=Europe/Madrid:${at?.wall}`);
    expect(file.text).toContain('STATUS:CONFIRMED');
    const page = await buyer.visitor.get(`/orders/${json.data.order_id}`);
    const address = /"(\/calendars\/[^"]+\.ics)"/.exec(page.text)?.[1] ?? '';
    const program = await new Visitor().get(address, {});
    expect([program.status, program.text.includes(`DTSTART;TZID=Europe/Madrid:${at?.wall}`)]).toEqual([
      200,
      true,
    ]);
    await buyer.visitor.call(`/api/yoga/bookings/${id}/cancel`, {}, { 'idempotency-key': randomUUID() });
    expect((await new Visitor().get(address, {})).text).toContain('STATUS:CANCELLED');
    // The other language is another signature; other orders and other businesses have none.
    const forged = [
      address.replace('.en.', '.es.'),
      address.replace(/\/[0-9a-f]{32}/, `/${randomUUID().replaceAll('-', '')}`),
      '/calendars/x.ics',
    ];
    for (const path of forged)
      expect([path, (await new Visitor().get(path, {})).status]).toEqual([path, 404]);
    expect((await new Visitor(inject('stack').barberiaUrl).get(address, {})).status).toBe(404);
    await letterTo(buyer.email);
  });
});

describe('what is on', () => {
  test('is narrowed by day, style, level, teacher and class, for programs and on the page', async () => {
    const session = await aClass({ startsIn: '15 days' });
    const [about] = await sql<{ slug: string; style: string; teacher: string; day: string }>(
      `select t.slug, t.style, i.slug as teacher, to_char(s.starts_at at time zone 'Europe/Madrid', 'YYYY-MM-DD') as day
       from booking.sessions s join booking.class_types t on t.id = s.class_type_id join booking.instructors i on i.id = s.instructor_id where s.id = $1`,
      [session],
    );
    const { day = '', style, teacher, slug } = about ?? {};
    const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
    const on = async (query: string) =>
      (
        (await new Visitor().get(`/api/yoga/classes?from=${day}&until=${next}&${query}`, {})).json.data as {
          session_id: string;
        }[]
      ).map((s) => s.session_id);
    for (const query of ['', `style=${style}`, `instructor=${teacher}`, `class=${slug}`, 'level=all'])
      expect([query, (await on(query)).includes(session)]).toEqual([query, true]);
    for (const query of ['style=nothing-such', 'level=advanced', 'instructor=nobody', 'class=nothing'])
      expect([query, (await on(query)).includes(session)]).toEqual([query, false]);
    // Somebody else may have looked at that week a moment ago, and the answer is kept so long.
    const page = async () => (await new Visitor().get(`/schedule?day=${day}&instructor=${teacher}`)).text;
    await expect.poll(page).toContain(`/sessions/${session}`);
    // The other business has none of it.
    const elsewhere = new Visitor(inject('stack').barberiaUrl);
    expect((await elsewhere.get(`/api/yoga/classes/${slug}`, {})).status).toBe(404);
    expect((await elsewhere.get(`/sessions/${session}`)).status).toBe(404);
  });

  test.each([
    'from=yesterday',
    'from=2026-13-40',
    'level=expert',
    'style=%27',
    'limit=0',
    'limit=x',
    'from=2026-12-10&until=2026-12-01',
    'from=2026-12-01&until=2027-12-01',
  ])('%s is refused, naming the field', async (query) => {
    const { status, json } = await new Visitor().get(`/api/yoga/classes?${query}`, {});
    expect([status, json.code]).toEqual([422, 'invalid_input']);
    expect(Object.keys(json.details.fields)).toHaveLength(1);
  });

  describe('page by page', () => {
    /** Twelve classes of one kind, a day each; `page` asks for five, in as many of these days as it is told. */
    async function twelve() {
      const place = await aPlace();
      const from = dayAhead(1);
      const after = (days: number) => Temporal.PlainDate.from(from).add({ days }).toString();
      const manager = await aColleague('manager');
      const days = { weekdays: [1, 2, 3, 4, 5, 6, 7], from_on: from, until_on: after(11) };
      const ids = (await sessionsOf(await aSeries(manager, place, days))).map(({ id }) => id);
      expect(ids).toHaveLength(12);
      const page = (cursor: string | null = null, headers: Record<string, string> = {}, days = 12) =>
        new Visitor().get(
          `/api/yoga/classes?class=p-${place.tag}&limit=5&from=${from}&until=${after(days)}${cursor ? `&cursor=${cursor}` : ''}`,
          headers,
        );
      return { ids, page };
    }
    const idsOf = ({ json }: Reply): string[] =>
      json.data.map(({ session_id }: { session_id: string }) => session_id);

    test('is given once each, and not twice to whoever has it', async () => {
      const { ids, page } = await twelve();
      const first = await page();
      expect(first.json.page.total).toBe(12);
      const second = await page(first.json.page.next);
      const third = await page(second.json.page.next);
      expect([first, second, third].map(idsOf)).toEqual([ids.slice(0, 5), ids.slice(5, 10), ids.slice(10)]);
      expect(third.json.page.next).toBeNull();
      const known = await page(null, { 'if-none-match': first.headers.get('etag') ?? '' });
      expect([known.status, known.text]).toEqual([304, '']);
    });

    test('goes on where it was, though the class a page ended with is gone from there', async () => {
      const { ids, page } = await twelve();
      const first = await page();
      await change(ids[4] ?? '', `hidden_at = now(), state = 'cancelled'`);
      // More days than before: what was asked for a moment ago is kept so long.
      const second = await page(first.json.page.next, {}, 13);
      expect(idsOf(second)).toEqual(ids.slice(5, 10));
    });
  });

  test('has a page for each class, with its next times', async () => {
    const visitor = new Visitor();
    const session = await aClass();
    const slug = await classSlug(session);
    const found = () => visitor.get(`/api/yoga/classes/${slug}`, {});
    // Somebody else may have asked what is taught a moment ago, and the answer is kept so long.
    await expect.poll(async () => (await found()).status).toBe(200);
    const { data } = (await found()).json;
    expect(data).toMatchObject({ slug, duration_minutes: 60 });
    expect(data.sessions.map((s: { session_id: string }) => s.session_id)).toEqual([session]);
    const page = await visitor.get(`/classes/${slug}`);
    expect([page.status, page.text.includes(session)]).toEqual([200, true]);
  });

  test('comes with those who teach it, for everybody', async () => {
    const { status, json } = await new Visitor().get('/api/yoga/instructors', {});
    expect([status, json.data.length > 0]).toEqual([200, true]);
  });

  test('that does not exist is a page that says so', async () => {
    for (const path of [
      '/classes/nothing-such',
      '/instructors/nobody',
      `/sessions/${randomUUID()}`,
      '/sessions/x',
      "/classes/'",
      `/classes/${'x'.repeat(500)}`,
    ])
      expect([path.slice(0, 40), (await new Visitor().get(path)).status]).toEqual([path.slice(0, 40), 404]);
  });
});

test('somebody who books too fast is asked to slow down, wherever they come from', async () => {
  const buyer = await aBuyer('hasty');
  const session = randomUUID();
  const replies = [];
  for (let i = 0; i < 31; i++) {
    buyer.visitor.address = `10.77.1.${i}`;
    replies.push(await book(buyer, session));
  }
  expect(replies.slice(0, 30).map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 404));
  const last = replies.at(-1);
  expect([last?.status, last?.json.code]).toEqual([429, 'too_many_requests']);
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
  const form = await buyer.visitor.submit(
    '/api/yoga/bookings',
    { session_id: session, idempotency_key: randomUUID() },
    '/schedule',
  );
  expect([form.status, wordsOf(form).includes('at once')]).toEqual([429, true]);
  expect(Number(form.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('many from one address are asked to slow down, and nobody else is', async () => {
  const crowded = new Visitor();
  const replies = await Promise.all(
    Array.from({ length: 241 }, () => crowded.call('/api/yoga/bookings', {})),
  );
  const statuses = replies.map(({ status }) => status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(240);
  expect(statuses.filter((status) => status === 429)).toHaveLength(1);
  expect((await new Visitor().call('/api/yoga/bookings', {})).status).toBe(401);
});
