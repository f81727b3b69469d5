-- Fees paid by what a member has here; uses without limit on the statement; periods of a membership paid back.
begin;
select plan(57);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.member(who text) returns uuid language sql as $$ select m.id from members.members m where m.business_id = pg_temp.lotus() and m.email::text = who and m.guardian_id is null $$;
create function pg_temp.buy(who text, plan text) returns uuid language plpgsql as $$
declare placed jsonb; token text := repeat('fees-test-' || left(who, 8), 3);
begin
  perform pg_temp.become(who);
  perform api.add_plan_to_cart(pg_temp.lotus(), plan, token);
  placed := api.place_order(pg_temp.lotus(), gen_random_uuid()::text, token);
  perform payments.pay_at_once(o, 'terminal') from sales.orders o where o.id = (placed ->> 'order_id')::uuid;
  return (select l.id from sales.order_lines l where l.order_id = (placed ->> 'order_id')::uuid);
end $$;
insert into booking.class_types (id, business_id, slug, name, style, level, duration_minutes, price_cents, tax_rate_bp, capacity, late_fee_cents, no_show_fee_cents, fee_credits)
values ('49460000-0000-4000-8000-000000000001', pg_temp.lotus(), 'fees-test', '{"en": "Fees test"}', 'hatha', 'all', 20, 1600, 2100, 9, 800, 500, 2);
insert into booking.rooms (id, business_id, location_id, name, capacity) select '49460000-0000-4000-8000-000000000002', l.business_id, l.id, 'Fees room', 9 from business.locations l where l.business_id = pg_temp.lotus() limit 1;
insert into booking.instructors (id, business_id, slug, name, published) values ('49460000-0000-4000-8000-000000000003', pg_temp.lotus(), 'fees-teacher', 'Fees Teacher', false);
create function pg_temp.session(starts_in interval) returns uuid language plpgsql as $$
declare made uuid;
begin
  insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  values (pg_temp.lotus(), '49460000-0000-4000-8000-000000000001', '49460000-0000-4000-8000-000000000002', '49460000-0000-4000-8000-000000000003', now() + starts_in, now() + starts_in + interval '20 minutes', 9, 1600) returning id into made;
  return made;
end $$;

-- A fee ------------------------------------------------------------------------------------------------------------------
-- Regular5 has a year without limit, and gives a place up late.
create temporary table year as select pg_temp.buy('regular5@example.test', 'unlimited-year') as line;
create temporary table pass as select p.id, p.membership_id from members.passes p where p.order_line_id = (select line from year);
create function pg_temp.late(who text, starts_in interval) returns uuid language plpgsql as $$
declare k uuid; s uuid := pg_temp.session(starts_in);
begin
  perform pg_temp.become(who);
  perform api.book_session(pg_temp.lotus(), s, gen_random_uuid()::text, 'pass');
  select b.id into k from booking.bookings b where b.session_id = s;
  perform api.cancel_booking(pg_temp.lotus(), k, gen_random_uuid()::text);
  return k;
end $$;
create temporary table fee (n int, booking uuid, id uuid);
insert into fee select 1, pg_temp.late('regular5@example.test', '1 hour');
update fee set id = (select f.fee_order_id from booking.forfeits f where f.booking_id = fee.booking);
create function pg_temp.fee(n int) returns uuid language sql as $$ select f.id from fee f where f.n = fee.n $$;
select isnt(pg_temp.fee(1), null, 'a late cancellation of a place without limit costs a fee');
select results_eq($$ select total_cents, wallet_cents, credits, pass_id from api.fee_ways(pg_temp.lotus(), pg_temp.fee(1)) $$, $$ values (800::bigint, 0::bigint, 2, null::uuid) $$, 'which two credits would settle, if there were any: a pass without limit has none to give');
select throws_ok($$ select api.pay_fee(pg_temp.lotus(), pg_temp.fee(1), 'wallet', 'pay-fee-empty') $$, 'PT409', 'wallet_too_low', 'an empty wallet pays nothing');
select throws_ok($$ select api.pay_fee(pg_temp.lotus(), pg_temp.fee(1), 'credits', 'pay-fee-none') $$, 'PT409', 'no_pass_pays', 'nor does a pass that is not there');
select throws_ok($$ select api.pay_fee(pg_temp.lotus(), pg_temp.fee(1), 'points', 'pay-fee-odd') $$, 'PT422', 'pay_with_invalid', 'nor anything else');
select is((select state from sales.orders where id = pg_temp.fee(1)), 'placed', 'it still waits');
select ledger.transfer(pg_temp.lotus(), 'wallet_gift', 'fees-test', array[ledger.account(pg_temp.lotus(), 'EUR', 'loss', 'gifts'), ledger.account(pg_temp.lotus(), 'EUR', 'wallet', pg_temp.member('regular5@example.test')::text)], array[1000::bigint, -1000]);
select pg_temp.become('regular6@example.test');
select throws_ok($$ select api.pay_fee(pg_temp.lotus(), pg_temp.fee(1), 'wallet', 'pay-fee-other') $$, 'PT404', 'order_not_found', 'nobody pays somebody else''s fee with their money');
select throws_ok($$ select * from api.fee_ways(pg_temp.lotus(), pg_temp.fee(1)) $$, 'PT404', 'order_not_found', 'nor sees what is in their wallet');
select pg_temp.become('regular5@example.test');
select is(api.pay_fee(pg_temp.lotus(), pg_temp.fee(1), 'wallet', 'pay-fee-1') ->> 'state', 'paid', 'from the wallet it is paid at once');
select is(api.pay_fee(pg_temp.lotus(), pg_temp.fee(1), 'wallet', 'pay-fee-1') ->> 'state', 'paid', 'the same again answers the same');
select is((api.my_wallet(pg_temp.lotus()) ->> 'balance_cents')::int, 200, 'and took it once');
select throws_ok($$ select api.pay_fee(pg_temp.lotus(), pg_temp.fee(1), 'wallet', 'pay-fee-2') $$, 'PT409', 'order_paid', 'nor is it paid twice');
select is_empty($$ select * from api.my_fees(pg_temp.lotus()) $$, 'nothing is owed');
select is_empty($$ select * from ledger.findings() $$, 'the books agree');
select pg_temp.become('frontdesk@lotus.test');
select is((api.waive(pg_temp.lotus(), (select booking from fee where n = 1), 'a bus that broke down', 'waive-fee-1') ->> 'fee_cents')::int, 800, 'the front desk waives it');
select pg_temp.become('regular5@example.test');
select is((api.my_wallet(pg_temp.lotus()) ->> 'balance_cents')::int, 1000, 'and it is in the wallet again');

-- With credits -----------------------------------------------------------------------------------------------------------
create temporary table bought as select pg_temp.buy('regular5@example.test', 'ten-classes') as line;
create temporary table ten as select p.id from members.passes p where p.order_line_id = (select line from bought);
insert into fee select 2, pg_temp.late('regular5@example.test', '90 minutes');
update fee set id = (select f.fee_order_id from booking.forfeits f where f.booking_id = fee.booking) where n = 2;
-- The policy is the one of the day it was booked.
update booking.class_types set fee_credits = 0 where slug = 'fees-test';
select results_eq($$ select credits, pass_id, credits_left from api.fee_ways(pg_temp.lotus(), pg_temp.fee(2)) $$, $$ select 2, (select id from ten), 10 $$, 'what it was booked under still counts, and the pack can settle it');
select throws_ok($$ select api.pay_fee(pg_temp.lotus(), pg_temp.fee(2), 'credits', 'pay-fee-odd-pass', (select p.id from members.passes p where p.member_id = pg_temp.member('carla@example.test') limit 1)) $$, 'PT404', 'pass_not_found', 'somebody else''s pass settles nothing');
update members.passes set frozen_from = now() - interval '1 day', frozen_until = now() + interval '1 day' where id = (select id from ten);
select throws_ok($$ select api.pay_fee(pg_temp.lotus(), pg_temp.fee(2), 'credits', 'pay-fee-frozen', (select id from ten)) $$, 'PT409', 'pass_frozen', 'nor one that rests');
update members.passes set frozen_from = null, frozen_until = null where id = (select id from ten);
select results_eq($$ select r ->> 'state', r ->> 'total_cents', r ->> 'credits' from api.pay_fee(pg_temp.lotus(), pg_temp.fee(2), 'credits', 'pay-fee-3') r $$, $$ values ('paid', '0', '2') $$, 'two credits settle it');
select is(members.credits_left(p), 8, 'eight are left') from members.passes p where p.id = (select id from ten);
select results_eq($$ select movement, amount, balance_after, class_name ->> 'en', reference from api.my_statement(pg_temp.lotus(), of_pass => (select id from ten)) limit 1 $$,
  $$ select 'credit_use', -2::bigint, 8::bigint, 'Fees test', o.reference from sales.orders o where o.id = pg_temp.fee(2) $$, 'the statement says for which class, and by which order');
select is((select -a.balance from ledger.accounts a where a.business_id = pg_temp.lotus() and a.kind = 'unearned' and a.owner = (select id from ten)::text), 8596::bigint, 'what they were worth is earned');
select is_empty($$ select * from ledger.findings() $$, 'the books agree');
select pg_temp.become('frontdesk@lotus.test');
select is((api.waive(pg_temp.lotus(), (select booking from fee where n = 2), 'our mistake', 'waive-fee-2') ->> 'credits_back')::int, 2, 'waived, they come back');
select is(members.credits_left(p), 10, 'to the pass they came from') from members.passes p where p.id = (select id from ten);
select throws_ok($$ select api.waive(pg_temp.lotus(), (select booking from fee where n = 2), 'our mistake', 'waive-fee-3') $$, 'PT409', 'returned_before', 'once');
select is_empty($$ select * from ledger.findings() $$, 'the books agree');
insert into fee select 3, pg_temp.late('regular5@example.test', '2 hours');
update fee set id = (select f.fee_order_id from booking.forfeits f where f.booking_id = fee.booking) where n = 3;
select throws_ok($$ select api.pay_fee(pg_temp.lotus(), pg_temp.fee(3), 'credits', 'pay-fee-4') $$, 'PT409', 'fee_needs_money', 'where the policy says nothing of credits, they settle nothing');

-- What is free for everybody is given up for nothing, however late: nobody was told of a fee there.
create temporary table free as select pg_temp.session('150 minutes') as session;
update booking.sessions set price_cents = 0 where id = (select session from free);
select api.book_session(pg_temp.lotus(), (select session from free), 'fees-book-free');
select is((api.cancel_booking(pg_temp.lotus(), (select b.id from booking.bookings b where b.session_id = (select session from free)), 'fees-cancel-free') ->> 'fee_cents')::int, 0, 'a place that is free for everybody costs nothing, late neither');

-- The statement ------------------------------------------------------------------------------------------------------------
select results_eq($$ select movement, amount, balance_after, class_name ->> 'en' from api.my_statement(pg_temp.lotus(), of_pass => (select id from pass)) $$,
  $$ values ('unlimited_late', 0::bigint, null::bigint, 'Fees test'), ('unlimited_use', 0, null, 'Fees test'), ('unlimited_late', 0, null, 'Fees test'), ('unlimited_use', 0, null, 'Fees test'), ('unlimited_late', 0, null, 'Fees test'), ('unlimited_use', 0, null, 'Fees test') $$, 'every place taken and given up without limit, the latest first');
create function pg_temp.walked(size int) returns table (entry_id bigint, step_id bigint) language plpgsql as $$
declare e bigint; s bigint; n int;
begin
  loop
    n := 0;
    for entry_id, step_id in select x.entry_id, x.step_id from api.my_statement(pg_temp.lotus(), e, size, before_step => s) x loop
      n := n + 1;
      e := coalesce(entry_id, e);
      s := coalesce(step_id, s);
      return next;
    end loop;
    exit when n < size;
  end loop;
end $$;
select results_eq('select * from pg_temp.walked(1)', 'select entry_id, step_id from api.my_statement(pg_temp.lotus(), page_size => 200)', 'one at a time it is the same statement: nothing twice, nothing left out');
select results_eq('select * from pg_temp.walked(3)', 'select entry_id, step_id from api.my_statement(pg_temp.lotus(), page_size => 200)', 'nor three at a time');
select is((select count(*) from api.my_statement(pg_temp.lotus(), of_wallet => true) where step_id is not null), 0::bigint, 'a wallet''s has only money');
create temporary table came as select pg_temp.session('3 days') as session;
select api.book_session(pg_temp.lotus(), (select session from came), 'fees-book-1', 'pass', (select id from pass));
select api.cancel_booking(pg_temp.lotus(), (select b.id from booking.bookings b where b.session_id = (select session from came)), 'fees-cancel-1');
select results_eq($$ select movement from api.my_statement(pg_temp.lotus(), of_pass => (select id from pass)) limit 2 $$, $$ values ('unlimited_return'), ('unlimited_use') $$, 'in time it came back');
select pg_temp.become('regular6@example.test');
select is_empty($$ select * from api.my_statement(pg_temp.lotus(), of_pass => (select id from pass)) $$, 'nobody reads somebody else''s');

-- A period back ------------------------------------------------------------------------------------------------------------
select pg_temp.become('frontdesk@lotus.test');
select throws_ok($$ select api.refund_membership(pg_temp.lotus(), (select line from year), 1000, false, 'a kindness', 'period-1') $$, 'PT403', 'not_your_role', 'the front desk pays no period back');
select throws_ok($$ select api.membership_to_refund(pg_temp.lotus(), (select line from year)) $$, 'PT403', 'not_your_role', 'nor looks what it would be');
select pg_temp.become('manager@lotus.test');
create temporary table seen as select api.membership_to_refund(pg_temp.lotus(), (select line from year)) as s;
select results_eq($$ select (s ->> 'left_cents')::int, (s ->> 'days')::int - (s ->> 'days_left')::int, s ->> 'state', (s ->> 'booked')::int from seen $$, $$ values (119000, 1, 'active', 0) $$, 'a manager sees what was paid, that today is used, and how it stands');
select is((select (s ->> 'unused_cents')::bigint from seen), (select floor(119000::numeric * (s ->> 'days_left')::int / (s ->> 'days')::int + 0.5)::bigint from seen), 'and what the days that are left are worth');
select throws_ok($$ select api.refund_membership(pg_temp.lotus(), (select line from year), 119001, false, 'a kindness', 'period-2') $$, 'PT409', 'refund_above_paid', 'never more than was paid');
select is(api.refund_membership(pg_temp.lotus(), (select line from year), 1000, false, 'a kindness', 'period-3') ->> 'ended', 'false', 'some of it goes back');
select is(api.refund_membership(pg_temp.lotus(), (select line from year), 1000, false, 'a kindness', 'period-3') ->> 'amount_cents', '1000', 'once, however often it is asked for');
select results_eq($$ select m.state, m.access_until > now(), p.state from members.memberships m join members.passes p on p.membership_id = m.id where p.id = (select id from pass) $$, $$ values ('active', true, 'active') $$, 'and access stays');
select is((select (api.membership_to_refund(pg_temp.lotus(), (select line from year)) ->> 'left_cents')::int), 118000, 'so much less is left to give');
select is_empty($$ select * from ledger.findings() $$, 'the books agree');
select pg_temp.become('regular5@example.test');
create temporary table held as select api.book_session(pg_temp.lotus(), (select session from came), 'fees-book-2', 'pass', (select id from pass)) as o;
select pg_temp.become('manager@lotus.test');
select throws_ok($$ select api.refund_membership(pg_temp.lotus(), (select line from year), 118000, true, 'moving away', 'period-4') $$, 'PT409', 'membership_has_bookings', 'classes to come are given up first');
select pg_temp.become('regular5@example.test');
select api.cancel_booking(pg_temp.lotus(), (select b.id from booking.bookings b where b.session_id = (select session from came) and b.state = 'confirmed'), 'fees-cancel-2');
select pg_temp.become('manager@lotus.test');
select is(api.refund_membership(pg_temp.lotus(), (select line from year), 118000, true, 'moving away', 'period-5') ->> 'ended', 'true', 'then all of the rest goes back and it ends');
select results_eq($$ select m.state, m.access_until <= now(), p.state from members.memberships m join members.passes p on p.membership_id = m.id where p.id = (select id from pass) $$, $$ values ('ended', true, 'voided') $$, 'with its access');
select throws_ok($$ select api.refund_membership(pg_temp.lotus(), (select line from year), 1, false, 'once more', 'period-6') $$, 'PT409', 'nothing_to_refund', 'there is nothing left');
select is((select -a.balance from ledger.accounts a where a.business_id = pg_temp.lotus() and a.kind = 'unearned' and a.owner = (select id from pass)::text), 0::bigint, 'nothing is owed for it');
select is_empty($$ select * from ledger.findings() $$, 'the books agree');
-- With credits, some of them used: what was earned by them is given back as well.
create temporary table eight as select pg_temp.buy('regular6@example.test', 'eight-a-month') as line;
select api.book_session(pg_temp.lotus(), pg_temp.session('4 days'), 'fees-book-3', 'pass', (select p.id from members.passes p where p.order_line_id = (select line from eight)));
select pg_temp.become('manager@lotus.test');
select is((api.membership_to_refund(pg_temp.lotus(), (select line from eight)) ->> 'unused_cents')::int, 7787, 'seven of eight classes are unused');
select is(api.refund_membership(pg_temp.lotus(), (select line from eight), 8900, false, 'charged by mistake', 'period-7') ->> 'amount_cents', '8900', 'all of it can go back all the same');
select is((select members.credits_left(p) from members.passes p where p.order_line_id = (select line from eight)), 7, 'and the classes stay, since that was said');
select is((select count(*) from messages.notifications n where n.kind = 'order_refunded' and n.member_id in (pg_temp.member('regular5@example.test'), pg_temp.member('regular6@example.test')) and n.created_at = now()), 3::bigint, 'each time its member is told');
select is_empty($$ select * from ledger.findings() $$, 'the books agree');
select * from finish();
rollback;
