/** Who teaches here. */
import { instructorList } from '#booking/classes.ts';
import { profile } from '#booking/instructors/inputs.ts';
import { saveInstructor } from '#booking/instructors/profiles.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const GET = endpoint({
  summary: 'The teachers',
  limit: 'read',
  cache: 'public, max-age=10',
  async act({ locals: { business } }) {
    const teachers = await instructorList(business.id);
    return new Page(teachers, null, teachers.length);
  },
});

export const POST = endpoint({
  summary: 'Add a teacher’s profile',
  input: profile,
  who: requireStaff('manager'),
  limit: 'write',
  status: 201,
  act: ({ input, db, locals }) => saveInstructor(db, locals.business.id, null, input),
  message: (_data, { locals: { m } }) => m.instructors.said.made,
  form: {
    done: ({ instructor_id }) => `/admin/instructors/${instructor_id}`,
    refused: '/admin/instructors/new',
  },
});
