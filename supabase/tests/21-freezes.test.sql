-- Freezing: a table of dates and what they come to, under each rule; who may, what it changes, coming back early.
begin;
select plan(62);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;

-- Golden dates: in Madrid, where the clocks go back on 25 October and forward on 28 March ----------------------------------
create function pg_temp.effect(rule text, from_on date, days int, begins text, ends text, paid int default 8900, price int default 8900, every text default 'month') returns text language sql as $$
  select format('%s %s +%s >%s opens %s', to_char(e.next_charge_at at time zone 'Europe/Madrid', 'YYYY-MM-DD HH24:MI'), e.next_charge_cents, e.credit_cents, e.carried_cents, to_char(e.opens_at at time zone 'Europe/Madrid', 'YYYY-MM-DD HH24:MI'))
  from members.freeze_effect(rule, from_on, days, 'Europe/Madrid', every, begins::timestamp at time zone 'Europe/Madrid', ends::timestamp at time zone 'Europe/Madrid', paid, price) e;
$$;
select is(pg_temp.effect('shift', '2026-11-10', 7, '2026-11-01 10:00', '2026-12-01 10:00'), '2026-12-08 10:00 8900 +0 >0 opens 2026-11-17 00:00', 'shift: a week off moves the charge by a week');
select is(pg_temp.effect('shift', '2026-10-20', 10, '2026-10-01 10:00', '2026-11-01 10:00'), '2026-11-11 10:00 8900 +0 >0 opens 2026-10-30 00:00', 'shift: the hour of the charge stays when the clocks change in between');
select is(pg_temp.effect('shift', '2027-03-20', 14, '2027-03-01 02:30', '2027-04-01 02:30'), '2027-04-15 02:30 8900 +0 >0 opens 2027-04-03 00:00', 'shift: in spring too');
select is(pg_temp.effect('shift', '2026-11-28', 40, '2026-11-01 10:00', '2026-12-01 10:00'), '2027-01-10 10:00 8900 +0 >0 opens 2027-01-07 00:00', 'shift: longer than the period: the rest of it is used afterwards');
select is(pg_temp.effect('shift', '2026-11-10', 0, '2026-11-01 10:00', '2026-12-01 10:00'), '2026-12-01 10:00 8900 +0 >0 opens 2026-11-10 00:00', 'shift: no day frozen changes nothing');
select is(pg_temp.effect('prorate', '2026-11-10', 15, '2026-11-01 10:00', '2026-12-01 10:00'), '2026-12-01 10:00 4450 +4450 >0 opens 2026-11-25 00:00', 'prorate: half a month costs half');
select is(pg_temp.effect('prorate', '2026-11-10', 1, '2026-11-01 10:00', '2026-12-01 10:00'), '2026-12-01 10:00 8603 +297 >0 opens 2026-11-11 00:00', 'prorate: a day is a thirtieth, rounded half up');
select is(pg_temp.effect('prorate', '2026-10-10', 1, '2026-10-01 10:00', '2026-11-01 10:00'), '2026-11-01 10:00 8613 +287 >0 opens 2026-10-11 00:00', 'prorate: or a thirty-first');
select is(pg_temp.effect('prorate', '2026-11-16', 45, '2026-11-01 10:00', '2026-12-01 10:00'), '2026-12-01 10:00 0 +13063 >4163 opens 2026-12-31 00:00', 'prorate: half of one period and nearly all of the next; what is too much goes on');
select is(pg_temp.effect('prorate', '2026-11-16', 15, '2026-11-01 10:00', '2026-12-01 10:00', 5950, 11900), '2026-12-01 10:00 8925 +2975 >0 opens 2026-12-01 00:00', 'prorate: of what was paid, not of what comes');
select is(pg_temp.effect('prorate', '2026-11-16', 20, '2026-11-01 10:00', '2026-12-01 10:00', 5950, 11900), '2026-12-01 10:00 7006 +4894 >0 opens 2026-12-06 00:00', 'prorate: each day at its own period''s price');
select is(pg_temp.effect('prorate', '2026-12-01', 31, '2026-06-15 10:00', '2027-06-15 10:00', 119000, 119000, 'year'), '2027-06-15 10:00 108893 +10107 >0 opens 2027-01-01 00:00', 'prorate: a month of a year');
select is(pg_temp.effect('prorate', '2028-02-20', 10, '2028-01-31 10:00', '2028-02-29 10:00'), '2028-02-29 10:00 5851 +3049 >0 opens 2028-03-01 00:00', 'prorate: the short month of a leap year');
select is(pg_temp.effect('continue', '2026-11-10', 15, '2026-11-01 10:00', '2026-12-01 10:00'), '2026-12-01 10:00 8900 +0 >0 opens 2026-11-25 00:00', 'continue: only access rests');

-- Whose it is, and when -------------------------------------------------------------------------------------------------
create function pg_temp.membership(who text, plan text, sub text) returns uuid language plpgsql as $$
declare made uuid;
begin
  insert into members.memberships (business_id, member_id, plan_id, provider_ref, customer_ref, state, access_until, period_start, period_end, seen_at)
  select n.business_id, m.id, n.id, sub, 'cus_' || sub, 'active', date_trunc('day', now()) + interval '20 days 10 hours', date_trunc('day', now()) - interval '11 days' + interval '10 hours', date_trunc('day', now()) + interval '19 days 10 hours', now()
  from members.plans n join members.members m on m.business_id = n.business_id and m.email::text = who and m.guardian_id is null where n.slug = plan and n.business_id = pg_temp.lotus() returning id into made;
  insert into members.passes (business_id, member_id, plan_id, membership_id, credits, shareable, net_cents, currency, starts_at, expires_at, created_at)
  select x.business_id, x.member_id, x.plan_id, x.id, n.credits, false, 0, 'EUR', x.period_start, x.period_end, x.period_start from members.memberships x join members.plans n on n.id = x.plan_id where x.id = made;
  perform members.book_credits(p.id) from members.passes p where p.membership_id = made;
  return made;
end $$;
create function pg_temp.today() returns date language sql as $$ select (now() at time zone 'Europe/Madrid')::date $$;
create temporary table m as select pg_temp.membership('ada@example.test', 'eight-a-month', 'sub_fr_shift') as shift, pg_temp.membership('bruno@example.test', 'unlimited', 'sub_fr_prorate') as prorate, pg_temp.membership('regular5@example.test', 'unlimited-year', 'sub_fr_continue') as continue;
create function pg_temp.preview(id uuid, starts int, days int) returns jsonb language sql as $$ select api.freeze_preview(pg_temp.lotus(), id, pg_temp.today() + starts, pg_temp.today() + starts + days) $$;
create function pg_temp.freeze(id uuid, starts int, days int, key text) returns jsonb language sql as $$
  select api.freeze_membership(pg_temp.lotus(), id, pg_temp.today() + starts, pg_temp.today() + starts + days, (p ->> 'next_charge_at')::timestamptz, (p ->> 'next_charge_cents')::bigint, key) from pg_temp.preview(id, starts, days) p;
$$;

select pg_temp.become('ada@example.test');
select throws_ok($$ select pg_temp.preview((select prorate from m), 2, 7) $$, 'PT404', 'membership_not_found', 'nobody freezes somebody else''s');
select throws_ok($$ select pg_temp.preview((select shift from m), 2, 0) $$, 'PT422', 'freeze_dates_invalid', 'a freeze has a day at least');
select throws_ok($$ select pg_temp.preview((select shift from m), 0, 7) $$, 'PT409', 'freeze_too_soon', 'the plan asks for a day''s notice');
select throws_ok($$ select pg_temp.preview((select shift from m), 55, 5) $$, 'PT409', 'freeze_after_charge', 'it begins in this period or in the next');
select throws_ok($$ select pg_temp.preview((select shift from m), 2, 61) $$, 'PT409', 'freeze_too_long', 'sixty days a year');
select is(pg_temp.preview((select shift from m), 2, 7) ->> 'next_charge_at', to_jsonb((select members.days_later(x.period_end, 7, 'Europe/Madrid') from members.memberships x where x.id = (select shift from m))) #>> '{}', 'the preview says when the next charge is then');
select is((select count(*) from members.freezes), 0::bigint, 'and changes nothing');
select throws_ok($$ select api.freeze_membership(pg_temp.lotus(), (select shift from m), pg_temp.today() + 2, pg_temp.today() + 9, now(), 8900, 'freeze-stale-1') $$, 'PT409', 'preview_stale', 'what was not shown is not done');

-- Shift -----------------------------------------------------------------------------------------------------------------
create function pg_temp.session(starts_in interval) returns uuid language plpgsql as $$
declare made uuid;
begin
  insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select t.business_id, t.id, r.id, i.id, date_trunc('day', now()) + starts_in, date_trunc('day', now()) + starts_in + interval '20 minutes', 9, 1600
  from booking.class_types t join booking.rooms r on r.business_id = t.business_id and r.name = 'Sala Azotea' join booking.instructors i on i.business_id = t.business_id and i.slug = 'tomas' where t.slug = 'first-steps' returning id into made;
  return made;
end $$;
create temporary table s as select pg_temp.session('5 days 3 minutes') as rests, pg_temp.session('12 days 3 minutes') as after, pg_temp.session('23 days 3 minutes') as prolonged, pg_temp.session('6 days 3 minutes') as booked;
create function pg_temp.book(session uuid, pass uuid) returns text language sql as $$ select api.book_session(pg_temp.lotus(), session, gen_random_uuid()::text, 'pass', pass) ->> 'state' $$;
create temporary table p as select p.id, p.membership_id from members.passes p join m on p.membership_id in (m.shift, m.prorate, m.continue);
select is(pg_temp.book((select booked from s), (select p.id from p join m on p.membership_id = m.shift)), 'paid', 'a class in these days');
select throws_ok($$ select pg_temp.preview((select shift from m), 2, 7) $$, 'PT409', 'freeze_has_bookings', 'is given up first');
select api.cancel_booking(pg_temp.lotus(), (select k.id from booking.bookings k where k.session_id = (select booked from s)), 'freeze-cancel-1');
select is(pg_temp.freeze((select shift from m), 2, 7, 'freeze-shift-1') ->> 'days', '7', 'then it rests');
select is(api.freeze_membership(pg_temp.lotus(), (select shift from m), pg_temp.today() + 2, pg_temp.today() + 9, now(), 0, 'freeze-shift-1') ->> 'days', '7', 'the same request again answers the same');
select is((select count(*) from members.freezes), 1::bigint, 'and is one freeze');
select results_eq($$ select x.period_end, x.access_until, q.expires_at from members.memberships x join members.passes q on q.membership_id = x.id where x.id = (select shift from m) $$,
  $$ select members.days_later(d + interval '19 days 10 hours', 7, 'Europe/Madrid'), members.days_later(d + interval '20 days 10 hours', 7, 'Europe/Madrid'), members.days_later(d + interval '19 days 10 hours', 7, 'Europe/Madrid') from (select date_trunc('day', now()) as d) x $$, 'what is paid lasts a week longer');
select is((select charge_at from api.freeze_to_tend((select id from members.freezes))), (select x.period_end from members.memberships x where x.id = (select shift from m)), 'and the provider is told so');
select throws_ok($$ select pg_temp.book((select rests from s), (select p.id from p join m on p.membership_id = m.shift)) $$, 'PT409', 'pass_frozen', 'it pays for no class of these days');
select is(pg_temp.book((select after from s), (select p.id from p join m on p.membership_id = m.shift)), 'paid', 'for those after');
select is(pg_temp.book((select prolonged from s), (select p.id from p join m on p.membership_id = m.shift)), 'paid', 'and for those of the week it was prolonged by');
select throws_ok($$ select pg_temp.preview((select shift from m), 12, 7) $$, 'PT409', 'freeze_already', 'one freeze at a time');
-- Back early: on its third day.
update members.freezes f set from_on = f.from_on - 4, until_on = f.until_on - 4, from_at = f.from_at - interval '4 days', until_at = f.until_at - interval '4 days';
select is(api.thaw_membership(pg_temp.lotus(), (select shift from m), 'thaw-shift-1') ->> 'days', '3', 'who comes back on the third day rested three');
select is((select x.period_end from members.memberships x where x.id = (select shift from m)), (select members.days_later(date_trunc('day', now()) + interval '19 days 10 hours', 3, 'Europe/Madrid')), 'and is charged three days later, not seven');
select is(pg_temp.book((select rests from s), (select p.id from p join m on p.membership_id = m.shift)), 'paid', 'it is open again at once');
select throws_ok($$ select api.thaw_membership(pg_temp.lotus(), (select shift from m), 'thaw-shift-2') $$, 'PT409', 'nothing_frozen', 'once');
select is(members.frozen_days((select shift from m), pg_temp.today() + 30), 3, 'the three count towards the year');

-- Prorate ---------------------------------------------------------------------------------------------------------------
select pg_temp.become('bruno@example.test');
create temporary table credit as select (pg_temp.preview((select prorate from m), 3, 10) ->> 'credit_cents')::bigint as cents;
select pg_temp.freeze((select prorate from m), 3, 10, 'freeze-prorate-1');
select is((select sum(c.amount_cents) from members.membership_credits c where c.membership_id = (select prorate from m)), (select cents::numeric from credit), 'prorate: the days are credited');
select is((select price_cents from api.my_memberships(pg_temp.lotus()) where membership_id = (select prorate from m)), 11900 - (select cents from credit), 'the next charge is lower by them');
select results_eq($$ select x.period_end from members.memberships x where x.id = (select prorate from m) $$, $$ select date_trunc('day', now()) + interval '19 days 10 hours' $$, 'and stays where it was');
select throws_ok($$ select pg_temp.book((select rests from s), (select p.id from p join m on p.membership_id = m.prorate)) $$, 'PT409', 'pass_frozen', 'meanwhile it is closed');
select api.thaw_membership(pg_temp.lotus(), (select prorate from m), 'thaw-prorate-1');
select is((select sum(c.amount_cents) from members.membership_credits c where c.membership_id = (select prorate from m)), 0::numeric, 'taken back before it began it costs what it did');
select is(pg_temp.book((select rests from s), (select p.id from p join m on p.membership_id = m.prorate)), 'paid', 'and is open');

-- In the period that is not paid yet -------------------------------------------------------------------------------------
create temporary table later as select pg_temp.membership('regular6@example.test', 'eight-a-month', 'sub_fr_later') as id, pg_temp.membership('regular7@example.test', 'eight-a-month', 'sub_fr_taken_back') as back, pg_temp.membership('regular7@example.test', 'unlimited', 'sub_fr_later_prorate') as prorate;
create function pg_temp.ends(id uuid) returns timestamptz language sql as $$ select x.period_end from members.memberships x where x.id = ends.id $$;
create function pg_temp.after(id uuid) returns timestamptz language sql as $$ select members.following_charge(x, 'month', 'Europe/Madrid') from members.memberships x where x.id = after.id $$;
create function pg_temp.renewed(sub text, ends timestamptz, following timestamptz) returns text language sql as $$
  select members.apply_subscription(jsonb_build_object('subscription_ref', sub, 'customer_ref', 'cus_' || sub, 'status', 'active', 'period_start', ends, 'period_end', following, 'cancel_at_period_end', false, 'seen_at', now() + interval '1 second',
    'invoice', jsonb_build_object('ref', 'in_' || sub, 'status', 'paid', 'reason', 'subscription_cycle', 'amount_cents', 8900, 'currency', 'eur', 'attempts', 1, 'period_start', ends, 'period_end', following)));
$$;
create temporary table dates as select pg_temp.ends(l.id) as ends, pg_temp.after(l.id) as following from later l;
select pg_temp.become('regular6@example.test');
create temporary table shown as select pg_temp.preview((select id from later), 25, 7) as p;
select results_eq($$ select (p ->> 'first_charge_at')::timestamptz, (p ->> 'first_charge_cents')::int, (p ->> 'next_charge_at')::timestamptz, (p ->> 'next_charge_cents')::int from shown $$,
  $$ select ends, 8900, members.days_later(following, 7, 'Europe/Madrid'), 8900 from dates $$, 'a rest in the next period leaves the next charge as it is, and moves the one after it');
select pg_temp.freeze((select id from later), 25, 7, 'freeze-later-1');
select is(pg_temp.ends((select id from later)), (select ends from dates), 'until then nothing moves');
select is_empty($$ select * from api.freeze_to_tend((select f.id from members.freezes f where f.membership_id = (select id from later))) $$, 'nor at the provider');
select is((select (x.freeze ->> 'early_charge_at')::timestamptz from api.my_memberships(pg_temp.lotus()) x where x.membership_id = (select id from later)), (select ends from dates), 'taken back, the next charge is the one there is');
select is(members.is_frozen((select id from later), now() + interval '27 days'), true, 'the days rest all the same');
select is(pg_temp.renewed('sub_fr_later', (select ends from dates), (select following from dates)), 'renewed', 'the next period is paid');
select is((select p.expires_at from members.passes p where p.membership_id = (select id from later) and p.starts_at = (select ends from dates)), (select members.days_later(following, 7, 'Europe/Madrid') from dates), 'and lasts a week longer');
select is((select charge_at from api.freeze_to_tend((select f.id from members.freezes f where f.membership_id = (select id from later)))), (select members.days_later(following, 7, 'Europe/Madrid') from dates), 'now the provider is told');
select is((select x.access_until from members.memberships x where x.id = (select id from later)), (select members.days_later(following, 7, 'Europe/Madrid') + interval '1 day' from dates), 'access lasts as long');
select pg_temp.become('regular7@example.test');
select pg_temp.freeze((select back from later), 25, 7, 'freeze-later-2');
select is(api.thaw_membership(pg_temp.lotus(), (select back from later), 'thaw-later-2') ->> 'days', '0', 'taken back before it began');
select pg_temp.renewed('sub_fr_taken_back', (select ends from dates), (select following from dates));
select is((select p.expires_at from members.passes p where p.membership_id = (select back from later) and p.starts_at = (select ends from dates)), (select following from dates), 'it moves nothing later');
select is((select p ->> 'first_charge_at' from pg_temp.preview((select prorate from later), 25, 7) p), null, 'prorate: days of the next period come off the next charge itself');
select is((select (p ->> 'next_charge_at')::timestamptz from pg_temp.preview((select prorate from later), 25, 7) p), (select ends from dates), 'which stays where it is');

-- Continue, and what cannot rest ------------------------------------------------------------------------------------------
select pg_temp.become('regular5@example.test');
select pg_temp.freeze((select continue from m), 3, 10, 'freeze-continue-1');
select is((select count(*) from api.freeze_to_tend((select f.id from members.freezes f where f.membership_id = (select continue from m)))) + (select count(*) from members.membership_credits c where c.membership_id = (select continue from m)), 0::bigint, 'continue: nothing changes at the provider');
update members.memberships set state = 'trialing' where id = (select shift from m);
select pg_temp.become('ada@example.test');
select throws_ok($$ select pg_temp.preview((select shift from m), 2, 7) $$, 'PT409', 'freeze_in_trial', 'a trial does not rest');
update members.memberships set state = 'active', cancel_at_period_end = true where id = (select shift from m);
select throws_ok($$ select pg_temp.preview((select shift from m), 2, 7) $$, 'PT409', 'membership_ends_already', 'nor what ends');
select is((select count(*) from messages.notifications n where n.kind = 'membership_frozen'), 5::bigint, 'each was told once');
select is_empty($$ select * from ledger.findings() $$, 'the books agree');
select * from finish();
rollback;
