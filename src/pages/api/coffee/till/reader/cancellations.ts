import { endpoint } from '#platform/endpoint.ts';
import { oneReaderSale } from '#till/reader-inputs.ts';
import { callOff, otherWayPage, readerSalePage } from '#till/reader-sales.ts';
import { requireSeller } from '#till/tills.ts';

export const POST = endpoint({
  summary: 'Call a sale, or a part of one, at the card reader off; a card that was quicker has paid for it',
  input: oneReaderSale,
  who: requireSeller,
  limit: 'write',
  act: ({ input, db, locals }) => callOff(db, locals.business.id, input.sale_id),
  form: {
    // Back at the till with the same ticket, or at the rest of the sale, to be paid in another way.
    done: (sale) =>
      sale.phase === 'sold' || sale.phase === 'taken' ? readerSalePage(sale) : otherWayPage(sale),
  },
});
