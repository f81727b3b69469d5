import { z } from 'zod';
import { rememberedInvitation } from '#loyalty/referrals.ts';
import { signUp } from '#members/accounts.ts';
import { checkPassword, next, personName } from '#members/inputs.ts';
import { rememberNext } from '#members/links.ts';
import { endpoint } from '#platform/endpoint.ts';
import { isRefused } from '#platform/refusals.ts';
import { email } from '#platform/inputs.ts';

export const POST = endpoint({
  summary: 'Make an account. Whatever is asked for, it is a customer’s; roles come by invitation.',
  input: z
    .object({ email, name: personName, password: z.string().max(1000), next })
    .superRefine((input, context) => checkPassword(input.password, input, context)),
  limit: 'auth',
  account: (input) => input.email,
  status: 202,
  message: (_data, { locals }) => locals.m.auth.confirm.sent,
  form: { done: '/confirm', refused: '/signup' },
  act: async ({ input, context, locals }) => {
    const made = await signUp(locals, {
      ...input,
      invitedBy: rememberedInvitation(context.cookies),
    });
    if (isRefused(made)) return made;
    rememberNext(context.cookies, input.next);
    return { sent: true };
  },
});
