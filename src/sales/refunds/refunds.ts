/** What staff give back of an order, line by line. Decided in SQL (api.refund_order): what remains, who may, where the money goes. */
import { z } from 'zod';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, type RefusalName, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { LineKind } from '../lines.ts';
import type { Chosen } from '#shop/ordering/chosen.ts';
import type { OrderState } from '../order.ts';
import type { PaidTender } from '../tenders.ts';

/** A row of `api.order_to_refund`: what is the order's stands in each. */
export interface RefundableLine {
  reference: string;
  number: string | null;
  state: OrderState;
  currency: string;
  total_cents: number;
  paid_at: string | null;
  buyer: string;
  member_id: string;
  line_id: string;
  kind: LineKind;
  label: LocalisedText;
  modifiers: Chosen[];
  quantity: number;
  pieces_left: number;
  line_cents: number;
  left_cents: number;
  /** Why nothing of it can be given back here. */
  problem: RefusalName | null;
  may: boolean;
  /** The pass it became, which is paid back by itself. */
  pass_id: string | null;
  tenders: PaidTender[];
  returned:
    | { quantity: number; amount_cents: number; stock: 'back' | 'waste' | null; reason: string; at: string }[]
    | null;
}

export const reason = z.string().trim().min(3).max(300);
export const given = z.object({
  line_id: z.guid(),
  quantity: z.number().int().min(0).max(1000).optional(),
  cents: z.number().int().min(0).max(100_000_000_000).optional(),
  stock: z.enum(['back', 'waste']).optional(),
});
export type GivenLine = z.output<typeof given>;
/** From a program `lines`; from the form one line: its pieces, or money as typed. */
export const refundInput = z.object({
  id: z.string(),
  reason,
  lines: z.array(given).min(1).max(21).optional(),
  line_id: z.guid().optional(),
  quantity: z
    .string()
    .regex(/^\d{0,4}$/)
    .optional(),
  amount: z.string().max(40).optional(),
  stock: z.enum(['back', 'waste']).optional(),
});

/** Refuses 403 not_your_role, 404 order_not_found. */
export async function orderToRefund(
  db: Db,
  businessId: string,
  orderId: string,
): Promise<RefundableLine[] | Refusal> {
  const lines = answer(
    await db.rpc('order_to_refund', { business_id: businessId, order_id: orderId }, { get: true }),
  );
  return isRefused(lines) ? lines : (lines as unknown as RefundableLine[]);
}

export interface Refunded {
  order_id: string;
  refund_cents: number;
  currency: string;
  /** Which way how much of it goes. */
  money: { provider: string; ending: string | null; amount_cents: number }[];
}

/** `till_id`: at which till; cash comes out of its drawer. Refuses what `api.refund_order` refuses. */
export async function refundOrder(
  db: Db,
  businessId: string,
  input: { order_id: string; lines: GivenLine[]; reason: string; till_id?: string },
  key: string,
): Promise<Refunded | Refusal> {
  const done = answer(
    await db.rpc('refund_order', {
      business_id: businessId,
      order_id: input.order_id,
      lines: input.lines,
      reason: input.reason,
      idempotency_key: key,
      ...(input.till_id ? { till_id: input.till_id } : {}),
    }),
  );
  return isRefused(done) ? done : (done as unknown as Refunded);
}
