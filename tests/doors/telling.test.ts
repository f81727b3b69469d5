/** Everything point by point that members are told of: by e-mail and in the app, in their own language, once. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, expect, inject, test } from 'vitest';
import { aClass, findings, lotus, passAboutToEnd, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, book, runJob, untilOrder } from './buyer.ts';
import { cards, dashboard, payAt } from './provider.ts';
import { aBusyClass, bookingIn, cancelIn, joined, leave, memberOf, neverQuiet } from './studio.ts';
import { letterTo, lettersTo } from './visitor.ts';

beforeAll(() => neverQuiet());
afterEach(async () => expect(await findings()).toEqual([]));

interface Reader extends Buyer {
  language: 'en' | 'es';
}
/** One who reads English and one who reads Spanish. */
async function readers(name: string): Promise<[Reader, Reader]> {
  const english: Reader = { ...(await aBuyer(name)), language: 'en' };
  const spanish: Reader = { ...(await aBuyer(name)), language: 'es' };
  await sql(`update members.members set locale = 'es' where id = $1`, [await memberOf(spanish)]);
  await memberOf(english);
  return [english, spanish];
}
interface Told {
  kind: string;
  title: string;
  path: string;
}
/** What the app shows each in their own language. */
async function noticesOf({ visitor, language }: Reader, kind: string): Promise<Told[]> {
  const prefix = language === 'es' ? '/es' : '';
  const all = (await visitor.get(`${prefix}/api/members/notifications`, {})).json.data as Told[];
  return all.filter((notice) => notice.kind === kind);
}

/** Each was told of this kind once, in the app and by a letter of the same name that leads to the same page. */
async function expectTold(
  pair: readonly Reader[],
  kind: string,
  said: Record<'en' | 'es', RegExp>,
  text: Record<'en' | 'es', RegExp> = { en: /./, es: /./ },
): Promise<void> {
  for (const reader of pair) {
    await expect.poll(async () => (await noticesOf(reader, kind)).length).toBe(1);
    const [notice] = await noticesOf(reader, kind);
    expect(notice?.title).toMatch(said[reader.language]);
    const letter = await letterTo(reader.email, { subject: notice?.title ?? kind });
    expect(letter.text).toMatch(reader.language === 'es' ? /^Hola/ : /^Hello/);
    expect(letter.text).toMatch(text[reader.language]);
    expect(letter.links.join(' ')).toContain(`${reader.language === 'es' ? '/es' : ''}${notice?.path}`);
    const came = (await lettersTo(reader.email)).filter(({ subject }) => subject === notice?.title);
    expect(came).toHaveLength(1);
    const [queued] = await sql<{ n: number }>(
      'select count(*)::int as n from messages.emails where member_id = $1 and template = $2',
      [await memberOf(reader), kind],
    );
    expect(queued?.n).toBe(1);
  }
}

const key = () => ({ 'idempotency-key': randomUUID() });
async function bothBook(pair: readonly Reader[], session: string): Promise<void> {
  for (const reader of pair) expect((await book(reader, session)).status).toBe(201);
}

test('booked', async () => {
  const pair = await readers('booked');
  const session = await aClass({ price: 0 });
  const again = randomUUID();
  for (const reader of pair) {
    expect((await book(reader, session, again)).status).toBe(201);
    expect((await book(reader, session, again)).status).toBe(201);
  }
  await expectTold(pair, 'order_confirmed', { en: /^You're in: Class /, es: /^Tienes plaza: Clase / });
});

test('cancelled by the member', async () => {
  const pair = await readers('cancels');
  const session = await aClass({ price: 0 });
  await bothBook(pair, session);
  for (const reader of pair) {
    const [path, same] = [`/api/yoga/bookings/${await bookingIn(session, reader)}/cancel`, key()];
    expect((await reader.visitor.call(path, {}, same)).status).toBe(200);
    expect((await reader.visitor.call(path, {}, same)).status).toBe(200);
  }
  await expectTold(pair, 'booking_cancelled', { en: /^Cancelled: Class /, es: /: Clase / });
});

test('called off by the studio, with the reason', async () => {
  const pair = await readers('called');
  const session = await aClass({ price: 0 });
  await bothBook(pair, session);
  const manager = await aColleague('manager');
  const same = key();
  for (const _time of [1, 2]) {
    const off = await manager.visitor.call(
      `/api/yoga/sessions/${session}/cancel`,
      { reason: 'Noor has a cold' },
      same,
    );
    expect(off.status).toBe(200);
  }
  await expectTold(
    pair,
    'session_cancelled',
    { en: /^Cancelled: Class /, es: /: Clase / },
    { en: /Noor has a cold/, es: /Noor has a cold/ },
  );
});

test('called off with several places of theirs: one letter with everybody in it', async () => {
  const pair = await readers('several');
  const session = await aClass({ price: 0, seats: 6 });
  await bothBook(pair, session);
  for (const { visitor } of pair) {
    const made = await visitor.call('/api/members/people', { name: 'Mia', birthday: '2018-03-04' });
    const participants = [{ person_id: made.json.data.person_id }, { guest_name: 'Pepe' }];
    expect(
      (await visitor.call('/api/yoga/bookings', { session_id: session, participants }, key())).status,
    ).toBe(201);
  }
  const manager = await aColleague('manager');
  const off = await manager.visitor.call(`/api/yoga/sessions/${session}/cancel`, { reason: '' }, key());
  expect(off.status).toBe(200);
  await expectTold(
    pair,
    'session_cancelled',
    { en: /^Cancelled: Class /, es: /: Clase / },
    {
      en: /With it go the places of (?=[^.]*Mia)(?=[^.]*Pepe)(?=[^.]*Several)/,
      es: /se anulan las plazas de (?=[^.]*Mia)(?=[^.]*Pepe)(?=[^.]*Several)/,
    },
  );
});

/** As a manager does: looks at what a change would do, and applies exactly that, twice. */
async function change(session: string, wish: Record<string, string>): Promise<void> {
  const manager = await aColleague('manager');
  const path = `/api/yoga/sessions/${session}/change`;
  const seen = await manager.visitor.get(`${path}?${new URLSearchParams(wish)}`, {});
  const same = key();
  for (const _time of [1, 2]) {
    const done = await manager.visitor.call(path, { ...wish, effect_hash: seen.json.data.hash }, same);
    expect([done.status, done.json.code]).toEqual([200, undefined]);
  }
}

test('moved to another time', async () => {
  const pair = await readers('moved');
  const session = await aClass({ price: 0 });
  await bothBook(pair, session);
  const [at] = await sql<{ start: string }>(
    `select to_char((starts_at - interval '2 hours') at time zone 'Europe/Madrid', 'HH24:MI') as start from booking.sessions where id = $1`,
    [session],
  );
  await change(session, { local_start: at?.start ?? '' });
  await expectTold(
    pair,
    'session_changed',
    { en: /Class /, es: /Clase / },
    { en: /New time: /, es: /hora: /i },
  );
});

test('another teacher', async () => {
  const pair = await readers('taught');
  const session = await aClass({ price: 0 });
  await bothBook(pair, session);
  const slug = `t-${randomUUID().slice(0, 12)}`;
  const [stands] = await sql<{ id: string }>(
    `with i as (insert into booking.instructors (business_id, slug, name, published) values ($1, $2, 'Stands In', false) returning id),
       q as (insert into booking.qualifications (business_id, instructor_id, class_type_id) select $1, i.id, s.class_type_id from i, booking.sessions s where s.id = $3)
     select id from i`,
    [lotus, slug, session],
  );
  const manager = await aColleague('manager');
  const given = { session_id: session, instructor_id: stands?.id };
  expect((await manager.visitor.call('/api/yoga/substitutions/assign', given)).status).toBe(200);
  await manager.visitor.call('/api/yoga/substitutions/assign', given);
  await expectTold(
    pair,
    'substitute_teacher',
    { en: /Stands In/, es: /Stands In/ },
    { en: /Stands In steps in for Teacher/, es: /Stands In sustituye a Teacher/ },
  );
});

test('a waitlist: where one stands in it, and the place that is offered', async () => {
  const pair = await readers('waits');
  for (const reader of pair) {
    const session = await aBusyClass('offer', { price: 0 });
    const seated = await aBuyer('seated');
    expect((await book(seated, session)).status).toBe(201);
    const first = await aBuyer('first');
    const ahead = await joined(first, session);
    await joined(reader, session);
    await expectTold(
      [reader],
      'waitlist_joined',
      { en: /Class /, es: /Clase / },
      { en: /number 2 in line/, es: /\b2\b/ },
    );
    await leave(first, ahead);
    expect((await cancelIn(session, seated)).status).toBe(200);
    await expectTold([reader], 'waitlist_offer', { en: /Class /, es: /Clase / });
    await sql('select api.advance_waitlist($1)', [session]);
    await runJob('sweep_waitlists');
    await sql('select api.sweep_waitlists()');
    await expectTold([reader], 'waitlist_offer', { en: /until/, es: /hasta/ });
  }
});

test('a class that is near', async () => {
  const pair = await readers('reminded');
  const session = await aClass({ price: 0, startsIn: '2 hours 50 minutes' });
  await bothBook(pair, session);
  for (const { visitor } of pair)
    await visitor.call('/api/members/notifications/choices', { asked: [], reminder: 3 });
  await sql(`update booking.bookings set created_at = now() - interval '3 days' where session_id = $1`, [
    session,
  ]);
  await Promise.all([
    runJob('send_reminders'),
    sql('select api.send_reminders()'),
    sql('select api.send_reminders()'),
  ]);
  await expectTold(pair, 'session_reminder', {
    en: /^See you soon: Class /,
    es: /^Nos vemos pronto: Clase /,
  });
});

test('a pass about to end, with what is left on it', async () => {
  const pair = await readers('expiring');
  for (const reader of pair) {
    await passAboutToEnd(await memberOf(reader));
  }
  await Promise.all([runJob('tell_expiring_passes'), sql('select api.tell_expiring_passes()')]);
  await sql('select api.tell_expiring_passes()');
  await expectTold(
    pair,
    'pass_expiring',
    { en: /Ten classes/, es: /Diez clases/ },
    { en: /\b5\b/, es: /\b5\b/ },
  );
});

/** The emulator's control: what waits for its time about this object happens now. */
const due = (about: string) =>
  fetch(new URL('/_emulator/due', inject('stack').stripeUrl), {
    method: 'POST',
    body: JSON.stringify({ about }),
  });

test('a payment that failed', async () => {
  const pair = await readers('broke');
  for (const reader of pair) {
    expect((await reader.visitor.call('/api/yoga/memberships', { plan: 'unlimited' })).status).toBe(201);
    const order = (await reader.visitor.call('/api/sales/orders', {}, key())).json.data;
    await payAt(order.payment_url, cards.good);
    await untilOrder(order.order_id, { state: 'paid' });
    const membership = async () =>
      (
        await sql<{ ref: string; customer: string }>(
          'select provider_ref as ref, customer_ref as customer from members.memberships where member_id = $1',
          [await memberOf(reader)],
        )
      )[0];
    await expect.poll(membership).toBeDefined();
    const { ref, customer } = (await membership())!;
    const broke = await dashboard().paymentMethods.attach('pm_card_chargeCustomerFail', { customer });
    const { trial_start: began } = await dashboard().subscriptions.retrieve(ref);
    await dashboard().subscriptions.update(ref, {
      default_payment_method: broke.id,
      trial_end: (began ?? 0) + 86_400,
    });
    await due(ref);
    await due(String((await dashboard().subscriptions.retrieve(ref)).latest_invoice));
  }
  await expectTold(pair, 'payment_failed', {
    en: /^A payment for your .* did not go through$/,
    es: /^No pudimos cobrar tu /,
  });
});
