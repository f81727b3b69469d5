/** A business (tenant) as the site needs it, found by the host name a visitor came to. */
import type { Language, LocalisedText } from '#platform/i18n/locale.ts';
import { readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

/** Colours of one theme, as CSS colours. */
export interface Palette {
  background: string;
  surface: string;
  ink: string;
  muted: string;
  accent: string;
  accent_ink: string;
  second?: string;
  positive: string;
  warning: string;
  danger: string;
}

export interface Branding {
  logo: string;
  shape?: string;
  light: Palette;
  dark: Palette;
}

/** Open from `opens` to `closes` (`08:00`, the business's own time) on `day` 1 (Monday) to 7. */
export interface OpeningHours {
  day: number;
  opens: string;
  closes: string;
}

/** A day that is not as every week. */
export interface SpecialDay {
  /** `2026-12-24`, on the wall of the business. */
  on_date: string;
  /** None: closed. */
  hours: { opens: string; closes: string }[];
  /** In the words of the house; may be empty. */
  why: LocalisedText;
}

/** One of the house: `counters` names those it is about; none: all of them. */
export interface HouseDay extends SpecialDay {
  counters: string[];
  /** Whether it is true of all the house: no class is held outside of these hours. */
  house: boolean;
}

export interface PostalAddress {
  line1?: string;
  line2?: string;
  postcode?: string;
  city?: string;
  region?: string;
  country?: string;
  latitude?: number;
  longitude?: number;
}

export interface Business {
  id: string;
  slug: string;
  name: string;
  /** The host name asked for when it is one of this business's, else the one it is known by. */
  host: string;
  currency: string;
  /** IANA name. */
  time_zone: string;
  /** ISO 3166, two letters. */
  country: string;
  /** The first one's addresses carry no language prefix. */
  locales: Language[];
  tagline: LocalisedText;
  about: LocalisedText;
  branding: Branding;
  email: string;
  phone: string;
  address: PostalAddress;
  hours: OpeningHours[];
  /** Of the next two weeks, in their order. */
  special_days: HouseDay[];
  hold_minutes: number;
}

const patience = 3000; // ms; supabase-js would try again for seven seconds

/** The business that answers at `host` (no port), else the default one. Null only when there is no business at all. */
export async function businessForHost(db: Db, host: string): Promise<Business | null> {
  const asked = db.rpc('business_for_host', { at_host: host }, { get: true });
  const rows = readAnswer(await asked.abortSignal(AbortSignal.timeout(patience))) as unknown as Business[];
  return rows[0] ?? null;
}
