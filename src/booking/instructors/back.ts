/**
 * Where people go on after a form of these pages. Some forms stand on two pages: their address says which (`?at=`), so
 * that it is known also when the page was itself the answer to a form.
 */
import type { APIContext } from 'astro';
import { isId } from '#platform/ids.ts';

type At = Pick<APIContext, 'url' | 'params'>;

export const toBoard = '/admin/instructors';
export const toSubstitutions = '/teach/substitutions';
export const toProfile = ({ params }: At): string => `/admin/instructors/${params.id}`;

const at = ({ url }: At): string => url.searchParams.get('at') ?? '';

/** `?at=<instructor's id>`: their profile, else the asker's own hours. */
export const toProfileOrOwn = (context: At): string => {
  const id = at(context);
  return isId(id) ? `/admin/instructors/${id}` : '/teach/hours';
};
/** `?at=board`: the managers' page. */
export const toBoardOrOwn = (context: At): string => (at(context) === 'board' ? toBoard : toSubstitutions);

const calendarPages: Record<string, string> = { teach: '/teach/calendar', house: '/admin/calendars' };
/** `?at=teach` or `house`, else the member's own. */
export const toCalendars = (context: At): string => calendarPages[at(context)] ?? '/account/calendar';
