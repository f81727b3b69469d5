import { cancelForMember } from '#desk/door.ts';
import { cancellation } from '#desk/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Cancel for a member, by the booking’s policy or free of charge with a reason',
  input: cancellation,
  who: requireStaff('front_desk'),
  limit: 'money',
  idempotent: true,
  act: ({ input, db, locals, key }) =>
    cancelForMember(db, locals.business.id, { ...input, free: input.free === 'yes', key }),
  message: (_data, { locals }) => locals.m.desk.cancel.done,
});
