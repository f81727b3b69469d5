/** What may be said of points over HTTP: a reward for a cart, and the programme by whoever keeps it. */
import { z } from 'zod';
import { centsOf, maybe, whole, wordsOf } from '#platform/inputs.ts';
import { type Refusal, isRefused } from '#platform/refusals.ts';

const line = z.string().trim().max(120).optional();
const typed = z.string().max(40).optional();
const money = z.number().int().min(0).max(1_000_000_000).optional();
const none = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .literal('')
    .transform(() => null)
    .or(z.null())
    .or(schema)
    .optional();

/** Empty takes the reward out of the cart. */
export const redeemInput = z.object({ reward_id: z.guid().or(z.literal('')).nullish() });

const factor = whole(0, 1000);
export const programmeInput = z.object({
  unit: z.enum(['points', 'stamps']).optional(),
  name_en: line,
  name_es: line,
  earn_by: z.enum(['spend', 'order']).optional(),
  earn_points: maybe(whole(1, 1000)),
  earn_cents: money,
  earn: typed,
  first_visit_points: maybe(whole(0, 100_000)),
  birthday_points: maybe(whole(0, 100_000)),
  expires_days: none(whole(1, 3650)),
  hundred_worth_cents: money,
  worth: typed,
  inviter_points: none(whole(0, 100_000)),
  newcomer_points: none(whole(0, 100_000)),
  referral_min_cents: money,
  referral_min: typed,
  referral_month_cap: none(whole(1, 1000)),
  /** `category:<id>`, `product:<id>` or `weekday:<1–7>`; a form sends three rows with a factor each. */
  boost_for: z.array(z.string().max(60)).max(20).optional(),
  boost_factor: z.array(none(factor)).max(20).optional(),
  tier_name: z.array(z.string().trim().max(60)).max(10).optional(),
  tier_from: z
    .array(none(whole(0, 10_000_000)))
    .max(10)
    .optional(),
  tier_factor: z
    .array(none(whole(100, 1000)))
    .max(10)
    .optional(),
});
type ProgrammeInput = z.output<typeof programmeInput>;

const asTheyAre = [
  'unit',
  'earn_by',
  'earn_points',
  'first_visit_points',
  'birthday_points',
  'expires_days',
  'inviter_points',
  'newcomer_points',
  'referral_month_cap',
] as const;
const known = (facts: [string, unknown][]) =>
  Object.fromEntries(facts.filter(([, value]) => value !== undefined));

export function programmeFacts(
  input: ProgrammeInput,
  locals: Pick<App.Locals, 'business' | 'locale'>,
): Record<string, unknown> | Refusal {
  const earn = centsOf({ cents: input.earn_cents, typed: input.earn, field: 'earn' }, locals);
  if (isRefused(earn)) return earn;
  const worth = centsOf({ cents: input.hundred_worth_cents, typed: input.worth, field: 'worth' }, locals);
  if (isRefused(worth)) return worth;
  const least = centsOf(
    { cents: input.referral_min_cents, typed: input.referral_min, field: 'referral_min' },
    locals,
  );
  if (isRefused(least)) return least;
  return known([
    ['name', wordsOf(input, 'name')],
    ...asTheyAre.map((name): [string, unknown] => [name, input[name]]),
    ['earn_cents', earn],
    ['hundred_worth_cents', worth],
    ['referral_min_cents', least],
  ]);
}

/** Rows of a form that name something; undefined when the form has none. */
export const boostsOf = ({ boost_for: things, boost_factor: factors }: ProgrammeInput) =>
  things?.flatMap((thing, i) => {
    const [what, id = ''] = thing.split(':');
    const factor_percent = factors?.[i] ?? null;
    if (!id || factor_percent === null) return [];
    return [
      {
        product_id: what === 'product' ? id : null,
        category_id: what === 'category' ? id : null,
        weekday: what === 'weekday' ? Number(id) : null,
        factor_percent,
      },
    ];
  });

/** The name is the same in every language until somebody says it in another. */
export const tiersOf = (
  { tier_name: names, tier_from: from, tier_factor: factors }: ProgrammeInput,
  languages: readonly string[],
) =>
  names?.flatMap((name, i) =>
    name
      ? [
          {
            name: Object.fromEntries(languages.map((language) => [language, name])),
            from_points: from?.[i] ?? 0,
            factor_percent: factors?.[i] ?? 100,
          },
        ]
      : [],
  );

export const rewardInput = z.object({
  id: z.guid().optional(),
  name_en: line,
  name_es: line,
  kind: z.enum(['product', 'money', 'class']).optional(),
  /** `category:<id>` or `product:<id>`, of a product. */
  thing: z
    .string()
    .regex(/^(?:(?:category|product):[0-9a-f-]{36})?$/)
    .optional(),
  amount_cents: money,
  amount: typed,
  price_points: maybe(whole(1, 1_000_000)),
  published: z
    .boolean()
    .or(z.enum(['yes', 'no']).transform((said) => said === 'yes'))
    .optional(),
});

export function rewardFacts(
  input: z.output<typeof rewardInput>,
  locals: Pick<App.Locals, 'business' | 'locale'>,
): Record<string, unknown> | Refusal {
  const amount = centsOf(
    {
      cents: input.amount_cents,
      typed: input.amount?.trim() === '' ? undefined : input.amount,
      field: 'amount',
    },
    locals,
  );
  if (isRefused(amount)) return amount;
  const [what, id] = (input.thing ?? '').split(':');
  const kind = input.kind;
  return known([
    ['name', wordsOf(input, 'name')],
    ['kind', kind],
    ...(kind
      ? ([
          ['product_id', kind === 'product' && what === 'product' ? id : null],
          ['category_id', kind === 'product' && what === 'category' ? id : null],
          ['amount_cents', kind === 'money' ? (amount ?? null) : null],
        ] as [string, unknown][])
      : []),
    ['price_points', input.price_points],
    ['published', input.published],
  ]);
}
