/** Secret addresses for calendar programs. */
import { z } from 'zod';
import { makeCalendar, myCalendars, ownerKinds } from '#booking/calendars/feeds.ts';
import { showOnce } from '#booking/calendars/fresh.ts';
import { toCalendars } from '#booking/instructors/back.ts';
import { maybeId } from '#booking/instructors/inputs.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { shownPage, wantsJson } from '#platform/http/answers.ts';
import { languageOf } from '#platform/i18n/locale.ts';
import { isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'Addresses of your own calendars that still answer (not the addresses themselves)',
  who: requireSignIn,
  limit: 'read',
  async act({ db, locals }) {
    const feeds = await myCalendars(db, locals.business.id);
    return new Page(feeds, null, feeds.length);
  },
});

export const POST = endpoint({
  summary: 'A new secret address of a calendar: yours, an instructor’s, a room’s. It is told only now.',
  input: z.object({ owner_kind: z.enum(ownerKinds), owner_id: maybeId }),
  who: requireSignIn,
  limit: 'write',
  status: 201,
  async act({ input, db, context, locals }) {
    const made = await makeCalendar(db, locals.business.id, { ...input, locale: languageOf(locals.locale) });
    if (isRefused(made)) return made;
    if (wantsJson(context.request)) return { ...made, url: `${locals.origin}${made.path}` };
    // The page itself is the answer, so that the address is nowhere but on it.
    showOnce(locals, made);
    return shownPage(context, toCalendars(context), 201);
  },
  form: { refused: toCalendars },
});
