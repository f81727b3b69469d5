/** The shapes of what forms and programs say of the menu. Numbers are decided where they are kept; here they only have a shape. */
import { z } from 'zod';
import { parseMoney } from '#platform/money.ts';
import { Refusal } from '#platform/refusals.ts';

export type Voice = Pick<App.Locals, 'business' | 'locale'>;
export type Facts = Record<string, unknown>;

export const words = (most: number) =>
  z.object({ en: z.string().trim().max(most).optional(), es: z.string().trim().max(most).optional() });
export const text = (most: number) => z.string().trim().max(most).optional();
export const slug = z.string().regex(/^[a-z0-9-]{1,60}$/);
/** Left empty in a form: made of the name, or left as it is. */
export const maybeSlug = slug.optional().or(z.literal('').transform(() => undefined));
/** A form's boxes: one is a text, several a list. */
export const several = <T extends z.ZodType<string>>(one: T) =>
  z
    .array(one)
    .or(one.transform((only) => [only]))
    .or(z.literal('').transform((): z.output<T>[] => []));
export const whole = z
  .number()
  .int()
  .or(
    z
      .string()
      .regex(/^[-−]?\d{1,9}$/)
      .transform((said) => Number(said.replace('−', '-'))),
  );
/** Of a form, whose unticked boxes say nothing. */
export const boxes = z.literal('all').optional();
export const yes = z
  .enum(['yes', 'no'])
  .transform((said) => said === 'yes')
  .or(z.boolean());
export const step = z.union([z.literal(-1), z.literal(1)]).or(z.enum(['-1', '1']).transform(Number));
export const moveInput = z.object({ id: z.guid(), step });
export const idInput = z.object({ id: z.guid() });

/** Words by language, from a form's two fields or a program's object; undefined when neither was sent. */
export const worded = (
  said: { en?: string | undefined; es?: string | undefined } | undefined,
  en: string | undefined,
  es: string | undefined,
) => said ?? (en === undefined && es === undefined ? undefined : { en, es });

export const filled = (facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));

/** Minor units of what a person typed; empty is nothing at all. Refuses 422 product_number_invalid, naming the field. */
export function typedPrice(said: string, field: string, { business, locale }: Voice): number | Refusal {
  if (said.trim() === '') return 0;
  return parseMoney(said, business.currency, locale) ?? new Refusal('product_number_invalid', 422, { field });
}

/** A form's numbered rows: `part_1` with `times_1`, … Those whose first field is empty are none. */
export const rowsOf = (
  fields: Facts,
  first: string,
  second: string,
): { row: string; what: string; much: string }[] =>
  Object.entries(fields).flatMap(([name, what]) => {
    const row = name.startsWith(`${first}_`) ? name.slice(first.length + 1) : '';
    if (!/^\d{1,2}$/.test(row) || typeof what !== 'string' || what === '') return [];
    const much = fields[`${second}_${row}`];
    return [{ row, what, much: typeof much === 'string' ? much.trim() : '' }];
  });
