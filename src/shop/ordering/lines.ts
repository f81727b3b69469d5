/** What comes from the bar, on its way into the cart. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, type RefusalName, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import { forgetMenu } from '../menu/menu.ts';

export interface WantedProduct {
  slug: string;
  /** Undefined: the usual. */
  modifier_ids: string[] | undefined;
  quantity: number;
  note: string | undefined;
}

/** Answers the line's id. Refuses 404 product_not_found, 422 modifier_missing and its kin, quantity_invalid, 409 cart_full. */
export async function addProduct(
  db: Db,
  businessId: string,
  token: string,
  { slug, modifier_ids, quantity, note }: WantedProduct,
): Promise<{ line_id: string } | Refusal> {
  const added = answer(
    await db.rpc('add_product_to_cart', {
      business_id: businessId,
      product_slug: slug,
      cart_token: token,
      quantity,
      ...(modifier_ids ? { modifier_ids } : {}),
      ...(note ? { note } : {}),
    }),
  );
  if (isRefused(added)) forgetMenu();
  return isRefused(added) ? added : { line_id: added };
}

/** 0 takes the line out. Refuses 404 cart_line_not_found. */
export async function setQuantity(
  db: Db,
  businessId: string,
  input: { line_id: string; quantity: number; token: string | null },
): Promise<null | Refusal> {
  const set = answer(
    await db.rpc('set_line_quantity', {
      business_id: businessId,
      line_id: input.line_id,
      quantity: input.quantity,
      ...(input.token ? { cart_token: input.token } : {}),
    }),
  );
  return isRefused(set) ? set : null;
}

/** A row of `api.my_usual`. */
export interface UsualLine {
  slug: string;
  name: LocalisedText;
  picture: string;
  /** Names of what is not the default. */
  modifiers: LocalisedText[];
  price_cents: number;
  times: number;
  problem: RefusalName | null;
}

/** What the asker orders most often; empty for who has not ordered yet. */
export async function myUsual(db: Db, businessId: string): Promise<UsualLine[]> {
  return readAnswer(
    await db.rpc('my_usual', { business_id: businessId }, { get: true }),
  ) as unknown as UsualLine[];
}

/** Answers how many things went into the cart. Refuses 404 usual_not_found and what adding it refuses. */
export async function addUsual(
  db: Db,
  businessId: string,
  token: string,
): Promise<{ lines: number } | Refusal> {
  const added = answer(await db.rpc('add_usual_to_cart', { business_id: businessId, cart_token: token }));
  return isRefused(added) ? added : { lines: added };
}
