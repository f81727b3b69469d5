import { Page, endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { pageInput } from '#till/outside/inputs.ts';
import { posReceived } from '#till/outside/logs.ts';

export const GET = endpoint({
  summary: 'What an outside till told, newest first, and what became of it',
  input: pageInput,
  who: requireStaff('manager'),
  limit: 'read',
  async act({ input: { id, limit: size, cursor: before }, db, locals }) {
    const rows = await posReceived(db, locals.business.id, { id, before: before ?? null, size });
    if (isRefused(rows)) return rows;
    const last = rows.at(-1);
    return new Page(rows, last && rows.length === size ? String(last.inbox_id) : null);
  },
});
