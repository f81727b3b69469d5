import { z } from 'zod';
import { dropCart } from '#platform/http/cookies.ts';
import { endpoint } from '#platform/endpoint.ts';
import { log } from '#platform/log.ts';

export const POST = endpoint({
  summary: 'End the session of this browser, or with `everywhere` all of this person’s.',
  input: z.object({ everywhere: z.stringbool().or(z.boolean()).optional() }),
  limit: 'write',
  message: (_data, { locals }) => locals.m.auth.signedOut,
  form: { done: '/' },
  act: async ({ input, context, locals }) => {
    const { error } = await locals.db.auth.signOut({ scope: input.everywhere ? 'global' : 'local' });
    // Auth forgets the session in its own time then; this browser has forgotten it already.
    if (error)
      log.warn('sign_out_unheard', { request_id: locals.requestId, reason: error.code ?? error.name });
    dropCart(context.cookies);
    locals.forgetViewer();
    return { signed_out: true };
  },
});
