/** The menu as managers keep it. Every command is one SQL function that asks for the manager's role. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, answer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import { type Allergen, type Diet, forgetMenu } from '../menu/menu.ts';

export interface KeptProduct {
  product_id: string;
  category_id: string;
  slug: string;
  kind: 'made' | 'retail' | 'bundle';
  name: LocalisedText;
  summary: LocalisedText;
  description: LocalisedText;
  /** A drawing; picture_hash: a picture of the house's own instead. */
  picture: string;
  picture_hash: string | null;
  price_cents: number;
  tax_rate_bp: number;
  /** Null: the same taken away. */
  takeaway_tax_rate_bp: number | null;
  make_seconds: number;
  allergens: Allergen[];
  diets: Diet[];
  day_part_id: string | null;
  published: boolean;
  retired: boolean;
  groups: string[];
  bundle: { product_id: string; quantity: number }[];
  not_offered: string[];
  recipe: { item_id: string; quantity: number }[];
}

export interface KeptMenu {
  categories: { category_id: string; slug: string; name: LocalisedText; summary: LocalisedText }[];
  day_parts: { day_part_id: string; name: LocalisedText; days: number[]; from: string; until: string }[];
  groups: { group_id: string; name: LocalisedText; min: number; max: number; products: number }[];
  products: KeptProduct[];
  items: { item_id: string; name: LocalisedText; unit: 'g' | 'ml' | 'piece'; unit_cost: number }[];
  counters: { location_id: string; name: string; sells: boolean }[];
}

export const keptMenu = async (db: Db, business_id: string): Promise<KeptMenu | Refusal> =>
  answer(await db.rpc('menu_admin', { business_id }, { get: true })) as unknown as KeptMenu | Refusal;

/** Everybody on this server sees the change at once, others within a second. */
async function command<T>(db: Db, name: string, values: object): Promise<T | Refusal> {
  const done = answer(await db.rpc(name as 'save_product', values as never)) as unknown as T | Refusal;
  forgetMenu();
  return done;
}
type Facts = Record<string, unknown>;

/** Makes one when `id` is null; facts left out stay. See api.save_product for what it refuses. */
export const saveProduct = (db: Db, business_id: string, id: string | null, facts: Facts) =>
  command<{ product_id: string; slug: string }>(db, 'save_product', { business_id, product_id: id, facts });
export const publishProduct = (db: Db, business_id: string, product_id: string, published: boolean) =>
  command<{ slug: string; published: boolean }>(db, 'publish_product', {
    business_id,
    product_id,
    published,
  });
export const retireProduct = (db: Db, business_id: string, product_id: string, retired: boolean) =>
  command<{ slug: string; retired: boolean }>(db, 'retire_product', { business_id, product_id, retired });
export const moveOnMenu = (
  db: Db,
  business_id: string,
  input: { what: 'category' | 'product'; id: string; step: number },
) => command<{ position: number }>(db, 'move_on_menu', { business_id, ...input });
export const saveCategory = (db: Db, business_id: string, category_id: string | null, facts: Facts) =>
  command<{ category_id: string; slug: string }>(db, 'save_category', { business_id, category_id, facts });
export const saveGroup = (db: Db, business_id: string, group_id: string | null, facts: Facts) =>
  command<{ group_id: string }>(db, 'save_modifier_group', { business_id, group_id, facts });
export const saveDayPart = (db: Db, business_id: string, day_part_id: string | null, facts: Facts) =>
  command<{ day_part_id: string }>(db, 'save_day_part', { business_id, day_part_id, facts });
export const saveCounter = (db: Db, business_id: string, location_id: string, facts: Facts) =>
  command<{ location_id: string }>(db, 'save_counter', { business_id, location_id, facts });
