/** What may be said of a count over HTTP. */
import { z } from 'zod';
import type { Refusal } from '#platform/refusals.ts';
import { amount, amountsIn } from './fields.ts';
import type { Counted } from './moves.ts';

const countedLine = z.object({ item_id: z.guid(), counted: amount });
export const openCountInput = z.object({
  location_id: z.guid(),
  lines: z.array(countedLine).min(1).max(300).optional(),
});
export const keepCountInput = z.looseObject({
  id: z.guid(),
  lines: z.array(countedLine).max(300).optional(),
});

export function countedLines(input: z.output<typeof keepCountInput>): Counted[] | Refusal {
  if (input.lines) return input.lines;
  const amounts = amountsIn(input, 'counted_');
  return Array.isArray(amounts) ? amounts.map(([item_id, counted]) => ({ item_id, counted })) : amounts;
}
