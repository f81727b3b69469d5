import { z } from 'zod';
import { myProgress } from '#members/progress/progress.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';

export const GET = endpoint({
  summary: 'Visits of a year (or the last 53 weeks), streaks, milestones and this week’s goal.',
  input: z.object({
    person_id: z.guid().optional(),
    year: z.coerce.number().int().min(1990).max(2200).optional(),
  }),
  who: requireMember,
  limit: 'read',
  act: ({ input, db, locals }) =>
    myProgress(db, locals.business.id, { person: input.person_id, year: input.year }),
});
