/** By which the front desk finds a member. It opens nothing. */
import { readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export const codeOf = async (db: Db, businessId: string): Promise<string> =>
  readAnswer(await db.rpc('my_desk_code', { business_id: businessId }));

/** In two halves, as it is said. */
export const spokenCode = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`;
