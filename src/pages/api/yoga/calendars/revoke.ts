import { z } from 'zod';
import { revokeCalendar } from '#booking/calendars/feeds.ts';
import { toCalendars } from '#booking/instructors/back.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';

export const POST = endpoint({
  summary: 'Take back the address of a calendar: it answers nobody any more',
  input: z.object({ feed_id: z.string().max(64) }),
  who: requireSignIn,
  limit: 'write',
  act: ({ input, db, locals }) => revokeCalendar(db, locals.business.id, input.feed_id),
  message: (_data, { locals: { m } }) => m.instructors.said.revoked,
  form: { done: (_data, context) => toCalendars(context), refused: toCalendars },
});
