-- Seats: who gets one, and every way to be told no. One small class of two seats, three people.
begin;
select plan(20);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
-- A class of this test's own, at night, when the seed's timetable is empty.
create function pg_temp.session(starts_in interval, seats int default 2, price bigint default 0, instructor text default 'tomas', room text default 'Sala Azotea') returns uuid language plpgsql as $$
declare made uuid;
begin
  insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select t.business_id, t.id, r.id, i.id, date_trunc('day', now()) + starts_in, date_trunc('day', now()) + starts_in + interval '1 hour', seats, price
  from booking.class_types t join booking.rooms r on r.business_id = t.business_id and r.name = room join booking.instructors i on i.business_id = t.business_id and i.slug = instructor
  where t.slug = 'first-steps' returning id into made;
  return made;
end $$;
create function pg_temp.book(who text, session uuid) returns jsonb language plpgsql as $$
begin
  perform pg_temp.become(who);
  return api.book_session(pg_temp.lotus(), session, gen_random_uuid()::text);
end $$;
create function pg_temp.seats_left(session uuid) returns int language sql as $$ select seats_left from api.session_page(pg_temp.lotus(), session) $$;

create temporary table s as select
  pg_temp.session(interval '40 days 3 minutes') as free, pg_temp.session(interval '40 days 63 minutes', 2, 1600) as paid, pg_temp.session(interval '40 days 123 minutes', 2, 1600) as other,
  pg_temp.session(interval '40 days 30 minutes', 2, 0, 'ana', 'Sala Jardín') as same_time;

select is(pg_temp.book('ada@example.test', (select free from s)) ->> 'state', 'paid', 'a free class is confirmed at once');
select is(pg_temp.seats_left((select free from s)), 1, 'and takes one seat');
select throws_ok($$ select pg_temp.book('ada@example.test', (select free from s)) $$, 'PT409', 'already_booked', 'nobody sits on two seats of one class');
select throws_ok($$ select pg_temp.book('ada@example.test', (select same_time from s)) $$, 'PT409', 'overlapping_booking', 'nobody is in two classes at once');
select is(pg_temp.book('bruno@example.test', (select free from s)) ->> 'state', 'paid', 'the second seat goes to somebody else');
select throws_ok($$ select pg_temp.book('manager@lotus.test', (select free from s)) $$, 'PT409', 'session_full', 'the third person hears that it is full');
select is(pg_temp.seats_left((select free from s)), 0, 'and nothing was oversold');
select throws_ok($$ update booking.sessions set seats_taken = capacity + 1 where id = (select free from s) $$, '23514', null, 'not even a wrong update can oversell');

select is(pg_temp.book('ada@example.test', (select paid from s)) ->> 'state', 'placed', 'a class that costs is held until it is paid');
select is(pg_temp.seats_left((select paid from s)), 1, 'the held seat is not for sale');
update booking.bookings set held_until = now() - interval '1 second' where session_id = (select paid from s);
update booking.sessions set hold_ends_at = now() - interval '1 second' where id = (select paid from s);
select is(pg_temp.seats_left((select paid from s)), 2, 'a hold that ran out counts no more, before any job has swept it up');
select lives_ok($$ select pg_temp.book('bruno@example.test', (select paid from s)), pg_temp.book('manager@lotus.test', (select paid from s)) $$, 'its seat is sold to whoever comes next');
select is((select state from booking.bookings where session_id = (select paid from s) order by created_at, id limit 1) in ('expired', 'held'), true, 'and the old hold has ended');
select is((select count(*) from booking.bookings where session_id = (select paid from s) and state = 'held'), 2::bigint, 'two holds for two seats');

select throws_ok($$ select pg_temp.book('owner@sur.test', '00000000-0000-4000-8000-000000000000') $$, 'PT404', 'session_not_found', 'a class that does not exist');
select throws_ok(format($$ select api.book_session('10000000-0000-4000-8000-000000000002', %L, 'another-house') $$, (select other from s)), 'PT404', 'session_not_found', 'a class of another business is not there');
update booking.sessions set state = 'cancelled' where id = (select other from s);
select throws_ok($$ select pg_temp.book('ada@example.test', (select other from s)) $$, 'PT409', 'session_cancelled', 'a cancelled class');
select throws_ok($$ insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select business_id, class_type_id, room_id, (select id from booking.instructors where slug = 'mateo'), starts_at + interval '10 minutes', ends_at, 5, 0 from booking.sessions where id = (select free from s) $$, '23P01', null, 'a room holds one class at a time');
select set_config('request.jwt.claims', '', true);
select throws_ok(format($$ select api.book_session(pg_temp.lotus(), %L, 'nobody-here') $$, (select free from s)), 'PT401', 'sign_in_first', 'nobody books without signing in');
select is_empty($$ select * from ledger.findings() $$, 'the books agree');

select * from finish();
rollback;
