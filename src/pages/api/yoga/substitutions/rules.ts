import { toBoard } from '#booking/instructors/back.ts';
import { rulesInput } from '#booking/instructors/inputs.ts';
import { setRules } from '#booking/instructors/substitutions.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'How substitutes are found: head starts in hours, and whether a manager confirms',
  input: rulesInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => setRules(db, locals.business.id, input),
  message: (_data, { locals: { m } }) => m.instructors.said.saved,
  form: { done: toBoard, refused: toBoard },
});
