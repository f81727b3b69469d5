/** The tills of a business, their drawers, and what is sold there. One round trip each. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { isId } from '#platform/ids.ts';
import type { Json } from '#platform/database.types.ts';
import { keepFor } from '#platform/kept.ts';
import { Refusal, type RefusalName, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import { type Db, publicDb } from '#platform/supabase.ts';
import type { CartPoints } from '#loyalty/points.ts';
import type { Discount } from '#sales/lines.ts';
import type { Order, OrderSummary } from '#sales/order.ts';
import type { CartPromotion } from '#sales/promotions/promotions.ts';
import { requireBar } from '#shop/board/tickets.ts';
import { type MenuProduct, forgetMenu } from '#shop/menu/menu.ts';
import type { Chosen } from '#shop/ordering/chosen.ts';
import type { Serving } from '#shop/ordering/handover.ts';
import type { Sale } from './inputs.ts';
import type { Ticket } from './ticket.ts';

/** The bar or the front desk. */
export const requireSeller = requireBar;

/** A row of `api.tills`. */
export interface Till {
  till_id: string;
  name: string;
  location_id: string;
  location_name: string;
  currency: string;
  /** Null while its drawer is closed. */
  open_since: string | null;
  tip_percents: number[];
  prices_include_tax: boolean;
  /** How what is sold at its counter can be had. */
  servings: Serving[];
}

export const allTills = async (db: Db, businessId: string): Promise<Till[]> =>
  readAnswer(await db.rpc('tills', { business_id: businessId }, { get: true })) as Till[];

/** Refuses 404 till_not_found. */
export async function tillById(db: Db, businessId: string, id: string | undefined): Promise<Till | Refusal> {
  const till = isId(id) ? (await allTills(db, businessId)).find(({ till_id }) => till_id === id) : undefined;
  return till ?? new Refusal('till_not_found', 404);
}

const kept = keepFor<MenuProduct[]>(1000);

/** What a counter sells, which may be another than the business's first. */
export const menuAt = (businessId: string, locationId: string): Promise<MenuProduct[]> =>
  kept.get(locationId, async () => {
    const asked = { business_id: businessId, location_id: locationId };
    return readAnswer(await publicDb().rpc('menu', asked, { get: true })) as unknown as MenuProduct[];
  });

/** Something was sold, or is held: what there is may be less now. */
export function forgetGoods(): void {
  kept.forget();
  forgetMenu();
}

export interface PricedLine {
  kind: 'product' | 'tip';
  label: LocalisedText;
  slug: string | null;
  quantity: number;
  unit_cents: number;
  discount_cents: number;
  discounts: Discount[];
  total_cents: number;
  modifiers: Chosen[];
  note: string | null;
  problem: RefusalName | null;
}
export interface Priced {
  total_cents: number;
  tax_cents: number;
  /** In the order of the ticket, the tip last. */
  lines: PricedLine[];
  customer: { member_id: string; name: string; wallet_cents: number } | null;
  /** The code on the ticket, and why it takes off nothing, if so. */
  promotion: (Partial<CartPromotion> & Pick<CartPromotion, 'code' | 'label' | 'problem'>) | null;
  /** Of the customer: what they have, and what they could have for it. */
  loyalty: CartPoints | null;
}

/** Undefined: as the counter serves. */
type Said<T> = Omit<T, 'serving'> & { serving: Serving | undefined };
type Facts = Said<Pick<Ticket, 'serving' | 'tip' | 'name' | 'promo' | 'reward'>>;
export const factsOf = ({ serving, tip, name, promo, reward }: Facts, member?: string | null): Json => ({
  ...(serving ? { serving } : {}),
  ...(tip ? { tip: { percent: tip } } : {}),
  ...(name ? { name } : {}),
  ...(promo ? { promo } : {}),
  ...(reward && member ? { reward_id: reward } : {}),
});

/** What a ticket comes to; the database reckons. Refuses 404 product_not_found, member_not_found. */
export async function priceTicket(
  db: Db,
  businessId: string,
  tillId: string,
  ticket: Said<Ticket>,
): Promise<Priced | Refusal> {
  const priced = answer(
    await db.rpc('price_at_till', {
      business_id: businessId,
      till_id: tillId,
      lines: ticket.lines as unknown as Json,
      facts: factsOf(ticket, ticket.member),
      ...(ticket.member ? { member_id: ticket.member } : {}),
    }),
  );
  return isRefused(priced) ? priced : (priced as unknown as Priced);
}

export interface Customer {
  member_id: string;
  name: string;
  /** Only as much of it as tells two of one name apart. */
  email: string;
  wallet_cents: number;
}

export async function findCustomers(db: Db, businessId: string, words: string): Promise<Customer[]> {
  if (words.trim().length < 2) return [];
  return readAnswer(await db.rpc('find_customers', { business_id: businessId, words }, { get: true }));
}

/** One of the payments that together are a sale (shop.parts_of). */
export interface SalePart {
  part_id: string;
  way: 'cash' | 'terminal' | 'reader' | 'wallet' | 'gift_card';
  /** Of a gift card's code. */
  ending: string | null;
  state: string;
  amount_cents: number;
  tendered_cents: number | null;
  change_cents: number;
  refunded_cents: number;
  taken_at: string;
  taken_by: string | null;
}
export interface TillSale extends OrderSummary {
  till_id: string;
  pay_with: 'cash' | 'terminal' | 'wallet' | 'parts' | 'reader';
  /** Of one that was paid in parts. */
  parts: SalePart[];
  tendered_cents: number | null;
  change_cents: number;
  receipt_token: string;
  call_number: number | null;
}

/** A sale as every function takes it that sells a ticket, however it is paid. */
export const saleToSend = (businessId: string, sale: Omit<Sale, 'pay_with' | 'tendered_cents'>) => ({
  business_id: businessId,
  till_id: sale.till_id,
  sale_id: sale.sale_id,
  lines: sale.lines as unknown as Json,
  facts: factsOf(sale, sale.member_id),
  ...(sale.member_id ? { member_id: sale.member_id } : {}),
  ...(sale.expected_total_cents === undefined ? {} : { expected_total_cents: sale.expected_total_cents }),
});

/** Refusals: comment on api.sell_at_till. */
export async function sellAtTill(db: Db, businessId: string, sale: Sale): Promise<TillSale | Refusal> {
  const sold = answer(
    await db.rpc('sell_at_till', {
      ...saleToSend(businessId, sale),
      pay_with: sale.pay_with,
      ...(sale.tendered_cents === undefined ? {} : { tendered_cents: sale.tendered_cents }),
    }),
  );
  forgetGoods();
  return isRefused(sold) ? sold : (sold as unknown as TillSale);
}

/** Refuses 404 order_not_found. */
export async function saleById(
  db: Db,
  businessId: string,
  id: string | undefined,
): Promise<{ sale: TillSale; order: Order; has_address: boolean } | Refusal> {
  if (!isId(id)) return new Refusal('order_not_found', 404);
  const found = answer(await db.rpc('till_sale', { business_id: businessId, sale_id: id }, { get: true }));
  return isRefused(found)
    ? found
    : (found as unknown as { sale: TillSale; order: Order; has_address: boolean });
}
