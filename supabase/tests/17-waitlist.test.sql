-- The line for a full class: who is next, who is asked, what is never done unasked. Small classes at night, people of this test's own.
begin;
select plan(96);

create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who || '@waits.test'), 'role', 'authenticated')::text, true);
$$;
create function pg_temp.me(who text) returns uuid language sql as $$
  select m.id from members.members m join auth.users u on u.id = m.user_id where u.email = who || '@waits.test' and m.business_id = pg_temp.lotus();
$$;
insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
select gen_random_uuid(), 'authenticated', 'authenticated', n || '@waits.test', now(), '{}', jsonb_build_object('full_name', initcap(n), 'locale', 'en') from unnest(array['al', 'bea', 'cy', 'dot', 'eve', 'fay', 'gus', 'hal']) n;
select pg_temp.become(n), api.become_member(pg_temp.lotus()) from unnest(array['al', 'bea', 'cy', 'dot', 'eve', 'fay', 'gus', 'hal']) n;
update booking.settings set quiet_from = '00:00', quiet_until = '00:00', waitlist_per_day = 50 where business_id = pg_temp.lotus();
insert into booking.settings (business_id, quiet_from, quiet_until, waitlist_per_day) values (pg_temp.lotus(), '00:00', '00:00', 50) on conflict do nothing;

create function pg_temp.pass(who text, credits int, shareable boolean default false) returns uuid language plpgsql as $$
declare made uuid;
begin
  made := members.grant_pass(pg_temp.lotus(), pg_temp.me(who), (select id from members.plans where slug = 'ten-classes' and business_id = pg_temp.lotus()), null, 0);
  update members.passes p set credits = pass.credits, shareable = pass.shareable where p.id = made;
  perform members.book_credits(made);
  return made;
end $$;
create function pg_temp.left_on(pass uuid) returns int language sql as $$ select members.credits_left(p) from members.passes p where p.id = pass $$;
-- Each class in a room, with a teacher and of a kind nobody else uses.
create function pg_temp.class(tag text, starts_in interval, mode text default 'automatic', seats int default 1, price bigint default 1600, free_hours int default 6, fee bigint default 0) returns uuid language plpgsql as $$
declare made uuid;
begin
  with room as (insert into booking.rooms (business_id, location_id, name, capacity) select pg_temp.lotus(), id, 'Room ' || tag, 20 from business.locations where business_id = pg_temp.lotus() limit 1 returning id),
    teacher as (insert into booking.instructors (business_id, slug, name, published) values (pg_temp.lotus(), 'w-' || tag, 'Teacher ' || tag, false) returning id),
    kind as (insert into booking.class_types (business_id, slug, name, style, level, duration_minutes, price_cents, tax_rate_bp, capacity, free_cancel_hours, late_refund_percent, late_fee_cents, waitlist_mode, waitlist_offer_minutes, waitlist_cutoff_minutes)
      select pg_temp.lotus(), 'w-' || tag, jsonb_build_object('en', 'Class ' || tag), (select slug from booking.styles where business_id = pg_temp.lotus() limit 1), 'all', 60, price, 2100, seats, free_hours, 0, fee, mode, 60, 120 returning id)
  insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select pg_temp.lotus(), kind.id, room.id, teacher.id, now() + starts_in, now() + starts_in + interval '1 hour', seats, price from room, teacher, kind returning id into made;
  return made;
end $$;
create function pg_temp.pay(o jsonb) returns void language plpgsql as $$
declare x record;
begin
  if o ->> 'state' <> 'placed' then return; end if;
  select * into x from api.begin_payment(pg_temp.lotus(), (o ->> 'order_id')::uuid);
  perform api.receive_payment_event('stripe', 'ev-' || x.payment_id, 'test', now(), jsonb_build_object('kind', 'payment', 'payment_id', x.payment_id, 'intent_ref', 'pi_' || x.payment_id, 'state', 'captured', 'amount_cents', x.amount_cents, 'currency', 'EUR'), '{}');
end $$;
create function pg_temp.book(who text, session uuid, pay_with text default 'card') returns uuid language plpgsql as $$
begin
  perform pg_temp.become(who);
  perform pg_temp.pay(api.book_session(pg_temp.lotus(), session, gen_random_uuid()::text, pay_with));
  return (select id from booking.bookings where session_id = session and member_id = pg_temp.me(who) and state = 'confirmed');
end $$;
create function pg_temp.join_line(who text, session uuid, pay_with text default 'auto', pass uuid default null, person uuid default null, only_one uuid[] default null) returns uuid language plpgsql as $$
begin
  perform pg_temp.become(who);
  return (api.join_waitlist(pg_temp.lotus(), session, gen_random_uuid()::text, pay_with, pass, person, only_one) ->> 'entry_id')::uuid;
end $$;
create function pg_temp.cancel(who text, booking uuid) returns jsonb language plpgsql as $$
begin
  perform pg_temp.become(who);
  return api.cancel_booking(pg_temp.lotus(), booking, gen_random_uuid()::text);
end $$;
create function pg_temp.answer(who text, entry uuid, yes boolean, pay_with text default 'auto') returns jsonb language plpgsql as $$
begin
  perform pg_temp.become(who);
  return api.answer_offer(pg_temp.lotus(), entry, yes, gen_random_uuid()::text, pay_with);
end $$;
create function pg_temp.state(entry uuid) returns text language sql as $$ select e.state from booking.waitlist_entries e where e.id = entry $$;
create function pg_temp.told(who text, kind text) returns bigint language sql as $$ select count(*) from messages.notifications n where n.member_id = pg_temp.me(who) and n.kind = told.kind $$;
create function pg_temp.jobs(task text, key text) returns bigint language sql as $$ select count(*) from graphile_worker.jobs j where j.task_identifier = task and j.key = jobs.key $$;
create temporary table s (tag text primary key, id uuid);
create temporary table e (tag text primary key, id uuid);
create temporary table k (tag text primary key, id uuid);
create function pg_temp.s(tag text) returns uuid language sql as $$ select x.id from s x where x.tag = s.tag $$;
create function pg_temp.e(tag text) returns uuid language sql as $$ select x.id from e x where x.tag = e.tag $$;
create function pg_temp.k(tag text) returns uuid language sql as $$ select x.id from k x where x.tag = k.tag $$;

-- Joining -------------------------------------------------------------------------------------------------------------
insert into s values ('auto', pg_temp.class('auto', interval '10 days'));
select throws_ok($$ select pg_temp.join_line('bea', pg_temp.s('auto')) $$, 'PT409', 'seats_free', 'where there is a seat nobody waits');
insert into k values ('al', pg_temp.book('al', pg_temp.s('auto')));
select throws_ok($$ select pg_temp.join_line('al', pg_temp.s('auto')) $$, 'PT409', 'already_booked', 'who has a place does not wait for one');
insert into e values ('bea', pg_temp.join_line('bea', pg_temp.s('auto')));
select results_eq($$ select state, pay_with from booking.waitlist_entries where id = pg_temp.e('bea') $$, $$ values ('waiting', 'card') $$, 'without a pass they would pay with a card');
select throws_ok($$ select pg_temp.join_line('bea', pg_temp.s('auto')) $$, 'PT409', 'already_waiting', 'nobody stands in line twice');
select results_eq($$ select kind, data ->> 'mode', data ->> 'position' from messages.notifications where member_id = pg_temp.me('bea') $$, $$ values ('waitlist_joined', 'offer', '1') $$, 'who would pay with a card is told that they will be asked');
select pg_temp.become('cy');
create temporary table cy_pass as select pg_temp.pass('cy', 2) as id;
insert into e values ('cy', pg_temp.join_line('cy', pg_temp.s('auto')));
select is((select pay_with from booking.waitlist_entries where id = pg_temp.e('cy')), 'pass', 'who has a pass would pay with it');
select results_eq($$ select "position", waiting, state from api.my_waitlist(pg_temp.lotus()) $$, $$ values (2, 2, 'waiting') $$, 'and is second in line');
select results_eq($$ select my_entry_state, my_position, waiting, seats_left from api.session_page(pg_temp.lotus(), pg_temp.s('auto')) $$, $$ values ('waiting', 2, 2, 0) $$, 'the class''s page says so too');
select is((select my_entry_state from api.timetable(pg_temp.lotus(), now() + interval '9 days', now() + interval '11 days', null, null, null, 'w-auto')), 'waiting', 'and the timetable');
select throws_ok($$ select pg_temp.join_line('dot', pg_temp.s('auto'), 'pass') $$, 'PT409', 'no_pass_pays', 'a pass that is not there is no promise');
select throws_ok($$ select pg_temp.join_line('dot', pg_temp.s('auto'), 'pass', (select id from cy_pass)) $$, 'PT409', 'no_pass_pays', 'nor is somebody else''s');
select throws_ok($$ select pg_temp.join_line('dot', pg_temp.s('auto'), 'wallet') $$, 'PT409', 'wallet_too_low', 'nor an empty wallet');
select throws_ok($$ select pg_temp.join_line('dot', pg_temp.s('auto'), 'shells') $$, 'PT422', 'pay_with_invalid', 'nor shells');
select throws_ok($$ select pg_temp.join_line('dot', gen_random_uuid()) $$, 'PT404', 'session_not_found', 'a class that does not exist has no line');
select throws_ok($$ select api.join_waitlist('10000000-0000-4000-8000-000000000002', pg_temp.s('auto'), 'elsewhere') $$, 'PT404', 'session_not_found', 'a class of another business is not there');
select throws_ok($$ select pg_temp.join_line('dot', pg_temp.s('auto'), 'auto', null, pg_temp.me('cy')) $$, 'PT404', 'person_not_found', 'nobody queues for a stranger');
insert into s values ('off', pg_temp.class('off', interval '11 days', 'off')), ('soon', pg_temp.class('soon', interval '90 minutes')), ('past', pg_temp.class('past', interval '3 hours')), ('far', pg_temp.class('far', interval '300 days')), ('gone', pg_temp.class('gone', interval '12 days')), ('clash', pg_temp.class('clash', interval '10 days 30 minutes'));
select pg_temp.book('al', pg_temp.s('off')), pg_temp.book('al', pg_temp.s('soon')), pg_temp.book('eve', pg_temp.s('clash')), pg_temp.book('al', pg_temp.s('gone'));
select throws_ok($$ select pg_temp.join_line('dot', pg_temp.s('off')) $$, 'PT409', 'waitlist_off', 'a class without a waitlist has none');
select throws_ok($$ select pg_temp.join_line('dot', pg_temp.s('soon')) $$, 'PT409', 'waitlist_closed', 'the line closes two hours before');
update booking.sessions set starts_at = now() - interval '1 minute' where id = pg_temp.s('past');
select throws_ok($$ select pg_temp.join_line('dot', pg_temp.s('past')) $$, 'PT409', 'session_past', 'for what has begun nobody waits');
select throws_ok($$ select pg_temp.join_line('dot', pg_temp.s('far')) $$, 'PT409', 'booking_not_open', 'for what has not opened neither');
select throws_ok($$ select pg_temp.join_line('eve', pg_temp.s('auto')) $$, 'PT409', 'overlapping_booking', 'who has another class at that time does not wait');
update booking.sessions set state = 'cancelled' where id = pg_temp.s('gone');
select throws_ok($$ select pg_temp.join_line('dot', pg_temp.s('gone')) $$, 'PT409', 'session_cancelled', 'nor for what was called off');
update booking.settings set waitlist_per_day = 1 where business_id = pg_temp.lotus();
insert into s values ('same day', pg_temp.class('same-day', interval '10 days 2 hours'));
select pg_temp.book('al', pg_temp.s('same day'));
-- Whatever the hour of the test, the two classes are on one day in this zone.
update business.businesses set time_zone = (select z.name from pg_timezone_names z where ((now() + interval '10 days') at time zone z.name)::time between '01:00' and '20:00' and z.name like 'Etc/GMT%' limit 1) where id = pg_temp.lotus();
select throws_ok($$ select pg_temp.join_line('cy', pg_temp.s('same day')) $$, 'PT409', 'waitlist_day_full', 'a member waits for so many classes of a day and no more');
update booking.settings set waitlist_per_day = 50 where business_id = pg_temp.lotus();

-- Automatic -----------------------------------------------------------------------------------------------------------
select is(pg_temp.cancel('al', pg_temp.k('al')) ->> 'state', 'cancelled', 'somebody gives up their place');
select is(pg_temp.jobs('advance_waitlist', 'waitlist:' || pg_temp.s('auto')), 1::bigint, 'which wakes the line');
select throws_ok($$ select pg_temp.book('dot', pg_temp.s('auto')) $$, 'PT409', 'session_full', 'until somebody of the line has it, the free place is not for sale');
select is((select seats_left from api.session_page(pg_temp.lotus(), pg_temp.s('auto'))), 0, 'nor shown');
select is(api.advance_waitlist(pg_temp.s('auto')), 'offered', 'who would pay with a card is asked, not charged');
select is((select count(*) from payments.payments p join sales.orders o on o.id = p.order_id where o.member_id = pg_temp.me('bea')), 0::bigint, 'nothing was charged');
select is(pg_temp.told('bea', 'waitlist_offer'), 1::bigint, 'and told once');
select is((select offered_until from booking.waitlist_entries where id = pg_temp.e('bea')), now() + interval '60 minutes', 'with an hour to answer');
select is(api.advance_waitlist(pg_temp.s('auto')), 'nothing', 'one seat, one offer');
select is((select seats_taken from booking.sessions where id = pg_temp.s('auto')), 1, 'the offered place is held');
select throws_ok($$ select pg_temp.answer('cy', pg_temp.e('bea'), true) $$, 'PT404', 'entry_not_found', 'an offer is for the one who was asked');
update booking.waitlist_entries set offered_until = now() - interval '1 second' where id = pg_temp.e('bea');
update booking.bookings set held_until = now() - interval '1 second' where session_id = pg_temp.s('auto') and state = 'held';
select throws_ok($$ select pg_temp.answer('bea', pg_temp.e('bea'), true) $$, 'PT409', 'offer_over', 'a late answer is too late');
select throws_ok($$ select pg_temp.book('dot', pg_temp.s('auto')) $$, 'PT409', 'session_full', 'and still nobody jumps the line');
select is(api.advance_waitlist(pg_temp.s('auto')), 'promoted', 'the next one has a pass, so the place is theirs');
select is(pg_temp.state(pg_temp.e('bea')), 'lapsed', 'the first one has missed their turn');
select is(pg_temp.told('bea', 'waitlist_lapsed'), 1::bigint, 'and is told so');
select is(pg_temp.state(pg_temp.e('cy')), 'promoted', 'promoted it is called');
select is(pg_temp.left_on((select id from cy_pass)), 1, 'one credit was used');
select results_eq($$ select data ->> 'credits_used', data ->> 'booking_id' is not null from messages.notifications where member_id = pg_temp.me('cy') and kind = 'waitlist_promoted' $$, $$ values ('1', true) $$, 'which they were told, once');
select is((select state from booking.bookings where session_id = pg_temp.s('auto') and member_id = pg_temp.me('cy') and credits = 1), 'confirmed', 'they sit');
select is_empty($$ select * from ledger.findings() $$, 'and the books agree');

-- The credit they joined with is gone ---------------------------------------------------------------------------------
insert into s values ('spent', pg_temp.class('spent', interval '13 days')), ('spends', pg_temp.class('spends', interval '14 days', 'automatic', 5));
insert into k values ('spent', pg_temp.book('al', pg_temp.s('spent')));
insert into e values ('spent', pg_temp.join_line('cy', pg_temp.s('spent')));
select pg_temp.book('cy', pg_temp.s('spends'), 'pass');
select is(pg_temp.left_on((select id from cy_pass)), 0, 'the last credit went elsewhere');
select pg_temp.cancel('al', pg_temp.k('spent'));
select is(api.advance_waitlist(pg_temp.s('spent')), 'offered', 'they are asked instead of refused');
select is(pg_temp.state(pg_temp.e('spent')), 'offered', 'the place is held for them meanwhile');
select is(pg_temp.answer('cy', pg_temp.e('spent'), true) ->> 'state', 'placed', 'accepting makes an order that waits for its money');
select is((select seats_taken from booking.sessions where id = pg_temp.s('spent')), 1, 'whose place is held');
select throws_ok($$ select pg_temp.answer('cy', pg_temp.e('spent'), true) $$, 'PT409', 'offer_answered', 'nobody accepts twice');
select throws_ok($$ select pg_temp.answer('cy', pg_temp.e('spent'), false) $$, 'PT409', 'offer_answered', 'nor declines what they accepted');

-- Offers --------------------------------------------------------------------------------------------------------------
insert into s values ('offer', pg_temp.class('offer', interval '15 days', 'offer'));
insert into k values ('offer', pg_temp.book('al', pg_temp.s('offer')));
create temporary table fay_pass as select pg_temp.pass('fay', 3) as id;
insert into e values ('fay', pg_temp.join_line('fay', pg_temp.s('offer'))), ('gus', pg_temp.join_line('gus', pg_temp.s('offer')));
select pg_temp.cancel('al', pg_temp.k('offer'));
select is(api.advance_waitlist(pg_temp.s('offer')), 'offered', 'where it is so agreed, everybody is asked');
select is(pg_temp.left_on((select id from fay_pass)), 3, 'and nothing taken before they say yes');
select is(pg_temp.answer('fay', pg_temp.e('fay'), false) ->> 'state', 'declined', 'no is an answer');
select is(api.advance_waitlist(pg_temp.s('offer')), 'offered', 'then the next one is asked');
select is(pg_temp.state(pg_temp.e('gus')), 'offered', 'in their order');
select pg_temp.become('gus');
select lives_ok($$ select api.leave_waitlist(pg_temp.lotus(), pg_temp.e('gus')) $$, 'who leaves gives up the offer as well');
select is((select seats_taken from booking.sessions where id = pg_temp.s('offer')), 0, 'and the place with it');
select pg_temp.become('hal');
select throws_ok($$ select api.leave_waitlist(pg_temp.lotus(), pg_temp.e('gus')) $$, 'PT404', 'entry_not_found', 'nobody leaves for somebody else');

-- Quiet hours ---------------------------------------------------------------------------------------------------------
insert into s values ('quiet', pg_temp.class('quiet', interval '16 days'));
insert into k values ('quiet', pg_temp.book('al', pg_temp.s('quiet')));
insert into e values ('quiet', pg_temp.join_line('fay', pg_temp.s('quiet')));
update booking.settings set quiet_from = ((now() - interval '1 hour') at time zone (select time_zone from business.businesses where id = pg_temp.lotus()))::time, quiet_until = ((now() + interval '1 hour') at time zone (select time_zone from business.businesses where id = pg_temp.lotus()))::time where business_id = pg_temp.lotus();
select pg_temp.cancel('al', pg_temp.k('quiet'));
select is(api.advance_waitlist(pg_temp.s('quiet')), 'quiet', 'at night nobody is woken');
select is((select run_at from graphile_worker.jobs where key = 'waitlist-morning:' || pg_temp.s('quiet')), date_trunc('second', now() + interval '1 hour') + (now() - date_trunc('second', now())), 'but at the end of it the line goes on');
select throws_ok($$ select pg_temp.book('dot', pg_temp.s('quiet')) $$, 'PT409', 'session_full', 'and until then the place is kept');
update booking.settings set quiet_from = '00:00', quiet_until = '00:00' where business_id = pg_temp.lotus();
select is(api.advance_waitlist(pg_temp.s('quiet')), 'promoted', 'in the morning it goes to who waited');

-- Late cancellers, and those who would be fined ------------------------------------------------------------------------
insert into s values ('late', pg_temp.class('late', interval '5 hours'));
insert into k values ('late', pg_temp.book('al', pg_temp.s('late')));
insert into e values ('late', pg_temp.join_line('fay', pg_temp.s('late')));
select is(pg_temp.cancel('al', pg_temp.k('late')) ->> 'state', 'late_cancelled', 'somebody cancels late');
select is((select kept_cents from booking.forfeits where booking_id = pg_temp.k('late')), 1600::bigint, 'and loses what they paid');
select is(api.advance_waitlist(pg_temp.s('late')), 'offered', 'who could no longer give the place up free of charge is asked');
select is(pg_temp.answer('fay', pg_temp.e('late'), true) ->> 'state', 'paid', 'and says yes, with a credit');
select is((select refilled_by is not null and returned_at is null from booking.forfeits where booking_id = pg_temp.k('late')), true, 'so the place was filled');
select lives_ok($$ select api.return_forfeit(pg_temp.k('late')), api.return_forfeit(pg_temp.k('late')) $$, 'and the job may come twice');
select results_eq($$ select r.amount_cents, r.reason from payments.refunds r join sales.order_lines l on l.order_id = r.order_id join booking.bookings b on b.order_line_id = l.id where b.id = pg_temp.k('late') $$, $$ values (1600::bigint, 'refilled') $$, 'what was lost comes back, once');

-- Only one of these, and never two at once ------------------------------------------------------------------------------
insert into s values ('one', pg_temp.class('one', interval '18 days')), ('two', pg_temp.class('two', interval '19 days')), ('three', pg_temp.class('three', interval '19 days 30 minutes'));
insert into k values ('one', pg_temp.book('al', pg_temp.s('one'))), ('two', pg_temp.book('dot', pg_temp.s('two'))), ('three', pg_temp.book('hal', pg_temp.s('three')));
create temporary table eve_pass as select pg_temp.pass('eve', 5) as id;
insert into e values ('one', pg_temp.join_line('eve', pg_temp.s('one')));
insert into e values ('two', pg_temp.join_line('eve', pg_temp.s('two'), 'auto', null, null, array[pg_temp.e('one')]));
insert into e values ('three', pg_temp.join_line('eve', pg_temp.s('three')));
select is((select count(distinct group_id) from booking.waitlist_entries where id in (pg_temp.e('one'), pg_temp.e('two'))), 1::bigint, 'two classes of which one is enough');
select pg_temp.cancel('al', pg_temp.k('one'));
select is(api.advance_waitlist(pg_temp.s('one')), 'promoted', 'one comes true');
select is(pg_temp.jobs('leave_waitlist', 'leave:' || pg_temp.e('two')), 1::bigint, 'so they leave the other line');
select api.leave_group(pg_temp.e('two'));
select is(pg_temp.state(pg_temp.e('two')), 'left', 'by themselves');
select results_eq($$ select data ->> 'reason' from messages.notifications where member_id = pg_temp.me('eve') and kind = 'waitlist_left' $$, $$ values ('other_class') $$, 'and are told why');
insert into s values ('beside', pg_temp.class('beside', interval '19 days 45 minutes', 'automatic', 3));
select pg_temp.book('eve', pg_temp.s('beside'), 'pass');
select pg_temp.cancel('hal', pg_temp.k('three'));
select is(api.advance_waitlist(pg_temp.s('three')), 'nothing', 'who has booked another class at that time gets no second one');
select is(pg_temp.state(pg_temp.e('three')), 'left', 'and waits no longer');

-- First come, first served, and the cutoff ------------------------------------------------------------------------------
insert into s values ('claim', pg_temp.class('claim', interval '20 days', 'claim'));
insert into k values ('claim', pg_temp.book('al', pg_temp.s('claim')));
insert into e values ('claim gus', pg_temp.join_line('gus', pg_temp.s('claim'))), ('claim hal', pg_temp.join_line('hal', pg_temp.s('claim')));
update booking.bookings set free_cancel_until = now() - interval '1 minute' where id = pg_temp.k('claim');
select pg_temp.cancel('al', pg_temp.k('claim'));
select is(api.advance_waitlist(pg_temp.s('claim')) || api.advance_waitlist(pg_temp.s('claim')), 'toldtold', 'where the first to claim gets it, all are told');
select results_eq($$ select pg_temp.told('gus', 'waitlist_open'), pg_temp.told('hal', 'waitlist_open') $$, $$ values (1::bigint, 1::bigint) $$, 'once each');
select pg_temp.book('hal', pg_temp.s('claim'));
select results_eq($$ select pg_temp.state(pg_temp.e('claim hal')), pg_temp.state(pg_temp.e('claim gus')) $$, $$ values ('accepted', 'waiting') $$, 'the quicker one has it, the other waits on');
select is((select refilled_by is not null from booking.forfeits where booking_id = pg_temp.k('claim')), true, 'and the late canceller''s place was filled by the line');

-- The class is called off -----------------------------------------------------------------------------------------------
insert into s values ('called off', pg_temp.class('called-off', interval '21 days', 'offer', 2));
insert into k values ('off al', pg_temp.book('al', pg_temp.s('called off'))), ('off dot', pg_temp.book('dot', pg_temp.s('called off')));
insert into e values ('off gus', pg_temp.join_line('gus', pg_temp.s('called off'))), ('off hal', pg_temp.join_line('hal', pg_temp.s('called off')));
select pg_temp.cancel('al', pg_temp.k('off al'));
select api.advance_waitlist(pg_temp.s('called off'));
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000002", "role": "authenticated"}', true);
select is(api.cancel_session(pg_temp.lotus(), pg_temp.s('called off'), 'The heating broke', 'call-off') ->> 'state', 'cancelled', 'a class is called off while somebody is being asked');
select results_eq($$ select pg_temp.state(pg_temp.e('off gus')), pg_temp.state(pg_temp.e('off hal')) $$, $$ values ('left', 'left') $$, 'nobody waits any more');
select throws_ok($$ select pg_temp.answer('gus', pg_temp.e('off gus'), true) $$, 'PT409', 'session_cancelled', 'and nobody takes what is no more');
select is((select count(*) from messages.notifications where kind = 'waitlist_left' and data ->> 'reason' = 'session_cancelled' and member_id in (pg_temp.me('gus'), pg_temp.me('hal'))), 2::bigint, 'both are told');

select is_empty($$ select * from ledger.findings() $$, 'after all of it the books agree, and the lines were kept in order');
-- Dearer than it was when they joined: they are asked, whatever they agreed to.
insert into s select x, pg_temp.class(x, i) from (values ('dear-pass', interval '41 days'), ('dear-money', interval '42 days'), ('cheap', interval '43 days')) v (x, i);
create temporary table dear as select pg_temp.pass('gus', 4) as pass;
select ledger.transfer(pg_temp.lotus(), 'wallet_gift', 'waits-dear', array[ledger.account(pg_temp.lotus(), 'EUR', 'loss', 'gifts'), ledger.account(pg_temp.lotus(), 'EUR', 'wallet', pg_temp.me('hal')::text)], array[6000::bigint, -6000]);
insert into k select x, pg_temp.book('al', pg_temp.s(x)) from unnest(array['dear-pass', 'dear-money', 'cheap']) x;
insert into e values ('dear-pass', pg_temp.join_line('gus', pg_temp.s('dear-pass'), 'pass')), ('dear-money', pg_temp.join_line('hal', pg_temp.s('dear-money'), 'wallet')), ('cheap', pg_temp.join_line('hal', pg_temp.s('cheap'), 'wallet'));
update booking.class_types set credits = 2 where slug = 'w-dear-pass';
update booking.sessions set price_cents = 2000 where id = pg_temp.s('dear-money');
update booking.sessions set price_cents = 1000 where id = pg_temp.s('cheap');
select pg_temp.cancel('al', pg_temp.k(x)) from unnest(array['dear-pass', 'dear-money', 'cheap']) x;
select is(api.advance_waitlist(pg_temp.s('dear-pass')), 'offered', 'a place that costs more credits now is offered, not taken');
select is(pg_temp.left_on((select pass from dear)), 4, 'nothing was taken for it');
select is(api.advance_waitlist(pg_temp.s('dear-money')), 'offered', 'nor is more money than they knew of');
select is((select -a.balance from ledger.accounts a where a.kind = 'wallet' and a.owner = pg_temp.me('hal')::text), 6000::bigint, 'the wallet is as it was');
select results_eq($$ select data ->> 'pay_with', (data ->> 'price_cents')::int from messages.notifications where member_id = pg_temp.me('hal') and kind = 'waitlist_offer' and data ->> 'session_id' = pg_temp.s('dear-money')::text $$, $$ values ('wallet', 2000) $$, 'they are told what it costs now, and how they would pay');
select is(api.advance_waitlist(pg_temp.s('cheap')), 'promoted', 'what costs less than they agreed to is theirs at once');
select is((select -a.balance from ledger.accounts a where a.kind = 'wallet' and a.owner = pg_temp.me('hal')::text), 5000::bigint, 'at its price');
select is(pg_temp.answer('gus', pg_temp.e('dear-pass'), true) ->> 'state', 'paid', 'who says yes to two credits has the place');
select is(pg_temp.left_on((select pass from dear)), 2, 'for two');
select is_empty($$ select * from ledger.findings() $$, 'the books agree with all of it');
select * from finish();
rollback;
