import { toSubstitutions } from '#booking/instructors/back.ts';
import { idParam } from '#booking/inputs.ts';
import { acceptSubstitution } from '#booking/instructors/substitutions.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';

export const POST = endpoint({
  summary: 'Take a class. The first who accepts has it, or waits for a manager (`accepted`).',
  input: idParam,
  who: requireSignIn,
  limit: 'write',
  act: ({ input, db, locals }) => acceptSubstitution(db, locals.business.id, input.id),
  message: ({ state }, { locals: { m } }) =>
    state === 'filled' ? m.instructors.said.yours : m.instructors.said.toConfirm,
  form: { done: toSubstitutions, refused: toSubstitutions },
});
