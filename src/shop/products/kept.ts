/** The menu as managers keep it, in one answer. */
import type { SpecialDay } from '#business/businesses.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, answer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { Allergen, Diet } from '../menu/menu.ts';
import type { Serving } from '../ordering/handover.ts';

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
  picture_alt: LocalisedText;
  price_cents: number;
  tax_rate_bp: number;
  /** Null: the same taken away. */
  takeaway_tax_rate_bp: number | null;
  make_seconds: number;
  allergens: Allergen[];
  /** Of these, what goes where a usual option is exchanged for another. */
  replaceable_allergens: Allergen[];
  diets: Diet[];
  day_part_id: string | null;
  published: boolean;
  retired: boolean;
  groups: string[];
  bundle: { product_id: string; quantity: number }[];
  not_offered: string[];
  recipe: { item_id: string; quantity: number }[];
}

export interface KeptOption {
  modifier_id: string;
  name: LocalisedText;
  price_cents: number;
  make_seconds: number;
  max_each: number;
  is_default: boolean;
  allergens: Allergen[];
  /** The locations where it is gone for today. */
  sold_out: string[];
  /** Below zero: what it spares. */
  recipe: { item_id: string; quantity: number }[];
}

export interface KeptGroup {
  group_id: string;
  name: LocalisedText;
  kind: 'choice' | 'variant';
  min: number;
  max: number;
  /** How many products ask it. */
  products: number;
  options: KeptOption[];
}

export interface KeptCounter {
  location_id: string;
  name: string;
  /** Whether it has been made a counter. */
  sells: boolean;
  zone: string;
  /** Null: closed now. */
  open_until: string | null;
  /** Empty: the business's. */
  hours: { day: number; opens: string; closes: string }[];
  slot_minutes: number;
  slot_seconds: number;
  lead_minutes: number;
  days_ahead: number;
  delay_minutes: number;
  takes_orders: boolean;
  tip_percents: number[];
  servings: Serving[];
  /** From today on. */
  special_days: SpecialDay[];
}

export interface KeptDayPart {
  day_part_id: string;
  name: LocalisedText;
  days: number[];
  from: string;
  until: string;
}

export interface KeptMenu {
  categories: { category_id: string; slug: string; name: LocalisedText; summary: LocalisedText }[];
  day_parts: KeptDayPart[];
  groups: KeptGroup[];
  products: KeptProduct[];
  items: { item_id: string; name: LocalisedText; unit: 'g' | 'ml' | 'piece'; unit_cost: number }[];
  counters: KeptCounter[];
}

export const keptMenu = async (db: Db, business_id: string): Promise<KeptMenu | Refusal> =>
  answer(await db.rpc('menu_admin', { business_id }, { get: true })) as unknown as KeptMenu | Refusal;
