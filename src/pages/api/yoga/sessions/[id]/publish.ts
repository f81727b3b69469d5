import { publishInput } from '#booking/catalogue/inputs.ts';
import { publishSession } from '#booking/series/series.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Show one class to customers, or hide it. Whoever booked keeps their place; nobody new comes in.',
  input: publishInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => publishSession(db, locals.business.id, input),
  message: ({ published, bookings }, { locals }) =>
    published ? locals.m.schedule.session.published : locals.m.schedule.session.hidden({ count: bookings }),
  form: { done: ({ session_id }) => `/admin/schedule/${session_id}` },
});
