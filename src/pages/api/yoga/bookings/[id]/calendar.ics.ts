/** One booking as a calendar file, for its member. A cancelled one says so, and so leaves the calendar it was put in. */
import { bookingById } from '#booking/bookings.ts';
import { bookingCalendar } from '#booking/calendar.ts';
import { calendarAnswer } from '#booking/calendars/link.ts';
import { idParam } from '#booking/inputs.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';
import { localeFor, localised } from '#platform/i18n/index.ts';
import { Refusal, isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'A booking as a calendar file (text/calendar)',
  input: idParam,
  who: requireSignIn,
  limit: 'read',
  async act({ input, db, locals }) {
    const { business, origin, href } = locals;
    const [booking, viewer] = await Promise.all([bookingById(db, business.id, input.id), locals.viewer()]);
    if (isRefused(booking)) return booking;
    const { session } = booking;
    if (!session) return new Refusal('session_not_found', 404);
    const locale = viewer.locale ? localeFor(viewer.locale, business.country) : locals.locale;
    const entry = {
      id: booking.booking_id,
      title: localised(booking.class_name, locale),
      startsAt: session.starts_at,
      endsAt: session.ends_at,
      instructor: session.instructor_name,
      room: session.room_name,
      url: `${origin}${href('/account/bookings')}`,
      cancelled: session.state === 'cancelled' || /cancelled|expired/.test(booking.state),
    };
    return calendarAnswer(bookingCalendar([entry], business, locale), `${session.class_slug}.ics`);
  },
});
