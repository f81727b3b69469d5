import { skipInput } from '#booking/series/inputs.ts';
import { skipDay } from '#booking/series/series.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'The series is not on that day, as on a holiday',
  input: skipInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => skipDay(db, locals.business.id, input),
  message: (_data, { locals }) => locals.m.schedule.series.skipped,
  form: { done: ({ series_id }) => `/admin/schedule/series/${series_id}` },
});
