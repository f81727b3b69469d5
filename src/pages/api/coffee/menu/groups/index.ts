import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { saveGroup } from '#shop/products/keeping.ts';
import { groupFacts, groupInput } from '#shop/products/option-inputs.ts';

export const POST = endpoint({
  summary: 'Make or change (`group_id`) what is asked about products, with all its options in order',
  input: groupInput,
  who: requireStaff('manager'),
  limit: 'write',
  async act({ input, db, locals }) {
    const facts = groupFacts(input, locals);
    return isRefused(facts) ? facts : saveGroup(db, locals.business.id, input.group_id ?? null, facts);
  },
  message: (_data, { locals }) => locals.m.menuOffice.saved,
  form: { done: ({ group_id }) => `/admin/products/groups/${group_id}` },
});
