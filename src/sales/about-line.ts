import { formatCalendarDay } from '#platform/clock.ts';
import { formatMoney } from '#platform/money.ts';
import type { CartLine } from './cart.ts';

/** What a pack, a membership or money in the wallet means from now on. */
export function aboutLine(
  { kind, plan, details }: CartLine,
  { m, locale, business }: Pick<App.Locals, 'm' | 'locale' | 'business'>,
): string {
  const words = m.sales.line;
  const money = (cents: number) => formatMoney(cents, business.currency, locale);
  if (kind === 'top_up') return words.topUp;
  if (kind === 'gift_card')
    return m.giftCards.inCart({
      name: String(details.to_name),
      when:
        typeof details.send_on === 'string'
          ? formatCalendarDay(details.send_on, locale, { day: 'numeric', month: 'long' })
          : null,
    });
  if (kind === 'tip')
    return typeof details.percent === 'number' ? m.shop.cart.tip({ percent: details.percent }) : '';
  if (!plan) return '';
  const { every, credits, valid_days: days } = plan;
  const amount = money(plan.price_cents);
  if (!every) {
    return plan.starts === 'first_use' && days !== null
      ? words.packFirstUse({ count: credits ?? 0, days })
      : words.pack({ count: credits ?? 0, days });
  }
  if (plan.trial_days > 0) return words.trial({ days: plan.trial_days, amount, every });
  return plan.intro_periods > 0
    ? words.intro({
        count: plan.intro_periods,
        first: money(plan.intro_price_cents ?? 0),
        amount,
        every,
      })
    : words.renews({ amount, every });
}
