import { z } from 'zod';
import { changePassword } from '#members/accounts.ts';
import { checkPassword, givenPassword } from '#members/inputs.ts';
import { checkOwnPassword } from '#members/sign-in.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireUser } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'Change the password, knowing the current one. Sessions elsewhere end.',
  input: z
    .object({ current: givenPassword, password: z.string().max(1000) })
    .superRefine(({ password }, context) => checkPassword(password, {}, context)),
  who: freshly(requireUser),
  limit: 'auth',
  message: (_data, { locals }) => locals.m.auth.reset.done,
  form: { done: '/account/security', refused: '/account/security' },
  act: async ({ input, locals, who }) => {
    const own = await checkOwnPassword(locals, input.current);
    if (isRefused(own)) return own;
    const changed = await changePassword(locals, input.password, who);
    return isRefused(changed) ? changed : { changed: true };
  },
});
