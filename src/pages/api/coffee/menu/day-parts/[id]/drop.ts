import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { idInput } from '#shop/products/fields.ts';
import { dropDayPart } from '#shop/products/keeping.ts';

export const POST = endpoint({
  summary: 'Take away a part of the day in which nothing is served',
  input: idInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => dropDayPart(db, locals.business.id, input.id),
  message: (_data, { locals }) => locals.m.menuOffice.dropped,
  form: { done: '/admin/products/day-parts' },
});
