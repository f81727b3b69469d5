import { payCsv } from '#booking/pay/csv.ts';
import { periodInput } from '#booking/pay/inputs.ts';
import { payReport } from '#booking/pay/report.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'The pay report of a period as a CSV file',
  input: periodInput,
  who: requireStaff('manager'),
  limit: 'read',
  async act({ input, db, locals: { business, m, locale } }) {
    const lines = await payReport(db, business.id, input);
    if (isRefused(lines)) return lines;
    const text = payCsv(lines, business.time_zone, { m, locale, currency: business.currency });
    return new Response(text, {
      headers: {
        'Content-Type': 'text/csv; charset=utf-8',
        'Content-Disposition': `attachment; filename="pay-${input.from}-${input.until}.csv"`,
        'Cache-Control': 'no-store',
      },
    });
  },
});
