/** Having all of the trail read again. A job reads it; what it finds stands in the trail. */
import { readTrailAgain } from '#admin/audit.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Have the whole trail of what people with power did read again, by a job',
  who: requireStaff('owner'),
  limit: 'write',
  status: 202,
  act: ({ db, locals: { business } }) => readTrailAgain(db, business.id),
  message: (_, { locals: { m } }) => m.schedule.audit.checking,
  form: { done: '/admin/audit', refused: '/admin/audit' },
});
