import { z } from 'zod';
import { revokeInvitation } from '#business/invitations.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Take an invitation back.',
  input: z.object({ invitation_id: z.uuid() }),
  who: freshly(requireStaff('manager')),
  limit: 'write',
  message: (_data, { locals }) => locals.m.auth.staff.revoked,
  form: { done: '/admin/staff', refused: '/admin/staff' },
  act: ({ input, db, locals }) => revokeInvitation(db, locals.business.id, input.invitation_id),
});
