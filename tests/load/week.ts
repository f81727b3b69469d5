/** A full week: classes beside the seed's, shown on the timetable like any other. */
import type pg from 'pg';
import { lotus } from './measure.ts';

/** Rooms with a class at the same time. */
const rooms = 10;

/** Adds `size` classes of Lotus & Bean, spread over the seven days from now. */
export async function loadWeek(pool: pg.Pool, size: number): Promise<void> {
  await pool.query(
    `with place as (
       insert into booking.rooms (business_id, location_id, name, capacity)
       select $1, (select id from business.locations where business_id = $1 limit 1), 'Week room ' || n, 20 from generate_series(1, $3::int) n returning id, name),
     teacher as (
       insert into booking.instructors (business_id, slug, name) select $1, 'week-' || n, 'Week teacher ' || n from generate_series(1, $3::int) n returning id, slug),
     kind as (select id, price_cents, row_number() over (order by slug) as n, count(*) over () as kinds from booking.class_types where business_id = $1 and published)
     insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
     select $1, kind.id, place.id, teacher.id, at, at + least(interval '1 hour', gap * 0.9), 20, kind.price_cents
     from generate_series(0, $2::int - 1) k
     cross join lateral (select interval '7 days' / ceil($2::numeric / $3)::int as gap) g
     cross join lateral (select now() + gap * (k / $3 + 0.05) as at) t
     join place on place.name = 'Week room ' || (k % $3 + 1)
     join teacher on teacher.slug = 'week-' || (k % $3 + 1)
     join kind on kind.n = k % kind.kinds + 1`,
    [lotus, size, rooms],
  );
}
