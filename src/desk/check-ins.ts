/** Who has come, and who has not. */
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { Act } from './standing.ts';

/** What became of a tap. */
export interface Outcome {
  id: string;
  booking_id: string;
  /** `applied`, `known` (it was here already), or the name of what stood in its way. */
  outcome: string;
  /** Of the booking, afterwards. */
  state: string | null;
}

interface Sent {
  id: string;
  booking_id: string;
  action: Act;
  at?: string | undefined;
}

/** Refuses 403 not_your_role, 422 check_ins_invalid; what stands in the way of one tap is its outcome. */
export async function syncCheckIns(
  db: Db,
  businessId: string,
  { actions, device }: { actions: Sent[]; device: string },
): Promise<Outcome[] | Refusal> {
  const sent = actions.map(({ id, booking_id, action, at }) => ({ id, booking_id, action, at: at ?? null }));
  const got = answer(await db.rpc('sync_check_ins', { business_id: businessId, actions: sent, device }));
  return isRefused(got) ? got : (got as unknown as Outcome[]);
}

/** Everybody who is not checked in. Refuses 404 session_not_found, 409 absent_too_early, check_in_too_late. */
export const markAbsent = async (db: Db, businessId: string, sessionId: string): Promise<number | Refusal> =>
  answer(await db.rpc('mark_absent', { business_id: businessId, session_id: sessionId }));
