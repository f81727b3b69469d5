import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { retireInput } from '#shop/products/inputs.ts';
import { retireProduct } from '#shop/products/keeping.ts';

export const POST = endpoint({
  summary: 'Give a product up, or bring it back',
  input: retireInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => retireProduct(db, locals.business.id, input.id, input.retired),
  message: ({ retired }, { locals: { m } }) => (retired ? m.products.retired : m.products.broughtBack),
});
