-- Booking opens so many days of the calendar before a class, at the class's own time of day, whatever the clocks did in between. Studios of this test's own.
begin;
select plan(18);

-- Where the clocks change: the same time of day, not the same number of hours.
select is(booking.opens_at('2027-03-30 09:00 Europe/Madrid', 7, 'Europe/Madrid'), '2027-03-23 08:00+00', 'a class at nine opens at nine when spring comes in between, seven days less an hour before');
select is(booking.opens_at('2026-10-27 09:00 Europe/Madrid', 7, 'Europe/Madrid'), '2026-10-20 07:00+00', 'and when autumn does, seven days and an hour before');
select is(booking.opens_at('2027-04-04 02:30 Europe/Madrid', 7, 'Europe/Madrid'), '2027-03-28 03:30 Europe/Madrid', 'at a time that the clocks leave out, when they have gone on');
select is(booking.opens_at('2027-03-30 09:00 America/Argentina/Buenos_Aires', 7, 'America/Argentina/Buenos_Aires'), '2027-03-23 09:00 America/Argentina/Buenos_Aires', 'where they never change, nothing does');
set local timezone to 'America/New_York';
select is(booking.opens_at('2027-03-30 09:00 Europe/Madrid', 7, 'Europe/Madrid'), '2027-03-23 08:00+00', 'and whoever asks from elsewhere is told the same');
set local timezone to 'UTC';

insert into auth.users (id, email, raw_user_meta_data) values ('39999999-0000-4000-8000-000000000181', 'early@opens.test', '{"full_name": "Early"}');
select set_config('request.jwt.claims', '{"sub": "39999999-0000-4000-8000-000000000181", "role": "authenticated"}', true);
create function pg_temp.studio(slug text, zone text) returns uuid language plpgsql as $$
declare made uuid;
begin
  insert into business.businesses (slug, name, currency, time_zone, country, locales, email) values (slug, 'Test', 'EUR', zone, 'ES', '{en}', 'x@example.test') returning id into made;
  insert into business.locations (business_id, name) values (made, 'Here');
  insert into booking.styles (business_id, slug, name) values (made, 'calm', '{"en": "Calm"}');
  perform api.become_member(made);
  return made;
end $$;
-- Each class in a room and with a teacher of its own. at: the time on the wall.
create function pg_temp.class(studio uuid, tag text, at timestamp, days int) returns uuid language sql as $$
  with room as (insert into booking.rooms (business_id, location_id, name, capacity) select studio, id, 'Room ' || tag, 20 from business.locations where business_id = studio returning id),
    teacher as (insert into booking.instructors (business_id, slug, name) values (studio, 'o-' || tag, 'Teacher') returning id),
    kind as (insert into booking.class_types (business_id, slug, name, style, level, duration_minutes, price_cents, capacity, opens_days_before) values (studio, 'o-' || tag, '{"en": "Class"}', 'calm', 'all', 60, 0, 5, days) returning id)
  insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select studio, kind.id, room.id, teacher.id, at at time zone b.time_zone, at at time zone b.time_zone + interval '1 hour', 5, 0 from room, teacher, kind, business.businesses b where b.id = studio returning id;
$$;
-- The days on which a zone's clocks change, from the given one on: a day's noon is not a whole day after the one before.
create function pg_temp.changes(zone text, from_on date) returns table (on_day timestamp, gap interval) language sql as $$
  select d, (d + interval '12 hours') at time zone zone - (d - interval '12 hours') at time zone zone from generate_series(from_on::timestamp, from_on + interval '400 days', interval '1 day') d
  where (d + interval '12 hours') at time zone zone - (d - interval '12 hours') at time zone zone <> interval '1 day';
$$;
-- What each of the doors says when it refuses, on the studio's wall.
create function pg_temp.said_by(door text, studio uuid, session uuid) returns text language plpgsql as $$
declare said text;
begin
  case door
    when 'book' then perform api.book_session(studio, session, gen_random_uuid()::text);
    when 'cart' then perform api.add_seat_to_cart(studio, session, repeat('opening-', 5));
    when 'line' then perform api.join_waitlist(studio, session, gen_random_uuid()::text);
  end case;
  return 'open';
exception when sqlstate 'PT409' then
  get stacked diagnostics said = pg_exception_detail;
  return case when sqlerrm <> 'booking_not_open' then sqlerrm else to_char((said::jsonb ->> 'opens_at')::timestamptz at time zone (select time_zone from business.businesses where id = studio), 'YYYY-MM-DD HH24:MI') end;
end $$;
create function pg_temp.everybody_says(studio uuid, session uuid) returns text[] language sql as $$
  select array[(select to_char(x.opens_at at time zone b.time_zone, 'YYYY-MM-DD HH24:MI') from booking.sessions s, api.timetable(studio, s.starts_at, s.ends_at) x where s.id = session and x.session_id = session),
    (select to_char(x.opens_at at time zone b.time_zone, 'YYYY-MM-DD HH24:MI') from api.session_page(studio, session) x),
    pg_temp.said_by('book', studio, session), pg_temp.said_by('cart', studio, session), pg_temp.said_by('line', studio, session)]
  from business.businesses b where b.id = studio;
$$;

-- A week before a class that comes after each of the next two changes: the pages and the doors say one thing.
create temporary table madrid as select pg_temp.studio('test-opening', 'Europe/Madrid') as id;
create temporary table ahead as select distinct on (c.gap) c.gap, c.on_day + interval '3 days 9 hours' as at from pg_temp.changes('Europe/Madrid', current_date + 40) c order by c.gap, c.on_day;
select set_eq($$ select gap from ahead $$, array['23 hours'::interval, '25 hours'], 'one day has lost an hour and one has won it');
select is(pg_temp.everybody_says(m.id, pg_temp.class(m.id, case when a.gap < interval '1 day' then 'spring' else 'autumn' end, a.at, 7)), array_fill(to_char(a.at - interval '7 days', 'YYYY-MM-DD "09:00"'), array[5]), 'timetable, page, booking, cart and waitlist say nine o''clock a week before, over a day of ' || a.gap)
from ahead a, madrid m order by a.gap;
select is(pg_temp.everybody_says(m.id, pg_temp.class(m.id, 'plain', a.at + interval '30 days', 7)), array_fill(to_char(a.at + interval '23 days', 'YYYY-MM-DD "09:00"'), array[5]), 'and so they do where no clock changes') from ahead a, madrid m order by a.gap limit 1;

-- At the minute itself, across the next change there is. Not in the hour that the clocks show twice: then elsewhere.
create temporary table here as select pg_temp.studio('test-opening-now', z.zone) as id, z.zone, now() at time zone z.zone as wall, x.on_day::date + 3 - (now() at time zone z.zone)::date as days
from (select zone from unnest(array['Europe/Madrid', 'America/New_York']) zone where (now() at time zone zone) at time zone zone = now() limit 1) z, lateral (select c.on_day from pg_temp.changes(z.zone, (now() at time zone z.zone)::date + 1) c order by 1 limit 1) x;
create temporary table two as select pg_temp.class(h.id, 'soon', h.wall + make_interval(days => h.days, mins => 1), h.days) as soon, pg_temp.class(h.id, 'just', h.wall + make_interval(days => h.days, mins => -1), h.days) as just from here h;
create function pg_temp.shown(session uuid) returns boolean language sql as $$ select x.opens_at <= now() from booking.sessions s join here h on h.id = s.business_id, api.timetable(h.id, s.starts_at, s.ends_at) x where s.id = session and x.session_id = session $$;
create function pg_temp.shown_alone(session uuid) returns boolean language sql as $$ select x.opens_at <= now() from here h, api.session_page(h.id, session) x $$;
select is((select pg_temp.shown(soon) from two), false, 'a minute too early the timetable does not offer it');
select is((select pg_temp.shown_alone(soon) from two), false, 'nor does its page');
select throws_ok($$ select api.book_session((select id from here), (select soon from two), gen_random_uuid()::text) $$, 'PT409', 'booking_not_open', 'and it is not booked');
select throws_ok($$ select api.add_seat_to_cart((select id from here), (select soon from two), repeat('opening-', 5)) $$, 'PT409', 'booking_not_open', 'nor put into a cart');
select is((select pg_temp.shown(just) from two), true, 'a minute after it has opened the timetable offers it');
select is((select pg_temp.shown_alone(just) from two), true, 'its page too');
select is(pg_temp.said_by('line', (select id from here), (select just from two)), 'seats_free', 'there is nothing to wait for');
select lives_ok($$ select api.add_seat_to_cart((select id from here), (select just from two), repeat('opening-', 5)) $$, 'it can be put into a cart');
select is(api.book_session((select id from here), (select just from two), gen_random_uuid()::text) ->> 'state', 'paid', 'and booked');

select * from finish();
rollback;
