-- Fees that are paid at the front desk: who sees them, who takes them, with what, and what the books say then.
begin;
select plan(46);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
select gen_random_uuid(), 'authenticated', 'authenticated', x, now(), '{}', '{}' from unnest(array['ower@fees.test', 'desk@fees.test', 'teacher@fees.test']) x;
create function pg_temp.id(who text) returns uuid language sql as $$ select u.id from auth.users u where u.email = who $$;
insert into business.staff (business_id, user_id, role) values (pg_temp.lotus(), pg_temp.id('desk@fees.test'), 'front_desk'), (pg_temp.lotus(), pg_temp.id('teacher@fees.test'), 'instructor');
insert into members.members (id, business_id, user_id, name, email) values ('39470000-0000-4000-8000-000000000001', pg_temp.lotus(), pg_temp.id('ower@fees.test'), 'Fees Ower', 'ower@fees.test');
insert into members.members (id, business_id, guardian_id, name, email) values ('39470000-0000-4000-8000-000000000002', pg_temp.lotus(), '39470000-0000-4000-8000-000000000001', 'Fees Child', 'ower@fees.test');
create function pg_temp.member(n int) returns uuid language sql immutable as $$ select ('39470000-0000-4000-8000-00000000000' || n)::uuid $$;
insert into booking.class_types (id, business_id, slug, name, style, level, duration_minutes, price_cents, tax_rate_bp, capacity)
values ('49470000-0000-4000-8000-000000000001', pg_temp.lotus(), 'fees-desk', '{"en": "Fees desk"}', 'hatha', 'all', 20, 1600, 2100, 9);
insert into booking.rooms (id, business_id, location_id, name, capacity) select '59470000-0000-4000-8000-000000000001', l.business_id, l.id, 'Fees desk', 9 from business.locations l where l.business_id = pg_temp.lotus() limit 1;
insert into booking.instructors (id, business_id, slug, name, published, user_id) values ('69470000-0000-4000-8000-000000000001', pg_temp.lotus(), 'fees-desk', 'Fees Desk', false, pg_temp.id('teacher@fees.test'));
insert into booking.sessions (id, business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
select ('89470000-0000-4000-8000-00000000000' || n)::uuid, pg_temp.lotus(), '49470000-0000-4000-8000-000000000001', '59470000-0000-4000-8000-000000000001', '69470000-0000-4000-8000-000000000001', now() - n * interval '30 minutes', now() - n * interval '30 minutes' + interval '20 minutes', 9, 1600 from generate_series(1, 6) n;
create function pg_temp.session(n int) returns uuid language sql immutable as $$ select ('89470000-0000-4000-8000-00000000000' || n)::uuid $$;
-- Each missed one of them, and owes 8 €; the policy of the booking says how many credits would do.
create function pg_temp.missed(n int, who int, fee_credits int default 0) returns uuid language plpgsql as $$
declare made uuid := ('99470000-0000-4000-8000-00000000000' || n)::uuid;
begin
  insert into booking.bookings (id, business_id, session_id, member_id, booked_by, state, starts_at, free_cancel_until, late_refund_percent, no_show_fee_cents, fee_credits)
  select made, s.business_id, s.id, pg_temp.member(who), nullif(pg_temp.member(1), pg_temp.member(who)), 'no_show', s.starts_at, s.starts_at - interval '12 hours', 0, 800, missed.fee_credits from booking.sessions s where s.id = pg_temp.session(n);
  update booking.sessions set seats_taken = seats_taken + 1 where id = pg_temp.session(n);
  perform api.settle_absence(made);
  return (select f.fee_order_id from booking.forfeits f where f.booking_id = made);
end $$;
create temporary table fee as select 1 as n, pg_temp.missed(1, 1) as id union all select 2, pg_temp.missed(2, 2) union all select 3, pg_temp.missed(3, 1, 2) union all select 4, pg_temp.missed(4, 1) union all select 5, pg_temp.missed(5, 1, 2);
create function pg_temp.fee(n int) returns uuid language sql as $$ select f.id from fee f where f.n = fee.n $$;
create function pg_temp.take(n int, way text, key text, pass uuid default null) returns jsonb language sql as $$ select api.take_fee(pg_temp.lotus(), pg_temp.fee(n), way, 'take-fee-' || key, pass) $$;
create function pg_temp.state(n int) returns text language sql as $$ select o.state from sales.orders o where o.id = pg_temp.fee(n) $$;
create function pg_temp.balance(kind text, owner text) returns bigint language sql as $$ select coalesce((select a.balance from ledger.accounts a where a.business_id = pg_temp.lotus() and a.unit = 'EUR' and a.kind = balance.kind and a.owner = balance.owner), 0) $$;
create temporary table before as select pg_temp.balance('drawer', 'desk') as drawer, pg_temp.balance('clearing', 'terminal') as terminal, pg_temp.balance('revenue', 'fees') as fees;
create function pg_temp.on_roster(n int) returns jsonb language sql as $$ select x from jsonb_array_elements(api.roster(pg_temp.lotus(), pg_temp.session(n)) -> 'people') x $$;

-- Who sees it
select pg_temp.become('desk@fees.test');
select results_eq($$ select f ->> 'order_id', (f ->> 'total_cents')::int, f ->> 'currency', f -> 'label' ->> 'en', f -> 'class_name' ->> 'en', f ->> 'person_name', (f ->> 'wallet_cents')::int, (f ->> 'credits')::int, f ->> 'pass_id' from jsonb_array_elements(pg_temp.on_roster(1) -> 'fees') f where f ->> 'order_id' in (pg_temp.fee(1)::text, pg_temp.fee(2)::text) order by f ->> 'booking_id' $$,
  $$ select * from (values (pg_temp.fee(1)::text, 800, 'EUR', 'Missed class', 'Fees desk', null, 0, 0, null), (pg_temp.fee(2)::text, 800, 'EUR', 'Missed class', 'Fees desk', 'Fees Child', 0, 0, null)) x $$, 'the roster says what somebody owes, for themselves and for whom they look after, and what would pay it');
select is((select array_agg(f ->> 'order_id') from jsonb_array_elements(pg_temp.on_roster(2) -> 'fees') f), array[pg_temp.fee(2)::text], 'a child''s line says what is owed for the child');
select is((select jsonb_array_length(f.fees) from api.desk_find(pg_temp.lotus(), pg_temp.session(1), 'fees ower') f where f.name = 'Fees Ower'), 5, 'it is seen where somebody is let in at the door');
select is(jsonb_array_length(api.member_page(pg_temp.lotus(), pg_temp.member(1)) -> 'fees'), 5, 'and on their page');
select is((select jsonb_array_length(f.fees) from api.desk_find(pg_temp.lotus(), pg_temp.session(1), 'regular7@example.test') f), 0, 'who owes nothing owes nothing');
update booking.bookings set guest_name = 'A guest' where id = '99470000-0000-4000-8000-000000000004';
select is(pg_temp.on_roster(4) -> 'fees', 'null'::jsonb, 'a guest''s line says nothing of whose guest they are');
update booking.bookings set guest_name = null where id = '99470000-0000-4000-8000-000000000004';
select pg_temp.become('teacher@fees.test');
select is(pg_temp.on_roster(1) -> 'fees', 'null'::jsonb, 'who teaches the class reads its roster without what anybody owes');

-- Who takes it
select throws_ok($$ select pg_temp.take(1, 'cash', 'teacher') $$, 'PT403', 'not_your_role', 'nor do they take money');
select pg_temp.become('ower@fees.test');
select throws_ok($$ select pg_temp.take(1, 'cash', 'self') $$, 'PT403', 'not_your_role', 'nobody says of themselves that they have paid');
select pg_temp.become('owner@sur.test');
select throws_ok($$ select pg_temp.take(1, 'cash', 'other') $$, 'PT403', 'not_your_role', 'nor does another business');
select throws_ok($$ select api.take_fee('10000000-0000-4000-8000-000000000002', pg_temp.fee(1), 'cash', 'take-fee-elsewhere') $$, 'PT404', 'order_not_found', 'where our fee is not there');
select pg_temp.become('desk@fees.test');
select throws_ok($$ select pg_temp.take(1, 'card', 'odd') $$, 'PT422', 'pay_with_invalid', 'there are four ways');
select throws_ok($$ select pg_temp.take(1, null, 'none') $$, 'PT422', 'pay_with_invalid', 'and one is chosen');
select throws_ok($$ select pg_temp.take(1, 'cash', 'odd-pass', gen_random_uuid()) $$, 'PT422', 'pay_with_invalid', 'cash is of no pass');
select throws_ok($$ select api.take_fee(pg_temp.lotus(), (select o.id from sales.orders o where o.business_id = pg_temp.lotus() and o.state = 'paid' limit 1), 'cash', 'take-fee-order') $$, 'PT404', 'order_not_found', 'what is no fee is not taken here');
select throws_ok($$ select pg_temp.take(1, 'wallet', 'empty') $$, 'PT409', 'wallet_too_low', 'an empty wallet pays nothing');
select throws_ok($$ select pg_temp.take(3, 'credits', 'no-pass') $$, 'PT409', 'no_pass_pays', 'nor a pass that is not there');
select is(pg_temp.state(1), 'placed', 'it still waits');

-- In cash and at the card machine
select results_eq($$ select r ->> 'state', (r ->> 'total_cents')::int, (r ->> 'credits')::int, r ->> 'name' from pg_temp.take(1, 'cash', 'cash') r $$, $$ values ('paid', 800, 0, 'Fees Ower') $$, 'cash pays it at once');
select is(pg_temp.take(1, 'cash', 'cash') ->> 'state', 'paid', 'the same again answers the same');
select is(pg_temp.balance('drawer', 'desk') - (select drawer from before), 800::bigint, 'and is in the drawer of the desk once');
select is((select fees from before) - pg_temp.balance('revenue', 'fees'), 661::bigint, 'without its tax it is earned');
select throws_ok($$ select pg_temp.take(1, 'terminal', 'again') $$, 'PT409', 'order_paid', 'it is not taken twice');
select throws_ok($$ select api.take_fee(pg_temp.lotus(), pg_temp.fee(2), 'cash', 'take-fee-cash') $$, 'PT422', 'idempotency_key_reused', 'nor is another by the same press');
select is((select count(*) from messages.emails e where e.to_address = 'ower@fees.test' and e.template = 'order_confirmed'), 1::bigint, 'they get their receipt');
select is((select e.detail - 'member_id' from audit.events e where e.act = 'fee_taken' and e.about = 'order:' || pg_temp.fee(1) and e.by_user = pg_temp.id('desk@fees.test')), '{"credits": 0, "fee_cents": 800, "pay_with": "cash"}'::jsonb, 'and the trail says who took it');
select pg_temp.become('ower@fees.test');
select throws_ok($$ select api.pay_fee(pg_temp.lotus(), pg_temp.fee(1), 'wallet', 'take-fee-online') $$, 'PT409', 'order_paid', 'nor is it paid once more from the account');
select is((select count(*) from api.my_fees(pg_temp.lotus()) f where f.order_id = pg_temp.fee(1)), 0::bigint, 'where it is gone');
select pg_temp.become('desk@fees.test');
select is(pg_temp.take(2, 'terminal', 'machine') ->> 'name', 'Fees Ower', 'what is owed for a child is taken from whoever pays for it');
select is(pg_temp.balance('clearing', 'terminal') - (select terminal from before), 800::bigint, 'at the card machine');
select is_empty($$ select * from ledger.findings() $$, 'the books agree');
select is((api.waive(pg_temp.lotus(), '99470000-0000-4000-8000-000000000001', 'they were there', 'take-fee-waived') ->> 'fee_cents')::int, 800, 'what was taken is given back when it is waived');
select is(pg_temp.balance('drawer', 'desk'), (select drawer from before), 'out of the drawer');

-- From what they have here
select ledger.transfer(pg_temp.lotus(), 'wallet_gift', 'fees-desk-test', array[ledger.account(pg_temp.lotus(), 'EUR', 'loss', 'gifts'), ledger.account(pg_temp.lotus(), 'EUR', 'wallet', pg_temp.member(1)::text)], array[900::bigint, -900]);
create temporary table ten as select members.grant_pass(pg_temp.lotus(), pg_temp.member(1), (select p.id from members.plans p where p.business_id = pg_temp.lotus() and p.slug = 'ten-classes'), null, 0) as id;
select members.book_credits((select id from ten));
select results_eq($$ select (f ->> 'wallet_cents')::int, (f ->> 'credits')::int, (f ->> 'pass_id')::uuid, (f ->> 'credits_left')::int from jsonb_array_elements(pg_temp.on_roster(3) -> 'fees') f where f ->> 'order_id' in (pg_temp.fee(3)::text, pg_temp.fee(4)::text) order by f ->> 'booking_id' $$,
  $$ select 900, 2, (select id from ten), 10 union all select 900, 0, null, null $$, 'what is in the wallet is seen, and which credits would settle it');
select throws_ok($$ select pg_temp.take(4, 'credits', 'money') $$, 'PT409', 'fee_needs_money', 'where the policy asks for money, credits settle nothing');
select is(pg_temp.take(4, 'wallet', 'wallet') ->> 'state', 'paid', 'the wallet pays it');
select throws_ok($$ select pg_temp.take(3, 'wallet', 'wallet-low') $$, 'PT409', 'wallet_too_low', 'as far as it goes');
select throws_ok($$ select pg_temp.take(3, 'credits', 'others', (select p.id from members.passes p where p.business_id = pg_temp.lotus() and p.member_id <> pg_temp.member(1) limit 1)) $$, 'PT404', 'pass_not_found', 'somebody else''s pass settles nothing');
select results_eq($$ select r ->> 'state', (r ->> 'total_cents')::int, (r ->> 'credits')::int from pg_temp.take(3, 'credits', 'credits') r $$, $$ values ('paid', 0, 2) $$, 'credits of theirs do, where the policy says so');
select is(pg_temp.take(5, 'credits', 'named', (select id from ten)) ->> 'credits', '2', 'of the pass that is named');
select is((select members.credits_left(p) from members.passes p where p.id = (select id from ten)), 6, 'each once');
select is((select e.detail - 'member_id' from audit.events e where e.act = 'fee_taken' and e.about = 'order:' || pg_temp.fee(3)), '{"credits": 2, "fee_cents": 800, "pay_with": "credits"}'::jsonb, 'the trail says with what');
select is(jsonb_array_length(api.member_page(pg_temp.lotus(), pg_temp.member(1)) -> 'fees'), 0, 'nothing is owed any more');
create function pg_temp.told_of(n int) returns jsonb language sql as $$ select messages.facts_of(x) from messages.notifications x where x.kind = 'order_confirmed' and x.data ->> 'order_id' = pg_temp.fee(n)::text $$;
select is(pg_temp.told_of(3) ->> 'fee', 'true', 'whoever reads of it reads of a fee');
update sales.order_lines set details = '{"product_unknown": true}' where order_id = pg_temp.fee(3);
select is(pg_temp.told_of(3) ->> 'fee', 'false', 'but of none where a till sold what we do not know');
select is_empty($$ select * from ledger.findings() $$, 'the books agree');
select * from finish();
rollback;
