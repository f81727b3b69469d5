/** Sales of a till that nobody has paid for yet: in parts, or at the card reader. */
import { readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

/** A row of `api.open_sales`. */
export interface OpenSale {
  sale_id: string;
  way: 'parts' | 'reader';
  reference: string;
  total_cents: number;
  due_cents: number;
  /** The one to call, or the customer's; null when nobody said. */
  name: string | null;
  opened_at: string;
}

/** The oldest first. */
export const openSales = async (db: Db, businessId: string, tillId: string): Promise<OpenSale[]> =>
  readAnswer(
    await db.rpc('open_sales', { business_id: businessId, till_id: tillId }, { get: true }),
  ) as OpenSale[];

/** Where it goes on. */
export const openSalePage = (tillId: string, { way, sale_id }: Pick<OpenSale, 'way' | 'sale_id'>): string =>
  `/till/${tillId}/${way === 'reader' ? 'reader' : 'open'}/${sale_id}`;
