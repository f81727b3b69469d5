import { endInput } from '#booking/series/inputs.ts';
import { endSeries } from '#booking/series/series.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'End a series after a day, exactly as it was previewed',
  input: endInput,
  who: freshly(requireStaff('manager')),
  limit: 'write',
  idempotent: true,
  act: ({ input, db, locals, key }) =>
    endSeries(db, locals.business.id, { ...input, hash: input.effect_hash, key }),
  message: ({ taken_off, cancelled }, { locals }) =>
    locals.m.schedule.series.ended({ off: taken_off, cancelled }),
  form: { done: ({ series_id }) => `/admin/schedule/series/${series_id}` },
});
