/** The stockroom and the menu behind the counter, as a manager keeps them. */
import { fill, type Scene } from './scenes.ts';

const milk = '86000000-0000-4000-8000-000000000002';
const earlyBird = '83000000-0000-4000-8000-000000000014';
const milks = '84000000-0000-4000-8000-000000000002';
const oat = '85000000-0000-4000-8000-000000000004';
const breakfast = '82000000-0000-4000-8000-000000000001';
const coffee = '81000000-0000-4000-8000-000000000001';
const counter = '20000000-0000-4000-8000-000000000001';
const flatWhite = '83000000-0000-4000-8000-000000000003';

export const stockScenes: Scene[] = [
  {
    name: 'admin-stock',
    path: '/admin/stock',
    act: (page) =>
      page
        .locator('.stock-waste')
        .first()
        .evaluate((part: HTMLDetailsElement) => (part.open = true)),
  },
  { name: 'admin-stock-none', path: '/admin/stock?q=nothing+like+it' },
  { name: 'admin-stock-item', path: `/admin/stock/${milk}` },
  { name: 'admin-stock-new', path: '/admin/stock/new' },
  { name: 'admin-stock-count', path: '/admin/stock/count' },
  { name: 'admin-stock-delivery', path: '/admin/stock/deliveries/new' },
  { name: 'admin-stock-reorder', path: '/admin/stock/reorder' },
  { name: 'admin-stock-costs', path: '/admin/stock/costs' },
];

export const menuScenes: Scene[] = [
  { name: 'admin-products', path: '/admin/products' },
  { name: 'admin-product', path: `/admin/products/${flatWhite}` },
  {
    name: 'admin-product-wrong',
    path: '/admin/products/new',
    act: fill({ name_en: 'Nonsense', price: 'dear' }, '/api/coffee/products'),
  },
];

/** What the menu is made of: what is asked, its parts, when and where. */
export const menuPartScenes: Scene[] = [
  { name: 'admin-bundle', path: `/admin/products/${earlyBird}` },
  { name: 'admin-bundle-new', path: '/admin/products/new?kind=bundle' },
  { name: 'admin-groups', path: '/admin/products/groups' },
  { name: 'admin-group', path: `/admin/products/groups/${milks}` },
  {
    name: 'admin-group-wrong',
    path: '/admin/products/groups/new',
    act: fill({ name_en: 'Size', answer_1_en: 'Small', answer_1_price: 'dear' }, '/api/coffee/menu/groups'),
  },
  { name: 'admin-option', path: `/admin/products/groups/${milks}/${oat}` },
  { name: 'admin-categories', path: '/admin/products/categories' },
  { name: 'admin-category', path: `/admin/products/categories/${coffee}` },
  { name: 'admin-day-parts', path: '/admin/products/day-parts' },
  { name: 'admin-day-part', path: `/admin/products/day-parts/${breakfast}` },
  { name: 'admin-counters', path: '/admin/products/counters' },
  { name: 'admin-counter', path: `/admin/products/counters/${counter}` },
];
