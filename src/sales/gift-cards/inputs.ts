import { z } from 'zod';
import { calendarDay, maybe, whole } from '#platform/inputs.ts';

const words = (most: number) => z.string().trim().min(1).max(most);
const cents = whole(1, 100_000_000);

/** `choice`: one of the sums on offer; `amount`: another one, as typed; or `amount_cents` from a program. */
export const giftCardInput = z.object({
  amount_cents: maybe(cents),
  choice: maybe(cents),
  amount: maybe(z.string().max(40)),
  to_name: words(80),
  to_email: z.string().trim().max(254),
  from_name: words(80),
  message: maybe(z.string().trim().max(300)),
  locale: maybe(z.string().max(10)),
  send_on: maybe(calendarDay),
});
/** As typed: what stands between the characters, and what looks like a digit, does not matter. */
export const keyInput = z.object({ code: z.string().min(1).max(60), pin: z.string().min(1).max(20) });
export const changeInput = z.object({
  id: z.string(),
  act: z.enum(['block', 'unblock', 'reissue']),
  reason: z.string().trim().min(3).max(300),
  to_email: maybe(z.string().trim().max(254)),
});
/** Sums as typed, in the business's currency. */
export const rulesInput = z.object({
  amounts: z.string().min(1).max(200),
  least: z.string().min(1).max(40),
  most: z.string().min(1).max(40),
  valid_months: maybe(whole(12, 120)),
});
