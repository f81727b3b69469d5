/** What members sign before their first class, by version. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import { signed } from '#platform/signature.ts';
import type { Db } from '#platform/supabase.ts';

export type WaiverState = 'none_needed' | 'signed' | 'outdated' | 'missing';

export interface Waiver {
  version: number;
  body: LocalisedText;
  published_at: string;
}

/** A person on the account, with how their waiver stands and their latest signature. */
export interface Signature {
  person_id: string;
  name: string;
  is_me: boolean;
  state: WaiverState;
  version: number | null;
  typed_name: string | null;
  signed_at: string | null;
}

export interface WaiverVersion {
  version: number;
  body: LocalisedText;
  written_at: string;
  /** Null for a draft. */
  published_at: string | null;
  signatures: number;
}

export const isOpen = ({ state }: Pick<Signature, 'state'>): boolean =>
  state === 'missing' || state === 'outdated';

/** The version to sign, null where the business has none. */
export async function currentWaiver(db: Db, businessId: string): Promise<Waiver | null> {
  const rows = readAnswer(await db.rpc('waiver', { business_id: businessId }, { get: true }));
  return (rows[0] as Waiver | undefined) ?? null;
}

export const mySignatures = async (db: Db, businessId: string): Promise<Signature[]> =>
  readAnswer(await db.rpc('my_signatures', { business_id: businessId }, { get: true })) as Signature[];

/**
 * The member signs for themselves and for those on their account. Of where it came from only a keyed hash is kept.
 * Refuses 404 `person_not_found`, `waiver_not_found`, 409 `waiver_outdated`, 422 `signature_invalid`, `nobody_to_sign_for`.
 */
export async function signWaiver(
  { db, business, locale, address }: Pick<App.Locals, 'db' | 'business' | 'locale' | 'address'>,
  input: { version: number; typed_name: string; people: string[] },
): Promise<{ signed: number } | Refusal> {
  const made = answer(
    await db.rpc('sign_waiver', {
      ...input,
      business_id: business.id,
      locale,
      address_hash: signed('waiver', address),
    }),
  );
  return isRefused(made) ? made : { signed: made };
}

/** For managers, the draft first. Refuses 403 `not_your_role`. */
export const waiverVersions = async (db: Db, businessId: string): Promise<WaiverVersion[] | Refusal> =>
  answer(await db.rpc('waiver_versions', { business_id: businessId }, { get: true })) as
    WaiverVersion[] | Refusal;

/** The draft of the next version. Refuses 403 `not_your_role`, 422 `waiver_text_missing`. */
export async function saveWaiver(
  db: Db,
  businessId: string,
  body: Record<string, string>,
): Promise<{ version: number } | Refusal> {
  const version = answer(await db.rpc('save_waiver', { business_id: businessId, body }));
  return isRefused(version) ? version : { version };
}

/** From now on everybody signs this version. Refuses 403 `not_your_role`, 409 `no_such_draft`. */
export async function publishWaiver(
  db: Db,
  businessId: string,
  version: number,
): Promise<{ version: number } | Refusal> {
  const published = answer(await db.rpc('publish_waiver', { business_id: businessId, version }));
  return isRefused(published) ? published : { version: published };
}
