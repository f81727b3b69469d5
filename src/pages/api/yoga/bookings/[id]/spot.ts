/** Picking a place for a seat that is booked. An empty spot gives it up. */
import { z } from 'zod';
import { idParam } from '#booking/inputs.ts';
import { type ChosenSpot, chooseSpot } from '#booking/rooms/spots.ts';
import { isId } from '#platform/ids.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';
import { Refusal } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'Pick a spot for one of your bookings',
  input: idParam.extend({
    spot: z
      .string()
      .max(12)
      .nullable()
      .transform((spot) => spot || null),
  }),
  who: requireSignIn,
  limit: 'booking',
  act: ({ input, db, locals }) =>
    isId(input.id)
      ? chooseSpot(db, locals.business.id, { booking_id: input.id, spot: input.spot })
      : new Refusal('booking_not_found', 404),
  message: ({ spot }: ChosenSpot, { locals: { m } }) =>
    spot ? m.schedule.spots.chosen : m.schedule.spots.givenUp,
  form: { done: ({ session_id }: ChosenSpot) => `/sessions/${session_id}#spot` },
});
