/** A room, a teacher and a kind of class nobody else uses, and what managers do with them through the doors. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { lotus, sql } from '../world.ts';
import type { Buyer } from './buyer.ts';
import type { Reply } from './visitor.ts';

export interface Place {
  room_id: string;
  instructor_id: string;
  class_type_id: string;
  /** What the room, the teacher and the class are called by. */
  tag: string;
}

/** Free of charge and bookable two years ahead, so that a series of it is written over both clock changes. */
export async function aPlace({
  seats = 5,
  price = 0,
  business = lotus,
}: { seats?: number; price?: number; business?: string } = {}): Promise<Place> {
  const tag = randomUUID().slice(0, 12);
  const [made] = await sql<Omit<Place, 'tag'>>(
    `with room as (insert into booking.rooms (business_id, location_id, name, capacity) select $1, id, 'Room ' || $2, $3 from business.locations where business_id = $1 order by address = '{}', id limit 1 returning id),
       teacher as (insert into booking.instructors (business_id, slug, name, published) values ($1, 'p-' || $2, 'Teacher ' || $2, false) returning id),
       kind as (insert into booking.class_types (business_id, slug, name, style, level, duration_minutes, price_cents, capacity, opens_days_before)
         select $1, 'p-' || $2, jsonb_build_object('en', 'Class ' || $2, 'es', 'Clase ' || $2), (select slug from booking.styles where business_id = $1 order by position, slug limit 1), 'all', 60, $4, $3, 730 returning id),
       able as (insert into booking.qualifications (business_id, instructor_id, class_type_id) select $1, teacher.id, kind.id from teacher, kind)
     select room.id as room_id, teacher.id as instructor_id, kind.id as class_type_id from room, teacher, kind`,
    [business, tag, seats, price],
  );
  if (!made) throw new Error('No place was made');
  return { ...made, tag };
}

/** A day of the studio, so many days from now; with `weekday` (1 = Monday) the first such day from then on. */
export function dayAhead(days: number, weekday?: number): string {
  const day = Temporal.Now.plainDateISO('Europe/Madrid').add({ days });
  return day.add({ days: weekday ? (weekday - day.dayOfWeek + 7) % 7 : 0 }).toString();
}
export const weekdayOf = (day: string): number => Temporal.PlainDate.from(day).dayOfWeek;

/** A program puts a class on every week; answers the rule's id. */
export async function aSeries(
  { visitor }: Buyer,
  { tag: _tag, ...place }: Place,
  more: Record<string, unknown> = {},
): Promise<string> {
  const made = await visitor.call(
    '/api/yoga/series',
    { ...place, local_start: '09:00', weekdays: [1], from_on: dayAhead(1), ...more },
    { 'idempotency-key': randomUUID() },
  );
  expect([made.status, made.json?.code]).toEqual([201, undefined]);
  return made.json.data.series_id;
}

/** The classes of a rule, in their order: ids, days and hours of the studio. */
export const sessionsOf = (series: string) =>
  sql<{ id: string; on: string; time: string; state: string }>(
    `select s.id, to_char(s.starts_at at time zone b.time_zone, 'YYYY-MM-DD') as on, to_char(s.starts_at at time zone b.time_zone, 'HH24:MI') as time, s.state
     from booking.sessions s join business.businesses b on b.id = s.business_id
     where s.series_id in (select y.id from booking.series x join booking.series y on y.business_id = x.business_id and (y.pattern_id = x.pattern_id or y.room_id = x.room_id) where x.id = $1)
       and s.starts_at > now() order by s.starts_at`,
    [series],
  );

/** Asks what a change would do, as the page does before it offers to do it. */
export const lookAt = ({ visitor }: Buyer, session: string, change: Record<string, string>): Promise<Reply> =>
  visitor.get(`/api/yoga/sessions/${session}/change?${new URLSearchParams(change)}`, {});

/** Does what was looked at. Without a hash: looks first. */
export async function change(
  who: Buyer,
  session: string,
  what: Record<string, string>,
  hash?: string,
): Promise<Reply> {
  const seen = hash ?? (await lookAt(who, session, what)).json.data.hash;
  return who.visitor.call(
    `/api/yoga/sessions/${session}/change`,
    // A program ticks with true, a form with "yes".
    { ...what, ...(what['every_day'] && { every_day: true }), effect_hash: seen },
    { 'idempotency-key': randomUUID() },
  );
}
