import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { linkPos } from '#till/outside/links.ts';
import { linkInput } from '#till/outside/inputs.ts';

export const POST = endpoint({
  summary: 'Say what an outside till’s id (SKU) is here: a product, a variant of one, or something in stock',
  input: linkInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input: { what, ...link }, db, locals }) => linkPos(db, locals.business.id, { ...link, ...what }),
  message: (_data, { locals }) => locals.m.outside.links.done,
  form: {
    done: ({ connection_id }: { connection_id: string }) => `/admin/developers/${connection_id}#links`,
    refused: ({ params }) => `/admin/developers/${params['id']}`,
  },
});
