import { waive } from '#desk/door.ts';
import { waiver } from '#desk/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Give back what a late cancellation or an absence cost, with a reason',
  input: waiver,
  who: requireStaff('front_desk'),
  limit: 'money',
  idempotent: true,
  act: ({ input, db, locals, key }) => waive(db, locals.business.id, { ...input, key }),
  message: (_data, { locals }) => locals.m.desk.waive.done,
});
