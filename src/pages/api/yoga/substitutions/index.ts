/** Substitutes: what the asker could take, what they asked for, and asking. */
import { toBoardOrOwn } from '#booking/instructors/back.ts';
import { askInput } from '#booking/instructors/inputs.ts';
import { askSubstitute, mySubstitutions } from '#booking/instructors/substitutions.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';

export const GET = endpoint({
  summary: 'Classes you could take, and what you asked for',
  who: requireSignIn,
  limit: 'read',
  act: ({ db, locals }) => mySubstitutions(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'Look for a substitute for a class of yours; managers for anybody’s',
  input: askInput,
  who: requireSignIn,
  limit: 'write',
  status: 201,
  act: ({ input, db, locals }) => askSubstitute(db, locals.business.id, input),
  message: ({ told }, { locals: { m } }) => m.instructors.said.asked({ told: told ?? 0 }),
  form: { done: (_data, context) => toBoardOrOwn(context), refused: toBoardOrOwn },
});
