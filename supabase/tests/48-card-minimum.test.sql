-- What is too little for a card: said before anything is sold, wherever a card could be asked for it.
begin;
select plan(18);

create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.spot() returns uuid language sql immutable as $$ select '2fffffff-0000-4000-8000-000000000048'::uuid $$;
create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who || '@least.test'), 'role', 'authenticated')::text, true);
$$;
insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
select gen_random_uuid(), 'authenticated', 'authenticated', n || '@least.test', now(), '{}', jsonb_build_object('full_name', initcap(n), 'locale', 'en') from unnest(array['bar', 'boss', 'cora']) n;
insert into business.staff (business_id, user_id, role) select pg_temp.lotus(), u.id, x.role from (values ('bar', 'barista'), ('boss', 'manager')) x (who, role) join auth.users u on u.email = x.who || '@least.test';
select pg_temp.become('cora'), api.become_member(pg_temp.lotus());
create function pg_temp.cora() returns uuid language sql as $$ select m.id from members.members m join auth.users u on u.id = m.user_id where u.email = 'cora@least.test' and m.business_id = pg_temp.lotus() $$;

-- Classes for 40 cents, 50 cents and 20 euros, one after the other.
insert into booking.class_types (id, business_id, slug, name, style, level, duration_minutes, price_cents, tax_rate_bp, capacity)
values ('48000000-0000-4000-8000-000000000001', pg_temp.lotus(), 'least', '{"en": "Least"}', 'hatha', 'all', 20, 40, 2100, 9);
insert into booking.rooms (id, business_id, location_id, name, capacity) select '48000000-0000-4000-8000-000000000002', l.business_id, l.id, 'Least', 9 from business.locations l where l.business_id = pg_temp.lotus() limit 1;
insert into booking.instructors (id, business_id, slug, name, published) values ('48000000-0000-4000-8000-000000000003', pg_temp.lotus(), 'least', 'Least', false);
insert into booking.sessions (id, business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
select ('48000000-0000-4000-8000-0000000001' || lpad(n::text, 2, '0'))::uuid, pg_temp.lotus(), '48000000-0000-4000-8000-000000000001', '48000000-0000-4000-8000-000000000002', '48000000-0000-4000-8000-000000000003', now() + interval '9 days' + n * interval '1 hour', now() + interval '9 days 20 minutes' + n * interval '1 hour', 9, cents
from (values (1, 40), (2, 50), (3, 2000)) x (n, cents);
create function pg_temp.class(n int) returns uuid language sql immutable as $$ select ('48000000-0000-4000-8000-0000000001' || lpad(n::text, 2, '0'))::uuid $$;
create function pg_temp.book(n int, key text, way text default 'card') returns jsonb language sql as $$ select api.book_session(pg_temp.lotus(), pg_temp.class(n), 'least-seat-' || key, way) $$;
create function pg_temp.taken(n int) returns int language sql as $$ select seats_taken from booking.sessions where id = pg_temp.class(n) $$;
create function pg_temp.wallet() returns text language sql as $$ select coalesce(-a.balance, 0) || ' ' || coalesce(a.reserved, 0) from (select 1) x left join ledger.accounts a on a.business_id = pg_temp.lotus() and a.kind = 'wallet' and a.unit = 'EUR' and a.owner = pg_temp.cora()::text $$;

select throws_ok($$ select pg_temp.book(1, 'a') $$, 'PT409', 'card_below_minimum', 'a seat of 40 cents is not sold to a card that pays from 50 up');
select is(pg_temp.taken(1), 0, 'and nobody has it');
select is(pg_temp.book(2, 'b') ->> 'state', 'placed', 'one of 50 is');
select isnt((select p.payment_id from api.begin_payment(pg_temp.lotus(), (select o.id from sales.orders o where o.member_id = pg_temp.cora() and o.state = 'placed')) p), null, 'and can be paid');

-- What the wallet leaves of it ----------------------------------------------------------------------------------------
do $$ begin perform ledger.transfer(pg_temp.lotus(), 'test_top_up', 'least', array[ledger.account(pg_temp.lotus(), 'EUR', 'rounding', 'least'), ledger.account(pg_temp.lotus(), 'EUR', 'wallet', pg_temp.cora()::text)], array[1960::bigint, -1960]); end $$;
select is(pg_temp.wallet(), '1960 0', 'she has 19.60 in her wallet');
create function pg_temp.token() returns text language sql immutable as $$ select rpad('least', 40, 'x') $$;
select api.add_seat_to_cart(pg_temp.lotus(), pg_temp.class(3), pg_temp.token());
select api.use_wallet(pg_temp.lotus(), true, pg_temp.token());
prepare buy as select api.place_order(pg_temp.lotus(), 'least-cart', pg_temp.token());
select throws_ok('buy', 'PT409', 'card_below_minimum', '40 cents beside it are too little as well');
select is(pg_temp.wallet(), '1960 0', 'nothing of the wallet is kept for what was not sold');
select is((select count(*) from sales.orders o where o.member_id = pg_temp.cora() and o.state = 'cart'), 1::bigint, 'and the cart is as it was');
select is(pg_temp.taken(3), 0, 'without a seat');
select api.use_wallet(pg_temp.lotus(), false, pg_temp.token());
select is(api.place_order(pg_temp.lotus(), 'least-cart', pg_temp.token()) ->> 'state', 'placed', 'all of it is not too little');
select is(pg_temp.book(1, 'c', 'wallet') ->> 'state', 'paid', 'and the wallet pays 40 cents');

-- A fee that was charged ----------------------------------------------------------------------------------------------
create temporary table fee as select sales.charge_fee(k, 40, 'late') as id from booking.bookings k where k.member_id = pg_temp.cora() and k.session_id = pg_temp.class(1);
select throws_ok($$ select api.begin_payment(pg_temp.lotus(), (select id from fee)) $$, 'PT409', 'card_below_minimum', 'a fee of 40 cents has no payment page');

-- At the counter ------------------------------------------------------------------------------------------------------
insert into business.locations (id, business_id, name) values (pg_temp.spot(), pg_temp.lotus(), 'Least bar');
insert into shop.counters (location_id, business_id, hours, slot_minutes, slot_seconds, lead_minutes, position)
select pg_temp.spot(), pg_temp.lotus(), (select jsonb_agg(jsonb_build_object('day', d, 'opens', '00:00', 'closes', '24:00')) from generate_series(1, 7) d), 5, 600, 2, 99;
insert into shop.products (business_id, category_id, slug, kind, name, price_cents, tax_rate_bp, make_seconds, published)
select pg_temp.lotus(), (select k.id from shop.categories k where k.business_id = pg_temp.lotus() limit 1), 'least-sweet', 'retail', '{"en": "Sweet"}', 40, 1000, 0, true;
select pg_temp.become('boss');
create temporary table it as select api.add_till(pg_temp.lotus(), pg_temp.spot(), 'Bar') as till, (api.begin_reader(pg_temp.lotus(), pg_temp.spot(), 'Least') ->> 'reader_id')::uuid as reader;
select api.attach_reader((select reader from it), 'tml_least', 'tmr_least', 'simulated_wisepos_e', 'simulated-wpe-48', true);
select api.change_reader(pg_temp.lotus(), (select reader from it), 'Least', array[(select till from it)]);
select pg_temp.become('bar');
create function pg_temp.lines(n int) returns jsonb language sql immutable as $$ select jsonb_build_array(jsonb_build_object('slug', 'least-sweet', 'quantity', n)) $$;
prepare sweet as select api.send_to_reader(pg_temp.lotus(), (select till from it), gen_random_uuid(), pg_temp.lines(1));
select throws_ok('sweet', 'PT409', 'card_below_minimum', 'a reader is not sent a sweet');
select is(api.open_split(pg_temp.lotus(), (select till from it), '48000000-0000-4000-8000-000000000009', pg_temp.lines(2)) ->> 'due_cents', '80', 'two can be paid in parts');
prepare part(bigint) as select api.send_part_to_reader(pg_temp.lotus(), '48000000-0000-4000-8000-000000000009', gen_random_uuid(), $1);
select throws_ok('execute part(40)', 'PT409', 'card_below_minimum', 'but not 40 cents of them at the reader');
select is(api.take_part(pg_temp.lotus(), '48000000-0000-4000-8000-000000000009', 'terminal', 'least-part-own', 30) ->> 'due_cents', '50', 'the house''s own card machine takes what it likes');
select lives_ok('execute part(50)', 'and 50 are enough for the reader');
select is((select count(*) from ledger.findings()), 0::bigint, 'the books hold');
select * from finish();
rollback;
