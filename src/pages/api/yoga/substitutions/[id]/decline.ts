import { toSubstitutions } from '#booking/instructors/back.ts';
import { idParam } from '#booking/inputs.ts';
import { declineSubstitution } from '#booking/instructors/substitutions.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';

export const POST = endpoint({
  summary: 'Say that you cannot take a class you were asked for',
  input: idParam,
  who: requireSignIn,
  limit: 'write',
  act: ({ input, db, locals }) => declineSubstitution(db, locals.business.id, input.id),
  message: (_data, { locals: { m } }) => m.instructors.said.saidNo,
  form: { done: toSubstitutions, refused: toSubstitutions },
});
