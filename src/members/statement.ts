/** What a member holds here (credits of passes, a wallet), movement by movement. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

/** A row of `api.my_statement`. */
export interface Movement {
  entry_id: number;
  at: string;
  /** `credits`, or a currency. */
  unit: string;
  account_kind: 'credits' | 'wallet';
  /** Credits, or minor units; what came in is positive. */
  amount: number;
  balance_after: number;
  /** The transfer's kind in the ledger: `credits_granted`, `credit_use`, … */
  movement: string;
  plan_name: LocalisedText;
  /** Whose: the member, or somebody on their account. */
  person_name: string;
  /** Of the class that was paid or came back. */
  class_name: LocalisedText;
  starts_at: string | null;
  session_id: string | null;
  /** Who sat in it, when that was not the person whose pass it is. */
  used_by: string | null;
  /** The order it was bought, paid or given back with. */
  order_id: string | null;
  reference: string | null;
}

export interface StatementQuery {
  before: number | null;
  size: number;
  /** Of one pass, or of the wallet alone; of everything when left out. */
  of?: { pass: string } | 'wallet';
}

/** The latest first; goes on before the entry `before`. Empty for a pass that is somebody else's. */
export async function myStatement(
  db: Db,
  businessId: string,
  { before, size, of }: StatementQuery,
): Promise<Movement[]> {
  const asked = {
    business_id: businessId,
    page_size: size,
    ...(before ? { before_id: before } : {}),
    ...(of === 'wallet' ? { of_wallet: true } : of && { of_pass: of.pass }),
  };
  return readAnswer(await db.rpc('my_statement', asked, { get: true })) as unknown as Movement[];
}

/** Null for what is no entry's number. */
export const readEntry = (text: string | null | undefined): number | null =>
  /^[1-9]\d{0,14}$/.test(text ?? '') ? Number(text) : null;

const named = [
  'credits_granted',
  'credit_use',
  'credit_return',
  'credits_rolled_over',
  'pass_expired',
  'pass_voided',
] as const;
export type MovementName =
  (typeof named)[number] | 'paid' | 'topped_up' | 'refund' | 'taken_back' | 'in' | 'out';

/** What a movement is called. */
export function nameOf({ movement, amount }: Pick<Movement, 'movement' | 'amount'>): MovementName {
  const known = named.find((name) => name === movement);
  if (known) return known;
  if (movement === 'sale') return amount < 0 ? 'paid' : 'topped_up';
  if (movement === 'refund') return amount < 0 ? 'taken_back' : 'refund';
  return amount < 0 ? 'out' : 'in';
}
