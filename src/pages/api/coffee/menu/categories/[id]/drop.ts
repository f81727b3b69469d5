import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { idInput } from '#shop/products/fields.ts';
import { dropCategory } from '#shop/products/keeping.ts';

export const POST = endpoint({
  summary: 'Take an empty part out of the menu',
  input: idInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => dropCategory(db, locals.business.id, input.id),
  message: (_data, { locals }) => locals.m.menuOffice.dropped,
  form: { done: '/admin/products/categories' },
});
