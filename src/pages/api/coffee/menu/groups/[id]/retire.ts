import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { idInput } from '#shop/products/fields.ts';
import { retireGroup } from '#shop/products/keeping.ts';

export const POST = endpoint({
  summary: 'Give up a question that no product asks any more',
  input: idInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => retireGroup(db, locals.business.id, input.id),
  message: (_data, { locals }) => locals.m.menuOffice.dropped,
  form: { done: '/admin/products/groups' },
});
