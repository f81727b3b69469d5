/** What a membership can be changed for, and what the provider says that a change costs (invoices.createPreview). */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { localised } from '#platform/i18n/locale.ts';
import { Refusal, answer, isRefused } from '#platform/refusals.ts';
import Stripe from 'stripe';
import { reachable } from './payments.ts';
import { stripe } from './stripe/client.ts';

/** A row of `api.plan_changes`. */
export interface PlanChoice {
  plan_id: string;
  slug: string;
  name: LocalisedText;
  summary: LocalisedText;
  every: 'month' | 'year';
  credits: number | null;
  /** What each period costs, in minor units with tax. */
  price_cents: number;
  currency: string;
  current: boolean;
  /** It will be this one from the next charge on. */
  next: boolean;
  /** Else it waits for the next charge. */
  at_once: boolean;
  subscription_ref: string;
  period_end: string;
  state: string;
  rhythm_changes: boolean;
}

export interface ChangeLine {
  kind: 'credit' | 'rest' | 'period' | 'discount' | 'balance';
  amount_cents: number;
  until: string;
}

export interface ChangePreview {
  plan: PlanChoice;
  lines: ChangeLine[];
  due_cents: number;
  next_charge_at: string;
  next_charge_cents: number;
  /** The moment from which the days are counted, in seconds; null where nothing is charged by the day. */
  counted_at: number | null;
}

const instant = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** The membership as it is first, then what it can be changed for. Refuses as `members.changeable`. */
export async function planChoices(
  { db, business }: Pick<App.Locals, 'db' | 'business'>,
  membershipId: string,
): Promise<PlanChoice[] | Refusal> {
  const found = answer(
    await db.rpc('plan_changes', { business_id: business.id, membership_id: membershipId }, { get: true }),
  );
  return isRefused(found) ? found : (found as unknown as PlanChoice[]);
}

/** The provider wants a product beside a price; its id says what it is, so that it is made once. */
export async function priceOf(plan: PlanChoice) {
  const id = `plan-${plan.plan_id}`;
  await stripe()
    .products.create({ id, name: localised(plan.name, 'en') })
    .catch((error: unknown) => {
      if (!(
        error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_already_exists'
      ))
        reachable(error);
    });
  return {
    currency: plan.currency.toLowerCase(),
    product: id,
    recurring: { interval: plan.every },
    unit_amount: plan.price_cents,
  };
}

export async function itemOf(plan: PlanChoice) {
  const { items } = await stripe().subscriptions.retrieve(plan.subscription_ref).catch(reachable);
  const [item] = items.data;
  if (!item) throw new Error(`${plan.subscription_ref} has no item`);
  return item;
}

function linesOf(invoice: Stripe.Invoice): ChangeLine[] {
  const lines = invoice.lines.data.map((line): ChangeLine => {
    const rest =
      line.parent?.subscription_item_details?.proration ?? line.parent?.invoice_item_details?.proration;
    return {
      kind: line.amount < 0 ? 'credit' : rest ? 'rest' : 'period',
      amount_cents: line.amount,
      until: instant(line.period.end),
    };
  });
  const until = lines[0]?.until ?? instant(invoice.period_end);
  const discount = (invoice.total_discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
  if (discount > 0) lines.push({ kind: 'discount', amount_cents: -discount, until });
  const balance = invoice.amount_due - invoice.total;
  if (balance !== 0) lines.push({ kind: 'balance', amount_cents: balance, until });
  return lines;
}

/** With its next charge: nothing now, then what the provider says that the next bill comes to. */
async function previewLater(plan: PlanChoice): Promise<ChangePreview> {
  const item = await itemOf(plan);
  const bill = await stripe()
    .invoices.createPreview({
      subscription: plan.subscription_ref,
      subscription_details: {
        items: [{ id: item.id, price_data: await priceOf(plan) }],
        proration_behavior: 'none',
        ...(plan.rhythm_changes && { trial_end: item.current_period_end }),
      },
    })
    .catch(reachable);
  return {
    plan,
    lines: [],
    due_cents: 0,
    next_charge_at: instant(item.current_period_end),
    next_charge_cents: bill.amount_due,
    counted_at: null,
  };
}

export async function previewOf(plan: PlanChoice, countedAt: number): Promise<ChangePreview> {
  if (!plan.at_once) return previewLater(plan);
  const item = await itemOf(plan);
  const bill = await stripe()
    .invoices.createPreview({
      subscription: plan.subscription_ref,
      // An introductory price belongs to the plan it began with.
      discounts: '',
      subscription_details: {
        items: [{ id: item.id, price_data: await priceOf(plan) }],
        proration_behavior: 'always_invoice',
        proration_date: countedAt,
      },
    })
    .catch(reachable);
  const tried = plan.state === 'trialing';
  const lines = tried ? [] : linesOf(bill);
  return {
    plan,
    lines,
    due_cents: tried ? 0 : bill.amount_due,
    next_charge_at: lines.find(({ kind }) => kind === 'period')?.until ?? instant(item.current_period_end),
    next_charge_cents: plan.price_cents,
    counted_at: countedAt,
  };
}

export const nowInSeconds = (): number => Math.floor(Date.now() / 1000);

export function chosen(choices: PlanChoice[], slug: string): PlanChoice | Refusal {
  const plan = choices.find((choice) => choice.slug === slug && !choice.current);
  return plan ?? new Refusal('plan_not_found', 404);
}

/** What changing for a plan would cost now and next. Refuses 404 plan_not_found, and as `planChoices`. */
export async function changePreview(
  locals: App.Locals,
  membershipId: string,
  slug: string,
): Promise<ChangePreview | Refusal> {
  const choices = await planChoices(locals, membershipId);
  if (isRefused(choices)) return choices;
  const plan = chosen(choices, slug);
  return isRefused(plan) ? plan : previewOf(plan, nowInSeconds());
}
