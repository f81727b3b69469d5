import { endpoint } from '#platform/endpoint.ts';
import { requireUser } from '#platform/guards.ts';
import { Refusal } from '#platform/refusals.ts';
import { throwIfAway } from '#platform/supabase.ts';

export const POST = endpoint({
  summary: 'Renew the session now. Pages do it by themselves when it is about to end.',
  who: requireUser,
  limit: 'write',
  act: async ({ locals }) => {
    const { data, error } = await locals.db.auth.refreshSession();
    throwIfAway(error);
    if (error || !data.session) return new Refusal('sign_in_first', 401);
    return {
      user: { id: data.session.user.id, email: data.session.user.email },
      expires_at: data.session.expires_at,
    };
  },
});
