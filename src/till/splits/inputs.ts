/** What is sent about a sale that is paid in parts: forms and programs say the same. */
import { z } from 'zod';
import { parseMoney } from '#platform/money.ts';
import { Refusal } from '#platform/refusals.ts';
import { cents, ways } from '../inputs.ts';

/**
 * A part of an open sale. `amount`: how much of what is due, in minor units or as typed; nothing: all of it, or as far as it
 * goes. Of cash `tendered`: what was handed over. Of a gift card what stands in its letter.
 */
export const partInput = z.object({
  sale_id: z.guid(),
  way: z.enum([...ways, 'gift_card']),
  amount_cents: cents.optional(),
  amount: z.string().trim().max(20).optional(),
  tendered_cents: cents.optional(),
  tendered: z.string().trim().max(20).optional(),
  code: z.string().trim().max(60).default(''),
  pin: z.string().trim().max(20).default(''),
});
/** A part whose card the reader asks for. `part_id`: the device's own. */
export const readerPartInput = partInput
  .pick({ sale_id: true, amount_cents: true, amount: true })
  .extend({ part_id: z.guid() });
export type Part = Pick<z.output<typeof partInput>, 'sale_id' | 'way' | 'code' | 'pin'> & {
  amount_cents: number | undefined;
  tendered_cents: number | undefined;
};

/** Refuses 422 amount_invalid for an amount that cannot be read. */
export function readPart(
  { amount, tendered, ...part }: z.output<typeof partInput>,
  { business, locale }: App.Locals,
): Part | Refusal {
  const typed = { amount, tendered };
  const read = (field: keyof typeof typed, exact: number | undefined): number | undefined | null =>
    exact ?? (typed[field] ? parseMoney(typed[field], business.currency, locale) : undefined);
  const [some, given] = [read('amount', part.amount_cents), read('tendered', part.tendered_cents)];
  if (some === null || (some ?? 1) < 1) return new Refusal('amount_invalid', 422, { field: 'amount' });
  if (given === null || (given ?? 1) < 1) return new Refusal('amount_invalid', 422, { field: 'tendered' });
  return { ...part, amount_cents: some, tendered_cents: given };
}

export const backInput = z.object({ part_id: z.guid() });
export const saleIdInput = z.object({ sale_id: z.guid() });
