/** The asker's bookings, and a seat for them without going through the cart. */
import { bookSession, pastBookings, upcomingBookings } from '#booking/bookings.ts';
import { bookingInput, bookingsQuery } from '#booking/inputs.ts';
import { participantsOf } from '#booking/participants.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { isRefused } from '#platform/refusals.ts';
import { cursorOf, readCursor } from '#platform/cursors.ts';
import { type PlacedOrder, payOrder } from '#sales/placing.ts';

export const GET = endpoint({
  summary: 'Your bookings, those to come or those that are over',
  input: bookingsQuery,
  who: requireSignIn,
  limit: 'read',
  async act({ input, db, locals: { business } }) {
    if (input.when === 'upcoming') {
      const rows = await upcomingBookings(db, business.id, input.limit);
      return new Page(rows, null, rows.length < input.limit ? rows.length : null);
    }
    const rows = await pastBookings(db, business.id, readCursor(input.cursor), input.limit);
    const last = rows.at(-1);
    return new Page(rows, last && rows.length === input.limit ? cursorOf(last.starts_at) : null);
  },
});

export const POST = endpoint({
  summary:
    'Book seats of one class, for yourself, people on your account or guests; answers where to pay when a pass or the wallet does not',
  input: bookingInput,
  who: requireSignIn,
  limit: 'booking',
  idempotent: true,
  status: 201,
  form: { done: (order: PlacedOrder) => order.payment_url ?? `/orders/${order.order_id}` },
  async act({ input, locals, who, key }) {
    const order = await bookSession(locals, {
      ...input,
      participants: participantsOf(input),
      key,
      user: who.id,
    });
    return isRefused(order) ? order : payOrder(locals, order);
  },
});
