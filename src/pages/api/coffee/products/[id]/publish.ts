import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { publishInput } from '#shop/products/inputs.ts';
import { publishProduct } from '#shop/products/keeping.ts';

export const POST = endpoint({
  summary: 'Put a product on the menu or take it off; whoever ordered it gets it',
  input: publishInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => publishProduct(db, locals.business.id, input.id, input.published),
  message: ({ published }, { locals: { m } }) => (published ? m.products.shown : m.products.hidden),
});
