/** What is sent about pay. Forms send amounts as people write money, programs in minor units (`readTerms`). */
import { z } from 'zod';
import { day, maybeId, tick } from '../instructors/inputs.ts';

export const periodInput = z.object({ from: day, until: day });
export const periodQuery = z.object({ from: day.optional(), until: day.optional() });

const amount = z.union([z.string().trim().max(20), z.number()]).transform(String);
const heads = z
  .union([z.literal(''), z.coerce.number().int().min(0).max(10_000)])
  .default('')
  .transform((count) => (count === '' ? null : count));

/** How many tiers the form has room for. */
export const tiersInForm = 3;

const cents = z.number().int().min(0).max(1_000_000_000);
const tier = z.object({
  over: z.number().int().min(0).max(10_000),
  per_head_cents: cents.default(0),
  bonus_cents: cents.default(0),
});

export const ruleInput = z.object({
  base_cents: cents.optional(),
  tiers: z.array(tier).max(6).optional(),
  cap_cents: cents.nullish(),
  instructor_id: maybeId,
  class_type_id: maybeId,
  valid_from: day,
  base: amount.default(''),
  cap: amount.default(''),
  over_1: heads,
  per_head_1: amount.default(''),
  bonus_1: amount.default(''),
  over_2: heads,
  per_head_2: amount.default(''),
  bonus_2: amount.default(''),
  over_3: heads,
  per_head_3: amount.default(''),
  bonus_3: amount.default(''),
  counts_late_cancels: tick,
  counts_no_shows: tick,
});
export type RuleInput = z.output<typeof ruleInput>;
export const endRuleInput = z.object({ rule_id: z.string().max(64), last_on: day });
