-- Receipts: an order has a reference at once, and a number when it is paid. In a business of this test's own.
begin;
select plan(11);

insert into business.businesses (id, slug, name, currency, time_zone, country, locales, email) values ('10000000-0000-4000-8000-00000000ec15', 'receipts', 'Receipts', 'EUR', 'America/New_York', 'US', '{en}', 'hello@receipts.test');
insert into members.members (id, business_id, name, email) values ('20000000-0000-4000-8000-00000000ec15', '10000000-0000-4000-8000-00000000ec15', 'Nora', 'nora@example.test');
create function pg_temp.ours() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-00000000ec15'::uuid $$;
create function pg_temp.an_order(name text, state text, paid_at timestamptz default null) returns void language sql as $$
  insert into sales.orders (business_id, member_id, state, currency, reference, placed_at, payment_confirmed_at, total_cents)
  values (pg_temp.ours(), '20000000-0000-4000-8000-00000000ec15', an_order.state, 'EUR', rpad(upper(an_order.name), 8, '0'), now(), an_order.paid_at, 100);
$$;
create function pg_temp.number(name text) returns text language sql as $$ select o.number from sales.orders o where o.business_id = pg_temp.ours() and o.reference = rpad(upper(number.name), 8, '0') $$;

-- In New York it is still the 31st of December.
select pg_temp.an_order('e', 'paid', '2027-01-01 04:30:00+00');
select pg_temp.an_order('2', 'closed', '2027-01-02 10:00:00+00'), pg_temp.an_order('1', 'paid', '2027-01-02 09:00:00+00'), pg_temp.an_order('p', 'placed'), pg_temp.an_order('x', 'expired');
select is(sales.number_orders(pg_temp.ours()), 3, 'what was paid is numbered together');
select is(pg_temp.number('1') || ' ' || pg_temp.number('2'), '2027-000001 2027-000002', 'in the order in which it was paid');
select is(pg_temp.number('e'), '2026-000001', 'in the year it was on the business''s own clock');
select is(coalesce(pg_temp.number('p'), pg_temp.number('x')), null, 'what is not paid has no number');
select is(sales.number_orders(pg_temp.ours()), 0, 'and nothing is numbered twice');
select throws_ok($$ update sales.orders set number = '2026-000077' where business_id = pg_temp.ours() and state = 'placed' $$, '23514', null, 'an unpaid order cannot be given one');
update sales.order_numbers set last = 999999 where business_id = pg_temp.ours() and year = 2027;
select pg_temp.an_order('3', 'paid', '2027-01-03 09:00:00+00');
select is(sales.number_orders(pg_temp.ours()) || ' ' || pg_temp.number('3'), '1 2027-1000000', 'the millionth is one digit longer');
update sales.order_numbers set last = 1 where business_id = pg_temp.ours() and year = 2026;
select is((select count(*) from ledger.findings(pg_temp.ours()) f where f.finding = 'order_numbers_with_gaps'), 1::bigint, 'a gap is found');
select is_empty($$ select 1 from generate_series(1, 200) where sales.new_reference(pg_temp.ours()) !~ '^[0-9A-HJKMNP-TV-Z]{8}$' $$, 'references have nothing in them to misread');
select throws_ok($$ update sales.orders set reference = rpad('1', 8, '0') where business_id = pg_temp.ours() and state = 'placed' $$, '23505', null, 'no two orders of a business share one');
select throws_ok($$ update sales.orders set reference = null where business_id = pg_temp.ours() and state = 'placed' $$, '23514', null, 'and none is placed without');

select * from finish();
rollback;
