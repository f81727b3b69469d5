import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { counterFacts, counterInput } from '#shop/products/counter-inputs.ts';
import { saveCounter } from '#shop/products/keeping.ts';

export const POST = endpoint({
  summary: 'How a location sells: hours, slots, barista seconds, lead, days ahead, tips',
  input: counterInput,
  who: requireStaff('manager'),
  limit: 'write',
  async act({ input, db, locals }) {
    const facts = counterFacts(input);
    return isRefused(facts) ? facts : saveCounter(db, locals.business.id, input.location_id, facts);
  },
  message: (_data, { locals }) => locals.m.menuOffice.saved,
  form: { done: '/admin/products/counters' },
});
