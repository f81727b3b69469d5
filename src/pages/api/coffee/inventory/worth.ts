import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { worthQuery } from '#shop/stock/inputs.ts';
import { stockWorth } from '#shop/stock/stockroom.ts';

export const GET = endpoint({
  summary:
    'What the stock is worth now, and what a period cost: goods sold, waste, deliveries, what counts found',
  input: worthQuery,
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ input, db, locals }) => stockWorth(db, locals.business.id, input.from_on, input.until_on),
});
