/** What managers may say of the menu over HTTP. Numbers are decided where they are kept; here they only have a shape. */
import { z } from 'zod';
import { parseMoney } from '#platform/money.ts';
import { Refusal } from '#platform/refusals.ts';
import { allergens, diets } from '../menu/menu.ts';

const words = (most: number) =>
  z.object({ en: z.string().trim().max(most).optional(), es: z.string().trim().max(most).optional() });
const text = (most: number) => z.string().trim().max(most).optional();
const slug = z.string().regex(/^[a-z0-9-]{1,60}$/);
/** A form's boxes: one is a text, several a list. */
const several = <T extends z.ZodType<string>>(one: T) =>
  z
    .array(one)
    .or(one.transform((only) => [only]))
    .or(z.literal('').transform(() => []));
const whole = z
  .number()
  .int()
  .or(
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  );
/** `10`, `10.5`, `21` per cent, as a form has it. */
const percent = z.string().regex(/^\d{1,2}([.,]\d{1,2})?$/);

export const productInput = z.object({
  category_id: z.guid().optional(),
  slug: slug.optional().or(z.literal('').transform(() => undefined)),
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
  /** Of a form, whose unticked boxes say nothing. */
  boxes: z.literal('all').optional(),
});

const basisPoints = (said: string): number => Math.round(Number(said.replace(',', '.')) * 100);

/** From a form's words or a program's facts to what is kept. Refuses 422 product_number_invalid for a price that is none. */
export function productFacts(
  input: z.output<typeof productInput>,
  { business, locale }: Pick<App.Locals, 'business' | 'locale'>,
): Record<string, unknown> | Refusal {
  const { price, tax, takeaway_tax, boxes, ...said } = input;
  const price_cents = price === undefined ? said.price_cents : parseMoney(price, business.currency, locale);
  if (price_cents === null) return new Refusal('product_number_invalid', 422, { field: 'price' });
  const worded = (['name', 'summary', 'description'] as const).map((name) => {
    const [en, es] = [said[`${name}_en`], said[`${name}_es`]];
    return [name, said[name] ?? (en === undefined && es === undefined ? undefined : { en, es })] as const;
  });
  const ticked = (['allergens', 'diets', 'groups', 'not_offered'] as const).map(
    (name) => [name, said[name] ?? (boxes ? [] : undefined)] as const,
  );
  const { category_id, slug: address, kind, picture, make_seconds, day_part_id, bundle } = said;
  const facts = {
    ...{ category_id, slug: address, kind, picture, make_seconds, day_part_id, bundle, price_cents },
    ...Object.fromEntries([...worded, ...ticked]),
    tax_rate_bp: tax === undefined ? said.tax_rate_bp : basisPoints(tax),
    takeaway_tax_rate_bp:
      takeaway_tax === undefined
        ? said.takeaway_tax_rate_bp
        : takeaway_tax === ''
          ? null
          : basisPoints(takeaway_tax),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

const yes = z
  .enum(['yes', 'no'])
  .transform((said) => said === 'yes')
  .or(z.boolean());
export const publishInput = z.object({ id: z.guid(), published: yes });
export const retireInput = z.object({ id: z.guid(), retired: yes });
const step = z.union([z.literal(-1), z.literal(1)]).or(z.enum(['-1', '1']).transform(Number));
export const moveInput = z.object({ id: z.guid(), step });

export const categoryInput = z.object({
  category_id: z.guid().optional(),
  slug: slug.optional(),
  name: words(60).optional(),
  summary: words(160).optional(),
  step: step.optional(),
});
const option = z.object({
  modifier_id: z.guid().optional(),
  name: words(60).optional(),
  price_cents: z.number().int().optional(),
  make_seconds: z.number().int().optional(),
  max_each: z.number().int().optional(),
  is_default: z.boolean().optional(),
});
export const groupInput = z.object({
  group_id: z.guid().optional(),
  name: words(60).optional(),
  kind: z.enum(['choice', 'variant']).optional(),
  min: z.number().int().optional(),
  max: z.number().int().optional(),
  options: z.array(option).max(40).optional(),
});
const time = z.string().regex(/^\d{2}:\d{2}$/);
export const dayPartInput = z.object({
  day_part_id: z.guid().optional(),
  name: words(60).optional(),
  days: z.array(z.number().int()).max(7).optional(),
  from: time.optional(),
  until: time.optional(),
});
export const counterInput = z.object({
  location_id: z.guid(),
  hours: z
    .array(z.object({ day: z.number().int(), opens: time, closes: time }))
    .max(40)
    .optional(),
  slot_minutes: z.number().int().optional(),
  slot_seconds: z.number().int().optional(),
  lead_minutes: z.number().int().optional(),
  days_ahead: z.number().int().optional(),
  delay_minutes: z.number().int().optional(),
  takes_orders: z.boolean().optional(),
  tip_percents: z.array(z.number().int()).max(5).optional(),
});
