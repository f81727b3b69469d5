/**
 * Paying a fee for a late cancellation or an absence: by its member with what they have here already, or at the desk.
 * Decided in SQL (sales.settle_fee).
 */
import { z } from 'zod';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { OrderSummary } from './order.ts';
import type { Fee } from './orders.ts';

export const payFeeInput = z.object({
  id: z.string(),
  with: z.enum(['wallet', 'credits']),
  /** The one that ends first, when left out. */
  pass_id: z.guid().optional(),
});

/** `api.fee_ways`; amounts in minor units. */
export interface FeeWays {
  total_cents: number;
  currency: string;
  wallet_cents: number;
  /** How many would settle it; 0 where the policy asks for money. */
  credits: number;
  /** The pass that has them; null when none does. */
  pass_id: string | null;
  pass_name: LocalisedText | null;
  credits_left: number | null;
  expires_at: string | null;
}

/** Of `sales.owed`: what somebody at the desk owes, and what would pay it besides money in hand. */
export type OwedFee = Fee & FeeWays;

/** Refuses 404 order_not_found, for what is no fee of theirs too. */
export async function feeWays(db: Db, businessId: string, orderId: string): Promise<FeeWays | Refusal> {
  const found = answer(
    await db.rpc('fee_ways', { business_id: businessId, order_id: orderId }, { get: true }),
  );
  if (isRefused(found)) return found;
  const [ways] = found as unknown as FeeWays[];
  if (!ways) throw new Error('fee_ways answered nothing');
  return ways;
}

/** See api.pay_fee for what it refuses. `credits`: how many were spent. */
export async function payFee(
  db: Db,
  businessId: string,
  input: { order_id: string; with: 'wallet' | 'credits'; pass_id: string | undefined },
  key: string,
): Promise<(OrderSummary & { credits: number }) | Refusal> {
  const paid = answer(
    await db.rpc('pay_fee', {
      business_id: businessId,
      order_id: input.order_id,
      pay_with: input.with,
      idempotency_key: key,
      ...(input.pass_id ? { pass_id: input.pass_id } : {}),
    }),
  );
  return isRefused(paid) ? paid : (paid as unknown as OrderSummary & { credits: number });
}

/** What was taken at the desk, and from whom. */
export interface TakenFee extends OrderSummary {
  /** How many were spent. */
  credits: number;
  member_id: string;
  name: string;
}

/** For the front desk. See api.take_fee for what it refuses. */
export async function takeFee(
  db: Db,
  businessId: string,
  fee: {
    order_id: string;
    pay: { pay_with: 'cash' | 'terminal' | 'wallet' | 'credits'; pass_id?: string };
    key: string;
  },
): Promise<TakenFee | Refusal> {
  const taken = answer(
    await db.rpc('take_fee', {
      business_id: businessId,
      order_id: fee.order_id,
      idempotency_key: fee.key,
      ...fee.pay,
    }),
  );
  return isRefused(taken) ? taken : (taken as unknown as TakenFee);
}
