import { cursorOf } from '#platform/cursors.ts';
import { riskQuery } from '#members/directory/inputs.ts';
import { membersAtRisk } from '#members/directory/staying.ts';
import { weekdayName } from '#members/weekdays.ts';
import { dayOf } from '#platform/clock.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { csv } from '#platform/http/csv.ts';
import { localised } from '#platform/i18n/index.ts';
import { isRefused } from '#platform/refusals.ts';

const mostInAFile = 1000;

export const GET = endpoint({
  summary:
    'Members with a habit who have not come for so many days; format=csv for a file. For the front desk.',
  input: riskQuery,
  who: requireStaff('front_desk'),
  limit: 'read',
  async act({ input, db, locals: { business, m, locale } }) {
    const { days, visits, cursor, format, limit } = input;
    const size = format === 'csv' ? mostInAFile : limit;
    const rows = await membersAtRisk(db, business.id, { days, visits, before: cursor, size });
    if (isRefused(rows)) return rows;
    if (format === 'json') {
      const last = rows.at(-1);
      const full = last && rows.length === size;
      return new Page(rows, full ? cursorOf(last.last_visit_at, last.member_id) : null);
    }
    const words = m.members.staying.columns;
    const day = (at: string | null) => (at ? dayOf(at, business.time_zone) : '');
    return csv(
      `at-risk-${days}`,
      [
        words.member,
        words.email,
        words.phone,
        words.visits,
        words.first,
        words.last,
        words.usual,
        words.next,
        words.mayWrite,
      ],
      rows.map((row) => [
        row.name,
        row.email,
        row.phone,
        row.visits,
        day(row.first_visit_at),
        day(row.last_visit_at),
        row.usual_weekday ? weekdayName(row.usual_weekday, locale) : '',
        row.next_booking_at ? `${day(row.next_booking_at)} ${localised(row.next_class, locale)}` : '',
        row.may_write ? m.members.staying.yes : m.members.staying.no,
      ]),
    );
  },
});
