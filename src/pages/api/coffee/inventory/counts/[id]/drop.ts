import { z } from 'zod';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { dropCount } from '#shop/stock/moves.ts';

export const POST = endpoint({
  summary: 'End a count without changing anything',
  input: z.object({ id: z.guid() }),
  who: requireStaff('barista'),
  limit: 'write',
  act: ({ input, db, locals }) => dropCount(db, locals.business.id, input.id),
  message: (_data, { locals }) => locals.m.stock.count.dropped,
  form: { done: '/admin/stock/count' },
});
