import { toBoardOrOwn } from '#booking/instructors/back.ts';
import { idParam } from '#booking/inputs.ts';
import { withdrawSubstitution } from '#booking/instructors/substitutions.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';

export const POST = endpoint({
  summary: 'No substitute is needed any more. By whoever asked or a manager.',
  input: idParam,
  who: requireSignIn,
  limit: 'write',
  act: ({ input, db, locals }) => withdrawSubstitution(db, locals.business.id, input.id),
  message: (_data, { locals: { m } }) => m.instructors.said.stopped,
  form: { done: (_data, context) => toBoardOrOwn(context), refused: toBoardOrOwn },
});
