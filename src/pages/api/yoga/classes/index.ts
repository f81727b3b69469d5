/**
 * What is on. `from` and `until` are ISO instants or days of the business's zone (seven days from now when left out, at
 * most 62 days apart), `style`, `level`, `instructor` and `class` narrow it. Rows are those of `api.timetable` as nobody
 * in particular sees them.
 */
import { instantIn, timetableQuery } from '#booking/inputs.ts';
import type { Session } from '#booking/sessions.ts';
import { publicTimetable, narrowed } from '#booking/timetable/timetable.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { Refusal } from '#platform/refusals.ts';
import { cursorOf, readCursor } from '#platform/cursors.ts';

const day = 86_400_000;
const mostDays = 62;
const minute = 60_000;

const placeOf = ({ starts_at, session_id }: Session): string => `${starts_at} ${session_id}`;

/** Where a list goes on after a row. When that was taken out or put elsewhere meanwhile: at what begins when it did, or later. */
function following(all: Session[], after: string): number {
  const known = all.findIndex((session) => placeOf(session) === after);
  if (known >= 0) return known + 1;
  const [at = ''] = after.split(' ');
  const next = all.findIndex((session) => Date.parse(session.starts_at) >= Date.parse(at));
  return next < 0 ? all.length : next;
}

export const GET = endpoint({
  summary: 'The timetable: classes with their times and the places left',
  input: timetableQuery,
  limit: 'read',
  cache: 'public, max-age=2',
  async act({ input, locals }) {
    const { business } = locals;
    // To the minute, so that everybody who asks for "from now on" shares one answer.
    const now = new Date(Math.floor(Date.now() / minute) * minute).toISOString();
    const from = input.from ? instantIn(input.from, business.time_zone) : now;
    const until = input.until
      ? instantIn(input.until, business.time_zone)
      : new Date(Date.parse(from) + 7 * day).toISOString();
    const length = Date.parse(until) - Date.parse(from);
    if (length <= 0 || length > mostDays * day) {
      return new Refusal('invalid_input', 422, { field: 'until' });
    }
    const all = narrowed(await publicTimetable(business.id, { from, until }), {
      style: input.style ?? null,
      level: input.level ?? null,
      instructor: input.instructor ?? null,
    }).filter((session) => !input.class || session.class_slug === input.class);

    const after = readCursor(input.cursor);
    const begin = after ? following(all, after) : 0;
    const rows = all.slice(begin, begin + input.limit);
    const last = rows.at(-1);
    const next = last && begin + rows.length < all.length ? cursorOf(placeOf(last)) : null;
    return new Page(
      rows.map(({ my_booking_id: _id, my_booking_state: _state, ...session }) => session),
      next,
      all.length,
    );
  },
});
