import { z } from 'zod';
import { birthday, personName, phone } from '#members/inputs.ts';
import { myProfile, updateProfile } from '#members/profiles.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';

export const GET = endpoint({
  summary: 'What this business knows about the signed-in member.',
  who: requireMember,
  limit: 'read',
  act: ({ db, locals }) => myProfile(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'Change name, phone, the language of e-mails, birthday and pronouns.',
  input: z.object({
    name: personName,
    phone,
    locale: z.enum(['en', 'es']),
    birthday: birthday.optional(),
    pronouns: z.string().trim().max(40).optional(),
  }),
  who: requireMember,
  limit: 'write',
  message: (_data, { locals }) => locals.m.auth.profile.saved,
  form: { done: '/account/profile', refused: '/account/profile' },
  act: ({ input, db, locals }) => updateProfile(db, locals.business.id, input),
});
