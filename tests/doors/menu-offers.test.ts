/** Times of day, bundles and counters, from forms without script. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lotus, sql } from '../world.ts';
import { wordsOf } from './buyer.ts';
import { type Office, anOffice, api, has, isTicked, lastOf, pages } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await anOffice(lotus);
});
afterAll(() => office.leave());

test('a time of day says what is served in it, and goes when nothing is', async () => {
  const [soup, salad] = [await office.aProduct('Soup'), await office.aProduct('Salad')];
  const fields = (from: string, ...products: string[]): [string, string][] => [
    ...Object.entries({ boxes: 'all', name_en: `Noon ${office.tag}`, from, until: '15:00' }),
    ['days', '1'],
    ['days', '5'],
    ...products.map((id): [string, string] => ['products', id]),
  ];
  const wrong = await office.submit(
    `${api}/day-parts`,
    fields('16:00', soup, salad),
    `${pages}/day-parts/new`,
  );
  expect([wrong.status, has(wrong, 'from', '16:00')]).toEqual([422, true]);
  expect(['1', '2', '5'].map((day) => isTicked(wrong, 'days', day))).toEqual([true, false, true]);
  expect([soup, salad].map((id) => isTicked(wrong, 'products', id))).toEqual([true, true]);
  await office.submit(`${api}/day-parts`, fields('12:00', soup, salad), `${pages}/day-parts/new`);
  expect(wordsOf(await office.manager.visitor.get(`${pages}/day-parts`))).toContain(
    `Noon ${office.tag} 12:00–15:00, Mon and Fri Soup ${office.tag}, Salad ${office.tag}`,
  );
  const [part] = await sql<{ id: string }>('select day_part_id as id from shop.products where id = $1', [
    soup,
  ]);
  await office.submit(
    `${api}/day-parts`,
    [...fields('12:00', soup), ['day_part_id', part?.id ?? '']],
    `${pages}/day-parts/${part?.id}`,
  );
  expect(await sql('select day_part_id from shop.products where id = $1', [salad])).toEqual([
    { day_part_id: null },
  ]);
  const drop = () => office.submit(`${api}/day-parts/${part?.id}/drop`, {}, `${pages}/day-parts/${part?.id}`);
  expect((await drop()).status).toBe(409);
  await office.manager.visitor.call(`/api/coffee/products/${soup}/save`, { day_part_id: null });
  expect((await drop()).to).toBe(`${pages}/day-parts`);
});

test('a bundle says what it holds and what that spares; refused, its rows and ticked boxes come back', async () => {
  const [white, croissant] = [
    await office.aProduct('White'),
    await office.aProduct('Croissant', { price_cents: 240 }),
  ];
  const fields: [string, string][] = [
    ...Object.entries({
      boxes: 'all',
      kind: 'bundle',
      name_en: `Morning ${office.tag}`,
      category_id: office.category,
      price: '4.80',
      tax: '10',
    }),
    ...Object.entries({ make_seconds: '0', part_1: white, times_1: '1', part_3: croissant, times_3: '1' }),
    ['allergens', 'milk'],
    ['allergens', 'gluten'],
  ];
  const from = `${pages}/new?kind=bundle`;
  const with_ = (name: string, value: string) =>
    fields.map(([field, old]): [string, string] => [field, field === name ? value : old]);
  const wrong = await office.submit('/api/coffee/products', with_('times_3', '99'), from);
  expect([wrong.status, has(wrong, 'times_3', '99'), has(wrong, 'kind', 'bundle')]).toEqual([
    422,
    true,
    true,
  ]);
  expect(new RegExp(`<option value="${croissant}" selected`).test(wrong.text)).toBe(true);
  expect(['milk', 'gluten', 'egg'].map((mark) => isTicked(wrong, 'allergens', mark))).toEqual([
    true,
    true,
    false,
  ]);
  const bundle = lastOf(await office.submit('/api/coffee/products', fields, from));
  office.made.push(bundle);
  expect(wordsOf(await office.manager.visitor.get(`${pages}/${bundle}`))).toContain(
    '€5.40 apart, €4.80 together €0.60 less than apart',
  );
  const taken = await office.submit(
    `/api/coffee/products/${white}/retire`,
    { retired: 'yes' },
    `${pages}/${white}`,
  );
  expect([taken.status, wordsOf(taken).includes('It is part of a bundle')]).toEqual([409, true]);
  expect(
    isTicked(
      await office.submit(`/api/coffee/products/${bundle}/save`, with_('price', 'x'), `${pages}/${bundle}`),
      'allergens',
      'gluten',
    ),
  ).toBe(true);
});

test('a counter keeps its hours with a siesta and until midnight; half an opening is asked for the other half', async () => {
  const [place] = await sql<{ id: string }>(
    'insert into business.locations (business_id, name) values ($1, $2) returning id',
    [lotus, `Kiosk ${office.tag}`],
  );
  const from = `${pages}/counters/${place?.id}`;
  const fields = {
    ...{
      boxes: 'all',
      location_id: place?.id ?? '',
      slot_minutes: '10',
      slot_seconds: '600',
      lead_minutes: '5',
    },
    ...{ days_ahead: '2', delay_minutes: '0', tips: '0, 8 %, 12', takes_orders: 'yes', servings: 'takeaway' },
    ...{
      opens_1_a: '08:00',
      closes_1_a: '13:00',
      opens_1_b: '17:00',
      closes_1_b: '00:00',
      opens_6_a: '10:00',
    },
  };
  const half = await office.submit(`${api}/counters`, fields, from);
  expect([half.status, has(half, 'opens_6_a', '10:00'), isTicked(half, 'takes_orders', 'yes')]).toEqual([
    422,
    true,
    true,
  ]);
  expect(wordsOf(half)).toContain('Please look at the hours');
  const much = await office.submit(
    `${api}/counters`,
    { ...fields, closes_6_a: '14:00', slot_seconds: '5' },
    from,
  );
  expect([much.status, has(much, 'slot_seconds', '5')]).toEqual([422, true]);
  expect((await office.submit(`${api}/counters`, { ...fields, closes_6_a: '14:00' }, from)).to).toBe(
    `${pages}/counters`,
  );
  expect(
    await sql(
      'select hours, slot_minutes, tip_percents, takes_orders, servings from shop.counters where location_id = $1',
      [place?.id],
    ),
  ).toEqual([
    {
      hours: [
        { day: 1, opens: '08:00', closes: '13:00' },
        { day: 1, opens: '17:00', closes: '24:00' },
        { day: 6, opens: '10:00', closes: '14:00' },
      ],
      ...{ slot_minutes: 10, tip_percents: [0, 8, 12], takes_orders: true, servings: ['takeaway'] },
    },
  ]);
  const page = await office.manager.visitor.get(from);
  expect([has(page, 'closes_1_b', '00:00'), has(page, 'closes_6_a', '14:00')]).toEqual([true, true]);
  const { takes_orders: _, ...closed } = { ...fields, closes_6_a: '14:00' };
  await office.submit(`${api}/counters`, closed, from);
  expect(wordsOf(await office.manager.visitor.get(`${pages}/counters`))).toContain(
    `Kiosk ${office.tag} Takes no orders`,
  );
});
