import { endpoint } from '#platform/endpoint.ts';
import { isRefused } from '#platform/refusals.ts';
import { readSale, saleInput } from '#till/inputs.ts';
import { type TillSale, requireSeller, sellAtTill } from '#till/tills.ts';

export const POST = endpoint({
  summary: 'A sale at a till, paid at once; its own id makes it one however often it is sent',
  input: saleInput,
  who: requireSeller,
  limit: 'write',
  status: 201,
  async act({ input, db, locals }) {
    const sale = readSale(input, locals);
    return isRefused(sale) ? sale : sellAtTill(db, locals.business.id, sale);
  },
  form: { done: (sale: TillSale) => `/till/${sale.till_id}/sold/${sale.order_id}` },
});
