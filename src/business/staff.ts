/** Who works here, and as what. */
import { type Refusal, answer } from '#platform/refusals.ts';
import type { StaffRole } from '#platform/guards.ts';
import type { Db } from '#platform/supabase.ts';

export interface Colleague {
  staff_id: string;
  user_id: string;
  name: string;
  email: string;
  role: StaffRole;
  /** Instant. */
  since: string;
}

/** For managers; refuses 403 `not_your_role`. Owners first. */
export const staffList = async (db: Db, businessId: string): Promise<Colleague[] | Refusal> =>
  answer(await db.rpc('staff_list', { business_id: businessId }, { get: true })) as Colleague[] | Refusal;

/** Ends a role. Refuses 403 `not_your_role`, 404 `staff_not_found`, 409 `last_owner`. */
export async function endStaff(
  db: Db,
  businessId: string,
  staffId: string,
): Promise<{ ended: string } | Refusal> {
  const result = answer(await db.rpc('end_staff', { business_id: businessId, staff_id: staffId }));
  return (result as Refusal | null) ?? { ended: staffId };
}
