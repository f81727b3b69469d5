import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { saveOption } from '#shop/products/keeping.ts';
import { optionFacts, optionInput } from '#shop/products/option-inputs.ts';

export const POST = endpoint({
  summary: 'Make or change (`modifier_id`) one answer to what is asked (`group_id`)',
  input: optionInput,
  who: requireStaff('manager'),
  limit: 'write',
  async act({ input, db, locals }) {
    const facts = optionFacts(input, locals);
    if (isRefused(facts)) return facts;
    const of = { group_id: input.group_id, modifier_id: input.modifier_id ?? null };
    return saveOption(db, locals.business.id, of, facts);
  },
  message: (_data, { locals }) => locals.m.menuOffice.saved,
  form: { done: ({ group_id }) => `/admin/products/groups/${group_id}#options` },
});
