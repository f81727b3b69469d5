import { removePerson } from '#members/family.ts';
import { personId } from '#members/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Take somebody off the account. What they did here is kept.',
  input: personId,
  who: requireMember,
  limit: 'write',
  message: (_data, { locals }) => locals.m.members.family.removed,
  form: { done: '/account/family', refused: ({ params }) => `/account/family/${params.id}` },
  act: ({ input, db, locals }) => removePerson(db, locals.business.id, input.id),
});
