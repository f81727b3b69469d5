import { endpoint } from '#platform/endpoint.ts';
import { mailReceipt, receiptInput } from '#till/sold.ts';
import { requireSeller } from '#till/tills.ts';

export const POST = endpoint({
  summary: 'Send the receipt of a sale to an address somebody says, which is kept for this letter only',
  input: receiptInput,
  who: requireSeller,
  limit: 'codes',
  idempotent: true,
  act: ({ input, db, locals, key }) => mailReceipt(db, locals, input, key),
  message: (_, { locals: { m } }) => m.counter.mail.done,
  form: { done: ({ till_id, sale_id }) => `/till/${till_id}/sold/${sale_id}` },
});
