import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { levelsInput } from '#shop/stock/item-inputs.ts';
import { setStockLevels } from '#shop/stock/moves.ts';

export const POST = endpoint({
  summary: 'When the team is told (low_at) and what a reorder fills up to (par)',
  input: levelsInput,
  who: requireStaff('manager'),
  limit: 'write',
  act({ input: { location_id, lines, item_id, low_at, par }, db, locals }) {
    const one = item_id && low_at !== undefined && par !== undefined ? [{ item_id, low_at, par }] : [];
    return setStockLevels(db, locals.business.id, location_id, lines ?? one);
  },
  message: (_data, { locals }) => locals.m.stock.item_.savedLevels,
});
