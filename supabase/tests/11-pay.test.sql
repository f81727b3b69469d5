-- Pay: what a class earns, why, and what stays of it once a period is closed. A business of this test's own.
begin;
select plan(48);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
create function pg_temp.here() returns uuid language sql immutable as $$ select '19999999-0000-4000-8000-000000000111'::uuid $$;
insert into business.businesses (id, slug, name, currency, time_zone, country, locales, email) values (pg_temp.here(), 'test-pay', 'Test', 'EUR', 'Europe/Madrid', 'ES', '{en}', 'x@example.test');
insert into business.locations (id, business_id, name) values ('29999999-0000-4000-8000-000000000111', pg_temp.here(), 'Here');
insert into booking.styles (business_id, slug, name) values (pg_temp.here(), 'flow', '{"en": "Flow"}');
insert into booking.class_types (id, business_id, slug, name, style, level, duration_minutes, price_cents, capacity) values
  ('49999999-0000-4000-8000-000000000211', pg_temp.here(), 'flow', '{"en": "Flow"}', 'flow', 'all', 60, 0, 20), ('49999999-0000-4000-8000-000000000212', pg_temp.here(), 'rest', '{"en": "Rest"}', 'flow', 'all', 60, 0, 20);
insert into business.staff (business_id, user_id, role) select pg_temp.here(), id, 'manager' from auth.users where email = 'bruno@example.test';
insert into business.staff (business_id, user_id, role) select pg_temp.here(), id, 'instructor' from auth.users where email in ('ada@example.test', 'cliente@sur.test');
insert into booking.instructors (id, business_id, slug, name, user_id) values
  ('69999999-0000-4000-8000-000000000211', pg_temp.here(), 'ada', 'Ada', (select id from auth.users where email = 'ada@example.test')), ('69999999-0000-4000-8000-000000000212', pg_temp.here(), 'juli', 'Juli', (select id from auth.users where email = 'cliente@sur.test'));
create function pg_temp.session(who text, day int, kind text default 'flow', clock time default '18:00') returns uuid language plpgsql as $$
declare made uuid; at timestamptz := ((now() at time zone 'Europe/Madrid')::date + session.day + session.clock) at time zone 'Europe/Madrid';
begin
  with room as (insert into booking.rooms (business_id, location_id, name, capacity) values (pg_temp.here(), '29999999-0000-4000-8000-000000000111', 'Room', 20) returning id)
  insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select pg_temp.here(), t.id, room.id, i.id, at, at + interval '1 hour', 20, 0 from room, booking.class_types t, booking.instructors i where t.business_id = pg_temp.here() and t.slug = kind and i.business_id = pg_temp.here() and i.slug = who returning id into made;
  return made;
end $$;
create function pg_temp.sits(the_session uuid, state text, n int default 1) returns void language sql as $$
  with m as (insert into members.members (business_id, name, email) select pg_temp.here(), 'Sitter', gen_random_uuid() || '@example.test' from generate_series(1, n) returning id)
  insert into booking.bookings (business_id, session_id, member_id, state, starts_at, free_cancel_until, late_refund_percent) select pg_temp.here(), the_session, m.id, sits.state, s.starts_at, s.starts_at, 0 from m, booking.sessions s where s.id = the_session;
$$;
create function pg_temp.day(n int) returns date language sql stable as $$ select (now() at time zone 'Europe/Madrid')::date + n $$;
create function pg_temp.earns(the_session uuid) returns bigint language sql as $$ select p.amount_cents from booking.pay_for(the_session) p $$;

-- The arithmetic
create function pg_temp.amount(heads int, tiers jsonb default '[{"over": 8, "per_head_cents": 200, "bonus_cents": 0}]', cap bigint default null) returns text language sql as $$ select booking.pay_amount(3000, tiers, cap, heads) ->> 'amount_cents' $$;
select is(pg_temp.amount(0), '3000', 'holding a class earns the base, also when nobody comes');
select is(pg_temp.amount(8), '3000', 'up to the threshold it stays at that');
select is(pg_temp.amount(12), '3800', 'four above it earn four times as much a head');
select is(pg_temp.amount(12, '[{"over": 4, "per_head_cents": 100, "bonus_cents": 0}, {"over": 10, "per_head_cents": 300, "bonus_cents": 500}]'), '4700', 'tiers: six at one rate, two at the next, and what comes once');
select is(pg_temp.amount(20, cap => 5000), '5000', 'and never more than the cap');
select is(booking.pay_amount(3000, '[{"over": 8, "per_head_cents": 200, "bonus_cents": 0}]', null, 12) -> 'parts', '[{"part": "base", "cents": 3000}, {"part": "heads", "over": 8, "heads": 4, "per_head_cents": 200, "cents": 800}]'::jsonb, 'each part is named');

-- Rules
select pg_temp.become('ada@example.test');
select throws_ok($$ select api.add_pay_rule(pg_temp.here(), null, null, pg_temp.day(-30), 3000) $$, 'PT403', 'not_your_role', 'who teaches does not decide what it earns');
select throws_ok($$ select * from api.pay_rules(pg_temp.here()) $$, 'PT403', 'not_your_role', 'nor sees what others earn');
select throws_ok($$ select * from api.pay_report(pg_temp.here(), pg_temp.day(-10), pg_temp.day(-1)) $$, 'PT403', 'not_your_role', 'nor the report');
select pg_temp.become('owner@lotus.test');
select throws_ok($$ select * from api.pay_report(pg_temp.here(), pg_temp.day(-10), pg_temp.day(-1)) $$, 'PT403', 'not_your_role', 'nor does the owner of another business');
select pg_temp.become('bruno@example.test');
create temporary table c as select pg_temp.session('ada', -10) as full_one, pg_temp.session('ada', -9, 'rest') as rest_one, pg_temp.session('juli', -8) as juli_one, pg_temp.session('juli', -7, 'rest') as juli_rest, pg_temp.session('ada', -6) as called_off, pg_temp.session('ada', -10, 'flow', '00:10') as midnight;
select pg_temp.sits(full_one, 'confirmed', 5), pg_temp.sits(full_one, 'checked_in', 5), pg_temp.sits(full_one, 'no_show', 2), pg_temp.sits(full_one, 'late_cancelled', 3), pg_temp.sits(full_one, 'cancelled', 4) from c;
update booking.sessions set state = 'cancelled' where id = (select called_off from c);
select is(pg_temp.earns((select full_one from c)), null, 'without a rule nothing is reckoned');
select lives_ok($$ select api.add_pay_rule(pg_temp.here(), null, null, pg_temp.day(-30), 3000, '[{"over": 8, "per_head_cents": 200, "bonus_cents": 0}]') $$, 'a manager says what a class earns');
select is(pg_temp.earns((select full_one from c)), 3800::bigint, 'ten came and two had booked: twelve heads');
select is((select why ->> 'heads' || ' of ' || (why ->> 'came') || ', ' || (why ->> 'no_shows') || ', ' || (why ->> 'late_cancels') from booking.pay_for((select full_one from c))), '12 of 10, 2, 3', 'and the why says who was counted');
select is_empty($$ select * from booking.pay_for((select called_off from c)) $$, 'a class that was called off earns nothing');
select api.add_pay_rule(pg_temp.here(), null, '49999999-0000-4000-8000-000000000212', pg_temp.day(-30), 4000);
select is(pg_temp.earns((select rest_one from c)), 4000::bigint, 'a rule for the class comes before the one for everyone');
select api.add_pay_rule(pg_temp.here(), '69999999-0000-4000-8000-000000000212', null, pg_temp.day(-30), 5000);
select is(pg_temp.earns((select juli_rest from c)), 5000::bigint, 'one for the instructor before the one for the class');
select api.add_pay_rule(pg_temp.here(), '69999999-0000-4000-8000-000000000212', '49999999-0000-4000-8000-000000000212', pg_temp.day(-30), 6000);
select is(pg_temp.earns((select juli_rest from c)), 6000::bigint, 'and one for both before all');
select is((select why -> 'rule' ->> 'scope' from booking.pay_for((select juli_rest from c))), 'both', 'which the why says');
select throws_ok($$ select api.add_pay_rule(pg_temp.here(), null, null, pg_temp.day(-30), 9000) $$, 'PT409', 'pay_rule_overlaps', 'two versions do not hold on one day');
select lives_ok($$ select api.add_pay_rule(pg_temp.here(), null, null, pg_temp.day(-5), 3100, '[]', null, true, false) $$, 'a new version ends the old one');
select is((select valid_until from booking.pay_rules where business_id = pg_temp.here() and instructor_id is null and class_type_id is null and valid_from = pg_temp.day(-30)), pg_temp.day(-5), 'on the day it begins');
select throws_ok($$ select api.add_pay_rule(pg_temp.here(), null, null, pg_temp.day(-20), 9000) $$, 'PT409', 'pay_rule_overlaps', 'none is slipped in between');
select is(pg_temp.earns((select full_one from c)), 3800::bigint, 'and classes before keep the version of their day');
select throws_ok($$ update booking.pay_rules set base_cents = 1 where business_id = pg_temp.here() $$, '55000', null, 'a version is never edited');
select throws_ok($$ select api.add_pay_rule(pg_temp.here(), null, null, pg_temp.day(9), 3000, '[{"over": 8, "per_head_cents": 200, "bonus_cents": 0}, {"over": 8, "per_head_cents": 1, "bonus_cents": 0}]') $$, 'PT422', 'pay_tiers_invalid', 'tiers grow');
select throws_ok($$ select api.add_pay_rule(pg_temp.here(), null, null, pg_temp.day(9), 3000, '[{"over": 8, "per_head_cents": -1, "bonus_cents": 0}]') $$, 'PT422', 'pay_tiers_invalid', 'and no head costs the instructor');
select throws_ok($$ select api.add_pay_rule(pg_temp.here(), null, null, pg_temp.day(9), 3000, '[]', 2000) $$, 'PT422', 'pay_cap_below_base', 'a cap is not below the base');
select throws_ok($$ select api.add_pay_rule(pg_temp.here(), '60000000-0000-4000-8000-000000000001', null, pg_temp.day(9), 3000) $$, 'PT422', 'instructor_unknown', 'rules are for one''s own instructors');

-- The report and closing it
select results_eq($$ select instructor_name, sum(amount_cents)::bigint from api.pay_report(pg_temp.here(), pg_temp.day(-10), pg_temp.day(-1)) group by 1 order by 1 $$, $$ values ('Ada', 10800::bigint), ('Juli', 11000::bigint) $$, 'the report adds up for each');
select is((select count(*) from api.pay_report(pg_temp.here(), pg_temp.day(-10), pg_temp.day(-10))), 2::bigint, 'a class at ten past midnight is of the studio''s day');
select throws_ok($$ select * from api.pay_report(pg_temp.here(), pg_temp.day(-1), pg_temp.day(-10)) $$, 'PT422', 'pay_period_invalid', 'a period ends after it begins');
select throws_ok($$ select api.close_pay_run(pg_temp.here(), pg_temp.day(-10), pg_temp.day(0)) $$, 'PT409', 'pay_period_not_over', 'what is not over is not closed');
create temporary table run as select api.close_pay_run(pg_temp.here(), pg_temp.day(-10), pg_temp.day(-6)) as closed;
select is((select closed ->> 'total_cents' || ' in ' || (closed ->> 'lines') from run), '21800 in 5', 'closing stores what the report said');
select throws_ok($$ select api.close_pay_run(pg_temp.here(), pg_temp.day(-6), pg_temp.day(-5)) $$, 'PT409', 'pay_period_closed', 'no day is closed twice');
select throws_ok($$ update booking.pay_lines set amount_cents = 0 $$, '55000', null, 'what is closed does not change');
select is((select bool_and(l.amount_cents = (booking.pay_amount((l.why -> 'rule' ->> 'base_cents')::bigint, l.why -> 'rule' -> 'tiers', (l.why -> 'rule' ->> 'cap_cents')::bigint, (l.why ->> 'heads')::int) ->> 'amount_cents')::bigint) from booking.pay_lines l where l.business_id = pg_temp.here()), true, 'what is stored gives the stored amount again');
select pg_temp.sits((select full_one from c), 'checked_in', 3);
update booking.sessions set instructor_id = '69999999-0000-4000-8000-000000000211' where id = (select juli_one from c);
select is((select sum(amount_cents)::bigint from api.pay_report(pg_temp.here(), pg_temp.day(-10), pg_temp.day(-6))), 21800::bigint, 'changes afterwards leave the closed period alone');
select pg_temp.session('ada', -4);
select results_eq($$ select kind, instructor_name, amount_cents from api.pay_report(pg_temp.here(), pg_temp.day(-5), pg_temp.day(-1)) order by 2, 1, 3 $$,
  $$ values ('adjustment', 'Ada', 600::bigint), ('adjustment', 'Ada', 3000::bigint), ('class', 'Ada', 3100::bigint), ('adjustment', 'Juli', -5000::bigint) $$, 'they come as adjustments in the next: three more heads, and a class that another one had taught');
select is((select api.close_pay_run(pg_temp.here(), pg_temp.day(-5), pg_temp.day(-1)) ->> 'total_cents'), '1700', 'and are closed with it');
select is_empty($$ select * from booking.pay_adjustments(pg_temp.here(), pg_temp.day(0)) $$, 'once');
select throws_ok($$ select api.close_pay_run(pg_temp.here(), pg_temp.day(-20), pg_temp.day(-11)) $$, 'PT409', 'pay_period_out_of_order', 'periods are closed in order');

-- Ending a rule
select lives_ok($$ select api.end_pay_rule(pg_temp.here(), (select id from booking.pay_rules where business_id = pg_temp.here() and instructor_id is not null and class_type_id is not null), pg_temp.day(-40)) $$, 'a rule that was a mistake never held');
select is(pg_temp.earns((select juli_rest from c)), 5000::bigint, 'the next wider one holds instead');
select is((select sum(amount_cents)::bigint from booking.pay_adjustments(pg_temp.here(), pg_temp.day(0))), -1000::bigint, 'what was paid by it comes back as an adjustment');
select throws_ok($$ select api.end_pay_rule(pg_temp.here(), (select id from booking.pay_rules where business_id = pg_temp.here() and voided_at is not null), pg_temp.day(1)) $$, 'PT404', 'pay_rule_not_found', 'and it is not there to be ended again');

-- One's own
select pg_temp.become('cliente@sur.test');
select is((select sum(amount_cents)::bigint from api.my_pay(pg_temp.here(), pg_temp.day(-10), pg_temp.day(-1))), 6000::bigint, 'an instructor sees their own lines and adjustments');
select is((select count(distinct l.instructor_id) from booking.pay_lines l where l.business_id = pg_temp.here() and l.instructor_id in (select booking.teaching_as())), 1::bigint, 'and nobody else''s');

select * from finish();
rollback;
