import { noteInput } from '#members/directory/inputs.ts';
import { addNote } from '#members/directory/people.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Write a note about a member, for the front desk.',
  input: noteInput,
  who: requireStaff('front_desk'),
  limit: 'write',
  status: 201,
  act: ({ input: { id, body, pinned }, db, locals }) =>
    addNote(db, locals.business.id, { member_id: id, body, pinned }),
  message: (_data, { locals }) => locals.m.members.page.noteAdded,
  form: {
    done: ({ member_id }) => `/admin/members/${member_id}#notes`,
    refused: ({ params }) => `/admin/members/${params.id}`,
  },
});
