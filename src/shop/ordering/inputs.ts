/** What may be asked of the bar over HTTP. */
import { z } from 'zod';
import { whole } from '#platform/inputs.ts';
import { lineFields } from '../menu/choices.ts';

const slug = z.string().regex(/^[a-z0-9-]{1,60}$/);

/** One thing from the menu. What was chosen about it comes in fields of their own: see menu/choices.ts. */
export const productInput = z.looseObject({ slug, ...lineFields });
export const lineQuantity = z.object({ line_id: z.guid(), quantity: whole(0, 50) });

const instant = z.iso.datetime({ offset: true });

/** How an order is handed over. `pickup_at` empty: as soon as it can be made. `tip`: a percentage, `other`, or nothing. */
export const handoverInput = z.object({
  location_id: z.guid().optional(),
  serving: z.enum(['takeaway', 'eat_in']).optional(),
  table_label: z.string().trim().max(20).optional(),
  note: z.string().trim().max(200).optional(),
  pickup_at: instant.or(z.literal('')).nullable().optional(),
  tip: z
    .string()
    .regex(/^(?:\d{1,3}|other)$/)
    .optional(),
  tip_amount: z.string().trim().max(20).optional(),
});
export type HandoverInput = z.output<typeof handoverInput>;

export const ordersInput = z.object({
  lines: z
    .array(z.object({ slug, ...lineFields }))
    .min(1)
    .max(20),
  location_id: z.guid().optional(),
  serving: z.enum(['takeaway', 'eat_in']).optional(),
  table_label: z.string().trim().max(20).optional(),
  note: z.string().trim().max(200).optional(),
  pickup_at: instant.nullable().optional(),
  tip: z
    .object({ percent: z.number().int().min(0).max(100) })
    .or(z.object({ cents: z.number().int().min(0).max(100_000_000) }))
    .optional(),
  expected_total_cents: z.number().int().min(0).optional(),
  pay_with: z.enum(['card', 'wallet']).default('card'),
});
