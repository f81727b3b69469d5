import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { testPos } from '#till/outside/connections.ts';
import { whichInput } from '#till/outside/inputs.ts';

export const POST = endpoint({
  summary: 'Send an outside till a message that means nothing, to see whether it is heard',
  input: whichInput,
  who: requireStaff('manager'),
  limit: 'write',
  status: 202,
  act: ({ input, db, locals }) => testPos(db, locals.business.id, input.id),
  message: (_data, { locals }) => locals.m.outside.out.tested,
  form: {
    done: ({ connection_id }: { connection_id: string }) => `/admin/developers/${connection_id}/sent`,
    refused: ({ params }) => `/admin/developers/${params['id']}`,
  },
});
