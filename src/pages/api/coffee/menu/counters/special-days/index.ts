import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { specialDayInput, specialHours } from '#shop/products/counter-inputs.ts';
import { worded } from '#shop/products/fields.ts';
import { saveSpecialDay } from '#shop/products/keeping.ts';

export const POST = endpoint({
  summary: 'Other hours for one day of a counter, or none (closed), and why',
  input: specialDayInput,
  who: requireStaff('manager'),
  limit: 'write',
  async act({ input, db, locals }) {
    const hours = specialHours(input);
    if (isRefused(hours)) return hours;
    const { location_id, on_date } = input;
    const why = worded(input.why, input.why_en, input.why_es) ?? {};
    return saveSpecialDay(db, locals.business.id, { location_id, on_date, hours, why });
  },
  message: ({ promised }, { locals: { m } }) =>
    promised > 0 ? m.menuOffice.special.promised({ count: promised }) : m.menuOffice.saved,
  form: { done: ({ location_id }) => `/admin/products/counters/${location_id}#special-days` },
});
