/** Gift cards as managers keep them: the list without codes, what is owed, and what is done about a lost one. */
import { type Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

/** A row of `api.gift_cards`; ending null: its letter has not been written yet. */
export interface KeptCard {
  card_id: string;
  ending: string | null;
  state: 'active' | 'blocked' | 'voided';
  amount_cents: number;
  /** What is owed for it, from the ledger. */
  held_cents: number;
  /** What was left when its term was over. */
  broken_cents: number;
  currency: string;
  to_name: string;
  to_email: string;
  from_name: string;
  order_id: string;
  reference: string;
  created_at: string;
  send_at: string;
  issued_at: string | null;
  expires_at: string | null;
}
export interface CardTotals {
  sold: number;
  sold_cents: number;
  owed_cents: number;
  open_cards: number;
  broken_cents: number;
  currency: string;
}

export const keptCards = async (
  db: Db,
  businessId: string,
  { before, size }: { before: { at: string; id: string } | null; size: number },
): Promise<KeptCard[] | Refusal> =>
  answer(
    await db.rpc('gift_cards', {
      business_id: businessId,
      page_size: size,
      ...(before && { before_at: before.at, before_id: before.id }),
    }),
  ) as unknown as KeptCard[] | Refusal;

export async function cardTotals(db: Db, businessId: string): Promise<CardTotals> {
  const [totals] = readAnswer(await db.rpc('gift_card_totals', { business_id: businessId }));
  if (!totals) throw new Error('A business without totals');
  return totals;
}

/** Refuses 404 gift_card_not_found, 409 gift_card_blocked, gift_card_active, gift_card_voided, 422 reason_invalid, email_invalid. */
export async function changeCard(
  db: Db,
  businessId: string,
  input: { id: string; act: 'block' | 'unblock' | 'reissue'; reason: string; to_email?: string | undefined },
): Promise<{ card_id: string; state: KeptCard['state'] } | Refusal> {
  const changed = answer(
    await db.rpc('change_gift_card', {
      business_id: businessId,
      card_id: input.id,
      act: input.act,
      reason: input.reason,
      ...(input.to_email && { to_email: input.to_email }),
    }),
  );
  return isRefused(changed) ? changed : (changed as { card_id: string; state: KeptCard['state'] });
}

/** Refuses 422 gift_card_rules_invalid. */
export async function setCardRules(
  db: Db,
  businessId: string,
  rules: { amounts: number[]; min_cents: number; max_cents: number; valid_months: number | undefined },
): Promise<null | Refusal> {
  const { valid_months, ...sums } = rules;
  const set = answer(
    await db.rpc('set_gift_card_rules', {
      business_id: businessId,
      ...sums,
      ...(valid_months && { valid_months }),
    }),
  );
  return isRefused(set) ? set : null;
}
