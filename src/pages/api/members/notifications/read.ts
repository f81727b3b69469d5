import { readInput } from '#messages/inputs.ts';
import { markRead } from '#messages/notices.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Mark these as read, or everything when none is named; answers how much is left unread',
  input: readInput,
  who: requireMember,
  limit: 'write',
  message: (_data, { locals }) => locals.m.notices.readDone,
  form: { done: '/account/notifications' },
  act: ({ input, db, locals }) => markRead(db, locals.business.id, input.ids),
});
