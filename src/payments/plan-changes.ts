/**
 * Changing a membership for another. The provider works out what a change costs and is told the same moment when it is
 * made, so that what was shown is what is charged.
 */
import { Refusal, isRefused } from '#platform/refusals.ts';
import Stripe from 'stripe';
import {
  type PlanChoice,
  chosen,
  itemOf,
  nowInSeconds,
  planChoices,
  previewOf,
  priceOf,
} from './change-preview.ts';
import { refreshMembership } from './memberships.ts';
import { reachable } from './payments.ts';
import { stripe } from './stripe/client.ts';

/** What was on the page when somebody said yes. */
export interface Shown {
  plan: string;
  plan_id: string;
  due_cents: number;
  counted_at: number | null;
}

/** How long what was shown holds. */
const holdsFor = 15 * 60;

/** Whether it still comes to what was shown. */
async function stillSo(plan: PlanChoice, shown: Shown): Promise<boolean> {
  if (plan.plan_id !== shown.plan_id || plan.at_once !== (shown.counted_at !== null)) return false;
  if (shown.counted_at === null) return true;
  const age = nowInSeconds() - shown.counted_at;
  if (age < -60 || age > holdsFor) return false;
  return (await previewOf(plan, shown.counted_at)).due_cents === shown.due_cents;
}

/** Sends the change; a card that is declined changes nothing. */
async function update(
  plan: PlanChoice,
  params: Stripe.SubscriptionUpdateParams,
  key: string,
): Promise<null | Refusal> {
  try {
    await stripe().subscriptions.update(plan.subscription_ref, params, { idempotencyKey: `change:${key}` });
  } catch (error) {
    if (error instanceof Stripe.errors.StripeCardError) return new Refusal('card_refused', 402);
    reachable(error);
  }
  await refreshMembership(plan.subscription_ref);
  return null;
}

/**
 * Changes a membership as it was shown. Refuses 409 preview_stale, 402 card_refused, 404 plan_not_found, and as
 * `planChoices`.
 */
export async function changePlan(
  locals: App.Locals,
  membershipId: string,
  shown: Shown,
  key: string,
): Promise<PlanChoice | Refusal> {
  const choices = await planChoices(locals, membershipId);
  if (isRefused(choices)) return choices;
  const plan = chosen(choices, shown.plan);
  if (isRefused(plan)) return plan;
  if (plan.next) return plan;
  if (!(await stillSo(plan, shown))) return new Refusal('preview_stale', 409);
  const item = await itemOf(plan);
  const items = [{ id: item.id, price_data: await priceOf(plan) }];
  const refused = await update(
    plan,
    shown.counted_at === null
      ? {
          items,
          proration_behavior: 'none',
          metadata: { plan_id: plan.plan_id, plan_from: String(item.current_period_end) },
          // Another rhythm would begin, and be charged, at once.
          ...(plan.rhythm_changes && { trial_end: item.current_period_end }),
        }
      : {
          items,
          discounts: '',
          proration_behavior: 'always_invoice',
          proration_date: shown.counted_at,
          payment_behavior: 'error_if_incomplete',
          metadata: { plan_id: plan.plan_id, plan_from: '' },
        },
    key,
  );
  return refused ?? plan;
}

/** Takes back a change that waits for the next charge. Refuses 409 no_change_waits, and as `planChoices`. */
export async function keepPlan(
  locals: App.Locals,
  membershipId: string,
  key: string,
): Promise<PlanChoice | Refusal> {
  const choices = await planChoices(locals, membershipId);
  if (isRefused(choices)) return choices;
  const plan = choices.find(({ current }) => current);
  const next = choices.find((choice) => choice.next);
  if (!plan || !next) return new Refusal('no_change_waits', 409);
  const item = await itemOf(plan);
  const refused = await update(
    plan,
    {
      items: [{ id: item.id, price_data: await priceOf(plan) }],
      proration_behavior: 'none',
      metadata: { plan_id: plan.plan_id, plan_from: '' },
      ...(next.rhythm_changes && { trial_end: item.current_period_end }),
    },
    key,
  );
  return refused ?? plan;
}
