/** One booking of the asker's: what it is, what cancelling would mean, and cancelling it. */
import { bookingById } from '#booking/bookings.ts';
import { idParam } from '#booking/inputs.ts';
import { isId } from '#platform/ids.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';
import { Refusal } from '#platform/refusals.ts';
import { cancelBooking } from '#booking/cancelling.ts';

export const GET = endpoint({
  summary: 'One of your bookings, with what cancelling it now would give back',
  input: idParam,
  who: requireSignIn,
  limit: 'read',
  act: ({ input, db, locals: { business } }) => bookingById(db, business.id, input.id),
});

export const DELETE = endpoint({
  summary: 'Cancel a booking, with the refund its policy gives',
  input: idParam,
  who: requireSignIn,
  limit: 'booking',
  idempotent: true,
  act: ({ input, db, key, locals: { business } }) =>
    isId(input.id)
      ? cancelBooking(db, business.id, { id: input.id, key })
      : new Refusal('booking_not_found', 404),
});
