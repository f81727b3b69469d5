/** One class with what is known about it, and its times in the coming four weeks. */
import { classBySlug } from '#booking/classes.ts';
import { slugParam } from '#booking/inputs.ts';
import { isPast } from '#booking/sessions.ts';
import { publicTimetable } from '#booking/timetable/timetable.ts';
import { spanOf, today } from '#platform/clock.ts';
import { endpoint } from '#platform/endpoint.ts';
import { Refusal } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'A class and its next times',
  input: slugParam,
  limit: 'read',
  cache: 'public, max-age=2',
  async act({ input, locals: { business } }) {
    const zone = business.time_zone;
    const [type, sessions] = await Promise.all([
      classBySlug(business.id, input.slug),
      publicTimetable(business.id, spanOf(today(zone), zone, 28), { class: input.slug }),
    ]);
    if (!type) return new Refusal('not_found', 404);
    return {
      ...type,
      sessions: sessions
        .filter((session) => !isPast(session))
        .map(({ my_booking_id: _id, my_booking_state: _state, ...session }) => session),
    };
  },
});
