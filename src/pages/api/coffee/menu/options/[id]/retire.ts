import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { idInput } from '#shop/products/fields.ts';
import { retireOption } from '#shop/products/keeping.ts';

export const POST = endpoint({
  summary: 'An answer that is not offered any more; what was ordered keeps its name',
  input: idInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => retireOption(db, locals.business.id, input.id),
  message: (_data, { locals }) => locals.m.menuOffice.dropped,
  form: { done: ({ group_id }) => `/admin/products/groups/${group_id}#options` },
});
