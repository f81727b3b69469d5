import { memberPage } from '#members/directory/people.ts';
import { personId } from '#members/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const GET = endpoint({
  summary: 'Everything the team may see of one member. For the front desk.',
  input: personId,
  who: requireStaff('front_desk'),
  limit: 'read',
  act: ({ input, db, locals }) => memberPage(db, locals.business.id, input.id),
});
