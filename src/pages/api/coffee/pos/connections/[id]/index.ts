import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { posConnection, savePos } from '#till/outside/connections.ts';
import { saveInput, whichInput } from '#till/outside/inputs.ts';

export const GET = endpoint({
  summary: 'One outside till: where it is told of what, and what its ids are here',
  input: whichInput,
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ input, db, locals }) => posConnection(db, locals.business.id, input.id),
});

export const POST = endpoint({
  summary: 'Change an outside till’s name, its address and what it is told of',
  input: saveInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => savePos(db, locals.business.id, input),
  message: (_data, { locals }) => locals.m.outside.saved,
  form: {
    done: ({ connection_id }: { connection_id: string }) => `/admin/developers/${connection_id}`,
    refused: ({ params }) => `/admin/developers/${params['id']}`,
  },
});
