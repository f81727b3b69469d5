/** The menu in managers' hands, as pages and programs use it: made, published, changed, moved, given up. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { findings, lotus, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, wordsOf } from './buyer.ts';
import { isTicked } from './office.ts';
import { type Reply, Visitor } from './visitor.ts';

let manager: Buyer;
let category: string;
const tag = randomUUID().slice(0, 8);
const said = ({ status, json }: Reply): unknown[] => [status, json?.code];
beforeAll(async () => {
  manager = await aColleague('manager');
  const made = await manager.visitor.call('/api/coffee/menu/categories', {
    slug: `part-${tag}`,
    name: { en: `Part ${tag}`, es: `Parte ${tag}` },
  });
  expect(made.status).toBe(200);
  category = made.json.data.category_id as string;
});
afterEach(async () => expect(await findings()).toEqual([]));

async function aProduct(name = `Dish ${randomUUID().slice(0, 6)}`, more: object = {}) {
  const made = await manager.visitor.call('/api/coffee/products', {
    category_id: category,
    name: { en: name },
    price_cents: 450,
    tax_rate_bp: 1000,
    ...more,
  });
  expect(made.status).toBe(201);
  return { id: made.json.data.product_id as string, slug: made.json.data.slug as string, name };
}
const onMenu = async (slug: string) =>
  (await new Visitor().get(`/api/coffee/products/${slug}`, { accept: 'application/json' })).json?.data;
const publish = (id: string, published = true) =>
  manager.visitor.call(`/api/coffee/products/${id}/publish`, { published });

test('nobody but managers sees the menu’s other side or changes anything on it', async () => {
  const { id } = await aProduct();
  const others = [new Visitor(), (await aBuyer('eater')).visitor, (await aColleague('barista')).visitor];
  for (const [i, visitor] of others.entries()) {
    const no = i === 0 ? [401, 'sign_in_first'] : [403, 'not_your_role'];
    expect(said(await visitor.get('/api/coffee/menu', { accept: 'application/json' }))).toEqual(no);
    for (const [path, body] of [
      ['products', { category_id: category, name: { en: 'Mine' }, price_cents: 1 }],
      [`products/${id}/save`, { price_cents: 1 }],
      [`products/${id}/publish`, { published: true }],
      [`products/${id}/retire`, { retired: true }],
      [`products/${id}/move`, { step: 1 }],
      ['menu/categories', { name: { en: 'Mine' }, slug: 'mine' }],
      ['menu/groups', { name: { en: 'Mine' } }],
      ['menu/day-parts', { name: { en: 'Mine' }, from: '08:00', until: '09:00' }],
      ['menu/counters', { location_id: '20000000-0000-4000-8000-000000000001' }],
    ] as const)
      expect(said(await visitor.call(`/api/coffee/${path}`, body)), path).toEqual(no);
  }
});

test('a product is made by form, is on the menu once it is published, changes price there, and goes', async () => {
  const name = `Stew ${tag}`;
  const fields = {
    name_en: name,
    category_id: category,
    price: '4.50',
    tax: '10',
    make_seconds: '60',
    boxes: 'all',
  };
  const wrong = await manager.visitor.submit(
    '/api/coffee/products',
    { ...fields, price: 'much' },
    '/admin/products/new',
  );
  expect([wrong.status, wrong.text.includes(`value="${name}"`)]).toEqual([422, true]);
  const made = await manager.visitor.submit(
    '/api/coffee/products',
    { ...fields, allergens: 'milk', replaceable_allergens: 'milk' },
    '/admin/products/new',
  );
  const [, id = ''] = /^\/admin\/products\/([0-9a-f-]{36})$/.exec(made.to ?? '') ?? [];
  expect([made.status, id]).not.toContain('');
  const slug = `stew-${tag}`;
  expect(isTicked(await manager.visitor.get(`/admin/products/${id}`), 'replaceable_allergens', 'milk')).toBe(
    true,
  );
  expect(await onMenu(slug)).toBeUndefined();
  expect(wordsOf(await manager.visitor.get('/admin/products'))).toContain(`${name} Not on the menu €4.50`);
  await publish(id);
  await expect
    .poll(() => onMenu(slug))
    .toMatchObject({ price_cents: 450, allergens: ['milk'], tax_rate_bp: 1000 });
  const changed = await manager.visitor.submit(
    `/api/coffee/products/${id}/save`,
    { ...fields, price: '5.20', takeaway_tax: '', replaceable_allergens: 'milk' },
    `/admin/products/${id}`,
  );
  expect([changed.status, changed.to]).toEqual([303, `/admin/products/${id}`]);
  // A box that is not ticked any more is a no.
  await expect.poll(() => onMenu(slug)).toMatchObject({ price_cents: 520, allergens: [] });
  // And what is not in it is not replaced.
  expect(await sql('select replaceable_allergens from shop.products where id = $1', [id])).toEqual([
    { replaceable_allergens: [] },
  ]);
  await manager.visitor.submit(
    `/api/coffee/products/${id}/retire`,
    { retired: 'yes' },
    `/admin/products/${id}`,
  );
  await expect.poll(() => onMenu(slug)).toBeUndefined();
  expect(said(await publish(id))).toEqual([404, 'product_not_found']);
});

test('what is asked about a product is kept in order, and refused where nobody could answer it', async () => {
  const group = (more: object) =>
    manager.visitor.call('/api/coffee/menu/groups', { name: { en: `Bowl ${tag}` }, ...more });
  expect(said(await group({ min: 2, max: 1 }))).toEqual([422, 'group_bounds_invalid']);
  expect(said(await group({ min: 1, max: 1, options: [] }))).toEqual([422, 'group_defaults_invalid']);
  const options = [
    { name: { en: 'Small' }, is_default: true },
    { name: { en: 'Large' }, price_cents: 150 },
  ];
  const made = await group({ min: 1, max: 1, options });
  const { id, slug } = await aProduct(undefined, { groups: [made.json.data.group_id] });
  await publish(id);
  await expect.poll(async () => (await onMenu(slug))?.groups?.[0]?.options).toMatchObject(options);
});

test('a bar is moved up by buttons, keeps its name to itself, and tells who did what', async () => {
  const [one, two] = [await aProduct(), await aProduct()];
  const order = async () =>
    (
      await sql<{ id: string }>('select id from shop.products where id = any($1) order by position, slug', [
        [one.id, two.id],
      ])
    ).map(({ id }) => id);
  expect(await order()).toEqual([one.id, two.id]);
  await manager.visitor.submit(`/api/coffee/products/${two.id}/move`, { step: '-1' }, '/admin/products');
  expect(await order()).toEqual([two.id, one.id]);
  expect(said(await manager.visitor.call(`/api/coffee/products/${one.id}/save`, { slug: two.slug }))).toEqual(
    [409, 'product_slug_taken'],
  );
  expect(
    said(await manager.visitor.call(`/api/coffee/products/${one.id}/save`, { price_cents: -1 })),
  ).toEqual([422, 'product_number_invalid']);
  const acts = await sql<{ n: number }>(
    `select count(*)::int as n from audit.events where business_id = $1 and by_user = $2 and about = $3`,
    [lotus, manager.id, `product:${one.id}`],
  );
  expect(acts).toEqual([{ n: 1 }]);
});

test('a counter’s hours do not overlap and its slots divide the hour', async () => {
  const [place] = await sql<{ id: string }>(
    `insert into business.locations (business_id, name) values ($1, $2) returning id`,
    [lotus, `Hatch ${tag}`],
  );
  const save = (facts: object) =>
    manager.visitor.call('/api/coffee/menu/counters', { location_id: place?.id, ...facts });
  const day = (opens: string, closes: string) => ({ day: 1, opens, closes });
  expect(
    (await save({ hours: [day('08:00', '12:00'), day('14:00', '18:00')], slot_minutes: 10 })).status,
  ).toBe(200);
  expect(said(await save({ hours: [day('08:00', '12:00'), day('11:00', '18:00')] }))).toEqual([
    422,
    'counter_hours_invalid',
  ]);
  expect(said(await save({ slot_minutes: 7 }))).toEqual([422, 'counter_invalid']);
  expect(said(await save({ tip_percents: [90] }))).toEqual([422, 'counter_invalid']);
});
