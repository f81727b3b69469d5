-- The menu in managers' hands: who may, what is refused, and what a change does to carts and to orders that are placed.
begin;
select plan(91);

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

-- One answer at a time ------------------------------------------------------------------------------------------------
select pg_temp.become('barista@lotus.test');
select throws_ok($$ select api.save_modifier(pg_temp.lotus(), (select grp from t), null, '{"name": {"en": "Huge"}}') $$, 'PT403', 'not_your_role', 'baristas do not change what is asked');
select throws_ok($$ select api.retire_modifier(pg_temp.lotus(), (select m.id from shop.modifiers m where m.group_id = (select grp from t) limit 1)) $$, 'PT403', 'not_your_role', 'nor give an answer up');
select throws_ok($$ select api.retire_modifier_group(pg_temp.lotus(), (select grp from t)) $$, 'PT403', 'not_your_role', 'nor a question');
select throws_ok($$ select api.drop_day_part(pg_temp.lotus(), gen_random_uuid()) $$, 'PT403', 'not_your_role', 'nor a time of day');
select throws_ok($$ select api.set_product_picture(pg_temp.lotus(), (select other from t), null, null, null, '{}') $$, 'PT403', 'not_your_role', 'nor put pictures up');
select throws_ok($$ select api.drop_product_picture(pg_temp.lotus(), (select other from t)) $$, 'PT403', 'not_your_role', 'nor take them down');
select pg_temp.become('manager@lotus.test');
create function pg_temp.answers() returns text language sql as $$ select string_agg((m.name ->> 'en') || case when m.is_default then '*' else '' end, ' ' order by m.position, m.id) from shop.modifiers m where m.group_id = (select grp from t) and m.retired_at is null $$;
select api.save_modifier(pg_temp.lotus(), (select grp from t), null, '{"name": {"en": "Huge"}, "price_cents": 300, "is_default": true, "allergens": ["milk", "milk"]}');
select is(pg_temp.answers(), 'Large Huge*', 'a new answer comes last; where one is chosen there is one usual one');
select is((select m.allergens from shop.modifiers m where m.group_id = (select grp from t) and m.name ->> 'en' = 'Huge'), '{milk}', 'it says what it brings in, once');
select throws_ok($$ select api.save_modifier(pg_temp.lotus(), (select grp from t), null, '{"name": {"en": "Odd"}, "allergens": ["dust"]}') $$, 'PT422', 'product_mark_unknown', 'dust is no allergen of an option either');
select throws_ok($$ select api.save_modifier(pg_temp.lotus(), (select grp from t), null, '{"name": {"en": " "}}') $$, 'PT422', 'name_needed', 'an answer has a name');
select throws_ok($$ select api.save_modifier(pg_temp.lotus(), (select grp from t), '85000000-0000-4000-8000-000000000004', '{"price_cents": 1}') $$, 'PT404', 'modifier_not_found', 'and belongs to its question');
select api.move_on_menu(pg_temp.lotus(), 'option', (select m.id from shop.modifiers m where m.group_id = (select grp from t) and m.name ->> 'en' = 'Huge'), -1);
select is(pg_temp.answers(), 'Huge* Large', 'answers move too');
select throws_ok($$ select api.move_on_menu(pg_temp.lotus(), 'group', gen_random_uuid(), 1) $$, 'PT404', 'group_not_found', 'a question that is none does not');
select throws_ok($$ select api.move_on_menu(pg_temp.lotus(), 'counter', (select bar from t), 1) $$, 'PT404', 'product_not_found', 'nor what has no order');
select api.retire_modifier(pg_temp.lotus(), (select m.id from shop.modifiers m where m.group_id = (select grp from t) and m.name ->> 'en' = 'Huge'));
select throws_ok($$ select api.retire_modifier(pg_temp.lotus(), (select m.id from shop.modifiers m where m.group_id = (select grp from t) and m.retired_at is null)) $$, 'PT422', 'group_defaults_invalid', 'the last answer to what must be answered stays');
select throws_ok($$ select api.retire_modifier(pg_temp.lotus(), (select m.id from shop.modifiers m where m.group_id = (select grp from t) and m.name ->> 'en' = 'Huge')) $$, 'PT404', 'modifier_not_found', 'one that is given up is not given up again');
select api.save_modifier_group(pg_temp.lotus(), (select grp from t), jsonb_build_object('products', jsonb_build_array((select other from t))));
select is((select count(*)::int from shop.product_modifier_groups x where x.group_id = (select grp from t) and x.product_id = (select other from t)), 1, 'a question names the products it is asked about');
select throws_ok($$ select api.retire_modifier_group(pg_temp.lotus(), (select grp from t)) $$, 'PT409', 'group_in_use', 'what is asked stays');
select throws_ok($$ select api.save_modifier_group(pg_temp.lotus(), (select grp from t), '{"products": ["83000000-0000-4000-8000-000000000021"]}') $$, 'PT404', 'product_not_found', 'about products of one''s own');
select api.save_modifier_group(pg_temp.lotus(), (select grp from t), '{"products": []}');
select api.retire_modifier_group(pg_temp.lotus(), (select grp from t));
select is((select count(*)::int from jsonb_path_query(api.menu_admin(pg_temp.lotus()), '$.groups[*]') g where g ->> 'group_id' = (select grp::text from t)), 0, 'what nothing asks goes');
select is((select count(*)::int from shop.modifiers m where m.group_id = (select grp from t)), 3, 'and its answers stay for what was ordered');

-- Times of day, pictures ---------------------------------------------------------------------------------------------
select throws_ok($$ select api.drop_day_part(pg_temp.lotus(), (select p.day_part_id from shop.products p where p.id = (select other from t))) $$, 'PT409', 'day_part_in_use', 'a time in which something is served stays');
select api.save_day_part(pg_temp.lotus(), (select p.day_part_id from shop.products p where p.id = (select other from t)), '{"products": []}');
select is((select p.day_part_id from shop.products p where p.id = (select other from t)), null, 'what is named no more is served all day');
select is((select count(*)::int from shop.day_parts d, lateral api.drop_day_part(pg_temp.lotus(), d.id) x where d.business_id = pg_temp.lotus() and d.name ->> 'en' = 'Noon'), 1, 'and then it goes');
create function pg_temp.dot() returns text language sql immutable as $$ select 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==' $$;
select throws_ok($$ select api.set_product_picture(pg_temp.lotus(), (select other from t), pg_temp.dot(), 1, 1, '{"es": "Un punto"}') $$, 'PT422', 'picture_alt_needed', 'a picture is told in the house''s first language');
select throws_ok($$ select api.set_product_picture(pg_temp.lotus(), (select other from t), encode('<svg/>', 'base64'), 1, 1, '{"en": "A dot"}') $$, 'PT422', 'picture_unreadable', 'and is one');
select throws_ok($$ select api.set_product_picture(pg_temp.lotus(), '83000000-0000-4000-8000-000000000021', pg_temp.dot(), 1, 1, '{"en": "A dot"}') $$, 'PT404', 'product_not_found', 'of a product of one''s own');
select api.set_product_picture(pg_temp.lotus(), (select other from t), pg_temp.dot(), 1, 1, '{"en": "A dot", "es": "Un punto"}');
select results_eq($$ select x.picture, x.picture_alt from api.menu(pg_temp.lotus(), (select bar from t), 't-bread') x $$, $$ select 'own/' || encode(sha256(decode(pg_temp.dot(), 'base64')), 'hex'), '{"en": "A dot", "es": "Un punto"}'::jsonb $$, 'it is on the menu with its words');
select api.drop_product_picture(pg_temp.lotus(), (select other from t));
select is((select x.picture from api.menu(pg_temp.lotus(), (select bar from t), 't-bread') x), 'drink/cup', 'and then the drawing again');


-- How it is had, and days that are not like others ------------------------------------------------------------------------
select pg_temp.become('manager@lotus.test');
select throws_ok(format($$ select api.save_counter(pg_temp.lotus(), (select bar from t), '{"servings": %s}') $$, s), 'PT422', 'servings_invalid', s || ' is no way to have it') from unnest(array['[]', '["in bed"]', '"takeaway"']) s;
select lives_ok($$ select api.save_counter(pg_temp.lotus(), (select bar from t), '{"servings": ["eat_in"]}') $$, 'a counter may serve tables only');
select is((select c -> 'servings' from jsonb_path_query(api.menu_admin(pg_temp.lotus()), '$.counters[*]') c where c ->> 'location_id' = (select bar::text from t)), '["eat_in"]'::jsonb, 'which its page knows');
create function pg_temp.day(ahead int) returns date language sql as $$ select (now() at time zone shop.zone(bar))::date + ahead from t $$;
select throws_ok($$ select api.save_special_day(pg_temp.lotus(), (select bar from t), pg_temp.day(-1), '[]') $$, 'PT422', 'special_day_past', 'what is over is not closed');
select throws_ok($$ select api.save_special_day(pg_temp.lotus(), (select bar from t), pg_temp.day(751), '[]') $$, 'PT422', 'special_day_invalid', 'nor what nobody can know of');
select throws_ok($$ select api.save_special_day(pg_temp.lotus(), (select bar from t), pg_temp.day(1), '[]', jsonb_build_object('es', repeat('x', 121))) $$, 'PT422', 'special_day_why_long', 'the reason is short');
select throws_ok(format($$ select api.save_special_day(pg_temp.lotus(), (select bar from t), pg_temp.day(1), '%s') $$, h), 'PT422', 'counter_hours_invalid', h || ' are no hours') from unnest(array['[{"opens": "14:00", "closes": "10:00"}]', '[7]']) h;
insert into shop.special_days (business_id, location_id, on_date) select pg_temp.lotus(), bar, pg_temp.day(-3) from t;
select api.save_special_day(pg_temp.lotus(), (select bar from t), pg_temp.day(1), '[{"opens": "17:00", "closes": "24:00", "day": 4}, {"opens": "10:00", "closes": "14:00"}]', '{"en": " Fair ", "es": "Feria", "fr": "Foire"}');
select results_eq($$ select s.on_date - pg_temp.day(0), s.hours, s.why from shop.special_days s where s.location_id = (select bar from t) $$, $$ values (1, '[{"opens": "10:00", "closes": "14:00"}, {"opens": "17:00", "closes": "24:00"}]'::jsonb, '{"en": "Fair", "es": "Feria"}'::jsonb) $$, 'a day has its hours in their order and its reason in both languages; past ones fall away');
select is((select x from api.business_for_host('localhost') b, jsonb_array_elements(b.special_days) x where x -> 'why' ->> 'es' = 'Feria'), jsonb_build_object('on_date', pg_temp.day(1), 'hours', '[{"opens": "10:00", "closes": "14:00"}, {"opens": "17:00", "closes": "24:00"}]'::jsonb, 'why', '{"en": "Fair", "es": "Feria"}'::jsonb, 'counters', (select jsonb_build_array(l.name) from t join business.locations l on l.id = t.bar), 'house', false), 'the house says so, and of which counter');
select api.save_special_day(c.business_id, c.location_id, pg_temp.day(9), '[]', '{"en": "Stocktaking"}') from shop.counters c where c.business_id = pg_temp.lotus();
select is((select jsonb_agg(x -> 'counters') from api.business_for_host('localhost') b, jsonb_array_elements(b.special_days) x where x -> 'why' ->> 'en' = 'Stocktaking'), '[[]]'::jsonb, 'what is true of every counter is said once');
-- With no class on it, that day is the house's; with one it is not, unless the class is within the hours.
update booking.sessions s set state = 'cancelled' from t where s.business_id = pg_temp.lotus() and (s.starts_at at time zone shop.zone(t.bar))::date = pg_temp.day(9);
create function pg_temp.of_the_house() returns boolean language sql as $$
  select (x -> 'house')::boolean from api.business_for_host('localhost') b, jsonb_array_elements(b.special_days) x where x -> 'why' ->> 'en' = 'Stocktaking' $$;
select ok(pg_temp.of_the_house(), 'where nothing sells and no class is held, the house is closed');
insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
select s.business_id, s.class_type_id, s.room_id, s.instructor_id, x.at, x.at + interval '1 hour', 10, 1000
from (select * from booking.sessions y where y.business_id = pg_temp.lotus() limit 1) s, (select (pg_temp.day(9) + time '18:00') at time zone shop.zone(bar) as at from t) x;
select ok(not pg_temp.of_the_house(), 'where a class is held it is the bar that is closed');
select api.save_special_day(c.business_id, c.location_id, pg_temp.day(9), '[{"opens": "17:00", "closes": "24:00"}]', '{"en": "Stocktaking"}') from shop.counters c where c.business_id = pg_temp.lotus();
select ok(pg_temp.of_the_house(), 'with the class within its hours the short day is the house''s again');
select api.save_special_day(pg_temp.lotus(), (select bar from t), pg_temp.day(15), '[]', '{"en": "Far off"}');
select is((select count(*) from api.business_for_host('localhost') b, jsonb_array_elements(b.special_days) x where x -> 'why' ->> 'en' = 'Far off'), 0::bigint, 'nobody is told of what is more than two weeks away');
select api.drop_special_day(pg_temp.lotus(), (select bar from t), pg_temp.day(1));
select throws_ok($$ select api.drop_special_day(pg_temp.lotus(), (select bar from t), pg_temp.day(1)) $$, 'PT404', 'special_day_not_found', 'it goes once');
select pg_temp.become('barista@lotus.test');
select throws_ok($$ select api.save_special_day(pg_temp.lotus(), (select bar from t), pg_temp.day(1), '[]') $$, 'PT403', 'not_your_role', 'a barista closes no days');
select throws_ok($$ select api.drop_special_day(pg_temp.lotus(), (select bar from t), pg_temp.day(1)) $$, 'PT403', 'not_your_role', 'nor opens them');

select * from finish();
rollback;
