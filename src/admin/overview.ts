/** What the owner's pages read. Each is one SQL function that asks for the manager's role itself. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export interface Overview {
  today: string;
  sessions: {
    session_id: string;
    starts_at: string;
    ends_at: string;
    class_name: LocalisedText;
    style: string;
    instructor_name: string;
    room_name: string;
    seats_taken: number;
    capacity: number;
    state: 'scheduled' | 'cancelled';
  }[];
  /** Fourteen of the business's own days, oldest first; money in minor units. */
  days: { day: string; revenue_cents: number; orders: number }[];
  waiting_orders: number;
  refunds_requested: number;
  refunds_failed: number;
  coming_week: { seats: number; taken: number };
}

export async function overview(db: Db, businessId: string): Promise<Overview | Refusal> {
  const got = answer(await db.rpc('admin_overview', { business_id: businessId }, { get: true }));
  return isRefused(got) ? got : (got as unknown as Overview);
}

/** Jobs, events and refunds that did not work out at their last try. */
export const failingWork = async (db: Db, businessId: string) =>
  answer(await db.rpc('failing_work', { business_id: businessId }, { get: true }));

/** Balances in minor units of their unit; together zero per unit. */
export const ledgerAccounts = async (db: Db, businessId: string) =>
  answer(await db.rpc('ledger_accounts', { business_id: businessId }, { get: true }));

/** Every law of the books that does not hold; empty when all is well. */
export const auditLedger = async (db: Db, businessId: string) =>
  answer(await db.rpc('audit_ledger', { business_id: businessId }, { get: true }));
