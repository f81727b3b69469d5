/** Closed periods. */
import { periodInput } from '#booking/pay/inputs.ts';
import { closePayRun, payRuns } from '#booking/pay/report.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';
import { formatMoney } from '#platform/money.ts';
import { isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'The closed pay periods, latest first',
  who: requireStaff('manager'),
  limit: 'read',
  async act({ db, locals }) {
    const runs = await payRuns(db, locals.business.id);
    return isRefused(runs) ? runs : new Page(runs, null, runs.length);
  },
});

export const POST = endpoint({
  summary: 'Close a period that is over: its lines do not change any more',
  input: periodInput,
  who: freshly(requireStaff('manager')),
  limit: 'write',
  status: 201,
  act: ({ input, db, locals }) => closePayRun(db, locals.business.id, input),
  message: ({ total_cents, currency }, { locals: { m, locale } }) =>
    m.instructors.said.closed({ amount: formatMoney(total_cents, currency, locale) }),
  form: {
    done: (_data, { url }) => `/admin/pay${url.search}`,
    refused: ({ url }) => `/admin/pay${url.search}`,
  },
});
