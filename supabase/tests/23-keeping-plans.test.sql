-- Plans as the business keeps them: new versions where somebody has the old one; passes given by hand and paid back.
begin;
select plan(42);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.member(who text) returns uuid language sql as $$ select m.id from members.members m where m.business_id = pg_temp.lotus() and m.email::text = who and m.guardian_id is null $$;
create function pg_temp.plan(slug text) returns uuid language sql as $$ select n.id from members.plans n where n.business_id = pg_temp.lotus() and n.slug = plan.slug and n.superseded_at is null $$;
create function pg_temp.session(starts_in interval) returns uuid language plpgsql as $$
declare made uuid;
begin
  insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select t.business_id, t.id, r.id, i.id, date_trunc('day', now()) + starts_in, date_trunc('day', now()) + starts_in + interval '20 minutes', 9, 1600
  from booking.class_types t join booking.rooms r on r.business_id = t.business_id and r.name = 'Sala Azotea' join booking.instructors i on i.business_id = t.business_id and i.slug = 'tomas' where t.slug = 'first-steps' returning id into made;
  return made;
end $$;
create function pg_temp.buy(who text, plan text, pay_with text default 'terminal') returns uuid language plpgsql as $$
declare placed jsonb; token text := repeat('keeping-test', 4);
begin
  perform pg_temp.become(who);
  perform api.add_plan_to_cart(pg_temp.lotus(), plan, token);
  placed := api.place_order(pg_temp.lotus(), gen_random_uuid()::text, token);
  perform payments.pay_at_once(o, pay_with) from sales.orders o where o.id = (placed ->> 'order_id')::uuid;
  return (select p.id from members.passes p join sales.order_lines l on l.id = p.order_line_id where l.order_id = (placed ->> 'order_id')::uuid);
end $$;

-- Who may -----------------------------------------------------------------------------------------------------------------
select pg_temp.become('frontdesk@lotus.test');
select throws_ok($$ select * from api.kept_plans(pg_temp.lotus()) $$, 'PT403', 'not_your_role', 'the front desk keeps no prices');
select throws_ok($$ select api.save_plan(pg_temp.lotus(), null, '{}') $$, 'PT403', 'not_your_role', 'nor makes them');
select throws_ok($$ select api.publish_plan(pg_temp.lotus(), pg_temp.plan('ten-classes'), false) $$, 'PT403', 'not_your_role', 'nor sells them');
select throws_ok($$ select api.give_pass(pg_temp.lotus(), pg_temp.member('ada@example.test'), pg_temp.plan('ten-classes'), 'a friend', 'give-pass-1') $$, 'PT403', 'not_your_role', 'nor gives passes away');
select pg_temp.become('owner@sur.test');
select throws_ok($$ select api.save_plan(pg_temp.lotus(), pg_temp.plan('ten-classes'), '{"price_cents": 1}') $$, 'PT403', 'not_your_role', 'nor does another business''s owner');

-- Making ------------------------------------------------------------------------------------------------------------------
select pg_temp.become('manager@lotus.test');
select is(api.save_plan(pg_temp.lotus(), null, '{"kind": "pack", "slug": "twenty", "name": {"en": "Twenty"}, "price_cents": 22000, "credits": 20, "valid_days": 365, "published": true}') ->> 'result', 'made', 'a manager makes a pack');
select is((select n.published from members.plans n where n.id = pg_temp.plan('twenty')), false, 'which is not sold yet, whatever was said');
select is((select count(*) from api.plan_list(pg_temp.lotus()) where slug = 'twenty'), 0::bigint, 'nor shown');
select api.publish_plan(pg_temp.lotus(), pg_temp.plan('twenty'), true);
select is((select count(*) from api.plan_list(pg_temp.lotus()) where slug = 'twenty'), 1::bigint, 'until it is published');
select throws_ok($$ select api.save_plan(pg_temp.lotus(), null, '{"kind": "pack", "slug": "twenty", "name": {}, "price_cents": 1, "credits": 1}') $$, 'PT409', 'plan_slug_taken', 'an address is given once');
select throws_ok($$ select api.save_plan(pg_temp.lotus(), null, '{"kind": "pack", "slug": "no-credits", "name": {}, "price_cents": 1}') $$, 'PT422', 'plan_terms_invalid', 'a pack has credits');
select throws_ok($$ select api.save_plan(pg_temp.lotus(), null, '{"kind": "membership", "slug": "both", "name": {}, "price_cents": 100, "every": "month", "trial_days": 7, "intro_price_cents": 50, "intro_periods": 1}') $$, 'PT422', 'plan_terms_invalid', 'a trial and an introduction exclude each other');
select is(api.save_plan(pg_temp.lotus(), pg_temp.plan('twenty'), '{"price_cents": 21000}') ->> 'result', 'edited', 'what nobody has is simply edited');

-- A version somebody has ----------------------------------------------------------------------------------------------------
create temporary table old as select pg_temp.plan('twenty') as plan, pg_temp.buy('regular5@example.test', 'twenty') as pass;
select pg_temp.become('regular6@example.test');
select api.add_plan_to_cart(pg_temp.lotus(), 'twenty', repeat('keeping-cart', 4));
select pg_temp.become('manager@lotus.test');
select is(api.save_plan(pg_temp.lotus(), (select plan from old), '{"name": {"en": "Twenty classes"}, "position": 4}') ->> 'result', 'edited', 'words are edited in place');
select is(api.save_plan(pg_temp.lotus(), (select plan from old), '{"price_cents": 25000, "valid_days": 100}', array(select t.id from booking.class_types t where t.business_id = pg_temp.lotus() and t.slug = 'restore')) ->> 'result', 'new_version', 'terms that somebody has become a new version');
select isnt(pg_temp.plan('twenty'), (select plan from old), 'with a row of its own');
select results_eq($$ select n.price_cents, n.published, n.superseded_at is not null from members.plans n where n.id = (select plan from old) $$, $$ values (21000::bigint, false, true) $$, 'the old one stays as it was, and is sold no more');
select is((select price_cents from api.plan_list(pg_temp.lotus()) where slug = 'twenty'), 25000::bigint, 'the new one is sold');
select is((select jsonb_array_length(classes) from api.kept_plans(pg_temp.lotus()) where slug = 'twenty'), 1, 'for the classes that were chosen');
select results_eq($$ select holders, earlier_holders from api.kept_plans(pg_temp.lotus()) where slug = 'twenty' $$, $$ values (0, 1) $$, 'one has the earlier version');
select pg_temp.become('regular6@example.test');
select is((select price_cents from api.cart(pg_temp.lotus(), repeat('keeping-cart', 4)) where plan_slug = 'twenty'), 25000::bigint, 'who has it in the cart sees the new price');
select pg_temp.become('regular5@example.test');
select is(api.book_session(pg_temp.lotus(), pg_temp.session('41 days 3 minutes'), 'keeping-book-1', 'pass', (select pass from old)) ->> 'state', 'paid', 'the old pass opens what it did when it was bought');
select pg_temp.become('manager@lotus.test');
select throws_ok($$ select api.save_plan(pg_temp.lotus(), (select plan from old), '{"price_cents": 1}') $$, 'PT404', 'plan_not_found', 'an old version is not changed');
select is((select count(*) from audit.events e where e.act = 'plan_saved' and e.detail ->> 'slug' = 'twenty'), 4::bigint, 'every change is in the trail');

-- Given ---------------------------------------------------------------------------------------------------------------------
select throws_ok($$ select api.give_pass(pg_temp.lotus(), pg_temp.member('ada@example.test'), pg_temp.plan('ten-classes'), ' ', 'give-pass-2') $$, 'PT422', 'reason_invalid', 'a gift has a reason');
select throws_ok($$ select api.give_pass(pg_temp.lotus(), pg_temp.member('ada@example.test'), pg_temp.plan('unlimited'), 'because', 'give-pass-3') $$, 'PT404', 'plan_not_found', 'memberships are not given');
create temporary table gift as select (api.give_pass(pg_temp.lotus(), pg_temp.member('ada@example.test'), pg_temp.plan('ten-classes'), 'The heating was off', 'give-pass-4') ->> 'pass_id')::uuid as id;
select is((select (api.give_pass(pg_temp.lotus(), pg_temp.member('ada@example.test'), pg_temp.plan('ten-classes'), 'The heating was off', 'give-pass-4') ->> 'pass_id')::uuid), (select id from gift), 'the same request again is the same gift');
select is((select members.credits_left(p) from members.passes p where p.id = (select id from gift)), 10, 'with its credits');
select throws_ok($$ select api.refund_pass(pg_temp.lotus(), (select id from gift), 100, 'a mistake', 'refund-pass-1') $$, 'PT409', 'nothing_to_refund', 'what cost nothing is not paid back');

-- Paid back -------------------------------------------------------------------------------------------------------------------
create temporary table mine as select pg_temp.buy('regular7@example.test', 'ten-classes') as pass, pg_temp.session('42 days 3 minutes') as session;
select api.book_session(pg_temp.lotus(), (select session from mine), 'keeping-book-2', 'pass', (select pass from mine));
select pg_temp.become('manager@lotus.test');
select throws_ok($$ select api.refund_pass(pg_temp.lotus(), (select pass from mine), 100, 'moving away', 'refund-pass-2') $$, 'PT409', 'pass_has_bookings', 'classes to come are cancelled first');
update booking.bookings set starts_at = now() - interval '2 days' where session_id = (select session from mine);
select is((select most_cents from api.pass_to_refund(pg_temp.lotus(), (select pass from mine))), 11700::bigint, 'nine tenths of it are unused');
select throws_ok($$ select api.refund_pass(pg_temp.lotus(), (select pass from mine), 11701, 'moving away', 'refund-pass-3') $$, 'PT409', 'refund_above_unused', 'never more');
select throws_ok($$ select api.refund_pass(pg_temp.lotus(), (select pass from mine), 0, 'moving away', 'refund-pass-3') $$, 'PT409', 'refund_above_unused', 'nor nothing');
create temporary table done as select api.refund_pass(pg_temp.lotus(), (select pass from mine), 11700, 'moving away', 'refund-pass-4') as answer;
select is((select answer ->> 'credits' from done), '9', 'the credits end');
select results_eq($$ select p.state, members.credits_left(p) from members.passes p where p.id = (select pass from mine) $$, $$ values ('voided', 0) $$, 'the pass too');
select results_eq($$ select r.amount_cents, r.reason, r.state from payments.refunds r where r.id = (select (answer ->> 'refund_id')::uuid from done) $$, $$ values (11700::bigint, 'staff', 'succeeded') $$, 'the money goes the way it came');
select is((select l.refunded_cents from sales.order_lines l join members.passes p on p.order_line_id = l.id where p.id = (select pass from mine)), 11700::bigint, 'and the order knows');
select is((select sum(a.balance) from ledger.accounts a where a.kind = 'unearned' and a.owner = (select pass::text from mine)), 0::numeric, 'nothing is left unearned');
select throws_ok($$ select api.refund_pass(pg_temp.lotus(), (select pass from mine), 1, 'once more', 'refund-pass-5') $$, 'PT409', 'nothing_to_refund', 'once');
select is((select answer ->> 'refund_id' from done), api.refund_pass(pg_temp.lotus(), (select pass from mine), 11700, 'moving away', 'refund-pass-4') ->> 'refund_id', 'the same request again answers the same');
select pg_temp.become('regular7@example.test');
select throws_ok($$ select api.book_session(pg_temp.lotus(), pg_temp.session('43 days 3 minutes'), 'keeping-book-3', 'pass', (select pass from mine)) $$, 'PT409', 'pass_ended', 'it opens nothing any more');
select is_empty($$ select * from ledger.findings() $$, 'the books agree');
select * from finish();
rollback;
