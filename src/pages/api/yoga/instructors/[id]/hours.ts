import { toProfileOrOwn } from '#booking/instructors/back.ts';
import { hours } from '#booking/instructors/inputs.ts';
import { setHours } from '#booking/instructors/time.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';

export const POST = endpoint({
  summary: 'A teacher’s weekly hours, replaced as a whole; none: any hour. By themselves or a manager.',
  input: hours,
  who: requireSignIn,
  limit: 'write',
  act: ({ input, db, locals }) => setHours(db, locals.business.id, input),
  message: (_data, { locals: { m } }) => m.instructors.said.saved,
  form: { done: (_data, context) => toProfileOrOwn(context), refused: toProfileOrOwn },
});
