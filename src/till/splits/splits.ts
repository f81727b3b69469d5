/** A sale that is paid in parts: opened, its parts taken and given back, given up. Decided in SQL (0871_till_parts.sql). */
import { isId } from '#platform/ids.ts';
import { evenly } from '#platform/evenly.ts';
import { Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { Sale } from '../inputs.ts';
import type { Ticket } from '../ticket.ts';
import { type PricedLine, type TillSale, saleToSend, forgetGoods } from '../tills.ts';
import type { Part } from './inputs.ts';

/** `shop.split_answer`. */
export interface SplitState extends Omit<TillSale, 'state'> {
  state: 'placed' | 'paid' | 'closed' | 'expired' | 'cancelled';
  /** Still to be paid. */
  due_cents: number;
  /** A card is asked for a part of it just now. */
  at_reader: { part_id: string; amount_cents: number } | null;
}

/** `api.split`. */
export interface Split extends SplitState {
  tax_cents: number;
  serving: Ticket['serving'];
  call_name: string | null;
  promo: string | null;
  reward_id: string | null;
  customer: { member_id: string; name: string; wallet_cents: number } | null;
  lines: (Omit<PricedLine, 'problem'> & { modifier_ids: string[] | null; percent: number | null })[];
}

/** Refusals: comment on api.open_split. */
export async function openSplit(
  db: Db,
  businessId: string,
  sale: Omit<Sale, 'pay_with' | 'tendered_cents'>,
): Promise<SplitState | Refusal> {
  const opened = answer(await db.rpc('open_split', saleToSend(businessId, sale)));
  forgetGoods();
  return isRefused(opened) ? opened : (opened as unknown as SplitState);
}

type Tried = SplitState | { outcome: 'unknown' } | { outcome: 'locked'; seconds: number };

/** A wrong code is answered like one that does not exist, no sooner and no later. */
async function takeFromCard(
  db: Db,
  businessId: string,
  { sale_id, code, pin, amount_cents, key }: Part & { key: string },
): Promise<SplitState | Refusal> {
  const asked = {
    business_id: businessId,
    sale_id,
    code,
    pin,
    idempotency_key: key,
    ...(amount_cents === undefined ? {} : { amount_cents }),
  };
  const taken = (await evenly(
    (async () => answer(await db.rpc('take_gift_card_part', asked)))(),
    300,
  )) as unknown as Tried | Refusal;
  if (isRefused(taken)) return taken;
  if (!('outcome' in taken) || (taken.outcome as string) === 'found') return taken as SplitState;
  return taken.outcome === 'locked'
    ? new Refusal('gift_card_locked', 429, { seconds: taken.seconds })
    : new Refusal('gift_card_not_found', 404, { field: 'code' });
}

/** Refusals: comments on api.take_part, api.take_gift_card_part; 429 gift_card_locked. */
export async function takePart(
  db: Db,
  businessId: string,
  part: Part & { key: string },
): Promise<SplitState | Refusal> {
  if (part.way === 'gift_card') return takeFromCard(db, businessId, part);
  const taken = answer(
    await db.rpc('take_part', {
      business_id: businessId,
      sale_id: part.sale_id,
      way: part.way,
      idempotency_key: part.key,
      ...(part.amount_cents === undefined ? {} : { amount_cents: part.amount_cents }),
      ...(part.tendered_cents === undefined ? {} : { tendered_cents: part.tendered_cents }),
    }),
  );
  return isRefused(taken) ? taken : (taken as unknown as SplitState);
}

/** Refuses 404 part_not_found, 409 order_paid, split_over. */
export async function giveBackPart(
  db: Db,
  businessId: string,
  partId: string,
): Promise<SplitState | Refusal> {
  const back = answer(await db.rpc('give_back_part', { business_id: businessId, part_id: partId }));
  return isRefused(back) ? back : (back as unknown as SplitState);
}

/** Answers the ticket as it was, to be rung up anew. Refuses 404 order_not_found, 409 split_has_parts, order_paid, split_over. */
export async function giveUpSplit(db: Db, businessId: string, saleId: string): Promise<Split | Refusal> {
  const over = answer(await db.rpc('give_up_split', { business_id: businessId, sale_id: saleId }));
  forgetGoods();
  return isRefused(over) ? over : splitById(db, businessId, saleId);
}

/** Refuses 404 order_not_found. */
export async function splitById(
  db: Db,
  businessId: string,
  id: string | undefined,
): Promise<Split | Refusal> {
  if (!isId(id)) return new Refusal('order_not_found', 404);
  const found = answer(await db.rpc('split', { business_id: businessId, sale_id: id }, { get: true }));
  return isRefused(found) ? found : (found as unknown as Split);
}

/** The ticket of a sale once more, under an id of its own. */
export const ticketOf = (split: Split, newId: () => string): Ticket => ({
  sale: newId(),
  lines: split.lines.flatMap(({ kind, slug, quantity, modifier_ids: chosen, note }) =>
    kind === 'product' && slug
      ? [{ slug, quantity, ...(chosen ? { modifier_ids: chosen } : {}), ...(note ? { note } : {}) }]
      : [],
  ),
  serving: split.serving,
  member: split.customer?.member_id ?? null,
  name: split.call_name ?? '',
  tip: split.lines.find(({ kind }) => kind === 'tip')?.percent ?? 0,
  promo: split.promo ?? '',
  reward: split.reward_id,
});

/** Where a sale is to be looked at, paid or not. */
export const pageOf = ({ till_id, order_id, state }: SplitState): string =>
  state === 'paid' || state === 'closed'
    ? `/till/${till_id}/sold/${order_id}`
    : `/till/${till_id}/open/${order_id}`;
