import { Page, endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { pageInput } from '#till/outside/inputs.ts';
import { posSent } from '#till/outside/logs.ts';

export const GET = endpoint({
  summary: 'What an outside till was told, newest first, with every try',
  input: pageInput,
  who: requireStaff('manager'),
  limit: 'read',
  async act({ input: { id, limit: size, cursor: before }, db, locals }) {
    const rows = await posSent(db, locals.business.id, { id, before: before ?? null, size });
    if (isRefused(rows)) return rows;
    const last = rows.at(-1);
    return new Page(rows, last && rows.length === size ? String(last.sending_id) : null);
  },
});
