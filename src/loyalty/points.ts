/** A member's points or stamps: what they have, what it buys, where it came from; and what a cart would earn. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, type RefusalName, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export type Unit = 'points' | 'stamps';

export interface Reward {
  reward_id: string;
  name: LocalisedText;
  points: number;
}

export interface Movement {
  id: number;
  kind:
    | 'earned'
    | 'first_visit'
    | 'birthday'
    | 'referral'
    | 'invited'
    | 'referral_back'
    | 'taken_back'
    | 'restored'
    | 'redeemed'
    | 'released'
    | 'given_back'
    | 'expired';
  points: number;
  /** Below zero: they spent points that then went back with a refund. */
  balance_after: number;
  at: string;
  order_id: string | null;
  reference: string | null;
  reward: LocalisedText | null;
}

/** `api.my_points`. */
export interface MyPoints {
  programme: {
    unit: Unit;
    name: LocalisedText;
    earn_by: 'spend' | 'order';
    earn_points: number;
    earn_cents: number;
    expires_days: number | null;
    first_visit_points: number;
    birthday_points: number;
  } | null;
  balance: number;
  /** Set aside for orders that wait to be paid. */
  held: number;
  earned_in_a_year: number;
  tier: { name: LocalisedText; factor_percent: number } | null;
  next_tier: { name: LocalisedText; from_points: number; factor_percent: number } | null;
  expiring: { points: number; expires_at: string }[];
  rewards: Reward[];
  statement: Movement[];
}

/** In every row of a cart; null where the business has no programme. */
export interface CartPoints {
  unit: Unit;
  name: LocalisedText;
  will_earn: number;
  /** Null for somebody who is not signed in, as are the rewards. */
  balance: number | null;
  reward_id: string | null;
  /** Why the chosen reward takes nothing off now. */
  reward_problem: RefusalName | 'reward_sign_in' | null;
  rewards: Reward[] | null;
}

export const pageSize = 50;

/** `before`: the id of the last movement on the page before; `size`: how many movements are told. */
export async function myPoints(
  db: Db,
  businessId: string,
  { before = null, size = pageSize }: { before?: number | null; size?: number } = {},
): Promise<MyPoints> {
  const asked = { business_id: businessId, page_size: size };
  const found = readAnswer(
    await db.rpc('my_points', before ? { ...asked, before_id: before } : asked, { get: true }),
  );
  return found as unknown as MyPoints;
}

/** Puts a reward into the asker's cart; null takes it out. Refuses 404 reward_not_found, 409 points_too_few, reward_nothing_fits. */
export async function setReward(
  db: Db,
  businessId: string,
  input: { token: string; rewardId: string | null },
): Promise<{ reward_id: string | null } | Refusal> {
  const set = answer(
    await db.rpc('set_cart_reward', {
      business_id: businessId,
      cart_token: input.token,
      ...(input.rewardId ? { reward_id: input.rewardId } : {}),
    }),
  );
  return isRefused(set) ? set : { reward_id: input.rewardId };
}

/** The reward to look forward to: the dearest that can be had now, else the next one. */
export function nextReward({ rewards, balance }: Pick<MyPoints, 'rewards' | 'balance'>): {
  reward: Reward;
  missing: number;
  share: number;
} | null {
  const reward = rewards.find(({ points }) => points > balance) ?? rewards.at(-1);
  if (!reward) return null;
  const missing = Math.max(0, reward.points - balance);
  return { reward, missing, share: Math.min(1, Math.max(0, balance) / reward.points) };
}
