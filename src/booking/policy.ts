/** When cancelling costs nothing, and what is given back later, in a customer's words. */
import type { Locale, Messages } from '#platform/i18n/index.ts';
import { formatMoney } from '#platform/money.ts';

export interface Policy {
  price_cents: number;
  free_cancel_hours: number;
  late_refund_percent: number;
  currency?: string;
  late_fee_cents?: number;
  no_show_fee_cents?: number;
  fee_credits?: number;
  refund_if_refilled?: boolean;
  waitlist_mode?: string;
}

/** The sentences, in order. A class that costs nothing has nothing to give back. */
export function policySentences(policy: Policy, m: Messages, locale: Locale = 'en'): string[] {
  const { policy: words } = m.booking;
  const percent = policy.late_refund_percent;
  const late =
    percent === 0 ? words.lateNothing : percent === 100 ? words.lateAll : words.latePart({ percent });
  const money = (cents: number) => formatMoney(cents, policy.currency ?? 'EUR', locale);
  const { late_fee_cents: lateFee = 0, no_show_fee_cents: noShow = 0, fee_credits: credits = 0 } = policy;
  const refilled = policy.refund_if_refilled && policy.waitlist_mode !== 'off' && percent < 100;
  const absent = noShow > 0 ? [words.noShow({ amount: money(noShow) })] : [];
  const settled = credits > 0 ? [words.feeCredits({ count: credits })] : [];
  // Nothing is lost but by who does not come.
  if (policy.price_cents === 0) return [words.gratis, ...absent, ...(noShow > 0 ? settled : [])];
  const later =
    policy.free_cancel_hours === 0
      ? []
      : [
          late,
          ...(policy.late_fee_cents !== undefined && percent < 100 ? [words.lateCredit] : []),
          ...(lateFee > 0 ? [words.lateFee({ amount: money(lateFee) })] : []),
          ...(refilled ? [words.refilled] : []),
        ];
  return [
    words.free({ hours: policy.free_cancel_hours }),
    ...later,
    ...absent,
    ...(noShow > 0 || (lateFee > 0 && policy.free_cancel_hours > 0) ? settled : []),
  ];
}
