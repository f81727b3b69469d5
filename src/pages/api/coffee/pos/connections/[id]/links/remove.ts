import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { unlinkPos } from '#till/outside/links.ts';
import { unlinkInput } from '#till/outside/inputs.ts';

export const POST = endpoint({
  summary: 'Forget what an outside till’s id is here',
  input: unlinkInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => unlinkPos(db, locals.business.id, input),
  form: {
    done: ({ connection_id }: { connection_id: string }) => `/admin/developers/${connection_id}#links`,
    refused: ({ params }) => `/admin/developers/${params['id']}`,
  },
});
