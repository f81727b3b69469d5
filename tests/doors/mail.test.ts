import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { aClass, barberia, findings, lotus, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, book, endHold, placedOrder, untilOrder, wordsOf } from './buyer.ts';
import { deliver, eventsOf, loseEvents, payAt } from './provider.ts';
import { type Letter, letterTo, lettersTo } from './visitor.ts';

afterEach(async () => expect(await findings()).toEqual([]));

/** A letter with what came with it, as the inbox tells it. */
type FullLetter = Letter & {
  from: string;
  to: string;
  attachments: { filename: string; type: string; url: string }[];
};
const letter = async (to: string, subject = '') => (await letterTo(to, { subject })) as FullLetter;

/** The calendar file of a letter, its folded lines put together; mail programs end lines as they like. */
async function calendarOf({ attachments }: FullLetter): Promise<string[]> {
  const file = attachments.find(({ type }) => type === 'text/calendar');
  if (!file) throw new Error('No calendar came with it');
  return (await (await fetch(file.url)).text()).replaceAll(/\r?\n /g, '').split(/\r?\n/);
}
/** A line of its one event: the zone's rules before it have starts of their own. */
const valueOf = (file: string[], name: string) =>
  file
    .slice(file.indexOf('BEGIN:VEVENT'))
    .find((line) => line.startsWith(`${name}:`) || line.startsWith(`${name};`));

/** A session's start: on the wall of its studio as calendars write it, and as people are told in `locale`. */
async function startOf(
  session: string,
  locale: string,
): Promise<{ wall: string; said: string; zone: string }> {
  const [row] = await sql<{ wall: string; zone: string; starts_at: Date }>(
    `select to_char(s.starts_at at time zone b.time_zone, 'YYYYMMDD"T"HH24MISS') as wall, b.time_zone as zone, s.starts_at
     from booking.sessions s join business.businesses b on b.id = s.business_id where s.id = $1`,
    [session],
  );
  if (!row) throw new Error('No such session');
  const options = { timeZone: row.zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const year = (at: Date) =>
    new Intl.DateTimeFormat('en', { timeZone: row.zone, year: 'numeric' }).format(at);
  const day: Intl.DateTimeFormatOptions = {
    timeZone: row.zone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(year(row.starts_at) !== year(new Date()) && { year: 'numeric' }),
  };
  const date = new Intl.DateTimeFormat(locale, day).format(row.starts_at);
  return {
    wall: row.wall,
    zone: row.zone,
    said: `${date}, ${new Intl.DateTimeFormat(locale, options).format(row.starts_at)}`,
  };
}

const numberOf = async (orderId: string): Promise<string> =>
  (await sql<{ number: string }>('select number from sales.orders where id = $1', [orderId]))[0]?.number ??
  '?';

/** Somebody who reads our letters in this language. */
async function reader(locale: 'en' | 'es', business = lotus): Promise<Buyer> {
  const buyer = await aBuyer(
    'lector',
    business === barberia ? inject('stack').barberiaUrl : inject('stack').siteUrl,
  );
  const saved = await buyer.visitor.call('/api/members/profile', {
    name: 'Inés <b>Ruiz</b>',
    phone: '',
    locale,
  });
  expect(saved.status).toBe(200);
  return buyer;
}
const prices = { [lotus]: 1600, [barberia]: 1_250_000 };

describe.each([
  {
    language: 'English',
    locale: 'en',
    tag: 'en-GB',
    business: lotus,
    inIt: "You're in: Class",
    hello: 'Hello Inés',
    amount: '€16.00',
    off: 'Cancelled: Class',
    back: '€16.00 goes back to the card you paid with.',
    site: 'siteUrl',
    path: '/orders/',
  },
  {
    language: 'Spanish',
    locale: 'es',
    tag: 'es-ES',
    business: lotus,
    inIt: 'Tienes plaza: Clase',
    hello: 'Hola, Inés',
    amount: '16,00 €',
    off: 'Cancelada: Clase',
    back: 'Te devolvemos 16,00 € a la tarjeta con la que pagaste.',
    site: 'siteUrl',
    path: '/es/orders/',
  },
  {
    language: 'the Spanish of Buenos Aires',
    locale: 'es',
    tag: 'es-AR',
    business: barberia,
    inIt: 'Tenés lugar: Clase',
    hello: 'Hola, Inés',
    amount: '$ 12.500',
    off: 'Cancelada: Clase',
    back: 'Te devolvemos $ 12.500 a la tarjeta',
    site: 'barberiaUrl',
    path: '/orders/',
  },
] as const)('in $language', ({ locale, tag, business, inIt, hello, amount, off, back, site, path }) => {
  test('a booking is confirmed and its end is told, each with its calendar file, once', async () => {
    const buyer = await reader(locale, business);
    const session = await aClass({ startsIn: '5 days', business, price: prices[business] });
    const order = await placedOrder(buyer, session);
    await payAt(order.payment_url);
    await untilOrder(order.order_id, { state: 'paid' });
    const { wall, zone, said } = await startOf(session, tag);
    const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

    const confirmed = await letter(buyer.email);
    expect(confirmed.subject.startsWith(inIt)).toBe(true);
    for (const part of [
      hello,
      said,
      amount,
      order.reference,
      // A receipt is numbered before it is written.
      await numberOf(order.order_id),
      `${inject('stack')[site]}${path}${order.order_id}`,
    ])
      expect(plain(confirmed.text)).toContain(part);
    expect(confirmed.html).toContain(`<html lang="${locale}">`);
    // What somebody calls themselves is words, not a part of the letter.
    expect(confirmed.html).not.toContain('<b>Ruiz');
    const put = await calendarOf(confirmed);
    expect(valueOf(put, 'DTSTART')).toBe(`DTSTART;TZID=${zone}:${wall}`);
    expect(put).toEqual(expect.arrayContaining(['METHOD:PUBLISH', `TZID:${zone}`, 'STATUS:CONFIRMED']));

    const { data } = (await buyer.visitor.get('/api/yoga/bookings', {})).json;
    await buyer.visitor.call(
      `/api/yoga/bookings/${data[0].booking_id}/cancel`,
      {},
      { 'idempotency-key': randomUUID() },
    );
    const cancelled = await letter(buyer.email, off);
    expect(plain(cancelled.text)).toContain(back);
    expect(plain(cancelled.text)).toContain(said);
    const taken = await calendarOf(cancelled);
    expect(taken).toEqual(
      expect.arrayContaining(['METHOD:CANCEL', 'STATUS:CANCELLED', `DTSTART;TZID=${zone}:${wall}`]),
    );
    expect(valueOf(taken, 'UID')).toBe(valueOf(put, 'UID'));
    expect(await lettersTo(buyer.email)).toHaveLength(2);
  });
});

test('money that came too late is told in Spanish as well, with the amount and without a calendar', async () => {
  const session = await aClass({ seats: 1, price: 1600 });
  const buyer = await reader('es');
  const order = await placedOrder(buyer, session);
  // The news of it comes late: the page itself would be closed as soon as the sweep came by.
  await loseEvents(order.payment_id);
  await payAt(order.payment_url);
  await endHold(order.order_id);
  expect((await book(await aBuyer('next'), session)).status).toBe(201);
  for (const event of await eventsOf(order)) await deliver(event);
  const told = await letter(buyer.email);
  expect(told.subject).toBe('Tu pago llegó tarde y te lo devolvemos');
  expect(told.text.replaceAll('\u00a0', ' ')).toContain(
    'Tu pago de 16,00 € llegó cuando tu plaza ya se había liberado',
  );
  expect(told.attachments).toEqual([]);
  expect(told.links.some((link) => link.endsWith('/es/schedule'))).toBe(true);
});

test('a letter comes from the business, and what is answered to it goes there', async () => {
  const buyer = await aBuyer();
  await book(buyer, await aClass({ price: 0 }));
  const confirmed = await letter(buyer.email);
  expect(confirmed.from).toMatch(/^"?Lotus & Bean"? <[^>]+>$/);
  const source = await (await fetch(`${inject('stack').mailUrl}/messages/${confirmed.id}/source`)).text();
  expect(source).toMatch(/^Reply-To: hello@lotus\.test\r?$/m);
  expect(source).toMatch(/^Message-ID: <[0-9a-f-]{36}@[^>]+>\r?$/m);
});

test('however often its cause comes, a letter is sent once', async () => {
  const buyer = await aBuyer();
  const order = await placedOrder(buyer, await aClass({ price: 1600 }));
  await payAt(order.payment_url);
  await letter(buyer.email, "You're in");
  for (const event of await eventsOf(order)) await deliver(event);
  await expect
    .poll(() => sql('select state, last_error from messages.emails where to_address = $1', [buyer.email]))
    .toEqual([{ state: 'sent', last_error: null }]);
  expect(await lettersTo(buyer.email)).toHaveLength(1);
});

test('a letter that cannot be written is kept, tried again, and shown to the owner; the others go out', async () => {
  const tag = randomUUID();
  await sql(`select messages.queue_email($1, null, $2, 'en', 'no_such_letter', $3, '{}')`, [
    lotus,
    `${tag}@example.test`,
    tag,
  ]);
  const failing = () =>
    sql(
      `select state, attempts > 1 as again, next_try_at > now() as later, last_error from messages.emails where cause = $1`,
      [tag],
    );
  try {
    await expect.poll(failing).toEqual([
      {
        state: 'queued',
        again: true,
        later: true,
        last_error: 'There is no e-mail template no_such_letter',
      },
    ]);
    const owner = await aColleague('owner');
    expect(wordsOf(await owner.visitor.get('/admin/jobs'))).toContain('no_such_letter');
    const buyer = await aBuyer();
    await book(buyer, await aClass({ price: 0 }));
    expect((await letter(buyer.email)).subject).toContain("You're in");
  } finally {
    // Nothing of it stays behind for the tests beside this one.
    await sql('delete from messages.emails where cause = $1', [tag]);
  }
});
