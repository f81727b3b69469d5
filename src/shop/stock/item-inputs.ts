/** What may be said of a thing on the shelves, of its levels and of what is made of it, over HTTP. */
import { z } from 'zod';
import { parseMoney } from '#platform/money.ts';
import { Refusal } from '#platform/refusals.ts';
import { units } from './amounts.ts';
import { type Voice, amount, amountsIn } from './fields.ts';

const name = z.string().trim().max(80).optional();
const yes = z
  .enum(['yes', 'no'])
  .transform((said) => said === 'yes')
  .or(z.boolean());
export const itemInput = z.object({
  name: z.object({ en: name, es: name }).optional(),
  name_en: name,
  name_es: name,
  unit: z.enum(units).optional(),
  supplier: z.string().trim().max(80).optional(),
  shelf: z.string().trim().max(40).optional(),
  pack_size: amount.optional(),
  /** Minor units of money per unit. */
  unit_cost: z.number().min(0).max(1e7).optional(),
  /** Of a pack, as a form writes it. */
  pack_cost: z.string().max(20).optional(),
  retired: yes.optional(),
});
const level = z.object({ item_id: z.guid(), low_at: amount, par: amount });
export const levelsInput = z.object({
  location_id: z.guid(),
  lines: z.array(level).min(1).max(300).optional(),
  item_id: z.guid().optional(),
  low_at: amount.optional(),
  par: amount.optional(),
});
const recipeLines = z.array(z.object({ item_id: z.guid(), quantity: amount })).max(40);
export const recipeInput = z
  .looseObject({
    product_id: z.guid().optional(),
    modifier_id: z.guid().optional(),
    lines: recipeLines.optional(),
  })
  .refine(({ product_id, modifier_id }) => Boolean(product_id) !== Boolean(modifier_id));

export function recipeOf(
  input: z.output<typeof recipeInput>,
): { item_id: string; quantity: number }[] | Refusal {
  if (input.lines) return input.lines;
  const amounts = amountsIn(input, 'quantity_');
  return Array.isArray(amounts)
    ? amounts.filter(([, quantity]) => quantity !== 0).map(([item_id, quantity]) => ({ item_id, quantity }))
    : amounts;
}

/** From the form's words to what is kept: the cost of a pack to that of a unit. */
export function itemFacts(
  input: z.output<typeof itemInput>,
  { business, locale }: Voice,
): Record<string, unknown> | Refusal {
  const { name_en, name_es, pack_cost, name: words, ...facts } = input;
  let unit_cost = facts.unit_cost;
  if (pack_cost?.trim()) {
    const cents = parseMoney(pack_cost, business.currency, locale);
    if (cents === null || cents < 0) return new Refusal('stock_cost_invalid', 422, { field: 'pack_cost' });
    unit_cost = Math.round((cents / Math.max(1, facts.pack_size ?? 1)) * 1e6) / 1e6;
  }
  const said =
    words ?? (name_en !== undefined || name_es !== undefined ? { en: name_en, es: name_es } : undefined);
  return Object.fromEntries(
    Object.entries({ ...facts, name: said, unit_cost }).filter(([, value]) => value !== undefined),
  );
}
