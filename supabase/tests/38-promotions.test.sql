-- Promotions: what a code takes off which line, when it does not hold and why, and that shown and paid agree to the cent.
begin;
select plan(44);

create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
-- Two people nobody has sold anything to, and a counter that always has time.
insert into auth.users (id, email, raw_user_meta_data) values ('39999999-0000-4000-8000-000000000381', 'one@promotions.test', '{"full_name": "One"}'), ('39999999-0000-4000-8000-000000000382', 'two@promotions.test', '{"full_name": "Two"}');
update shop.counters set slot_seconds = 30000, takes_orders = true, lead_minutes = 0, hours = (select jsonb_agg(jsonb_build_object('day', d, 'opens', '00:00', 'closes', '24:00')) from generate_series(1, 7) d) where business_id = pg_temp.lotus();
create function pg_temp.thing(slug text, cents bigint, rate int, category uuid) returns uuid language sql as $$
  insert into shop.products (business_id, category_id, slug, name, price_cents, tax_rate_bp, published) values (pg_temp.lotus(), category, slug, jsonb_build_object('en', slug), cents, rate, true) returning id;
$$;
create temporary table c as
  with made as (insert into shop.categories (business_id, slug, name) values (pg_temp.lotus(), 'promo-a', '{"en": "A"}'), (pg_temp.lotus(), 'promo-b', '{"en": "B"}') returning id, slug)
  select (select id from made where slug = 'promo-a') as a, (select id from made where slug = 'promo-b') as b;
create temporary table p as select pg_temp.thing('promo-tea', 350, 1000, (select a from c)) as tea, pg_temp.thing('promo-cake', 333, 2100, (select b from c)) as cake, pg_temp.thing('promo-bun', 100, 1000, (select b from c)) as bun;
create function pg_temp.token() returns text language sql immutable as $$ select repeat('promotions-', 4) $$;
create function pg_temp.fill(variadic slugs text[]) returns void language plpgsql as $$
declare s text;
begin
  delete from sales.orders o where o.id = sales.find_cart(pg_temp.lotus(), pg_temp.token());
  foreach s in array slugs loop perform api.add_product_to_cart(pg_temp.lotus(), s, pg_temp.token()); end loop;
end $$;
create function pg_temp.code(code text) returns jsonb language sql as $$ select api.set_cart_promotion(pg_temp.lotus(), pg_temp.token(), code) $$;
create function pg_temp.cart() returns table (slug text, price bigint, discount bigint, tax bigint, total bigint) language sql as $$
  select coalesce(c.product ->> 'slug', c.kind), c.price_cents, c.discount_cents, c.tax_cents, c.total_cents from api.cart(pg_temp.lotus(), pg_temp.token()) c $$;
create function pg_temp.place(pay text default 'card') returns uuid language sql as $$ select (api.place_order(pg_temp.lotus(), gen_random_uuid()::text, pg_temp.token(), null, pay) ->> 'order_id')::uuid $$;
create function pg_temp.make(facts jsonb) returns uuid language sql as $$ select (api.save_promotion(pg_temp.lotus(), null, facts) ->> 'promotion_id')::uuid $$;
create function pg_temp.problem() returns text language sql as $$ select promotion ->> 'problem' from api.cart(pg_temp.lotus(), pg_temp.token()) limit 1 $$;

-- Spreading ---------------------------------------------------------------------------------------------------------
select is(sales.spread(100, '{1,1,1}'), '{34,33,33}', 'the cent that is left goes to one of equals');
select is(sales.spread(1, '{1,99}'), '{0,1}', 'or to whom most of it belongs');
select is(sales.spread(100, '{50,0,50}'), '{50,0,50}', 'who has no share bears nothing');
select is(sales.spread(7, '{0,0}'), '{0,0}', 'where nothing is shared nothing is taken');
select is(sales.spread(0, '{5,5}'), '{0,0}', 'nothing is nothing each');

-- Managers make them ------------------------------------------------------------------------------------------------
select pg_temp.become('ada@example.test');
select throws_ok($$ select pg_temp.make('{"code": "MINE", "kind": "percent", "percent": 10}') $$, 'PT403', 'not_your_role', 'a member makes no promotions');
select pg_temp.become('owner@sur.test');
select throws_ok($$ select pg_temp.make('{"code": "MINE", "kind": "percent", "percent": 10}') $$, 'PT403', 'not_your_role', 'nor does somebody else''s owner');
select pg_temp.become('manager@lotus.test');
create temporary table made as select pg_temp.make('{"code": "Ten-Off", "kind": "percent", "percent": 10, "goods": "both", "label": {"en": "Ten per cent"}}') as ten,
  pg_temp.make('{"code": "FIVER", "kind": "amount", "amount_cents": 500, "goods": "bar"}') as fiver,
  pg_temp.make(jsonb_build_object('code', 'CAKE', 'kind', 'product', 'percent', 50, 'categories', jsonb_build_array((select b from c)))) as cake,
  pg_temp.make(jsonb_build_object('code', 'TEA', 'kind', 'product', 'amount_cents', 100, 'products', jsonb_build_array((select tea from p)))) as tea,
  pg_temp.make('{"code": "FIRST", "kind": "percent", "percent": 50, "first_order_only": true}') as first,
  pg_temp.make('{"code": "ONCE", "kind": "percent", "percent": 50, "max_per_member": 1}') as once,
  pg_temp.make('{"code": "LAST", "kind": "percent", "percent": 100, "max_uses": 1}') as last,
  pg_temp.make('{"code": "LATER", "kind": "percent", "percent": 10}') as later,
  pg_temp.make('{"code": "OVER", "kind": "percent", "percent": 10}') as over,
  pg_temp.make('{"code": "DRAFT", "kind": "percent", "percent": 10, "published": false}') as draft,
  pg_temp.make('{"code": "LOTS", "kind": "percent", "percent": 10, "min_cents": 5000}') as lots,
  pg_temp.make('{"code": "YOGA", "kind": "percent", "percent": 10, "goods": "classes"}') as yoga;
update sales.promotions set starts_at = now() + interval '1 day' where id = (select later from made);
select lives_ok($$ select api.end_promotion(pg_temp.lotus(), (select over from made)) $$, 'a promotion is ended');
select throws_ok($$ select pg_temp.make('{"code": "ten-off", "kind": "percent", "percent": 10}') $$, 'PT409', 'promotion_code_taken', 'a code is had once, however it is written');
select throws_ok($$ select pg_temp.make('{"code": "BOTH", "kind": "percent", "percent": 10, "amount_cents": 5}') $$, 'PT422', 'promotion_invalid', 'it is per cent or an amount');
select throws_ok($$ select pg_temp.make('{"code": "MUCH", "kind": "percent", "percent": 101}') $$, 'PT422', 'promotion_invalid', 'of at most everything');
select throws_ok($$ select pg_temp.make('{"code": "NONE", "kind": "product", "percent": 10}') $$, 'PT422', 'promotion_for_nothing', 'one for products names some');
select throws_ok($$ select api.end_promotion(pg_temp.lotus(), gen_random_uuid()) $$, 'PT404', 'promotion_not_found', 'one that is not there cannot be ended');

-- Off the whole -----------------------------------------------------------------------------------------------------
select pg_temp.become('one@promotions.test');
select pg_temp.fill('promo-tea', 'promo-cake', 'promo-cake', 'promo-bun');
select is(pg_temp.code(' ten-off ') ->> 'code', 'Ten-Off', 'a code is found however it is typed');
select results_eq('select slug, price, discount, tax, total from pg_temp.cart()', $$ values ('promo-tea', 350::bigint, 35::bigint, 29::bigint, 315::bigint), ('promo-cake', 666, 67, 104, 599), ('promo-bun', 100, 10, 8, 90) $$,
  'ten per cent of 1116 is 112, spread by share; the tax is of what is left');
select is((select discounts -> 0 ->> 'code' from api.cart(pg_temp.lotus(), pg_temp.token()) limit 1), 'Ten-Off', 'each line says why');
select is((select sum((d ->> 'cents')::int) from api.cart(pg_temp.lotus(), pg_temp.token()) x cross join jsonb_array_elements(x.discounts) d), 112::bigint, 'and what they say adds up');
select lives_ok($$ select api.set_handover(pg_temp.lotus(), pg_temp.token(), '{"tip": {"percent": 10}}') $$, 'a tip is added');
select is((select total from pg_temp.cart() where slug = 'tip'), 100::bigint, 'which is of what is paid, 1004, and not itself discounted');
select pg_temp.code('fiver');
select is((select sum(discount) from pg_temp.cart()), 500::numeric, 'another code takes the first one''s place');
select pg_temp.code(null);
select is((select sum(discount) from pg_temp.cart()), 0::numeric, 'and nothing takes it out');
select pg_temp.fill('promo-bun');
select pg_temp.code('fiver');
select results_eq('select discount, total from pg_temp.cart()', 'values (100::bigint, 0::bigint)', 'no more is taken off than it costs');

-- Off products ------------------------------------------------------------------------------------------------------
select pg_temp.fill('promo-tea', 'promo-tea', 'promo-cake');
select pg_temp.code('cake');
select results_eq('select slug, discount from pg_temp.cart()', $$ values ('promo-tea', 0::bigint), ('promo-cake', 167) $$, 'half off a category is off what is in it, rounded half up');
select pg_temp.code('tea');
select results_eq('select slug, discount from pg_temp.cart()', $$ values ('promo-tea', 200::bigint), ('promo-cake', 0) $$, 'an amount off a product is off each of them');
select pg_temp.fill('promo-bun');
select throws_ok($$ select pg_temp.code('tea') $$, 'PT409', 'promotion_nothing_fits', 'a code for what is not in the cart is refused');
select throws_ok($$ select pg_temp.code('yoga') $$, 'PT409', 'promotion_nothing_fits', 'one for classes too');

-- When it does not hold ---------------------------------------------------------------------------------------------
select throws_ok($$ select pg_temp.code('nothing-like-it') $$, 'PT404', 'promotion_not_found', 'a code that is none');
select throws_ok($$ select pg_temp.code('draft') $$, 'PT404', 'promotion_not_found', 'one that is not published');
select throws_ok($$ select pg_temp.code('later') $$, 'PT409', 'promotion_not_yet', 'one that has not begun');
select throws_ok($$ select pg_temp.code('over') $$, 'PT409', 'promotion_ended', 'one that is over');
select throws_ok($$ select pg_temp.code('lots') $$, 'PT409', 'promotion_minimum', 'one for larger orders');

-- Placing: shown and paid agree, uses are counted and given back ------------------------------------------------------
select pg_temp.fill('promo-tea', 'promo-cake', 'promo-bun');
select pg_temp.code('ten-off');
create temporary table shown as select * from pg_temp.cart();
create temporary table placed as select pg_temp.place() as id;
select results_eq($$ select discount_cents, tax_cents, total_cents from sales.order_lines where order_id = (select id from placed) order by position $$, 'select discount, tax, total from shown', 'what was shown is what is paid, line by line');
select is((select uses from sales.promotions where id = (select ten from made)), 1, 'its use is counted when it is placed');
select is((select total_cents from sales.orders where id = (select id from placed)), (select sum(total)::bigint from shown), 'and the order is the sum of it');
select api.cancel_order(pg_temp.lotus(), (select id from placed));
select is((select uses from sales.promotions where id = (select ten from made)), 0, 'and given back when it is cancelled');

select pg_temp.fill('promo-tea');
select pg_temp.code('last');
create temporary table free as select pg_temp.place() as id;
select is((select state from sales.orders where id = (select id from free)), 'paid', 'what costs nothing any more is paid at once');
select pg_temp.become('two@promotions.test');
select pg_temp.fill('promo-tea');
select throws_ok($$ select pg_temp.code('last') $$, 'PT409', 'promotion_used_up', 'the last use is gone for others');

-- Somebody else's, which is put in the cart before and refused when it is placed.
select pg_temp.code('first');
create temporary table unpaid as select pg_temp.place() as id;
select pg_temp.fill('promo-tea');
select throws_ok($$ select pg_temp.code('first') $$, 'PT409', 'promotion_first_order_only', 'who has ordered before makes no first order');
update sales.orders set hold_expires_at = now() - interval '1 second' where id = (select id from unpaid);
select lives_ok($$ select pg_temp.code('first') $$, 'an order that ran out was none');
select api.expire_holds();
select is((select uses from sales.promotions where id = (select first from made)), 0, 'and its use came back');
select pg_temp.code('once');
select pg_temp.place();
select pg_temp.fill('promo-tea');
select throws_ok($$ select pg_temp.code('once') $$, 'PT409', 'promotion_used_before', 'once each is once');
select pg_temp.code('ten-off');
select pg_temp.become('manager@lotus.test');
select api.end_promotion(pg_temp.lotus(), (select ten from made));
select pg_temp.become('two@promotions.test');
select is(pg_temp.problem(), 'promotion_ended', 'one that ended while it lay in the cart says so there');
select is((select sum(discount) from pg_temp.cart()), 0::numeric, 'and takes nothing off');
select throws_ok($$ select pg_temp.place() $$, 'PT409', 'promotion_ended', 'nor is anything placed without asking');

select * from finish();
rollback;
