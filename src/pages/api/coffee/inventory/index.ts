/** What is stocked, and a new item. */
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { found } from '#shop/stock/finding.ts';
import { stockroomQuery } from '#shop/stock/inputs.ts';
import { itemFacts, itemInput } from '#shop/stock/item-inputs.ts';
import { saveStockItem } from '#shop/stock/moves.ts';
import { stockroom } from '#shop/stock/stockroom.ts';

export const GET = endpoint({
  summary: 'Everything that is stocked at a location: on hand, reserved, for sale, low, worth, days of cover',
  input: stockroomQuery,
  who: requireStaff('barista'),
  limit: 'read',
  async act({ input, db, locals }) {
    const rows = await stockroom(db, locals.business.id, input.location_id);
    return isRefused(rows) ? rows : found(rows, { low: input.low ?? false, query: input.q ?? '' });
  },
});

export const POST = endpoint({
  summary: 'Put a new item on the list of what is stocked',
  input: itemInput,
  who: requireStaff('manager'),
  limit: 'write',
  status: 201,
  async act({ input, db, locals }) {
    const facts = itemFacts(input, locals);
    return isRefused(facts) ? facts : saveStockItem(db, locals.business.id, null, facts);
  },
  message: (_data, { locals }) => locals.m.stock.item_.made,
  form: { done: ({ item_id }) => `/admin/stock/${item_id}`, refused: '/admin/stock/new' },
});
