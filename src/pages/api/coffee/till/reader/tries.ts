import { endpoint } from '#platform/endpoint.ts';
import { oneReaderSale } from '#till/reader-inputs.ts';
import { askAgain, readerSalePage } from '#till/reader-sales.ts';
import { requireSeller } from '#till/tills.ts';

export const POST = endpoint({
  summary: 'After a declined card: the reader asks for one once more',
  input: oneReaderSale,
  who: requireSeller,
  limit: 'write',
  act: ({ input, db, locals }) => askAgain(db, locals.business.id, input.sale_id),
  form: { done: readerSalePage },
});
