import { endpoint } from '#platform/endpoint.ts';
import { soldAt, soldInput } from '#till/sold.ts';
import { requireSeller } from '#till/tills.ts';

export const GET = endpoint({
  summary: 'What the tills of a counter sold: today, or found by reference, receipt number, buyer or amount',
  input: soldInput,
  who: requireSeller,
  limit: 'read',
  act: ({ input, db, locals }) => soldAt(db, locals, input),
});
