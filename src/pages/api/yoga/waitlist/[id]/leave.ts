import { idParam } from '#booking/inputs.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { leaveWaitlist } from '#booking/waitlist/waitlist.ts';
import { endpoint } from '#platform/endpoint.ts';

export const POST = endpoint({
  summary: 'Give up a place in line, or the offer it came to',
  input: idParam,
  who: requireSignIn,
  limit: 'booking',
  message: (_, { locals: { m } }) => m.waitlist.left,
  act: ({ input, db, locals: { business } }) => leaveWaitlist(db, business.id, input.id),
});
