import { idParam } from '#booking/inputs.ts';
import { sessionSpots } from '#booking/rooms/spots.ts';
import { endpoint } from '#platform/endpoint.ts';
import { Refusal } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'The map of a session’s room, the spots taken, and your own; 404 where nobody picks a place',
  input: idParam,
  limit: 'read',
  act: async ({ input, db, locals }) =>
    (await sessionSpots(db, locals.business.id, input.id)) ?? new Refusal('not_found', 404),
});
