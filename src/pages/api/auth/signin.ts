import { z } from 'zod';
import { givenPassword, next } from '#members/inputs.ts';
import { signIn } from '#members/sign-in.ts';
import { endpoint } from '#platform/endpoint.ts';
import { isRefused } from '#platform/refusals.ts';
import { email } from '#platform/inputs.ts';

export const POST = endpoint({
  summary: 'Open a session, kept in HttpOnly cookies.',
  input: z.object({ email, password: givenPassword, next }),
  limit: 'auth',
  account: (input) => input.email,
  act: async ({ input, context }) => {
    const user = await signIn(context, input);
    return isRefused(user) ? user : { user, next: input.next ?? '/account' };
  },
  form: { done: ({ next: to }) => to, refused: '/signin' },
});
