/** What a referral gives, in words. */
import { formatMoney } from '#platform/money.ts';
import type { ReferralTerms } from './referrals.ts';

/** `both`: to who may bring somebody; `newcomer`: to who was brought. */
export function termsOf(
  { unit, inviter_points, newcomer_points, min_cents, month_cap }: ReferralTerms,
  { m, business, locale }: Pick<App.Locals, 'm' | 'business' | 'locale'>,
): { both: string; newcomer: string } {
  const words = m.referrals.terms;
  const from = min_cents > 0 ? formatMoney(min_cents, business.currency, locale, { whole: true }) : null;
  const both = [
    inviter_points > 0 && newcomer_points > 0
      ? words.both({ unit, yours: inviter_points, theirs: newcomer_points })
      : inviter_points > 0
        ? words.inviter({ unit, count: inviter_points })
        : words.guest({ unit, count: newcomer_points }),
    from && words.from({ amount: from }),
    month_cap && inviter_points > 0 && words.cap({ count: month_cap }),
  ];
  const newcomer = [
    newcomer_points > 0
      ? words.newcomer({ unit, count: newcomer_points })
      : words.forInviter({ unit, count: inviter_points }),
    from && words.from({ amount: from }),
  ];
  return { both: both.filter(Boolean).join(' '), newcomer: newcomer.filter(Boolean).join(' ') };
}
