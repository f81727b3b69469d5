/** What the member was told here. */
import { cursorOf, readCursor } from '#platform/cursors.ts';
import { noticesQuery } from '#messages/inputs.ts';
import { myNotices } from '#messages/notices.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';

export const GET = endpoint({
  summary: 'What you were told, in your language: the unread first, then the rest, newest first',
  input: noticesQuery,
  who: requireMember,
  limit: 'read',
  async act({ input, db, locals }) {
    const before = readCursor(input.cursor);
    const { notices, next } = await myNotices(db, locals.business.id, locals, before, input.limit);
    return new Page(notices, next && cursorOf(next));
  },
});
