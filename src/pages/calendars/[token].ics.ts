/**
 * For calendar programs, which follow an address and see what changed since: a feed of somebody's or something's
 * classes (calendars/feeds.ts), or the classes of one order by its signed address (calendars/link.ts).
 */
import { z } from 'zod';
import { bookingCalendar } from '#booking/calendar.ts';
import { calendarFile, isFeedToken } from '#booking/calendars/feeds.ts';
import { calendarAnswer, readCalendarToken } from '#booking/calendars/link.ts';
import { endpoint } from '#platform/endpoint.ts';
import { localeFor, localised } from '#platform/i18n/index.ts';
import { Refusal, isRefused } from '#platform/refusals.ts';
import { serviceDb } from '#platform/supabase.ts';
import { orderById } from '#sales/orders.ts';

export const GET = endpoint({
  summary: 'A calendar by its secret address: of a member, an instructor, a room, or of one order',
  input: z.object({ token: z.string().max(120) }),
  limit: 'read',
  async act({ input, context, locals: { business, origin, href } }) {
    if (isFeedToken(input.token)) {
      const file = await calendarFile(business, (path) => `${origin}${href(path)}`, input.token);
      if (file === null) return new Refusal('not_found', 404);
      return calendarAnswer(file, `${business.slug}.ics`, context.request);
    }
    const asked = readCalendarToken(input.token);
    if (!asked) return new Refusal('not_found', 404);
    // The signature is the permission: nobody is signed in here.
    const order = await orderById(serviceDb(), business.id, asked.orderId);
    if (isRefused(order)) return new Refusal('not_found', 404);
    const locale = localeFor(asked.language, business.country);
    const entries = order.lines.flatMap((line) =>
      line.booking_id && line.starts_at && line.ends_at
        ? [
            {
              id: line.booking_id,
              title: localised(line.label, locale),
              startsAt: line.starts_at,
              endsAt: line.ends_at,
              instructor: line.instructor_name ?? '',
              room: line.room_name ?? '',
              url: `${origin}${href(`/orders/${order.order_id}`)}`,
              cancelled:
                line.session_state === 'cancelled' || /cancelled|expired/.test(line.booking_state ?? ''),
              sequence: line.calendar_sequence ?? undefined,
            },
          ]
        : [],
    );
    return calendarAnswer(bookingCalendar(entries, business, locale), `${order.reference}.ics`);
  },
});
