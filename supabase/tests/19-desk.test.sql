-- The desk: who may keep a roster, what a tap is worth, what an absence costs, who is let in at the door.
begin;
select plan(70);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', coalesce((select jsonb_build_object('sub', u.id, 'role', 'authenticated')::text from auth.users u where u.email = who), ''), true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.member(who text) returns uuid language sql as $$ select m.id from members.members m where m.business_id = pg_temp.lotus() and m.email::text = who and m.guardian_id is null $$;
insert into booking.rooms (id, business_id, location_id, name, capacity) select '59190000-0000-4000-8000-000000000001', business_id, id, 'Desk test', 9 from business.locations where business_id = pg_temp.lotus() limit 1;
-- The teacher's account is this test's teacher for as long as it runs.
update booking.instructors set user_id = null where business_id = pg_temp.lotus() and slug = 'noor';
insert into booking.instructors (id, business_id, slug, name, user_id) values ('69190000-0000-4000-8000-000000000001', pg_temp.lotus(), 'desk-test', 'Desk Test', (select id from auth.users where email = 'teacher@lotus.test')),
  ('69190000-0000-4000-8000-000000000002', pg_temp.lotus(), 'desk-other', 'Desk Other', null);
insert into booking.class_types (id, business_id, slug, name, style, level, duration_minutes, price_cents, tax_rate_bp, capacity, no_show_fee_cents) values ('49190000-0000-4000-8000-000000000001', pg_temp.lotus(), 'desk-test', '{"en": "Desk test"}', 'hatha', 'all', 60, 1600, 2100, 9, 500);
create function pg_temp.klass(n int, starts interval, seats int default 9, teacher int default 1) returns uuid language sql as $$
  insert into booking.sessions (id, business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  values (('89190000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, pg_temp.lotus(), '49190000-0000-4000-8000-000000000001', '59190000-0000-4000-8000-000000000001', ('69190000-0000-4000-8000-00000000000' || teacher)::uuid, now() + starts, now() + starts + interval '10 minutes', seats, 1600) returning id;
$$;
create function pg_temp.seat(session uuid, who text, n int) returns uuid language plpgsql as $$
declare made uuid := ('99190000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid;
begin
  insert into booking.bookings (id, business_id, session_id, member_id, state, starts_at, free_cancel_until, late_refund_percent, no_show_fee_cents)
  select made, s.business_id, s.id, pg_temp.member(who), 'confirmed', s.starts_at, s.starts_at - interval '12 hours', 0, 500 from booking.sessions s where s.id = session;
  update booking.sessions set seats_taken = seats_taken + 1 where id = session;
  return made;
end $$;
create function pg_temp.k(n int) returns uuid language sql immutable as $$ select ('99190000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
create function pg_temp.s(n int) returns uuid language sql immutable as $$ select ('89190000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
create function pg_temp.state(n int) returns text language sql as $$ select state from booking.bookings where id = pg_temp.k(n) $$;
create function pg_temp.tap(n int, act text, at timestamptz default now(), id uuid default gen_random_uuid()) returns text language sql as $$
  select api.sync_check_ins(pg_temp.lotus(), jsonb_build_array(jsonb_build_object('id', tap.id, 'booking_id', pg_temp.k(n), 'action', act, 'at', at))) -> 0 ->> 'outcome';
$$;
create function pg_temp.mark() returns bigint language sql as $$ select count(*) from realtime.messages r where r.topic = 'session:' || pg_temp.s(1) || ':roster' $$;
select pg_temp.klass(1, '-5 minutes'), pg_temp.klass(2, '20 minutes', 2, 2), pg_temp.klass(3, '3 days'), pg_temp.klass(4, '-40 minutes');
select pg_temp.seat(pg_temp.s(1), 'ada@example.test', 1), pg_temp.seat(pg_temp.s(1), 'bruno@example.test', 2), pg_temp.seat(pg_temp.s(2), 'regular1@example.test', 3), pg_temp.seat(pg_temp.s(3), 'regular2@example.test', 4), pg_temp.seat(pg_temp.s(4), 'regular3@example.test', 5);

-- Who may
select pg_temp.become('ada@example.test');
select throws_ok($$ select pg_temp.tap(1, 'check_in') $$, 'PT403', 'not_your_role', 'a member checks nobody in, not even themselves');
select throws_ok($$ select api.roster(pg_temp.lotus(), pg_temp.s(1)) $$, 'PT403', 'not_your_role', 'and reads no roster');
select throws_ok($$ select * from api.desk_day(pg_temp.lotus(), current_date) $$, 'PT403', 'not_your_role', 'nor the day');
select throws_ok($$ select * from api.desk_find(pg_temp.lotus(), pg_temp.s(1), 'bruno') $$, 'PT403', 'not_your_role', 'nor finds other members');
select throws_ok($$ select api.sell_at_desk(pg_temp.lotus(), pg_temp.s(1), 'member-sells', 'cash', pg_temp.member('ada@example.test')) $$, 'PT403', 'not_your_role', 'nor sells');
select pg_temp.become('owner@sur.test');
select throws_ok($$ select pg_temp.tap(1, 'check_in') $$, 'PT403', 'not_your_role', 'the owner of another business is nobody here');
select is((select x ->> 'outcome' from jsonb_array_elements(api.sync_check_ins('10000000-0000-4000-8000-000000000002', jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'booking_id', pg_temp.k(1), 'action', 'check_in')))) x), 'booking_not_found', 'and through their own desk our booking is not there');
select throws_ok($$ select api.roster('10000000-0000-4000-8000-000000000002', pg_temp.s(1)) $$, 'PT404', 'session_not_found', 'nor is our class');
select pg_temp.become('barista@lotus.test');
select throws_ok($$ select api.roster(pg_temp.lotus(), pg_temp.s(1)) $$, 'PT404', 'session_not_found', 'the bar keeps no rosters');
select is(pg_temp.tap(1, 'check_in'), 'booking_not_found', 'and checks nobody in');
select pg_temp.become('teacher@lotus.test');
select is(pg_temp.tap(1, 'check_in'), 'applied', 'who teaches a class checks people in');
select is(pg_temp.tap(3, 'check_in'), 'booking_not_found', 'but not those of another''s class');
select throws_ok($$ select api.roster(pg_temp.lotus(), pg_temp.s(2)) $$, 'PT404', 'session_not_found', 'whose roster is not theirs to read');
select results_eq($$ select distinct instructor_name from api.desk_day(pg_temp.lotus(), (select (starts_at at time zone 'Europe/Madrid')::date from booking.sessions where id = pg_temp.s(1))) where instructor_name like 'Desk%' $$, $$ values ('Desk Test') $$, 'their day has their classes');
select throws_ok($$ select api.sell_at_desk(pg_temp.lotus(), pg_temp.s(1), 'teacher-sells', 'cash', pg_temp.member('carla@example.test')) $$, 'PT403', 'not_your_role', 'selling is the desk''s');
select throws_ok($$ select api.mark_absent(pg_temp.lotus(), pg_temp.s(2)) $$, 'PT404', 'session_not_found', 'nobody is marked absent in another''s class');

-- What a tap is worth
select pg_temp.become('frontdesk@lotus.test');
select is(pg_temp.state(1), 'checked_in', 'a check-in is seen on the booking');
select is((select s.to_state || ' ' || s.why from booking.booking_steps s where s.booking_id = pg_temp.k(1) order by s.id desc limit 1), 'checked_in came', 'with who and why');
select is(pg_temp.mark(), 3::bigint, 'and open rosters hear it (two seats, one check-in)');
create temporary table taps as select gen_random_uuid() as id;
select is(pg_temp.tap(2, 'check_in', now() - interval '2 minutes', (select id from taps)), 'applied', 'a tap of two minutes ago counts');
select is(pg_temp.tap(2, 'check_in', now() - interval '2 minutes', (select id from taps)), 'known', 'sent again it is the same tap');
select is((select count(*) from booking.check_ins where booking_id = pg_temp.k(2)), 1::bigint, 'and one row');
select is(pg_temp.tap(1, 'check_in', now(), (select id from taps)), 'check_in_reused', 'the id of one tap is no other''s');
select is(pg_temp.tap(2, 'check_in'), 'applied', 'two devices may both have tapped');
select is(pg_temp.state(2), 'checked_in', 'they agree');
select is(pg_temp.tap(2, 'undo', now() - interval '1 minute'), 'applied', 'an undo from before the last check-in arrives late');
select is(pg_temp.state(2), 'checked_in', 'and takes nothing back that came after it');
select is(pg_temp.tap(2, 'undo', now() + interval '1 second'), 'applied', 'an undo');
-- One transaction is one moment: the later of two taps is said by the clock of the device.
update booking.check_ins set at = at - interval '1 second' where booking_id = pg_temp.k(2) and act = 'check_in';
select is(booking.standing(pg_temp.k(2)), 'confirmed', 'takes the check-in back');
select is((select max(at) <= now() from booking.check_ins where booking_id = pg_temp.k(2)), true, 'a clock that runs ahead is set back');
select is(pg_temp.tap(1, 'no_show'), 'applied', 'an absence noted on a device that had not heard');
select is(pg_temp.state(1), 'checked_in', 'does not send away who was seen');
select is(pg_temp.tap(3, 'no_show'), 'absent_too_early', 'nobody is absent before the class begins');
select is(pg_temp.tap(4, 'check_in'), 'check_in_too_early', 'nor there days before');
select throws_ok($$ select api.sync_check_ins(pg_temp.lotus(), '[{"id": "00000000-0000-4000-8000-000000000001", "booking_id": "00000000-0000-4000-8000-000000000001", "action": "dance"}]') $$, 'PT422', 'check_ins_invalid', 'there are three things to tap');
select throws_ok($$ select api.sync_check_ins(pg_temp.lotus(), '[]') $$, 'PT422', 'check_ins_invalid', 'and at least one is');
update booking.bookings set state = 'cancelled' where id = pg_temp.k(3);
update booking.sessions set seats_taken = seats_taken - 1 where id = pg_temp.s(2);
select is(pg_temp.tap(3, 'check_in'), 'not_on_roster', 'who cancelled is not on the roster');

-- Absent
update booking.bookings set state = 'confirmed' where id = pg_temp.k(2);
select throws_ok($$ select api.mark_absent(pg_temp.lotus(), pg_temp.s(2)) $$, 'PT409', 'absent_too_early', 'a class that has not begun has no absent');
delete from booking.check_ins where booking_id = pg_temp.k(2);
select is(api.mark_absent(pg_temp.lotus(), pg_temp.s(1)), 1, 'all who are not checked in did not come');
select is(api.mark_absent(pg_temp.lotus(), pg_temp.s(1)), 0, 'once');
select is(pg_temp.state(2), 'no_show', 'the booking says so');
select is_empty($$ select from booking.forfeits where booking_id = pg_temp.k(2) $$, 'and costs nothing yet');
select is(api.settle_absence(pg_temp.k(2)), 'kept', 'a while later it does');
select is(api.settle_absence(pg_temp.k(2)), 'nothing', 'once');
select is((select o.state || ' ' || o.total_cents from booking.forfeits f join sales.orders o on o.id = f.fee_order_id where f.booking_id = pg_temp.k(2)), 'placed 500', 'the fee of its policy is owed');
select is(pg_temp.tap(2, 'check_in', now() - interval '3 minutes'), 'applied', 'a check-in made without a connection comes in late');
select is(pg_temp.state(2), 'checked_in', 'they were there');
select is(api.settle_absence(pg_temp.k(2)), 'came', 'so the fee');
select is((select o.state || ' ' || f.returned_why from booking.forfeits f join sales.orders o on o.id = f.fee_order_id where f.booking_id = pg_temp.k(2)), 'cancelled came', 'is off');
select is(api.settle_absence(pg_temp.k(1)), 'nothing', 'who was never absent owes nothing');
select is(api.mark_absent_by_itself(), 0, 'by itself nobody is marked absent');
select booking.settings_of(pg_temp.lotus());
update booking.settings set auto_no_show = true where business_id = pg_temp.lotus();
update booking.sessions set ends_at = now() - interval '31 minutes' where id = pg_temp.s(4);
select isnt(api.mark_absent_by_itself(), 0, 'where the business wants it, they are');
select is(pg_temp.state(5), 'no_show', 'half an hour after the class');

-- At the door
insert into members.members (business_id, name, email) values (pg_temp.lotus(), 'No Pass', 'nopass@example.test');
create function pg_temp.sell(key text, who text, pay text, session int default 2) returns jsonb language sql as $$ select api.sell_at_desk(pg_temp.lotus(), pg_temp.s(session), 'desk-key-' || key, pay, pg_temp.member(who)) $$;
select is((select f.name from api.desk_find(pg_temp.lotus(), pg_temp.s(2), 'BRÚNO cos') f), 'Bruno Costa', 'a member is found without minding capitals and accents');
insert into members.desk_codes values (pg_temp.member('carla@example.test'), pg_temp.lotus(), 'K7M2QX') on conflict (member_id) do update set code = 'K7M2QX';
select is((select f.name from api.desk_find(pg_temp.lotus(), pg_temp.s(2), 'k7m 2qx') f), 'Carla Vega', 'and by their code');
select is_empty($$ select from api.desk_find(pg_temp.lotus(), pg_temp.s(2), '%%') $$, 'what is typed is no pattern');
select is(pg_temp.sell('a', 'regular6@example.test', 'cash') ->> 'state', 'checked_in', 'who pays cash is seated and checked in');
select is(pg_temp.sell('a', 'regular6@example.test', 'cash') ->> 'name', 'Greta Lund', 'once');
select is((select array[o.state, p.provider, o.channel] from sales.orders o join payments.payments p on p.order_id = o.id join sales.order_lines l on l.order_id = o.id where l.session_id = pg_temp.s(2)), array['paid', 'cash', 'desk'], 'the money is in the drawer');
select throws_ok($$ select pg_temp.sell('b', 'regular6@example.test', 'terminal') $$, 'PT409', 'on_roster_already', 'nobody sits twice');
select throws_ok($$ select api.sell_at_desk(pg_temp.lotus(), pg_temp.s(2), 'desk-new-known', 'cash', null, 'Somebody', 'ADA@example.test') $$, 'PT409', 'member_known', 'whose address is known is chosen, not made again');
select throws_ok($$ select api.sell_at_desk(pg_temp.lotus(), pg_temp.s(2), 'desk-new-bad', 'cash', null, 'Somebody', 'nothing') $$, 'PT422', 'email_invalid', 'a receipt needs an address');
select throws_ok($$ select pg_temp.sell('c', 'nopass@example.test', 'pass') $$, 'PT409', 'no_pass_pays', 'a pass that is not there pays nothing');
select is(api.sell_at_desk(pg_temp.lotus(), pg_temp.s(2), 'desk-new', 'terminal', null, 'New Face', 'new-face@example.test', null, 'es') ->> 'state', 'checked_in', 'a new face takes the last place');
select is((select array[m.name, m.locale, (m.user_id is null)::text] from members.members m where m.email = 'new-face@example.test'), array['New Face', 'es', 'true'], 'and is a member without an account');
select is((select count(*) from messages.emails e where e.to_address = 'new-face@example.test' and e.template = 'order_confirmed'), 1::bigint, 'with a receipt');
select throws_ok($$ select pg_temp.sell('d', 'nopass@example.test', 'cash') $$, 'PT409', 'session_full', 'a full class is full at the desk too');
select throws_ok($$ select pg_temp.sell('e', 'nopass@example.test', 'cash', 4) $$, 'PT409', 'session_past', 'and what is over is over');
select is((select count(*) from audit.events where act = 'sold_at_desk'), 2::bigint, 'what was sold is in the audit');
select is_empty($$ select * from ledger.findings() where finding <> 'seats' $$, 'the books agree');

select * from finish();
rollback;
