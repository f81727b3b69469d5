import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { dayPartInput } from '#shop/products/inputs.ts';
import { saveDayPart } from '#shop/products/keeping.ts';

export const POST = endpoint({
  summary: 'Make or change (`day_part_id`) a part of the day in which some of the menu is served',
  input: dayPartInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input: { day_part_id, ...facts }, db, locals }) =>
    saveDayPart(db, locals.business.id, day_part_id ?? null, facts),
});
