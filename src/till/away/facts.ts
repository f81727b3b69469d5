/** The menu of a till's counter as its device keeps it, in the words of the page. */
import { type Locale, localised } from '#platform/i18n/locale.ts';
import type { MenuProduct } from '#shop/menu/menu.ts';
import type { Till } from '../tills.ts';
import type { KeptMenu } from './reckoning.ts';

export const keptMenu = (
  menu: MenuProduct[],
  {
    currency,
    prices_include_tax,
    servings,
  }: Pick<Till, 'currency' | 'prices_include_tax'> & Partial<Pick<Till, 'servings'>>,
  locale: Locale,
): KeptMenu => ({
  currency,
  prices_include_tax,
  ...(servings ? { servings } : {}),
  products: menu.map(({ slug, product_id, name, price_cents, groups, ...product }) => ({
    slug,
    product_id,
    name: localised(name, locale),
    price_cents,
    tax_bp: {
      eat_in: product.tax_rate_bp,
      takeaway: product.takeaway_tax_rate_bp ?? product.tax_rate_bp,
    },
    groups: groups.map(({ min, max, options }) => ({
      min,
      max,
      options: options.map((option) => ({
        id: option.modifier_id,
        name: localised(option.name, locale),
        price_cents: option.price_cents,
        is_default: option.is_default,
      })),
    })),
  })),
});
