import { cursorOf } from '#platform/cursors.ts';
import { lettersQuery } from '#messages/inputs.ts';
import { letterList, subjectOf } from '#messages/post/letters.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary:
    'E-mails of the business, newest first, of one kind, state or member. For managers; the front desk names a member.',
  input: lettersQuery,
  who: requireStaff('front_desk'),
  limit: 'read',
  async act({ input, db, locals: { business } }) {
    const { kind = null, state = null, member_id: member = null, cursor: before, limit: size } = input;
    const rows = await letterList(db, business.id, { kind, state, member, before, size });
    if (isRefused(rows)) return rows;
    const last = rows.at(-1);
    return new Page(
      rows.map(({ data, ...letter }) => ({ ...letter, subject: subjectOf({ ...letter, data }, business) })),
      last && rows.length === size ? cursorOf(last.created_at, last.email_id) : null,
    );
  },
});
