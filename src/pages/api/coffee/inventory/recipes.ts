import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { recipeInput, recipeOf } from '#shop/stock/item-inputs.ts';
import { saveRecipe } from '#shop/stock/moves.ts';

export const POST = endpoint({
  summary: 'All that one of a product (`product_id`) or an option (`modifier_id`) takes from stock',
  input: recipeInput,
  who: requireStaff('manager'),
  limit: 'write',
  async act({ input, db, locals }) {
    const lines = recipeOf(input);
    if (isRefused(lines)) return lines;
    const of = { product_id: input.product_id ?? null, modifier_id: input.modifier_id ?? null };
    return saveRecipe(db, locals.business.id, of, lines);
  },
  message: (_data, { locals }) => locals.m.stock.item_.saved,
});
