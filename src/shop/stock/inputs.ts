/** What may be read of the stockroom over HTTP. */
import { z } from 'zod';
import { readDay } from '#platform/clock.ts';

export const stockroomQuery = z.object({
  location_id: z.guid().optional(),
  low: z.stringbool().optional(),
  q: z.string().trim().max(80).optional(),
});
export const reorderQuery = z.object({ location_id: z.guid().optional() });
export const itemQuery = z.object({
  id: z.guid(),
  location_id: z.guid().optional(),
  cursor: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const day = z.string().refine((text) => readDay(text) !== null);
export const worthQuery = z.object({ from_on: day, until_on: day });
