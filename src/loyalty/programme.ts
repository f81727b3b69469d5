/** The programme and its rewards as managers keep them, and what the business owes in points. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import type { Json } from '#platform/database.types.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { Unit } from './points.ts';

export interface Programme {
  id: string;
  unit: Unit;
  name: LocalisedText;
  earn_by: 'spend' | 'order';
  earn_points: number;
  earn_cents: number;
  first_visit_points: number;
  birthday_points: number;
  expires_days: number | null;
  hundred_worth_cents: number;
  /** For bringing somebody; null as 0: nothing. */
  inviter_points: number | null;
  newcomer_points: number | null;
  referral_min_cents: number | null;
  /** Newcomers of a month that count for one inviter; null: all. */
  referral_month_cap: number | null;
  created_at: string;
}

export interface Boost {
  product_id: string | null;
  category_id: string | null;
  weekday: number | null;
  /** 200: twice as many. */
  factor_percent: number;
  name: LocalisedText | null;
}

export interface Tier {
  name: LocalisedText;
  from_points: number;
  factor_percent: number;
}

export interface KeptReward {
  id: string;
  name: LocalisedText;
  kind: 'product' | 'money' | 'class';
  product_id: string | null;
  category_id: string | null;
  amount_cents: number | null;
  price_points: number;
  published: boolean;
  /** The product or category it is. */
  thing: LocalisedText | null;
}

/** `api.kept_loyalty`. */
export interface KeptLoyalty {
  programme: Programme | null;
  currency: string;
  boosts: Boost[];
  tiers: Tier[];
  rewards: KeptReward[];
  /** Points in members' hands by the month they run out in; null: never. */
  liability: { month: string | null; points: number; members: number; worth_cents: number }[];
  held: number;
  owed: number;
}

export async function keptLoyalty(db: Db, businessId: string): Promise<KeptLoyalty | Refusal> {
  const found = answer(await db.rpc('kept_loyalty', { business_id: businessId }, { get: true }));
  return isRefused(found) ? found : (found as unknown as KeptLoyalty);
}

/** A new version; lists left out stay. See api.save_programme for what it refuses. */
export async function saveProgramme(
  db: Db,
  businessId: string,
  input: {
    programme: Record<string, unknown>;
    boosts?: Omit<Boost, 'name'>[] | undefined;
    tiers?: Tier[] | undefined;
  },
): Promise<{ programme_id: string } | Refusal> {
  const saved = answer(
    await db.rpc('save_programme', {
      business_id: businessId,
      programme: input.programme as Json,
      ...(input.boosts ? { boosts: input.boosts as unknown as Json } : {}),
      ...(input.tiers ? { tiers: input.tiers as unknown as Json } : {}),
    }),
  );
  return isRefused(saved) ? saved : { programme_id: saved };
}

/** Makes a reward when `id` is null. */
export async function saveReward(
  db: Db,
  businessId: string,
  input: { id: string | null; facts: Record<string, unknown> },
): Promise<{ reward_id: string } | Refusal> {
  const saved = answer(
    await db.rpc('save_reward', {
      business_id: businessId,
      // The types do not know that it may be null.
      reward_id: input.id as string,
      facts: input.facts as Json,
    }),
  );
  return isRefused(saved) ? saved : { reward_id: saved };
}
