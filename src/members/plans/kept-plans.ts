/** Packs and memberships as managers keep them. Every command is one SQL function that asks for the manager's role. */
import type { Json } from '#platform/database.types.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { FreezeRule, PlanTerms } from './plans.ts';

/** A row of `api.kept_plans`. */
export interface KeptPlan extends PlanTerms {
  plan_id: string;
  tax_rate_bp: number;
  freeze_rule: FreezeRule;
  freeze_notice_days: number;
  change_when: 'auto' | 'at_once' | 'period_end';
  published: boolean;
  position: number;
  /** Ids of what it opens; null: everything. */
  classes: string[] | null;
  /** Who has it now, and who an earlier version. */
  holders: number;
  earlier_holders: number;
}

export interface SavedPlan {
  plan_id: string;
  slug: string;
  /** new_version: somebody has the terms that were changed, and keeps them. */
  result: 'made' | 'edited' | 'new_version';
}

export async function keptPlans(db: Db, businessId: string): Promise<KeptPlan[] | Refusal> {
  const found = answer(await db.rpc('kept_plans', { business_id: businessId }, { get: true }));
  return isRefused(found) ? found : (found as unknown as KeptPlan[]);
}

/** Makes a plan when `id` is null. `facts` are columns; those left out stay. See api.save_plan for what it refuses. */
export async function savePlan(
  db: Db,
  businessId: string,
  input: { id: string | null; facts: Record<string, unknown>; classes: string[] | null },
): Promise<SavedPlan | Refusal> {
  const saved = answer(
    await db.rpc('save_plan', {
      business_id: businessId,
      // The types do not know that these may be null.
      plan_id: input.id as string,
      plan: input.facts as Json,
      classes: input.classes as string[],
    }),
  );
  return isRefused(saved) ? saved : (saved as unknown as SavedPlan);
}

/** Refuses 404 plan_not_found. */
export async function publishPlan(
  db: Db,
  businessId: string,
  input: { id: string; published: boolean },
): Promise<{ published: boolean } | Refusal> {
  const done = answer(
    await db.rpc('publish_plan', {
      business_id: businessId,
      plan_id: input.id,
      published: input.published,
    }),
  );
  return isRefused(done) ? done : { published: input.published };
}
