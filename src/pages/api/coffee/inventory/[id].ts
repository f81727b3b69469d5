/** One thing that is stocked: how it moved, and changing what it is. */
import { z } from 'zod';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { itemQuery } from '#shop/stock/inputs.ts';
import { itemFacts, itemInput } from '#shop/stock/item-inputs.ts';
import { saveStockItem } from '#shop/stock/moves.ts';
import { cursorAfter, readAfter, stockItem } from '#shop/stock/stockroom.ts';

export const GET = endpoint({
  summary: 'An item at a location: its level, recipes, thirty days, and its movements by pages',
  input: itemQuery,
  who: requireStaff('barista'),
  limit: 'read',
  async act({ input, db, locals }) {
    const item = await stockItem(db, locals.business.id, input.id, {
      location: input.location_id ?? null,
      after: readAfter(input.cursor),
      size: input.limit,
    });
    if (isRefused(item)) return item;
    const last = item.movements.length === input.limit ? item.movements.at(-1) : undefined;
    return { ...item, next: last ? cursorAfter(last) : null };
  },
});

export const POST = endpoint({
  summary: 'Change what an item is; what is left out stays',
  input: itemInput.extend({ id: z.guid() }),
  who: requireStaff('manager'),
  limit: 'write',
  async act({ input: { id, ...input }, db, locals }) {
    const facts = itemFacts(input, locals);
    return isRefused(facts) ? facts : saveStockItem(db, locals.business.id, id, facts);
  },
  message: (_data, { locals }) => locals.m.stock.item_.saved,
});
export const PATCH = POST;
