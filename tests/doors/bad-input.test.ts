import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, findings, sql } from '../world.ts';
import { type Buyer, aBuyer, book, logged, placedOrder, wordsOf } from './buyer.ts';
import { type Reply, Visitor } from './visitor.ts';

const m = messages('en');

/** Everything a buyer could have changed, as one value. Receipts are numbered when their letter is written. */
const traces = async (buyer: Buyer) =>
  (
    await sql(
      `select (select jsonb_agg(to_jsonb(o) - 'number' order by o.id) from sales.orders o where o.member_id = m.id) as orders,
         (select jsonb_agg(to_jsonb(l) order by l.id) from sales.order_lines l join sales.orders o on o.id = l.order_id where o.member_id = m.id) as lines,
         (select jsonb_agg(to_jsonb(b) order by b.id) from booking.bookings b where b.member_id = m.id) as bookings,
         (select jsonb_agg(to_jsonb(p) order by p.id) from payments.payments p join sales.orders o on o.id = p.order_id where o.member_id = m.id) as payments,
         (select jsonb_agg(to_jsonb(r) order by r.id) from payments.refunds r join sales.orders o on o.id = r.order_id where o.member_id = m.id) as refunds,
         (select count(*) from platform.idempotency_keys k where k.actor = m.id::text) as keys
       from members.members m where m.user_id = $1`,
      [buyer.id],
    )
  )[0];

type Ids = Record<'session' | 'order' | 'booking' | 'line', string>;
interface Careless extends Ids {
  buyer: Buyer;
  before: unknown;
}

/** Somebody with something everywhere that could be broken: a cart, an unpaid order, a booking. */
async function careless(): Promise<Careless> {
  const buyer = await aBuyer('careless');
  const session = await aClass({ startsIn: '11 days' });
  const order = (await placedOrder(buyer, await aClass({ startsIn: '12 days' }))).order_id;
  await book(buyer, await aClass({ startsIn: '13 days', price: 0 }));
  const { data } = (await buyer.visitor.get('/api/yoga/bookings', {})).json;
  const booking = data.find((b: { state: string }) => b.state === 'confirmed').booking_id;
  const put = { session_id: await aClass({ startsIn: '14 days' }) };
  const line = (await buyer.visitor.call('/api/sales/cart', put)).json.data.line_id;
  return { buyer, session, order, booking, line, before: await traces(buyer) };
}

/** One such person for the tests of a group, who counts towards the limits as anybody does; nothing of theirs changes. */
function somebodyCareless(): () => Careless {
  let person: Careless;
  beforeAll(async () => void (person = await careless()));
  afterEach(async () => {
    expect(await traces(person.buyer)).toEqual(person.before);
    expect(await findings()).toEqual([]);
  });
  return () => person;
}

interface Door {
  path(ids: Ids): string;
  /** What is right; a field at a time is made wrong. */
  body(ids: Ids): Record<string, string | number>;
  /** Fields that hold the id of something of ours. */
  names: string[];
  open?: true;
}
const doors = {
  booking: {
    path: () => '/api/yoga/bookings',
    body: (ids) => ({ session_id: ids.session }),
    names: ['session_id'],
  },
  'the cart': {
    path: () => '/api/sales/cart',
    body: (ids) => ({ session_id: ids.session }),
    names: ['session_id'],
    open: true,
  },
  ordering: { path: () => '/api/sales/orders', body: () => ({ expected_total_cents: 1 }), names: [] },
  paying: {
    path: () => '/api/payments/create-intent',
    body: (ids) => ({ order_id: ids.order }),
    names: ['order_id'],
  },
  confirming: {
    path: () => '/api/payments/confirm',
    body: (ids) => ({ order_id: ids.order, checkout: 'cs_test_1' }),
    names: ['order_id'],
  },
  cancelling: { path: (ids) => `/api/yoga/bookings/${ids.booking}/cancel`, body: () => ({}), names: [] },
  'giving up': { path: (ids) => `/api/sales/orders/${ids.order}/cancel`, body: () => ({}), names: [] },
  'taking out': { path: (ids) => `/api/sales/cart/${ids.line}`, body: () => ({}), names: [], open: true },
} satisfies Record<string, Door>;
const all = Object.entries<Door>(doors);
const guarded = all.filter(([, door]) => !door.open);
const withIds = all.flatMap(([name, door]) => door.names.map((field) => [name, field, door] as const));

const json = { 'content-type': 'application/json', accept: 'application/json' };
/** As a program. */
const send = (who: Careless, door: Door, body: BodyInit, headers: Record<string, string> = {}) =>
  who.buyer.visitor.send('POST', door.path(who), body, {
    ...json,
    'idempotency-key': randomUUID(),
    ...headers,
  });
const sendJson = (who: Careless, door: Door, more: object = {}) =>
  send(who, door, JSON.stringify({ ...door.body(who), ...more }));
/** What a form on the timetable sends, the whole of it. */
const fieldsOf = (who: Careless, door: Door, more: object = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...door.body(who), idempotency_key: randomUUID(), ...more }).map(([name, value]) => [
      name,
      String(value),
    ]),
  );
const said = ({ status, json: answer }: Reply) => [status, answer?.code];
const wrongFields = ({ json: answer }: Reply) => Object.keys(answer?.details?.fields ?? {});

describe.each(all)('%s, asked with', (_name, door) => {
  const who = somebodyCareless();

  test.each<[string, BodyInit, Record<string, string>, number, string]>([
    ['broken JSON', '{"session_id":', {}, 400, 'malformed_body'],
    ['a list', '[]', {}, 400, 'malformed_body'],
    ['a word', '"hello"', {}, 400, 'malformed_body'],
    ['nothing that is JSON', 'null', {}, 400, 'malformed_body'],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe]), {}, 400, 'malformed_body'],
    ['XML', '<a/>', { 'content-type': 'application/xml' }, 415, 'wrong_type'],
    ['a file', '--x--', { 'content-type': 'multipart/form-data; boundary=x' }, 415, 'wrong_type'],
    ['five megabytes', JSON.stringify({ session_id: 'x'.repeat(5 * 1024 * 1024) }), {}, 413, 'too_big'],
  ])('%s, says so', async (_what, body, headers, status, code) => {
    const refused = await send(who(), door, body, headers);
    expect(said(refused)).toEqual([status, code]);
    expect(refused.json).toEqual({
      error: expect.any(String),
      code,
      ...(status === 413 && { details: { limit_bytes: expect.any(Number) } }),
      request_id: refused.headers.get('x-request-id'),
    });
  });

  test.each<[string, () => Record<string, string>]>([
    ['another site', () => ({ origin: 'https://evil.example' })],
    ['a sandbox', () => ({ origin: 'null' })],
    ['another site, says the browser', () => ({ 'sec-fetch-site': 'cross-site' })],
    ['the other business', () => ({ origin: inject('stack').barberiaUrl })],
  ])('the page of %s behind it, does nothing', async (_whose, headers) => {
    expect(said(await send(who(), door, JSON.stringify(door.body(who())), headers()))).toEqual([
      403,
      'wrong_origin',
    ]);
    const form = await who().buyer.visitor.send(
      'POST',
      door.path(who()),
      new URLSearchParams(fieldsOf(who(), door)),
      { accept: 'text/html', ...headers() },
    );
    expect([form.status, wordsOf(form).includes(m.refusals.wrong_origin)]).toEqual([403, true]);
  });
});

describe.each(guarded)('%s', (_name, door) => {
  const who = somebodyCareless();

  test('by nobody in particular asks to sign in', async () => {
    const nobody = { ...who(), buyer: { ...who().buyer, visitor: new Visitor() } };
    expect(said(await sendJson(nobody, door))).toEqual([401, 'sign_in_first']);
    const form = await nobody.buyer.visitor.submit(door.path(who()), fieldsOf(who(), door), '/schedule');
    expect([form.status, form.to]).toEqual([303, '/signin?next=%2Fschedule']);
  });
});

describe.each(withIds)('%s, with a %s that is', (_name, field, door) => {
  const who = somebodyCareless();

  test.each<[string, unknown]>([
    ['missing', undefined],
    ['null', null],
    ['a number', 7],
    ['a negative number', -1],
    ['a huge number', 1e300],
    ['true', true],
    ['a list', [randomUUID()]],
    ['an object', { id: randomUUID() }],
    ['empty', ''],
    ['a word', 'x'],
    ['almost an id', `${randomUUID()}0`],
    ['SQL', `' or '1'='1`],
    ['a NUL', `\u0000${randomUUID()}`],
    ['very long', 'a'.repeat(50_000)],
    ['very deep', JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)],
  ])('%s, names that field', async (_what, value) => {
    const refused = await sendJson(who(), door, { [field]: value });
    expect([...said(refused), wrongFields(refused)]).toEqual([422, 'invalid_input', [field]]);
    expect(refused.json.error).toBe(m.refusals.invalid_input);
  });

  test('nobody’s, is not there, for programs and for forms', async () => {
    const refused = await sendJson(who(), door, { [field]: randomUUID() });
    expect(said(refused)).toEqual([404, `${field.replace('_id', '')}_not_found`]);
    const fields = fieldsOf(who(), door, { [field]: randomUUID() });
    const form = await who().buyer.visitor.submit(door.path(who()), fields, '/schedule');
    expect([form.status, wordsOf(form).includes(refused.json.error)]).toEqual([404, true]);
  });

  test('sent twice in a form, shows the page again', async () => {
    const { visitor } = who().buyer;
    const twice = new URLSearchParams([...Object.entries(fieldsOf(who(), door)), [field, 'x']]);
    const headers = { accept: 'text/html', origin: visitor.site, referer: `${visitor.site}/schedule` };
    const form = await visitor.send('POST', door.path(who()), twice, headers);
    expect([form.status, wordsOf(form).includes(m.refusals.invalid_input)]).toEqual([422, true]);
  });
});

describe('a total that the buyer says to have seen', () => {
  const who = somebodyCareless();
  const { ordering } = doors;

  test.each<[unknown]>([
    [-1],
    [-0.5],
    [1.5],
    [1e21],
    [1_000_000_000_000],
    ['12x'],
    ['-1'],
    ['1e3'],
    [' '],
    [''],
    [true],
    [[1600]],
    [{}],
    [null],
  ])('of %j is none', async (expected_total_cents) => {
    const refused = await sendJson(who(), ordering, { expected_total_cents });
    expect([...said(refused), wrongFields(refused)]).toEqual([
      422,
      'invalid_input',
      ['expected_total_cents'],
    ]);
  });

  test.each([[0], [1], [999_999_999_999], ['1599']])(
    'of %j is not the price',
    async (expected_total_cents) => {
      expect(said(await sendJson(who(), ordering, { expected_total_cents }))).toEqual([409, 'price_changed']);
    },
  );
});

describe.each([
  ['GET', '/api/sales/orders/%s', 'order_not_found'],
  ['DELETE', '/api/sales/orders/%s', 'order_not_found'],
  ['POST', '/api/sales/orders/%s/cancel', 'order_not_found'],
  ['GET', '/api/yoga/bookings/%s', 'booking_not_found'],
  ['DELETE', '/api/yoga/bookings/%s', 'booking_not_found'],
  ['POST', '/api/yoga/bookings/%s/cancel', 'booking_not_found'],
  ['GET', '/api/yoga/bookings/%s/calendar.ics', 'booking_not_found'],
])('%s %s', (method, path, code) => {
  const who = somebodyCareless();

  test('of something that is no id is not there', async () => {
    const headers = { accept: 'application/json', 'idempotency-key': randomUUID() };
    const ids = [
      'x',
      '1',
      '-1',
      '9'.repeat(20),
      "'",
      '%00',
      '%F0%9F%8D%B5',
      '0'.repeat(36),
      '<b>',
      randomUUID(),
    ];
    for (const id of ids) {
      const refused = await who().buyer.visitor.send(method, path.replace('%s', id), null, headers);
      expect([id, ...said(refused)]).toEqual([id, 404, code]);
    }
  });
});

describe('whatever is wrong', () => {
  const who = somebodyCareless();

  test('keys nobody asked for are not read', async () => {
    const refused = await send(
      who(),
      doors.booking,
      `{"__proto__":{"session_id":"${who().session}"},"constructor":{"prototype":{"x":1}},"member_id":"${randomUUID()}"}`,
    );
    expect([...said(refused), wrongFields(refused)]).toEqual([422, 'invalid_input', ['session_id']]);
  });

  test('every refusal is in the log, by the id the answer carries', async () => {
    const named = randomUUID();
    const refused = await send(who(), doors.booking, '{', { 'x-request-id': named });
    expect([refused.headers.get('x-request-id'), refused.json.request_id]).toEqual([named, named]);
    expect(await logged(named)).toMatchObject({
      level: 'info',
      method: 'POST',
      route: '/api/yoga/bookings',
      status: 400,
      refusal: 'malformed_body',
      business: 'lotus',
      user: who().buyer.id,
    });
    // Of a form as well, whose page does not show it.
    const fields = fieldsOf(who(), doors.booking, { session_id: randomUUID() });
    const form = await who().buyer.visitor.submit('/api/yoga/bookings', fields, '/schedule');
    expect(await logged(form.headers.get('x-request-id') ?? '')).toMatchObject({
      status: 404,
      refusal: 'session_not_found',
    });
  });
});
