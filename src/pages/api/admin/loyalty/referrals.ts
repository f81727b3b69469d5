/** Who brought whom. */
import { keptReferrals } from '#loyalty/referrals.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const GET = endpoint({
  summary: 'Who brought whom, the latest first, how many became customers, and what both had of it',
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ db, locals }) => keptReferrals(db, locals.business.id),
});
