import { sellAtDesk } from '#desk/door.ts';
import { sale } from '#desk/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'A place for somebody who stands at the desk: paid, seated and checked in',
  input: sale,
  who: requireStaff('front_desk'),
  limit: 'write',
  idempotent: true,
  status: 201,
  async act({ input, db, locals, key }) {
    const sold = await sellAtDesk(db, locals.business.id, { ...input, key });
    return isRefused(sold) ? sold : { ...sold, session_id: input.session_id };
  },
  message: ({ name }, { locals }) => locals.m.desk.walkIn.done({ name }),
  form: { done: ({ session_id, booking_id }) => `/desk/${session_id}#b-${booking_id}` },
});
