-- The stockroom: deliveries, waste, counts, transfers, corrections, recipes and levels; who may, and what the books keep.
begin;
select plan(63);

create temporary table t (bar uuid, store uuid, buns uuid, milk uuid, jam uuid, bun uuid, toast uuid);
create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.item(named text, unit text default 'piece', cost numeric default 0) returns uuid language sql as $$
  insert into shop.stock_items (business_id, name, unit, unit_cost, supplier, pack_size) values (pg_temp.lotus(), jsonb_build_object('en', named), item.unit, item.cost, 'Tester', 12) returning id;
$$;
create function pg_temp.level(item uuid, spot uuid default null) returns text language sql as $$
  select v.on_hand || '/' || v.reserved from shop.stock_levels v where v.stock_item_id = level.item and v.location_id = coalesce(level.spot, (select bar from t));
$$;
create function pg_temp.lines(item uuid, quantity bigint, cost bigint default null) returns jsonb language sql as $$
  select jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('item_id', item, 'quantity', quantity, 'cost_cents', cost)));
$$;

-- A bar of its own that never closes, a second place, and three things to count.
with a as (insert into business.locations (business_id, name) values (pg_temp.lotus(), 'Test bar') returning id), b as (insert into business.locations (business_id, name) values (pg_temp.lotus(), 'Test store') returning id)
insert into t (bar, store) select a.id, b.id from a, b;
update t set buns = pg_temp.item('Buns'), milk = pg_temp.item('Milk', 'ml', 0.1), jam = pg_temp.item('Jam', 'g', 1);
insert into shop.counters (location_id, business_id, hours, slot_seconds, position) select bar, pg_temp.lotus(), (select jsonb_agg(jsonb_build_object('day', d, 'opens', '00:00', 'closes', '24:00')) from generate_series(1, 7) d), 36000, 99 from t;
with p as (insert into shop.products (business_id, category_id, slug, name, price_cents, make_seconds, published)
  select pg_temp.lotus(), (select c.id from shop.categories c where c.business_id = pg_temp.lotus() limit 1), x.slug, jsonb_build_object('en', x.slug), 0, 0, true from (values ('test-bun'), ('test-toast')) x (slug) returning id, slug)
update t set bun = (select p.id from p where p.slug = 'test-bun'), toast = (select p.id from p where p.slug = 'test-toast');
create function pg_temp.buy(who text, lines jsonb) returns jsonb language plpgsql as $$
begin
  perform pg_temp.become(who);
  return api.order_products(pg_temp.lotus(), gen_random_uuid()::text, buy.lines, jsonb_build_object('location_id', (select bar from t)));
end $$;

-- Who may -----------------------------------------------------------------------------------------------------------
select pg_temp.become('ada@example.test');
select throws_ok($$ select api.record_waste(pg_temp.lotus(), 'waste-ada', (select bar from t), pg_temp.lines((select buns from t), 1), 'expired') $$, 'PT403', 'not_your_role', 'a customer wastes nothing');
select throws_ok($$ select * from api.stockroom(pg_temp.lotus()) $$, 'PT403', 'not_your_role', 'nor looks into the stockroom');
select pg_temp.become('owner@sur.test');
select throws_ok($$ select * from api.stockroom(pg_temp.lotus()) $$, 'PT403', 'not_your_role', 'nor does the owner of another business');
select throws_ok($$ select api.receive_delivery(pg_temp.lotus(), 'delivery-sur', (select bar from t), pg_temp.lines((select buns from t), 1)) $$, 'PT403', 'not_your_role', 'who delivers nothing here either');
select throws_ok($$ select api.receive_delivery('10000000-0000-4000-8000-000000000002', 'delivery-sur', (select bar from t), pg_temp.lines((select buns from t), 1)) $$, 'PT404', 'location_not_found', 'not even by way of their own business');
select throws_ok($$ select api.receive_delivery('10000000-0000-4000-8000-000000000002', 'delivery-sur', '20000000-0000-4000-8000-000000000002', pg_temp.lines((select buns from t), 1)) $$, 'PT404', 'stock_item_not_found', 'or what others stock');
select pg_temp.become('barista@lotus.test');
select throws_ok($$ select api.receive_delivery(pg_temp.lotus(), 'delivery-kofi', (select bar from t), pg_temp.lines((select buns from t), 1)) $$, 'PT403', 'not_your_role', 'baristas take no delivery');
select throws_ok($$ select api.correct_stock(pg_temp.lotus(), 'correct-kofi', (select bar from t), (select buns from t), 1, 'because') $$, 'PT403', 'not_your_role', 'correct nothing');
select throws_ok($$ select api.transfer_stock(pg_temp.lotus(), 'transfer-kofi', (select bar from t), (select store from t), pg_temp.lines((select buns from t), 1)) $$, 'PT403', 'not_your_role', 'carry nothing elsewhere');
select throws_ok($$ select api.save_recipe(pg_temp.lotus(), (select bun from t), null, '[]') $$, 'PT403', 'not_your_role', 'and change no recipe');
select throws_ok($$ select api.stock_worth(pg_temp.lotus(), current_date, current_date) $$, 'PT403', 'not_your_role', 'nor read what it is worth');

-- Deliveries ----------------------------------------------------------------------------------------------------------
select pg_temp.become('manager@lotus.test');
select is(api.receive_delivery(pg_temp.lotus(), 'delivery-one', (select bar from t), pg_temp.lines((select buns from t), 10, 1000)) #>> '{levels,0,on_hand}', '10', 'a delivery is on the shelf');
select is(api.receive_delivery(pg_temp.lotus(), 'delivery-one', (select bar from t), pg_temp.lines((select buns from t), 10, 1000)) #>> '{levels,0,on_hand}', '10', 'once, however often it is sent');
select throws_ok($$ select api.receive_delivery(pg_temp.lotus(), 'delivery-one', (select bar from t), pg_temp.lines((select buns from t), 11, 1000)) $$, 'PT422', 'idempotency_key_reused', 'and never as another one');
select api.receive_delivery(pg_temp.lotus(), 'delivery-two', (select store from t), pg_temp.lines((select buns from t), 10, 2000));
select is((select i.unit_cost from shop.stock_items i where i.id = (select buns from t)), 150::numeric, 'the cost is the average of what was there, anywhere, and what came');
select results_eq($$ select m.unit_cost from shop.stock_movements m where m.stock_item_id = (select buns from t) order by m.id $$, $$ values (100::numeric), (200) $$, 'each delivery keeps its own');
select api.receive_delivery(pg_temp.lotus(), 'delivery-gift', (select bar from t), pg_temp.lines((select buns from t), 2));
select is((select i.unit_cost from shop.stock_items i where i.id = (select buns from t)), 150::numeric, 'without a cost the average stays');
select throws_ok(format($$ select api.receive_delivery(pg_temp.lotus(), gen_random_uuid()::text, (select bar from t), pg_temp.lines((select buns from t), %s)) $$, n), 'PT422', 'stock_quantity_invalid', 'of ' || n || ' nothing is delivered') from unnest(array[0, -1, 1000000000]) n;
select throws_ok($$ select api.receive_delivery(pg_temp.lotus(), 'delivery-none', (select bar from t), '[]') $$, 'PT422', 'stock_lines_invalid', 'nor of an empty list');

-- Waste and corrections -------------------------------------------------------------------------------------------------
select pg_temp.become('barista@lotus.test');
select is(api.record_waste(pg_temp.lotus(), 'waste-one', (select bar from t), pg_temp.lines((select buns from t), 2), ' expired ') #>> '{levels,0,on_hand}', '10', 'what is thrown away is gone');
select results_eq($$ select m.quantity, m.balance_after, m.unit_cost, m.why, u.email::text from shop.stock_movements m join auth.users u on u.id = m.by_user where m.kind = 'waste' and m.stock_item_id = (select buns from t) $$,
  $$ values (-2::bigint, 10::bigint, 150::numeric, 'expired', 'barista@lotus.test') $$, 'with who, why and what it cost');
select throws_ok($$ select api.record_waste(pg_temp.lotus(), 'waste-two', (select bar from t), pg_temp.lines((select buns from t), 11), 'expired') $$, 'PT409', 'stock_too_low', 'more than there is cannot be thrown away');
select throws_ok($$ select api.record_waste(pg_temp.lotus(), 'waste-why', (select bar from t), pg_temp.lines((select buns from t), 1), ' ') $$, 'PT422', 'stock_why_needed', 'nor without a reason');
select pg_temp.become('manager@lotus.test');
select throws_ok($$ select api.correct_stock(pg_temp.lotus(), 'correct-low', (select bar from t), (select buns from t), -11, 'typo') $$, 'PT409', 'stock_too_low', 'a correction does not go below zero');
select throws_ok($$ select api.correct_stock(pg_temp.lotus(), 'correct-nil', (select bar from t), (select buns from t), 0, 'typo') $$, 'PT422', 'stock_quantity_invalid', 'nor does it correct nothing');
select is(api.correct_stock(pg_temp.lotus(), 'correct-one', (select bar from t), (select buns from t), -1, 'typo') #>> '{levels,0,on_hand}', '9', 'it takes away as it adds');
select throws_ok($$ update shop.stock_movements set quantity = 1 where stock_item_id = (select buns from t) $$, '55000', 'shop.stock_movements is append-only: correct, do not edit', 'what was written stays written');

-- Transfers -----------------------------------------------------------------------------------------------------------
select api.transfer_stock(pg_temp.lotus(), 'transfer-one', (select store from t), (select bar from t), pg_temp.lines((select buns from t), 4));
select is(pg_temp.level((select buns from t)) || ' ' || pg_temp.level((select buns from t), (select store from t)), '13/0 6/0', 'what leaves one place comes to the other');
select is((select count(distinct m.source) || ' ' || count(*) || ' ' || sum(m.quantity) from shop.stock_movements m where m.stock_item_id = (select buns from t) and m.kind like 'transfer%'), '1 2 0', 'two movements of one source');
select throws_ok($$ select api.transfer_stock(pg_temp.lotus(), 'transfer-low', (select store from t), (select bar from t), pg_temp.lines((select buns from t), 1) || pg_temp.lines((select jam from t), 1)) $$, 'PT409', 'stock_too_low', 'all of it or none');
select is(pg_temp.level((select buns from t)), '13/0', 'none');
select throws_ok($$ select api.transfer_stock(pg_temp.lotus(), 'transfer-self', (select bar from t), (select bar from t), pg_temp.lines((select buns from t), 1)) $$, 'PT422', 'transfer_nowhere', 'and never to where it is');

-- Recipes ---------------------------------------------------------------------------------------------------------------
select api.save_recipe(pg_temp.lotus(), (select bun from t), null, pg_temp.lines((select buns from t), 1));
select api.save_recipe(pg_temp.lotus(), (select toast from t), null, pg_temp.lines((select buns from t), 2) || pg_temp.lines((select jam from t), 30));
select throws_ok($$ select api.save_recipe(pg_temp.lotus(), (select bun from t), null, pg_temp.lines((select buns from t), 1) || pg_temp.lines((select buns from t), 1)) $$, 'PT422', 'recipe_item_twice', 'a recipe names each thing once');
select throws_ok($$ select api.save_recipe(pg_temp.lotus(), (select bun from t), null, pg_temp.lines((select buns from t), -1)) $$, 'PT422', 'stock_quantity_invalid', 'a product spares nothing');
select throws_ok($$ select api.save_stock_item(pg_temp.lotus(), (select buns from t), '{"retired": true}') $$, 'PT409', 'stock_item_in_recipe', 'what is in a recipe is not given up');
select throws_ok($$ select api.save_stock_item(pg_temp.lotus(), (select buns from t), '{"unit": "g"}') $$, 'PT409', 'stock_unit_in_use', 'nor counted by the gram from one day to the other');
select throws_ok($$ select api.save_stock_item(pg_temp.lotus(), null, '{"unit": "g"}') $$, 'PT422', 'name_needed', 'a thing has a name');
select lives_ok($$ select api.save_stock_item(pg_temp.lotus(), (api.save_stock_item(pg_temp.lotus(), null, '{"name": {"en": "Salt"}, "unit": "g"}') ->> 'item_id')::uuid, '{"shelf": "Dry", "retired": true}') $$, 'and may be given up when nothing is made of it');
select api.receive_delivery(pg_temp.lotus(), 'delivery-jam', (select bar from t), pg_temp.lines((select jam from t), 90, 90));
select pg_temp.become('barista@lotus.test');
select api.record_waste(pg_temp.lotus(), 'waste-toast', (select bar from t), jsonb_build_array(jsonb_build_object('product_id', (select toast from t), 'quantity', 1)), 'made_wrong');
select is(pg_temp.level((select buns from t)) || ' ' || pg_temp.level((select jam from t)), '11/0 60/0', 'a toast that went wrong wastes all that it takes');

-- Orders -----------------------------------------------------------------------------------------------------------------
select is(pg_temp.buy('ada@example.test', '[{"slug": "test-bun", "quantity": 1}, {"slug": "test-toast", "quantity": 2}]') ->> 'state', 'paid', 'what costs nothing is sold at once');
select is(pg_temp.level((select buns from t)) || ' ' || pg_temp.level((select jam from t)), '6/0 0/0', 'its lines take the sum of what they share');
select throws_ok($$ select pg_temp.buy('ada@example.test', '[{"slug": "test-toast"}]') $$, 'PT409', 'product_sold_out', 'without jam there is no toast');
select is((select problem from api.menu(pg_temp.lotus(), (select bar from t), 'test-toast')), 'product_sold_out', 'and the menu says so by itself');
select throws_ok($$ select pg_temp.buy('ada@example.test', '[{"slug": "test-bun", "quantity": 4}, {"slug": "test-bun", "note": "warm", "quantity": 3}]') $$, 'PT409', 'product_sold_out', 'two lines of three and four are seven of six');
-- Held, then dropped on the floor.
update shop.products set price_cents = 300 where id = (select bun from t);
create temporary table held as select pg_temp.buy('bruno@example.test', '[{"slug": "test-bun", "quantity": 4}]') as o;
select is(pg_temp.level((select buns from t)), '6/4', 'what is not paid yet is set aside');
select throws_ok($$ select pg_temp.buy('ada@example.test', '[{"slug": "test-bun", "quantity": 3}]') $$, 'PT409', 'product_sold_out', 'and not sold to somebody else');
select pg_temp.become('barista@lotus.test');
select api.record_waste(pg_temp.lotus(), 'waste-floor', (select bar from t), pg_temp.lines((select buns from t), 3), 'spilled');
select is((select for_sale from api.stockroom(pg_temp.lotus(), (select bar from t)) s where s.item_id = (select buns from t)), 0::bigint, 'what falls is lost to whoever waits for it');
select payments.pay_at_once(o, 'terminal') from sales.orders o where o.id = (select (h.o ->> 'order_id')::uuid from held h);
select is((select o.state from sales.orders o where o.id = (select (h.o ->> 'order_id')::uuid from held h)), 'expired', 'an order that cannot be kept any more is not sold');
select is(pg_temp.level((select buns from t)), '3/0', 'and takes nothing');

-- Counts: the number is held against what the books said when it was written down.
create temporary table k as select (api.open_count(pg_temp.lotus(), (select bar from t)) ->> 'count_id')::uuid as id;
select is((select (api.open_count(pg_temp.lotus(), (select bar from t)) ->> 'count_id')::uuid), (select id from k), 'who counts at the same time joins in');
select api.keep_counted(pg_temp.lotus(), (select id from k), jsonb_build_array(jsonb_build_object('item_id', (select buns from t), 'counted', 5)));
update shop.products set price_cents = 0 where id = (select bun from t);
select pg_temp.buy('ada@example.test', '[{"slug": "test-bun"}]');
select pg_temp.become('barista@lotus.test');
select is(pg_temp.level((select buns from t)), '2/0', 'nothing moves before the count is closed, but sales do');
select is(api.close_count(pg_temp.lotus(), 'close-one', (select id from k), jsonb_build_array(jsonb_build_object('item_id', (select jam from t), 'counted', 0))) #>> '{differences}', jsonb_build_array(jsonb_build_object('item_id', (select buns from t), 'difference', 2)) #>> '{}', 'five where three were: two more');
select is(pg_temp.level((select buns from t)), '4/0', 'and what was sold since is still sold');
select throws_ok($$ select api.keep_counted(pg_temp.lotus(), (select id from k), '[{"item_id": "x", "counted": 1}]') $$, 'PT409', 'stock_count_ended', 'a closed count stays closed');
select api.count_stock(pg_temp.lotus(), 'count-all', (select bar from t), jsonb_build_array(jsonb_build_object('item_id', (select buns from t), 'counted', 1)));
select is(pg_temp.level((select buns from t)), '1/0', 'a count can come in one act');

-- Low --------------------------------------------------------------------------------------------------------------------
select pg_temp.become('manager@lotus.test');
select throws_ok($$ select api.set_stock_levels(pg_temp.lotus(), (select bar from t), jsonb_build_array(jsonb_build_object('item_id', (select buns from t), 'low_at', 5, 'par', 4))) $$, 'PT422', 'stock_par_invalid', 'a reorder fills up to more than what is low');
select api.set_stock_levels(pg_temp.lotus(), (select bar from t), jsonb_build_array(jsonb_build_object('item_id', (select buns from t), 'low_at', 5, 'par', 30)));
select results_eq($$ select r.packs, r.cost_cents from api.reorder_list(pg_temp.lotus(), (select bar from t)) r where r.item_id = (select buns from t) $$, $$ values (3::bigint, 5400::bigint) $$, 'one is there, thirty are wanted: three packs of twelve');
select api.receive_delivery(pg_temp.lotus(), 'delivery-more', (select bar from t), pg_temp.lines((select buns from t), 7));
create function pg_temp.told() returns bigint language sql as $$ select count(*) from messages.notifications n where n.kind = 'stock_low' and n.data ->> 'item_id' = (select buns::text from t) and n.data ->> 'location_id' = (select bar::text from t) and n.data ->> 'low_at' = '5' $$;
select pg_temp.buy('ada@example.test', '[{"slug": "test-bun", "quantity": 2}]');
select is(pg_temp.told(), 0::bigint, 'nobody hears of six');
select pg_temp.buy('ada@example.test', '[{"slug": "test-bun"}]'), pg_temp.buy('ada@example.test', '[{"slug": "test-bun"}]');
select is(pg_temp.told(), (select count(distinct s.user_id) from business.staff s where s.business_id = pg_temp.lotus() and s.role in ('owner', 'manager') and s.until is null), 'owners and managers hear of five, and not of four again');

-- What it cost, and the law.
select pg_temp.become('manager@lotus.test');
select is((select jsonb_path_query_first(api.stock_item(pg_temp.lotus(), (select buns from t), (select bar from t)), '$.movements[0].kind') #>> '{}'), 'sale', 'an item knows how it moved, newest first');
select results_eq($$ select finding, detail from shop.findings(pg_temp.lotus()) $$, $$ select null::text, null::jsonb where false $$, 'and the books of the stockroom agree with themselves');

select * from finish();
rollback;
