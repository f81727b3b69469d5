import { z } from 'zod';
import { ticked } from '#platform/inputs.ts';
import { measures, setGoal } from '#members/progress/progress.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Aim for so many classes (1 to 14) or minutes (15 to 1,500) a week.',
  input: z.object({
    measure: z.enum(measures),
    target: z.coerce.number().int(),
    nudge: ticked,
    person_id: z.guid().optional(),
  }),
  who: requireMember,
  limit: 'write',
  status: 201,
  message: (_data, { locals }) => locals.m.progress.goal.saved,
  form: {},
  act: ({ input, db, locals }) => setGoal(db, locals.business.id, input),
});
