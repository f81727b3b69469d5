/** Changing a room: its name, how many it holds, and where people's places are. */
import { z } from 'zod';
import { roomInput } from '#booking/rooms/inputs.ts';
import { saveRoomAsSaid } from '#booking/rooms/save.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Change a room; a smaller one lowers the places of its classes to come',
  input: roomInput.extend({ id: z.guid() }),
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => saveRoomAsSaid(db, locals.business.id, input.id, input),
  message: (_data, { locals }) => locals.m.schedule.rooms.saved,
  form: { done: ({ room_id }) => `/admin/rooms/${room_id}` },
});
export const PATCH = POST;
