-- The schedule: clock changes, series and what is changed of them, rooms and their places. A studio of this test's own.
begin;
select plan(80);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
insert into business.businesses (id, slug, name, currency, time_zone, country, locales, email) values ('1a000000-0000-4000-8000-000000000001', 'test-schedule', 'Test', 'EUR', 'Europe/Madrid', 'ES', '{en,es}', 'x@example.test');
create function pg_temp.here() returns uuid language sql immutable as $$ select '1a000000-0000-4000-8000-000000000001'::uuid $$;
insert into business.staff (business_id, user_id, role) select pg_temp.here(), id, 'manager' from auth.users where email = 'bruno@example.test';
insert into business.staff (business_id, user_id, role) select pg_temp.here(), id, 'front_desk' from auth.users where email = 'frontdesk@lotus.test';

-- Classes, rooms, teachers --------------------------------------------------------------------------------------------
select pg_temp.become('frontdesk@lotus.test');
select throws_ok($$ select api.save_class_type(pg_temp.here(), null, '{}') $$, 'PT403', 'not_your_role', 'the front desk does not make classes');
select throws_ok($$ select api.save_location(pg_temp.here(), null, 'Here', '{}') $$, 'PT403', 'not_your_role', 'nor places');
select pg_temp.become('bruno@example.test');
select is(api.save_style(pg_temp.here(), 'calm', '{"en": "Calm"}', '{}', 0), 'calm', 'a manager makes a style');
select throws_ok($$ select api.save_style(pg_temp.here(), 'quiet', '{"es": "Callado"}', '{}', 0) $$, 'PT422', 'name_invalid', 'with a name in the business''s first language');
select throws_ok($$ select api.save_class_type(pg_temp.here(), null, '{"slug": "flow", "name": {"en": "Flow"}, "style": "loud", "level": "all", "duration_minutes": 60, "price_cents": 0, "capacity": 5}') $$, 'PT422', 'style_not_found', 'a class has a style there is');
select throws_ok($$ select api.save_class_type(pg_temp.here(), null, '{"slug": "flow", "name": {"en": "Flow"}, "style": "calm", "level": "expert", "duration_minutes": 60, "price_cents": 0, "capacity": 5}') $$, 'PT422', 'invalid_input', 'and a level there is');
select throws_ok($$ select api.save_class_type(pg_temp.here(), null, '{"slug": "flow", "name": {"en": "Flow"}, "style": "calm", "level": "all", "price_cents": 0, "capacity": 5}') $$, 'PT422', 'invalid_input', 'and a length');
select throws_ok($$ select api.save_class_type(pg_temp.here(), null, '{"slug": "flow", "published": true, "name": {"en": "Flow"}}') $$, 'PT422', 'invalid_input', 'nothing is set that no form has');
select lives_ok($$ select api.save_class_type(pg_temp.here(), null, '{"slug": "flow", "name": {"en": "Flow"}, "style": "calm", "level": "beginner", "duration_minutes": 60, "price_cents": 0, "capacity": 5, "bring": {"en": "A towel"}, "opens_days_before": 730}') $$, 'a manager makes a class');
select throws_ok($$ select api.save_class_type(pg_temp.here(), null, '{"slug": "flow", "name": {"en": "Flow again"}, "style": "calm", "level": "all", "duration_minutes": 60, "price_cents": 0, "capacity": 5}') $$, 'PT409', 'slug_taken', 'no two with one address');
create function pg_temp.class() returns uuid language sql stable as $$ select id from booking.class_types where business_id = pg_temp.here() and slug = 'flow' $$;
select is((select count(*)::int from api.class_list(pg_temp.here())), 0, 'a new class is not shown yet');
select lives_ok($$ select api.publish_class_type(pg_temp.here(), pg_temp.class(), true) $$, 'until it is published');
select results_eq($$ select slug, level, picture, bring ->> 'en' from api.class_list(pg_temp.here()) $$, $$ values ('flow', 'beginner', 'style/calm', 'A towel') $$, 'then it is, with what customers need');
select throws_ok($$ select api.save_class_type(pg_temp.here(), '40000000-0000-4000-8000-000000000002', '{"price_cents": 1}') $$, 'PT404', 'class_not_found', 'a class of another business is not there');
select throws_ok($$ select api.delete_style(pg_temp.here(), 'calm') $$, 'PT409', 'style_in_use', 'a style that classes have stays');

insert into booking.instructors (id, business_id, slug, name) values ('1a000000-0000-4000-8000-0000000000a1', pg_temp.here(), 'ana', 'Ana'), ('1a000000-0000-4000-8000-0000000000a2', pg_temp.here(), 'bea', 'Bea');
create temporary table place (name text, id uuid);
insert into place select 'location', api.save_location(pg_temp.here(), null, 'Here', '{"city": "Madrid"}');
insert into place select 'small', (api.save_room(pg_temp.here(), null, jsonb_build_object('location_id', (select id from place where name = 'location'), 'name', 'Small', 'capacity', 4)) ->> 'room_id')::uuid;
insert into place select 'large', (api.save_room(pg_temp.here(), null, jsonb_build_object('location_id', (select id from place where name = 'location'), 'name', 'Large', 'capacity', 6)) ->> 'room_id')::uuid;
create function pg_temp.room(what text) returns uuid language sql stable as $$ select id from place where name = what $$;
select throws_ok($$ select api.save_room(pg_temp.here(), null, '{"name": "Nowhere", "capacity": 3, "location_id": "20000000-0000-4000-8000-000000000001"}') $$, 'PT422', 'location_not_found', 'a room is not put at another business''s address');
select throws_ok($$ select api.save_room(pg_temp.here(), pg_temp.room('small'), '{"spot_map": {"columns": 2, "rows": 1, "teacher": null, "spots": [{"id": "a", "label": "A", "x": 0, "y": 0}, {"id": "a", "label": "B", "x": 1, "y": 0}]}}') $$, 'PT422', 'spot_map_invalid', 'two spots of a map are two');
select throws_ok($$ select api.save_room(pg_temp.here(), pg_temp.room('small'), '{"spot_map": {"columns": 2, "rows": 1, "teacher": {"x": 1, "y": 0}, "spots": [{"id": "a", "label": "A", "x": 0, "y": 0}]}}') $$, 'PT422', 'spots_fewer_than_places', 'a map has a spot for each');
select throws_ok($$ select api.save_room(pg_temp.here(), pg_temp.room('small'), '{"spot_map": {"columns": "wide"}}') $$, 'PT422', 'spot_map_invalid', 'nonsense is no map');

-- Clocks --------------------------------------------------------------------------------------------------------------
insert into booking.series (id, business_id, class_type_id, room_id, instructor_id, weekday, local_start, from_on, until_on) values
  ('1a000000-0000-4000-8000-0000000000b1', pg_temp.here(), pg_temp.class(), pg_temp.room('large'), '1a000000-0000-4000-8000-0000000000a1', 7, '09:00', '2026-03-22', '2026-04-05'),
  ('1a000000-0000-4000-8000-0000000000b2', pg_temp.here(), pg_temp.class(), pg_temp.room('large'), '1a000000-0000-4000-8000-0000000000a1', 7, '09:00', '2026-10-18', '2026-11-01'),
  ('1a000000-0000-4000-8000-0000000000b3', pg_temp.here(), pg_temp.class(), pg_temp.room('large'), '1a000000-0000-4000-8000-0000000000a1', 7, '02:30', '2026-03-29', '2026-03-29'),
  ('1a000000-0000-4000-8000-0000000000b4', pg_temp.here(), pg_temp.class(), pg_temp.room('large'), '1a000000-0000-4000-8000-0000000000a1', 7, '02:30', '2026-10-25', '2026-10-25');
select is(sum(booking.write_sessions(x.id, '2027-01-01'))::int, 8, 'sessions are written') from booking.series x where x.business_id = pg_temp.here();
create function pg_temp.times(series uuid) returns text language sql stable as $$ select string_agg(to_char(starts_at at time zone 'UTC', 'MM-DD HH24:MI'), ', ' order by starts_at) from booking.sessions where series_id = times.series $$;
select is(pg_temp.times('1a000000-0000-4000-8000-0000000000b1'), '03-22 08:00, 03-29 07:00, 04-05 07:00', 'a class at nine stays at nine when clocks go forward');
select is(pg_temp.times('1a000000-0000-4000-8000-0000000000b2'), '10-18 07:00, 10-25 08:00, 11-01 08:00', 'and when they go back');
select is(pg_temp.times('1a000000-0000-4000-8000-0000000000b3'), '03-29 01:30', 'a time that the clock leaps over is an hour later (03:30)');
select is(pg_temp.times('1a000000-0000-4000-8000-0000000000b4'), '10-25 01:30', 'of a time that is there twice it is the second');
select is((select bool_and(ends_at - starts_at = interval '1 hour') from booking.sessions where business_id = pg_temp.here()), true, 'and an hour is an hour');

-- A series, put on through the door -----------------------------------------------------------------------------------
create function pg_temp.facts(more jsonb) returns jsonb language sql stable as $$
  select jsonb_build_object('class_type_id', pg_temp.class(), 'room_id', pg_temp.room('large'), 'instructor_id', '1a000000-0000-4000-8000-0000000000a1', 'local_start', '18:00', 'weekdays', '[1, 3]'::jsonb, 'from_on', current_date + 1, 'until_on', current_date + 56) || more
$$;
select throws_ok($$ select api.create_series(pg_temp.here(), pg_temp.facts('{"from_on": "2020-01-06"}'), 'series-past') $$, 'PT422', 'series_begins_past', 'a series does not begin in the past');
select throws_ok($$ select api.create_series(pg_temp.here(), pg_temp.facts(jsonb_build_object('until_on', current_date)), 'series-early') $$, 'PT422', 'series_ends_early', 'nor end before it begins');
select throws_ok($$ select api.create_series(pg_temp.here(), pg_temp.facts('{"weekdays": []}'), 'series-no-day') $$, 'PT422', 'weekday_needed', 'nor go without a day');
select throws_ok($$ select api.create_series(pg_temp.here(), pg_temp.facts('{"capacity": 9}'), 'series-large') $$, 'PT409', 'capacity_above_room', 'nor hold more than its room');
create function pg_temp.monday(n int) returns date language sql stable as $$ select date_trunc('week', current_date)::date + 7 * n $$;
create temporary table made as select api.create_series(pg_temp.here(), pg_temp.facts(jsonb_build_object('skip', jsonb_build_array(pg_temp.monday(3)))), 'series-made') as answer;
select is((select (answer ->> 'sessions')::int from made), (select count(*)::int - 1 from generate_series(current_date + 1, current_date + 56, interval '1 day') d where extract(isodow from d) in (1, 3)), 'two days a week, but not on the holiday');
select is((select answer from made), api.create_series(pg_temp.here(), pg_temp.facts(jsonb_build_object('skip', jsonb_build_array(pg_temp.monday(3)))), 'series-made'), 'sent twice it is made once');
create function pg_temp.rule(day int) returns uuid language sql stable as $$ select y.id from booking.series y where y.business_id = pg_temp.here() and y.weekday = day and y.from_on > current_date - 2 and y.local_start <> '02:30' and y.until_on is distinct from y.from_on - 1 order by y.from_on desc limit 1 $$;
create function pg_temp.on_day(day date) returns uuid language sql stable as $$ select s.id from booking.sessions s where s.business_id = pg_temp.here() and s.occurs_on = day and s.state = 'scheduled' limit 1 $$;
select throws_ok($$ select api.create_series(pg_temp.here(), pg_temp.facts('{"instructor_id": "1a000000-0000-4000-8000-0000000000a2", "local_start": "18:30", "weekdays": [1]}'), 'series-clash-room') $$, 'PT409', 'room_taken', 'another class in that room then is refused');
select throws_ok($$ select api.create_series(pg_temp.here(), pg_temp.facts(jsonb_build_object('room_id', pg_temp.room('small'), 'weekdays', '[3]'::jsonb)), 'series-clash-teacher') $$, 'PT409', 'instructor_taken', 'and the teacher is not in two rooms');
select is((select count(*)::int from booking.series where business_id = pg_temp.here() and from_on > current_date), 2, 'of what was refused nothing stays');
select is((api.create_series(pg_temp.here(), pg_temp.facts(jsonb_build_object('room_id', pg_temp.room('small'), 'weekdays', '[2, 3]'::jsonb, 'leave_out_clashes', true, 'until_on', current_date + 20)), 'series-gaps') ->> 'left_out')::int > 0, true, 'unless its clashes are to be left out');
select is((select count(distinct reason)::int from booking.series_exceptions where business_id = pg_temp.here() and reason = 'instructor_taken'), 1, 'which is kept as the reason');
delete from booking.sessions where business_id = pg_temp.here() and room_id = pg_temp.room('small');
delete from booking.series where business_id = pg_temp.here() and room_id = pg_temp.room('small');

select throws_ok($$ select api.skip_day(pg_temp.here(), pg_temp.rule(1), pg_temp.monday(2) + 1) $$, 'PT422', 'not_a_day_of_it', 'only its own days are skipped');
select lives_ok($$ select api.skip_day(pg_temp.here(), pg_temp.rule(1), pg_temp.monday(5), 'Holiday') $$, 'a day without bookings is skipped');
select is(pg_temp.on_day(pg_temp.monday(5)), null, 'and is off the timetable');
select is((api.unskip_day(pg_temp.here(), pg_temp.rule(1), pg_temp.monday(5)) ->> 'sessions')::int, 1, 'and on again');

-- Changing it ---------------------------------------------------------------------------------------------------------
-- Ada has a seat on the second Monday, and another class that day at 20:00.
insert into booking.sessions (id, business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
select '1a000000-0000-4000-8000-0000000000c1', pg_temp.here(), pg_temp.class(), pg_temp.room('small'), '1a000000-0000-4000-8000-0000000000a2', (pg_temp.monday(2) + time '20:00') at time zone 'Europe/Madrid', (pg_temp.monday(2) + time '21:00') at time zone 'Europe/Madrid', 4, 0;
select pg_temp.become('ada@example.test');
select api.book_session(pg_temp.here(), pg_temp.on_day(pg_temp.monday(2)), 'ada-books-1');
select api.book_session(pg_temp.here(), '1a000000-0000-4000-8000-0000000000c1', 'ada-books-2');
select throws_ok($$ select api.preview_session_change(pg_temp.here(), pg_temp.on_day(pg_temp.monday(2)), '{"local_start": "20:00"}') $$, 'PT403', 'not_your_role', 'members change no classes');
select pg_temp.become('bruno@example.test');
create function pg_temp.effect(session uuid, change jsonb) returns jsonb language sql stable as $$ select api.preview_session_change(pg_temp.here(), session, change) $$;
create function pg_temp.apply(session uuid, change jsonb) returns jsonb language sql as $$ select api.change_sessions(pg_temp.here(), session, change, api.preview_session_change(pg_temp.here(), session, change) ->> 'hash', 'key-' || gen_random_uuid()) $$;
create temporary table looked as select pg_temp.effect(pg_temp.on_day(pg_temp.monday(2)), '{"scope": "following", "local_start": "19:30"}') as effect;
select is((select effect -> 'people' -> 0 ->> 'name' from looked), 'Ada Martín', 'the preview names who booked');
select is((select effect -> 'people' -> 0 -> 'clash' -> 'class_name' ->> 'en' from looked), 'Flow', 'and with what of theirs the new time collides');
select is((select count(*)::int from looked, jsonb_array_elements(effect -> 'sessions') s where s -> 'problem' <> 'null'), 0, 'which does not stand in the way');
select throws_ok($$ select api.change_sessions(pg_temp.here(), pg_temp.on_day(pg_temp.monday(2)), '{"scope": "following", "local_start": "19:45"}', (select effect ->> 'hash' from looked), 'other-change') $$, 'PT409', 'effect_changed', 'only what was looked at is applied');
select is((pg_temp.apply(pg_temp.on_day(pg_temp.monday(2)), '{"scope": "one", "local_start": "18:15"}') ->> 'told')::int, 1, 'one session is moved, and who booked it is told');
select is((select left_pattern from booking.sessions where id = pg_temp.on_day(pg_temp.monday(2))), '{time}', 'it has left its pattern in that');
select is((select (k.starts_at = s.starts_at and k.free_cancel_until = s.starts_at and k.time_changed_at is not null) from booking.bookings k join booking.sessions s on s.id = k.session_id where s.id = pg_temp.on_day(pg_temp.monday(2))), true, 'the booking follows, and may be cancelled free of charge until it begins');
select is((select count(*)::int from messages.emails where business_id = pg_temp.here() and template = 'session_changed'), 1, 'one letter');
select throws_ok($$ select pg_temp.apply(pg_temp.on_day(pg_temp.monday(2)), '{}') $$, 'PT422', 'nothing_to_change', 'changing nothing is no change');

select is((pg_temp.apply(pg_temp.on_day(pg_temp.monday(2)), jsonb_build_object('scope', 'following', 'local_start', '19:00', 'every_day', true)) ->> 'told')::int, 0, 'later ones on both days move to 19:00');
select is((select string_agg(distinct to_char(s.starts_at at time zone 'Europe/Madrid', 'HH24:MI'), ',') from booking.sessions s where s.business_id = pg_temp.here() and s.series_id is not null and s.occurs_on > pg_temp.monday(2)), '19:00', 'all of them');
select is((select string_agg(distinct to_char(s.starts_at at time zone 'Europe/Madrid', 'HH24:MI'), ',') from booking.sessions s where s.business_id = pg_temp.here() and s.occurs_on between current_date + 1 and pg_temp.monday(2)), '18:00,18:15', 'but not those before, nor the one that was moved by hand');
select is((select count(*)::int from booking.series where business_id = pg_temp.here() and from_on > current_date - 1), 4, 'the rule of before has ended, one goes on');
select is((select sum(booking.write_sessions(x.id, current_date + 56))::int from booking.series x where x.business_id = pg_temp.here()), 0, 'and writing ahead puts nothing back');
select is((select count(*)::int from booking.sessions where business_id = pg_temp.here() and occurs_on = pg_temp.monday(3)), 0, 'the holiday is still one');
select lives_ok($$ select pg_temp.apply(pg_temp.on_day(pg_temp.monday(4)), '{"scope": "all", "weekday": 2}') $$, 'Mondays become Tuesdays');
select is((select string_agg(distinct extract(isodow from s.starts_at at time zone 'Europe/Madrid')::text, ',') from booking.sessions s join booking.series x on x.id = s.series_id where x.business_id = pg_temp.here() and x.weekday = 2 and s.left_pattern = '{}'), '2', 'in fact');

select throws_ok($$ select pg_temp.apply(pg_temp.on_day(pg_temp.monday(4) + 2), '{"scope": "one", "capacity": 7}') $$, 'PT409', 'capacity_above_room', 'no more places than the room has');
select pg_temp.become('ada@example.test');
select api.book_session(pg_temp.here(), pg_temp.on_day(pg_temp.monday(4) + 2), 'ada-books-3');
select pg_temp.become('frontdesk@lotus.test');
select api.book_session(pg_temp.here(), pg_temp.on_day(pg_temp.monday(4) + 2), 'ines-books-3');
select pg_temp.become('bruno@example.test');
select throws_ok($$ select pg_temp.apply(pg_temp.on_day(pg_temp.monday(4) + 2), '{"scope": "all", "capacity": 1}') $$, 'PT409', 'capacity_below_bookings', 'no fewer places than are booked, not in one of them');
select throws_ok($$ select api.save_room(pg_temp.here(), pg_temp.room('large'), '{"capacity": 1}') $$, 'PT409', 'capacity_below_bookings', 'nor by making the room smaller');
select throws_ok($$ select api.skip_day(pg_temp.here(), (select series_id from booking.sessions where id = pg_temp.on_day(pg_temp.monday(4) + 2)), pg_temp.monday(4) + 2) $$, 'PT409', 'session_has_bookings', 'nor is a day skipped that people booked');
-- The teacher has something else on one of the days.
insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
select pg_temp.here(), pg_temp.class(), pg_temp.room('small'), '1a000000-0000-4000-8000-0000000000a1', (pg_temp.monday(6) + 2 + time '12:00') at time zone 'Europe/Madrid', (pg_temp.monday(6) + 2 + time '13:00') at time zone 'Europe/Madrid', 4, 0;
select throws_ok($$ select pg_temp.apply(pg_temp.on_day(pg_temp.monday(4) + 2), '{"scope": "following", "local_start": "12:30"}') $$, 'PT409', 'instructor_taken', 'a change that would put the teacher in two rooms is refused');
select is((select to_char(starts_at at time zone 'Europe/Madrid', 'HH24:MI') from booking.sessions where id = pg_temp.on_day(pg_temp.monday(4) + 2)), '19:00', 'and nothing of it happens');
select lives_ok($$ select pg_temp.apply(pg_temp.on_day(pg_temp.monday(4) + 2), '{"scope": "following", "local_start": "19:30"}') $$, 'a move into the time its own sessions leave is none');

-- Choosing a place ----------------------------------------------------------------------------------------------------
select lives_ok($$ select api.save_room(pg_temp.here(), pg_temp.room('large'), '{"spot_map": {"columns": 3, "rows": 3, "teacher": {"x": 1, "y": 0}, "spots": [{"id": "1", "label": "1", "x": 0, "y": 1}, {"id": "2", "label": "2", "x": 1, "y": 1}, {"id": "3", "label": "3", "x": 2, "y": 1}, {"id": "4", "label": "4", "x": 0, "y": 2}, {"id": "5", "label": "5", "x": 1, "y": 2}, {"id": "6", "label": "6", "x": 2, "y": 2}]}}') $$, 'a room gets its map');
create function pg_temp.seat(who text) returns uuid language sql stable as $$ select k.id from booking.bookings k join members.members m on m.id = k.member_id where k.session_id = pg_temp.on_day(pg_temp.monday(4) + 2) and m.email::text = who $$;
select pg_temp.become('ada@example.test');
select is(api.choose_spot(pg_temp.here(), pg_temp.seat('ada@example.test'), '2') -> 'taken', '["2"]', 'Ada picks a mat');
select throws_ok($$ select api.choose_spot(pg_temp.here(), pg_temp.seat('ada@example.test'), '9') $$, 'PT422', 'spot_not_found', 'one that is there');
select throws_ok($$ select api.choose_spot(pg_temp.here(), pg_temp.seat('frontdesk@lotus.test'), '3') $$, 'PT404', 'booking_not_found', 'and for nobody else');
select pg_temp.become('frontdesk@lotus.test');
select throws_ok($$ select api.choose_spot(pg_temp.here(), pg_temp.seat('frontdesk@lotus.test'), '2') $$, 'PT409', 'spot_taken', 'one mat is one person''s');
select pg_temp.become('bruno@example.test');
select throws_ok($$ select api.save_room(pg_temp.here(), pg_temp.room('large'), '{"spot_map": null}') $$, 'PT409', 'spots_in_use', 'a map people have chosen from does not go without a word');

-- Ending, and the trail -----------------------------------------------------------------------------------------------
create function pg_temp.series_there() returns uuid language sql stable as $$ select series_id from booking.sessions where id = pg_temp.on_day(pg_temp.monday(4) + 2) $$;
create temporary table ending as select api.preview_series_end(pg_temp.here(), pg_temp.series_there(), current_date) as effect, pg_temp.series_there() as series, pg_temp.on_day(pg_temp.monday(4) + 2) as booked;
select is((select jsonb_array_length(effect -> 'people') from ending), 2, 'who has a place in what would go is named');
select throws_ok($$ select api.end_series(pg_temp.here(), (select series from ending), current_date, false, '', repeat('0', 64), 'end-not-seen') $$, 'PT409', 'effect_changed', 'a series ends only as it was looked at');
select throws_ok($$ select api.end_series(pg_temp.here(), (select series from ending), current_date - 30, false, '', (select effect ->> 'hash' from ending), 'end-in-past') $$, 'PT422', 'series_ends_past', 'and not in the past');
select is((select api.end_series(pg_temp.here(), series, current_date, false, 'We move', effect ->> 'hash', 'end-as-seen') ->> 'cancelled' from ending)::int, 1, 'the class people booked is called off');
select is((select count(*)::int from booking.sessions s, ending e where s.series_id = e.series and s.state = 'scheduled' and s.starts_at > now()), 0, 'those nobody booked are gone');
select is((select booking.write_sessions(series, current_date + 56) from ending), 0, 'and none is written again');
select throws_ok($$ select api.audit_trail(pg_temp.here()) $$, 'PT403', 'not_your_role', 'the trail is not the managers'' to read');
insert into business.staff (business_id, user_id, role) select pg_temp.here(), id, 'owner' from auth.users where email = 'ada@example.test';
select pg_temp.become('ada@example.test');
select is((select api.audit_trail(pg_temp.here()) -> 'events' -> 0 ->> 'act'), 'series_ended', 'the owner reads who did what, the latest first');
select is(api.audit_trail(pg_temp.here()) -> 'findings', '[]', 'and that nothing of it was changed');

select * from finish();
rollback;
