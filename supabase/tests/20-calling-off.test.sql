-- A class is called off: everybody who had a place gets back what they paid, whatever they paid with, and hears of it once.
begin;
select plan(41);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', coalesce(jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, ''), true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.member(who text) returns uuid language sql as $$ select m.id from members.members m where m.business_id = pg_temp.lotus() and m.email::text = who and m.guardian_id is null $$;
create function pg_temp.session(starts_in interval, seats int, price bigint) returns uuid language plpgsql as $$
declare made uuid; room uuid; teacher uuid;
begin
  insert into booking.rooms as r (business_id, location_id, name, capacity) select pg_temp.lotus(), l.id, 'Off ' || starts_in, 20 from business.locations l where l.business_id = pg_temp.lotus() limit 1 returning r.id into room;
  insert into booking.instructors as i (business_id, slug, name, published) values (pg_temp.lotus(), 'off-' || md5(starts_in::text), 'Off', false) returning i.id into teacher;
  insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select t.business_id, t.id, room, teacher, now() + starts_in, now() + starts_in + interval '1 hour', seats, price from booking.class_types t where t.slug = 'hatha-basics' returning id into made;
  return made;
end $$;
create function pg_temp.credits(who text) returns int language sql as $$
  select sum(members.credits_left(p))::int from members.passes p where p.member_id = pg_temp.member(who) $$;
create function pg_temp.wallet(who text) returns bigint language sql as $$
  select coalesce(sum(-a.balance - a.reserved), 0)::bigint from ledger.accounts a where a.kind = 'wallet' and a.owner = pg_temp.member(who)::text $$;

create temporary table placed (n int generated always as identity, order_id uuid);
create function pg_temp.pay(provider text) returns void language sql as $$ select payments.pay_at_once(o, pay.provider) from sales.orders o where o.id = (select p.order_id from placed p order by p.n desc limit 1) $$;

create temporary table s as select pg_temp.session(interval '30 days 3 minutes', 4, 1500) as off, pg_temp.session(interval '31 days', 5, 1500) as full_price;
create temporary table had as select pg_temp.credits('carla@example.test') as credits;

-- Carla with her pass, Bruno from his wallet, Ada has a hold she has not paid yet, the manager paid at the desk.
select pg_temp.become('carla@example.test');
select is(api.book_session(pg_temp.lotus(), (select off from s), 'calling-off-carla') ->> 'state', 'paid', 'a pass pays at once');
select is(pg_temp.credits('carla@example.test'), (select credits - 1 from had), 'with one credit');
select pg_temp.become('bruno@example.test');
select throws_ok($$ select api.book_session(pg_temp.lotus(), (select off from s), 'calling-off-poor', 'wallet') $$, 'PT409', 'wallet_too_low', 'an empty wallet pays nothing');
select api.add_top_up_to_cart(pg_temp.lotus(), 5000, repeat('calling-off-cart', 3));
insert into placed (order_id) select (api.place_order(pg_temp.lotus(), 'calling-off-top-up', repeat('calling-off-cart', 3)) ->> 'order_id')::uuid;
select pg_temp.pay('terminal');
select is(pg_temp.wallet('bruno@example.test'), 5000::bigint, 'a wallet is topped up');
select is(api.book_session(pg_temp.lotus(), (select off from s), 'calling-off-bruno', 'wallet') ->> 'state', 'paid', 'and pays at once');
select is(pg_temp.wallet('bruno@example.test'), 3500::bigint, 'what the class costs');
select pg_temp.become('ada@example.test');
create temporary table ada as select (api.book_session(pg_temp.lotus(), (select off from s), 'calling-off-ada') ->> 'order_id')::uuid as order_id;
create temporary table begun as select b.payment_id from api.begin_payment(pg_temp.lotus(), (select order_id from ada)) b;
select api.attach_payment(payment_id, 'cs_calling_off', null, 'https://pay.test') from begun;
select pg_temp.become('manager@lotus.test');
insert into placed (order_id) select (api.book_session(pg_temp.lotus(), (select off from s), 'calling-off-manager') ->> 'order_id')::uuid;
select pg_temp.pay('cash');
select is((select balance from ledger.accounts where kind = 'drawer' and owner = 'desk' and business_id = pg_temp.lotus()), 1500::bigint, 'cash is in the drawer');
select pg_temp.become('regular5@example.test');
select is(api.join_waitlist(pg_temp.lotus(), (select off from s), 'calling-off-waits') ->> 'position', '1', 'somebody waits');

select pg_temp.become('frontdesk@lotus.test');
select throws_ok($$ select api.cancel_session(pg_temp.lotus(), (select off from s), 'Flu', 'calling-off-desk') $$, 'PT403', 'not_your_role', 'the front desk does not call classes off');
select pg_temp.become('manager@lotus.test');
select is(api.cancel_session(pg_temp.lotus(), (select off from s), 'Flu', 'calling-off') ->> 'state', 'cancelled', 'a manager does');
select is(api.cancel_session(pg_temp.lotus(), (select off from s), 'Flu', 'calling-off') ->> 'state', 'cancelled', 'the same request again is answered the same');
select throws_ok($$ select api.cancel_session(pg_temp.lotus(), (select off from s), 'Flu', 'calling-off-again') $$, 'PT409', 'session_cancelled', 'another one is told that it was');
select is((select e.state || ' ' || e.why from booking.waitlist_entries e where e.session_id = (select off from s)), 'left session_cancelled', 'nobody waits any more');

select is((select count(*) from generate_series(1, 10) n where api.empty_session((select off from s), 'Flu') > 0), 4::bigint, 'the job gives back one place a turn, and then no more');
select is(pg_temp.credits('carla@example.test'), (select credits from had), 'the credit is back');
select is(pg_temp.wallet('bruno@example.test'), 5000::bigint, 'the wallet is as it was');
select is((select balance from ledger.accounts where kind = 'drawer' and owner = 'desk' and business_id = pg_temp.lotus()), 0::bigint, 'cash is given back');
select is((select state from sales.orders where id = (select order_id from ada)), 'cancelled', 'what was not paid yet is not to be paid any more');
select is((select seats_taken from booking.sessions where id = (select off from s)), 0, 'all seats are free');
select is((select count(*) from messages.notifications n where n.kind = 'session_cancelled' and n.data ->> 'session_id' = (select off from s)::text), 3::bigint, 'everybody who was coming is told once');
select is(api.empty_session((select off from s), 'Flu'), 0, 'a job that runs again finds nothing to do');
-- Ada pressed "Pay" a second after the class was called off.
create function pg_temp.paid(event text) returns text language sql as $$
  select api.receive_payment_event('stripe', event, 'test', now(), jsonb_build_object('kind', 'payment', 'payment_id', b.payment_id, 'intent_ref', 'pi_calling_off', 'state', 'captured', 'amount_cents', 1500, 'currency', 'EUR'), '{}') ->> 'outcome' from begun b $$;
select is(pg_temp.paid('off1'), 'paid_too_late', 'a payment that comes after the class was called off buys nothing');
select is(pg_temp.paid('off1') || ' ' || pg_temp.paid('off2'), 'duplicate stale', 'however often it is told');
select is((select string_agg(f.reason || ' ' || f.amount_cents, ',') from payments.refunds f join begun b on b.payment_id = f.payment_id), 'paid_too_late 1500', 'all of it goes back, once');
select is((select seats_taken from booking.sessions where id = (select off from s)), 0, 'and no seat is taken for it');
select is_empty($$ select * from ledger.findings() $$, 'the books agree');

-- Called off with people at the door: who was checked in, or marked absent, has paid for nothing either.
create temporary table door as select pg_temp.session(interval '2 hours 3 minutes', 5, 1500) as session;
select pg_temp.become('carla@example.test');
select api.book_session(pg_temp.lotus(), (select session from door), 'calling-off-door-carla');
select pg_temp.become('bruno@example.test');
select api.book_session(pg_temp.lotus(), (select session from door), 'calling-off-door-bruno', 'wallet');
update booking.bookings set state = case when member_id = pg_temp.member('carla@example.test') then 'checked_in' else 'no_show' end where session_id = (select session from door);
select pg_temp.become('manager@lotus.test');
select results_eq($$ select state, refund_cents, credits_back from api.session_effect(pg_temp.lotus(), (select session from door)) order by state $$, $$ values ('checked_in', 0::bigint, 1), ('no_show', 1500, 0) $$, 'calling it off says what they get back, too');
select api.cancel_session(pg_temp.lotus(), (select session from door), 'Locked out', 'calling-off-door');
select is((select count(*) from generate_series(1, 5) n where api.empty_session((select session from door), 'Locked out') > 0), 2::bigint, 'who was checked in and who was marked absent are given back as well');
select is(pg_temp.credits('carla@example.test'), (select credits from had), 'the credit is back');
select is(pg_temp.wallet('bruno@example.test'), 5000::bigint, 'and the money');
select is((select seats_taken from booking.sessions where id = (select session from door)), 0, 'nobody is in it');
select is((select count(*) from messages.notifications n where n.kind = 'session_cancelled' and n.data ->> 'session_id' = (select session from door)::text), 2::bigint, 'and they are told');
select is_empty($$ select * from ledger.findings() $$, 'the books agree still');

-- Several places of one buyer: their own by pass, a child's that the desk wrote in the child's name, a guest's. One notice, one letter.
create temporary table many as select pg_temp.session(interval '32 days', 6, 1500) as session, pg_temp.session(interval '33 days', 6, 1500) as given_up;
select pg_temp.become('carla@example.test');
create temporary table kid as select api.add_dependant(pg_temp.lotus(), 'Mia', '2018-01-01') as id;
select api.book_session(pg_temp.lotus(), (select session from many), 'calling-off-many-own');
insert into placed (order_id) select (api.book_session(pg_temp.lotus(), (select session from many), 'calling-off-many', 'card', null, jsonb_build_array(jsonb_build_object('person_id', (select id from kid)), jsonb_build_object('guest_name', 'Pepe'))) ->> 'order_id')::uuid;
select pg_temp.pay('terminal');
update booking.bookings set booked_by = null where member_id = (select id from kid);
create function pg_temp.told_of(session uuid) returns bigint language sql as $$
  select (select count(*) from messages.notifications n where n.kind = 'session_cancelled' and n.data ->> 'session_id' = told_of.session::text)
    * 10 + (select count(*) from messages.emails e where e.template = 'session_cancelled' and e.data ->> 'session_id' = told_of.session::text) $$;
select pg_temp.become('manager@lotus.test');
select api.cancel_session(pg_temp.lotus(), (select session from many), 'Flood', 'calling-off-many');
select is(api.empty_session((select session from many), 'Flood') + api.empty_session((select session from many), 'Flood'), 2, 'two of the three are back, and there the job dies');
select is(pg_temp.told_of((select session from many)), 0::bigint, 'nobody is told of a part');
select is((select count(*) from generate_series(1, 5) n where api.empty_session((select session from many), 'Flood') > 0), 1::bigint, 'it comes again and gives the third back');
select is(pg_temp.told_of((select session from many)), 11::bigint, 'they hear of all three once: one notice, one letter');
select results_eq($$ select n.member_id, n.data ->> 'refund_cents', n.data ->> 'credits_back', n.data ->> 'reason', n.data ? 'about_name', (select string_agg(x ->> 'name', ', ' order by x ->> 'name') from jsonb_array_elements(n.data -> 'places') x)
  from messages.notifications n where n.kind = 'session_cancelled' and n.data ->> 'session_id' = (select session::text from many) $$,
  $$ select pg_temp.member('carla@example.test'), '3000', '1', 'Flood', false, (select string_agg(x, ', ' order by x) from unnest(array['Mia', 'Pepe', (select m.name from members.members m where m.id = pg_temp.member('carla@example.test'))]) x) $$,
  'with everybody whose place it was, the money and the credit together');
-- One of their places comes back by itself, the other they give up meanwhile.
select pg_temp.become('bruno@example.test');
select api.book_session(pg_temp.lotus(), (select given_up from many), 'calling-off-two', 'wallet', null, '[{}, {"guest_name": "Rita"}]');
select pg_temp.become('manager@lotus.test');
select api.cancel_session(pg_temp.lotus(), (select given_up from many), '', 'calling-off-two');
select api.empty_session((select given_up from many), '');
select pg_temp.become('bruno@example.test');
select api.cancel_booking(pg_temp.lotus(), (select k.id from booking.bookings k where k.session_id = (select given_up from many) and k.state = 'confirmed'), 'calling-off-own-cancel');
select is(api.empty_session((select given_up from many), ''), 0, 'then no place is left');
select results_eq($$ select pg_temp.told_of((select given_up from many)), n.data ->> 'refund_cents', n.data ? 'places', n.data ->> 'booking_id' from messages.notifications n where n.kind = 'session_cancelled' and n.data ->> 'session_id' = (select given_up::text from many) $$,
  $$ select 11::bigint, '1500', false, t.booking_id::text from booking.booking_steps t join booking.bookings k on k.id = t.booking_id where k.session_id = (select given_up from many) and t.to_state = 'cancelled' and t.why = booking.called_off() $$, 'and they are told of the one that came back');
select is_empty($$ select * from ledger.findings() $$, 'the books agree with all of it');

select * from finish();
rollback;
