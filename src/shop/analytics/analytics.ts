/** The bar in numbers, and a day's books. Money is in minor units without tax, unless it says otherwise. */
import type { Localised } from '#booking/classes.ts';
import type { Period } from '#booking/pay/report.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export interface Sold {
  name: Localised;
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
  by_category: Sold[];
  by_modifier: { modifier_id: string; name: Localised; group: Localised; times: number; cents: number }[];
  by_barista: { name: string; tickets: number; p50_seconds: number; kept: number }[];
  pairs: { one: Localised; two: Localised; times: number }[];
  waste: { name: Localised; unit: 'g' | 'ml' | 'piece'; quantity: number; cost_cents: number }[];
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
