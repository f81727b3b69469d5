/** Sales a till made while it had no connection, on their way into the books. */
import type { z } from 'zod';
import type { Json } from '#platform/database.types.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import { forgetMenu } from '#shop/menu/menu.ts';
import type { syncInput } from './inputs.ts';

export interface Kept {
  sale_id: string;
  /** `settled`, `known` (it was there), or the refusal that keeps it from being read. */
  outcome: string;
  /** What somebody should look at: see api.sync_till_sales. */
  flags: string[];
  total_cents?: number;
}

/** Each sale settles once, whatever is sent how often. Refuses 404 till_not_found. */
export async function syncSales(
  db: Db,
  businessId: string,
  { till_id, sales }: z.output<typeof syncInput>,
): Promise<Kept[] | Refusal> {
  const kept = sales.map(({ serving, tip_cents, ...sale }) => ({ ...sale, facts: { serving, tip_cents } }));
  const done = answer(
    await db.rpc('sync_till_sales', { business_id: businessId, till_id, sales: kept as unknown as Json }),
  );
  forgetMenu();
  return isRefused(done) ? done : (done as unknown as Kept[]);
}
