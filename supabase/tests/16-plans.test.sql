-- Plans as time goes by: passes that do not pay and why, memberships that renew, fail, rest, recover and end, in any order of what the provider tells.
begin;
select plan(50);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.member(who text) returns uuid language sql as $$ select m.id from members.members m where m.business_id = pg_temp.lotus() and m.email::text = who and m.guardian_id is null $$;
create function pg_temp.session(starts_in interval, slug text default 'first-steps') returns uuid language plpgsql as $$
declare made uuid;
begin
  insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select t.business_id, t.id, r.id, i.id, date_trunc('day', now()) + starts_in, date_trunc('day', now()) + starts_in + interval '20 minutes', 9, 1600
  from booking.class_types t join booking.rooms r on r.business_id = t.business_id and r.name = 'Sala Azotea' join booking.instructors i on i.business_id = t.business_id and i.slug = 'tomas'
  where t.slug = session.slug returning id into made;
  return made;
end $$;
create function pg_temp.buy(who text, plan text, pay_with text default 'terminal') returns uuid language plpgsql as $$
declare placed jsonb; token text := repeat('plans-test-', 4);
begin
  perform pg_temp.become(who);
  perform api.add_plan_to_cart(pg_temp.lotus(), plan, token);
  placed := api.place_order(pg_temp.lotus(), gen_random_uuid()::text, token);
  perform payments.pay_at_once(o, pay_with) from sales.orders o where o.id = (placed ->> 'order_id')::uuid;
  return (select p.id from members.passes p join sales.order_lines l on l.id = p.order_line_id where l.order_id = (placed ->> 'order_id')::uuid);
end $$;
create function pg_temp.book(who text, session uuid, pass uuid default null) returns jsonb language plpgsql as $$
begin
  perform pg_temp.become(who);
  return api.book_session(pg_temp.lotus(), session, gen_random_uuid()::text, 'pass', pass);
end $$;
create function pg_temp.credits_left(pass uuid) returns int language sql as $$ select members.credits_left(p) from members.passes p where p.id = credits_left.pass $$;

create temporary table s as select pg_temp.session(interval '41 days 3 minutes') as one, pg_temp.session(interval '41 days 33 minutes') as two, pg_temp.session(interval '41 days 63 minutes') as three,
  pg_temp.session(interval '41 days 93 minutes') as four;

-- Passes that do not pay ------------------------------------------------------------------------------------------------
create temporary table passes as select pg_temp.buy('bruno@example.test', 'ten-classes') as ten, pg_temp.buy('bruno@example.test', 'five-evenings') as five, pg_temp.buy('ada@example.test', 'five-evenings') as hers;
select is(pg_temp.book('bruno@example.test', (select one from s)) ->> 'state', 'paid', 'a pass pays a class at once');
select is(pg_temp.credits_left((select ten from passes)), 9, 'with one credit');
select throws_ok($$ select pg_temp.book('bruno@example.test', (select two from s), (select five from passes)) $$, 'PT409', 'pass_for_other_classes', 'a pass for other classes does not pay');
select throws_ok($$ select pg_temp.book('bruno@example.test', (select two from s), (select hers from passes)) $$, 'PT404', 'pass_not_found', 'nor does somebody else''s');
update members.passes set expires_at = now() + interval '10 days' where id = (select ten from passes);
select throws_ok($$ select pg_temp.book('bruno@example.test', (select two from s), (select ten from passes)) $$, 'PT409', 'pass_expires_before', 'nor one that ends before the class');
update members.passes set frozen_from = now(), frozen_until = now() + interval '60 days' where id = (select ten from passes);
select throws_ok($$ select pg_temp.book('bruno@example.test', (select two from s), (select ten from passes)) $$, 'PT409', 'pass_frozen', 'nor a frozen one');
update members.passes set frozen_from = null, frozen_until = null, expires_at = now() - interval '1 minute' where id = (select ten from passes);
select throws_ok($$ select pg_temp.book('bruno@example.test', (select two from s), (select ten from passes)) $$, 'PT409', 'pass_expired', 'nor one that is over');
update members.passes set expires_at = now() + interval '180 days' where id = (select ten from passes);

-- What comes back, and what is left -------------------------------------------------------------------------------------
select pg_temp.become('bruno@example.test');
select api.cancel_booking(pg_temp.lotus(), (select k.id from booking.bookings k where k.session_id = (select one from s)), 'plans-cancel-one');
select is(pg_temp.credits_left((select ten from passes)), 10, 'cancelling returns the credit, exactly');
select results_eq($$ select movement, amount, balance_after from api.my_statement(pg_temp.lotus(), of_pass => (select ten from passes)) $$,
  $$ values ('credit_return', 1::bigint, 10::bigint), ('credit_use', -1, 9), ('credits_granted', 10, 10) $$, 'the statement says all of it, newest first');
select isnt((select class_name from api.my_statement(pg_temp.lotus(), of_pass => (select ten from passes)) limit 1), null, 'and for which class');
select is_empty($$ select from api.my_statement(pg_temp.lotus(), of_pass => (select hers from passes)) $$, 'nobody reads somebody else''s');
-- A wallet: put in, spent, seen.
select pg_temp.become('regular2@example.test');
select api.add_top_up_to_cart(pg_temp.lotus(), 20000, repeat('plans-test-', 4));
select payments.pay_at_once(o, 'terminal') from sales.orders o where o.id = (select (api.place_order(pg_temp.lotus(), 'plans-top-up', repeat('plans-test-', 4)) ->> 'order_id')::uuid);
select pg_temp.buy('regular2@example.test', 'five-evenings', 'wallet');
select is((select w ->> 'balance_cents' from api.my_wallet(pg_temp.lotus()) w), '12500', 'a wallet holds what was put in, less what was paid');
select is((select string_agg(x ->> 'amount_cents', ' ') from jsonb_array_elements(api.my_wallet(pg_temp.lotus()) -> 'movements') x), '-7500 20000', 'and says so, newest first');
select results_eq($$ select x.movement, x.amount, x.reference is not null from api.my_statement(pg_temp.lotus(), of_wallet => true) x limit 2 $$, $$ values ('sale', -7500::bigint, true), ('sale', 20000, true) $$, 'as the statement of it does, with the orders');
-- Exhausted.
update members.plans set credits = 1 where slug = 'ten-classes';
create temporary table single as select pg_temp.buy('regular1@example.test', 'ten-classes') as id;
select is(pg_temp.book('regular1@example.test', (select three from s), (select id from single)) ->> 'state', 'paid', 'the last credit pays');
select throws_ok($$ select pg_temp.book('regular1@example.test', (select four from s), (select id from single)) $$, 'PT409', 'pass_used_up', 'what is used up pays no more');
select is((select count(*) from messages.notifications n where n.kind = 'pass_used_up' and n.cause = (select id::text from single)), 1::bigint, 'its holder hears that it is used up');
select is((select -a.balance from ledger.accounts a where a.kind = 'unearned' and a.owner = (select id::text from single)), 0::bigint, 'and all of its price is earned, to the cent');
update members.plans set credits = 10 where slug = 'ten-classes';
-- Expiring.
update members.passes set expires_at = now() + interval '3 days', created_at = now() - interval '20 days' where id = (select ten from passes);
select cmp_ok(api.tell_expiring_passes(), '>=', 1, 'who has credits left is told a week before the end');
select is((select count(*) from messages.notifications n where n.kind = 'pass_expiring' and n.cause like (select ten::text from passes) || '%'), 1::bigint, 'once');
update members.passes set expires_at = now() where id = (select ten from passes);
select api.expire_passes();
select results_eq($$ select p.state, members.credits_left(p) from members.passes p where p.id = (select ten from passes) $$, $$ values ('over', 0) $$, 'an expired pass is written off');

-- Memberships -----------------------------------------------------------------------------------------------------------
create function pg_temp.begin(who text, plan text, sub text) returns uuid language plpgsql as $$
declare placed jsonb; p payments.payments; o sales.orders; token text := repeat('plans-test-', 4);
begin
  perform pg_temp.become(who);
  perform api.add_plan_to_cart(pg_temp.lotus(), plan, token);
  placed := api.place_order(pg_temp.lotus(), gen_random_uuid()::text, token);
  perform api.begin_payment(pg_temp.lotus(), (placed ->> 'order_id')::uuid);
  perform api.receive_payment_event('stripe', 'evt_begin_' || sub, 'test', now(), jsonb_build_object('kind', 'payment', 'payment_id', (select x.id from payments.payments x where x.order_id = (placed ->> 'order_id')::uuid),
    'state', 'captured', 'amount_cents', placed -> 'total_cents', 'currency', 'EUR', 'subscription_ref', sub, 'subscription', pg_temp.stands(sub, case when (placed ->> 'total_cents')::int = 0 then 'trialing' else 'active' end, 0))
    || case when (placed ->> 'total_cents')::int > 0 then jsonb_build_object('intent_ref', 'pi_' || sub) else '{}' end, '{}');
  if not exists (select from members.memberships m where m.provider_ref = sub) then raise exception '%', (select w.outcome from payments.webhook_inbox w where w.event_id = 'evt_begin_' || sub); end if;
  return (select m.id from members.memberships m where m.provider_ref = sub);
end $$;
-- How a subscription stands in its nth month, asked after so many minutes.
create function pg_temp.stands(sub text, status text, month int, minute int default 0, invoice text default null, paid boolean default true, amount int default 8900, attempts int default 1) returns jsonb language sql as $$
  select jsonb_build_object('subscription_ref', sub, 'customer_ref', 'cus_' || sub, 'status', status, 'period_start', now() + make_interval(months => month), 'period_end', now() + make_interval(months => month + 1), 'cancel_at_period_end', false,
    'seen_at', now() + make_interval(months => month, mins => minute))
    || case when invoice is null then '{}' else jsonb_build_object('invoice', jsonb_build_object('ref', invoice, 'status', case when paid then 'paid' else 'open' end, 'reason', 'subscription_cycle', 'amount_cents', amount, 'currency', 'EUR',
      'intent_ref', 'pi_' || invoice, 'attempts', attempts, 'period_start', now() + make_interval(months => month), 'period_end', now() + make_interval(months => month + 1))) end;
$$;
create function pg_temp.told(event text, facts jsonb) returns text language sql as $$
  select api.receive_payment_event('stripe', told.event, 'test', now(), jsonb_build_object('kind', 'subscription', 'subscription', told.facts), '{}') ->> 'outcome';
$$;

create temporary table m as select pg_temp.begin('ada@example.test', 'eight-a-month', 'sub_eight') as id;
select results_eq($$ select x.state, x.customer_ref, x.period_end from members.memberships x where x.id = (select id from m) $$, $$ values ('active', 'cus_sub_eight', now() + interval '1 month') $$, 'a membership begins with its first payment, with the provider''s own dates');
select is((select count(*) from messages.notifications n where n.kind = 'membership_started' and n.cause = (select id::text from m)), 1::bigint, 'and its member hears of it');
select is((select credits_left from api.my_memberships(pg_temp.lotus()) where membership_id = (select id from m)), 8, 'with the credits of its first period');
-- Three are used, in a class of this month.
create temporary table soon as select pg_temp.session(interval '5 days 3 minutes') as a, pg_temp.session(interval '5 days 33 minutes') as b, pg_temp.session(interval '5 days 63 minutes') as c;
select pg_temp.book('ada@example.test', x) from soon, unnest(array[a, b, c]) x;
select is(pg_temp.told('evt_r1', pg_temp.stands('sub_eight', 'active', 1, 1, 'in_1')), 'renewed', 'a paid invoice renews');
select is(pg_temp.told('evt_r1', pg_temp.stands('sub_eight', 'active', 1, 1, 'in_1')), 'duplicate', 'an event is obeyed once');
select is(pg_temp.told('evt_r1b', pg_temp.stands('sub_eight', 'active', 1, 2, 'in_1')), 'membership_seen', 'an invoice too, however many events speak of it');
select results_eq($$ select p.credits, members.credits_left(p), p.state from members.passes p where p.membership_id = (select id from m) order by p.starts_at $$, $$ values (8, 0, 'over'), (12, 12, 'active') $$,
  'five were left, four go on: 8 + 4; the last period is closed');
select results_eq($$ select o.state, o.channel, o.total_cents, p.intent_ref, p.captured_cents from sales.orders o join payments.payments p on p.order_id = o.id where p.provider_ref = 'in_1' $$, $$ values ('paid', 'api', 8900::bigint, 'pi_in_1', 8900::bigint) $$,
  'the renewal is an order of its own, with its payment');
select is((select count(*) from messages.notifications n where n.kind = 'membership_renewed' and n.cause = 'in_1'), 1::bigint, 'told once');

-- Failed, grace, suspended, recovered, ended.
select is(pg_temp.told('evt_f1', pg_temp.stands('sub_eight', 'past_due', 2, 1, 'in_2', false, 8900, 1)), 'membership_past_due', 'a payment fails');
select pg_temp.told('evt_f1b', pg_temp.stands('sub_eight', 'past_due', 2, 2, 'in_2', false, 8900, 1)), pg_temp.told('evt_f2', pg_temp.stands('sub_eight', 'past_due', 2, 3, 'in_2', false, 8900, 2));
select is((select count(*) from messages.notifications n where n.kind = 'payment_failed' and n.cause like 'in\_2:%'), 2::bigint, 'each attempt that fails is told once');
select is((select x.access_until from members.memberships x where x.id = (select id from m)), now() + interval '7 days', 'for a week of grace it goes on');
select is(api.suspend_memberships(), 0, 'nobody is suspended in that time');
select is(pg_temp.told('evt_old', pg_temp.stands('sub_eight', 'active', 1, 5)), 'stale', 'an older answer does not take the state back');
update members.memberships set grace_until = now() where id = (select id from m);
select is(api.suspend_memberships(), 1, 'then it is suspended');
update members.passes set starts_at = now() - interval '1 hour' where membership_id = (select id from m) and state = 'active';
select throws_ok($$ select pg_temp.book('ada@example.test', pg_temp.session(interval '6 days 3 minutes'), (select p.id from members.passes p where p.membership_id = (select id from m) and p.state = 'active')) $$, 'PT409', 'membership_suspended', 'and pays for nothing');
select is(pg_temp.told('evt_still', pg_temp.stands('sub_eight', 'past_due', 2, 4, 'in_2', false, 8900, 3)), 'membership_seen', 'it stays suspended while the provider still tries');
select is(pg_temp.told('evt_paid', pg_temp.stands('sub_eight', 'active', 2, 5, 'in_2')), 'renewed', 'paid at last');
select results_eq($$ select x.state, x.grace_until from members.memberships x where x.id = (select id from m) $$, $$ values ('active', null::timestamptz) $$, 'it is active again');
select is((select count(*) from messages.notifications n where n.kind in ('membership_suspended', 'membership_recovered') and n.cause like (select id::text from m) || '%'), 2::bigint, 'suspended and recovered were told, each once');
select is(pg_temp.told('evt_end', pg_temp.stands('sub_eight', 'canceled', 2, 6)), 'membership_ended', 'and ends');
select is(pg_temp.told('evt_after', pg_temp.stands('sub_eight', 'active', 2, 7)), 'stale', 'what has ended stays ended');

-- A trial: nothing is charged, everything is open; then the first charge.
create temporary table t as select pg_temp.begin('bruno@example.test', 'unlimited', 'sub_trial') as id;
select results_eq($$ select x.state, o.state, o.total_cents from members.memberships x join sales.order_lines l on l.id = x.order_line_id join sales.orders o on o.id = l.order_id where x.id = (select id from t) $$, $$ values ('trialing', 'paid', 0::bigint) $$, 'a trial costs nothing');
select is(pg_temp.book('bruno@example.test', (select four from s)) ->> 'state', 'paid', 'and pays for classes, also of the months to come');
select pg_temp.told('evt_t1', pg_temp.stands('sub_trial', 'active', 1, 1, 'in_t1', true, 11900));
select results_eq($$ select x.state, (select count(*) from members.passes p where p.membership_id = x.id) from members.memberships x where x.id = (select id from t) $$, $$ values ('active', 2::bigint) $$, 'the first charge makes it a membership');

-- Any order, any number of times.
create function pg_temp.story(sub text, seed float) returns text language plpgsql as $$
declare x record; who text := sub || '@shuffle.test';
begin
  insert into members.memberships (business_id, member_id, plan_id, provider_ref, state, access_until, period_start, period_end) select pg_temp.lotus(), pg_temp.member('regular' || right(sub, 1) || '@example.test'), n.id, sub, 'active', now() + interval '1 month', now(), now() + interval '1 month' from members.plans n where n.slug = 'eight-a-month';
  insert into members.passes (business_id, member_id, plan_id, membership_id, credits, shareable, net_cents, currency, starts_at, expires_at) select m.business_id, m.member_id, m.plan_id, m.id, 8, false, 0, 'EUR', now(), now() + interval '1 month' from members.memberships m where m.provider_ref = sub;
  perform members.book_credits(p.id) from members.passes p join members.memberships m on m.id = p.membership_id where m.provider_ref = sub;
  perform setseed(seed);
  for x in select f from (values (pg_temp.stands(sub, 'active', 1, 1, 'in_1' || sub)), (pg_temp.stands(sub, 'past_due', 2, 1, 'in_2' || sub, false)), (pg_temp.stands(sub, 'active', 2, 5, 'in_2' || sub)), (pg_temp.stands(sub, 'past_due', 3, 1, 'in_3' || sub, false)), (pg_temp.stands(sub, 'canceled', 3, 9, 'in_3' || sub, false))) v (f)
      cross join generate_series(1, 2) order by random() loop
    perform pg_temp.told(gen_random_uuid()::text, x.f);
  end loop;
  return (select m.state || ' ' || (select count(*) from payments.payments p where p.subscription_ref = sub) || ' ' || (select count(*) from members.passes p where p.membership_id = m.id) from members.memberships m where m.provider_ref = sub);
end $$;
select is(pg_temp.story('sub_story' || n, n / 10.0), 'ended 2 3', 'shuffled and doubled events end in the same state, ' || n) from generate_series(1, 3) n;

select is_empty($$ select * from ledger.findings() $$, 'the books agree');
select * from finish();
rollback;
