/** Passes that a manager gives, and passes that are paid back. */
import { z } from 'zod';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { RefusalName } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

const reason = z.string().trim().min(3).max(300);

export const givePassInput = z.object({ member_id: z.guid(), plan_id: z.guid(), reason });
export const refundPassInput = z.object({
  id: z.string(),
  amount_cents: z.number().int().min(1).max(100_000_000).optional(),
  /** As typed; either this or `amount_cents`. */
  amount: z.string().max(40).optional(),
  reason,
});

/** `api.pass_to_refund`; amounts in minor units with tax. */
export interface PassToRefund {
  member_id: string;
  plan_name: LocalisedText;
  state: 'active' | 'over' | 'voided';
  credits: number | null;
  credits_left: number | null;
  currency: string;
  most_cents: number | null;
  paid_cents: number | null;
  provider: 'stripe' | 'wallet' | 'gift_card' | 'cash' | 'terminal' | null;
  /** Why it cannot be paid back. */
  problem: Extract<RefusalName, 'pass_of_membership' | 'nothing_to_refund' | 'pass_has_bookings'> | null;
}

export interface RefundedPass {
  pass_id: string;
  member_id: string;
  refund_id: string;
  amount_cents: number;
  credits: number;
  currency: string;
}

/** Refuses 404 plan_not_found, member_not_found, 422 reason_invalid. */
export async function givePass(
  db: Db,
  businessId: string,
  input: z.output<typeof givePassInput>,
  key: string,
): Promise<{ pass_id: string; credits: number; member_id: string } | Refusal> {
  const given = answer(
    await db.rpc('give_pass', { business_id: businessId, ...input, idempotency_key: key }),
  );
  if (isRefused(given)) return given;
  return { ...(given as { pass_id: string; credits: number }), member_id: input.member_id };
}

/** Refuses 404 pass_not_found. */
export async function passToRefund(
  db: Db,
  businessId: string,
  passId: string,
): Promise<PassToRefund | Refusal> {
  const found = answer(
    await db.rpc('pass_to_refund', { business_id: businessId, pass_id: passId }, { get: true }),
  );
  if (isRefused(found)) return found;
  const [pass] = found as unknown as PassToRefund[];
  if (!pass) throw new Error('pass_to_refund answered nothing');
  return pass;
}

/** See api.refund_pass for what it refuses. */
export async function refundPass(
  db: Db,
  businessId: string,
  input: { pass_id: string; amount_cents: number; reason: string },
  key: string,
): Promise<RefundedPass | Refusal> {
  const done = answer(
    await db.rpc('refund_pass', { business_id: businessId, ...input, idempotency_key: key }),
  );
  return isRefused(done) ? done : (done as unknown as RefundedPass);
}
