/** The programme: how it earns, and what is owed in points. */
import { boostsOf, programmeFacts, programmeInput, tiersOf } from '#loyalty/inputs.ts';
import { keptLoyalty, saveProgramme } from '#loyalty/programme.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary:
    'The loyalty programme, its boosts, tiers and rewards, and the points in members’ hands by month of expiry',
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ db, locals }) => keptLoyalty(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'A new version of the loyalty programme. What was earned keeps the terms it was earned under.',
  input: programmeInput,
  who: requireStaff('manager'),
  limit: 'write',
  act({ input, db, locals }) {
    const programme = programmeFacts(input, locals);
    if (isRefused(programme)) return programme;
    return saveProgramme(db, locals.business.id, {
      programme,
      boosts: boostsOf(input),
      tiers: tiersOf(input, locals.business.locales),
    });
  },
  message: (_data, { locals: { m } }) => m.loyalty.kept.saved,
  form: { done: '/admin/loyalty', refused: '/admin/loyalty' },
});
