import { newFactsOf, newSeriesInput } from '#booking/series/inputs.ts';
import { createSeries } from '#booking/series/series.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'Put a class on every week, at the same local time on both sides of a clock change',
  input: newSeriesInput,
  who: requireStaff('manager'),
  limit: 'write',
  idempotent: true,
  status: 201,
  async act({ input, db, locals, key }) {
    const facts = newFactsOf(input, locals);
    return isRefused(facts) ? facts : createSeries(db, locals.business.id, facts, key);
  },
  message: ({ sessions, left_out }, { locals }) =>
    locals.m.schedule.new.made({ count: sessions, left: left_out }),
  form: {
    done: ({ series_id }) => `/admin/schedule/series/${series_id}`,
    refused: '/admin/schedule/new?weekly',
  },
});
