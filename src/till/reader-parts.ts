/** A part of an open sale (splits/) whose card the till's reader asks for. Decided in SQL (0876_readers.sql). */
import { answer, isRefused } from '#platform/refusals.ts';
import type { Refusal } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import { type ReaderSale, ask } from './reader-sales.ts';

/** Sent again it is the same part, as it stands by then. Without an amount: all that is due. Refusals: comment on api.send_part_to_reader. */
export async function sendPart(
  db: Db,
  businessId: string,
  part: { sale_id: string; part_id: string; amount_cents: number | undefined },
): Promise<ReaderSale | Refusal> {
  const { sale_id, part_id, amount_cents } = part;
  const sent = answer(
    await db.rpc('send_part_to_reader', {
      business_id: businessId,
      sale_id,
      part_id,
      ...(amount_cents === undefined ? {} : { amount_cents }),
    }),
  );
  return isRefused(sent) ? sent : ask(db, businessId, sent as unknown as ReaderSale);
}
