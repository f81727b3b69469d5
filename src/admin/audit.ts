/** The trail of what people with power did. One SQL function that asks for the owner's role itself. */
import type { Json } from '#platform/database.types.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export interface Trail {
  /** Newest first. `by` is null when nobody did it but a job. */
  events: { id: number; at: string; by: string | null; act: string; about: string; detail: Json }[];
  /** Lines that are not what they were when they were written; empty when all is well. */
  findings: { event_id: number; problem: 'row_changed' | 'chain_broken' }[];
  /** Up to where it was last found whole; null before the first check. */
  checked: { at: string; lines: number } | null;
  /** When all of it was read last, and how many lines did not fit. */
  whole: { at: string; lines: number; findings: number } | null;
  acts: string[];
}

/** Has all of it read again, by a job. Refuses 403 not_your_role. */
export async function readTrailAgain(db: Db, businessId: string): Promise<{ queued: true } | Refusal> {
  const asked = answer(await db.rpc('check_trail', { business_id: businessId }));
  return isRefused(asked) ? asked : { queued: true };
}

export const trailPage = 50;

/** Refuses 403 not_your_role. `before`: only what is older than that line. */
export async function auditTrail(
  db: Db,
  businessId: string,
  { before, act }: { before: number | null; act: string | null },
): Promise<Trail | Refusal> {
  const asked = {
    business_id: businessId,
    page_size: trailPage,
    ...(before === null ? {} : { before_id: before }),
    ...(act === null ? {} : { only_act: act }),
  };
  const got = answer(await db.rpc('audit_trail', asked, { get: true }));
  return isRefused(got) ? got : (got as unknown as Trail);
}
