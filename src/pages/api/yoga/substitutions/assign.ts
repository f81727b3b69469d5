import { toBoard } from '#booking/instructors/back.ts';
import { assignInput } from '#booking/instructors/inputs.ts';
import { assignSubstitute } from '#booking/instructors/substitutions.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Give a class to a teacher who may teach it and is free',
  input: assignInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => assignSubstitute(db, locals.business.id, input),
  message: (_data, { locals: { m } }) => m.instructors.said.given,
  form: { done: toBoard, refused: toBoard },
});
