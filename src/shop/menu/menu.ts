/** What the bar sells, as everybody sees it: kept for at most a second. */
import type { SpecialDay } from '#business/businesses.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { keepFor } from '#platform/kept.ts';
import { log } from '#platform/log.ts';
import { type RefusalName, readAnswer } from '#platform/refusals.ts';
import { publicDb } from '#platform/supabase.ts';
import { forgetPages } from '#site/shared-page.ts';
import type { Serving } from '../ordering/handover.ts';

export interface Option {
  modifier_id: string;
  name: LocalisedText;
  /** Added to the price of one, in minor units; may be below zero. */
  price_cents: number;
  /** How often it may be chosen. */
  max_each: number;
  is_default: boolean;
  /** What it brings in that the product alone may not have. */
  allergens: Allergen[];
  sold_out: boolean;
}

/** What is asked about a product. `min` 1: an answer is needed. */
export interface OptionGroup {
  group_id: string;
  name: LocalisedText;
  kind: 'choice' | 'variant';
  min: number;
  max: number;
  options: Option[];
}

/** How a counter stands right now. */
export interface Counter {
  location_id: string;
  takes_orders: boolean;
  /** Null while it is closed. */
  closes_at: string | null;
  /** When a coffee ordered now would be ready; null: not today. */
  ready_by: string | null;
  days_ahead: number;
  servings: Serving[];
  /** Of the next week. */
  special_days: SpecialDay[];
}

export interface MenuProduct {
  category_slug: string;
  category_name: LocalisedText;
  category_summary: LocalisedText;
  product_id: string;
  slug: string;
  kind: 'made' | 'retail' | 'bundle';
  name: LocalisedText;
  summary: LocalisedText;
  description: LocalisedText;
  picture: string;
  picture_alt: LocalisedText;
  price_cents: number;
  tax_rate_bp: number;
  takeaway_tax_rate_bp: number | null;
  allergens: Allergen[];
  diets: Diet[];
  day_part: { name: LocalisedText; days: number[]; from: string; until: string } | null;
  make_seconds: number;
  /** Why it cannot be had now: `product_sold_out` or `product_not_now`. */
  problem: RefusalName | null;
  /** 1 to 5 when there is hardly any left. */
  few_left: number | null;
  bundle: { name: LocalisedText; quantity: number; picture: string }[] | null;
  groups: OptionGroup[];
  counter: Counter;
}

/** Regulation (EU) No 1169/2011, Annex II. */
export const allergens = [
  'gluten',
  'crustaceans',
  'egg',
  'fish',
  'peanut',
  'soy',
  'milk',
  'nuts',
  'celery',
  'mustard',
  'sesame',
  'sulphites',
  'lupin',
  'molluscs',
] as const;
export const diets = ['vegan', 'vegetarian', 'gluten_free', 'lactose_free', 'decaf'] as const;
export type Allergen = (typeof allergens)[number];
export type Diet = (typeof diets)[number];

const kept = keepFor<MenuProduct[]>(1000);

/** The menu of the business's first counter; empty where it sells nothing. One database answer. */
export const readMenu = (businessId: string): Promise<MenuProduct[]> =>
  kept.get(businessId, async () => {
    const rows = readAnswer(await publicDb().rpc('menu', { business_id: businessId }, { get: true }));
    return rows as unknown as MenuProduct[];
  });

/** Whether the business has a bar: for links to it. A page is not lost because the menu cannot be read just now. */
export const hasMenu = async (businessId: string): Promise<boolean> => {
  try {
    return (await readMenu(businessId)).length > 0;
  } catch (error) {
    log.error('menu_not_read', error, { business_id: businessId });
    return true;
  }
};

/** After something was sold out, changed or ordered here, so that the one who did it sees it at once. */
export function forgetMenu(): void {
  kept.forget();
  forgetPages();
}

export interface Section {
  slug: string;
  name: LocalisedText;
  summary: LocalisedText;
  products: MenuProduct[];
}

/** Products by category, in the order of the menu. */
export function sectionsOf(products: MenuProduct[]): Section[] {
  const groups = Map.groupBy(products, ({ category_slug }) => category_slug);
  return [...groups.values()].flatMap((of) =>
    of[0]
      ? [
          {
            slug: of[0].category_slug,
            name: of[0].category_name,
            summary: of[0].category_summary,
            products: of,
          },
        ]
      : [],
  );
}

/** A few things that can be had right now, from as many parts of the menu as there are: what the front door shows. */
export const showcase = (products: MenuProduct[], most = 4): MenuProduct[] => {
  const parts = sectionsOf(products.filter(({ problem }) => problem === null)).map((part) => part.products);
  const longest = Math.max(0, ...parts.map((part) => part.length));
  return Array.from({ length: longest }, (_, i) => parts.flatMap((part) => part.slice(i, i + 1)))
    .flat()
    .slice(0, most);
};

/** The price of one as it is usually had: with its default options. */
export const usualPrice = ({ price_cents, groups }: MenuProduct): number =>
  Math.max(
    0,
    groups
      .flatMap(({ options }) => options)
      .reduce((sum, option) => (option.is_default ? sum + option.price_cents : sum), price_cents),
  );

/** Whether it can be had as it is, with one tap: every question has an answer already. */
export const isOneTap = ({ groups }: MenuProduct): boolean =>
  groups.every(
    ({ min, options }) => options.filter((option) => option.is_default && !option.sold_out).length >= min,
  );

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export interface MenuFilter {
  words: string;
  diet: Diet | null;
}

/** What a search finds: all words, in name, summary or category, in any language, whatever the accents. */
export function searchMenu(products: MenuProduct[], { words, diet }: MenuFilter): MenuProduct[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  return products.filter((product) => {
    if (diet && !product.diets.includes(diet)) return false;
    const text = plain(
      [product.name, product.summary, product.category_name]
        .flatMap((localised) => Object.values(localised ?? {}))
        .join(' '),
    );
    return wanted.every((word) => text.includes(word));
  });
}
