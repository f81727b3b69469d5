import { z } from 'zod';
import { changePassword } from '#members/accounts.ts';
import { checkPassword } from '#members/inputs.ts';
import { endReset, mayReset } from '#members/links.ts';
import { noteSignIn } from '#members/sign-in.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireUser } from '#platform/guards.ts';
import { Refusal, isRefused } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'Set a new password within fifteen minutes of following a recovery link.',
  input: z
    .object({ password: z.string().max(1000) })
    .superRefine(({ password }, context) => checkPassword(password, {}, context)),
  who: freshly(requireUser),
  limit: 'auth',
  message: (_data, { locals }) => locals.m.auth.reset.done,
  form: { done: '/account', refused: '/reset' },
  act: async ({ input, context, locals, who }) => {
    if (!mayReset(context.cookies, who.user_id)) return new Refusal('sign_in_again', 403);
    const changed = await changePassword(locals, input.password, who);
    if (isRefused(changed)) return changed;
    endReset(context.cookies);
    await noteSignIn(locals, who.email, true);
    return { changed: true };
  },
});
