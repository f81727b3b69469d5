/** What may be said of a promotion, by forms and by programs. Days are the business's; words come a language a field. */
import { z } from 'zod';
import { calendarDay, centsOf, whole, wordsOf } from '#platform/inputs.ts';
import { addDays, startOfDay } from '#platform/clock.ts';
import { type Refusal, isRefused } from '#platform/refusals.ts';

const line = z.string().trim().max(120).optional();
const typed = z.string().max(40).optional();
const money = z.number().int().min(0).max(1_000_000_000);
/** Empty in a form, null in JSON: there is none. */
const orNone = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .literal('')
    .transform(() => null)
    .or(z.null())
    .or(schema)
    .optional();
const yesOrNo = z
  .boolean()
  .or(z.enum(['yes', 'no']).transform((said) => said === 'yes'))
  .optional();
const ids = z
  .guid()
  .transform((id) => [id])
  .or(z.array(z.guid()).max(200))
  .optional();

export const kinds = ['percent', 'amount', 'product'] as const;
export const goods = ['both', 'classes', 'bar'] as const;

/** Empty takes the code out of the cart. */
export const codeInput = z.object({ code: z.string().trim().max(30).optional() });

const facts = z.object({
  code: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9-]{3,30}$/),
  label_en: line,
  label_es: line,
  kind: z.enum(kinds),
  percent: orNone(whole(1, 100)),
  amount_cents: money.min(1).nullish(),
  amount: typed,
  goods: z.enum(goods).optional(),
  starts_on: orNone(calendarDay),
  /** The last day it holds. */
  ends_on: orNone(calendarDay),
  min_cents: money.optional(),
  min: typed,
  first_order_only: yesOrNo,
  max_uses: orNone(whole(1, 1_000_000)),
  max_per_member: orNone(whole(1, 1000)),
  published: yesOrNo,
  products: ids,
  categories: ids,
});
export const promotionInput = facts.partial().extend({ id: z.guid() });
export const newPromotionInput = facts;
export const promotionParam = z.object({ id: z.guid() });
type Facts = z.output<typeof facts>;
type PromotionInput = { [name in keyof Facts]?: Facts[name] | undefined };

const asTheyAre = [
  'code',
  'kind',
  'first_order_only',
  'max_uses',
  'max_per_member',
  'published',
  'products',
  'categories',
] as const;

/** The columns an input speaks of. Refuses 422 for an amount that is none. */
export function promotionFacts(
  input: PromotionInput,
  locals: Pick<App.Locals, 'business' | 'locale'>,
): Record<string, unknown> | Refusal {
  const zone = locals.business.time_zone;
  // Left empty in a form: the other one of the two says what comes off.
  const none = input.amount_cents === null || input.amount?.trim() === '';
  const amount = none
    ? null
    : centsOf({ cents: input.amount_cents ?? undefined, typed: input.amount, field: 'amount' }, locals);
  if (isRefused(amount)) return amount;
  const least = centsOf(
    { cents: input.min_cents, typed: input.min?.trim() === '' ? '0' : input.min, field: 'min' },
    locals,
  );
  if (isRefused(least)) return least;
  const starts = input.starts_on;
  const ends = input.ends_on;
  const all = [
    ['label', wordsOf(input, 'label')],
    ...asTheyAre.map((name) => [name, input[name]]),
    ['percent', input.percent],
    ['amount_cents', amount],
    ['goods', input.kind === 'product' ? 'bar' : input.goods],
    ['min_cents', least],
    // Today begins now: nobody who was refused a moment ago is told it had begun at midnight.
    ['starts_at', starts ? startOfDay(starts, zone).toString() : undefined],
    ['ends_at', ends ? startOfDay(addDays(ends, 1), zone).toString() : ends],
  ] as [string, unknown][];
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}
