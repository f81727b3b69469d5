/** From a form, which knows no DELETE. */
import { deleteStyle } from '#booking/catalogue/class-types.ts';
import { slugParam } from '#booking/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Take away a style that no class has',
  input: slugParam,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => deleteStyle(db, locals.business.id, input.slug),
  message: (_data, { locals }) => locals.m.schedule.styles.deleted,
  form: { done: '/admin/classes#styles', refused: '/admin/classes#styles' },
});
export const DELETE = POST;
