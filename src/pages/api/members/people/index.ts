import { addPerson, myPeople } from '#members/family.ts';
import { person } from '#members/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';

export const GET = endpoint({
  summary: 'Whom the signed-in member books for: themselves, and the people on their account.',
  who: requireMember,
  limit: 'read',
  act: ({ db, locals }) => myPeople(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'Add somebody to the account who has none of their own.',
  input: person,
  who: requireMember,
  limit: 'write',
  status: 201,
  message: (_data, { locals }) => locals.m.members.family.added,
  form: { done: '/account/family', refused: '/account/family' },
  act: ({ input, db, locals }) => addPerson(db, locals.business.id, input),
});
