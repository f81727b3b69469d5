import { settingsInput } from '#messages/inputs.ts';
import { messageSettings, setMessageSettings } from '#messages/post/letters.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const GET = endpoint({
  summary:
    'When members who chose nothing themselves are reminded of a class: hours before; 24 is the day before, 0 not at all.',
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ db, locals }) => messageSettings(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'Say when members who chose nothing themselves are reminded of a class.',
  input: settingsInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => setMessageSettings(db, locals.business.id, input.reminder_hours),
  message: (_data, { locals }) => locals.m.letters.reminders.saved,
  form: { done: '/admin/messages#reminders', refused: '/admin/messages' },
});
