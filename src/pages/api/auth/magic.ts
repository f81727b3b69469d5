import { z } from 'zod';
import { sendMagicLink } from '#members/accounts.ts';
import { next } from '#members/inputs.ts';
import { rememberNext } from '#members/links.ts';
import { endpoint } from '#platform/endpoint.ts';
import { email } from '#platform/inputs.ts';

export const POST = endpoint({
  summary: 'Ask for a link that signs in. The answer is the same for every address.',
  input: z.object({ email, next }),
  limit: 'auth',
  account: (input) => input.email,
  status: 202,
  message: (_data, { locals }) => locals.m.auth.confirm.sentIfKnown,
  form: { done: '/confirm?sent=signin', refused: '/signin' },
  act: async ({ input, context, locals }) => {
    await sendMagicLink(locals, input.email);
    rememberNext(context.cookies, input.next);
    return { sent: true };
  },
});
