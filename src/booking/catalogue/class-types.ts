/** What the studio teaches, as managers keep it. Every command is one SQL function that asks for the manager's role. */
import { type Level, forgetClasses } from '../classes.ts';
import { forgetTimetable } from '../timetable/timetable.ts';
import type { waitlistModes } from './inputs.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Json } from '#platform/database.types.ts';
import type { Db } from '#platform/supabase.ts';

/** A row of booking.class_types; `upcoming` and `booked` count what is to come. */
export interface ClassType {
  id: string;
  slug: string;
  name: LocalisedText;
  summary: LocalisedText;
  description: LocalisedText;
  bring: LocalisedText;
  style: string;
  level: Level;
  /** A drawing; empty: the one of its style. */
  picture: string;
  /** A picture of the studio's own, shown instead, and what it shows. */
  picture_hash: string | null;
  picture_alt: LocalisedText;
  duration_minutes: number;
  price_cents: number;
  tax_rate_bp: number;
  capacity: number;
  credits: number;
  free_cancel_hours: number;
  late_refund_percent: number;
  opens_days_before: number;
  closes_minutes_before: number;
  late_fee_cents: number;
  no_show_fee_cents: number;
  /** How many credits settle such a fee instead; 0: money only. */
  fee_credits: number;
  refund_if_refilled: boolean;
  max_guests: number;
  waitlist_mode: (typeof waitlistModes)[number];
  waitlist_offer_minutes: number;
  waitlist_cutoff_minutes: number;
  release_minutes_before: number | null;
  published: boolean;
  upcoming: number;
  booked: number;
}

export interface Style {
  slug: string;
  name: LocalisedText;
  summary: LocalisedText;
  position: number;
  /** How many classes have it. */
  classes: number;
}

export interface Catalogue {
  styles: Style[];
  classes: ClassType[];
}

export async function catalogue(db: Db, businessId: string): Promise<Catalogue | Refusal> {
  const got = answer(await db.rpc('admin_classes', { business_id: businessId }, { get: true }));
  return isRefused(got) ? got : (got as unknown as Catalogue);
}

/** Everybody on this server sees the change at once, others within seconds. */
function done<T>(result: T): T {
  forgetClasses();
  forgetTimetable();
  return result;
}

/** Makes a class when `id` is null. `facts` are columns; those left out stay. See api.save_class_type for what it refuses. */
export async function saveClassType(
  db: Db,
  businessId: string,
  input: { id: string | null; facts: Record<string, unknown>; alsoUpcoming?: boolean },
): Promise<{ class_type_id: string; slug: string } | Refusal> {
  const saved = answer(
    await db.rpc('save_class_type', {
      business_id: businessId,
      // The types do not know that this argument may be null.
      class_type_id: input.id as string,
      facts: input.facts as Json,
      also_upcoming: input.alsoUpcoming ?? false,
    }),
  );
  return done(saved as { class_type_id: string; slug: string } | Refusal);
}

/** Shows a class to visitors or hides it. Refuses 404 class_not_found. */
export async function publishClassType(
  db: Db,
  businessId: string,
  input: { id: string; published: boolean },
): Promise<{ slug: string; published: boolean } | Refusal> {
  const published = answer(
    await db.rpc('publish_class_type', {
      business_id: businessId,
      class_type_id: input.id,
      published: input.published,
    }),
  );
  return done(published as { slug: string; published: boolean } | Refusal);
}

export async function saveStyle(
  db: Db,
  businessId: string,
  style: { slug: string; name: LocalisedText; summary: LocalisedText; position: number },
): Promise<{ slug: string } | Refusal> {
  const slug = answer(
    await db.rpc('save_style', {
      business_id: businessId,
      slug: style.slug,
      name: style.name as Json,
      summary: style.summary as Json,
      position: style.position,
    }),
  );
  return done(isRefused(slug) ? slug : { slug });
}

/** Refuses 404 style_not_found, 409 style_in_use. */
export async function deleteStyle(
  db: Db,
  businessId: string,
  slug: string,
): Promise<{ slug: string } | Refusal> {
  const gone = answer(await db.rpc('delete_style', { business_id: businessId, slug }));
  return done(isRefused(gone) ? gone : { slug });
}
