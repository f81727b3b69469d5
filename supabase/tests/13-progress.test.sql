-- Progress: what counts as having come, what it adds up to, goals and the word on Thursday, who stays away.
begin;
select plan(51);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', coalesce((select jsonb_build_object('sub', u.id, 'role', 'authenticated')::text from auth.users u where u.email = who), ''), true);
$$;
-- A house of this test's own, in a zone whose clocks go back on 25 October 2026, with one class a day it asks for.
create function pg_temp.here() returns uuid language sql immutable as $$ select '19999999-0000-4000-8000-000000000013'::uuid $$;
insert into business.businesses (id, slug, name, currency, time_zone, country, locales, email) values (pg_temp.here(), 'test-progress', 'Test', 'EUR', 'Europe/Madrid', 'ES', '{en}', 'x@example.test');
insert into business.staff (business_id, user_id, role) select pg_temp.here(), id, 'manager' from auth.users where email = 'manager@lotus.test';
insert into business.locations (id, business_id, name) values ('19999999-0000-4000-8000-000000000113', pg_temp.here(), 'There');
insert into booking.rooms (id, business_id, location_id, name, capacity) values ('19999999-0000-4000-8000-000000000213', pg_temp.here(), '19999999-0000-4000-8000-000000000113', 'Room', 20);
insert into booking.instructors (id, business_id, slug, name) values ('19999999-0000-4000-8000-000000000313', pg_temp.here(), 'somebody', 'Somebody');
insert into booking.styles (business_id, slug, name) values (pg_temp.here(), 'slow', '{"en": "Slow"}'), (pg_temp.here(), 'fast', '{"en": "Fast"}');
insert into booking.class_types (business_id, slug, name, style, level, duration_minutes, price_cents, capacity) select pg_temp.here(), s, jsonb_build_object('en', s), s, 'all', 60, 0, 20 from unnest(array['slow', 'fast']) s;
create function pg_temp.person(who text) returns uuid language plpgsql as $$
begin
  perform pg_temp.become(who);
  return members.require_me(pg_temp.here());
end $$;
create temporary table p as select pg_temp.person('ada@example.test') as ada, pg_temp.person('bruno@example.test') as bruno;

-- A place in a class of so many minutes that begins then, by the studio's clock.
create function pg_temp.booked(person uuid, local_start timestamp, style text default 'slow', minutes int default 60, state text default 'confirmed') returns uuid language plpgsql as $$
declare
  session uuid;
  made uuid;
  at timestamptz := local_start at time zone 'Europe/Madrid';
begin
  select s.id into session from booking.sessions s where s.business_id = pg_temp.here() and s.starts_at = at;
  if session is null then
    insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
    select pg_temp.here(), t.id, '19999999-0000-4000-8000-000000000213', '19999999-0000-4000-8000-000000000313', at, at + make_interval(mins => booked.minutes), 20, 0 from booking.class_types t where t.business_id = pg_temp.here() and t.slug = booked.style returning id into session;
  end if;
  update booking.sessions s set seats_taken = s.seats_taken + 1 where s.id = session;
  insert into booking.bookings as b (business_id, session_id, member_id, state, starts_at, free_cancel_until, late_refund_percent)
  values (pg_temp.here(), session, person, booked.state, at, at, 0) returning b.id into made;
  return made;
end $$;
create function pg_temp.came(person uuid, local_start timestamp, style text default 'slow', minutes int default 60) returns uuid language plpgsql as $$
declare made uuid := pg_temp.booked(person, local_start, style, minutes);
begin
  update booking.bookings set state = 'checked_in' where id = made;
  return made;
end $$;
create function pg_temp.summary(person uuid) returns text language sql as $$
  select v.visits || ' visits, ' || v.minutes || ' minutes, ' || v.week_streak || ' weeks, best ' || v.best_week_streak || ', last ' || to_char(v.last_visit_at at time zone 'Europe/Madrid', 'DD.MM.') from members.visit_summary v where v.member_id = person
$$;
create function pg_temp.said(person uuid, kind text) returns bigint language sql as $$ select count(*) from messages.emails e where e.business_id = pg_temp.here() and e.member_id = person and e.template = kind $$;

-- What counts -----------------------------------------------------------------------------------------------------------
select is(pg_temp.summary((select ada from p)), null, 'who has never come has no visits');
select pg_temp.booked((select ada from p), '2025-03-03 09:00');
select is(pg_temp.summary((select ada from p)), null, 'a place in a class is no visit');
select pg_temp.came((select ada from p), '2025-03-05 09:00');
select is(pg_temp.summary((select ada from p)), '1 visits, 60 minutes, 1 weeks, best 1, last 05.03.', 'being checked in is');
create temporary table twice as select pg_temp.came((select ada from p), '2025-03-07 09:00', 'fast', 45) as id;
select is(pg_temp.summary((select ada from p)), '2 visits, 105 minutes, 1 weeks, best 1, last 07.03.', 'two in a week are one week');
update booking.bookings set state = 'confirmed' where id = (select id from twice);
select is(pg_temp.summary((select ada from p)), '1 visits, 60 minutes, 1 weeks, best 1, last 05.03.', 'who was checked in by mistake was not there');
update booking.bookings set state = 'no_show' where id = (select id from twice);
select is(pg_temp.summary((select ada from p)), '1 visits, 60 minutes, 1 weeks, best 1, last 05.03.', 'nor was who did not turn up');
-- Sunday evening is still last week, Monday morning this one; the clocks go forward between two of these.
select pg_temp.came((select ada from p), '2025-03-16 23:30'), pg_temp.came((select ada from p), '2025-03-17 00:30', 'slow', 30), pg_temp.came((select ada from p), '2025-03-24 09:00'), pg_temp.came((select ada from p), '2025-03-31 00:15');
select is(pg_temp.summary((select ada from p)), '5 visits, 270 minutes, 5 weeks, best 5, last 31.03.', 'weeks in a row are counted by the studio''s clock, over its change');
select pg_temp.came((select ada from p), '2025-04-21 09:00');
select is(pg_temp.summary((select ada from p)), '6 visits, 330 minutes, 1 weeks, best 5, last 21.04.', 'two weeks away end the row, and the best one stays');
select pg_temp.came((select ada from p), '2025-04-09 09:00'), pg_temp.came((select ada from p), '2025-04-15 09:00');
select is(pg_temp.summary((select ada from p)), '8 visits, 450 minutes, 8 weeks, best 8, last 21.04.', 'a check-in that comes late closes the gap');
select is((select jsonb_agg(jsonb_build_array(measure, count, style) order by id) from members.milestones where member_id = (select ada from p)),
  '[["classes", 1, ""], ["style", 1, "slow"], ["weeks", 4, ""]]'::jsonb, 'milestones are earned on the way');
select is(pg_temp.said((select ada from p), 'milestone'), 0::bigint, 'and nobody is told of what is long past');
select pg_temp.came((select bruno from p), (now() at time zone 'Europe/Madrid') + interval '5 minutes');
select is(pg_temp.said((select bruno from p), 'milestone'), 1::bigint, 'who comes for the first time today is told so');
update booking.bookings set state = 'confirmed' where member_id = (select bruno from p);
select is((select count(*) from members.milestones where member_id = (select bruno from p)), 0::bigint, 'a milestone of a visit that was none is none');
update booking.bookings set state = 'checked_in' where member_id = (select bruno from p);
select is(pg_temp.said((select bruno from p), 'milestone') || ' ' || (select count(*) from members.milestones where member_id = (select bruno from p) and measure = 'classes'), '1 1', 'checked in again, it is earned again and told once');
delete from members.milestones where member_id = (select bruno from p);
update booking.bookings set state = 'confirmed' where member_id = (select bruno from p);

-- A house that checks nobody in -----------------------------------------------------------------------------------------
select pg_temp.become('bruno@example.test');
select throws_ok($$ select api.set_member_settings(pg_temp.here(), true) $$, 'PT403', 'not_your_role', 'how visits are counted is a manager''s to say');
select pg_temp.become('manager@lotus.test');
select is(api.set_member_settings(pg_temp.here(), true), true, 'who checks nobody in says so');
select pg_temp.booked((select bruno from p), date_trunc('day', now() at time zone 'Europe/Madrid') - interval '60 days' + interval '9 hours'), pg_temp.booked((select bruno from p), date_trunc('day', now() at time zone 'Europe/Madrid') - interval '30 days' + interval '9 hours'),
  pg_temp.booked((select bruno from p), date_trunc('day', now() at time zone 'Europe/Madrid') - interval '20 days' + interval '9 hours', 'slow', 60, 'cancelled');
select is(api.count_visits(1), 1, 'then whoever had a place was there, also in the year that has been');
select is(api.count_visits(), 1, 'counted a few at a time');
select is(api.count_visits(), 0, 'once each');
select is((select visits from members.visit_summary where member_id = (select bruno from p)), 2, 'what was cancelled and what is to come are not');
update booking.bookings set state = 'checked_in' where member_id = (select bruno from p) and starts_at < now() and state = 'confirmed';
select is((select visits from members.visit_summary where member_id = (select bruno from p)), 2, 'who is checked in afterwards is not counted again');

-- Goals -------------------------------------------------------------------------------------------------------------------
select pg_temp.become('ada@example.test');
select throws_ok($$ select api.set_goal(pg_temp.here(), 'classes', 15) $$, 'PT422', 'goal_out_of_range', 'nobody comes fifteen times a week');
select throws_ok($$ select api.set_goal(pg_temp.here(), 'minutes', 10) $$, 'PT422', 'goal_out_of_range', 'ten minutes are no goal');
select throws_ok($$ select api.set_goal(pg_temp.here(), 'kilos', 3) $$, 'PT422', 'goal_unknown', 'nor are kilos');
select throws_ok($$ select api.end_goal(pg_temp.here()) $$, 'PT404', 'goal_not_found', 'what was not begun is not ended');
select throws_ok($$ select api.set_goal(pg_temp.here(), 'classes', 3, true, (select bruno from p)) $$, 'PT404', 'person_not_found', 'nobody sets somebody else''s goals');
select lives_ok($$ select api.set_goal(pg_temp.here(), 'classes', 2, true), api.set_goal(pg_temp.here(), 'classes', 3, true) $$, 'three classes a week is one');
select is((select count(*) filter (where until is null) || ' of ' || count(*) from members.goals where member_id = (select ada from p)), '1 of 2', 'the one before ends, and is kept');

-- The week of Thursday 22 October 2026; the clocks go back on its Sunday.
select pg_temp.came((select ada from p), '2026-10-20 09:00');
create temporary table thursday as select timestamp '2026-10-22 18:20' at time zone 'Europe/Madrid' as at;
select api.nudge_goals((select at from thursday) - interval '1 hour'), api.nudge_goals((select at from thursday) + interval '4 hours'), api.nudge_goals((select at from thursday) + interval '1 day');
select is(pg_temp.said((select ada from p), 'goal_nudge'), 0::bigint, 'nobody is nudged but on Thursday evening');
select pg_temp.booked((select ada from p), '2026-10-24 09:00'), pg_temp.booked((select ada from p), '2026-10-25 09:00');
select api.nudge_goals((select at from thursday));
select is(pg_temp.said((select ada from p), 'goal_nudge'), 0::bigint, 'who has booked what is missing needs no word');
update booking.bookings set state = 'cancelled' where member_id = (select ada from p) and starts_at = timestamp '2026-10-25 09:00' at time zone 'Europe/Madrid';
select api.nudge_goals((select at from thursday)), api.nudge_goals((select at from thursday) + interval '1 hour');
select is(pg_temp.said((select ada from p), 'goal_nudge'), 1::bigint, 'who falls short hears it, once a week');
select is((select e.data ->> 'done' || ' and ' || (e.data ->> 'booked') || ' of ' || (e.data ->> 'target') from messages.emails e where e.business_id = pg_temp.here() and e.template = 'goal_nudge'), '1 and 1 of 3', 'with the numbers');
select pg_temp.came((select ada from p), '2026-10-26 23:50'), pg_temp.came((select ada from p), '2026-10-27 10:00'), pg_temp.came((select ada from p), '2026-10-28 10:00');
select api.nudge_goals((select at from thursday) + interval '7 days 1 hour');
select is(pg_temp.said((select ada from p), 'goal_nudge'), 1::bigint, 'who has made the week is left in peace, in winter time too');
select lives_ok($$ select api.set_goal(pg_temp.here(), 'minutes', 400, false) $$, 'minutes are a goal as well');
select api.nudge_goals((select at from thursday) + interval '7 days 1 hour');
select is(pg_temp.said((select ada from p), 'goal_nudge'), 1::bigint, 'and who has not asked for a word gets none');

-- What is shown -----------------------------------------------------------------------------------------------------------
select is((select (x ->> 'visits') || ' ' || (x ->> 'best_streak') || ' ' || (x -> 'goal' ->> 'target') || ' ' || jsonb_array_length(x -> 'weeks') from api.my_progress(pg_temp.here()) x), '12 8 400 12', 'a member sees what it all comes to');
select is((select x -> 'days' -> 0 ->> 'day' from api.my_progress(pg_temp.here(), null, 2025) x), '2025-03-05', 'year by year');
select is((select x -> 'styles' from api.my_progress(pg_temp.here(), null, 2025) x), '[{"name": {"en": "Slow"}, "style": "slow", "visits": 8, "minutes": 450}]'::jsonb, 'and style by style');
select throws_ok($$ select api.my_progress(pg_temp.here(), (select bruno from p)) $$, 'PT404', 'person_not_found', 'of themselves and theirs only');

-- Who stays away ------------------------------------------------------------------------------------------------------------
select throws_ok($$ select * from api.members_at_risk(pg_temp.here()) $$, 'PT403', 'not_your_role', 'a member does not see who stays away');
select pg_temp.become('manager@lotus.test');
select is((select count(*) from api.members_at_risk(pg_temp.here(), 21, 3) r where r.member_id = (select bruno from p)), 0::bigint, 'two visits are not a habit');
select results_eq($$ select visits, usual_weekday, next_booking_at is not null from api.members_at_risk(pg_temp.here(), 7, 2) r where r.member_id = (select bruno from p) $$,
  $$ values (2, extract(isodow from (now() at time zone 'Europe/Madrid') - interval '30 days')::int, true) $$, 'who has a habit and has been away is listed, with their day and what they have booked');
select is((select count(*) from api.members_at_risk(pg_temp.here(), 40, 2) r where r.member_id = (select bruno from p)), 0::bigint, 'who was here within the days asked for is not');
select is((select sum(first_visits) || ' ' || sum(came_again) from api.first_timers(pg_temp.here(), 12)), '1 1', 'first-timers are counted, and those who came again within thirty days');
select is((select jsonb_build_array(x ->> 'name', x -> 'visits' ->> 'visits', jsonb_array_length(x -> 'bookings')) from api.member_page(pg_temp.here(), (select bruno from p)) x), '["Bruno Costa", "2", 4]'::jsonb, 'the page of a member shows what they did');
select throws_ok($$ select api.member_page(pg_temp.here(), (select m.id from members.members m where m.business_id <> pg_temp.here() limit 1)) $$, 'PT404', 'member_not_found', 'of this house only');
select results_eq($$ select name from api.member_list(pg_temp.here(), 'COSTA') $$, $$ values ('Bruno Costa') $$, 'members are found by a part of their name');
select results_eq($$ select name from api.member_list(pg_temp.here(), 'martin') $$, $$ values ('Ada Martín') $$, 'without its accents');
select is((select count(*) from api.member_list(pg_temp.here(), '%')), 0::bigint, 'and nothing else is meant by a sign');
update members.members set phone = '+34 600-55 50' where id = (select ada from p);
select results_eq($$ select name from api.member_list(pg_temp.here(), '6005550') $$, $$ values ('Ada Martín') $$, 'or by their number however it was written');
select is_empty($$ select * from ledger.findings(pg_temp.here()) where finding <> 'seats_taken_not_bookings' $$, 'the books are none the worse');

select * from finish();
rollback;
