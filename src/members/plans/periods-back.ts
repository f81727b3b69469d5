/** Periods of a membership that are paid back. Decided in SQL (api.refund_membership). Amounts in minor units with tax. */
import { z } from 'zod';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export const periodBackInput = z.object({
  line: z.string(),
  amount_cents: z.number().int().min(1).max(100_000_000).optional(),
  /** From the form: an amount as it was shown, or `other`, which is `amount` as typed. */
  share: z
    .string()
    .regex(/^(?:\d{1,12}|other)$/)
    .optional(),
  amount: z.string().max(40).optional(),
  /** Whether they go on as before, or all of it ends now. */
  access: z.enum(['keep', 'end']),
  reason: z.string().trim().min(3).max(300),
});

/** `api.membership_to_refund`. */
export interface PeriodToRefund {
  membership_id: string;
  order_id: string;
  reference: string;
  member_id: string;
  member_name: string;
  plan_name: LocalisedText;
  state: 'trialing' | 'active' | 'past_due' | 'suspended' | 'ended';
  currency: string;
  paid_cents: number;
  /** What has not gone back yet. */
  left_cents: number;
  /** What is unused of it, by its credits or by whole days. */
  unused_cents: number;
  period_start: string;
  period_end: string;
  days: number;
  days_left: number;
  /** Null without limit, or when the period is over. */
  credits: number | null;
  credits_left: number | null;
  access_until: string;
  /** Null when nothing more is charged. */
  next_charge_at: string | null;
  /** Classes to come that it pays for. */
  booked: number;
  provider: 'stripe' | 'wallet' | 'gift_card' | 'cash' | 'terminal' | null;
  problem: 'nothing_to_refund' | null;
}

export interface PeriodBack {
  membership_id: string;
  order_id: string;
  refund_id: string;
  amount_cents: number;
  currency: string;
  ended: boolean;
}

/** Refuses 404 order_line_not_found. */
export async function periodToRefund(
  db: Db,
  businessId: string,
  lineId: string,
): Promise<PeriodToRefund | Refusal> {
  const found = answer(
    await db.rpc('membership_to_refund', { business_id: businessId, line_id: lineId }, { get: true }),
  );
  return isRefused(found) ? found : (found as unknown as PeriodToRefund);
}

/** See api.refund_membership for what it refuses. */
export async function refundPeriod(
  db: Db,
  businessId: string,
  input: { line_id: string; amount_cents: number; ends: boolean; reason: string },
  key: string,
): Promise<PeriodBack | Refusal> {
  const done = answer(
    await db.rpc('refund_membership', { business_id: businessId, ...input, idempotency_key: key }),
  );
  return isRefused(done) ? done : (done as unknown as PeriodBack);
}
