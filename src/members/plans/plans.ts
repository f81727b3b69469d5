/** What is sold for many classes at once, and what a member has of it. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export type FreezeRule = 'shift' | 'prorate' | 'continue';

/** What a pack or membership costs and gives. Amounts in minor units, as the business writes its prices. */
export interface PlanTerms {
  slug: string;
  kind: 'pack' | 'membership';
  name: LocalisedText;
  summary: LocalisedText;
  price_cents: number;
  currency: string;
  /** Null: without limit. */
  credits: number | null;
  valid_days: number | null;
  starts: 'purchase' | 'first_use';
  first_timers_only: boolean;
  once_each: boolean;
  shareable: boolean;
  every: 'month' | 'year' | null;
  rollover_credits: number;
  trial_days: number;
  intro_price_cents: number | null;
  intro_periods: number;
  freeze_days_per_year: number;
}

/** A row of `api.plan_list`. */
export interface Plan extends PlanTerms {
  /** Null: all of them. */
  classes: { slug: string; name: LocalisedText }[] | null;
  /** Why the asker cannot buy it. */
  problem: 'plan_once_each' | 'plan_first_timers_only' | 'membership_already' | null;
}

/** A row of `api.my_passes`. */
export interface Pass {
  pass_id: string;
  plan_slug: string;
  plan_kind: 'pack' | 'membership';
  name: LocalisedText;
  credits: number | null;
  credits_left: number | null;
  state: 'active' | 'over' | 'voided';
  expires_at: string | null;
  valid_days: number | null;
  frozen_until: string | null;
  membership_id: string | null;
  order_id: string | null;
  classes: LocalisedText[] | null;
}

/** A row of `api.my_memberships`. */
export interface Membership {
  membership_id: string;
  plan_slug: string;
  name: LocalisedText;
  every: 'month' | 'year';
  credits: number | null;
  state: 'trialing' | 'active' | 'past_due' | 'suspended' | 'ended';
  period_end: string;
  grace_until: string | null;
  cancel_at_period_end: boolean;
  ended_at: string | null;
  price_cents: number;
  currency: string;
  pass_id: string | null;
  credits_left: number | null;
  member_name: string | null;
  classes: LocalisedText[] | null;
  /** What the plan will be from the next charge on. */
  next_name: LocalisedText | null;
  may_freeze: boolean;
  freeze: Freeze | null;
}

/** A freeze that is to come or goes on, and what ending it now would make of the charge and the credit. */
export interface Freeze {
  rule: FreezeRule;
  from_at: string;
  until_at: string;
  days: number;
  begun: boolean;
  early_charge_at: string;
  credit_cents: number;
  early_credit_cents: number;
}

export interface Wallet {
  balance_cents: number;
  currency: string;
  movements: {
    id: number;
    at: string;
    kind: string;
    amount_cents: number;
    balance_cents: number;
    order_id: string | null;
    reference: string | null;
  }[];
}

export const planList = async (db: Db, businessId: string): Promise<Plan[]> =>
  readAnswer(await db.rpc('plan_list', { business_id: businessId }, { get: true })) as unknown as Plan[];

export const myPasses = async (db: Db, businessId: string): Promise<Pass[]> =>
  readAnswer(await db.rpc('my_passes', { business_id: businessId }, { get: true })) as unknown as Pass[];

export const myMemberships = async (db: Db, businessId: string): Promise<Membership[]> =>
  readAnswer(
    await db.rpc('my_memberships', { business_id: businessId }, { get: true }),
  ) as unknown as Membership[];

export const walletPage = 30;

/** The newest movements, or those before one of them. */
export async function myWallet(db: Db, businessId: string, before: number | null): Promise<Wallet> {
  const asked = { business_id: businessId, page_size: walletPage };
  return readAnswer(
    await db.rpc('my_wallet', before === null ? asked : { ...asked, before_id: before }, { get: true }),
  ) as unknown as Wallet;
}

/** Puts a plan in the cart, once. Refuses 404 plan_not_found, 409 plan_once_each, membership_already and their kin. */
export async function addPlan(
  db: Db,
  businessId: string,
  input: { plan: string; token: string },
): Promise<{ line_id: string } | Refusal> {
  const added = answer(
    await db.rpc('add_plan_to_cart', {
      business_id: businessId,
      plan_slug: input.plan,
      cart_token: input.token,
    }),
  );
  return isRefused(added) ? added : { line_id: added };
}

/** Puts money for the wallet in the cart; another amount replaces it. Refuses 422 amount_invalid. */
export async function addTopUp(
  db: Db,
  businessId: string,
  input: { cents: number; token: string },
): Promise<{ line_id: string } | Refusal> {
  const added = answer(
    await db.rpc('add_top_up_to_cart', {
      business_id: businessId,
      amount_cents: input.cents,
      cart_token: input.token,
    }),
  );
  return isRefused(added) ? added : { line_id: added };
}
