import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { readerInput } from '#till/reader-inputs.ts';
import { addReader, keptReaders } from '#till/readers.ts';

export const GET = endpoint({
  summary: 'The card readers, which tills use each, and whether they answer',
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ db, locals }) => keptReaders(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'Register the card reader that shows a code; tills of its counter without one use it',
  input: readerInput,
  who: requireStaff('manager'),
  limit: 'money',
  status: 201,
  act: ({ input, db, locals }) => addReader(db, locals.business.id, input),
  message: (_data, { locals }) => locals.m.readers.kept.added,
  form: { done: '/admin/readers', refused: '/admin/readers' },
});
