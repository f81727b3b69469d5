/** What may be said of a pack or a membership, by forms and by programs. Words come a language a field: `name_en`. */
import { z } from 'zod';
import { centsOf, maybe, whole, wordsOf } from '#platform/inputs.ts';
import { type Refusal, isRefused } from '#platform/refusals.ts';

const line = z.string().trim().max(120).optional();
const money = z.number().int().min(0).max(100_000_000);
const typed = z.string().max(40).optional();
const yesOrNo = z
  .boolean()
  .or(z.enum(['yes', 'no']).transform((said) => said === 'yes'))
  .optional();
/** Empty in a form, null in JSON: there is none. */
const orNone = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .literal('')
    .transform(() => null)
    .or(z.null())
    .or(schema)
    .optional();

export const planKinds = ['pack', 'membership'] as const;
export const freezeRules = ['shift', 'prorate', 'continue'] as const;
export const changeTimes = ['auto', 'at_once', 'period_end'] as const;

const ids = z
  .guid()
  .transform((id) => [id])
  .or(z.array(z.guid()).max(200));

export const planInput = z.object({
  name_en: line,
  name_es: line,
  summary_en: line,
  summary_es: line,
  price_cents: money.optional(),
  price: typed,
  tax_rate_bp: z.number().int().min(0).max(5000).optional(),
  /** Per cent, as typed: `21`, `10,5`. */
  tax: z
    .string()
    .regex(/^\d{1,2}(?:[.,]\d{1,2})?$/)
    .optional(),
  credits: orNone(whole(1, 1000)),
  valid_days: orNone(whole(1, 3650)),
  starts: z.enum(['purchase', 'first_use']).optional(),
  first_timers_only: yesOrNo,
  once_each: yesOrNo,
  shareable: yesOrNo,
  every: z.enum(['month', 'year']).optional(),
  rollover_credits: maybe(whole(0, 1000)),
  trial_days: maybe(whole(0, 90)),
  intro_price_cents: money.nullish(),
  intro_price: typed,
  intro_periods: maybe(whole(0, 12)),
  freeze_rule: z.enum(freezeRules).optional(),
  freeze_days_per_year: maybe(whole(0, 365)),
  freeze_notice_days: maybe(whole(0, 60)),
  change_when: z.enum(changeTimes).optional(),
  position: maybe(whole(0, 1000)),
  /** Which classes it opens: `all`, or those in `classes`. */
  opens: z.enum(['all', 'some']).optional(),
  classes: ids.optional(),
});
export type PlanInput = z.output<typeof planInput>;

/** Without a `slug` it is made of the name. */
export const newPlanInput = planInput.extend({
  kind: z.enum(planKinds),
  slug: maybe(z.string().regex(/^[a-z0-9-]{2,60}$/)),
});

const asTheyAre = [
  'credits',
  'valid_days',
  'starts',
  'first_timers_only',
  'once_each',
  'shareable',
  'every',
  'rollover_credits',
  'trial_days',
  'intro_periods',
  'freeze_rule',
  'freeze_days_per_year',
  'freeze_notice_days',
  'change_when',
  'position',
] as const;

/** The columns an input speaks of. Refuses 422 for an amount that is none. */
export function planFacts(
  input: PlanInput,
  locals: Pick<App.Locals, 'business' | 'locale'>,
): Record<string, unknown> | Refusal {
  const price = centsOf({ cents: input.price_cents, typed: input.price, field: 'price' }, locals);
  if (isRefused(price)) return price;
  // No introduction: the field is left empty.
  const none = input.intro_price_cents === null || input.intro_price?.trim() === '';
  const intro = none
    ? null
    : centsOf(
        { cents: input.intro_price_cents ?? undefined, typed: input.intro_price, field: 'intro_price' },
        locals,
      );
  if (isRefused(intro)) return intro;
  const tax =
    input.tax === undefined ? input.tax_rate_bp : Math.round(Number(input.tax.replace(',', '.')) * 100);
  const facts = [
    ...(['name', 'summary'] as const).map((name) => [name, wordsOf(input, name)]),
    ...asTheyAre.map((name) => [name, input[name]]),
    ['price_cents', price],
    ['tax_rate_bp', tax],
    ['intro_price_cents', intro],
    ...(none ? [['intro_periods', 0]] : []),
  ] as [string, unknown][];
  return Object.fromEntries(facts.filter(([, value]) => value !== undefined));
}

/** Ids of the classes it opens, null for all; `before` where the input does not say. */
export const planOpens = ({ opens, classes }: PlanInput, before: string[] | null): string[] | null => {
  if (opens === undefined && classes === undefined) return before;
  return opens === 'all' || !classes || classes.length === 0 ? null : classes;
};
