-- Another membership instead: credits that go along and those that are granted, money that stays where it belongs, trials ended early,
-- and every order of what the provider tells.
begin;
select plan(33);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.plan(slug text) returns uuid language sql as $$ select n.id from members.plans n where n.business_id = pg_temp.lotus() and n.slug = plan.slug and n.superseded_at is null $$;
insert into members.plans (business_id, slug, kind, name, price_cents, tax_rate_bp, credits, every, rollover_credits) values
  (pg_temp.lotus(), 'twelve-a-month', 'membership', '{"en": "Twelve a month"}', 10900, 2100, 12, 'month', 4), (pg_temp.lotus(), 'four-a-month', 'membership', '{"en": "Four a month"}', 5900, 2100, 4, 'month', 0);

-- Half of a period has passed.
create function pg_temp.membership(who text, plan text, sub text, state text default 'active') returns uuid language plpgsql as $$
declare made uuid;
begin
  insert into members.memberships (business_id, member_id, plan_id, provider_ref, customer_ref, state, access_until, period_start, period_end, seen_at)
  select n.business_id, m.id, n.id, sub, 'cus_' || sub, membership.state, now() + interval '16 days', now() - interval '15 days', now() + interval '15 days', now() - interval '1 hour'
  from members.plans n join members.members m on m.business_id = n.business_id and m.email::text = who and m.guardian_id is null where n.slug = membership.plan and n.business_id = pg_temp.lotus() returning id into made;
  insert into members.passes (business_id, member_id, plan_id, membership_id, credits, shareable, net_cents, currency, starts_at, expires_at)
  select x.business_id, x.member_id, x.plan_id, x.id, n.credits, false, 5000, 'EUR', x.period_start, x.period_end from members.memberships x join members.plans n on n.id = x.plan_id where x.id = made;
  perform members.book_credits(p.id), ledger.transfer(p.business_id, 'test_sale', 'pass:' || p.id, array[ledger.account(p.business_id, 'EUR', 'bank'), ledger.account(p.business_id, 'EUR', 'unearned', p.id::text)], array[5000, -5000]) from members.passes p where p.membership_id = made;
  return made;
end $$;
create function pg_temp.stands(sub text, minute int, plan text default null, plan_from interval default null, status text default 'active', starts interval default '-15 days', ends interval default '15 days', invoice jsonb default null) returns jsonb language sql as $$
  select jsonb_build_object('subscription_ref', sub, 'customer_ref', 'cus_' || sub, 'status', status, 'period_start', now() + starts, 'period_end', now() + ends, 'cancel_at_period_end', false, 'seen_at', now() + make_interval(mins => minute))
    || case when stands.plan is null then '{}' else jsonb_build_object('plan_id', pg_temp.plan(stands.plan)) end || case when plan_from is null then '{}' else jsonb_build_object('plan_from', now() + plan_from) end
    || case when stands.invoice is null then '{}' else jsonb_build_object('invoice', stands.invoice) end;
$$;
create function pg_temp.bill(ref text, reason text, amount int, starts interval, ends interval, whole boolean) returns jsonb language sql as $$
  select jsonb_build_object('ref', ref, 'status', 'paid', 'reason', reason, 'amount_cents', amount, 'currency', 'EUR', 'intent_ref', 'pi_' || ref, 'attempts', 1, 'period_start', now() + starts, 'period_end', now() + ends, 'whole_period', whole);
$$;
create function pg_temp.told(facts jsonb) returns text language sql as $$
  select api.receive_payment_event('stripe', gen_random_uuid()::text, 'test', now(), jsonb_build_object('kind', 'subscription', 'subscription', told.facts), '{}') ->> 'outcome';
$$;
create function pg_temp.passes(id uuid) returns text language sql as $$
  select string_agg(coalesce(p.credits::text, 'all') || '/' || coalesce(members.credits_left(p)::text, 'all') || ' ' || p.state, ', ' order by p.starts_at) from members.passes p where p.membership_id = passes.id;
$$;
create function pg_temp.session(starts_in interval) returns uuid language plpgsql as $$
declare made uuid;
begin
  insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select t.business_id, t.id, r.id, i.id, date_trunc('day', now()) + starts_in, date_trunc('day', now()) + starts_in + interval '20 minutes', 9, 1600
  from booking.class_types t join booking.rooms r on r.business_id = t.business_id and r.name = 'Sala Azotea' join booking.instructors i on i.business_id = t.business_id and i.slug = 'tomas' where t.slug = 'first-steps' returning id into made;
  return made;
end $$;

-- What it can be changed for ---------------------------------------------------------------------------------------------
create temporary table m as select pg_temp.membership('ada@example.test', 'eight-a-month', 'sub_ch_up') as up, pg_temp.membership('bruno@example.test', 'eight-a-month', 'sub_ch_down') as down, pg_temp.membership('regular5@example.test', 'eight-a-month', 'sub_ch_all') as everything,
  pg_temp.membership('regular6@example.test', 'unlimited', 'sub_ch_year') as year, pg_temp.membership('regular7@example.test', 'eight-a-month', 'sub_ch_trial', 'trialing') as trial;
select pg_temp.become('ada@example.test');
select results_eq($$ select slug, at_once, price_cents from api.plan_changes(pg_temp.lotus(), (select up from m)) where slug in ('eight-a-month', 'twelve-a-month', 'four-a-month', 'unlimited') order by price_cents $$,
  $$ values ('four-a-month', false, 5900::bigint), ('eight-a-month', false, 8900), ('twelve-a-month', true, 10900), ('unlimited', true, 11900) $$, 'what costs more comes at once, what costs less with the next charge');
select is((select slug from api.plan_changes(pg_temp.lotus(), (select up from m)) limit 1), 'eight-a-month', 'what it is comes first');
select throws_ok($$ select * from api.plan_changes(pg_temp.lotus(), (select down from m)) $$, 'PT404', 'membership_not_found', 'nobody changes somebody else''s');
update members.plans set change_when = 'period_end' where slug = 'twelve-a-month';
select is((select at_once from api.plan_changes(pg_temp.lotus(), (select up from m)) where slug = 'twelve-a-month'), false, 'unless the plan says otherwise');
update members.memberships set unprorated = true where id = (select up from m);
select is((select bool_or(at_once) from api.plan_changes(pg_temp.lotus(), (select up from m))), false, 'nothing is charged by the day in a period whose charge was moved');
update members.memberships set unprorated = false, state = 'past_due', grace_until = now() + interval '1 day' where id = (select up from m);
select throws_ok($$ select * from api.plan_changes(pg_temp.lotus(), (select up from m)) $$, 'PT409', 'payment_due_first', 'what is owed is paid first');
update members.memberships set state = 'active', grace_until = null where id = (select up from m);

-- At once: twelve for eight, with three used and half of the period left ---------------------------------------------------
select api.book_session(pg_temp.lotus(), pg_temp.session(x), gen_random_uuid()::text, 'pass', (select p.id from members.passes p where p.membership_id = (select up from m))) from unnest(array['5 days 3 minutes', '5 days 33 minutes', '5 days 63 minutes']::interval[]) x;
select is(pg_temp.passes((select up from m)), '8/5 active', 'three of eight are used');
create temporary table upgrade as select pg_temp.stands('sub_ch_up', 1, 'twelve-a-month', invoice => pg_temp.bill('in_up', 'subscription_update', 1000, '0 days', '0 days', false)) as facts;
select is(pg_temp.told((select facts from upgrade)), 'renewed', 'the day-by-day price is booked');
select is(pg_temp.passes((select up from m)), '8/0 over, 7/7 active', 'five go along, of four more there are two for the half that is left');
select results_eq($$ select n.slug, x.next_plan_id from members.memberships x join members.plans n on n.id = x.plan_id where x.id = (select up from m) $$, $$ values ('twelve-a-month', null::uuid) $$, 'it is the other plan now');
select is((select o.total_cents from sales.orders o join payments.payments p on p.order_id = o.id where p.provider_ref = 'in_up'), 1000::bigint, 'with an order of its own');
select is((select l.plan_id from sales.order_lines l join payments.payments p on p.order_id = l.order_id where p.provider_ref = 'in_up'), pg_temp.plan('twelve-a-month'), 'that names the new plan');
select is((select -sum(a.balance) from ledger.accounts a join members.passes p on p.id::text = a.owner where a.kind = 'unearned' and p.membership_id = (select up from m)), (select 5000 - sum(floor(5000.0 / 8))::numeric from generate_series(1, 3)), 'what was paid for the classes left goes along with them');
select is(pg_temp.told((select jsonb_set(facts, '{seen_at}', to_jsonb(now() + interval '2 minutes')) from upgrade)), 'membership_seen', 'told again it changes nothing');
select is(pg_temp.told(pg_temp.stands('sub_ch_up', -5, 'eight-a-month')), 'stale', 'an older answer does not take the plan back');
select is(pg_temp.passes((select up from m)), '8/0 over, 7/7 active', 'nor the credits');
select is((select count(*) from messages.notifications n where n.kind = 'membership_changed'), 1::bigint, 'its member is told once');
select pg_temp.told(pg_temp.stands('sub_ch_all', 1, 'unlimited', invoice => pg_temp.bill('in_all', 'subscription_update', 1500, '0 days', '0 days', false)));
select is(pg_temp.passes((select everything from m)), '8/0 over, all/all active', 'without limit: there is nothing left to count');

-- With the next charge -----------------------------------------------------------------------------------------------------
select pg_temp.told(pg_temp.stands('sub_ch_down', 1, 'four-a-month', '15 days'));
select results_eq($$ select n.slug, x.next_plan_id from members.memberships x join members.plans n on n.id = x.plan_id where x.id = (select down from m) $$, $$ select 'eight-a-month', pg_temp.plan('four-a-month') $$, 'a cheaper one waits');
select pg_temp.become('bruno@example.test');
select is((select price_cents from api.my_memberships(pg_temp.lotus()) where membership_id = (select down from m)), 5900::bigint, 'the next charge is its price');
select pg_temp.told(pg_temp.stands('sub_ch_down', 2, 'eight-a-month'));
select is((select x.next_plan_id from members.memberships x where x.id = (select down from m)), null, 'taken back it is as before');
select pg_temp.told(pg_temp.stands('sub_ch_down', 3, 'four-a-month', '15 days'));
select is(pg_temp.told(pg_temp.stands('sub_ch_down', 4, 'four-a-month', '15 days', starts => '15 days', ends => '45 days', invoice => pg_temp.bill('in_down', 'subscription_cycle', 5900, '15 days', '45 days', true))), 'renewed', 'the next charge comes');
select is(pg_temp.passes((select down from m)), '8/0 over, 4/4 active', 'and brings its credits');
select is((select n.slug from members.memberships x join members.plans n on n.id = x.plan_id where x.id = (select down from m)), 'four-a-month', 'and the plan');
select is(pg_temp.told(pg_temp.stands('sub_ch_down', 5, 'four-a-month', '15 days', starts => '15 days', ends => '45 days')), 'membership_seen', 'which stays');

-- Another rhythm begins a period of its own; so does a trial that is ended early -------------------------------------------------
select is(pg_temp.told(pg_temp.stands('sub_ch_year', 1, 'unlimited-year', starts => '0 days', ends => '365 days', invoice => pg_temp.bill('in_year', 'subscription_update', 113050, '0 days', '365 days', true))), 'renewed', 'a year instead of a month');
select results_eq($$ select n.slug, p.expires_at from members.memberships x join members.plans n on n.id = x.plan_id join members.passes p on p.membership_id = x.id and p.state = 'active' where x.id = (select year from m) $$, $$ values ('unlimited-year', now() + interval '365 days') $$, 'is open for a year');
select is(pg_temp.told(pg_temp.stands('sub_ch_trial', 1, starts => '0 days', ends => '30 days', invoice => pg_temp.bill('in_trial', 'subscription_update', 8900, '0 days', '30 days', true))), 'renewed', 'a trial that is ended early begins the first period');
select is(pg_temp.passes((select trial from m)), '8/0 over, 8/8 active', 'with its credits');
select is((select x.state from members.memberships x where x.id = (select trial from m)), 'active', 'and is a trial no more');

-- Any order ------------------------------------------------------------------------------------------------------------------
create function pg_temp.story(who text, sub text, seed float) returns text language plpgsql as $$
declare x record; the_id uuid := pg_temp.membership(who, 'eight-a-month', sub);
begin
  perform setseed(seed);
  for x in select f from (values (pg_temp.stands(sub, 1, 'eight-a-month')), (pg_temp.stands(sub, 2, 'twelve-a-month', invoice => pg_temp.bill('in_1' || sub, 'subscription_update', 1000, '0 days', '0 days', false))),
      (pg_temp.stands(sub, 3, 'four-a-month', '15 days')), (pg_temp.stands(sub, 4, 'four-a-month', '15 days', starts => '15 days', ends => '45 days', invoice => pg_temp.bill('in_2' || sub, 'subscription_cycle', 5900, '15 days', '45 days', true)))) v (f)
      cross join generate_series(1, 2) order by random() loop
    perform pg_temp.told(x.f);
  end loop;
  return (select n.slug || ' ' || (select count(*) from payments.payments p where p.subscription_ref = sub) || ' ' || (select p.credits from members.passes p where p.membership_id = the_id order by p.starts_at desc limit 1) from members.memberships y join members.plans n on n.id = y.plan_id where y.id = the_id);
end $$;
select is(pg_temp.story('regular' || (7 + n) || '@example.test', 'sub_ch_story' || n, n / 10.0), 'four-a-month 2 4', 'shuffled and doubled, it ends with the same plan, ' || n) from generate_series(1, 2) n;
select is_empty($$ select * from ledger.findings() $$, 'the books agree');
select * from finish();
rollback;
