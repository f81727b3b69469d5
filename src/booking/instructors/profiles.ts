/** Profiles of those who teach, for the managers who keep them. What everyone is shown: ../classes.ts and `instructorPage`. */
import type { Level } from '../classes.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { isId } from '#platform/ids.ts';
import { keepFor } from '#platform/kept.ts';
import { Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import { type Db, publicDb } from '#platform/supabase.ts';
import type { ProfileInput, Stretch } from './inputs.ts';
import type { TimeOff } from './time.ts';
import type { ClassNeed, Request, Rules } from './substitutions.ts';

/** A row of `api.instructor_page`. */
export interface InstructorPage {
  slug: string;
  name: string;
  title: LocalisedText;
  bio: LocalisedText;
  picture: string;
  classes: { slug: string; name: LocalisedText; summary: LocalisedText; style: string; level: Level }[];
}

const someSeconds = 10_000;
const kept = keepFor<InstructorPage | null>(someSeconds);
const slugShape = /^[a-z0-9-]{2,60}$/;

/** Somebody who teaches and what they teach, as everybody sees it; null when there is nobody to show. */
export async function instructorPage(
  businessId: string,
  slug: string | undefined,
): Promise<InstructorPage | null> {
  if (!slug || !slugShape.test(slug)) return null;
  return kept.get(`${businessId} ${slug}`, async () => {
    const rows = readAnswer(
      await publicDb().rpc(
        'instructor_page',
        { business_id: businessId, instructor_slug: slug },
        { get: true },
      ),
    );
    return (rows[0] as unknown as InstructorPage | undefined) ?? null;
  });
}

/** What a manager sees of the whole team (`api.instructor_board`). */
export interface Board {
  instructors: {
    instructor_id: string;
    slug: string;
    name: string;
    title: LocalisedText;
    picture: string;
    published: boolean;
    /** Somebody signs in as them. */
    linked: boolean;
    /** It is the asker. */
    mine: boolean;
    class_types: number;
    /** Classes in the coming seven days. */
    classes: number;
    away_until: string | null;
  }[];
  requests: Request[];
  uncovered: ClassNeed[];
  time_off: (Pick<TimeOff, 'time_off_id' | 'starts_at' | 'ends_at' | 'reason' | 'requested_at'> & {
    instructor_id: string;
    name: string;
    classes: TimeOff['classes'];
  })[];
  rules: Rules;
}

export async function instructorBoard(db: Db, businessId: string): Promise<Board | Refusal> {
  const got = answer(await db.rpc('instructor_board', { business_id: businessId }, { get: true }));
  return isRefused(got) ? got : (got as unknown as Board);
}

/** Everything that is set of one instructor (`api.instructor_admin`); of a new one only what there is to choose from. */
export interface InstructorAdmin {
  instructor: {
    instructor_id: string;
    slug: string;
    name: string;
    title: LocalisedText;
    bio: LocalisedText;
    picture: string;
    user_id: string | null;
    published: boolean;
  } | null;
  class_types: { class_type_id: string; name: LocalisedText; qualified: boolean }[];
  colleagues: { instructor_id: string; name: string; preferred: boolean }[];
  /** Who on the staff may be linked. */
  staff: { user_id: string; name: string; email: string }[];
  hours: Stretch[];
  time_off: TimeOff[];
}

/** Refuses 404 instructor_not_found. */
export async function instructorAdmin(
  db: Db,
  businessId: string,
  id: string | null | undefined,
): Promise<InstructorAdmin | Refusal> {
  if (id !== null && !isId(id)) return new Refusal('instructor_not_found', 404);
  const asked = { business_id: businessId, instructor_id: id as string };
  const got = answer(await db.rpc('instructor_admin', asked, id ? { get: true } : {}));
  return isRefused(got) ? got : (got as unknown as InstructorAdmin);
}

/** `Noor Haddad` → `noor-haddad`: an address for who has none yet. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);

/** Refuses 404 instructor_not_found, 409 instructor_slug_taken, user_linked_before, 422 name_invalid, instructor_slug_invalid, user_not_staff. */
export async function saveInstructor(
  db: Db,
  businessId: string,
  id: string | null,
  input: ProfileInput,
): Promise<{ instructor_id: string } | Refusal> {
  if (id !== null && !isId(id)) return new Refusal('instructor_not_found', 404);
  const localisedText = (en: string, es: string) => ({ ...(en && { en }), ...(es && { es }) });
  const saved = answer(
    await db.rpc('save_instructor', {
      business_id: businessId,
      instructor_id: id as string,
      name: input.name,
      slug: input.slug || slugOf(input.name),
      title: localisedText(input.title_en, input.title_es),
      bio: localisedText(input.bio_en, input.bio_es),
      picture: input.picture,
      user_id: input.user_id as string,
      published: input.published,
    }),
  );
  kept.forget();
  return isRefused(saved) ? saved : { instructor_id: saved };
}

/** Exactly these class types may be taught. Refuses 404 instructor_not_found, 422 class_type_unknown. */
export async function setQualifications(
  db: Db,
  businessId: string,
  id: string,
  classTypes: string[],
): Promise<{ instructor_id: string } | Refusal> {
  if (!isId(id)) return new Refusal('instructor_not_found', 404);
  const asked = { business_id: businessId, instructor_id: id, class_type_ids: classTypes };
  const refused = answer(await db.rpc('set_qualifications', asked));
  kept.forget();
  return isRefused(refused) ? refused : { instructor_id: id };
}

/** Exactly these colleagues are asked first. Refuses 404 instructor_not_found, 422 instructor_unknown. */
export async function setPreferred(
  db: Db,
  businessId: string,
  id: string,
  substitutes: string[],
): Promise<{ instructor_id: string } | Refusal> {
  if (!isId(id)) return new Refusal('instructor_not_found', 404);
  const asked = { business_id: businessId, instructor_id: id, substitute_ids: substitutes };
  const refused = answer(await db.rpc('set_preferred_substitutes', asked));
  return isRefused(refused) ? refused : { instructor_id: id };
}
