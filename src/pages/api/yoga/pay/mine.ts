import { periodInput } from '#booking/pay/inputs.ts';
import { myPay } from '#booking/pay/report.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'What your own classes of a period earned, with the reason',
  input: periodInput,
  who: requireSignIn,
  limit: 'read',
  async act({ input, db, locals }) {
    const lines = await myPay(db, locals.business.id, input);
    return isRefused(lines) ? lines : new Page(lines, null, lines.length);
  },
});
