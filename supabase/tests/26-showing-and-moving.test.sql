-- One class shown or hidden, what speaks against its teacher, and its line when it moves or its class waits in another way. A studio of this test's own.
begin;
select plan(69);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who || '@moves.test'), 'role', 'authenticated')::text, true);
$$;
create function pg_temp.here() returns uuid language sql immutable as $$ select '26000000-0000-4000-8000-000000000001'::uuid $$;
insert into business.businesses (id, slug, name, currency, time_zone, country, locales, email) values (pg_temp.here(), 'test-moving', 'Test', 'EUR', 'Europe/Madrid', 'ES', '{en,es}', 'x@example.test');
insert into booking.settings (business_id, quiet_from, quiet_until, waitlist_per_day) values (pg_temp.here(), '00:00', '00:00', 50);
insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
select gen_random_uuid(), 'authenticated', 'authenticated', n || '@moves.test', now(), '{}', jsonb_build_object('full_name', initcap(n), 'locale', 'en') from unnest(array['boss', 'al', 'bea', 'cy', 'dot']) n;
select pg_temp.become(n), api.become_member(pg_temp.here()) from unnest(array['boss', 'al', 'bea', 'cy', 'dot']) n;
insert into business.staff (business_id, user_id, role) select pg_temp.here(), id, 'manager' from auth.users where email = 'boss@moves.test';
create function pg_temp.me(who text) returns uuid language sql as $$ select m.id from members.members m join auth.users u on u.id = m.user_id where u.email = who || '@moves.test' and m.business_id = pg_temp.here() $$;
insert into booking.styles (business_id, slug, name) values (pg_temp.here(), 'calm', '{"en": "Calm"}');
with place as (insert into business.locations (business_id, name) values (pg_temp.here(), 'Here') returning id)
insert into booking.rooms (id, business_id, location_id, name, capacity) select ('26000000-0000-4000-8000-0000000000c' || n)::uuid, pg_temp.here(), place.id, 'Room ' || n, 20 from place, generate_series(1, 2) n;
insert into booking.instructors (id, business_id, slug, name) select ('26000000-0000-4000-8000-0000000000a' || n)::uuid, pg_temp.here(), 'teacher-' || n, 'Teacher ' || n from generate_series(1, 2) n;
insert into booking.class_types (id, business_id, slug, name, style, level, duration_minutes, price_cents, capacity, free_cancel_hours, waitlist_mode, waitlist_offer_minutes, waitlist_cutoff_minutes)
select ('26000000-0000-4000-8000-0000000000b' || row_number() over ())::uuid, pg_temp.here(), mode, jsonb_build_object('en', mode), 'calm', 'all', 60, 0, 1, 6, mode, 1440, 120 from unnest(array['automatic', 'offer', 'claim']) mode;
create function pg_temp.kind(n int) returns uuid language sql immutable as $$ select ('26000000-0000-4000-8000-0000000000b' || n)::uuid $$;
-- One a day, so that nothing meets anything.
create function pg_temp.class(day int, seats int default 1, kind int default 1) returns uuid language sql as $$
  insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select pg_temp.here(), pg_temp.kind(kind), '26000000-0000-4000-8000-0000000000c1', '26000000-0000-4000-8000-0000000000a1', d.at, d.at + interval '1 hour', seats, 0
  from (select (date_trunc('day', now() at time zone 'Europe/Madrid') + make_interval(days => class.day, hours => 18)) at time zone 'Europe/Madrid' as at) d returning id;
$$;
create function pg_temp.on_day(day int) returns text language sql stable as $$ select to_char(now() at time zone 'Europe/Madrid' + make_interval(days => day), 'YYYY-MM-DD') $$;
create function pg_temp.book(who text, session uuid) returns uuid language plpgsql as $$
begin
  perform pg_temp.become(who);
  perform api.book_session(pg_temp.here(), session, gen_random_uuid()::text);
  return (select k.id from booking.bookings k where k.session_id = session and k.member_id = pg_temp.me(who) and k.state = 'confirmed');
end $$;
create function pg_temp.join_line(who text, session uuid) returns uuid language plpgsql as $$
begin
  perform pg_temp.become(who);
  return (api.join_waitlist(pg_temp.here(), session, gen_random_uuid()::text) ->> 'entry_id')::uuid;
end $$;
create function pg_temp.cancel(who text, booking uuid) returns text language plpgsql as $$
begin
  perform pg_temp.become(who);
  return api.cancel_booking(pg_temp.here(), booking, gen_random_uuid()::text) ->> 'state';
end $$;
create function pg_temp.line(session uuid) returns text language sql as $$ select string_agg(e.state, ' ' order by e.joined_at, e.id) from booking.waitlist_entries e where e.session_id = line.session $$;
create function pg_temp.shows(session uuid, visible boolean) returns jsonb language plpgsql as $$
begin
  perform pg_temp.become('boss');
  return api.publish_session(pg_temp.here(), session, visible);
end $$;
create function pg_temp.apply(session uuid, change jsonb) returns jsonb language plpgsql as $$
begin
  perform pg_temp.become('boss');
  return api.change_sessions(pg_temp.here(), session, change, api.preview_session_change(pg_temp.here(), session, change) ->> 'hash', gen_random_uuid()::text);
end $$;
create temporary table s (tag text primary key, id uuid);
create temporary table k (tag text primary key, id uuid);
create function pg_temp.s(tag text) returns uuid language sql as $$ select x.id from s x where x.tag = s.tag $$;
create function pg_temp.k(tag text) returns uuid language sql as $$ select x.id from k x where x.tag = k.tag $$;

-- Shown and hidden ----------------------------------------------------------------------------------------------------
insert into s values ('shown', pg_temp.class(10, 2)), ('line', pg_temp.class(11)), ('gone', pg_temp.class(12)), ('past', pg_temp.class(13)), ('kind', pg_temp.class(14));
insert into k values ('al', pg_temp.book('al', pg_temp.s('shown')));
select throws_ok($$ select api.publish_session(pg_temp.here(), pg_temp.s('shown'), false) $$, 'PT403', 'not_your_role', 'members hide no classes');
select pg_temp.become('boss');
select throws_ok($$ select api.publish_session(pg_temp.here(), (select s.id from booking.sessions s where s.business_id = '10000000-0000-4000-8000-000000000001' limit 1), false) $$, 'PT404', 'session_not_found', 'a class of another business is not there');
select is(pg_temp.shows(pg_temp.s('shown'), false) - 'session_id', '{"published": false, "bookings": 1, "waiting": 0}', 'a manager hides a class and hears who has booked it');
select is((pg_temp.shows(pg_temp.s('shown'), false) ->> 'published')::boolean, false, 'again does nothing');
select results_eq($$ select act, detail ->> 'seats_taken' from audit.events where business_id = pg_temp.here() $$, $$ values ('session_unpublished', '1') $$, 'and is written down once');
select is((select count(*)::int from api.timetable(pg_temp.here(), now(), now() + interval '30 days') t where t.session_id = pg_temp.s('shown')), 0, 'it is not on the timetable');
select pg_temp.become('bea');
select is((select count(*)::int from api.session_page(pg_temp.here(), pg_temp.s('shown'))), 0, 'nor has it a page');
select throws_ok($$ select api.book_session(pg_temp.here(), pg_temp.s('shown'), 'hidden-book') $$, 'PT404', 'session_not_found', 'nobody new books it');
select throws_ok($$ select api.add_seat_to_cart(pg_temp.here(), pg_temp.s('shown'), repeat('hidden-cart-', 4)) $$, 'PT404', 'session_not_found', 'or puts it into a cart');
set local role anon;
select is((select count(*)::int from booking.sessions x where x.id = '26000000-0000-4000-8000-000000000001' or x.hidden_at is not null), 0, 'its row is hidden from visitors');
reset role;
select pg_temp.become('al');
select is((select my_booking_state from api.session_page(pg_temp.here(), pg_temp.s('shown'))), 'confirmed', 'who booked sees it');
select is((select count(*)::int from api.my_bookings(pg_temp.here()) b where b.session_id = pg_temp.s('shown')), 1, 'and has their place');
select is((pg_temp.shows(pg_temp.s('shown'), true) ->> 'published')::boolean, true, 'it is shown again');
select isnt(pg_temp.book('bea', pg_temp.s('shown')), null, 'and booked again');

insert into k values ('line', pg_temp.book('al', pg_temp.s('line')));
select isnt(pg_temp.join_line('cy', pg_temp.s('line')), null, 'somebody waits');
select is(pg_temp.shows(pg_temp.s('line'), false) ->> 'waiting', '1', 'for what is hidden then');
select throws_ok($$ select pg_temp.join_line('dot', pg_temp.s('line')) $$, 'PT404', 'session_not_found', 'nobody new waits for it');
select pg_temp.become('cy');
select is((select my_entry_state from api.session_page(pg_temp.here(), pg_temp.s('line'))), 'waiting', 'who waits still sees it');
select is(pg_temp.cancel('al', pg_temp.k('line')), 'cancelled', 'a place comes free');
select is(api.advance_waitlist(pg_temp.s('line')), 'nothing', 'but the line rests');
select is(pg_temp.line(pg_temp.s('line')), 'waiting', 'and nobody loses their place in it');
delete from graphile_worker._private_jobs where key = 'waitlist:' || pg_temp.s('line');
select is((pg_temp.shows(pg_temp.s('line'), true) ->> 'published')::boolean, true, 'showing it');
select is((select count(*)::int from graphile_worker.jobs j where j.key = 'waitlist:' || pg_temp.s('line')), 1, 'wakes the line');
select is(api.advance_waitlist(pg_temp.s('line')), 'promoted', 'which goes on');

insert into k values ('kind', pg_temp.book('al', pg_temp.s('kind')));
select isnt(pg_temp.join_line('cy', pg_temp.s('kind')), null, 'somebody waits');
select pg_temp.become('boss');
select lives_ok($$ select api.publish_class_type(pg_temp.here(), pg_temp.kind(1), false) $$, 'while all of its class is hidden');
select is(pg_temp.cancel('al', pg_temp.k('kind')), 'cancelled', 'a place that comes free');
select is(api.advance_waitlist(pg_temp.s('kind')), 'nothing', 'goes to nobody');
delete from graphile_worker._private_jobs where key = 'waitlist:' || pg_temp.s('kind');
select pg_temp.become('boss');
select lives_ok($$ select api.publish_class_type(pg_temp.here(), pg_temp.kind(1), true) $$, 'until the class is shown');
select is((select count(*)::int from graphile_worker.jobs j where j.key = 'waitlist:' || pg_temp.s('kind')), 1, 'then its lines wake too');

update booking.sessions set state = 'cancelled' where id = pg_temp.s('gone');
update booking.sessions set starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour' where id = pg_temp.s('past');
select throws_ok($$ select pg_temp.shows(pg_temp.s('gone'), false) $$, 'PT409', 'session_cancelled', 'what was called off is neither shown nor hidden');
select throws_ok($$ select pg_temp.shows(pg_temp.s('past'), false) $$, 'PT409', 'session_past', 'nor what is over');
create function pg_temp.facts(day int, more jsonb default '{}') returns jsonb language sql stable as $$
  select jsonb_build_object('class_type_id', pg_temp.kind(1), 'room_id', '26000000-0000-4000-8000-0000000000c2', 'instructor_id', '26000000-0000-4000-8000-0000000000a2', 'on', pg_temp.on_day(day), 'local_start', '09:00') || more
$$;
insert into s values ('put on', (api.create_session(pg_temp.here(), pg_temp.facts(15, '{"hidden": true}'), 'put-on-hidden') ->> 'session_id')::uuid);
select is((select x.hidden_at is not null from booking.sessions x where x.id = pg_temp.s('put on')), true, 'a class is put on hidden');

-- What speaks against a teacher ---------------------------------------------------------------------------------------
select lives_ok($$ select api.create_session(pg_temp.here(), pg_temp.facts(16), 'without-a-list') $$, 'a studio without a list of who teaches what is not reminded of it');
insert into booking.qualifications (business_id, instructor_id, class_type_id) values (pg_temp.here(), '26000000-0000-4000-8000-0000000000a1', pg_temp.kind(1));
select throws_ok($$ select api.create_session(pg_temp.here(), pg_temp.facts(17), 'is-not-listed') $$, 'PT409', 'instructor_not_qualified', 'one with a list is');
select is((select count(*)::int from booking.sessions s where s.instructor_id = '26000000-0000-4000-8000-0000000000a2' and to_char(s.starts_at at time zone 'Europe/Madrid', 'YYYY-MM-DD') = pg_temp.on_day(17)), 0, 'and nothing is put on');
select lives_ok($$ select api.create_session(pg_temp.here(), pg_temp.facts(17, '{"despite_warnings": true}'), 'all-the-same') $$, 'unless all the same');
insert into booking.qualifications (business_id, instructor_id, class_type_id) values (pg_temp.here(), '26000000-0000-4000-8000-0000000000a2', pg_temp.kind(1));
insert into booking.time_off (business_id, instructor_id, starts_at, ends_at, state) values (pg_temp.here(), '26000000-0000-4000-8000-0000000000a2', now() + interval '20 days', now() + interval '22 days', 'granted'),
  (pg_temp.here(), '26000000-0000-4000-8000-0000000000a2', now() + interval '30 days', now() + interval '32 days', 'requested');
select throws_ok($$ select api.create_session(pg_temp.here(), pg_temp.facts(21), 'is-away-then') $$, 'PT409', 'instructor_away', 'nor is a teacher on time off');
select lives_ok($$ select api.create_session(pg_temp.here(), pg_temp.facts(31), 'only-asked-for') $$, 'time off that is only asked for is none yet');
insert into booking.availability (business_id, instructor_id, weekday, from_time, until_time) select pg_temp.here(), '26000000-0000-4000-8000-0000000000a2', d, '08:00', '12:00' from generate_series(1, 7) d;
select throws_ok($$ select api.create_session(pg_temp.here(), pg_temp.facts(18, '{"local_start": "11:30"}'), 'is-too-late') $$, 'PT409', 'outside_hours', 'nor one whose hours end before the class does');
create function pg_temp.series_facts(more jsonb default '{}') returns jsonb language sql stable as $$
  select pg_temp.facts(1) - 'on' || jsonb_build_object('weekdays', '[1, 2, 3, 4, 5, 6, 7]'::jsonb, 'from_on', pg_temp.on_day(19), 'until_on', pg_temp.on_day(24), 'local_start', '10:30') || more
$$;
create function pg_temp.detail_of(facts jsonb) returns jsonb language plpgsql as $$
declare facts_said text;
begin
  perform api.create_series(pg_temp.here(), facts, gen_random_uuid()::text);
  return null;
exception when others then
  get stacked diagnostics facts_said = pg_exception_detail;
  return facts_said::jsonb;
end $$;
select is((pg_temp.detail_of(pg_temp.series_facts()) ->> 'days')::int between 2 and 3, true, 'of a series the days are counted on which it is so');
select is((select count(*)::int from booking.series where business_id = pg_temp.here()), 0, 'and none of it is made');
insert into s values ('warned', (api.create_session(pg_temp.here(), pg_temp.facts(19, '{"local_start": "09:00"}'), 'put-on-warned') ->> 'session_id')::uuid);
select is(api.preview_session_change(pg_temp.here(), pg_temp.s('warned'), jsonb_build_object('on', pg_temp.on_day(21), 'local_start', '13:00')) #> '{sessions,0,warnings}', '["instructor_away", "outside_hours"]', 'before a change all of it is said');
select is(api.preview_session_change(pg_temp.here(), pg_temp.s('warned'), '{"price_cents": 100}') #> '{sessions,0,warnings}', '[]', 'but not before one that has nothing to do with it');
select lives_ok($$ select pg_temp.apply(pg_temp.s('warned'), '{"local_start": "13:00"}') $$, 'and it stands in nobody''s way');

-- A line moves with its class -----------------------------------------------------------------------------------------
insert into s values ('moves', pg_temp.class(40)), ('asks', pg_temp.class(42, 1, 2));
insert into k values ('moves', pg_temp.book('al', pg_temp.s('moves')));
select pg_temp.join_line('bea', pg_temp.s('moves')), pg_temp.join_line('cy', pg_temp.s('moves'));
select pg_temp.become('boss');
select is(api.preview_session_change(pg_temp.here(), pg_temp.s('moves'), '{"local_start": "20:00"}') #> '{sessions,0,waiting}', '2', 'who waits is counted before a class moves');
create temporary table moved as select pg_temp.apply(pg_temp.s('moves'), '{"local_start": "20:00"}') as answer;
select is((select answer - 'session_id' from moved), '{"told": 1, "waiting": 2, "sessions": 1}', 'and told when it does');
select results_eq($$ select n.data ->> 'position', (n.data ->> 'old_starts_at')::timestamptz - (n.data ->> 'starts_at')::timestamptz from messages.notifications n where n.business_id = pg_temp.here() and n.kind = 'waitlist_moved' order by 1 $$,
  $$ values ('1', interval '-2 hours'), ('2', interval '-2 hours') $$, 'each once, with the time it was and their place');
select is((select s.starts_at - s.claims_until from booking.sessions s where s.id = pg_temp.s('moves')), interval '2 hours', 'the line closes as long before the class as ever');
select is((pg_temp.apply(pg_temp.s('moves'), '{"instructor_id": "26000000-0000-4000-8000-0000000000a2"}') ->> 'waiting')::int, 0, 'another teacher is nothing to those who wait');
select is(pg_temp.cancel('al', pg_temp.k('moves')), 'cancelled', 'whoever cancels at the new time');
select is(api.advance_waitlist(pg_temp.s('moves')), 'promoted', 'makes room for the first in line');
select is(pg_temp.line(pg_temp.s('moves')), 'promoted waiting', 'and no other');

insert into k values ('asks', pg_temp.book('al', pg_temp.s('asks')));
select isnt(pg_temp.join_line('dot', pg_temp.s('asks')), null, 'somebody waits for an offer');
select is(pg_temp.cancel('al', pg_temp.k('asks')), 'cancelled', 'that comes');
update booking.sessions set starts_at = now() + interval '30 hours', ends_at = now() + interval '31 hours', claims_until = now() + interval '28 hours' where id = pg_temp.s('asks');
select is(api.advance_waitlist(pg_temp.s('asks')), 'offered', 'with a day to think');
select lives_ok($$ select pg_temp.apply(pg_temp.s('asks'), (select jsonb_build_object('on', to_char(x.soon, 'YYYY-MM-DD'), 'local_start', to_char(x.soon, 'HH24:MI')) from (select date_trunc('hour', now() + interval '4 hours') at time zone 'Europe/Madrid' as soon) x)) $$, 'a class that moves nearer');
select is((select e.offered_until = s.starts_at and k.held_until = s.starts_at from booking.waitlist_entries e join booking.sessions s on s.id = e.session_id join booking.bookings k on k.id = e.booking_id where s.id = pg_temp.s('asks')), true, 'is answered before it begins');

-- The line ends as it began -------------------------------------------------------------------------------------------
insert into s values ('auto', pg_temp.class(50)), ('claim', pg_temp.class(51, 1, 3)), ('off', pg_temp.class(52));
insert into k values ('auto', pg_temp.book('al', pg_temp.s('auto'))), ('claim', pg_temp.book('al', pg_temp.s('claim'))), ('off', pg_temp.book('al', pg_temp.s('off')));
select pg_temp.join_line('bea', pg_temp.s('auto')), pg_temp.join_line('bea', pg_temp.s('claim')), pg_temp.join_line('cy', pg_temp.s('claim')), pg_temp.join_line('bea', pg_temp.s('off'));
update booking.class_types set waitlist_mode = 'claim' where id = pg_temp.kind(1);
update booking.class_types set waitlist_mode = 'automatic' where id = pg_temp.kind(3);
select isnt(pg_temp.join_line('cy', pg_temp.s('auto')), null, 'whoever joins a line takes it as it is');
select is((select line_mode || ' ' || (claims_until is not null) from booking.sessions where id = pg_temp.s('auto')), 'automatic true', 'by turns, though its class is first come first served by now');
select is(pg_temp.cancel('al', pg_temp.k('auto')), 'cancelled', 'the place that comes free');
select throws_ok($$ select pg_temp.book('dot', pg_temp.s('auto')) $$, 'PT409', 'session_full', 'is nobody''s who does not wait');
select is(api.advance_waitlist(pg_temp.s('auto')), 'promoted', 'the next in line has it');
select pg_temp.cancel('al', pg_temp.k('claim'));
select is(api.advance_waitlist(pg_temp.s('claim')), 'told', 'a line that is first come first served stays so');
select isnt(pg_temp.book('cy', pg_temp.s('claim')), null, 'for the second in it too');
update booking.class_types set waitlist_mode = 'off' where id = pg_temp.kind(1);
select throws_ok($$ select pg_temp.join_line('cy', pg_temp.s('off')) $$, 'PT409', 'waitlist_off', 'a class that has no waitlist any more takes nobody on it');
select pg_temp.cancel('al', pg_temp.k('off'));
select is(api.advance_waitlist(pg_temp.s('off')), 'promoted', 'but keeps its word to those who wait');
select is_empty($$ select * from ledger.findings(pg_temp.here()) $$, 'replayed, every line comes to the same winner');

-- Calendars -----------------------------------------------------------------------------------------------------------
create temporary table seq as select k.member_id, s.id as session_id, s.calendar_sequence as n from booking.bookings k join booking.sessions s on s.id = k.session_id where k.id = pg_temp.k('moves');
select results_eq($$ select (n.data ->> 'calendar_sequence')::int from messages.notifications n join seq on n.member_id = seq.member_id and n.data ->> 'session_id' = seq.session_id::text where n.kind = 'session_changed' order by 1 $$, $$ values (1), (2) $$, 'each letter about a change says which version of the class it has');

select * from finish();
rollback;
