/** The stockroom and the menu behind the counter, as a manager keeps them. */
import { fill, type Scene } from './scenes.ts';

const milk = '86000000-0000-4000-8000-000000000002';
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
