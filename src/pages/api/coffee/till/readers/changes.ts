import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { readerChangeInput } from '#till/reader-inputs.ts';
import { changeReader } from '#till/readers.ts';

export const POST = endpoint({
  summary: 'What a card reader is called, and which tills use it',
  input: readerChangeInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => changeReader(db, locals.business.id, input),
  message: (_data, { locals }) => locals.m.readers.kept.saved,
  form: { done: '/admin/readers', refused: '/admin/readers' },
});
