/** What a member holds here (credits of passes, a wallet), movement by movement. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

/** A row of `api.my_statement`. */
export interface Movement {
  /** Of the ledger; null where nothing was counted: then `step_id` says where it stands. */
  entry_id: number | null;
  step_id: number | null;
  at: string;
  /** `credits`, or a currency. */
  unit: string;
  account_kind: 'credits' | 'wallet';
  /** Credits, or minor units; what came in is positive. */
  amount: number;
  /** Null where nothing is counted: a place that a pass without limit paid for. */
  balance_after: number | null;
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

/** How far somebody has read: the last line of the ledger, and the last place taken or given up without limit. */
export interface Place {
  entry: number | null;
  step: number | null;
}

export interface StatementQuery {
  before: Place;
  size: number;
  /** Of one pass, or of the wallet alone; of everything when left out. */
  of?: { pass: string } | 'wallet';
}

/** The latest first; goes on after the place `before`. Empty for a pass that is somebody else's. */
export async function myStatement(
  db: Db,
  businessId: string,
  { before, size, of }: StatementQuery,
): Promise<Movement[]> {
  const asked = {
    business_id: businessId,
    page_size: size,
    ...(before.entry ? { before_id: before.entry } : {}),
    ...(before.step ? { before_step: before.step } : {}),
    ...(of === 'wallet' ? { of_wallet: true } : of && { of_pass: of.pass }),
  };
  return readAnswer(await db.rpc('my_statement', asked, { get: true })) as unknown as Movement[];
}

const number = (text: string | undefined): number | null => (text ? Number(text) : null);

/** From the beginning for what is no place: `120`, `-33` or `120-33`. */
export function readPlace(text: string | null | undefined): Place {
  const [, entry, step] = /^([1-9]\d{0,14})?(?:-([1-9]\d{0,14}))?$/.exec(text ?? '') ?? [];
  return { entry: number(entry), step: number(step) };
}

/** Where to go on after these movements, of which `before` was the place they began at; null for none. */
export function placeAfter(movements: Movement[], before: Place): string | null {
  if (movements.length === 0) return null;
  const entry = movements.findLast(({ entry_id }) => entry_id !== null)?.entry_id ?? before.entry;
  const step = movements.findLast(({ step_id }) => step_id !== null)?.step_id ?? before.step;
  return `${entry ?? ''}${step === null ? '' : `-${step}`}`;
}

const named = [
  'credits_granted',
  'credit_use',
  'credit_return',
  'credits_rolled_over',
  'pass_expired',
  'pass_voided',
  'unlimited_use',
  'unlimited_return',
  'unlimited_late',
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
