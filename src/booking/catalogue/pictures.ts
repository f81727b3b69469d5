/** Putting up and taking down a picture of the studio's own for a class. */
import { type Refusal, answer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { SentPicture } from '#site/own-picture/files.ts';
import { forgetClasses } from '../classes.ts';
import { forgetTimetable } from '../timetable/timetable.ts';

const done = <T>(result: T): T => {
  forgetClasses();
  forgetTimetable();
  return result;
};

/** Without a file: the one it has, with other words. Refuses 404 class_not_found, 413 picture_too_big, 422 picture_unreadable, picture_alt_needed. */
export const setClassPicture = async (
  db: Db,
  business_id: string,
  class_type_id: string,
  picture: SentPicture,
): Promise<{ slug: string; picture: string } | Refusal> =>
  done(
    answer(await db.rpc('set_class_picture', { business_id, class_type_id, ...picture })) as
      { slug: string; picture: string } | Refusal,
  );

/** Refuses 404 class_not_found. */
export const dropClassPicture = async (
  db: Db,
  business_id: string,
  class_type_id: string,
): Promise<{ slug: string } | Refusal> =>
  done(
    answer(await db.rpc('drop_class_picture', { business_id, class_type_id })) as { slug: string } | Refusal,
  );
