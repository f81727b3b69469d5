import { invitation } from '#business/inputs.ts';
import { inviteStaff, openInvitations } from '#business/invitations.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';

export const GET = endpoint({
  summary: 'Invitations that wait for an answer.',
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ db, locals }) => openInvitations(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'Invite somebody to a role, by e-mail.',
  input: invitation,
  who: freshly(requireStaff('manager')),
  limit: 'write',
  status: 201,
  message: (_data, { locals }) => locals.m.auth.staff.invited,
  form: { done: '/admin/staff', refused: '/admin/staff' },
  act: ({ input, db, locals }) => inviteStaff(db, locals.business.id, input),
});
