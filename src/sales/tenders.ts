/** What pays a cart besides the bank card: gift cards and the wallet, each as far as it goes. Decided in SQL (payments.plan_parts). */
import { type Refusal, type RefusalName, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

/** A row of `api.cart_tenders`. */
export interface Tender {
  tender_id: string;
  provider: 'gift_card' | 'wallet';
  ending: string | null;
  balance_cents: number;
  pays_cents: number;
  /** Why it cannot pay here. */
  problem: RefusalName | null;
  expires_at: string | null;
}
/** What pays or paid an order, as its document tells (payments.tenders_of). */
export interface PaidTender {
  payment_id: string;
  provider: 'gift_card' | 'wallet' | 'stripe' | 'cash' | 'terminal' | 'outside';
  ending: string | null;
  state: string;
  amount_cents: number;
  refunded_cents: number;
}

/** What they leave of `cents`. */
export const leftBy = (tenders: Tender[], cents: number): number =>
  cents - tenders.reduce((sum, tender) => sum + tender.pays_cents, 0);

const withToken = (token: string | null) => (token ? { cart_token: token } : {});

export const cartTenders = async (db: Db, businessId: string, token: string | null): Promise<Tender[]> =>
  readAnswer(
    await db.rpc('cart_tenders', { business_id: businessId, ...withToken(token) }),
  ) as unknown as Tender[];

/** Refuses 409 cart_empty. */
export async function useWallet(
  db: Db,
  businessId: string,
  input: { wanted: boolean; token: string | null },
): Promise<null | Refusal> {
  const used = answer(
    await db.rpc('use_wallet', { business_id: businessId, wanted: input.wanted, ...withToken(input.token) }),
  );
  return isRefused(used) ? used : null;
}

/** Refuses 404 tender_not_found. */
export async function removeTender(
  db: Db,
  businessId: string,
  input: { tender_id: string; token: string | null },
): Promise<null | Refusal> {
  const removed = answer(
    await db.rpc('remove_tender', {
      business_id: businessId,
      tender_id: input.tender_id,
      ...withToken(input.token),
    }),
  );
  return isRefused(removed) ? removed : null;
}
