/** Gift cards as managers keep them. */
import { z } from 'zod';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { whole } from '#platform/inputs.ts';
import { keptCards } from '#sales/gift-cards/kept.ts';

export const GET = endpoint({
  summary: 'Gift cards that were sold, the latest first, with what is still owed for each; never their codes',
  input: z.object({
    before_at: z.iso.datetime({ offset: true }).optional(),
    before_id: z.guid().optional(),
    limit: whole(1, 200).default(50),
  }),
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ input, db, locals: { business } }) =>
    keptCards(db, business.id, {
      before: input.before_at && input.before_id ? { at: input.before_at, id: input.before_id } : null,
      size: input.limit,
    }),
});
