import { houseCalendars } from '#booking/calendars/feeds.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'Rooms and teachers with the addresses of their calendars that still answer',
  who: requireStaff('manager'),
  limit: 'read',
  async act({ db, locals }) {
    const owners = await houseCalendars(db, locals.business.id);
    return isRefused(owners) ? owners : new Page(owners, null, owners.length);
  },
});
