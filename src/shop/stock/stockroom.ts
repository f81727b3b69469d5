/** What is on the shelves: reading. Each is one SQL function that asks for a barista's or manager's role. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, answer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { Unit } from './amounts.ts';

export interface Place {
  location_id: string;
  locations: { location_id: string; name: string; on_hand?: number }[];
}

export interface StockRow {
  item_id: string;
  name: LocalisedText;
  unit: Unit;
  supplier: string;
  shelf: string;
  pack_size: number;
  /** Minor units of money per unit, with decimals. */
  unit_cost: number;
  retired: boolean;
  on_hand: number;
  reserved: number;
  for_sale: number;
  low_at: number;
  par: number;
  low: boolean;
  value_cents: number;
  makes: LocalisedText[] | null;
  sold_14_days: number;
  cover_days: number | null;
  /** In the count that is open. */
  counted: number | null;
  counted_at: string | null;
  count: { count_id: string; opened_at: string } | null;
  place: Place;
}

const rpc = async <T>(db: Db, name: string, values: object): Promise<T | Refusal> =>
  answer(await db.rpc(name as 'stockroom', values as { business_id: string }, { get: true })) as T | Refusal;
/** Leaves out what is not given: PostgREST looks functions up by the names that are sent. */
const given = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));

export const stockroom = (db: Db, business_id: string, location_id?: string | null) =>
  rpc<StockRow[]>(db, 'stockroom', given({ business_id, location_id }));

export interface ReorderRow extends Pick<
  StockRow,
  'item_id' | 'name' | 'unit' | 'supplier' | 'pack_size' | 'on_hand' | 'reserved' | 'low_at' | 'par' | 'place'
> {
  packs: number;
  cost_cents: number;
}

/** What is low, how many packs fill it up, by supplier. */
export const reorderList = (db: Db, business_id: string, location_id?: string | null) =>
  rpc<ReorderRow[]>(db, 'reorder_list', given({ business_id, location_id }));

export const movementKinds = [
  'delivery',
  'sale',
  'return',
  'waste',
  'count',
  'transfer_out',
  'transfer_in',
  'correction',
] as const;

export interface Movement {
  id: number;
  kind: (typeof movementKinds)[number];
  quantity: number;
  balance_after: number;
  unit_cost: number;
  why: string;
  at: string;
  by_name: string | null;
  order_id: string | null;
}

export interface StockItem
  extends
    Pick<
      StockRow,
      | 'item_id'
      | 'name'
      | 'unit'
      | 'supplier'
      | 'shelf'
      | 'pack_size'
      | 'unit_cost'
      | 'retired'
      | 'on_hand'
      | 'reserved'
      | 'low_at'
      | 'par'
    >,
    Required<Place> {
  recipes: {
    product_id: string | null;
    modifier_id: string | null;
    name: LocalisedText;
    group: LocalisedText;
    quantity: number;
  }[];
  days: { on_date: string; on_hand: number }[];
  movements: Movement[];
  page_size: number;
}

export interface After {
  at: string;
  id: number;
}
/** `<instant>_<id>` of the last movement shown. */
export const cursorAfter = ({ at, id }: After): string => `${at}_${id}`;
export function readAfter(text: string | null | undefined): After | null {
  const read = /^([0-9T:.+Z-]{20,40})_(\d{1,18})$/.exec(text?.replace(' ', '+') ?? '');
  return read && !Number.isNaN(Date.parse(read[1] ?? '')) ? { at: read[1] ?? '', id: Number(read[2]) } : null;
}

/** Refuses 404 stock_item_not_found, location_not_found. */
export const stockItem = (
  db: Db,
  business_id: string,
  item_id: string,
  { location, after, size }: { location?: string | null; after?: After | null; size?: number } = {},
) =>
  rpc<StockItem>(
    db,
    'stock_item',
    given({
      business_id,
      item_id,
      location_id: location,
      before_at: after?.at,
      before_id: after?.id,
      page_size: size,
    }),
  );

export interface Worth {
  from_on: string;
  until_on: string;
  value_cents: number;
  goods_sold_cents: number;
  waste_cents: number;
  delivered_cents: number;
  found_cents: number;
}

/** Days of the business, both included. Refuses 422 period_invalid. */
export const stockWorth = (db: Db, business_id: string, from_on: string, until_on: string) =>
  rpc<Worth>(db, 'stock_worth', { business_id, from_on, until_on });
