-- The menu in managers' hands: who may, what is refused, and what a change does to carts and to orders that are placed.
begin;
select plan(42);

create temporary table t (bar uuid, category uuid, product uuid, other uuid, grp uuid, o jsonb);
create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.token() returns text language sql immutable as $$ select repeat('menu-admin', 4) $$;
with a as (insert into business.locations (business_id, name) values (pg_temp.lotus(), 'Menu bar') returning id) insert into t (bar) select id from a;

-- Who may -----------------------------------------------------------------------------------------------------------
select throws_ok($$ select api.menu_admin(pg_temp.lotus()) $$, 'PT403', 'not_your_role', who || ' does not see the menu''s other side') from unnest(array['ada@example.test', 'barista@lotus.test', 'owner@sur.test']) who cross join lateral pg_temp.become(who) b;
select throws_ok($$ select api.save_product(pg_temp.lotus(), null, '{}') $$, 'PT403', 'not_your_role', 'nor makes products');
select throws_ok($$ select api.save_counter(pg_temp.lotus(), (select bar from t), '{}') $$, 'PT403', 'not_your_role', 'nor opens counters');
select throws_ok($$ select api.save_modifier_group(pg_temp.lotus(), null, '{}') $$, 'PT403', 'not_your_role', 'nor asks things');
select pg_temp.become('manager@lotus.test');

-- Making --------------------------------------------------------------------------------------------------------------
select throws_ok($$ select api.save_category(pg_temp.lotus(), null, '{"slug": "x"}') $$, 'PT422', 'name_needed', 'a category has a name');
select throws_ok($$ select api.save_category(pg_temp.lotus(), null, '{"slug": "coffee", "name": {"en": "Again"}}') $$, 'PT409', 'product_slug_taken', 'and an address of its own');
update t set category = (api.save_category(pg_temp.lotus(), null, '{"slug": "t-soups", "name": {"en": "Soups", "es": " "}}') ->> 'category_id')::uuid;
select is((select c.name from shop.categories c where c.id = (select category from t)), '{"en": "Soups"}'::jsonb, 'empty words are none');
select throws_ok(format($$ select api.save_product(pg_temp.lotus(), null, '{"category_id": "%s", "slug": "t-soup", "name": {"en": "Soup"}, "price_cents": %s}') $$, (select category from t), p), 'PT422', 'product_number_invalid', p || ' is no price') from unnest(array['-1', '1000000001', '"much"']) p;
select throws_ok(format($$ select api.save_product(pg_temp.lotus(), null, '{"category_id": "%s", "slug": "t-soup", "name": {"en": "Soup"}, "price_cents": 1, "allergens": ["dust"]}') $$, (select category from t)), 'PT422', 'product_mark_unknown', 'dust is none of the fourteen allergens');
select throws_ok($$ select api.save_product(pg_temp.lotus(), null, '{"category_id": "81000000-0000-4000-8000-000000000021", "slug": "t-soup", "name": {"en": "Soup"}, "price_cents": 1}') $$, 'PT404', 'category_not_found', 'nothing goes into a category of another business');
update t set product = (api.save_product(pg_temp.lotus(), null, jsonb_build_object('category_id', category, 'slug', 't-soup', 'name', '{"en": "Soup"}'::jsonb, 'price_cents', 300, 'allergens', '["milk"]'::jsonb, 'tax_rate_bp', 1000)) ->> 'product_id')::uuid,
  other = (api.save_product(pg_temp.lotus(), null, jsonb_build_object('category_id', category, 'slug', 't-bread', 'name', '{"en": "Bread"}'::jsonb, 'price_cents', 100)) ->> 'product_id')::uuid;
select throws_ok($$ select api.drop_category(pg_temp.lotus(), (select category from t)) $$, 'PT409', 'category_in_use', 'a category with something in it stays');
select is((select p.published from shop.products p where p.id = (select product from t)), false, 'what is new is not on the menu yet');
select api.move_on_menu(pg_temp.lotus(), 'product', (select other from t), -1);
select results_eq($$ select p.slug from shop.products p where p.category_id = (select category from t) order by p.position, p.slug $$, array['t-bread', 't-soup'], 'one step up is one step up');
select api.move_on_menu(pg_temp.lotus(), 'product', (select other from t), -1);
select results_eq($$ select p.slug from shop.products p where p.category_id = (select category from t) order by p.position, p.slug $$, array['t-bread', 't-soup'], 'and at the top it stays');
select throws_ok($$ select api.move_on_menu(pg_temp.lotus(), 'product', (select other from t), 5) $$, 'PT422', 'step_invalid', 'never further');

-- What is asked -------------------------------------------------------------------------------------------------------
select throws_ok($$ select api.save_modifier_group(pg_temp.lotus(), null, '{"name": {"en": "Bowl"}, "min": 2, "max": 1}') $$, 'PT422', 'group_bounds_invalid', 'no more must be chosen than may');
select throws_ok($$ select api.save_modifier_group(pg_temp.lotus(), null, '{"name": {"en": "Bowl"}, "min": 1, "max": 1, "options": []}') $$, 'PT422', 'group_defaults_invalid', 'nor than there is');
select throws_ok($$ select api.save_modifier_group(pg_temp.lotus(), null, '{"name": {"en": "Bowl"}, "max": 1, "options": [{"name": {"en": "A"}, "is_default": true}, {"name": {"en": "B"}, "is_default": true}]}') $$, 'PT422', 'group_defaults_invalid', 'the usual is something one may order');
update t set grp = (api.save_modifier_group(pg_temp.lotus(), null, '{"name": {"en": "Bowl"}, "min": 1, "max": 1, "options": [{"name": {"en": "Small"}, "is_default": true}, {"name": {"en": "Large"}, "price_cents": 150, "make_seconds": 10}]}') ->> 'group_id')::uuid;
select api.save_product(pg_temp.lotus(), (select product from t), jsonb_build_object('groups', jsonb_build_array((select grp from t))));
select is((select string_agg(x.value -> 'name' ->> 'en', ' ') from jsonb_path_query(api.menu_admin(pg_temp.lotus()), '$.groups[*]') g, jsonb_array_elements(g -> 'options') x where g ->> 'group_id' = (select grp::text from t)), 'Small Large', 'options stand in their order');

-- Counters ------------------------------------------------------------------------------------------------------------
select throws_ok($$ select api.save_counter(pg_temp.lotus(), '20000000-0000-4000-8000-000000000002', '{}') $$, 'PT404', 'location_not_found', 'a counter stands in a place of one''s own');
select throws_ok($$ select api.save_counter(pg_temp.lotus(), (select bar from t), '{"hours": [{"day": 1, "opens": "09:00", "closes": "08:00"}]}') $$, 'PT422', 'counter_hours_invalid', 'it closes after it opens');
select throws_ok($$ select api.save_counter(pg_temp.lotus(), (select bar from t), '{"hours": [{"day": 1, "opens": "09:00", "closes": "12:00"}, {"day": 1, "opens": "11:00", "closes": "13:00"}]}') $$, 'PT422', 'counter_hours_invalid', 'and is not open twice at once');
select throws_ok($$ select api.save_counter(pg_temp.lotus(), (select bar from t), '{"slot_minutes": 7}') $$, 'PT422', 'counter_invalid', 'its slots divide the hour');
select lives_ok($$ select api.save_counter(pg_temp.lotus(), (select bar from t), jsonb_build_object('takes_orders', true, 'slot_minutes', 30, 'slot_seconds', 36000, 'lead_minutes', 0, 'hours', (select jsonb_agg(jsonb_build_object('day', d, 'opens', '00:00', 'closes', '24:00')) from generate_series(1, 7) d))) $$, 'a place becomes one that sells');

-- What a change does to who has it in the cart, and to who ordered it ---------------------------------------------------
select api.publish_product(pg_temp.lotus(), x, true) from t, unnest(array[product, other]) x;
select pg_temp.become('ada@example.test');
select api.add_product_to_cart(pg_temp.lotus(), 't-soup', pg_temp.token());
update t set o = api.order_products(pg_temp.lotus(), gen_random_uuid()::text, '[{"slug": "t-soup"}]', jsonb_build_object('location_id', bar));
select pg_temp.become('manager@lotus.test');
select api.save_product(pg_temp.lotus(), (select product from t), '{"price_cents": 450, "name": {"en": "Broth"}}');
select results_eq($$ select l.unit_price_cents, l.label ->> 'en', l.total_cents from sales.order_lines l where l.order_id = (select (o ->> 'order_id')::uuid from t) $$, $$ values (300::bigint, 'Soup', 300::bigint) $$, 'what is placed keeps its words and its price');
select pg_temp.become('ada@example.test');
select results_eq($$ select c.total_cents, c.label ->> 'en', c.problem from api.cart(pg_temp.lotus()) c where c.product ->> 'slug' = 't-soup' $$, $$ values (450::bigint, 'Broth', null::text) $$, 'a cart is priced anew');
select pg_temp.become('manager@lotus.test');
select throws_ok($$ select api.save_counter(pg_temp.lotus(), '20000000-0000-4000-8000-000000000001', '{"slot_minutes": 9}') $$, 'PT422', 'counter_invalid', 'a grid that is none is refused');
insert into shop.pickup_slots (business_id, location_id, starts_at, capacity_seconds, taken_seconds) select pg_temp.lotus(), bar, now() + interval '1 hour', 36000, 60 from t;
select throws_ok($$ select api.save_counter(pg_temp.lotus(), (select bar from t), '{"slot_minutes": 15}') $$, 'PT409', 'counter_promised', 'the grid stays while somebody was promised a time on it');
delete from shop.pickup_slots where location_id = (select bar from t) and taken_seconds = 60;
-- Options that are given up, groups that are new.
select api.save_modifier_group(pg_temp.lotus(), (select grp from t), jsonb_build_object('options', jsonb_build_array(jsonb_build_object('modifier_id', (select m.id from shop.modifiers m where m.group_id = (select grp from t) and m.name ->> 'en' = 'Large'), 'is_default', true))));
select pg_temp.become('ada@example.test');
select is((select c.problem from api.cart(pg_temp.lotus()) c where c.product ->> 'slug' = 't-soup'), 'modifier_not_found', 'a cart with an option that is given up says so');
select pg_temp.become('manager@lotus.test');
select throws_ok($$ select api.save_product(pg_temp.lotus(), (select product from t), jsonb_build_object('kind', 'bundle')) $$, 'PT422', 'bundle_invalid', 'a bundle holds something');
select lives_ok($$ select api.save_product(pg_temp.lotus(), null, jsonb_build_object('category_id', (select category from t), 'slug', 't-lunch', 'kind', 'bundle', 'name', '{"en": "Lunch"}'::jsonb, 'price_cents', 500, 'bundle', jsonb_build_array(jsonb_build_object('product_id', (select other from t), 'quantity', 2)))) $$, 'such as two breads');
select throws_ok($$ select api.retire_product(pg_temp.lotus(), (select other from t), true) $$, 'PT409', 'product_in_bundle', 'what is in a bundle is not given up');
select throws_ok($$ select api.save_product(pg_temp.lotus(), (select other from t), jsonb_build_object('kind', 'bundle', 'bundle', jsonb_build_array(jsonb_build_object('product_id', (select product from t), 'quantity', 1)))) $$, 'PT422', 'bundle_invalid', 'and no bundle itself');
select api.retire_product(pg_temp.lotus(), (select product from t), true);
select pg_temp.become('ada@example.test');
select is((select c.problem from api.cart(pg_temp.lotus()) c where c.product ->> 'slug' = 't-soup'), 'product_not_found', 'what is given up leaves the carts');
select payments.pay_at_once(x, 'terminal') from sales.orders x where x.id = (select (o ->> 'order_id')::uuid from t);
select is((select x.state from sales.orders x where x.id = (select (o ->> 'order_id')::uuid from t)), 'paid', 'and whoever ordered it before gets it');
select pg_temp.become('manager@lotus.test');
select throws_ok($$ select api.save_day_part(pg_temp.lotus(), null, '{"name": {"en": "Night"}, "from": "22:00", "until": "06:00"}') $$, 'PT422', 'day_part_invalid', 'a part of a day ends on that day');
select lives_ok($$ select api.save_product(pg_temp.lotus(), (select other from t), jsonb_build_object('day_part_id', api.save_day_part(pg_temp.lotus(), null, '{"name": {"en": "Noon"}, "from": "12:00", "until": "15:00", "days": [1, 2]}') -> 'day_part_id')) $$, 'things are served in parts of the day');
select cmp_ok((select count(*) from audit.events e where e.business_id = pg_temp.lotus() and e.by_user = auth.uid() and e.act in ('product_saved', 'product_retired', 'product_published', 'modifier_group_saved', 'counter_saved', 'day_part_saved', 'category_saved')), '>=', 11::bigint, 'all of it is on the record');

select * from finish();
rollback;
