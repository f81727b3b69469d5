/** The board of a counter and what is done at it. Every rule is in SQL (0720_board.sql); this is its shape. */
import { isId } from '#platform/ids.ts';
import { type Guard, type SignedIn, type StaffRole, holdsRole, requireUser } from '#platform/guards.ts';
import { Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

type Localised = Record<string, string>;
export type TicketState = 'placed' | 'accepted' | 'making' | 'ready' | 'collected' | 'cancelled' | 'refused';

export interface TicketLine {
  line_id: string;
  product_id: string;
  name: Localised;
  /** What is left to make; of one that is gone, what it was. */
  quantity: number;
  note: string | null;
  allergens: string[];
  made: boolean;
  /** Paid back or taken back whole: no longer made. */
  gone: boolean;
  modifiers: { modifier_id: string; name: Localised; times: number; usual: boolean }[];
  /** What usually is in it and was left out. */
  without: Localised[];
  /** What a bundle is made of. */
  items: { name: Localised; quantity: number }[] | null;
}

/** `shop.ticket_card`. */
export interface Ticket {
  ticket_id: string;
  version: number;
  state: TicketState;
  call_number: number;
  name: string;
  ready_by: string;
  make_seconds: number;
  opened_at: string;
  ready_at: string | null;
  closed_at: string | null;
  order_id: string;
  reference: string;
  channel: 'web' | 'desk' | 'till' | 'api';
  serving: 'takeaway' | 'eat_in' | null;
  table_label: string | null;
  pickup_at: string | null;
  note: string | null;
  why: string | null;
  back_to: TicketState | null;
  moved_at: string | null;
  lines: TicketLine[];
}

export interface Counter {
  takes_orders: boolean;
  delay_minutes: number;
  closes_at: string | null;
}

/** `api.board`. */
export interface Board {
  now: string;
  location_id: string;
  undo_minutes: number;
  counters: { location_id: string; name: string }[];
  counter: Counter;
  tickets: Ticket[];
  products: { product_id: string; name: Localised; sold_out: boolean }[];
  modifiers: { modifier_id: string; name: Localised; group: Localised; sold_out: boolean }[];
}

export interface Step {
  id: string;
  ticket_id: string;
  from: TicketState;
  to: TicketState;
}
export interface Mark {
  id: string;
  ticket_id: string;
  line_ids: string[];
  made: boolean;
}
export interface Outcome {
  id: string;
  ticket_id: string;
  /** `applied`, `known`, or the name of what stood in its way. */
  outcome: string;
  /** As it is now; null where there is none. */
  ticket: Ticket | null;
}

export interface TicketStory extends Ticket {
  location_name: string;
  steps: {
    from: TicketState | null;
    to: TicketState;
    at: string;
    lines: number;
    made: boolean | null;
    why: string;
    by: string | null;
  }[];
}

/** The bar, or the front desk, who look and hand over. SQL says who does what. */
export const standsAtBar = (roles: readonly StaffRole[]): boolean =>
  holdsRole(roles, 'barista') || holdsRole(roles, 'front_desk');

export const requireBar: Guard<SignedIn> = async (asking) => {
  const who = await requireUser(asking);
  if (isRefused(who)) return who;
  return standsAtBar(who.roles) ? who : new Refusal('not_your_role', 403, { role: 'barista' });
};

/** Refuses 403 not_your_role, 404 location_not_found. */
export async function boardOf(db: Db, businessId: string, locationId?: string): Promise<Board | Refusal> {
  const asked = { business_id: businessId, ...(isId(locationId) ? { location_id: locationId } : {}) };
  const found = answer(await db.rpc('board', asked, { get: true }));
  return isRefused(found) ? found : (found as unknown as Board);
}

/** Refuses 403 not_your_role, 404 ticket_not_found. */
export async function ticketOf(
  db: Db,
  businessId: string,
  ticketId: string | undefined,
): Promise<TicketStory | Refusal> {
  if (!isId(ticketId)) return new Refusal('ticket_not_found', 404);
  const asked = { business_id: businessId, ticket_id: ticketId };
  const found = answer(await db.rpc('ticket', asked, { get: true }));
  return isRefused(found) ? found : (found as unknown as TicketStory);
}

/** Refuses 403 not_your_role, 422 acts_invalid; what stands in the way of one tap is its outcome. */
export async function advanceTickets(
  db: Db,
  businessId: string,
  acts: (Step | Mark)[],
): Promise<Outcome[] | Refusal> {
  const sent = acts.map((act) => ({ ...act }));
  const got = answer(await db.rpc('advance_tickets', { business_id: businessId, acts: sent }));
  return isRefused(got) ? got : (got as unknown as Outcome[]);
}
