-- Cancelling: the refund the booking's own policy gives, once, and what the ledger says of it.
begin;
select plan(15);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create temporary table b (name text, id uuid, payment_id uuid);
-- Books and pays 15.00 for a class so many hours from now; half comes back when cancelled in its last six hours.
create function pg_temp.booked(name text, hours int, room text) returns void language plpgsql as $$
declare session uuid; o jsonb; pay uuid;
begin
  insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select t.business_id, t.id, r.id, i.id, date_trunc('day', now()) + make_interval(days => 45, hours => hours), date_trunc('day', now()) + make_interval(days => 45, hours => hours, mins => 45), 5, 1501
  from booking.class_types t, booking.rooms r, booking.instructors i where t.slug = 'lunch-power' and r.name = room and i.slug = 'mateo' returning id into session;
  o := api.book_session(pg_temp.lotus(), session, 'book-' || name);
  select x.payment_id into pay from api.begin_payment(pg_temp.lotus(), (o ->> 'order_id')::uuid) x;
  perform api.receive_payment_event('stripe', 'ev-' || name, 'test', now(), jsonb_build_object('kind', 'payment', 'payment_id', pay, 'intent_ref', 'pi_' || pay, 'state', 'captured', 'amount_cents', 1501, 'currency', 'EUR'), '{}');
  insert into b select booked.name, k.id, pay from booking.bookings k where k.session_id = session;
end $$;
select pg_temp.become('ada@example.test');
select pg_temp.booked('early', 0, 'Sala Azotea'), pg_temp.booked('late', 2, 'Sala Azotea'), pg_temp.booked('begun', 4, 'Sala Azotea');
-- Time passes for two of them.
update booking.bookings set free_cancel_until = now() - interval '1 minute' where id in (select id from b where name in ('late', 'begun'));
update booking.bookings set starts_at = now() - interval '1 minute' where id = (select id from b where name = 'begun');

select results_eq($$ select late, refund_cents, paid_cents, may_cancel from api.cancellation_preview(pg_temp.lotus(), (select id from b where name = 'early')) $$, $$ values (false, 1501::bigint, 1501::bigint, true) $$, 'before the limit the preview promises everything');
select results_eq($$ select late, refund_cents from api.cancellation_preview(pg_temp.lotus(), (select id from b where name = 'late')) $$, $$ values (true, 751::bigint) $$, 'after it half, rounded half up');
select is(api.cancel_booking(pg_temp.lotus(), (select id from b where name = 'early'), 'cancel-early') ->> 'refund_cents', '1501', 'cancelling gives what was promised');
select is(api.cancel_booking(pg_temp.lotus(), (select id from b where name = 'early'), 'cancel-early') ->> 'refund_cents', '1501', 'asking again with the same key gives the same answer');
select throws_ok($$ select api.cancel_booking(pg_temp.lotus(), (select id from b where name = 'early'), 'cancel-again') $$, 'PT409', 'booking_cancelled_before', 'and there is nothing to cancel twice');
select throws_ok($$ select api.cancel_booking(pg_temp.lotus(), (select id from b where name = 'late'), 'cancel-early') $$, 'PT422', 'idempotency_key_reused', 'a key answers for one request only');
select is(api.cancel_booking(pg_temp.lotus(), (select id from b where name = 'late'), 'cancel-late') ->> 'state', 'late_cancelled', 'a late one is called late');
select throws_ok($$ select api.cancel_booking(pg_temp.lotus(), (select id from b where name = 'begun'), 'cancel-begun') $$, 'PT409', 'session_past', 'what has begun cannot be cancelled');
select is((select sum(s.seats_taken) from booking.sessions s join booking.bookings k on k.session_id = s.id join b on b.id = k.id), 1::bigint, 'two seats are free again');
select is((select count(*) from payments.refunds f join b on b.payment_id = f.payment_id), 2::bigint, 'two refunds are asked for, one for each');
select is_empty($$ select * from ledger.findings() $$, 'while they are under way the books agree');
select lives_ok($$ select api.receive_payment_event('stripe', 'rf-' || f.id, 'test', now(), jsonb_build_object('kind', 'refund', 'payment_id', f.payment_id, 'refund_id', f.id, 'refund_ref', 're_' || f.id, 'refund_state', 'succeeded'), '{}') from payments.refunds f join b on b.payment_id = f.payment_id $$, 'the provider makes them');
select results_eq($$ select p.state from payments.payments p join b on b.payment_id = p.id order by b.name $$, $$ values ('captured'), ('refunded'), ('partially_refunded') $$, 'one payment went back whole, one in part');
select is_empty($$ select * from ledger.findings() $$, 'and the books still agree');
select pg_temp.become('bruno@example.test');
select throws_ok($$ select api.cancel_booking(pg_temp.lotus(), (select id from b where name = 'begun'), 'not-mine') $$, 'PT404', 'booking_not_found', 'somebody else''s booking is not there');

select * from finish();
rollback;
