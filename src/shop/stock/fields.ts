/** Amounts as forms and programs send them: by programs as lists, by forms as a field an item (`quantity_<id>`). */
import { z } from 'zod';
import { Refusal } from '#platform/refusals.ts';
import { parseAmount } from './amounts.ts';

export type Voice = Pick<App.Locals, 'business' | 'locale'>;

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
const isItem = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
export const filled = (fields: Record<string, unknown>, prefix: string): [string, string][] =>
  Object.entries(fields).flatMap(([field, value]) => {
    const id = field.startsWith(prefix) ? field.slice(prefix.length) : '';
    return isItem.test(id) && typeof value === 'string' && value.trim() !== '' ? [[id, value.trim()]] : [];
  });

/** The amounts a form's fields name; those left empty are none. A refusal names the field that cannot be read. */
export function amountsIn(fields: Record<string, unknown>, prefix: string): [string, number][] | Refusal {
  const read: [string, number][] = [];
  for (const [id, text] of filled(fields, prefix)) {
    const found = parseAmount(text);
    if (found === null) return new Refusal('stock_quantity_invalid', 422, { field: `${prefix}${id}` });
    read.push([id, found]);
  }
  return read;
}
