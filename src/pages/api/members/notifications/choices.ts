import { myChoices, setChoices } from '#messages/choices.ts';
import { choicesInput } from '#messages/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';

export const GET = endpoint({
  summary: 'How you are told of each topic, and when you are reminded of a class',
  who: requireMember,
  limit: 'read',
  act: ({ db, locals }) => myChoices(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'Say what you want to hear of: `wanted` as topic:channel, of the topics in `asked`',
  input: choicesInput,
  who: requireMember,
  limit: 'write',
  message: (_data, { locals }) => locals.m.notices.choices.saved,
  form: { done: '/account/notifications/choices', refused: '/account/notifications/choices' },
  act: ({ input, db, locals }) => setChoices(db, locals.business.id, input),
});
