/** What changes the shelves. Each is one SQL function: all or nothing, once per key. */
import type { Json } from '#platform/database.types.ts';
import { type Refusal, answer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export interface Line {
  item_id?: string | undefined;
  product_id?: string | undefined;
  quantity: number;
  cost_cents?: number | undefined;
}
export interface Level {
  item_id: string;
  on_hand: number;
  reserved: number;
}

const call = async <T>(db: Db, name: string, values: object): Promise<T | Refusal> =>
  answer(await db.rpc(name as 'drop_count', values as { business_id: string; count_id: string })) as
    T | Refusal;

/** For managers. `cost_cents` is of the whole line. */
export const receiveDelivery = (
  db: Db,
  business_id: string,
  key: string,
  { location_id, lines, note }: { location_id: string; lines: Line[]; note: string },
) =>
  call<{ delivery_id: string; levels: Level[] }>(db, 'receive_delivery', {
    business_id,
    idempotency_key: key,
    location_id,
    lines: lines as unknown as Json,
    note,
  });

export const recordWaste = (
  db: Db,
  business_id: string,
  key: string,
  { location_id, lines, why }: { location_id: string; lines: Line[]; why: string },
) =>
  call<{ waste_id: string; levels: Level[] }>(db, 'record_waste', {
    business_id,
    idempotency_key: key,
    location_id,
    lines: lines as unknown as Json,
    why,
  });

export const transferStock = (
  db: Db,
  business_id: string,
  key: string,
  input: { from_location_id: string; to_location_id: string; lines: Line[]; why: string },
) =>
  call<{ transfer_id: string; from: Level[]; to: Level[] }>(db, 'transfer_stock', {
    business_id,
    idempotency_key: key,
    ...input,
  });

export const correctStock = (
  db: Db,
  business_id: string,
  key: string,
  input: { location_id: string; item_id: string; quantity: number; why: string },
) =>
  call<{ correction_id: string; levels: Level[] }>(db, 'correct_stock', {
    business_id,
    idempotency_key: key,
    ...input,
  });

// Counts ---------------------------------------------------------------------------------------------------------------
export interface Counted {
  item_id: string;
  counted: number;
}
export interface CountOpen {
  count_id: string;
  location_id: string;
  opened_at: string;
}
export interface CountEnded {
  count_id: string;
  counted: number;
  differences: { item_id: string; difference: number }[];
  levels: Level[];
}

/** Begins one, or joins the one that is open there. */
export const openCount = (db: Db, business_id: string, location_id: string) =>
  call<CountOpen>(db, 'open_count', {
    business_id,
    location_id,
  });
export const keepCounted = (db: Db, business_id: string, count_id: string, lines: Counted[]) =>
  call<{ count_id: string; counted: number }>(db, 'keep_counted', { business_id, count_id, lines });
export const closeCount = (db: Db, business_id: string, key: string, count_id: string, lines: Counted[]) =>
  call<CountEnded>(db, 'close_count', { business_id, idempotency_key: key, count_id, lines });
export const dropCount = (db: Db, business_id: string, count_id: string) =>
  call<{ count_id: string }>(db, 'drop_count', { business_id, count_id });
export const countStock = (db: Db, business_id: string, key: string, location_id: string, lines: Counted[]) =>
  call<CountEnded>(db, 'count_stock', { business_id, idempotency_key: key, location_id, lines });

// What it is -----------------------------------------------------------------------------------------------------------
/** Makes one when `id` is null; facts left out stay. */
export const saveStockItem = (
  db: Db,
  business_id: string,
  item_id: string | null,
  facts: Record<string, unknown>,
) => call<{ item_id: string }>(db, 'save_stock_item', { business_id, item_id, facts });
export const setStockLevels = (
  db: Db,
  business_id: string,
  location_id: string,
  lines: { item_id: string; low_at: number; par: number }[],
) => call<{ items: number }>(db, 'set_stock_levels', { business_id, location_id, lines });
export const saveRecipe = (
  db: Db,
  business_id: string,
  of: { product_id: string | null; modifier_id: string | null },
  lines: { item_id: string; quantity: number }[],
) => call<{ lines: number }>(db, 'save_recipe', { business_id, ...of, lines });
