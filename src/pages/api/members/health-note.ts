import { healthNote } from '#members/inputs.ts';
import { setHealthNote } from '#members/profiles.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'What teachers should know about the member or somebody on their account; empty withdraws it.',
  input: healthNote,
  who: requireMember,
  limit: 'write',
  form: {},
  act: ({ input, db, locals }) => setHealthNote(db, locals.business.id, input),
  message: ({ kept }, { locals: { m } }) => (kept ? m.members.health.kept : m.members.health.forgotten),
});
