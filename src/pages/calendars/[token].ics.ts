/** The classes of an order for calendar programs, which follow this address and see what was cancelled since. */
import { z } from 'zod';
import { bookingCalendar } from '#booking/calendar.ts';
import { calendarAnswer, readCalendarToken } from '#booking/calendars/link.ts';
import { endpoint } from '#platform/endpoint.ts';
import { localeFor, localised } from '#platform/i18n/index.ts';
import { Refusal, isRefused } from '#platform/refusals.ts';
import { serviceDb } from '#platform/supabase.ts';
import { orderById } from '#sales/orders.ts';

export const GET = endpoint({
  summary: 'An order as a calendar file, by its signed address',
  input: z.object({ token: z.string().max(120) }),
  limit: 'read',
  async act({ input, locals: { business, origin, href } }) {
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
              cancelled: /cancelled|expired/.test(line.booking_state ?? ''),
            },
          ]
        : [],
    );
    return calendarAnswer(bookingCalendar(entries, business, locale), `${order.reference}.ics`);
  },
});
