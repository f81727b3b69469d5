/** What is taught and by whom. Everybody is shown the same, so the answers are kept for a few seconds. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { readAnswer } from '#platform/refusals.ts';
import { publicDb } from '#platform/supabase.ts';
import { keepFor } from '#platform/kept.ts';

export const levels = ['beginner', 'intermediate', 'advanced', 'all'] as const;
export type Level = (typeof levels)[number];

/** A row of `api.class_list`. */
export interface ClassType {
  slug: string;
  name: LocalisedText;
  summary: LocalisedText;
  description: LocalisedText;
  bring: LocalisedText;
  /** `own/<hash>` or `style/<drawing>`. */
  picture: string;
  /** What a picture of the studio's own shows. */
  picture_alt: LocalisedText;
  style: string;
  style_name: LocalisedText;
  style_summary: LocalisedText;
  level: Level;
  duration_minutes: number;
  price_cents: number;
  currency: string;
  /** What a seat costs somebody who pays with a pass. */
  credits: number;
  capacity: number;
  free_cancel_hours: number;
  late_refund_percent: number;
  late_fee_cents: number;
  no_show_fee_cents: number;
  /** How many credits settle such a fee instead; 0: money only. */
  fee_credits: number;
  refund_if_refilled: boolean;
  waitlist_mode: string;
}

/** A row of `api.instructor_list`. `picture` names a drawing, empty when there is none. */
export interface Instructor {
  slug: string;
  name: string;
  title: LocalisedText;
  bio: LocalisedText;
  picture: string;
}

const someSeconds = 10_000;
const classes = keepFor<ClassType[]>(someSeconds);
const instructors = keepFor<Instructor[]>(someSeconds);

/** After a class was changed here, so that the one who did it sees it at once. */
export const forgetClasses = (): void => classes.forget();

/** Published classes, by style. */
export const classList = (businessId: string): Promise<ClassType[]> =>
  classes.get(businessId, async () => {
    const rows = readAnswer(await publicDb().rpc('class_list', { business_id: businessId }, { get: true }));
    return rows as unknown as ClassType[];
  });

export const classBySlug = async (businessId: string, slug: string | undefined): Promise<ClassType | null> =>
  (await classList(businessId)).find((type) => type.slug === slug) ?? null;

export const instructorList = (businessId: string): Promise<Instructor[]> =>
  instructors.get(businessId, async () => {
    const rows = readAnswer(
      await publicDb().rpc('instructor_list', { business_id: businessId }, { get: true }),
    );
    return rows as unknown as Instructor[];
  });

/** The styles of a list of classes, each once, in its order. */
export function stylesOf(types: ClassType[]): { slug: string; name: LocalisedText }[] {
  const found = new Map(types.map((type) => [type.style, { slug: type.style, name: type.style_name }]));
  return [...found.values()];
}
