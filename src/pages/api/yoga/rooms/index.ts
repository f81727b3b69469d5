/** Rooms by their locations, and a new room. */
import { roomInput } from '#booking/rooms/inputs.ts';
import { locations } from '#booking/rooms/rooms.ts';
import { saveRoomAsSaid } from '#booking/rooms/save.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const GET = endpoint({
  summary: 'Locations with their rooms and maps',
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ db, locals }) => locations(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'Make a room',
  input: roomInput,
  who: requireStaff('manager'),
  limit: 'write',
  status: 201,
  act: ({ input, db, locals }) => saveRoomAsSaid(db, locals.business.id, null, input),
  message: (_data, { locals }) => locals.m.schedule.rooms.made,
  form: { done: ({ room_id }) => `/admin/rooms/${room_id}`, refused: '/admin/rooms/new' },
});
