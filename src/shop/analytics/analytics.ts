/** The bar in numbers, and a day's books. Money is in minor units without tax, unless it says otherwise. */
import type { Period } from '#platform/periods.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export interface Sold {
  name: LocalisedText;
  quantity: number;
  net_cents: number;
  cost_cents: number;
}

export interface ShopAnalytics {
  orders: number;
  net_cents: number;
  items: number;
  discount_cents: number;
  tip_cents: number;
  cost_cents: number;
  average_cents: number | null;
  items_per_order: number | null;
  /** `kept`: ready by what was promised. Seconds from paid to ready. */
  ready: { tickets: number; p50_seconds: number | null; p90_seconds: number | null; kept: number };
  by_hour: { hour: number; orders: number; net_cents: number }[];
  by_day: { day: string; orders: number; net_cents: number }[];
  by_product: (Sold & { slug: string })[];
  /** A bundle counts for what it is made of. */
  by_category: Sold[];
  /** What bundles brought, spread over their parts: these add up to the bundle's row among the products. */
  bundles: {
    slug: string;
    name: LocalisedText;
    net_cents: number;
    parts: { slug: string; name: LocalisedText; quantity: number; net_cents: number }[];
  }[];
  by_modifier: {
    modifier_id: string;
    name: LocalisedText;
    group: LocalisedText;
    times: number;
    cents: number;
  }[];
  by_barista: { name: string; tickets: number; p50_seconds: number; kept: number }[];
  pairs: { one: LocalisedText; two: LocalisedText; times: number }[];
  waste: { name: LocalisedText; unit: 'g' | 'ml' | 'piece'; quantity: number; cost_cents: number }[];
  stock_value_cents: number;
}

/** For managers. Refuses 403 not_your_role, 422 period_invalid. */
export async function shopAnalytics(
  db: Db,
  businessId: string,
  { from, until }: Period,
): Promise<ShopAnalytics | Refusal> {
  const read = answer(
    await db.rpc(
      'shop_analytics',
      { business_id: businessId, from_on: from, until_on: until },
      { get: true },
    ),
  );
  return isRefused(read) ? read : (read as unknown as ShopAnalytics);
}

/** One thing, added up twice. */
export interface Compared {
  name: string;
  orders_cents: number;
  ledger_cents: number;
}

export interface DayClose {
  on_date: string;
  currency: string;
  orders: number;
  /** By provider; what went back is below zero. */
  taken: Compared[];
  given_back: Compared[];
  /** By rate in hundredths of a per cent. */
  tax: Compared[];
  kinds: { name: string; orders_cents: number }[];
  earned_orders_cents: number;
  earned_ledger_cents: number;
}

/** For managers. `on` is a day in the business's zone. Refuses 403 not_your_role. */
export async function dayClose(db: Db, businessId: string, on: string): Promise<DayClose | Refusal> {
  const read = answer(await db.rpc('day_close', { business_id: businessId, on_date: on }, { get: true }));
  return isRefused(read) ? read : (read as unknown as DayClose);
}

/** Whether orders and ledger say the same, to the cent. */
export const agrees = (day: DayClose): boolean =>
  day.earned_orders_cents === day.earned_ledger_cents &&
  [...day.taken, ...day.given_back, ...day.tax].every(
    ({ orders_cents, ledger_cents }) => orders_cents === ledger_cents,
  );
