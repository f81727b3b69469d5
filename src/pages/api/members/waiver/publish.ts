import { z } from 'zod';
import { publishWaiver } from '#members/papers/waivers.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Publish the draft: from now on everybody signs this version.',
  input: z.object({ version: z.coerce.number().int().positive() }),
  who: freshly(requireStaff('manager')),
  limit: 'write',
  act: ({ input, db, locals }) => publishWaiver(db, locals.business.id, input.version),
  message: ({ version }, { locals }) => locals.m.members.waiver.published({ version }),
  form: { done: '/admin/members/waiver', refused: '/admin/members/waiver' },
});
