import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { droppedDayInput } from '#shop/products/counter-inputs.ts';
import { dropSpecialDay } from '#shop/products/keeping.ts';

export const POST = endpoint({
  summary: 'That day is as every other of its week again',
  input: droppedDayInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => dropSpecialDay(db, locals.business.id, input),
  message: (_data, { locals }) => locals.m.menuOffice.dropped,
  form: { done: ({ location_id }) => `/admin/products/counters/${location_id}#special-days` },
});
