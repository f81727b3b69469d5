import { endpoint } from '#platform/endpoint.ts';
import { saleIdInput } from '#till/splits/inputs.ts';
import { type Split, giveUpSplit, ticketOf } from '#till/splits/splits.ts';
import { queryOf } from '#till/ticket.ts';
import { requireSeller } from '#till/tills.ts';

export const POST = endpoint({
  summary: 'Nobody pays this sale in parts: what it held is free, and the ticket can be rung up anew',
  input: saleIdInput,
  who: requireSeller,
  limit: 'write',
  act: ({ input, db, locals }) => giveUpSplit(db, locals.business.id, input.sale_id),
  form: {
    done: (split: Split) => `/till/${split.till_id}${queryOf(ticketOf(split, () => crypto.randomUUID()))}`,
  },
});
