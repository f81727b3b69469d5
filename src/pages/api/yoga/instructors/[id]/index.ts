/** One teacher: the public page by its address, and the profile by its id. */
import { toProfile } from '#booking/instructors/back.ts';
import { idParam } from '#booking/inputs.ts';
import { profile } from '#booking/instructors/inputs.ts';
import { instructorPage, saveInstructor } from '#booking/instructors/profiles.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { Refusal } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'A teacher and what they teach, by the address of their page',
  input: idParam,
  limit: 'read',
  cache: 'public, max-age=10',
  act: async ({ input, locals }) =>
    (await instructorPage(locals.business.id, input.id)) ?? new Refusal('instructor_not_found', 404),
});

export const POST = endpoint({
  summary: 'Change a teacher’s profile, by its id',
  input: profile.extend(idParam.shape),
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => saveInstructor(db, locals.business.id, input.id, input),
  message: (_data, { locals: { m } }) => m.instructors.said.saved,
  form: { done: (_data, context) => toProfile(context), refused: toProfile },
});
