/** What managers may say of a product over HTTP. */
import { z } from 'zod';
import { parseMoney } from '#platform/money.ts';
import { Refusal } from '#platform/refusals.ts';
import { allergens, diets } from '../menu/menu.ts';
import {
  type Facts,
  type Voice,
  boxes,
  filled,
  maybeSlug,
  rowsOf,
  several,
  text,
  whole,
  worded,
  words,
  yes,
} from './fields.ts';

/** `10`, `10.5`, `21` per cent, as a form has it. */
const percent = z.string().regex(/^\d{1,2}([.,]\d{1,2})?$/);

/** A form brings a row a part of a bundle. */
export const productInput = z.looseObject({
  category_id: z.guid().optional(),
  slug: maybeSlug,
  kind: z.enum(['made', 'retail', 'bundle']).optional(),
  name: words(80).optional(),
  summary: words(160).optional(),
  description: words(2000).optional(),
  name_en: text(80),
  name_es: text(80),
  summary_en: text(160),
  summary_es: text(160),
  description_en: text(2000),
  description_es: text(2000),
  picture: z
    .string()
    .regex(/^(drink|food|shelf)\/[a-z0-9-]{1,40}$/)
    .optional(),
  price_cents: z.number().int().optional(),
  price: z.string().max(20).optional(),
  tax_rate_bp: z.number().int().optional(),
  takeaway_tax_rate_bp: z.number().int().nullable().optional(),
  tax: percent.optional(),
  takeaway_tax: percent.or(z.literal('')).optional(),
  make_seconds: whole.optional(),
  allergens: several(z.enum(allergens)).optional(),
  replaceable_allergens: several(z.enum(allergens)).optional(),
  diets: several(z.enum(diets)).optional(),
  day_part_id: z
    .guid()
    .or(z.literal('').transform(() => null))
    .nullable()
    .optional(),
  groups: several(z.guid()).optional(),
  not_offered: several(z.guid()).optional(),
  bundle: z
    .array(z.object({ product_id: z.guid(), quantity: z.number().int() }))
    .max(20)
    .optional(),
  boxes,
});

const basisPoints = (said: string): number => Math.round(Number(said.replace(',', '.')) * 100);

/** The parts of a bundle that a form's rows name; undefined from a program, or of what is none. */
function partsOf(input: z.output<typeof productInput>) {
  if (!input.boxes || input.kind !== 'bundle') return input.bundle;
  return rowsOf(input, 'part', 'times').map(({ what, much }) => ({
    product_id: what,
    quantity: much === '' ? 1 : /^\d{1,3}$/.test(much) ? Number(much) : 0,
  }));
}

/** From a form's words or a program's facts to what is kept. Refuses 422 product_number_invalid for a price that is none. */
export function productFacts(input: z.output<typeof productInput>, voice: Voice): Facts | Refusal {
  const { business, locale } = voice;
  const { price, tax, takeaway_tax, boxes: form, ...said } = input;
  const price_cents = price === undefined ? said.price_cents : parseMoney(price, business.currency, locale);
  if (price_cents === null) return new Refusal('product_number_invalid', 422, { field: 'price' });
  const ticked = (['allergens', 'replaceable_allergens', 'diets', 'groups', 'not_offered'] as const).map(
    (name) => [name, said[name] ?? (form ? [] : undefined)] as const,
  );
  const { category_id, slug: address, kind, picture, make_seconds, day_part_id } = said;
  return filled({
    ...{ category_id, slug: address, kind, picture, make_seconds, day_part_id, price_cents },
    ...Object.fromEntries(ticked),
    name: worded(said.name, said.name_en, said.name_es),
    summary: worded(said.summary, said.summary_en, said.summary_es),
    description: worded(said.description, said.description_en, said.description_es),
    bundle: partsOf(input),
    tax_rate_bp: tax === undefined ? said.tax_rate_bp : basisPoints(tax),
    takeaway_tax_rate_bp:
      takeaway_tax === undefined
        ? said.takeaway_tax_rate_bp
        : takeaway_tax === ''
          ? null
          : basisPoints(takeaway_tax),
  });
}

export const publishInput = z.object({ id: z.guid(), published: yes });
export const retireInput = z.object({ id: z.guid(), retired: yes });
