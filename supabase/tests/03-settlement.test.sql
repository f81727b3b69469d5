-- Money: what a payment does, whatever order its events come in.
begin;
select plan(26);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', case when who is null then '' else jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text end, true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create temporary table s (name text, id uuid);
with made as (
  insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select t.business_id, t.id, r.id, i.id, date_trunc('day', now()) + interval '41 days' + make_interval(hours => n), date_trunc('day', now()) + interval '41 days 50 minutes' + make_interval(hours => n), 1, 1600
  from generate_series(0, 5) n, booking.class_types t, booking.rooms r, booking.instructors i
  where t.slug = 'morning-vinyasa' and r.name = 'Sala Azotea' and i.slug = 'tomas' and i.business_id = t.business_id returning id, starts_at)
insert into s select 's' || row_number() over (order by starts_at), id from made;

create temporary table p (name text, order_id uuid, payment_id uuid);
-- Holds a seat and opens a payment, as the checkout does.
create function pg_temp.place(name text, who text, session text) returns void language plpgsql as $$
declare o jsonb;
begin
  perform pg_temp.become(who);
  o := api.book_session(pg_temp.lotus(), (select s.id from s where s.name = session), 'place-' || name);
  insert into p select place.name, (o ->> 'order_id')::uuid, b.payment_id from api.begin_payment(pg_temp.lotus(), (o ->> 'order_id')::uuid) b;
  perform api.attach_payment(payment_id, 'cs_' || p.name, null, 'https://pay.test') from p where p.name = place.name;
end $$;
create function pg_temp.event(id text, name text, state text, amount bigint default 1600, intent text default null) returns text language sql as $$
  select api.receive_payment_event('stripe', id, 'test', now(), jsonb_strip_nulls(jsonb_build_object('kind', 'payment', 'payment_id', p.payment_id, 'intent_ref', coalesce(intent, 'pi_' || p.name), 'state', event.state, 'amount_cents', amount, 'currency', 'EUR', 'failure_code', case when event.state = 'failed' then 'card_declined' end)), '{}') ->> 'outcome' from p where p.name = event.name;
$$;
create function pg_temp.state(name text) returns text language sql as $$ select o.state from sales.orders o join p on p.order_id = o.id where p.name = state.name $$;
create function pg_temp.booking_state(name text) returns text language sql as $$ select b.state from booking.bookings b join sales.order_lines l on l.id = b.order_line_id join p on p.order_id = l.order_id where p.name = booking_state.name order by b.created_at desc, b.state = 'expired' limit 1 $$;

select lives_ok($$ select pg_temp.place('paid', 'ada@example.test', 's1') $$, 'a seat is held and a payment begun');
select is(pg_temp.event('e1', 'paid', 'captured'), 'settled', 'the captured payment settles the order');
select is(pg_temp.event('e1', 'paid', 'captured'), 'duplicate', 'the same event again does nothing');
select is(pg_temp.event('e2', 'paid', 'captured'), 'stale', 'another event that says the same does nothing');
select is(pg_temp.event('e3', 'paid', 'processing'), 'stale', 'an older event after a newer one does nothing');
select is(pg_temp.event('e4', 'paid', 'failed'), 'stale', 'not even a failure');
select is(pg_temp.state('paid') || ' ' || pg_temp.booking_state('paid'), 'paid confirmed', 'paid, and the seat is the member''s');
select is((select count(*) from messages.emails e join p on e.cause = p.order_id::text where p.name = 'paid' and e.template = 'order_confirmed'), 1::bigint, 'one confirmation is sent');
select results_eq($$ select a.kind, e.amount from ledger.entries e join ledger.accounts a on a.id = e.account_id join ledger.transfers t on t.id = e.transfer_id join p on t.source = 'payment:' || p.payment_id where p.name = 'paid' order by 1 $$,
  $$ values ('clearing', 1600::bigint), ('revenue', -1322::bigint), ('tax', -278::bigint) $$, 'every cent is in the ledger: 16.00 of which 2.78 is the 21 % tax it contains');

select pg_temp.place('declined', 'ada@example.test', 's2');
select is(pg_temp.event('d1', 'declined', 'failed'), 'failed', 'a declined card is noted');
select is(pg_temp.state('declined') || ' ' || pg_temp.booking_state('declined'), 'placed held', 'the seat stays held to try again');
select is(pg_temp.event('d2', 'declined', 'captured'), 'settled', 'another card settles it');

select pg_temp.place('late', 'ada@example.test', 's3');
update sales.orders set hold_expires_at = now() - interval '1 minute' where id = (select order_id from p where name = 'late');
update booking.bookings b set held_until = now() - interval '1 minute' from sales.order_lines l where l.id = b.order_line_id and l.order_id = (select order_id from p where name = 'late');
select is(api.expire_holds() >= 1, true, 'the sweep ends the order whose hold ran out');
select is(pg_temp.state('late') || ' ' || pg_temp.booking_state('late'), 'expired expired', 'and gives the seat back');
select is(pg_temp.event('l1', 'late', 'captured'), 'settled', 'paid after that: there still is a seat, so it is theirs');
select is(pg_temp.state('late') || ' ' || pg_temp.booking_state('late'), 'paid confirmed', 'as if nothing had happened');

select pg_temp.place('too late', 'ada@example.test', 's4');
update sales.orders set hold_expires_at = now() - interval '1 minute' where id = (select order_id from p where name = 'too late');
update booking.bookings b set held_until = now() - interval '1 minute' from sales.order_lines l where l.id = b.order_line_id and l.order_id = (select order_id from p where name = 'too late');
select pg_temp.place('next', 'bruno@example.test', 's4');
select is(pg_temp.event('t1', 'too late', 'captured'), 'paid_too_late', 'paid after somebody else took the seat');
select is((select f.reason || ' ' || f.state || ' ' || f.amount_cents from payments.refunds f join p on p.payment_id = f.payment_id where p.name = 'too late'), 'paid_too_late requested 1600', 'all of it goes back, by itself');
select is((select count(*) from messages.emails e join p on e.cause = p.payment_id::text where p.name = 'too late' and e.template = 'paid_too_late'), 1::bigint, 'with an honest e-mail');
select is(pg_temp.event('n1', 'next', 'captured'), 'settled', 'who came next keeps the seat');

select pg_temp.place('twice', 'ada@example.test', 's5');
select is(pg_temp.event('w1', 'twice', 'captured'), 'settled', 'an order is paid on one page');
select is(pg_temp.event('w2', 'twice', 'captured', 1600, 'pi_second_page'), 'paid_twice', 'and again on another that was still open: the second payment goes back');

select pg_temp.place('wrong', 'bruno@example.test', 's6');
select is(pg_temp.event('a1', 'wrong', 'captured', 100), 'amount_mismatch', 'a payment of another amount settles nothing and goes back');

select is(api.receive_payment_event('stripe', 'u1', 'test', now(), '{"kind": "payment", "intent_ref": "pi_nobody", "state": "captured"}', '{}') ->> 'outcome', 'unknown_payment', 'a payment that is not ours is stored and left alone');
select is(api.receive_payment_event('stripe', 'u2', 'test', now(), '{"kind": "other"}', '{}') ->> 'outcome', 'nothing_to_do', 'so is an event we do not know');
select is_empty($$ select * from ledger.findings() $$, 'after all of that the books agree');

select * from finish();
rollback;
