/** What may be said of a class and of a style, by forms and by programs. Words come a language a field: `name_en`. */
import { z } from 'zod';
import { levels } from '../classes.ts';
import { centsOf, maybe, ticked, whole, wordsOf } from '#platform/inputs.ts';
import { type Refusal, isRefused } from '#platform/refusals.ts';

const line = z.string().trim().max(120);
const text = z.string().trim().max(2000);
const slug = z.string().regex(/^[a-z0-9-]{2,60}$/);
const money = z.number().int().min(0).max(100_000_000).optional();
const typed = z.string().max(40).optional();

const yesOrNo = z.boolean().or(z.enum(['yes', 'no']).transform((said) => said === 'yes'));
export const waitlistModes = ['off', 'automatic', 'offer', 'claim'] as const;

export const classTypeInput = z.object({
  name_en: line.optional(),
  name_es: line.optional(),
  summary_en: line.optional(),
  summary_es: line.optional(),
  description_en: text.optional(),
  description_es: text.optional(),
  bring_en: text.optional(),
  bring_es: text.optional(),
  style: z
    .string()
    .regex(/^[a-z0-9-]{2,40}$/)
    .optional(),
  level: z.enum(levels).optional(),
  /** A drawing, as `style/yin`; empty: the style's. */
  picture: z
    .string()
    .regex(/^(?:style\/[a-z0-9-]{2,40})?$/)
    .optional(),
  duration_minutes: whole(5, 1440).optional(),
  price_cents: money,
  price: typed,
  tax_rate_bp: z.number().int().min(0).max(5000).optional(),
  /** Per cent, as typed: `21`, `10,5`. */
  tax: z
    .string()
    .regex(/^\d{1,2}(?:[.,]\d{1,2})?$/)
    .optional(),
  capacity: whole(1, 10_000).optional(),
  credits: whole(1, 20).optional(),
  free_cancel_hours: whole(0, 720).optional(),
  late_refund_percent: whole(0, 100).optional(),
  opens_days_before: whole(0, 730).optional(),
  closes_minutes_before: whole(0, 10_080).optional(),
  late_fee_cents: money,
  late_fee: typed,
  no_show_fee_cents: money,
  no_show_fee: typed,
  fee_credits: whole(0, 20).optional(),
  refund_if_refilled: yesOrNo.optional(),
  max_guests: whole(0, 20).optional(),
  waitlist_mode: z.enum(waitlistModes).optional(),
  waitlist_offer_minutes: whole(5, 1440).optional(),
  waitlist_cutoff_minutes: whole(0, 10_080).optional(),
  /** 0: never. */
  release_minutes_before: whole(0, 120).optional(),
  also_upcoming: ticked,
});
export type ClassTypeInput = z.output<typeof classTypeInput>;

/** A new one has the facts no class can be without. Without a `slug` it is made of the name. */
export const newClassTypeInput = classTypeInput.extend({
  slug: maybe(slug),
  style: z.string().regex(/^[a-z0-9-]{2,40}$/),
  duration_minutes: whole(5, 1440),
  capacity: whole(1, 10_000),
});

export const publishInput = z.object({
  id: z.guid(),
  published: yesOrNo,
});

export const styleInput = z.object({
  slug: maybe(z.string().regex(/^[a-z0-9-]{2,40}$/)),
  name_en: line.optional(),
  name_es: line.optional(),
  summary_en: line.optional(),
  summary_es: line.optional(),
  position: maybe(whole(0, 1000)),
});

/** `Yoga al sol, niños` → `yoga-al-sol-ninos`. */
export const slugOf = (words: string, most = 60): string =>
  words
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, most)
    .replace(/-+$/, '');

const asTheyAre = [
  'style',
  'level',
  'picture',
  'duration_minutes',
  'capacity',
  'credits',
  'free_cancel_hours',
  'late_refund_percent',
  'opens_days_before',
  'closes_minutes_before',
  'fee_credits',
  'refund_if_refilled',
  'max_guests',
  'waitlist_mode',
  'waitlist_offer_minutes',
  'waitlist_cutoff_minutes',
  'release_minutes_before',
] as const;
const amounts = ['price', 'late_fee', 'no_show_fee'] as const;

/** The columns an input speaks of. Refuses 422 for an amount that is none. */
export function factsOf(
  input: ClassTypeInput,
  locals: Pick<App.Locals, 'business' | 'locale'>,
): Record<string, unknown> | Refusal {
  const cents: Record<string, number | undefined> = {};
  for (const field of amounts) {
    const read = centsOf({ cents: input[`${field}_cents`], typed: input[field], field }, locals);
    if (isRefused(read)) return read;
    cents[`${field}_cents`] = read;
  }
  const tax =
    input.tax === undefined ? input.tax_rate_bp : Math.round(Number(input.tax.replace(',', '.')) * 100);
  const words = ['name', 'summary', 'description', 'bring'].map((name) => [name, wordsOf(input, name)]);
  const facts = [
    ...words,
    ...asTheyAre.map((name) => [name, input[name]]),
    ...Object.entries(cents),
    ['tax_rate_bp', tax],
  ];
  return Object.fromEntries(facts.filter(([, value]) => value !== undefined));
}
