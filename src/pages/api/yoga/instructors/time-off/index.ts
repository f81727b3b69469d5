/** The asker's own hours and time off. */
import { timeOff } from '#booking/instructors/inputs.ts';
import { myHours, requestTimeOff } from '#booking/instructors/time.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';

export const GET = endpoint({
  summary: 'Your weekly hours and time off, with the classes that lie in it',
  who: requireSignIn,
  limit: 'read',
  act: ({ db, locals }) => myHours(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'Ask for time off. Days are the studio’s own, both included.',
  input: timeOff,
  who: requireSignIn,
  limit: 'write',
  status: 201,
  act: ({ input, db, locals }) => requestTimeOff(db, locals.business, input),
  message: ({ state }, { locals: { m } }) =>
    state === 'granted' ? m.instructors.said.grantedNow : m.instructors.said.requested,
  form: { done: '/teach/hours', refused: '/teach/hours' },
});
