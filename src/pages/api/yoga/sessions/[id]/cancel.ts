import { cancelInput } from '#booking/series/inputs.ts';
import { cancelSession } from '#booking/series/series.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Call a class off: everyone gets back what they paid and is told, once',
  input: cancelInput,
  who: freshly(requireStaff('manager')),
  limit: 'write',
  idempotent: true,
  act: ({ input, db, locals, key }) => cancelSession(db, locals.business.id, { ...input, key }),
  message: ({ bookings }, { locals }) => locals.m.schedule.cancel.done({ count: bookings }),
  form: { done: ({ session_id }) => `/admin/schedule/${session_id}` },
});
