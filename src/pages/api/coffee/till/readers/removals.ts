import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { readerRemovalInput } from '#till/reader-inputs.ts';
import { removeReader } from '#till/readers.ts';

export const POST = endpoint({
  summary: 'Remove a card reader: no till sends anything to it any more',
  input: readerRemovalInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => removeReader(db, locals.business.id, input.reader_id),
  message: (_data, { locals }) => locals.m.readers.kept.removed,
  form: { done: '/admin/readers', refused: '/admin/readers' },
});
