/** One booking as a calendar file, for its member. A cancelled one says so, and so leaves the calendar it was put in. */
import { bookingForCalendar } from '#booking/bookings.ts';
import { bookingCalendar } from '#booking/calendar.ts';
import { calendarAnswer } from '#booking/calendars/link.ts';
import { idParam } from '#booking/inputs.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';
import { localeFor, localised } from '#platform/i18n/index.ts';
import { isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'A booking as a calendar file (text/calendar)',
  input: idParam,
  who: requireSignIn,
  limit: 'read',
  async act({ input, db, context, locals }) {
    const { business, origin, href } = locals;
    const [booking, viewer] = await Promise.all([
      bookingForCalendar(db, business.id, input.id),
      locals.viewer(),
    ]);
    if (isRefused(booking)) return booking;
    const locale = viewer.locale ? localeFor(viewer.locale, business.country) : locals.locale;
    const entry = {
      id: booking.id,
      title: localised(booking.class_name, locale),
      startsAt: booking.starts_at,
      endsAt: booking.ends_at,
      instructor: booking.instructor_name,
      room: booking.room_name,
      url: `${origin}${href('/account/bookings')}`,
      cancelled: booking.cancelled,
      sequence: booking.sequence,
      changedAt: booking.changed_at,
    };
    const file = bookingCalendar([entry], business, locale);
    return calendarAnswer(file, `${booking.class_slug}.ics`, context.request);
  },
});
