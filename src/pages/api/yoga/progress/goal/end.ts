import { z } from 'zod';
import { endGoal } from '#members/progress/progress.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Aim for nothing in particular from now on.',
  input: z.object({ person_id: z.guid().optional() }),
  who: requireMember,
  limit: 'write',
  message: (_data, { locals }) => locals.m.progress.goal.ended,
  form: {},
  act: ({ input, db, locals }) => endGoal(db, locals.business.id, input.person_id),
});
