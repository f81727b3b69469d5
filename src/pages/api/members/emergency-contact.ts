import { emergencyContact } from '#members/inputs.ts';
import { setEmergencyContact } from '#members/profiles.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Whom to call when something happens to the signed-in member; all empty: nobody.',
  input: emergencyContact,
  who: requireMember,
  limit: 'write',
  message: (_data, { locals }) => locals.m.auth.profile.saved,
  form: { done: '/account/profile#emergency', refused: '/account/profile' },
  act: ({ input, db, locals }) => setEmergencyContact(db, locals.business.id, input),
});
