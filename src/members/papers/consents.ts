/** By which ways a member may be reached, and for what. The latest word counts; all of them are kept. */
import { type Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export const channels = ['email', 'sms', 'whatsapp', 'phone'] as const;
export const purposes = ['service', 'marketing'] as const;
export type Channel = (typeof channels)[number];
export type Purpose = (typeof purposes)[number];

export interface Consent {
  channel: Channel;
  purpose: Purpose;
  given: boolean;
  /** When they said so; null for what holds until they say otherwise. */
  at: string | null;
}

/** Every channel for every purpose. */
export const myConsents = async (db: Db, businessId: string): Promise<Consent[]> =>
  readAnswer(await db.rpc('my_consents', { business_id: businessId }, { get: true })) as Consent[];

/** `given`: all they agree to, as `channel:purpose`; what is not named is refused from now on. */
export async function setConsents(
  db: Db,
  businessId: string,
  given: string[],
): Promise<{ changed: number } | Refusal> {
  const changed = answer(await db.rpc('set_consents', { business_id: businessId, given }));
  return isRefused(changed) ? changed : { changed };
}
