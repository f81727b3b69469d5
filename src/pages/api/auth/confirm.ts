import { followLink, linkInput } from '#members/links.ts';
import { endpoint } from '#platform/endpoint.ts';

export const POST = endpoint({
  summary: 'Redeem the token of a link from an e-mail. A GET never does: mail scanners follow links.',
  input: linkInput,
  limit: 'auth',
  act: ({ input, context }) => followLink(context, input),
  message: ({ type, half }, { locals }) => {
    const { done } = locals.m.auth.confirm;
    if (half) return done.half;
    if (type === 'recovery') return done.recovery;
    return type === 'email_change' ? done.email : done.account;
  },
  form: { done: ({ next }) => next, refused: '/confirm' },
});
