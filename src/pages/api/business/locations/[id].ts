import { z } from 'zod';
import { addressOf, locationInput } from '#booking/rooms/inputs.ts';
import { saveLocation } from '#booking/rooms/rooms.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Change a location; parts of the address that are left out stay',
  input: locationInput.extend({ id: z.guid() }),
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) =>
    saveLocation(db, locals.business.id, { id: input.id, name: input.name, address: addressOf(input) }),
  message: (_data, { locals }) => locals.m.schedule.locations.saved,
  form: { done: '/admin/rooms', refused: '/admin/rooms' },
});
export const PATCH = POST;
