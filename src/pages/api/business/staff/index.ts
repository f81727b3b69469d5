import { staffList } from '#business/staff.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const GET = endpoint({
  summary: 'Who works here.',
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ db, locals }) => staffList(db, locals.business.id),
});
