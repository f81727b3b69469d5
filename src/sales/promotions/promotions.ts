/** Promotions: a code in a cart, and how managers keep them. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import type { Json } from '#platform/database.types.ts';
import { type Refusal, type RefusalName, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

/** The code in a cart; `problem`: why it takes nothing off now (a refusal's name). */
export interface CartPromotion {
  promotion_id: string;
  code: string;
  label: LocalisedText;
  problem: RefusalName | null;
  min_cents: number;
  currency: string;
  starts_at: string;
}

/** A row of `api.kept_promotions`. */
export interface Promotion {
  promotion_id: string;
  code: string;
  label: LocalisedText;
  kind: 'percent' | 'amount' | 'product';
  percent: number | null;
  amount_cents: number | null;
  goods: 'classes' | 'bar' | 'both';
  starts_at: string;
  ends_at: string | null;
  min_cents: number;
  first_order_only: boolean;
  max_uses: number | null;
  max_per_member: number | null;
  published: boolean;
  uses: number;
  currency: string;
  products: { id: string; name: LocalisedText }[];
  categories: { id: string; name: LocalisedText }[];
}

/** A row of `api.promotion_uses`. */
export interface PromotionUse {
  order_id: string;
  reference: string;
  member_name: string;
  used_at: string;
  /** The order expired, was cancelled before it was paid, or was refunded in full: it does not count. */
  given_back_at: string | null;
  /** Why it does not count though its refund failed later: all uses were gone, or its buyer had used the code again. */
  stays_back: 'used_up' | 'used_again' | null;
  state: string;
  total_cents: number;
  discount_cents: number;
  currency: string;
}

export interface Promotable {
  id: string;
  what: 'category' | 'product';
  name: LocalisedText;
}

/** Puts a code into the asker's cart; null takes it out. Refuses 404 promotion_not_found, 409 promotion_ended and its kin. */
export async function setPromotion(
  db: Db,
  businessId: string,
  input: { token: string; code: string | null },
): Promise<{ promotion: CartPromotion | null } | Refusal> {
  const set = answer(
    await db.rpc('set_cart_promotion', {
      business_id: businessId,
      cart_token: input.token,
      ...(input.code ? { code: input.code } : {}),
    }),
  );
  return isRefused(set) ? set : { promotion: set as unknown as CartPromotion | null };
}

export async function keptPromotions(db: Db, businessId: string): Promise<Promotion[] | Refusal> {
  const found = answer(await db.rpc('kept_promotions', { business_id: businessId }, { get: true }));
  return isRefused(found) ? found : (found as unknown as Promotion[]);
}

export async function promotable(db: Db, businessId: string): Promise<Promotable[] | Refusal> {
  const found = answer(await db.rpc('promotable', { business_id: businessId }, { get: true }));
  return isRefused(found) ? found : (found as unknown as Promotable[]);
}

/** The latest first, used before the instant `before`. */
export async function promotionUses(
  db: Db,
  businessId: string,
  promotionId: string,
  before: string | null,
): Promise<PromotionUse[] | Refusal> {
  const asked = { business_id: businessId, promotion_id: promotionId };
  const found = answer(
    await db.rpc('promotion_uses', before ? { ...asked, before_at: before } : asked, { get: true }),
  );
  return isRefused(found) ? found : (found as unknown as PromotionUse[]);
}

/** Makes one when `id` is null. `facts` are columns; those left out stay. See api.save_promotion for what it refuses. */
export async function savePromotion(
  db: Db,
  businessId: string,
  input: { id: string | null; facts: Record<string, unknown> },
): Promise<{ promotion_id: string; code: string } | Refusal> {
  const saved = answer(
    await db.rpc('save_promotion', {
      business_id: businessId,
      // The types do not know that it may be null.
      promotion_id: input.id as string,
      facts: input.facts as Json,
    }),
  );
  return isRefused(saved) ? saved : (saved as unknown as { promotion_id: string; code: string });
}

/** It ends now. Refuses 404 promotion_not_found. */
export async function endPromotion(
  db: Db,
  businessId: string,
  id: string,
): Promise<{ id: string } | Refusal> {
  const done = answer(await db.rpc('end_promotion', { business_id: businessId, promotion_id: id }));
  return isRefused(done) ? done : { id };
}

/** How a promotion stands at `now`: what a list says of it. */
export function standingOf(
  { published, starts_at, ends_at, max_uses, uses }: Promotion,
  now: number = Date.now(),
): 'draft' | 'later' | 'over' | 'usedUp' | 'on' {
  if (ends_at !== null && Date.parse(ends_at) <= now) return 'over';
  if (!published) return 'draft';
  if (Date.parse(starts_at) > now) return 'later';
  return max_uses !== null && uses >= max_uses ? 'usedUp' : 'on';
}
