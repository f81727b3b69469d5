import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { saveDayPart } from '#shop/products/keeping.ts';
import { dayPartFacts, dayPartInput } from '#shop/products/part-inputs.ts';

export const POST = endpoint({
  summary: 'Make or change (`day_part_id`) a part of the day in which some of the menu is served',
  input: dayPartInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) =>
    saveDayPart(db, locals.business.id, input.day_part_id ?? null, dayPartFacts(input)),
  message: (_data, { locals }) => locals.m.menuOffice.saved,
  form: { done: '/admin/products/day-parts' },
});
