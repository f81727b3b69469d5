import { endpoint } from '#platform/endpoint.ts';
import { isRefused } from '#platform/refusals.ts';
import { readSale, saleInput } from '#till/inputs.ts';
import { priceTicket, requireSeller } from '#till/tills.ts';

export const POST = endpoint({
  summary: 'What a ticket comes to, line by line; nothing of it is kept',
  input: saleInput.partial({ pay_with: true }),
  who: requireSeller,
  limit: 'read',
  async act({ input, db, locals }) {
    const sale = readSale(
      { ...input, sale_id: input.sale_id ?? crypto.randomUUID(), pay_with: input.pay_with ?? 'terminal' },
      locals,
    );
    if (isRefused(sale)) return sale;
    const ticket = { ...sale, sale: sale.sale_id, member: sale.member_id ?? null };
    return priceTicket(db, locals.business.id, sale.till_id, ticket);
  },
});
