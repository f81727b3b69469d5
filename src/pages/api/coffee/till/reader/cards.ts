import { endpoint } from '#platform/endpoint.ts';
import { testCardInput } from '#till/reader-inputs.ts';
import { holdTestCard, readerSalePage } from '#till/reader-sales.ts';
import { requireSeller } from '#till/tills.ts';

export const POST = endpoint({
  summary: 'In test mode: hold a test card to a simulated reader',
  input: testCardInput,
  who: requireSeller,
  limit: 'write',
  act: ({ input, db, locals }) => holdTestCard(db, locals.business.id, input),
  form: { done: readerSalePage },
});
