/** A promotion's terms in words. */
import { formatShortDate } from '#platform/clock.ts';
import type { Locale, Messages } from '#platform/i18n/index.ts';
import { formatMoney } from '#platform/money.ts';
import type { Promotion } from './promotions.ts';

interface Voice {
  m: Messages;
  locale: Locale;
}

/** `15 %`, `€2.00`, `€1.00 each`. */
export function takesOff(
  { kind, percent, amount_cents: cents, currency }: Promotion,
  { m, locale }: Voice,
): string {
  if (percent !== null) return `${percent} %`;
  const amount = formatMoney(cents ?? 0, currency, locale, { whole: true });
  return kind === 'product' ? m.promotions.kept.each({ amount }) : amount;
}

/** `until 4 Dec 2026`; the day it ends is the last one it holds. */
export function holds({ starts_at, ends_at }: Promotion, { m, locale }: Voice, zone: string): string {
  const words = m.promotions.kept;
  if (Date.parse(starts_at) > Date.now())
    return words.from({ date: formatShortDate(starts_at, zone, locale) });
  if (ends_at === null) return words.open;
  const last = new Date(Date.parse(ends_at) - 1).toISOString();
  return words.until({ date: formatShortDate(last, zone, locale) });
}
