/** Letters about passes and memberships. */
import { localised } from '#platform/i18n/locale.ts';
import { formatMoney } from '#platform/money.ts';
import type { Facts } from '../facts.ts';
import { type Context, type Rendered, date, letterTo } from './frame.ts';

type Plan = Facts<'membership_suspended'> | Facts<'pass_used_up'>;

/** Their own plans, or those to choose from when they have none any more. */
const mine = '/account/passes';
const all = '/plans';

/** The parts of a letter about a plan that differ: what it says, and its button. */
const planLetter = (
  data: Plan,
  context: Context,
  words: { subject(values: { plan: string }): string; title: string },
  text: (string | false | null | undefined)[],
  button: string = context.m.mail.plans.button,
  path: string = mine,
): Rendered => ({
  letter: letterTo(data, context, {
    subject: words.subject({ plan: localised(data.plan_name, context.locale) }),
    title: words.title,
    text,
    button,
    path,
  }),
});

function passExpiring(data: Facts<'pass_expiring'>, context: Context): Rendered {
  const words = context.m.mail.plans.pass_expiring;
  const day = date(data.expires_at, context);
  return planLetter(
    data,
    context,
    { ...words, subject: ({ plan }) => words.subject({ plan, date: day }) },
    [words.text({ count: data.credits_left, date: day })],
    context.m.mail.buttons.schedule,
    '/schedule',
  );
}

function passUsedUp(data: Facts<'pass_used_up'>, context: Context): Rendered {
  const words = context.m.mail.plans.pass_used_up;
  const plan = localised(data.plan_name, context.locale);
  return planLetter(data, context, words, [words.text({ plan })], words.button, all);
}

function passGiven(data: Facts<'pass_given'>, context: Context): Rendered {
  const words = context.m.mail.plans.pass_given;
  const plan = localised(data.plan_name, context.locale);
  return planLetter(data, context, words, [words.text({ plan })]);
}

function passRefunded(data: Facts<'pass_refunded'>, context: Context): Rendered {
  const words = context.m.mail.plans.pass_refunded;
  const amount = formatMoney(data.amount_cents, data.currency, context.locale);
  return planLetter(data, context, words, [words.text({ amount })]);
}

const paid =
  (kind: 'membership_started' | 'membership_renewed') =>
  (data: Facts<'membership_started'>, context: Context): Rendered => {
    const words = context.m.mail.plans[kind];
    const amount = formatMoney(data.amount_cents, data.currency, context.locale);
    return planLetter(data, context, words, [
      words.text({ amount, date: date(data.period_ends_at, context) }),
    ]);
  };

function frozen(data: Facts<'membership_frozen'>, context: Context): Rendered {
  const words = context.m.mail.plans.membership_frozen;
  const from = date(data.frozen_from, context);
  return planLetter(data, context, words, [
    words.until({ from, until: date(data.frozen_until, context) }),
    words.charge({
      amount: formatMoney(data.amount_cents, data.currency, context.locale),
      date: date(data.next_charge_at, context),
    }),
    words.back,
  ]);
}

function changed(data: Facts<'membership_changed'>, context: Context): Rendered {
  const words = context.m.mail.plans.membership_changed;
  const plan = localised(data.plan_name, context.locale);
  return planLetter(data, context, words, [words.text({ plan, date: date(data.period_ends_at, context) })]);
}

function ended(data: Facts<'membership_ended'>, context: Context): Rendered {
  const words = context.m.mail.plans.membership_ended;
  const text = words.text({ date: date(data.ended_at, context) });
  return planLetter(data, context, words, [text], words.button, all);
}

function paymentFailed(data: Facts<'payment_failed'>, context: Context): Rendered {
  const words = context.m.mail.plans.payment_failed;
  const amount = formatMoney(data.amount_cents, data.currency, context.locale);
  const until = data.grace_until;
  return planLetter(
    data,
    context,
    words,
    [words.text({ amount }), until && words.grace({ date: date(until, context) })],
    words.button,
  );
}

function suspended(data: Facts<'membership_suspended'>, context: Context): Rendered {
  const words = context.m.mail.plans.membership_suspended;
  return planLetter(data, context, words, [words.text], words.button);
}

function recovered(data: Facts<'membership_recovered'>, context: Context): Rendered {
  const words = context.m.mail.plans.membership_recovered;
  return planLetter(data, context, words, [words.text]);
}

export const plans = {
  pass_expiring: passExpiring,
  pass_used_up: passUsedUp,
  pass_given: passGiven,
  pass_refunded: passRefunded,
  membership_started: paid('membership_started'),
  membership_renewed: paid('membership_renewed'),
  membership_frozen: frozen,
  membership_changed: changed,
  membership_ended: ended,
  payment_failed: paymentFailed,
  membership_suspended: suspended,
  membership_recovered: recovered,
};
