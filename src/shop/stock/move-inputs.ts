/** What may be asked of the shelves over HTTP: deliveries, waste, transfers, corrections. */
import { z } from 'zod';
import { parseMoney } from '#platform/money.ts';
import { Refusal } from '#platform/refusals.ts';
import { type Voice, amount, amountsIn, filled } from './fields.ts';
import type { Line } from './moves.ts';

const why = z.string().trim().min(1).max(200);
const line = z.object({
  item_id: z.guid().optional(),
  product_id: z.guid().optional(),
  quantity: amount,
  cost_cents: z.number().int().min(0).max(1e12).optional(),
});
const lines = z.array(line).min(1).max(300);

/** Forms bring further fields of their own. */
export const deliveryInput = z.looseObject({
  location_id: z.guid(),
  lines: lines.optional(),
  note: z.string().trim().max(200).default(''),
});
export const wasteInput = z.object({
  location_id: z.guid(),
  lines: lines.optional(),
  item_id: z.guid().optional(),
  quantity: amount.optional(),
  why,
});
export const transferInput = z.object({
  location_id: z.guid(),
  to_location_id: z.guid(),
  lines: lines.optional(),
  item_id: z.guid().optional(),
  quantity: amount.optional(),
  why: z.string().trim().max(200).default(''),
});
export const correctionInput = z.object({ location_id: z.guid(), item_id: z.guid(), quantity: amount, why });

/** A delivery's lines; nothing filled in is refused where it is kept. */
export function deliveryLines(
  input: z.output<typeof deliveryInput>,
  { business, locale }: Voice,
): Line[] | Refusal {
  if (input.lines) return input.lines;
  const amounts = amountsIn(input, 'quantity_');
  if (!Array.isArray(amounts)) return amounts;
  const costs = new Map(filled(input, 'cost_'));
  const read: Line[] = [];
  for (const [item_id, quantity] of amounts) {
    const text = costs.get(item_id);
    const cost_cents = text === undefined ? null : parseMoney(text, business.currency, locale);
    if (text !== undefined && (cost_cents === null || cost_cents < 0))
      return new Refusal('stock_cost_invalid', 422, { field: `cost_${item_id}` });
    read.push({ item_id, quantity, ...(cost_cents !== null && { cost_cents }) });
  }
  return read;
}

/** One line, or the single item a form is about. */
export const linesOrOne = (input: {
  lines?: Line[] | undefined;
  item_id?: string | undefined;
  quantity?: number | undefined;
}): Line[] =>
  input.lines ?? (input.item_id ? [{ item_id: input.item_id, quantity: input.quantity ?? 0 }] : []);
