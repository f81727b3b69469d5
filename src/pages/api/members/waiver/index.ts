import { z } from 'zod';
import { allTicked } from '#platform/inputs.ts';
import { currentWaiver, signWaiver } from '#members/papers/waivers.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';

export const GET = endpoint({
  summary: 'The waiver to sign; nothing where the business has none.',
  limit: 'read',
  act: ({ db, locals }) => currentWaiver(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'Sign the current waiver for oneself and for people on one’s account.',
  input: z.object({
    version: z.coerce.number().int().positive(),
    typed_name: z.string().trim().min(3).max(120),
    people: allTicked(z.guid()),
  }),
  who: requireMember,
  limit: 'write',
  status: 201,
  message: (_data, { locals }) => locals.m.members.waiver.thanks,
  form: { done: '/account/waiver', refused: '/account/waiver' },
  act: ({ input, locals }) => signWaiver(locals, input),
});
