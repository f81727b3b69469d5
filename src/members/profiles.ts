/** What a member tells a business about themselves. */
import type { Language } from '#platform/i18n/locale.ts';
import { type Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export interface Profile {
  member_id: string;
  name: string;
  email: string;
  phone: string;
  locale: Language;
  created_at: string;
  /** Calendar day. */
  birthday: string | null;
  pronouns: string;
  emergency_name: string;
  emergency_phone: string;
  emergency_relation: string;
  /** Kept only while they consent. */
  health_note: string | null;
  health_consented_at: string | null;
}

/** Null for somebody who is no member of this business yet. */
export async function myProfile(db: Db, businessId: string): Promise<Profile | null> {
  const rows = readAnswer(
    await db.rpc('my_profile', { business_id: businessId }, { get: true }),
  ) as Profile[];
  return rows[0] ?? null;
}

/**
 * Birthday and pronouns: left out they stay, empty they are forgotten. Refuses 422 `name_invalid`, `phone_invalid`,
 * `locale_invalid`, `birthday_invalid`, `pronouns_invalid`.
 */
export async function updateProfile(
  db: Db,
  businessId: string,
  input: {
    name: string;
    phone: string;
    locale: Language;
    birthday?: string | undefined;
    pronouns?: string | undefined;
  },
): Promise<{ member_id: string } | Refusal> {
  const { name, birthday, pronouns, ...rest } = input;
  const told = {
    ...rest,
    business_id: businessId,
    full_name: name,
    ...(birthday === undefined ? {} : { birthday }),
    ...(pronouns === undefined ? {} : { pronouns }),
  };
  const id = answer(await db.rpc('update_profile', told));
  return isRefused(id) ? id : { member_id: id };
}

/** All empty: nobody. Refuses 422 `contact_incomplete`, `name_invalid`, `phone_invalid`. */
export async function setEmergencyContact(
  db: Db,
  businessId: string,
  contact: { contact_name: string; contact_phone: string; relation: string },
): Promise<{ member_id: string } | Refusal> {
  const id = answer(await db.rpc('set_emergency_contact', { business_id: businessId, ...contact }));
  return isRefused(id) ? id : { member_id: id };
}

/**
 * What teachers should know, of the member or of somebody on their account; an empty note withdraws the consent and
 * nothing of it is kept. Refuses 404 `person_not_found`, 422 `health_consent_needed`, `health_note_too_long`.
 */
export async function setHealthNote(
  db: Db,
  businessId: string,
  { note, consent, person_id }: { note: string; consent: boolean; person_id?: string | undefined },
): Promise<{ kept: boolean } | Refusal> {
  const told = { business_id: businessId, note, consent, ...(person_id ? { person_id } : {}) };
  const kept = answer(await db.rpc('set_health_note', told));
  return isRefused(kept) ? kept : { kept };
}

/**
 * For the person or their guardian, the front desk and the teachers of their classes; null when nothing was told.
 * Refuses 404 `person_not_found`.
 */
export async function healthNote(
  db: Db,
  businessId: string,
  personId: string,
): Promise<{ note: string; consented_at: string } | null | Refusal> {
  const rows = answer(
    await db.rpc('health_note', { business_id: businessId, person_id: personId }, { get: true }),
  );
  return isRefused(rows) ? rows : (rows[0] ?? null);
}
