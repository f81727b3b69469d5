/** Where the asker stands in line, and one more place in a line. */
import { z } from 'zod';
import { waitInput } from '#booking/inputs.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { joinWaitlist, myWaitlist, type Joined } from '#booking/waitlist/waitlist.ts';
import { endpoint } from '#platform/endpoint.ts';

export const GET = endpoint({
  summary: 'Your places in line, and those of people on your account: offers first',
  input: z.object({}),
  who: requireSignIn,
  limit: 'read',
  act: ({ db, locals: { business } }) => myWaitlist(db, business.id),
});

export const POST = endpoint({
  summary: 'Join the waitlist of a full class; a card is never charged unasked',
  input: waitInput,
  who: requireSignIn,
  limit: 'booking',
  idempotent: true,
  status: 201,
  message: ({ position }: Joined, { locals: { m } }) => m.waitlist.joined({ position }),
  form: { done: ({ session_id }: Joined) => `/sessions/${session_id}` },
  act: ({ input: { pay_with: way, pass_id, ...input }, db, key, locals: { business } }) =>
    joinWaitlist(db, business.id, {
      ...input,
      pay_with: way.pay_with,
      pass_id: way.pass_id ?? pass_id,
      key,
    }),
});
