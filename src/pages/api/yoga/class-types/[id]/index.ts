/** Changing what is said of a class. What a form or program leaves out stays. */
import { z } from 'zod';
import { saveClassType } from '#booking/catalogue/class-types.ts';
import { classTypeInput, factsOf } from '#booking/catalogue/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';

export const POST = endpoint({
  summary:
    'Change a class; with `also_upcoming` the new price and places hold for times already on the timetable',
  input: classTypeInput.extend({ id: z.guid() }),
  who: requireStaff('manager'),
  limit: 'write',
  async act({ input, db, locals }) {
    const facts = factsOf(input, locals);
    if (isRefused(facts)) return facts;
    return saveClassType(db, locals.business.id, { id: input.id, facts, alsoUpcoming: input.also_upcoming });
  },
  message: (_data, { locals }) => locals.m.schedule.classes.saved,
  form: { done: ({ slug }) => `/admin/classes/${slug}` },
});
export const PATCH = POST;
