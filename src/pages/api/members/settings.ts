import { z } from 'zod';
import { countUnchecked } from '#members/directory/staying.ts';
import { ticked } from '#platform/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'Whether people who are not checked in count as having come.',
  input: z.object({ counts_unchecked: ticked }),
  who: requireStaff('manager'),
  limit: 'write',
  async act({ input, db, locals }) {
    const counts = await countUnchecked(db, locals.business.id, input.counts_unchecked);
    return isRefused(counts) ? counts : { counts_unchecked: counts };
  },
  message: (_data, { locals }) => locals.m.members.family.saved,
  form: { done: '/admin/members/at-risk', refused: '/admin/members/at-risk' },
});
