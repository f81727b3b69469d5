import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { groupInput } from '#shop/products/inputs.ts';
import { saveGroup } from '#shop/products/keeping.ts';

export const POST = endpoint({
  summary: 'Make or change (`group_id`) what is asked about products, with all its options in order',
  input: groupInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input: { group_id, ...facts }, db, locals }) =>
    saveGroup(db, locals.business.id, group_id ?? null, facts),
});
