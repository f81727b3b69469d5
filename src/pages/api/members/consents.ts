import { z } from 'zod';
import { allTicked } from '#platform/inputs.ts';
import { channels, myConsents, purposes, setConsents } from '#members/papers/consents.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';

const choices = channels.flatMap((channel) => purposes.map((purpose) => `${channel}:${purpose}`));

export const GET = endpoint({
  summary: 'By which ways the signed-in member may be reached, and for what.',
  who: requireMember,
  limit: 'read',
  act: ({ db, locals }) => myConsents(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'Say all one agrees to, as channel:purpose; what is not named is refused from now on.',
  input: z.object({ given: allTicked(z.enum(choices)) }),
  who: requireMember,
  limit: 'write',
  message: (_data, { locals }) => locals.m.auth.profile.saved,
  form: { done: '/account/profile#reach', refused: '/account/profile' },
  act: ({ input, db, locals }) => setConsents(db, locals.business.id, input.given),
});
