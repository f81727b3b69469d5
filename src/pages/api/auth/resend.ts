import { z } from 'zod';
import { resendConfirmation } from '#members/accounts.ts';
import { email } from '#platform/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';

export const POST = endpoint({
  summary: 'Ask for the confirmation of a new account again. The answer is the same for every address.',
  input: z.object({ email }),
  limit: 'auth',
  account: (input) => input.email,
  status: 202,
  message: (_data, { locals }) => locals.m.auth.confirm.sentIfKnown,
  form: { done: '/confirm', refused: '/confirm' },
  act: async ({ input, locals }) => {
    await resendConfirmation(locals, input.email);
    return { sent: true };
  },
});
