import { toProfileOrOwn } from '#booking/instructors/back.ts';
import { idParam } from '#booking/inputs.ts';
import { ids } from '#booking/instructors/inputs.ts';
import { setPreferred } from '#booking/instructors/profiles.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';

export const POST = endpoint({
  summary: 'Exactly these colleagues are asked first when a teacher cannot come. By themselves or a manager.',
  input: idParam.extend({ substitute_ids: ids }),
  who: requireSignIn,
  limit: 'write',
  act: ({ input, db, locals }) => setPreferred(db, locals.business.id, input.id, input.substitute_ids),
  message: (_data, { locals: { m } }) => m.instructors.said.saved,
  form: { done: (_data, context) => toProfileOrOwn(context), refused: toProfileOrOwn },
});
