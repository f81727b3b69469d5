/**
 * What was chosen about a product, from a form. Each question is a field of its own, `choice-<group>`, so that radio
 * buttons belong together; an option that may be had more than once is a number, `times-<option>`. A program sends
 * `modifier_ids`, an option twice where it is wanted twice.
 */
import { z } from 'zod';
import { whole } from '#platform/inputs.ts';

const most = 40;
const ids = z.array(z.guid()).max(most);

export const lineFields = {
  quantity: whole(1, 50).default(1),
  note: z.string().trim().max(140).optional(),
  modifier_ids: ids.optional(),
};

/** Undefined where nothing was said: then it is the usual. Refused by zod (null here) when a field is not an id. */
export function chosenIn(fields: Record<string, unknown>): string[] | undefined | null {
  const sent = Object.entries(fields);
  const chosen = sent.flatMap(([name, value]) => {
    if (name.startsWith('choice-')) return Array.isArray(value) ? value : [value];
    if (name.startsWith('times-'))
      return Array<unknown>(Number(value) || 0).fill(name.slice('times-'.length));
    return [];
  });
  // A form that asked and was left empty is an answer too.
  if (fields.asked === undefined && chosen.length === 0) return undefined;
  const checked = ids.safeParse(chosen.filter(Boolean));
  return checked.success ? checked.data : null;
}
