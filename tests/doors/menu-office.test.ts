/** The owner’s pages of the menu, as a browser without script sends their forms: who may, parts, recipes. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lotus, sql } from '../world.ts';
import { aBuyer, aColleague, wordsOf } from './buyer.ts';
import { type Office, anOffice, api, has, optionsOf, pages } from './office.ts';
import { Visitor } from './visitor.ts';

let office: Office;
beforeAll(async () => {
  office = await anOffice(lotus);
});
afterAll(() => office.leave());

test('nobody but managers sees these pages or does anything there', async () => {
  const group = await office.aGroup([{ name: { en: 'One' } }]);
  const [option] = await optionsOf(group);
  const product = await office.aProduct('Guarded');
  const barista = (await aColleague('barista')).visitor;
  const all = [
    'groups',
    `groups/${group}`,
    `groups/${group}/${option?.id}`,
    'categories',
    'day-parts',
    'counters',
  ];
  for (const page of all) {
    expect([page, (await office.manager.visitor.get(`${pages}/${page}`)).status]).toEqual([page, 200]);
    expect([page, (await barista.get(`${pages}/${page}`)).status]).toEqual([page, 403]);
    expect([page, (await new Visitor().get(`${pages}/${page}`)).status]).toEqual([page, 303]);
  }
  for (const visitor of [barista, (await aBuyer('eater')).visitor])
    for (const [path, body] of [
      [`groups/${group}/retire`, {}],
      [`groups/${group}/move`, { step: 1 }],
      ['options', { group_id: group, name: { en: 'Mine' } }],
      [`options/${option?.id}/retire`, {}],
      [`options/${option?.id}/move`, { step: 1 }],
      [`categories/${office.category}/drop`, {}],
      [`day-parts/${randomUUID()}/drop`, {}],
    ] as const)
      expect([path, (await visitor.call(`${api}/${path}`, body)).json?.code]).toEqual([
        path,
        'not_your_role',
      ]);
  expect((await barista.call(`/api/coffee/products/${product}/picture/remove`, {})).status).toBe(403);
  for (const page of ['groups', 'categories', 'day-parts', 'counters'])
    expect((await office.manager.visitor.get(`${pages}/${page}/${randomUUID()}`)).status).toBe(404);
});

test('a part of the menu is made, moved by buttons, and goes once it is empty', async () => {
  const name = `Soups ${office.tag}`;
  const wrong = await office.submit(
    `${api}/categories`,
    { name_en: ' ', summary_en: 'Warm ones' },
    `${pages}/categories/new`,
  );
  expect([wrong.status, has(wrong, 'summary_en', 'Warm ones')]).toEqual([422, true]);
  await office.submit(
    `${api}/categories`,
    { name_en: name, name_es: `Sopas ${office.tag}` },
    `${pages}/categories/new`,
  );
  const [part] = await sql<{ id: string; slug: string }>(
    `select id, slug from shop.categories where business_id = $1 and name ->> 'en' = $2`,
    [lotus, name],
  );
  expect(part?.slug).toBe(`soups-${office.tag}`);
  const order = async () => {
    const page = await office.manager.visitor.get(`${pages}/categories`);
    return page.text.indexOf(name) < page.text.indexOf(`Office ${office.tag}`);
  };
  expect(await order()).toBe(false);
  const up = () =>
    office.submit(`${api}/categories`, { category_id: part?.id ?? '', step: '-1' }, `${pages}/categories`);
  // Others make parts at the same time: as many steps as are between.
  for (let n = 0; n < 20 && !(await order()); n++) expect((await up()).to).toBe(`${pages}/categories`);
  expect(await order()).toBe(true);
  await office.submit(
    `${api}/categories`,
    { category_id: part?.id ?? '', name_en: name, name_es: 'Caldos', slug: `broths-${office.tag}` },
    `${pages}/categories/${part?.id}`,
  );
  expect(wordsOf(await office.manager.visitor.get(`/es${pages}/categories`))).toContain('Caldos');
  const product = await office.aProduct('Minestrone', { category_id: part?.id });
  const drop = () =>
    office.submit(`${api}/categories/${part?.id}/drop`, {}, `${pages}/categories/${part?.id}`);
  const kept = await drop();
  expect([kept.status, wordsOf(kept).includes('There is still something in it')]).toEqual([409, true]);
  await office.manager.visitor.call(`/api/coffee/products/${product}/save`, { category_id: office.category });
  expect((await drop()).to).toBe(`${pages}/categories`);
  expect((await office.manager.visitor.get(`${pages}/categories/${part?.id}`)).status).toBe(404);
});

test('a recipe with an amount that is none says so beside it, and keeps the others', async () => {
  const item = await office.anItem('Flour', 'g');
  const product = await office.aProduct('Bread');
  const field = `quantity_${item}`;
  const wrong = await office.submit(
    '/api/coffee/inventory/recipes',
    { product_id: product, [field]: 'a handful' },
    `${pages}/${product}`,
  );
  expect([wrong.status, has(wrong, field, 'a handful')]).toEqual([422, true]);
  expect(wrong.text).toContain(`id="wrong-${item}"`);
  // Nothing else on the page was touched: what the product is called is still there.
  expect(wrong.text).toContain(`value="Bread ${office.tag}"`);
});
