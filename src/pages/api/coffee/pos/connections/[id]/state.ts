import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { setPosState } from '#till/outside/connections.ts';
import { stateInput } from '#till/outside/inputs.ts';

export const POST = endpoint({
  summary: 'Pause an outside till, let it go on, or disconnect it for good (`ended`)',
  input: stateInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => setPosState(db, locals.business.id, input),
  form: {
    done: ({ connection_id }: { connection_id: string }) => `/admin/developers/${connection_id}`,
    refused: ({ params }) => `/admin/developers/${params['id']}`,
  },
});
