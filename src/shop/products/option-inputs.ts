/** What managers may say of what is asked about products, and of its answers, over HTTP. */
import { z } from 'zod';
import { Refusal, isRefused } from '#platform/refusals.ts';
import { allergens } from '../menu/menu.ts';
import { parseAmount } from '../stock/amounts.ts';
import {
  type Facts,
  type Voice,
  boxes,
  filled,
  rowsOf,
  several,
  text,
  typedPrice,
  whole,
  worded,
  words,
  yes,
} from './fields.ts';

const recipe = z.array(z.object({ item_id: z.guid(), quantity: z.number().int() })).max(40);
const option = z.object({
  name: words(60).optional(),
  price_cents: z.number().int().optional(),
  make_seconds: whole.optional(),
  max_each: whole.optional(),
  is_default: yes.optional(),
  allergens: several(z.enum(allergens)).optional(),
  recipe: recipe.optional(),
});
/** A form brings a row an answer: `answer_1_en`, `answer_1_es`, `answer_1_price`, and which are usual. */
export const groupInput = z.looseObject({
  group_id: z.guid().optional(),
  name: words(60).optional(),
  name_en: text(60),
  name_es: text(60),
  kind: z.enum(['choice', 'variant']).optional(),
  min: whole.optional(),
  max: whole.optional(),
  options: z
    .array(option.extend({ modifier_id: z.guid().optional() }))
    .max(40)
    .optional(),
  usual: several(z.string().max(2)).optional(),
  products: several(z.guid()).optional(),
  boxes,
});

export const answerRows = ['1', '2', '3', '4', '5', '6'];

/** The answers a form begins with; undefined where it has no rows for them. */
function answersOf(said: z.output<typeof groupInput>, voice: Voice): Facts[] | undefined | Refusal {
  const field = (name: string) => (typeof said[name] === 'string' ? said[name].trim() : undefined);
  if (!answerRows.some((row) => `answer_${row}_en` in said || `answer_${row}_es` in said)) return undefined;
  const answers: Facts[] = [];
  for (const row of answerRows) {
    const [en, es] = [field(`answer_${row}_en`), field(`answer_${row}_es`)];
    if (!en && !es) continue;
    const price_cents = typedPrice(field(`answer_${row}_price`) ?? '', `answer_${row}_price`, voice);
    if (isRefused(price_cents)) return price_cents;
    answers.push({ name: { en, es }, price_cents, is_default: said.usual?.includes(row) ?? false });
  }
  return answers;
}

export function groupFacts(said: z.output<typeof groupInput>, voice: Voice): Facts | Refusal {
  const options = said.options ?? answersOf(said, voice);
  if (isRefused(options)) return options;
  const { kind, min, max } = said;
  const name = worded(said.name, said.name_en, said.name_es);
  return filled({ name, kind, min, max, options, products: said.products ?? (said.boxes && []) });
}

/** A form brings a row a thing from the shelves: `item_1`, `amount_1`. */
export const optionInput = option
  .extend({
    group_id: z.guid(),
    modifier_id: z.guid().optional(),
    name_en: text(60),
    name_es: text(60),
    price: z.string().max(20).optional(),
    boxes,
  })
  .loose();

function takenBy(said: z.output<typeof optionInput>): z.output<typeof recipe> | undefined | Refusal {
  if (!said.boxes) return said.recipe;
  const taken = new Map<string, number>();
  for (const { row, what, much } of rowsOf(said, 'item', 'amount')) {
    const quantity = much === '' ? 0 : parseAmount(much);
    if (quantity === null) return new Refusal('stock_quantity_invalid', 422, { field: `amount_${row}` });
    taken.set(what, (taken.get(what) ?? 0) + quantity);
  }
  return [...taken]
    .filter(([, quantity]) => quantity !== 0)
    .map(([item_id, quantity]) => ({ item_id, quantity }));
}

export function optionFacts(said: z.output<typeof optionInput>, voice: Voice): Facts | Refusal {
  const price_cents = said.price === undefined ? said.price_cents : typedPrice(said.price, 'price', voice);
  if (isRefused(price_cents)) return price_cents;
  const taken = takenBy(said);
  if (isRefused(taken)) return taken;
  const { make_seconds, max_each } = said;
  return filled({
    ...{ price_cents, make_seconds, max_each, recipe: taken },
    name: worded(said.name, said.name_en, said.name_es),
    is_default: said.is_default ?? (said.boxes && false),
    allergens: said.allergens ?? (said.boxes && []),
  });
}
