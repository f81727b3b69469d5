/** Who teaches here. */
import { instructorList } from '#booking/classes.ts';
import { Page, endpoint } from '#platform/endpoint.ts';

export const GET = endpoint({
  summary: 'The teachers',
  limit: 'read',
  cache: 'public, max-age=10',
  async act({ locals: { business } }) {
    const teachers = await instructorList(business.id);
    return new Page(teachers, null, teachers.length);
  },
});
