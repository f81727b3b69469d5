import { publishClassType } from '#booking/catalogue/class-types.ts';
import { publishInput } from '#booking/catalogue/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Show a class and its times to visitors, or hide them. Whoever booked keeps their place.',
  input: publishInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => publishClassType(db, locals.business.id, input),
  message: ({ published }, { locals }) =>
    published ? locals.m.schedule.classes.published : locals.m.schedule.classes.hidden,
  form: { done: ({ slug }) => `/admin/classes/${slug}` },
});
