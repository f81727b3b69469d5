import { periodInput } from '#booking/pay/inputs.ts';
import { payReport } from '#booking/pay/report.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary:
    'What every class of a period earned (days, both included), with its reason; adjustments to earlier ones',
  input: periodInput,
  who: requireStaff('manager'),
  limit: 'read',
  async act({ input, db, locals }) {
    const lines = await payReport(db, locals.business.id, input);
    return isRefused(lines) ? lines : new Page(lines, null, lines.length);
  },
});
