import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';
import { shownPage, wantsJson } from '#platform/http/answers.ts';
import { isRefused } from '#platform/refusals.ts';
import { rotateSecret, showSecretOnce } from '#till/outside/connections.ts';
import { rotateInput } from '#till/outside/inputs.ts';

export const POST = endpoint({
  summary:
    'A new secret of an outside till, told only now. The old one is good for overlap_hours more (24 unless said otherwise).',
  input: rotateInput,
  who: freshly(requireStaff('manager')),
  limit: 'write',
  status: 201,
  async act({ input, db, context, locals }) {
    const made = await rotateSecret(db, locals.business.id, input);
    if (isRefused(made) || wantsJson(context.request)) return made;
    showSecretOnce(locals, made);
    return shownPage(context, `/admin/developers/${made.connection_id}`, 201);
  },
  form: { refused: ({ params }) => `/admin/developers/${params['id']}` },
});
