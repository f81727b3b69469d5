import { toBoard } from '#booking/instructors/back.ts';
import { decision } from '#booking/instructors/inputs.ts';
import { decideTimeOff } from '#booking/instructors/time.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Grant or decline time off (decision: yes, no); `ask` looks for substitutes for the classes in it',
  input: decision,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => decideTimeOff(db, locals.business.id, input),
  message: (data, { locals: { m } }) =>
    data.state === 'granted' ? m.instructors.said.granted(data) : m.instructors.said.declined,
  form: { done: toBoard, refused: toBoard },
});
