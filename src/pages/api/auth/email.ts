import { z } from 'zod';
import { changeEmail } from '#members/accounts.ts';
import { givenPassword } from '#members/inputs.ts';
import { checkOwnPassword } from '#members/sign-in.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireUser } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { email } from '#platform/inputs.ts';

export const POST = endpoint({
  summary: 'Ask for another e-mail address, knowing the password. It changes when it is confirmed.',
  input: z.object({ email, current: givenPassword }),
  who: freshly(requireUser),
  limit: 'auth',
  status: 202,
  message: (_data, { locals }) => locals.m.auth.security.emailSent,
  form: { done: '/account/security', refused: '/account/security' },
  act: async ({ input, locals }) => {
    const own = await checkOwnPassword(locals, input.current);
    if (isRefused(own)) return own;
    const changed = await changeEmail(locals, input.email);
    return isRefused(changed) ? changed : { sent: true };
  },
});
