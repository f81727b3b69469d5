import { z } from 'zod';
import { endStaff } from '#business/staff.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'End somebody’s role. The last owner stays.',
  input: z.object({ staff_id: z.uuid() }),
  who: freshly(requireStaff('manager')),
  limit: 'write',
  message: (_data, { locals }) => locals.m.auth.staff.ended,
  form: { done: '/admin/staff', refused: '/admin/staff' },
  act: ({ input, db, locals }) => endStaff(db, locals.business.id, input.staff_id),
});
