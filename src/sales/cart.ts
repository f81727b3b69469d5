/** The cart: what a visitor wants, before anything is held. It is found by a secret token, after signing in by its member. */
import type { PayingPass } from '#booking/sessions.ts';
import { forgetTimetable } from '#booking/timetable/timetable.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, type RefusalName, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Json } from '#platform/database.types.ts';
import type { Db } from '#platform/supabase.ts';
import type { CartPoints } from '#loyalty/points.ts';
import type { Chosen } from '#shop/ordering/chosen.ts';
import type { Handover } from '#shop/ordering/handover.ts';
import type { Discount, LineKind } from './lines.ts';
import type { CartPromotion } from './promotions/promotions.ts';

/** A row of `api.cart`: at today's price, with the reason it cannot be bought now, if any (a refusal's name). */
export interface CartLine {
  line_id: string;
  kind: LineKind;
  /** These five of a seat only. */
  session_id: string | null;
  class_slug: string | null;
  style: string | null;
  starts_at: string | null;
  ends_at: string | null;
  label: LocalisedText;
  instructor_name: string | null;
  room_name: string | null;
  quantity: number;
  total_cents: number;
  tax_cents: number;
  currency: string;
  seats_left: number | null;
  problem: RefusalName | null;
  /** Whose seat, when it is not the buyer's own. */
  person_name: string | null;
  guest_name: string | null;
  /** The pass that pays for the seat, and how many of its credits. */
  pass_id: string | null;
  credits: number | null;
  /** What it costs in money. */
  price_cents: number;
  /** What could pay for the seat instead of money. */
  passes: PayingPass[] | null;
  plan_slug: string | null;
  plan: PlanFacts | null;
  /** What the asker has in their wallet. */
  wallet_cents: number;
  /** What it costs less, and why; with what a pass pays. */
  discount_cents: number;
  discounts: Discount[];
  /** Of something from the bar only. */
  product: {
    slug: string;
    picture: string;
    unit_cents: number;
    modifiers: Chosen[];
    note: string | null;
    make_seconds: number;
  } | null;
  /** What only its kind has, such as a tip's percentage. */
  details: Record<string, unknown>;
  /** The same in every row; null where nothing comes from the bar. */
  handover: Handover | null;
  /** The same in every row: the code in the cart. */
  promotion: CartPromotion | null;
  /** The same in every row: what it would earn, and what points could buy. */
  loyalty: CartPoints | null;
}

/** What a pack or membership in the cart comes to. */
export interface PlanFacts {
  kind: 'pack' | 'membership';
  every: 'month' | 'year' | null;
  credits: number | null;
  price_cents: number;
  trial_days: number;
  intro_price_cents: number | null;
  intro_periods: number;
  valid_days: number | null;
  starts: 'purchase' | 'first_use';
}

export interface CartTotals {
  total_cents: number;
  tax_cents: number;
  /** Of passes. */
  credits: number;
  /** Lines that cannot be bought; they are not in the totals. */
  problems: number;
}

/** Empty for a visitor who has none. */
export async function readCart(db: Db, businessId: string, token: string | null): Promise<CartLine[]> {
  const rows = readAnswer(
    await db.rpc(
      'cart',
      token ? { business_id: businessId, cart_token: token } : { business_id: businessId },
    ),
  );
  return rows as unknown as CartLine[];
}

export function cartTotals(lines: CartLine[]): CartTotals {
  const good = lines.filter((line) => line.problem === null);
  return {
    total_cents: good.reduce((sum, line) => sum + line.total_cents, 0),
    tax_cents: good.reduce((sum, line) => sum + line.tax_cents, 0),
    credits: good.reduce((sum, line) => sum + (line.credits ?? 0), 0),
    problems: lines.length - good.length,
  };
}

/** Answers the line's id, the same when it is there already. Refuses 404 session_not_found, 409 session_full and its kin. */
export async function addSeat(
  db: Db,
  businessId: string,
  input: { session_id: string; token: string; participants: Json | null },
): Promise<{ line_id: string } | Refusal> {
  const added = answer(
    await db.rpc('add_seat_to_cart', {
      business_id: businessId,
      session_id: input.session_id,
      cart_token: input.token,
      ...(input.participants ? { participants: input.participants } : {}),
    }),
  );
  // What was shown as free a moment ago may be the reason for the refusal.
  if (isRefused(added)) forgetTimetable();
  return isRefused(added) ? added : { line_id: added };
}

/** Which pass pays for a seat; null: money. Refuses 404 cart_line_not_found, pass_not_found, and why a pass does not pay. */
export async function choosePayment(
  db: Db,
  businessId: string,
  input: { line_id: string; pass_id: string | null; token: string | null },
): Promise<null | Refusal> {
  const chosen = answer(
    await db.rpc('choose_payment', {
      business_id: businessId,
      line_id: input.line_id,
      ...(input.pass_id ? { pass_id: input.pass_id } : {}),
      ...(input.token ? { cart_token: input.token } : {}),
    }),
  );
  return isRefused(chosen) ? chosen : null;
}

/** Refuses 404 cart_line_not_found. */
export async function removeLine(
  db: Db,
  businessId: string,
  input: { line_id: string; token: string | null },
): Promise<null | Refusal> {
  const removed = answer(
    await db.rpc('remove_cart_line', {
      business_id: businessId,
      line_id: input.line_id,
      ...(input.token ? { cart_token: input.token } : {}),
    }),
  );
  return isRefused(removed) ? removed : null;
}
