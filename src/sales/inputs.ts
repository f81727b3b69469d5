/** What may be asked of carts and orders over HTTP. */
import { z } from 'zod';
import { forWhom } from '#booking/participants.ts';

const cents = z
  .string()
  .regex(/^\d{1,12}$/)
  .transform(Number)
  .or(z.number().int().min(0).max(999_999_999_999));

export const seatInput = z.object({ session_id: z.guid(), ...forWhom });
export const lineParam = z.object({ line_id: z.guid() });
/** Which pass pays for a seat in the cart; empty: money. */
export const linePayment = lineParam.extend({ pass_id: z.guid().or(z.literal('')).nullable().optional() });
/** `expected_total_cents`: what the buyer saw; another total is refused instead of charged. */
export const orderInput = z.object({
  expected_total_cents: cents.optional(),
  pay_with: z.enum(['card', 'wallet']).default('card'),
});
