import { toProfile } from '#booking/instructors/back.ts';
import { idParam } from '#booking/inputs.ts';
import { tick, timeOff } from '#booking/instructors/inputs.ts';
import { grantTimeOff } from '#booking/instructors/time.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Give a teacher time off; `ask` looks for substitutes for the classes in it',
  input: timeOff.safeExtend({ ...idParam.shape, ask: tick }),
  who: requireStaff('manager'),
  limit: 'write',
  status: 201,
  act: ({ input, db, locals }) => grantTimeOff(db, locals.business, input.id, input, input.ask),
  message: (data, { locals: { m } }) => m.instructors.said.granted(data),
  form: { done: (_data, context) => toProfile(context), refused: toProfile },
});
