import { toProfile } from '#booking/instructors/back.ts';
import { idParam } from '#booking/inputs.ts';
import { ids } from '#booking/instructors/inputs.ts';
import { setQualifications } from '#booking/instructors/profiles.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Exactly these classes a teacher may teach',
  input: idParam.extend({ class_type_ids: ids }),
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => setQualifications(db, locals.business.id, input.id, input.class_type_ids),
  message: (_data, { locals: { m } }) => m.instructors.said.saved,
  form: { done: (_data, context) => toProfile(context), refused: toProfile },
});
