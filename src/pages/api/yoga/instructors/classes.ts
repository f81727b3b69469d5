/** What the asker teaches. */
import { z } from 'zod';
import { myClasses } from '#booking/instructors/teaching.ts';
import { day } from '#booking/instructors/inputs.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { spanOf, today } from '#platform/clock.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'Your classes of four weeks from a day on (today when none is given), with how many come',
  input: z.object({ from: day.optional() }),
  who: requireSignIn,
  limit: 'read',
  async act({ input, db, locals: { business } }) {
    const zone = business.time_zone;
    const found = await myClasses(db, business.id, spanOf(input.from ?? today(zone), zone, 28));
    return isRefused(found) ? found : new Page(found, null, found.length);
  },
});
