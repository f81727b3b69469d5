/** "Why this number": a line of pay in words, from the inputs that were stored with it. Pure. */
import type { Locale, Messages } from '#platform/i18n/index.ts';
import { formatMoney } from '#platform/money.ts';
import type { Terms } from './rules.ts';

type Part =
  | { part: 'base'; cents: number }
  | { part: 'bonus'; over: number; cents: number }
  | { part: 'heads'; over: number; heads: number; per_head_cents: number; cents: number };

/** Who was counted (`booking.pay_for`). */
export interface Counted {
  came: number;
  no_shows: number;
  late_cancels: number;
}
export interface Reckoned extends Counted {
  heads: number;
  amount_cents: number;
  /** Before the cap. */
  sum_cents: number;
  parts: Part[];
  rule: Terms & {
    rule_id: string;
    valid_from: string;
    scope: 'both' | 'instructor' | 'class_type' | 'everyone';
  };
}
/** Of a class of an earlier period. `now` is null when it earns nothing any more. */
export interface Corrected {
  before_cents: number;
  now_cents: number;
  now: Reckoned | null;
}
export type Why = Reckoned | Corrected | Counted;

const isReckoned = (why: Why): why is Reckoned => 'parts' in why;
export const isCorrected = (why: Why): why is Corrected => 'before_cents' in why;

export interface Words {
  m: Messages;
  locale: Locale;
  currency: string;
}

/** `30,00 € base + 4 × 2,00 € over 8 heads = 38,00 €`. */
export function whyLine(why: Why, { m, locale, currency }: Words): string {
  const words = m.instructors.pay.why;
  const money = (cents: number): string => formatMoney(cents, currency, locale);
  if (isCorrected(why)) {
    return words.corrected({ before: money(why.before_cents), now: money(why.now_cents) });
  }
  if (!isReckoned(why)) return words.noRule;
  const parts = why.parts.map((part) =>
    part.part === 'base'
      ? words.base({ amount: money(part.cents) })
      : part.part === 'bonus'
        ? words.bonus({ amount: money(part.cents), over: part.over })
        : words.heads({ heads: part.heads, amount: money(part.per_head_cents), over: part.over }),
  );
  const sum = `${parts.join(' + ')} = ${money(why.sum_cents)}`;
  return why.amount_cents < why.sum_cents
    ? `${sum}, ${words.capped({ amount: money(why.amount_cents) })}`
    : sum;
}

/** `12 heads: 10 came, 2 missed it`. Says only what was counted. */
export function headsLine(why: Why, { m }: Pick<Words, 'm'>): string {
  if (isCorrected(why)) return why.now ? headsLine(why.now, { m }) : m.instructors.pay.why.nothingNow;
  const words = m.instructors.pay.why;
  const counted = [
    words.came({ count: why.came }),
    isReckoned(why) && why.rule.counts_no_shows && why.no_shows > 0 && words.missed({ count: why.no_shows }),
    isReckoned(why) &&
      why.rule.counts_late_cancels &&
      why.late_cancels > 0 &&
      words.late({ count: why.late_cancels }),
  ].filter((text): text is string => typeof text === 'string');
  return counted.join(', ');
}

/** Which rule it was, and since when that version holds. */
export const ruleOf = (why: Why): Reckoned['rule'] | null =>
  isCorrected(why) ? (why.now?.rule ?? null) : isReckoned(why) ? why.rule : null;
