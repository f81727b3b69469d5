import { z } from 'zod';
import { sendRecovery } from '#members/accounts.ts';
import { email } from '#platform/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';

export const POST = endpoint({
  summary: 'Ask for a link to a new password. The answer is the same for every address.',
  input: z.object({ email }),
  limit: 'auth',
  account: (input) => input.email,
  status: 202,
  message: (_data, { locals }) => locals.m.auth.confirm.sentIfKnown,
  form: { done: '/confirm?sent=recovery', refused: '/forgot' },
  act: async ({ input, locals }) => {
    await sendRecovery(locals, input.email);
    return { sent: true };
  },
});
