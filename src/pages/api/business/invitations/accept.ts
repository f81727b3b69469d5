import { z } from 'zod';
import { invitationToken } from '#business/inputs.ts';
import { acceptInvitation } from '#business/invitations.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireUser } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Accept an invitation that was written to the signed-in person.',
  input: z.object({ token: invitationToken }),
  who: freshly(requireUser),
  limit: 'auth',
  act: ({ input, db, locals }) => acceptInvitation(db, locals.business.id, input.token),
  message: ({ role }, { locals }) =>
    locals.m.auth.staff.welcome({ role: locals.m.auth.roles[role], name: locals.business.name }),
  form: { done: '/account' },
});
