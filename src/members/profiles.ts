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
}

/** Null for somebody who is no member of this business yet. */
export async function myProfile(db: Db, businessId: string): Promise<Profile | null> {
  const rows = readAnswer(
    await db.rpc('my_profile', { business_id: businessId }, { get: true }),
  ) as Profile[];
  return rows[0] ?? null;
}

/** Refuses 422 `name_invalid`, `phone_invalid`, `locale_invalid`. */
export async function updateProfile(
  db: Db,
  businessId: string,
  input: { name: string; phone: string; locale: Language },
): Promise<{ member_id: string } | Refusal> {
  const { name, phone, locale } = input;
  const id = answer(
    await db.rpc('update_profile', { business_id: businessId, full_name: name, phone, locale }),
  );
  return isRefused(id) ? id : { member_id: id };
}
