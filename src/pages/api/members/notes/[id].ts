import { z } from 'zod';
import { changeNote } from '#members/directory/people.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Pin, unpin or take away a note.',
  input: z.object({ id: z.guid(), change: z.enum(['pin', 'unpin', 'remove']) }),
  who: requireStaff('front_desk'),
  limit: 'write',
  act: ({ input, db, locals }) => changeNote(db, locals.business.id, input.id, input.change),
  form: { done: ({ member_id }) => `/admin/members/${member_id}#notes` },
});
