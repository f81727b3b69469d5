/** How a counter serves, and the days on which it keeps other hours: set by a manager, met by customers and at the till. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bar, aBar } from '../bar.ts';
import { aClass, lotus, sql } from '../world.ts';
import { type Buyer, aBuyer, wordsOf } from './buyer.ts';
import { type Office, anOffice, api, has, isTicked, pages } from './office.ts';
import { Visitor } from './visitor.ts';
import { messages } from '#platform/i18n/index.ts';

const m = messages('en');
let office: Office;
beforeAll(async () => {
  office = await anOffice(lotus);
});
afterAll(() => office.leave());

const order = (buyer: Buyer, bar: Bar, more: object = {}) =>
  buyer.visitor.call(
    '/api/coffee/orders',
    { location_id: bar.location, lines: [{ slug: bar.coffee.slug }], ...more },
    { 'idempotency-key': randomUUID() },
  );
const manage = (path: string, body: object) => office.manager.visitor.call(`${api}/counters${path}`, body);
/** A day of the bar's own calendar. */
const dayAhead = async (days: number): Promise<string> => {
  const [row] = await sql<{ day: string }>(
    `select ((now() at time zone b.time_zone)::date + $2::int)::text as day from business.businesses b where b.id = $1`,
    [lotus, days],
  );
  return row?.day ?? '';
};

test('on a closed day nothing is ordered, and its day has no times to collect; then it is as ever', async () => {
  const [bar, buyer] = [await aBar(), await aBuyer()];
  // Two days, as midnight may come in between; what is collected is on the third.
  const [today, tomorrow, third] = [await dayAhead(0), await dayAhead(1), await dayAhead(2)];
  for (const on_date of [today, tomorrow]) {
    const closed = await manage('/special-days', { location_id: bar.location, on_date, hours: [] });
    expect([closed.status, closed.json.data.promised]).toEqual([200, 0]);
  }
  const refused = await order(buyer, bar);
  expect([refused.status, refused.json.code]).toEqual([409, 'counter_closed']);
  const noon = { pickup_at: `${third}T12:00:00Z` };
  expect((await order(buyer, bar, noon)).status).toBe(201);
  const late = await manage('/special-days', {
    ...{ location_id: bar.location, on_date: third, why: { en: 'Fair' } },
    hours: [{ opens: '20:00', closes: '24:00' }],
  });
  expect(late.json.data.promised).toBe(1);
  expect(late.json.message).toBe(m.menuOffice.special.promised({ count: 1 }));
  const again = await order(buyer, bar, noon);
  expect([again.status, again.json.code]).toEqual([409, 'pickup_closed']);
  await buyer.visitor.call('/api/coffee/cart', { slug: bar.coffee.slug });
  await buyer.visitor.call('/api/coffee/cart/handover', { location_id: bar.location });
  const times = (await buyer.visitor.get('/api/coffee/pickup-times', {})).json.data as string[];
  const clock = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone: 'Europe/Madrid', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  });
  const said = times.map((at) => clock.format(new Date(at)));
  expect(said.filter((at) => at < `${third} 20:00`)).toEqual([]);
  expect(said).toContain(`${third} 20:30`);
  const drop = (on_date: string) => manage('/special-days/drop', { location_id: bar.location, on_date });
  for (const on_date of [today, tomorrow]) expect((await drop(on_date)).status).toBe(200);
  expect((await drop(today)).json.code).toBe('special_day_not_found');
  expect((await order(buyer, bar)).status).toBe(201);
});

test('a form closes a day; half an opening is asked for its other half, and a barista may not', async () => {
  const bar = await aBar();
  const from = `${pages}/counters/${bar.location}`;
  const day = await dayAhead(40);
  const fields = { special: 'yes', location_id: bar.location, on_date: day, why_en: `Fair ${office.tag}` };
  const half = await office.submit(`${api}/counters/special-days`, { ...fields, opens_a: '10:00' }, from);
  expect([half.status, has(half, 'opens_a', '10:00'), has(half, 'on_date', day)]).toEqual([422, true, true]);
  // The hours of the week, in the form above, are not what is wrong.
  expect([half.text.includes('id="special-error"'), half.text.includes('id="hours-error"')]).toEqual([
    true,
    false,
  ]);
  const past = await office.submit(
    `${api}/counters/special-days`,
    { ...fields, on_date: await dayAhead(-1) },
    from,
  );
  expect([past.status, wordsOf(past).includes(m.refusals.special_day_past as string)]).toEqual([422, true]);
  const done = await office.submit(
    `${api}/counters/special-days`,
    { ...fields, opens_a: '10:00', closes_a: '14:00', opens_b: '20:00', closes_b: '00:00' },
    from,
  );
  expect(done.to).toBe(`${from}#special-days`);
  expect(wordsOf(await office.manager.visitor.get(from))).toContain(
    `10:00–14:00, 20:00–24:00 · Fair ${office.tag}`,
  );
  const gone = await office.submit(
    `${api}/counters/special-days/drop`,
    { location_id: bar.location, on_date: day },
    from,
  );
  expect(gone.to).toBe(`${from}#special-days`);
  expect(wordsOf(await office.manager.visitor.get(from))).not.toContain(`Fair ${office.tag}`);
  const elsewhere = await new Visitor().call(`${api}/counters/special-days`, { ...fields, hours: [] });
  expect(elsewhere.status).toBe(401);
});

test('the menu says in both languages which day of the next week is closed, and why', async () => {
  const [first] = await sql<{ id: string }>('select shop.first_counter($1) as id', [lotus]);
  const day = { location_id: first?.id, on_date: await dayAhead(6) };
  const why = { en: `Fair ${office.tag}`, es: `Feria ${office.tag}` };
  await manage('/special-days', { ...day, hours: [], why });
  const read = async (path: string) => wordsOf(await office.manager.visitor.get(path));
  expect(await read('/menu')).toMatch(new RegExp(`Closed on [^:]+: ${why.en}`));
  expect(await read('/es/menu')).toMatch(new RegExp(`Cerrado el [^:]+: ${why.es}`));
  // So do the opening hours, below every page and where people look them up; each in its reader's words.
  const wholePage = async (path: string) => (await office.manager.visitor.get(path)).text;
  for (const path of ['/plans', '/visit']) {
    expect(await wholePage(path)).toContain(why.en);
    const spanish = await wholePage(`/es${path}`);
    expect([spanish.includes(why.es), spanish.includes(why.en)]).toEqual([true, false]);
  }
  // A class is held on that day: it is the bar that is closed, not the house.
  await aClass({ startsIn: '6 days' });
  expect(await wholePage('/visit')).toMatch(new RegExp(`The bar(, [^:]+)?: ${why.en}`));
  expect(await wholePage('/es/plans')).toMatch(new RegExp(`La barra(, [^:]+)?: ${why.es}`));
  await manage('/special-days/drop', day);
  for (const path of ['/menu', '/plans', '/visit']) expect(await wholePage(path)).not.toContain(why.en);
});

test('a counter that serves takeaway only offers nothing else: in the cart, in an order, at the till', async () => {
  const [bar, buyer] = [await aBar(), await aBuyer()];
  const from = `${pages}/counters/${bar.location}`;
  await buyer.visitor.call('/api/coffee/cart', { slug: bar.coffee.slug });
  const hand = (more: object) =>
    buyer.visitor.call('/api/coffee/cart/handover', { location_id: bar.location, ...more });
  expect((await hand({ serving: 'eat_in', table_label: '4' })).status).toBe(204);
  const fields = { boxes: 'all', location_id: bar.location, takes_orders: 'yes', tips: '0, 5' };
  const none = await office.submit(
    `${api}/counters`,
    { ...fields, opens_1_a: '00:00', closes_1_a: '00:00' },
    from,
  );
  expect([none.status, wordsOf(none).includes(m.refusals.servings_invalid as string)]).toEqual([422, true]);
  expect(isTicked(none, 'servings', 'takeaway')).toBe(false);
  expect((await manage('', { location_id: bar.location, servings: ['takeaway'] })).status).toBe(200);
  const page = await office.manager.visitor.get(from);
  expect(['takeaway', 'eat_in'].map((way) => isTicked(page, 'servings', way))).toEqual([true, false]);
  // Who had chosen a table is told, and has the other way before them.
  const cart = await buyer.visitor.get('/cart');
  expect(wordsOf(cart)).toContain(m.refusals.serving_not_offered as string);
  expect([isTicked(cart, 'serving', 'takeaway'), cart.text.includes('value="eat_in"')]).toEqual([
    true,
    false,
  ]);
  const asked = await hand({ serving: 'eat_in' });
  expect([asked.status, asked.json.code]).toEqual([409, 'serving_not_offered']);
  expect((await hand({ serving: 'takeaway' })).status).toBe(204);
  expect(wordsOf(await buyer.visitor.get('/cart'))).not.toContain(m.refusals.serving_not_offered as string);
  expect((await order(buyer, bar, { serving: 'eat_in' })).json.code).toBe('serving_not_offered');
  expect((await order(buyer, bar)).status).toBe(201);
  // At the till.
  const seller = office.manager.visitor;
  const till = (await seller.call('/api/coffee/till', { location_id: bar.location, name: 'Bar' })).json.data
    .till_id as string;
  const ticket = await seller.get(`/till/${till}?line=1~${bar.coffee.slug}`);
  expect([ticket.text.includes('data-key="takeaway"'), ticket.text.includes('data-key="eat_in"')]).toEqual([
    true,
    false,
  ]);
  const price = (more: object) =>
    seller.call('/api/coffee/till/prices', { till_id: till, lines: [{ slug: bar.coffee.slug }], ...more });
  expect((await price({})).status).toBe(200);
  expect((await price({ serving: 'eat_in' })).json.code).toBe('serving_not_offered');
});
