import { z } from 'zod';
import { firstTimers } from '#members/directory/staying.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { csv } from '#platform/http/csv.ts';
import { isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary:
    'By week, who came for the first time and how many came again; format=csv for a file. For the front desk.',
  input: z.object({ format: z.enum(['json', 'csv']).default('json') }),
  who: requireStaff('front_desk'),
  limit: 'read',
  async act({ input, db, locals: { business, m } }) {
    const rows = await firstTimers(db, business.id);
    if (isRefused(rows)) return rows;
    if (input.format === 'json') return new Page(rows, null, rows.length);
    const words = m.members.staying.columns;
    return csv(
      'first-timers',
      [words.week, words.firstVisits, words.cameAgain, words.boughtPass],
      rows.map((row) => [row.week_on, row.first_visits, row.came_again, row.bought_pass]),
    );
  },
});
