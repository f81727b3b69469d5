/** What managers may say of the menu's parts and of the parts of the day over HTTP. */
import { z } from 'zod';
import { type Facts, boxes, filled, maybeSlug, several, step, text, worded, words } from './fields.ts';

export const categoryInput = z.object({
  category_id: z.guid().optional(),
  slug: maybeSlug,
  name: words(60).optional(),
  summary: words(160).optional(),
  name_en: text(60),
  name_es: text(60),
  summary_en: text(160),
  summary_es: text(160),
  step: step.optional(),
});
export const categoryFacts = (said: z.output<typeof categoryInput>): Facts =>
  filled({
    slug: said.slug,
    name: worded(said.name, said.name_en, said.name_es),
    summary: worded(said.summary, said.summary_en, said.summary_es),
  });

const time = z.string().regex(/^\d{2}:\d{2}$/);
const weekday = z.enum(['1', '2', '3', '4', '5', '6', '7']);
export const dayPartInput = z.object({
  day_part_id: z.guid().optional(),
  name: words(60).optional(),
  name_en: text(60),
  name_es: text(60),
  days: z.array(z.number().int()).max(7).or(several(weekday)).optional(),
  from: time.optional(),
  until: time.optional(),
  products: several(z.guid()).optional(),
  boxes,
});
export const dayPartFacts = (said: z.output<typeof dayPartInput>): Facts =>
  filled({
    name: worded(said.name, said.name_en, said.name_es),
    days: said.days?.map(Number) ?? (said.boxes && []),
    from: said.from,
    until: said.until,
    products: said.products ?? (said.boxes && []),
  });
