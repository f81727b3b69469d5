-- Payments nobody told us of: the provider is asked about each in turn.
begin;
select plan(4);

create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
insert into members.members (id, business_id, name, email) values ('49000000-0000-4000-8000-000000000001', pg_temp.lotus(), 'Asked', 'asked@asking.test');
insert into sales.orders (id, business_id, member_id, state, channel, currency, reference, placed_at, total_cents)
values ('49000000-0000-4000-8000-000000000002', pg_temp.lotus(), '49000000-0000-4000-8000-000000000001', 'placed', 'api', 'EUR', sales.new_reference(pg_temp.lotus()), now(), 1600);
-- Almost too old to be asked about, so that they are before everybody else's; the fourth is.
insert into payments.payments (business_id, order_id, provider, attempt, provider_ref, amount_cents, currency, created_at)
select pg_temp.lotus(), '49000000-0000-4000-8000-000000000002', 'stripe', n, 'cs_asking_' || n, 1600, 'EUR', now() - interval '2 days' + case n when 4 then -1 else n end * interval '1 second' from generate_series(1, 4) n;
create function pg_temp.asked(n int) returns text language sql as $$ select string_agg(right(x.provider_ref, 1), ' ' order by x.created_at) from api.open_payments(30, n) x where x.provider_ref like 'cs_asking_%' $$;

select is(pg_temp.asked(2), '1 2', 'as many as one may ask about at once, those who waited longest first');
select is(pg_temp.asked(1), '3', 'then the others, though the first are as open as before');
update payments.payments set asked_at = now() - interval '3 days' where provider_ref = 'cs_asking_2';
select is(pg_temp.asked(1), '2', 'and round again');
update payments.payments set asked_at = now() - interval '3 days', state = 'canceled' where provider_ref = 'cs_asking_1';
select is(pg_temp.asked(100) ~ '1|4', false, 'not about what is closed, nor after two days');
select * from finish();
rollback;
