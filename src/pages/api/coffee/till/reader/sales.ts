import { endpoint } from '#platform/endpoint.ts';
import { oneReaderSale, readReaderSale, readerSaleInput } from '#till/reader-inputs.ts';
import { lookAtReaderSale, readerSalePage, sendToReader } from '#till/reader-sales.ts';
import { isRefused } from '#platform/refusals.ts';
import { requireSeller } from '#till/tills.ts';

export const GET = endpoint({
  summary: 'How a sale, or a part of one, at the card reader stands',
  input: oneReaderSale,
  who: requireSeller,
  limit: 'read',
  act: ({ input, db, locals }) => lookAtReaderSale(db, locals.business.id, input.sale_id),
});

export const POST = endpoint({
  summary: 'Send a sale to the till’s card reader; its own id makes it one however often it is sent',
  input: readerSaleInput,
  who: requireSeller,
  limit: 'write',
  status: 201,
  async act({ input, db, locals }) {
    const sale = readReaderSale(input, locals);
    return isRefused(sale) ? sale : sendToReader(db, locals.business.id, sale);
  },
  form: { done: readerSalePage },
});
