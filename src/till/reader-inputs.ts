/** What is said about card readers and the sales at them: forms and programs say the same. */
import { z } from 'zod';
import type { Refusal } from '#platform/refusals.ts';
import { type Sale, readSale, saleInput } from './inputs.ts';
import { testCardNames } from './reader-sales.ts';

const name = z.string().trim().min(1).max(40);

export const readerInput = z.object({
  location_id: z.guid(),
  name,
  /** As the reader shows it: three words, or `simulated-wpe`. */
  code: z.string().trim().toLowerCase().min(3).max(60),
});

/** A form ticks `till_ids` once or several times, or not at all. */
export const readerChangeInput = z.object({
  reader_id: z.guid(),
  name,
  till_ids: z
    .guid()
    .transform((one) => [one])
    .or(z.array(z.guid()).max(50))
    .default([]),
});
export const readerRemovalInput = z.object({ reader_id: z.guid() });

/** As any sale at the till, without what was handed over: the reader asks for it. */
export const readerSaleInput = saleInput.omit({ pay_with: true, tendered: true, tendered_cents: true });
export const readReaderSale = (input: z.output<typeof readerSaleInput>, locals: App.Locals): Sale | Refusal =>
  readSale({ ...input, pay_with: 'terminal' }, locals);

export const oneReaderSale = z.object({ sale_id: z.guid() });
export const testCardInput = oneReaderSale.extend({ card: z.enum(testCardNames) });
