/** What a plan promises, in sentences. */
import type { Locale, Messages } from '#platform/i18n/index.ts';
import { localised } from '#platform/i18n/locale.ts';
import { formatMoney } from '#platform/money.ts';
import type { Plan } from './plans.ts';

interface Voice {
  m: Messages;
  locale: Locale;
}

const money = (plan: Pick<Plan, 'currency'>, cents: number, { locale }: Voice) =>
  formatMoney(cents, plan.currency, locale);

type Priced = Pick<
  Plan,
  'currency' | 'every' | 'price_cents' | 'trial_days' | 'intro_price_cents' | 'intro_periods'
>;

/** The price as it is charged each time: "€89 a month". */
export const priceEvery = (plan: Priced, voice: Voice, cents = plan.price_cents): string =>
  plan.every ? `${money(plan, cents, voice)} ${voice.m.plans.per[plan.every]}` : money(plan, cents, voice);

/** How many classes it is good for. */
export const creditsOf = ({ credits, every }: Pick<Plan, 'credits' | 'every'>, { m }: Voice): string => {
  if (credits === null) return m.plans.unlimited;
  return every ? m.plans.creditsEvery({ count: credits, every }) : m.plans.credits({ count: credits });
};

/** What one class comes to. */
export const priceEach = (plan: Plan, voice: Voice): string | null =>
  plan.credits !== null && plan.credits > 1
    ? voice.m.plans.each({ amount: money(plan, Math.round(plan.price_cents / plan.credits), voice) })
    : null;

const validity = (plan: Plan, { m }: Voice): string | null => {
  if (plan.kind !== 'pack') return null;
  if (plan.valid_days === null) return m.plans.validEver;
  const days = { days: plan.valid_days };
  return plan.starts === 'first_use' ? m.plans.validFirst(days) : m.plans.validPurchase(days);
};

/** How it begins, where that is not at its full price. */
export const beginning = (plan: Priced, voice: Voice): string | null => {
  const after = priceEvery(plan, voice);
  if (plan.trial_days > 0) return voice.m.plans.trial({ days: plan.trial_days, amount: after });
  if (plan.intro_price_cents === null) return null;
  const amount = priceEvery(plan, voice, plan.intro_price_cents);
  return voice.m.plans.intro({ amount, count: plan.intro_periods, after });
};

export function termsOf(plan: Plan, voice: Voice): string[] {
  const { m, locale } = voice;
  const classes = plan.classes?.map(({ name }) => localised(name, locale));
  return [
    classes ? m.plans.opens({ classes: new Intl.ListFormat(locale).format(classes) }) : m.plans.opensAll,
    validity(plan, voice),
    plan.rollover_credits > 0 ? m.plans.rollover({ count: plan.rollover_credits }) : null,
    plan.shareable ? m.plans.shareable : null,
    plan.first_timers_only ? m.plans.firstTimers : plan.once_each ? m.plans.once : null,
    plan.every && plan.freeze_days_per_year > 0 ? m.plans.mayRest({ days: plan.freeze_days_per_year }) : null,
    plan.every ? m.plans.ends : null,
  ].filter((term) => term !== null);
}
