import { markAbsent } from '#desk/check-ins.ts';
import { aSession } from '#desk/inputs.ts';
import { requireRosterKeeper } from '#desk/roster.ts';
import { endpoint } from '#platform/endpoint.ts';
import { isRefused } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'Everybody who is not checked in did not come. Asked again it finds nobody left.',
  input: aSession,
  who: requireRosterKeeper,
  limit: 'write',
  async act({ input, db, locals }) {
    const count = await markAbsent(db, locals.business.id, input.session_id);
    return isRefused(count) ? count : { count };
  },
  message: ({ count }, { locals }) => locals.m.desk.absent.done({ count }),
});
