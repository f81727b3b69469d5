-- What bundles brought, spread over what they are made of. A counter, a part of the menu and products of this test's own.
begin;
select plan(9);

create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.spot() returns uuid language sql immutable as $$ select '2fffffff-0000-4000-8000-000000000046'::uuid $$;
insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data) values (gen_random_uuid(), 'authenticated', 'authenticated', 'boss@bundles.test', now(), '{}', '{}');
insert into business.staff (business_id, user_id, role) select pg_temp.lotus(), u.id, 'manager' from auth.users u where u.email = 'boss@bundles.test';
select set_config('request.jwt.claims', jsonb_build_object('sub', u.id, 'role', 'authenticated')::text, true) from auth.users u where u.email = 'boss@bundles.test';
insert into business.locations (id, business_id, name) values (pg_temp.spot(), pg_temp.lotus(), 'Bundle bar');
insert into shop.counters (location_id, business_id, slot_seconds, position) values (pg_temp.spot(), pg_temp.lotus(), 3000, 99);
create temporary table it as select gen_random_uuid() as drinks, gen_random_uuid() as oven, gen_random_uuid() as cup, gen_random_uuid() as roll, gen_random_uuid() as duo, gen_random_uuid() as free;
insert into shop.categories (id, business_id, slug, name) select x.id, pg_temp.lotus(), x.slug, jsonb_build_object('en', x.slug) from it cross join lateral (values (drinks, 'n-drinks'), (oven, 'n-oven')) x (id, slug);
insert into shop.products (id, business_id, category_id, slug, kind, name, price_cents, tax_rate_bp, published)
select x.id, pg_temp.lotus(), x.part, 'n-' || x.slug, x.kind, jsonb_build_object('en', x.slug), x.price, 1000, true from it cross join lateral (values (cup, drinks, 'cup', 'retail', 300), (roll, oven, 'roll', 'retail', 200), (duo, drinks, 'duo', 'bundle', 1000), (free, drinks, 'free', 'retail', 0)) x (id, part, slug, kind, price);
insert into shop.bundle_items (business_id, bundle_id, product_id, quantity) select pg_temp.lotus(), duo, x.id, x.n from it cross join lateral (values (cup, 1), (roll, 2)) x (id, n);
create temporary table till as select api.add_till(pg_temp.lotus(), pg_temp.spot(), 'Bundles') as id;
create function pg_temp.sell(lines jsonb) returns uuid language sql as $$ select (api.sell_at_till(pg_temp.lotus(), (select id from till), gen_random_uuid(), lines, '{}', 'terminal') ->> 'order_id')::uuid $$;
create function pg_temp.numbers() returns jsonb language sql as $$ select api.shop_analytics(pg_temp.lotus(), current_date - 1, current_date + 1) $$;
create function pg_temp.parts() returns text language sql as $$ select string_agg(concat_ws(' ', x ->> 'slug', x ->> 'quantity', x ->> 'net_cents'), ', ' order by x ->> 'slug') from jsonb_array_elements(pg_temp.numbers() -> 'bundles') b, jsonb_array_elements(b -> 'parts') x where b ->> 'slug' = 'n-duo' $$;
create function pg_temp.row(of text, name text) returns text language sql as $$ select concat_ws(' ', x ->> 'quantity', x ->> 'net_cents') from jsonb_array_elements(pg_temp.numbers() -> row.of) x where x -> 'name' ->> 'en' = row.name $$;

create temporary table sold as select pg_temp.sell('[{"slug": "n-duo", "quantity": 2}, {"slug": "n-cup"}]') as id;
select is(pg_temp.row('by_product', 'duo'), '2 1818', 'two bundles of 10.00 are 18.18 without their tax');
select is(pg_temp.parts(), 'n-cup 2 779, n-roll 4 1039', 'each part brought its share, by what it costs by itself: 3 of 7, and twice 2 of 7');
select is((select sum((x ->> 'net_cents')::bigint) from jsonb_array_elements(pg_temp.numbers() -> 'bundles') b, jsonb_array_elements(b -> 'parts') x where b ->> 'slug' = 'n-duo'), 1818::numeric, 'to the cent');
select is(pg_temp.row('by_category', 'n-drinks'), '3 1052', 'a cup in a bundle counts for the drinks, as one by itself does');
select is(pg_temp.row('by_category', 'n-oven'), '4 1039', 'and a roll for the oven');
select is(pg_temp.row('by_product', 'cup'), '1 273', 'among the products the bundle is one row, and its parts are not counted twice');
select api.refund_order(pg_temp.lotus(), (select id from sold), (select jsonb_build_array(jsonb_build_object('line_id', l.id, 'quantity', 1, 'stock', 'waste')) from sales.order_lines l join it on l.product_id = it.duo where l.order_id = (select id from sold)), 'one too many', 'bundle-back');
select is(pg_temp.parts(), 'n-cup 1 390, n-roll 2 519', 'what went back brought nothing');
-- Every sale is spread by itself, so that every sale adds up.
select pg_temp.sell('[{"slug": "n-duo"}]'), pg_temp.sell('[{"slug": "n-duo"}]');
select is(pg_temp.parts(), 'n-cup 3 1170, n-roll 6 1557', 'sale by sale');
update shop.products set price_cents = 0 where id in (select cup from it union select roll from it);
select is(pg_temp.parts(), 'n-cup 3 909, n-roll 6 1818', 'parts that cost nothing share by their number');

select * from finish();
rollback;
