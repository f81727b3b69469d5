import { updatePerson } from '#members/family.ts';
import { person, personId } from '#members/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Change the name and birthday of somebody on the account.',
  input: person.extend(personId.shape),
  who: requireMember,
  limit: 'write',
  message: (_data, { locals }) => locals.m.members.family.saved,
  form: { done: '/account/family', refused: ({ params }) => `/account/family/${params.id}` },
  act: ({ input, db, locals }) => updatePerson(db, locals.business.id, input.id, input),
});
