import { addressOf, locationInput } from '#booking/rooms/inputs.ts';
import { saveLocation } from '#booking/rooms/rooms.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Add a location',
  input: locationInput,
  who: requireStaff('manager'),
  limit: 'write',
  status: 201,
  act: ({ input, db, locals }) =>
    saveLocation(db, locals.business.id, { id: null, name: input.name, address: addressOf(input) }),
  message: (_data, { locals }) => locals.m.schedule.locations.saved,
  form: { done: '/admin/rooms', refused: '/admin/rooms' },
});
