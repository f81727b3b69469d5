-- Loyalty: what is earned, redeemed, given back and taken back, to the point; who owes what; what runs out when.
begin;
select plan(52);

create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
insert into auth.users (id, email, raw_user_meta_data) values ('39999999-0000-4000-8000-000000000391', 'one@loyalty.test', '{"full_name": "One"}'), ('39999999-0000-4000-8000-000000000392', 'two@loyalty.test', '{"full_name": "Two"}');
update shop.counters set slot_seconds = 30000, takes_orders = true, lead_minutes = 0, hours = (select jsonb_agg(jsonb_build_object('day', d, 'opens', '00:00', 'closes', '24:00')) from generate_series(1, 7) d) where business_id = pg_temp.lotus();
create temporary table c as
  with made as (insert into shop.categories (business_id, slug, name) values (pg_temp.lotus(), 'loyal-a', '{"en": "A"}'), (pg_temp.lotus(), 'loyal-b', '{"en": "B"}') returning id, slug)
  select (select id from made where slug = 'loyal-a') as a, (select id from made where slug = 'loyal-b') as b;
create function pg_temp.thing(slug text, cents bigint, category uuid) returns uuid language sql as $$
  insert into shop.products (business_id, category_id, slug, name, price_cents, tax_rate_bp, published) values (pg_temp.lotus(), category, slug, jsonb_build_object('en', slug), cents, 1000, true) returning id;
$$;
create temporary table p as select pg_temp.thing('loyal-tea', 1100, (select a from c)) as tea, pg_temp.thing('loyal-cake', 550, (select b from c)) as cake;
create function pg_temp.token() returns text language sql immutable as $$ select repeat('loyalty-', 5) $$;
create function pg_temp.fill(variadic slugs text[]) returns void language plpgsql as $$
declare s text;
begin
  delete from sales.orders o where o.id = sales.find_cart(pg_temp.lotus(), pg_temp.token());
  foreach s in array slugs loop perform api.add_product_to_cart(pg_temp.lotus(), s, pg_temp.token()); end loop;
end $$;
create function pg_temp.place() returns uuid language sql as $$ select (api.place_order(pg_temp.lotus(), gen_random_uuid()::text, pg_temp.token()) ->> 'order_id')::uuid $$;
create function pg_temp.pay(id uuid) returns uuid language plpgsql as $$
begin
  perform payments.pay_at_once(o, 'terminal') from sales.orders o where o.id = pay.id and o.state = 'placed';
  return pay.id;
end $$;
create function pg_temp.buy(variadic slugs text[]) returns uuid language plpgsql as $$
begin
  perform pg_temp.fill(variadic slugs);
  return pg_temp.pay(pg_temp.place());
end $$;
create function pg_temp.refund(id uuid, slug text, cents bigint) returns uuid language sql as $$
  select payments.request_refund(y, refund.cents, 'staff', array[l.id], array[refund.cents]) from sales.order_lines l join shop.products d on d.id = l.product_id and d.slug = refund.slug join payments.payments y on y.order_id = l.order_id where l.order_id = refund.id;
$$;
create function pg_temp.mine() returns jsonb language sql as $$ select api.my_points(pg_temp.lotus()) $$;
create function pg_temp.balance() returns int language sql as $$ select (api.my_points(pg_temp.lotus()) ->> 'balance')::int $$;
create function pg_temp.last() returns text language sql as $$ select (x ->> 'kind') || ' ' || (x ->> 'points') || ' ' || (x ->> 'balance_after') from (select api.my_points(pg_temp.lotus()) -> 'statement' -> 0 as x) y $$;
create function pg_temp.reward(id uuid) returns void language sql as $$ select api.set_cart_reward(pg_temp.lotus(), pg_temp.token(), reward.id) $$;
create function pg_temp.findings() returns bigint language sql as $$ select count(*) from ledger.findings(pg_temp.lotus()) f where f.finding like 'points%' or f.finding like 'account%' or f.finding like 'reserved%' or f.finding like 'transfer%' or f.finding like 'balance%' $$;

-- Managers say how -------------------------------------------------------------------------------------------------
select pg_temp.become('ada@example.test');
select throws_ok($$ select api.save_programme(pg_temp.lotus(), '{"unit": "points"}') $$, 'PT403', 'not_your_role', 'a member makes no programme');
select throws_ok($$ select api.kept_loyalty(pg_temp.lotus()) $$, 'PT403', 'not_your_role', 'nor sees what the business owes');
select pg_temp.become('manager@lotus.test');
select throws_ok($$ select api.save_programme(pg_temp.lotus(), '{"unit": "stamps"}') $$, 'PT409', 'loyalty_unit_in_hands', 'points in hands are not made stamps');
select throws_ok($$ select api.save_programme(pg_temp.lotus(), '{"earn_points": 0}') $$, 'PT422', 'loyalty_terms_invalid', 'a programme earns something');
select lives_ok($$ select api.save_programme(pg_temp.lotus(), '{"unit": "points", "name": {"en": "Test"}, "earn_by": "spend", "earn_points": 1, "earn_cents": 100, "first_visit_points": 7, "birthday_points": 9, "expires_days": 30, "hundred_worth_cents": 500}',
  jsonb_build_array(jsonb_build_object('category_id', (select b from c), 'factor_percent', 200)), '[{"name": {"en": "Gold"}, "from_points": 1000, "factor_percent": 150}]') $$, 'a new version of the programme');
create temporary table r as select api.save_reward(pg_temp.lotus(), null, jsonb_build_object('name', '{"en": "Tea"}'::jsonb, 'kind', 'product', 'product_id', (select tea from p), 'price_points', 10)) as tea,
  api.save_reward(pg_temp.lotus(), null, '{"name": {"en": "Three off"}, "kind": "money", "amount_cents": 300, "price_points": 20}') as three,
  api.save_reward(pg_temp.lotus(), null, '{"name": {"en": "Class"}, "kind": "class", "price_points": 5}') as class;
select throws_ok($$ select api.save_reward(pg_temp.lotus(), null, '{"name": {}, "kind": "money", "price_points": 20}') $$, 'PT422', 'reward_invalid', 'a reward says what it is');

-- Earning -----------------------------------------------------------------------------------------------------------
select pg_temp.become('one@loyalty.test');
select pg_temp.fill('loyal-tea', 'loyal-cake');
select api.set_handover(pg_temp.lotus(), pg_temp.token(), '{"tip": {"cents": 5000}}');
select is((select loyalty ->> 'will_earn' from api.cart(pg_temp.lotus(), pg_temp.token()) limit 1), '20', 'the cart says what it will earn: ten for 10.00 before tax, twice for the cake, nothing for the tip');
create temporary table first as select pg_temp.place() as id;
select is(pg_temp.balance(), 0, 'nothing is earned before it is paid');
select pg_temp.pay((select id from first));
select is(pg_temp.balance(), 27, 'then it is, with the welcome');
select is(pg_temp.last(), 'first_visit 7 27', 'and the statement says so');
select is((select round(extract(epoch from expires_at - now()) / 86400)::int from loyalty.lots where order_id = (select id from first) limit 1), 30, 'under the terms of today');
select is(api.order_page(pg_temp.lotus(), (select id from first)) -> 'loyalty' ->> 'earned', '27', 'the receipt too');

-- Redeeming ---------------------------------------------------------------------------------------------------------
select pg_temp.fill('loyal-cake');
select throws_ok($$ select pg_temp.reward((select tea from r)) $$, 'PT409', 'reward_nothing_fits', 'a reward for what is not in the cart is refused');
select throws_ok($$ select pg_temp.reward((select class from r)) $$, 'PT409', 'reward_nothing_fits', 'one for a class too');
select throws_ok($$ select pg_temp.reward(gen_random_uuid()) $$, 'PT404', 'reward_not_found', 'one that is none');
select pg_temp.fill('loyal-tea', 'loyal-tea', 'loyal-cake');
select lives_ok($$ select pg_temp.reward((select tea from r)) $$, 'a tea for ten points');
select results_eq($$ select discount_cents, total_cents from api.cart(pg_temp.lotus(), pg_temp.token()) $$, $$ values (1100::bigint, 1100::bigint), (0, 550) $$, 'one of the two is free');
create temporary table second as select pg_temp.place() as id;
select is(pg_temp.last(), 'redeemed -10 17', 'the points are set aside when it is placed');
select is(pg_temp.mine() ->> 'held', '10', 'and said to be');
select api.cancel_order(pg_temp.lotus(), (select id from second));
select is(pg_temp.last(), 'released 10 27', 'given back when it is given up');
select is(pg_temp.findings(), 0::bigint, 'the books hold');
select pg_temp.fill('loyal-tea', 'loyal-tea', 'loyal-cake');
select pg_temp.reward((select tea from r));
create temporary table third as select pg_temp.pay(pg_temp.place()) as id;
select is(pg_temp.balance(), 37, 'paid: ten spent, twenty earned with the rest');
select pg_temp.refund((select id from third), 'loyal-tea', 550);
select is(pg_temp.balance(), 37 - 5 + 5, 'half of the line refunded: half of what it earned goes, half of the reward comes back');
select pg_temp.refund((select id from third), 'loyal-tea', 550);
select is(pg_temp.balance(), 37, 'the other half too');
select pg_temp.refund((select id from third), 'loyal-cake', 550);
select is(pg_temp.balance(), 27, 'all of it: as if it had never been');
select is((select sum(left_points)::int from loyalty.lots where order_id = (select id from first)), 27, 'every point is back in the lot it came from');
select is(pg_temp.findings(), 0::bigint, 'the books hold');

-- A refund that failed is undone ------------------------------------------------------------------------------------
create temporary table fourth as select pg_temp.buy('loyal-tea') as id;
select is(pg_temp.balance(), 37, 'ten more');
create temporary table gone as select pg_temp.refund((select id from fourth), 'loyal-tea', 1100) as id;
select is(pg_temp.balance(), 27, 'taken back with the refund');
select payments.finish_refund((select id from gone), null, 'failed', 'the bank said no');
select is(pg_temp.last(), 'restored 10 37', 'and restored when it failed');

-- Debt --------------------------------------------------------------------------------------------------------------
select pg_temp.become('two@loyalty.test');
create temporary table a as select pg_temp.buy('loyal-tea', 'loyal-cake') as id;
select is(pg_temp.balance(), 27, 'somebody else starts with as much');
select pg_temp.fill('loyal-tea', 'loyal-cake');
select pg_temp.reward((select three from r));
select is((select sum(discount_cents)::int from api.cart(pg_temp.lotus(), pg_temp.token())), 300, 'money off is spread over the lines');
create temporary table b as select pg_temp.pay(pg_temp.place()) as id;
create temporary table after_b as select pg_temp.balance() as n;
select pg_temp.refund((select id from a), 'loyal-tea', 1100);
select pg_temp.refund((select id from a), 'loyal-cake', 550);
select is(pg_temp.balance(), (select n - 27 from after_b), 'what was spent and then refunded is owed: the balance is below nothing');
select ok(pg_temp.balance() < 0, 'it really is');
select is((select debt from loyalty.standings s join members.members m on m.id = s.member_id where m.email = 'two@loyalty.test'), -pg_temp.balance(), 'and kept as a debt');
select is(pg_temp.findings(), 0::bigint, 'the books hold with a debt');
select pg_temp.fill('loyal-tea');
select throws_ok($$ select pg_temp.reward((select tea from r)) $$, 'PT409', 'points_too_few', 'who owes points has none to spend');
create temporary table c2 as select pg_temp.balance() as n;
select pg_temp.buy('loyal-tea', 'loyal-tea');
select is(pg_temp.balance(), (select n + 20 from c2), 'the next ones pay it first');

-- Running out -------------------------------------------------------------------------------------------------------
select pg_temp.become('one@loyalty.test');
update loyalty.lots set expires_at = now() - interval '1 second' where order_id = (select id from first);
select is(pg_temp.balance(), 10, 'what ran out is not there, before any job comes by');
select ok(api.expire_points() >= 2, 'the job takes it off the books');
select is((select sum(left_points)::int from loyalty.lots where order_id = (select id from first)), 0, 'of its lot');
select is(pg_temp.last() ~ '^expired -\d+ 10$', true, 'and the statement says so');
select pg_temp.fill('loyal-tea', 'loyal-cake');
select pg_temp.reward((select tea from r));
create temporary table fifth as select pg_temp.pay(pg_temp.place()) as id;
update loyalty.lots set expires_at = now() - interval '1 second' where order_id = (select id from fourth);
select pg_temp.refund((select id from fifth), 'loyal-cake', 550);
select is(pg_temp.balance(), 10, 'a reward that comes back into a lot that ran out lives on');
select is((select round(extract(epoch from expires_at - now()) / 86400)::int from loyalty.lots where order_id = (select id from fourth)), 30, 'for a grace of thirty days');
select is(pg_temp.findings(), 0::bigint, 'the books hold');

-- Birthdays, tiers, boosts of the day ----------------------------------------------------------------------------------
select results_eq($$ select members.is_birthday(born::date, today::date) from (values (1, '1990-05-17', '2026-05-17'), (2, '1990-05-17', '2026-05-18'), (3, '1996-02-29', '2028-02-29'), (4, '1996-02-29', '2028-02-28'), (5, '1996-02-29', '2026-02-28'), (6, '1996-02-29', '2026-03-01')) x (n, born, today) order by n $$,
  $$ values (true), (false), (true), (false), (true), (false) $$, 'a birthday is once a year, that of a leap day on the 28th where there is no 29th');
-- Eight times four years ago: there was a leap day if there is one today.
update members.members set birthday = (now() at time zone 'Europe/Madrid')::date - interval '32 years' where email = 'one@loyalty.test';
select is(api.give_birthday_points() >= 1, true, 'who has their birthday is given points');
select is(pg_temp.last(), 'birthday 9 19', 'nine');
select api.give_birthday_points();
select is(pg_temp.balance(), 19, 'once a year');
select pg_temp.become('manager@lotus.test');
select api.save_programme(pg_temp.lotus(), '{}', jsonb_build_array(jsonb_build_object('weekday', extract(isodow from now() at time zone 'Europe/Madrid'), 'factor_percent', 300)), '[{"name": {"en": "All"}, "from_points": 0, "factor_percent": 150}]');
select pg_temp.become('one@loyalty.test');
select pg_temp.buy('loyal-tea');
select is(pg_temp.balance(), 19 + 45, 'three times today, half more in that tier');
select is(pg_temp.mine() -> 'tier' -> 'name' ->> 'en', 'All', 'and they see which');
select pg_temp.become('manager@lotus.test');
select ok((select sum((x ->> 'points')::int) from jsonb_array_elements(api.kept_loyalty(pg_temp.lotus()) -> 'liability') x) = (select sum(left_points) from loyalty.lots where business_id = pg_temp.lotus() and left_points > 0 and expires_at > now()), 'the owner sees every point in hands, by the month it runs out');

select * from finish();
rollback;
