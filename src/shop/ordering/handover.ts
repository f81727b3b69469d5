/** How an order from the bar is handed over: where, when, taken away or eaten in, and the tip. */
import type { Json } from '#platform/database.types.ts';
import type { Locale } from '#platform/i18n/index.ts';
import { parseMoney } from '#platform/money.ts';
import { Refusal, type RefusalName, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { HandoverInput } from './inputs.ts';

export type Serving = 'takeaway' | 'eat_in';

/** `shop.handover`: of a cart. */
export interface Handover {
  location_id: string;
  serving: Serving;
  /** What can be chosen at this counter. */
  servings: Serving[];
  table_label: string | null;
  /** Null: as soon as it can be made. */
  pickup_at: string | null;
  note: string | null;
  /** When it would be ready; null: see `problem`. */
  ready_by: string | null;
  problem: RefusalName | null;
  /** A barista's. */
  seconds: number;
  tip_percents: number[];
}

/** The same facts as the database takes them; what was not said stays as it is. */
export function factsOf(input: HandoverInput, currency: string, locale: Locale): Json | Refusal {
  const { tip, tip_amount: amount, pickup_at: at, ...said } = input;
  const facts: Record<string, Json> = {};
  for (const [name, value] of Object.entries(said)) if (value !== undefined) facts[name] = value;
  if (at !== undefined) facts.pickup_at = at === '' ? null : at;
  if (tip === 'other') {
    const cents = amount ? parseMoney(amount, currency, locale) : 0;
    if (cents === null || cents < 0) return new Refusal('tip_invalid', 422, { field: 'tip_amount' });
    facts.tip = { cents };
  } else if (tip !== undefined) facts.tip = { percent: Number(tip) };
  return facts;
}

/** Refuses 404 location_not_found, 409 serving_not_offered, pickup_past and its kin, 422 tip_invalid and its kin (see `shop.put_handover`). */
export async function setHandover(
  db: Db,
  businessId: string,
  token: string,
  facts: Json,
): Promise<null | Refusal> {
  const set = answer(await db.rpc('set_handover', { business_id: businessId, cart_token: token, facts }));
  return isRefused(set) ? set : null;
}

/** When the asker's cart could be collected: ISO instants that have room, at most some hundred. */
export async function pickupTimes(db: Db, businessId: string, token: string | null): Promise<string[]> {
  const rows = readAnswer(
    await db.rpc('pickup_times', { business_id: businessId, ...(token ? { cart_token: token } : {}) }),
  );
  return rows.map((row) => row.pickup_at);
}
