/** The cart: what a visitor wants, before anything is held. It is found by a secret token, after signing in by its member. */
import type { Localised } from '#booking/classes.ts';
import { forgetTimetable } from '#booking/timetable/timetable.ts';
import { type Refusal, type RefusalName, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Json } from '#platform/database.types.ts';
import type { Db } from '#platform/supabase.ts';

interface Common {
  line_id: string;
  label: Localised;
  quantity: number;
  total_cents: number;
  tax_cents: number;
  currency: string;
  problem: RefusalName | null;
}

export interface SeatLine extends Common {
  kind: 'seat';
  session_id: string;
  class_slug: string;
  style: string;
  starts_at: string;
  ends_at: string;
  instructor_name: string;
  room_name: string;
  seats_left: number;
  /** Whose seat, when it is not the buyer's own. */
  person_name: string | null;
  guest_name: string | null;
  /** The pass that pays for it, one of `passes`. */
  pass_id: string | null;
  passes: { pass_id: string; name: Localised }[] | null;
}

export interface PlanLine extends Common {
  kind: 'pass' | 'membership';
  plan_slug: string;
  plan: {
    every: 'month' | 'year' | null;
    credits: number | null;
    price_cents: number;
    trial_days: number;
    intro_price_cents: number | null;
    intro_periods: number;
  };
}

export interface TopUpLine extends Common {
  kind: 'top_up';
}

/** A row of `api.cart`: at today's price, with the reason it cannot be bought now, if any (a refusal's name). */
export type CartLine = SeatLine | PlanLine | TopUpLine;

export interface CartTotals {
  total_cents: number;
  tax_cents: number;
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
