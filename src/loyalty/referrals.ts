/** Bringing somebody: a member's personal link, what it promises, and who brought whom. The points follow in SQL. */
import type { APIContext } from 'astro';
import { cookieOptions } from '#platform/http/cookies.ts';
import { type Refusal, type RefusalName, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { Unit } from './points.ts';

/** What both have of it. */
export interface ReferralTerms {
  unit: Unit;
  inviter_points: number;
  newcomer_points: number;
  /** What the newcomer's first order comes to at least, without tax. */
  min_cents: number;
  /** Of how many newcomers a month an inviter has something; null: of all. */
  month_cap: number | null;
}

/** `api.my_invitation`. */
export interface MyInvitation extends ReferralTerms {
  code: string;
  came: number;
  bought: number;
}

/** `api.invitation_code`: as a visitor sees it. */
export interface Invited extends ReferralTerms {
  inviter: string;
  /** Why it is not for the asker. */
  problem: Extract<RefusalName, 'referral_own' | 'referral_known'> | null;
}

/** `api.kept_referrals`. */
export interface KeptReferrals {
  came: number;
  bought: number;
  stand: number;
  inviters: number;
  referrals: {
    referral_id: string;
    inviter_id: string;
    inviter: string;
    newcomer_id: string;
    newcomer: string;
    brought_at: string;
    paid_at: string | null;
    order_id: string | null;
    reference: string | null;
    /** Enough of the first order is still paid. */
    stands: boolean;
    inviter_points: number | null;
    newcomer_points: number | null;
  }[];
}

export const invitedPath = (code: string): string => `/invited/${code}`;
export const codeShape = /^[0-9A-HJKMNP-TV-Z]{8}$/i;

/** Null where the programme gives nothing for it. Makes the code at the first asking. */
export const myInvitation = async (db: Db, businessId: string): Promise<MyInvitation | null> =>
  readAnswer(await db.rpc('my_invitation', { business_id: businessId })) as unknown as MyInvitation | null;

/** Null: there is no such link. */
export const invitedBy = async (db: Db, businessId: string, code: string): Promise<Invited | null> =>
  readAnswer(
    await db.rpc('invitation_code', { business_id: businessId, code }, { get: true }),
  ) as unknown as Invited | null;

/** The asker was brought by the owner of `code`. Refuses 404 referral_not_found, 409 referral_own, referral_known. */
export async function acceptInvitation(
  db: Db,
  businessId: string,
  code: string,
): Promise<{ brought: boolean } | Refusal> {
  const done = answer(await db.rpc('accept_invitation_code', { business_id: businessId, code }));
  return isRefused(done) ? done : { brought: done };
}

export const keptReferrals = async (db: Db, businessId: string): Promise<KeptReferrals | Refusal> => {
  const found = answer(await db.rpc('kept_referrals', { business_id: businessId }, { get: true }));
  return isRefused(found) ? found : (found as unknown as KeptReferrals);
};

const INVITED = 'invited_by';
const thirtyDays = 30 * 24 * 3600; // seconds
type Cookies = APIContext['cookies'];

export const rememberInvitation = (cookies: Cookies, code: string): void =>
  cookies.set(INVITED, code.toUpperCase(), cookieOptions(thirtyDays));

export const forgetInvitation = (cookies: Cookies): void => cookies.delete(INVITED, { path: '/' });

/** The code by which this browser came, until it has become somebody's. */
export const rememberedInvitation = (cookies: Cookies): string | null => codeIn(cookies.get(INVITED)?.value);

/** A code, if this is one. */
export const codeIn = (said: unknown): string | null =>
  typeof said === 'string' && codeShape.test(said) ? said : null;
