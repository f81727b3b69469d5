/** What an outside till's product ids are here. */
import type { Json } from '#platform/database.types.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { Unit } from '#shop/stock/amounts.ts';

export interface PosLink {
  link_id: number;
  outside_id: string;
  product_id: string | null;
  product: LocalisedText | null;
  options: LocalisedText[] | null;
  stock_item_id: string | null;
  item: LocalisedText | null;
  unit: Unit | null;
  units: number;
}

export interface PosChoices {
  products: {
    product_id: string;
    name: LocalisedText;
    variants: { modifier_id: string; name: LocalisedText }[] | null;
  }[];
  items: { stock_item_id: string; name: LocalisedText; unit: Unit }[];
}

type Kept = { connection_id: string };
const kept = (got: Json | Refusal): Kept | Refusal => (isRefused(got) ? got : (got as unknown as Kept));

export async function posChoices(db: Db, businessId: string): Promise<PosChoices | Refusal> {
  const got = answer(await db.rpc('pos_choices', { business_id: businessId }, { get: true }));
  return isRefused(got) ? got : (got as unknown as PosChoices);
}

export interface Link {
  id: string;
  outside_id: string;
  product_id?: string | undefined;
  modifier_ids?: string[] | undefined;
  stock_item_id?: string | undefined;
  units: number;
}

/** Refuses 404 pos_not_found, product_not_found, modifier_not_found, stock_item_not_found, 409 pos_ended, 422 pos_link_invalid. */
export async function linkPos(
  db: Db,
  businessId: string,
  { id, outside_id, product_id, modifier_ids, stock_item_id, units }: Link,
): Promise<Kept | Refusal> {
  const asked = {
    business_id: businessId,
    connection_id: id,
    outside_id,
    units,
    ...(product_id === undefined ? {} : { product_id }),
    ...(modifier_ids === undefined ? {} : { modifier_ids }),
    ...(stock_item_id === undefined ? {} : { stock_item_id }),
  };
  return kept(answer(await db.rpc('link_pos', asked)));
}

export const unlinkPos = async (
  db: Db,
  businessId: string,
  { id, link_id }: { id: string; link_id: number },
): Promise<Kept | Refusal> =>
  kept(answer(await db.rpc('unlink_pos', { business_id: businessId, connection_id: id, link_id })));
