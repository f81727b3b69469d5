/** What is asked about products, and its answers, from forms without script. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lotus, sql } from '../world.ts';
import { wordsOf } from './buyer.ts';
import { type Office, anOffice, api, has, isTicked, lastOf, onMenu, optionsOf, pages } from './office.ts';
import { Visitor } from './visitor.ts';

let office: Office;
beforeAll(async () => {
  office = await anOffice(lotus);
});
afterAll(() => office.leave());

test('a question is asked with its answers; refused, everything typed and ticked comes back', async () => {
  const [one, two] = [await office.aProduct('Bowl'), await office.aProduct('Plate')];
  const fields: [string, string][] = [
    ...Object.entries({ boxes: 'all', name_en: `Size ${office.tag}`, kind: 'choice', min: '1', max: '1' }),
    ...Object.entries({
      answer_1_en: 'Small',
      answer_2_en: 'Large',
      answer_2_es: 'Grande',
      answer_2_price: '1.50',
    }),
    ...[one, two].map((id): [string, string] => ['products', id]),
  ];
  const usual = (...rows: string[]): [string, string][] => [
    ...fields,
    ...rows.map((row): [string, string] => ['usual', row]),
  ];
  const wrong = await office.submit(`${api}/groups`, usual('1', '2'), `${pages}/groups/new`);
  expect([wrong.status, wordsOf(wrong).includes('no more usual ones than may be chosen')]).toEqual([
    422,
    true,
  ]);
  expect([one, two].map((id) => isTicked(wrong, 'products', id))).toEqual([true, true]);
  expect(['1', '2', '3'].map((row) => isTicked(wrong, 'usual', row))).toEqual([true, true, false]);
  expect([has(wrong, 'answer_2_es', 'Grande'), has(wrong, 'answer_2_price', '1.50')]).toEqual([true, true]);
  const dear = await office.submit(
    `${api}/groups`,
    [...usual('1'), ['answer_3_en', 'X'], ['answer_3_price', 'lots']],
    '/',
  );
  expect(dear.status).toBe(422);

  const group = lastOf(await office.submit(`${api}/groups`, usual('1'), `${pages}/groups/new`));
  await office.manager.visitor.call(`/api/coffee/products/${one}/publish`, { published: true });
  await expect
    .poll(async () => (await onMenu(`bowl-${office.tag}`))?.groups)
    .toMatchObject([
      {
        min: 1,
        max: 1,
        options: [
          { name: { en: 'Small' }, is_default: true },
          { name: { es: 'Grande' }, price_cents: 150 },
        ],
      },
    ]);
  // What is not ticked any more is not asked any more.
  const less = fields.filter(([name, value]) => !name.startsWith('answer') && value !== one);
  await office.submit(`${api}/groups`, [...less, ['group_id', group]], `${pages}/groups/${group}`);
  await expect.poll(async () => (await onMenu(`bowl-${office.tag}`))?.groups).toEqual([]);
  expect((await optionsOf(group)).map(({ name }) => name)).toEqual(['Small', 'Large']);

  const give = () => office.submit(`${api}/groups/${group}/retire`, {}, `${pages}/groups/${group}`);
  expect([(await give()).status]).toEqual([409]);
  await office.manager.visitor.call(`/api/coffee/products/${two}/save`, { groups: [] });
  expect((await give()).to).toBe(`${pages}/groups`);
  expect((await office.manager.visitor.get(`${pages}/groups/${group}`)).status).toBe(404);
  const again = await office.manager.visitor.call(`/api/coffee/products/${two}/save`, { groups: [group] });
  expect(again.json?.code).toBe('group_not_found');
});

test('an answer has its price, its stock, its allergens and its place, is sold out for today, and is given up', async () => {
  const [milk, oat] = [await office.anItem('Milk', 'ml'), await office.anItem('Oat', 'ml')];
  const product = await office.aProduct('Latte');
  const group = await office.aGroup([{ name: { en: 'Whole' }, is_default: true }], {
    min: 1,
    products: [product],
  });
  const from = `${pages}/groups/${group}/new`;
  const fields: [string, string][] = [
    ...Object.entries({
      boxes: 'all',
      group_id: group,
      name_en: 'Oat',
      price: '-0.20',
      make_seconds: '5',
      max_each: '1',
    }),
    ...Object.entries({ item_1: milk, amount_1: '-200', item_2: oat, amount_2: '0.2 l', is_default: 'yes' }),
    ['allergens', 'gluten'],
    ['allergens', 'nuts'],
  ];
  const wrong = await office.submit(
    `${api}/options`,
    fields.map(([name, value]) => [name, name === 'amount_2' ? 'some' : value] as [string, string]),
    from,
  );
  expect([wrong.status, has(wrong, 'amount_2', 'some'), has(wrong, 'price', '-0.20')]).toEqual([
    422,
    true,
    true,
  ]);
  expect(['gluten', 'nuts', 'milk'].map((mark) => isTicked(wrong, 'allergens', mark))).toEqual([
    true,
    true,
    false,
  ]);
  expect(new RegExp(`<option value="${oat}" selected`).test(wrong.text)).toBe(true);
  expect((await office.submit(`${api}/options`, fields, from)).to).toBe(`${pages}/groups/${group}#options`);

  // The new usual one takes the place of the old.
  const [whole, other] = await optionsOf(group);
  expect([whole?.is_default, other?.is_default]).toEqual([false, true]);
  expect(wordsOf(await office.manager.visitor.get(`${pages}/groups/${group}`))).toContain(
    `−€0.20 · +5 s · spares 200 ml Milk ${office.tag} · takes 200 ml Oat ${office.tag} · gluten · nuts`,
  );
  await office.manager.visitor.call(`/api/coffee/products/${product}/publish`, { published: true });
  const page = async () => wordsOf(await new Visitor().get(`/menu/latte-${office.tag}`));
  await expect.poll(page).toContain('gluten and nuts');
  await office.submit(`${api}/options/${other?.id}/move`, { step: '-1' }, `${pages}/groups/${group}`);
  expect((await optionsOf(group)).map(({ name }) => name)).toEqual(['Oat', 'Whole']);

  const [counter] = await sql<{ id: string }>('select shop.first_counter($1) as id', [lotus]);
  const gone = { location_id: counter?.id ?? '', modifier_id: whole?.id ?? '', sold_out: 'yes' };
  await office.submit('/api/coffee/board/sold-out', gone, `${pages}/groups/${group}`);
  expect(wordsOf(await office.manager.visitor.get(`${pages}/groups/${group}`))).toContain('Sold out today');

  const retire = (id = '') =>
    office.submit(`${api}/options/${id}/retire`, {}, `${pages}/groups/${group}/${id}`);
  expect((await retire(other?.id)).to).toBe(`${pages}/groups/${group}#options`);
  const last = await retire(whole?.id);
  expect([last.status, wordsOf(last).includes('There have to be enough answers')]).toEqual([422, true]);
});
