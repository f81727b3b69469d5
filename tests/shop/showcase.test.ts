import { expect, test } from 'vitest';
import { type MenuProduct, showcase } from '#shop/menu/menu.ts';

const product = (slug: string, part: string, problem: MenuProduct['problem'] = null) =>
  ({ slug, category_slug: part, problem }) as MenuProduct;

test('the front door shows something of each part of the menu before it shows a second thing of one', () => {
  const menu = [
    product('espresso', 'coffee'),
    product('cortado', 'coffee'),
    product('chai', 'tea'),
    product('croissant', 'oven'),
    product('beans', 'shelf'),
  ];
  expect(showcase(menu).map(({ slug }) => slug)).toEqual(['espresso', 'chai', 'croissant', 'beans']);
  expect(showcase(menu.slice(0, 3)).map(({ slug }) => slug)).toEqual(['espresso', 'chai', 'cortado']);
});

test('the front door shows nothing that cannot be had now', () => {
  const menu = [
    product('espresso', 'coffee', 'product_sold_out'),
    product('porridge', 'breakfast', 'product_not_now'),
  ];
  expect(showcase(menu)).toEqual([]);
});
