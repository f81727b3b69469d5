import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import type { Refusal } from '#platform/refusals.ts';
import { openCountInput } from '#shop/stock/count-inputs.ts';
import { type CountEnded, type CountOpen, countStock, openCount } from '#shop/stock/moves.ts';

export const POST = endpoint({
  summary: 'Begin a count at a location (or join the open one); with `lines` the whole count in one act',
  input: openCountInput,
  who: requireStaff('barista'),
  limit: 'write',
  idempotent: true,
  status: 201,
  act: async ({
    input: { location_id, lines },
    db,
    locals,
    key,
  }): Promise<CountEnded | CountOpen | Refusal> =>
    lines
      ? countStock(db, locals.business.id, key, location_id, lines)
      : openCount(db, locals.business.id, location_id),
  form: { done: '/admin/stock/count' },
});
