import { skipInput } from '#booking/series/inputs.ts';
import { unskipDay } from '#booking/series/series.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'The series is on again on a day that was skipped or left out',
  input: skipInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => unskipDay(db, locals.business.id, input),
  message: (_data, { locals }) => locals.m.schedule.series.unskipped,
  form: { done: ({ series_id }) => `/admin/schedule/series/${series_id}` },
});
