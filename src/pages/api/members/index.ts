import { listQuery } from '#members/directory/inputs.ts';
import { cursorAfter, memberList, readAfter } from '#members/directory/people.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'Members by name, whose name, e-mail or phone contains what is asked for. For the front desk.',
  input: listQuery,
  who: requireStaff('front_desk'),
  limit: 'read',
  async act({ input, db, locals }) {
    const asked = { query: input.q, after: readAfter(input.cursor), size: input.limit };
    const rows = await memberList(db, locals.business.id, asked);
    if (isRefused(rows)) return rows;
    const last = rows.at(-1);
    return new Page(rows, last && rows.length === input.limit ? cursorAfter(last) : null);
  },
});
