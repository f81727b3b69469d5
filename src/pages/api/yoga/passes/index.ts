/** The asker's passes. */
import { z } from 'zod';
import { myPasses } from '#members/plans/plans.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';

export const GET = endpoint({
  summary: 'Your passes, with what is left on each',
  input: z.object({}),
  who: requireMember,
  limit: 'read',
  act: ({ db, locals: { business } }) => myPasses(db, business.id),
});
