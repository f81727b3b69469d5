/** What may be asked of the stockroom over HTTP: by programs as lists, by forms as a field an item (`quantity_<id>`). */
import { z } from 'zod';
import { readDay } from '#platform/clock.ts';
import { Refusal } from '#platform/refusals.ts';
import { parseMoney } from '#platform/money.ts';
import { parseAmount, units } from './amounts.ts';
import type { Counted, Line } from './moves.ts';

const most = 1_000_000_000;
/** A whole amount: a number, or text as people write it. Whether it is too much is decided where it is kept. */
export const amount = z
  .number()
  .int()
  .min(-most)
  .max(most)
  .or(
    z
      .string()
      .max(20)
      .transform((text, context) => {
        const read = parseAmount(text);
        if (read !== null) return read;
        context.addIssue({ code: 'custom', message: 'invalid' });
        return z.NEVER;
      }),
  );
const why = z.string().trim().min(1).max(200);
const line = z.object({
  item_id: z.guid().optional(),
  product_id: z.guid().optional(),
  quantity: amount,
  cost_cents: z.number().int().min(0).max(1e12).optional(),
});
const lines = z.array(line).min(1).max(300);

/** Forms bring further fields of their own. */
export const deliveryInput = z.looseObject({
  location_id: z.guid(),
  lines: lines.optional(),
  note: z.string().trim().max(200).default(''),
});
export const wasteInput = z.object({
  location_id: z.guid(),
  lines: lines.optional(),
  item_id: z.guid().optional(),
  quantity: amount.optional(),
  why,
});
export const transferInput = z.object({
  location_id: z.guid(),
  to_location_id: z.guid(),
  lines: lines.optional(),
  item_id: z.guid().optional(),
  quantity: amount.optional(),
  why: z.string().trim().max(200).default(''),
});
export const correctionInput = z.object({ location_id: z.guid(), item_id: z.guid(), quantity: amount, why });

const countedLine = z.object({ item_id: z.guid(), counted: amount });
export const openCountInput = z.object({
  location_id: z.guid(),
  lines: z.array(countedLine).min(1).max(300).optional(),
});
export const keepCountInput = z.looseObject({
  id: z.guid(),
  lines: z.array(countedLine).max(300).optional(),
});

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

export const stockroomQuery = z.object({
  location_id: z.guid().optional(),
  low: z.stringbool().optional(),
  q: z.string().trim().max(80).optional(),
});
export const reorderQuery = z.object({ location_id: z.guid().optional() });
export const itemQuery = z.object({
  id: z.guid(),
  location_id: z.guid().optional(),
  cursor: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const day = z.string().refine((text) => readDay(text) !== null);
export const worthQuery = z.object({ from_on: day, until_on: day });

const isItem = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const filled = (fields: Record<string, unknown>, prefix: string): [string, string][] =>
  Object.entries(fields).flatMap(([field, value]) => {
    const id = field.startsWith(prefix) ? field.slice(prefix.length) : '';
    return isItem.test(id) && typeof value === 'string' && value.trim() !== '' ? [[id, value.trim()]] : [];
  });

/** The amounts a form's fields name; those left empty are none. A refusal names the field that cannot be read. */
function amountsIn(fields: Record<string, unknown>, prefix: string): [string, number][] | Refusal {
  const read: [string, number][] = [];
  for (const [id, text] of filled(fields, prefix)) {
    const found = parseAmount(text);
    if (found === null) return new Refusal('stock_quantity_invalid', 422, { field: `${prefix}${id}` });
    read.push([id, found]);
  }
  return read;
}

type Voice = Pick<App.Locals, 'business' | 'locale'>;

/** A delivery's lines; nothing filled in is refused where it is kept. */
export function deliveryLines(
  input: z.output<typeof deliveryInput>,
  { business, locale }: Voice,
): Line[] | Refusal {
  if (input.lines) return input.lines;
  const amounts = amountsIn(input, 'quantity_');
  if (!Array.isArray(amounts)) return amounts;
  const costs = new Map(filled(input, 'cost_'));
  const read: Line[] = [];
  for (const [item_id, quantity] of amounts) {
    const text = costs.get(item_id);
    const cost_cents = text === undefined ? null : parseMoney(text, business.currency, locale);
    if (text !== undefined && (cost_cents === null || cost_cents < 0))
      return new Refusal('stock_cost_invalid', 422, { field: `cost_${item_id}` });
    read.push({ item_id, quantity, ...(cost_cents !== null && { cost_cents }) });
  }
  return read;
}

export function countedLines(input: z.output<typeof keepCountInput>): Counted[] | Refusal {
  if (input.lines) return input.lines;
  const amounts = amountsIn(input, 'counted_');
  return Array.isArray(amounts) ? amounts.map(([item_id, counted]) => ({ item_id, counted })) : amounts;
}

export function recipeOf(
  input: z.output<typeof recipeInput>,
): { item_id: string; quantity: number }[] | Refusal {
  if (input.lines) return input.lines;
  const amounts = amountsIn(input, 'quantity_');
  return Array.isArray(amounts)
    ? amounts.filter(([, quantity]) => quantity !== 0).map(([item_id, quantity]) => ({ item_id, quantity }))
    : amounts;
}

/** One line, or the single item a form is about. */
export const linesOrOne = (input: {
  lines?: Line[] | undefined;
  item_id?: string | undefined;
  quantity?: number | undefined;
}): Line[] =>
  input.lines ?? (input.item_id ? [{ item_id: input.item_id, quantity: input.quantity ?? 0 }] : []);

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
