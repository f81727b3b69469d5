import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';
import { shownPage, wantsJson } from '#platform/http/answers.ts';
import { isRefused } from '#platform/refusals.ts';
import { connectPos, doorOf, posConnections, showSecretOnce } from '#till/outside/connections.ts';
import { connectInput } from '#till/outside/inputs.ts';

export const GET = endpoint({
  summary: 'Outside tills, and how they are doing',
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ db, locals }) => posConnections(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'Connect an outside till to a counter. Its secret is told only now.',
  input: connectInput,
  who: freshly(requireStaff('manager')),
  limit: 'write',
  status: 201,
  async act({ input, db, context, locals }) {
    const made = await connectPos(db, locals.business.id, input);
    if (isRefused(made)) return made;
    if (wantsJson(context.request)) return { ...made, url: doorOf(locals.origin, made.connection_id) };
    // The page itself is the answer, so that the secret is nowhere but on it.
    showSecretOnce(locals, made);
    return shownPage(context, `/admin/developers/${made.connection_id}`, 201);
  },
  form: { refused: '/admin/developers' },
});
