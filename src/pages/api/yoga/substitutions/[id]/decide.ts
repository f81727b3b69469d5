import { toBoard } from '#booking/instructors/back.ts';
import { z } from 'zod';
import { idParam } from '#booking/inputs.ts';
import { decideSubstitution } from '#booking/instructors/substitutions.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Confirm who would take a class, or turn them down (decision: yes, no)',
  input: idParam.extend({ decision: z.enum(['yes', 'no']) }),
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) =>
    decideSubstitution(db, locals.business.id, input.id, input.decision === 'yes'),
  message: ({ state }, { locals: { m } }) =>
    state === 'filled' ? m.instructors.said.confirmed : m.instructors.said.turnedDown,
  form: { done: toBoard, refused: toBoard },
});
