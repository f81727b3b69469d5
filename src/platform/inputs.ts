/** Fields as forms and programs send them: a number as text or as a number, nothing as an empty text or not at all. */
import { z } from 'zod';
import { readDay } from './clock.ts';
import type { LocalisedText } from './i18n/locale.ts';
import { parseMoney } from './money.ts';
import { Refusal } from './refusals.ts';

const missing = (issue: { input?: unknown }): string =>
  issue.input === undefined || issue.input === '' ? 'required' : 'invalid';

export const email = z.string().trim().toLowerCase().pipe(z.email().max(254));

export const whole = (least: number, most: number) =>
  z
    .union(
      [
        z
          .string()
          .regex(/^\d{1,9}$/)
          .transform(Number),
        z.number().int(),
      ],
      { error: missing },
    )
    .pipe(z.number().min(least).max(most));

/** Left out, or empty in a form. */
export const maybe = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .literal('')
    .transform(() => undefined)
    .or(schema)
    .optional();

/** A box that is ticked; in JSON true or false. */
export const ticked = z
  .boolean()
  .or(z.literal('yes').transform(() => true))
  .default(false);

/** Boxes of one name: none, one, or a list. */
export const allTicked = <T extends z.ZodType>(one: T) =>
  z.preprocess(
    (sent) => (sent === undefined || sent === '' ? [] : Array.isArray(sent) ? sent : [sent]),
    z.array(one).max(50),
  );

/** `2026-11-24`. */
export const calendarDay = z.string({ error: missing }).refine((text) => readDay(text) !== null, {
  error: missing,
});
/** `18:30`, in the business's zone. */
export const timeOfDay = z
  .string({ error: missing })
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: missing });

/** Minor units: `price_cents` as a program knows them, or `price` as a person typed it. Undefined when neither came. */
export function centsOf(
  { cents, typed, field }: { cents: number | undefined; typed: string | undefined; field: string },
  { business, locale }: Pick<App.Locals, 'business' | 'locale'>,
): number | undefined | Refusal {
  if (cents !== undefined || typed === undefined) return cents;
  const read = parseMoney(typed, business.currency, locale);
  return read === null || read < 0 || read > 100_000_000
    ? new Refusal('invalid_input', 422, { field })
    : read;
}

/** `{ en: …, es: … }` of the fields `name_en`, `name_es`; undefined when none came. */
export function wordsOf(input: Record<string, unknown>, name: string): LocalisedText | undefined {
  const found = (['en', 'es'] as const).flatMap((language) => {
    const said = input[`${name}_${language}`];
    return typeof said === 'string' ? [[language, said] as const] : [];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
