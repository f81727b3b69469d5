-- Instructors: profiles, hours and time off, substitutes, pay and calendars. A business of this test's own, with one manager and four who teach.
begin;
select plan(109);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
create function pg_temp.here() returns uuid language sql immutable as $$ select '19999999-0000-4000-8000-000000000011'::uuid $$;
insert into business.businesses (id, slug, name, currency, time_zone, country, locales, email) values (pg_temp.here(), 'test-teach', 'Test', 'EUR', 'Europe/Madrid', 'ES', '{en}', 'x@example.test');
insert into business.locations (id, business_id, name) values ('29999999-0000-4000-8000-000000000011', pg_temp.here(), 'Here');
insert into booking.styles (business_id, slug, name) values (pg_temp.here(), 'flow', '{"en": "Flow"}');
insert into auth.users (id, email, raw_user_meta_data)
select ('39999999-0000-4000-8000-0000000011' || lpad(n::text, 2, '0'))::uuid, w || '@teach.test', jsonb_build_object('full_name', initcap(w), 'locale', 'en')
from unnest(array['boss', 'ann', 'bea', 'cleo', 'dora', 'guest']) with ordinality x (w, n);
insert into business.staff (business_id, user_id, role) select pg_temp.here(), u.id, case when u.email like 'boss%' then 'manager' else 'instructor' end from auth.users u where u.email like '%@teach.test' and u.email not like 'guest%';
insert into booking.class_types (id, business_id, slug, name, style, level, duration_minutes, price_cents, capacity) values
  ('49999999-0000-4000-8000-000000000111', pg_temp.here(), 'flow', '{"en": "Flow"}', 'flow', 'all', 60, 0, 20), ('49999999-0000-4000-8000-000000000112', pg_temp.here(), 'rest', '{"en": "Rest"}', 'flow', 'all', 60, 0, 20);
create function pg_temp.user_of(who text) returns uuid language sql stable as $$ select u.id from auth.users u where u.email = who || '@teach.test' $$;
create function pg_temp.teacher(who text) returns uuid language sql stable as $$ select i.id from booking.instructors i where i.business_id = pg_temp.here() and i.slug = who $$;
-- A class in a room of its own, so that only teachers can clash.
create function pg_temp.session(who text, starts_in interval, kind text default 'flow') returns uuid language plpgsql as $$
declare made uuid;
begin
  with room as (insert into booking.rooms (business_id, location_id, name, capacity) values (pg_temp.here(), '29999999-0000-4000-8000-000000000011', 'Room', 20) returning id)
  insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select pg_temp.here(), t.id, room.id, pg_temp.teacher(who), now() + starts_in, now() + starts_in + interval '1 hour', 20, 0 from room, booking.class_types t where t.business_id = pg_temp.here() and t.slug = kind returning id into made;
  return made;
end $$;
-- Somebody who has a seat, in a state; a member of their own each.
create function pg_temp.sits(the_session uuid, state text, n int default 1) returns void language sql as $$
  with m as (insert into members.members (business_id, name, email) select pg_temp.here(), 'Sitter', gen_random_uuid() || '@example.test' from generate_series(1, n) returning id)
  insert into booking.bookings (business_id, session_id, member_id, state, starts_at, free_cancel_until, late_refund_percent) select pg_temp.here(), the_session, m.id, sits.state, s.starts_at, s.starts_at, 0 from m, booking.sessions s where s.id = the_session;
$$;
create function pg_temp.told(template text) returns setof text language sql as $$
  select distinct e.to_address from messages.emails e where e.business_id = pg_temp.here() and e.template = told.template order by 1;
$$;

-- Profiles
select pg_temp.become('ann@teach.test');
select throws_ok($$ select api.save_instructor(pg_temp.here(), null, 'Ann', 'ann', '{}', '{}', '', null, true) $$, 'PT403', 'not_your_role', 'who only teaches makes no profiles');
select pg_temp.become('boss@teach.test');
select lives_ok(format($$ select api.save_instructor(pg_temp.here(), null, initcap(%1$L), %1$L, '{"en": "Teaches"}', '{}', '', pg_temp.user_of(%1$L), true) $$, w), 'a manager makes the profile of ' || w) from unnest(array['ann', 'bea', 'cleo', 'dora']) w;
select throws_ok($$ select api.save_instructor(pg_temp.here(), null, 'Other', 'ann', '{}', '{}', '', null, true) $$, 'PT409', 'instructor_slug_taken', 'an address is one instructor''s');
select throws_ok($$ select api.save_instructor(pg_temp.here(), null, 'Other', 'other', '{}', '{}', '', pg_temp.user_of('ann'), true) $$, 'PT409', 'user_linked_before', 'and nobody is two of them');
select throws_ok($$ select api.save_instructor(pg_temp.here(), null, 'Other', 'other', '{}', '{}', '', pg_temp.user_of('guest'), true) $$, 'PT422', 'user_not_staff', 'only the staff can be linked');
select throws_ok($$ select api.save_instructor(pg_temp.here(), null, 'Other', 'Ötha r', '{}', '{}', '', null, true) $$, 'PT422', 'instructor_slug_invalid', 'an address is plain letters');
select throws_ok($$ select api.save_instructor(pg_temp.here(), '60000000-0000-4000-8000-000000000001', 'Other', 'other', '{}', '{}', '', null, true) $$, 'PT404', 'instructor_not_found', 'another business''s instructor is not there');
select lives_ok($$ select api.set_qualifications(pg_temp.here(), pg_temp.teacher(w), array['49999999-0000-4000-8000-000000000111']::uuid[]) from unnest(array['ann', 'bea', 'cleo']) w $$, 'a manager says who may teach what');
select throws_ok($$ select api.set_qualifications(pg_temp.here(), pg_temp.teacher('ann'), array['40000000-0000-4000-8000-000000000001']::uuid[]) $$, 'PT422', 'class_type_unknown', 'of this business''s classes');
select is((select jsonb_array_length(p.classes) from api.instructor_page(pg_temp.here(), 'ann') p), 1, 'the public page shows what is taught');
select lives_ok($$ select api.save_instructor(pg_temp.here(), pg_temp.teacher('dora'), 'Dora', 'dora', '{}', '{}', '', pg_temp.user_of('dora'), false) $$, 'a profile is taken down');
select is_empty($$ select * from api.instructor_page(pg_temp.here(), 'dora') $$, 'and its page is gone');

-- Hours and time off
select pg_temp.become('bea@teach.test');
select lives_ok($$ select api.set_availability(pg_temp.here(), pg_temp.teacher('bea'), '[{"weekday": 1, "from": "09:00", "until": "12:00"}, {"weekday": 1, "from": "12:00", "until": "14:00"}, {"weekday": 7, "from": "20:00", "until": "24:00"}]') $$, 'an instructor names their hours');
select is(booking.hours_of(pg_temp.teacher('bea')), '[{"weekday": 1, "from": "09:00", "until": "14:00"}, {"weekday": 7, "from": "20:00", "until": "24:00"}]'::jsonb, 'stretches that touch become one');
select is(booking.within_hours(pg_temp.teacher('bea'), '2026-10-26 08:00+00', '2026-10-26 09:00+00', 'Europe/Madrid'), true, 'after the clocks went back, nine o''clock is eight in Greenwich');
select is(booking.within_hours(pg_temp.teacher('bea'), '2026-10-19 06:30+00', '2026-10-19 07:30+00', 'Europe/Madrid'), false, 'and half past eight is before nine in summer too');
select is(booking.within_hours(pg_temp.teacher('bea'), '2026-10-25 22:00+00', '2026-10-25 23:00+00', 'Europe/Madrid'), true, 'a class may end at midnight');
select is(booking.within_hours(pg_temp.teacher('cleo'), now(), now() + interval '1 hour', 'Europe/Madrid'), true, 'who named no hours can be asked at any');
select throws_ok($$ select api.set_availability(pg_temp.here(), pg_temp.teacher('bea'), '[{"weekday": 1, "from": "12:00", "until": "09:00"}]') $$, 'PT422', 'hours_invalid', 'hours end after they begin');
select throws_ok($$ select api.set_availability(pg_temp.here(), pg_temp.teacher('ann'), '[]') $$, 'PT404', 'instructor_not_found', 'nobody sets a colleague''s hours');
select lives_ok($$ select api.set_availability(pg_temp.here(), pg_temp.teacher('bea'), '[]') $$, 'and takes them back');
create temporary table made as select pg_temp.session('bea', interval '10 days 1 hour') as bea_class;
select is(api.request_time_off(pg_temp.here(), now() + interval '10 days', now() + interval '11 days', 'Family') - 'time_off_id', '{"state": "requested", "classes": 1, "asked": 0}'::jsonb, 'time off is asked for, and the classes in it are named');
select results_eq($$ select pg_temp.told('time_off_requested') $$, array['boss@teach.test'], 'the managers hear of it');
select throws_ok($$ select api.request_time_off(pg_temp.here(), now() + interval '10 days 12 hours', now() + interval '12 days') $$, 'PT409', 'time_off_overlaps', 'not twice for one day');
select throws_ok($$ select api.request_time_off(pg_temp.here(), now() + interval '2 days', now() + interval '1 day') $$, 'PT422', 'time_off_invalid', 'it ends after it begins');
select throws_ok($$ select api.request_time_off(pg_temp.here(), now() - interval '2 days', now() - interval '1 day') $$, 'PT422', 'time_off_past', 'the past cannot be had off');
select throws_ok($$ select api.decide_time_off(pg_temp.here(), (select id from booking.time_off where instructor_id = pg_temp.teacher('bea')), true) $$, 'PT403', 'not_your_role', 'nobody grants it to themselves');
select pg_temp.become('cleo@teach.test');
select throws_ok($$ select api.withdraw_time_off(pg_temp.here(), (select id from booking.time_off where instructor_id = pg_temp.teacher('bea'))) $$, 'PT404', 'time_off_not_found', 'a colleague''s time off is not there');
select pg_temp.become('owner@lotus.test');
select throws_ok($$ select api.decide_time_off(pg_temp.here(), (select id from booking.time_off where instructor_id = pg_temp.teacher('bea')), true) $$, 'PT403', 'not_your_role', 'the owner of another business decides nothing here');
select pg_temp.become('boss@teach.test');
select is(api.decide_time_off(pg_temp.here(), (select id from booking.time_off where instructor_id = pg_temp.teacher('bea')), true, 'Enjoy', true) - 'time_off_id', '{"state": "granted", "classes": 1, "asked": 1}'::jsonb, 'a manager grants it, and has a substitute looked for');
select throws_ok($$ select api.decide_time_off(pg_temp.here(), (select id from booking.time_off where instructor_id = pg_temp.teacher('bea')), false) $$, 'PT409', 'time_off_decided', 'once');
select results_eq($$ select pg_temp.told('time_off_decided') $$, array['bea@teach.test'], 'the one who asked hears of it');
select results_eq($$ select to_state from booking.time_off_steps where time_off_id = (select id from booking.time_off where instructor_id = pg_temp.teacher('bea')) order by id $$, array['requested', 'granted'], 'and each step is kept');
select is((select count(*) from booking.substitutions where session_id = (select bea_class from made) and state = 'open' and reason = ''), 1::bigint, 'the request says nothing of why');
select is(jsonb_array_length(api.instructor_board(pg_temp.here()) -> 'uncovered'), 0, 'a class that somebody is looked for is not listed as forgotten');
select lives_ok($$ select api.withdraw_substitution(pg_temp.here(), (select id from booking.substitutions where session_id = (select bea_class from made))) $$, 'a manager stops looking');
select is(jsonb_array_length(api.instructor_board(pg_temp.here()) -> 'uncovered'), 1, 'then the class is listed as needing somebody');
select pg_temp.become('bea@teach.test');
select is(api.withdraw_time_off(pg_temp.here(), (select id from booking.time_off where instructor_id = pg_temp.teacher('bea'))) ->> 'state', 'withdrawn', 'plans change: the time off is taken back');

-- What stands in somebody's way
select is(booking.teaching_problem(pg_temp.here(), pg_temp.teacher('cleo'), '49999999-0000-4000-8000-000000000111', now() + interval '20 days', now() + interval '20 days 1 hour'), null, 'qualified, here and free');
select is(booking.teaching_problem(pg_temp.here(), pg_temp.teacher('cleo'), '49999999-0000-4000-8000-000000000112', now() + interval '20 days', now() + interval '20 days 1 hour'), 'instructor_not_qualified', 'not for a class they may not teach');
select is(booking.teaching_problem(pg_temp.here(), pg_temp.teacher('bea'), '49999999-0000-4000-8000-000000000111', now() + interval '10 days 90 minutes', now() + interval '10 days 2 hours'), 'instructor_busy', 'not while they teach another');
select is(booking.teaching_problem(pg_temp.here(), pg_temp.teacher('bea'), '49999999-0000-4000-8000-000000000111', now() + interval '10 days 2 hours', now() + interval '10 days 3 hours'), null, 'but right after it');

-- A substitute: the preferred one is asked first, the first who accepts has the class
create temporary table c as select pg_temp.session('ann', interval '5 days') as one, pg_temp.session('ann', interval '6 days') as called_off, pg_temp.session('ann', interval '7 days') as taken, pg_temp.session('ann', interval '8 days') as given, pg_temp.session('ann', interval '9 days') as lonely,
  pg_temp.session('ann', interval '12 days') as approved, pg_temp.session('ann', interval '-3 hours') as past;
select pg_temp.sits(one, 'confirmed', 2), pg_temp.sits(one, 'cancelled') from c;
select pg_temp.become('ann@teach.test');
select lives_ok($$ select api.set_preferred_substitutes(pg_temp.here(), pg_temp.teacher('ann'), array[pg_temp.teacher('bea')]) $$, 'an instructor says whom to ask first');
select throws_ok($$ select api.set_preferred_substitutes(pg_temp.here(), pg_temp.teacher('ann'), array[pg_temp.teacher('ann')]) $$, 'PT422', 'instructor_unknown', 'not oneself');
select throws_ok($$ select api.ask_substitute(pg_temp.here(), (select bea_class from made)) $$, 'PT404', 'session_not_found', 'nobody gives away a colleague''s class');
select throws_ok($$ select api.ask_substitute(pg_temp.here(), (select past from c)) $$, 'PT409', 'session_past', 'no substitute for a class that has begun');
select is(api.ask_substitute(pg_temp.here(), (select one from c), 'Dentist') ->> 'told', '1', 'only the preferred one is told at first');
create temporary view sub as select x.*, s.instructor_id as teaches, s.version, s.calendar_sequence from booking.substitutions x join booking.sessions s on s.id = x.session_id where s.business_id = pg_temp.here();
select throws_ok($$ select api.ask_substitute(pg_temp.here(), (select one from c)) $$, 'PT409', 'substitute_asked_before', 'and asking twice is one too many');
select is((select count(*) from messages.emails where business_id = pg_temp.here() and template = 'substitute_wanted' and to_address = 'bea@teach.test'), 1::bigint, 'by one letter');
select ok((select everyone_at between now() + interval '23 hours 59 minutes' and now() + interval '24 hours 1 minute' from sub where session_id = (select one from c)), 'her head start is a day');
select throws_ok($$ select api.accept_substitution(pg_temp.here(), (select id from sub where session_id = (select one from c))) $$, 'PT409', 'own_substitution', 'nobody takes their own class');
select pg_temp.become('cleo@teach.test');
select throws_ok($$ select api.accept_substitution(pg_temp.here(), (select id from sub where session_id = (select one from c))) $$, 'PT409', 'substitution_head_start', 'the others wait until then');
select is(api.my_substitutions(pg_temp.here()) -> 'offers' -> 0 ->> 'opens_at' is not null, true, 'and see from when they may');
select throws_ok($$ select api.decline_substitution(pg_temp.here(), (select id from sub where session_id = (select one from c))) $$, 'PT404', 'substitution_not_found', 'who was not asked has nothing to decline');
select pg_temp.become('dora@teach.test');
select throws_ok($$ select api.accept_substitution(pg_temp.here(), (select id from sub where session_id = (select one from c))) $$, 'PT409', 'substitution_head_start', 'nor does one who may not teach it');
select is(jsonb_array_length(api.my_substitutions(pg_temp.here()) -> 'offers'), 0, 'who is not shown it at all');
select pg_temp.become('boss@teach.test');
select throws_ok($$ select api.accept_substitution(pg_temp.here(), (select id from sub where session_id = (select one from c))) $$, 'PT403', 'not_an_instructor', 'a manager who does not teach takes no class');
select pg_temp.become('owner@lotus.test');
select throws_ok($$ select api.accept_substitution(pg_temp.here(), (select id from sub where session_id = (select one from c))) $$, 'PT403', 'not_your_role', 'nor does staff of another business');
select pg_temp.become('teacher@lotus.test');
select throws_ok($$ select api.accept_substitution('10000000-0000-4000-8000-000000000001', (select id from sub where session_id = (select one from c))) $$, 'PT404', 'substitution_not_found', 'not even through their own door');
select set_config('request.jwt.claims', '', true);
update booking.substitutions set everyone_at = now() where session_id = (select one from c);
select is(api.tend_substitution((select id from sub where session_id = (select one from c))), 'open', 'the head start is over');
select is(api.tend_substitution((select id from sub where session_id = (select one from c))), 'open', 'a job that runs twice');
select results_eq($$ select i.slug from booking.substitution_offers o join booking.instructors i on i.id = o.instructor_id where o.substitution_id = (select id from sub where session_id = (select one from c)) order by 1 $$, array['bea', 'cleo'], 'asks everyone who could, once');
select pg_temp.become('dora@teach.test');
select throws_ok($$ select api.accept_substitution(pg_temp.here(), (select id from sub where session_id = (select one from c))) $$, 'PT409', 'instructor_not_qualified', 'but not who may not teach it');
select pg_temp.become('cleo@teach.test');
select is(api.accept_substitution(pg_temp.here(), (select id from sub where session_id = (select one from c))) ->> 'state', 'filled', 'the first who accepts has the class');
select is(api.accept_substitution(pg_temp.here(), (select id from sub where session_id = (select one from c))) ->> 'state', 'filled', 'who presses twice hears the same');
select results_eq($$ select teaches, calendar_sequence from sub where session_id = (select one from c) $$, $$ values (pg_temp.teacher('cleo'), 1) $$, 'the schedule has the new teacher, and calendars a new version');
select pg_temp.become('bea@teach.test');
select throws_ok($$ select api.accept_substitution(pg_temp.here(), (select id from sub where session_id = (select one from c))) $$, 'PT409', 'substitution_taken', 'the second hears that it is taken');
select is((select count(*) from messages.emails where business_id = pg_temp.here() and template = 'substitute_teacher'), 2::bigint, 'everyone who is coming is told once, and who cancelled is not');
select results_eq($$ select pg_temp.told('substitute_found') union all select pg_temp.told('substitute_yours') $$, array['ann@teach.test', 'cleo@teach.test'], 'and so are the one who asked and the one who has it');
select results_eq($$ select step from booking.substitution_steps where substitution_id = (select id from sub where session_id = (select one from c)) order by id $$, array['asked', 'told', 'told', 'everyone_told', 'accepted', 'filled'], 'every step is kept');

-- What ends a request
select pg_temp.become('ann@teach.test');
select api.ask_substitute(pg_temp.here(), called_off), api.ask_substitute(pg_temp.here(), taken), api.ask_substitute(pg_temp.here(), given), api.ask_substitute(pg_temp.here(), lonely) from c;
update booking.sessions set state = 'cancelled' where id = (select called_off from c);
select is((select state from sub where session_id = (select called_off from c)), 'withdrawn', 'a class that is called off needs nobody');
select throws_ok($$ select api.ask_substitute(pg_temp.here(), (select called_off from c)) $$, 'PT409', 'session_cancelled', 'nor can anybody be asked for it');
select pg_temp.become('bea@teach.test');
select throws_ok($$ select api.accept_substitution(pg_temp.here(), (select id from sub where session_id = (select called_off from c))) $$, 'PT409', 'session_cancelled', 'nor is it there to be taken');
select pg_temp.session('bea', interval '7 days 30 minutes');
select throws_ok($$ select api.accept_substitution(pg_temp.here(), (select id from sub where session_id = (select taken from c))) $$, 'PT409', 'instructor_busy', 'a substitute who became busy is told so');
select is((select state from sub where session_id = (select taken from c)), 'open', 'and the request stays open');
select is(api.decline_substitution(pg_temp.here(), (select id from sub where session_id = (select lonely from c))) ->> 'state', 'declined', 'one says no');
select is_empty($$ select pg_temp.told('substitute_nobody') $$, 'that is not the end while others have not been asked');
update booking.substitutions set everyone_at = now() where session_id = (select lonely from c);
select api.tend_substitution((select id from sub where session_id = (select lonely from c)));
select pg_temp.become('cleo@teach.test');
select api.decline_substitution(pg_temp.here(), (select id from sub where session_id = (select lonely from c)));
select results_eq($$ select pg_temp.told('substitute_nobody') $$, array['boss@teach.test'], 'when nobody is left the managers hear of it');
update booking.sessions set starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour' where id = (select lonely from c);
select throws_ok($$ select api.accept_substitution(pg_temp.here(), (select id from sub where session_id = (select lonely from c))) $$, 'PT409', 'session_past', 'a class that has begun cannot be taken');
select is(api.tend_substitution((select id from sub where session_id = (select lonely from c))), 'lapsed', 'and its request lapses');
select pg_temp.become('boss@teach.test');
select throws_ok($$ select api.assign_substitute(pg_temp.here(), (select given from c), pg_temp.teacher('dora')) $$, 'PT409', 'instructor_not_qualified', 'a manager gives no class to one who may not teach it');
select throws_ok($$ select api.assign_substitute(pg_temp.here(), (select given from c), pg_temp.teacher('ann')) $$, 'PT409', 'own_substitution', 'nor to the one who has it');
select is(api.assign_substitute(pg_temp.here(), (select given from c), pg_temp.teacher('bea')) ->> 'state', 'filled', 'a manager who found somebody gives it to them');
select results_eq($$ select step from booking.substitution_steps where substitution_id = (select id from sub where session_id = (select given from c)) order by id $$, array['asked', 'told', 'assigned', 'filled'], 'which ends the search');

-- With a manager's approval
select lives_ok($$ select api.set_substitution_rules(pg_temp.here(), 0, 0, true) $$, 'a manager wants to decide from now on');
select throws_ok($$ select api.set_substitution_rules(pg_temp.here(), 1000, 0, true) $$, 'PT422', 'hours_invalid', 'a head start is ten days at most');
select pg_temp.become('ann@teach.test');
select is(api.ask_substitute(pg_temp.here(), (select approved from c)) ->> 'told', '2', 'without a head start everyone is asked at once');
select pg_temp.become('bea@teach.test');
select is(api.accept_substitution(pg_temp.here(), (select id from sub where session_id = (select approved from c))) ->> 'state', 'accepted', 'who volunteers waits');
select is((select teaches from sub where session_id = (select approved from c)), pg_temp.teacher('ann'), 'and the schedule does not change yet');
select throws_ok($$ select api.decide_substitution(pg_temp.here(), (select id from sub where session_id = (select approved from c)), true) $$, 'PT403', 'not_your_role', 'nobody approves themselves');
select pg_temp.become('boss@teach.test');
select is(api.decide_substitution(pg_temp.here(), (select id from sub where session_id = (select approved from c)), false) ->> 'state', 'open', 'the manager turns one down');
select pg_temp.become('bea@teach.test');
select throws_ok($$ select api.accept_substitution(pg_temp.here(), (select id from sub where session_id = (select approved from c))) $$, 'PT409', 'substitution_turned_down', 'who need not try again');
select pg_temp.become('cleo@teach.test');
select api.accept_substitution(pg_temp.here(), (select id from sub where session_id = (select approved from c)));
select pg_temp.become('boss@teach.test');
select is(api.decide_substitution(pg_temp.here(), (select id from sub where session_id = (select approved from c)), true) ->> 'state', 'filled', 'and approves the next');
select throws_ok($$ select api.decide_substitution(pg_temp.here(), (select id from sub where session_id = (select approved from c)), true) $$, 'PT409', 'substitution_not_waiting', 'once');

-- A class for whoever teaches it
select pg_temp.become('cleo@teach.test');
select is(jsonb_array_length(api.my_class(pg_temp.here(), (select one from c)) -> 'roster'), 2, 'who teaches a class sees who comes');
select pg_temp.become('ann@teach.test');
select throws_ok($$ select api.my_class(pg_temp.here(), (select one from c)) $$, 'PT404', 'session_not_found', 'who gave it away does not any more');
select is((select count(*) from api.my_classes(pg_temp.here(), now(), now() + interval '30 days') k where k.session_id in ((select one from c), (select given from c))), 0::bigint, 'nor is it among their classes');

-- Calendars
create temporary table feed as select api.make_calendar(pg_temp.here(), 'instructor') as made;
select is(jsonb_array_length(api.calendar_feed(pg_temp.here(), (select made ->> 'token' from feed)) -> 'entries'), 4, 'an instructor''s calendar has their classes, past and called off ones too');
select is((select bool_or((e ->> 'cancelled')::boolean) from jsonb_array_elements(api.calendar_feed(pg_temp.here(), (select made ->> 'token' from feed)) -> 'entries') e), true, 'called off ones say so');
select is(api.calendar_feed('10000000-0000-4000-8000-000000000001', (select made ->> 'token' from feed)), null, 'at another business the address opens nothing');
select throws_ok($$ select api.make_calendar(pg_temp.here(), 'room', (select room_id from booking.sessions where id = (select one from c))) $$, 'PT403', 'not_your_role', 'rooms are for managers to share');
select pg_temp.become('bea@teach.test');
select throws_ok($$ select api.revoke_calendar(pg_temp.here(), (select (made ->> 'feed_id')::uuid from feed)) $$, 'PT404', 'calendar_not_found', 'a colleague''s address cannot be taken back');
select pg_temp.become('ann@teach.test');
select lives_ok($$ select api.revoke_calendar(pg_temp.here(), (select (made ->> 'feed_id')::uuid from feed)), api.revoke_calendar(pg_temp.here(), (select (made ->> 'feed_id')::uuid from feed)) $$, 'one''s own can, and again');
select is(api.calendar_feed(pg_temp.here(), (select made ->> 'token' from feed)), null, 'then it answers nobody');
update booking.sessions set seats_taken = seats_taken + 1 where id = (select given from c);
select is((select calendar_sequence from sub where session_id = (select given from c)), 1, 'a seat that is sold is nothing new for calendars');

select is_empty($$ select * from audit.findings(pg_temp.here()) $$, 'what the managers did is in an unbroken chain');
select * from finish();
rollback;
