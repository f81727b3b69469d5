import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { counterInput } from '#shop/products/inputs.ts';
import { saveCounter } from '#shop/products/keeping.ts';

export const POST = endpoint({
  summary: 'How a location sells: hours, slots, barista seconds, lead, days ahead, tips',
  input: counterInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input: { location_id, ...facts }, db, locals }) =>
    saveCounter(db, locals.business.id, location_id, facts),
});
