import { toProfileOrOwn } from '#booking/instructors/back.ts';
import { idParam } from '#booking/inputs.ts';
import { withdrawTimeOff } from '#booking/instructors/time.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';

export const POST = endpoint({
  summary: 'Take back time off that is not over. By the teacher or a manager.',
  input: idParam,
  who: requireSignIn,
  limit: 'write',
  act: ({ input, db, locals }) => withdrawTimeOff(db, locals.business.id, input.id),
  message: (_data, { locals: { m } }) => m.instructors.said.takenBack,
  form: { done: (_data, context) => toProfileOrOwn(context), refused: toProfileOrOwn },
});
