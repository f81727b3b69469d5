/** What may be asked of carts and orders over HTTP. */
import { z } from 'zod';

const cents = z
  .string()
  .regex(/^\d{1,12}$/)
  .transform(Number)
  .or(z.number().int().min(0).max(999_999_999_999));

export const seatInput = z.object({ session_id: z.guid() });
export const lineParam = z.object({ line_id: z.guid() });
/** `expected_total_cents`: what the buyer saw; another total is refused instead of charged. */
export const orderInput = z.object({ expected_total_cents: cents.optional() });
