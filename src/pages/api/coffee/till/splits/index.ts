import { z } from 'zod';
import { endpoint } from '#platform/endpoint.ts';
import { isRefused } from '#platform/refusals.ts';
import { readSale, saleInput } from '#till/inputs.ts';
import { openSales } from '#till/open-sales.ts';
import { type SplitState, openSplit, pageOf } from '#till/splits/splits.ts';
import { requireSeller } from '#till/tills.ts';

export const GET = endpoint({
  summary: 'Sales of a till that are not paid yet, in parts or at the card reader, with what is still due',
  input: z.object({ till_id: z.guid() }),
  who: requireSeller,
  limit: 'read',
  act: ({ input, db, locals }) => openSales(db, locals.business.id, input.till_id),
});

export const POST = endpoint({
  summary:
    'A ticket that is to be paid in parts: its price stands and its goods are held; nothing to pay is sold at once',
  input: saleInput.omit({ pay_with: true, tendered: true, tendered_cents: true }),
  who: requireSeller,
  limit: 'write',
  status: 201,
  async act({ input, db, locals }) {
    const sale = readSale({ ...input, pay_with: 'terminal' }, locals);
    return isRefused(sale) ? sale : openSplit(db, locals.business.id, sale);
  },
  form: { done: (split: SplitState) => pageOf(split) },
});
