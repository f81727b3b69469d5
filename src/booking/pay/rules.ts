/** What a class earns: versions of rules, the most specific of which wins. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { isId } from '#platform/ids.ts';
import type { Locale } from '#platform/i18n/locale.ts';
import { parseMoney } from '#platform/money.ts';
import { Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import { type RuleInput, tiersInForm } from './inputs.ts';

export interface Tier {
  /** Heads above this many … */
  over: number;
  /** … earn this each, up to the next tier, */
  per_head_cents: number;
  /** and this once. */
  bonus_cents: number;
}

/** What a rule says; amounts in minor units. */
export interface Terms {
  base_cents: number;
  tiers: Tier[];
  cap_cents: number | null;
  counts_late_cancels: boolean;
  counts_no_shows: boolean;
}

/** A row of `api.pay_rules`. Days; `valid_until` is the first it no longer holds on. */
export interface PayRule extends Terms {
  rule_id: string;
  instructor_id: string | null;
  instructor_name: string | null;
  class_type_id: string | null;
  class_name: LocalisedText | null;
  valid_from: string;
  valid_until: string | null;
}

/** Every version, the widest scope first. */
export async function payRules(db: Db, businessId: string): Promise<PayRule[] | Refusal> {
  const got = answer(await db.rpc('pay_rules', { business_id: businessId }, { get: true }));
  return isRefused(got) ? got : (got as unknown as PayRule[]);
}

/** Versions of one scope together, the latest first. */
export const byScope = (rules: PayRule[]): PayRule[][] => [
  ...Map.groupBy(rules, ({ instructor_id, class_type_id }) => `${instructor_id} ${class_type_id}`).values(),
];

/** Amounts in minor units, as they were sent or as they were typed; or the name of the first field that is none. */
export function readTerms(
  input: RuleInput,
  currency: string,
  locale: Locale,
): Omit<Terms, 'counts_late_cancels' | 'counts_no_shows'> | { wrong: string } {
  const cents = (text: string): number | null => {
    if (text === '') return 0;
    const read = parseMoney(text, currency, locale);
    return read !== null && read >= 0 ? read : null;
  };
  if (input.base_cents !== undefined) {
    const { base_cents, tiers = [], cap_cents = null } = input;
    return { base_cents, tiers, cap_cents };
  }
  const base_cents = input.base === '' ? null : cents(input.base);
  if (base_cents === null) return { wrong: 'base' };
  const cap_cents = input.cap === '' ? null : cents(input.cap);
  if (input.cap !== '' && cap_cents === null) return { wrong: 'cap' };
  const tiers: Tier[] = [];
  for (let nth = 1; nth <= tiersInForm; nth++) {
    const field = <Name extends 'over' | 'per_head' | 'bonus'>(name: Name) =>
      input[`${name}_${nth as 1 | 2 | 3}`];
    const over = field('over');
    const per_head_cents = cents(field('per_head'));
    const bonus_cents = cents(field('bonus'));
    if (per_head_cents === null) return { wrong: `per_head_${nth}` };
    if (bonus_cents === null) return { wrong: `bonus_${nth}` };
    if (over === null) {
      if (per_head_cents > 0 || bonus_cents > 0) return { wrong: `over_${nth}` };
      continue;
    }
    if (over <= (tiers.at(-1)?.over ?? -1)) return { wrong: `over_${nth}` };
    tiers.push({ over, per_head_cents, bonus_cents });
  }
  return { base_cents, tiers, cap_cents };
}

/** A new version from a day on; the one before it ends. Refuses what `api.add_pay_rule` says. */
export async function addPayRule(
  db: Db,
  business: { id: string; currency: string },
  locale: Locale,
  input: RuleInput,
): Promise<{ rule_id: string } | Refusal> {
  const terms = readTerms(input, business.currency, locale);
  if ('wrong' in terms) return new Refusal('pay_amount_invalid', 422, { field: terms.wrong });
  const id = answer(
    await db.rpc('add_pay_rule', {
      business_id: business.id,
      instructor_id: input.instructor_id as string,
      class_type_id: input.class_type_id as string,
      valid_from: input.valid_from,
      base_cents: terms.base_cents,
      tiers: terms.tiers.map((tier) => ({ ...tier })),
      ...(terms.cap_cents === null ? {} : { cap_cents: terms.cap_cents }),
      counts_late_cancels: input.counts_late_cancels,
      counts_no_shows: input.counts_no_shows,
    }),
  );
  return isRefused(id) ? id : { rule_id: id };
}

/** It holds on `last_on` for the last time. Refuses 404 pay_rule_not_found, 409 pay_rule_ended. */
export async function endPayRule(
  db: Db,
  businessId: string,
  input: { rule_id: string; last_on: string },
): Promise<{ rule_id: string } | Refusal> {
  if (!isId(input.rule_id)) return new Refusal('pay_rule_not_found', 404);
  const refused = answer(await db.rpc('end_pay_rule', { business_id: businessId, ...input }));
  return isRefused(refused) ? refused : { rule_id: input.rule_id };
}
