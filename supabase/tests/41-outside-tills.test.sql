-- Outside tills: who keeps them, who sees what, what a message does, what is told to whom, and that a secret stays one.
begin;
select plan(54);

create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.spot() returns uuid language sql immutable as $$ select '2fffffff-0000-4000-8000-000000000041'::uuid $$;
create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who || '@pos.test'), 'role', 'authenticated')::text, true);
$$;
insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
select gen_random_uuid(), 'authenticated', 'authenticated', n || '@pos.test', now(), '{}', '{}' from unnest(array['bar', 'desk', 'boss', 'away', 'cora']) n;
insert into business.staff (business_id, user_id, role) select case when x.who = 'away' then '10000000-0000-4000-8000-000000000002' else pg_temp.lotus() end, u.id, x.role
from (values ('bar', 'barista'), ('desk', 'front_desk'), ('boss', 'manager'), ('away', 'owner')) x (who, role) join auth.users u on u.email = x.who || '@pos.test';
insert into business.locations (id, business_id, name) values (pg_temp.spot(), pg_temp.lotus(), 'Truck bar');
insert into shop.counters (location_id, business_id, hours, slot_minutes, slot_seconds, lead_minutes, position) values (pg_temp.spot(), pg_temp.lotus(), '[]', 5, 600, 2, 99);
insert into shop.products (id, business_id, category_id, slug, kind, name, price_cents, tax_rate_bp, published)
select '8afffff0-0000-4000-8000-000000000041', pg_temp.lotus(), (select k.id from shop.categories k where k.business_id = pg_temp.lotus() limit 1), 'pos-bag', 'retail', '{"en": "Bag"}', 1150, 1000, true;
insert into shop.stock_items (id, business_id, name, unit) values ('86fffff0-0000-4000-8000-000000000041', pg_temp.lotus(), '{"en": "Bags"}', 'piece');
insert into shop.recipe_lines (business_id, product_id, stock_item_id, quantity) values (pg_temp.lotus(), '8afffff0-0000-4000-8000-000000000041', '86fffff0-0000-4000-8000-000000000041', 1);
select shop.move_stock(pg_temp.lotus(), pg_temp.spot(), 'delivery', 'delivery:pos-test', array['86fffff0-0000-4000-8000-000000000041'::uuid], array[10::bigint]);
create temporary table before as select count(*) as n from shop.pos_messages;

-- Who may -------------------------------------------------------------------------------------------------------------
create function pg_temp.connect(name text, facts jsonb default '{}') returns jsonb language sql as $$ select api.connect_pos(pg_temp.lotus(), pg_temp.spot(), jsonb_build_object('name', connect.name) || facts) $$;
select pg_temp.become('bar');
select throws_ok($$ select pg_temp.connect('Truck') $$, 'PT403', 'not_your_role', 'a barista connects no tills');
select pg_temp.become('desk');
select throws_ok($$ select pg_temp.connect('Truck') $$, 'PT403', 'not_your_role', 'nor does the front desk');
select pg_temp.become('away');
select throws_ok($$ select pg_temp.connect('Truck') $$, 'PT403', 'not_your_role', 'nor the owner of another business');
select throws_ok($$ select api.connect_pos('10000000-0000-4000-8000-000000000002', pg_temp.spot(), '{"name": "Truck"}') $$, 'PT404', 'location_not_found', 'a counter of another business is not there');
select pg_temp.become('boss');
create temporary table pos as select (x.made ->> 'connection_id')::uuid as id, x.made ->> 'secret' as secret from (select pg_temp.connect('Truck', '{"url": "https://till.example/hooks", "events": ["order.paid", "order.refunded", "product.changed", "stock.changed"]}') as made) x;
grant select on pos to authenticated, service_role;
select matches((select secret from pos), '^whsec_[A-Za-z0-9+/]{43}=$', 'a manager connects one and is told its secret: 32 random bytes');
select throws_ok($$ select pg_temp.connect(' truck ') $$, 'PT409', 'pos_exists', 'two of one counter have two names');
select throws_ok($$ select pg_temp.connect('') $$, 'PT422', 'pos_name_invalid', 'and each has one');
select throws_ok($$ select pg_temp.connect('A', '{"url": "ftp://x"}') $$, 'PT422', 'pos_url_invalid', 'an address is one of the web');
select throws_ok($$ select pg_temp.connect('A', '{"events": ["member.born"]}') $$, 'PT422', 'pos_events_invalid', 'what it can be told of is on a list');
select throws_ok($$ select pg_temp.connect('A', '{"events": "order.paid"}') $$, 'PT422', 'pos_events_invalid', 'and said as one');

-- A secret stays one --------------------------------------------------------------------------------------------------
select ok(not api.pos_connection(pg_temp.lotus(), (select id from pos))::text like '%whsec%', 'its page never shows the secret again');
select ok(not exists (select from audit.events e where e.business_id = pg_temp.lotus() and e.detail::text like '%whsec%'), 'nor does the trail');
set local role authenticated;
select throws_ok($$ select * from shop.pos_secrets $$, '42501', null, 'nobody signed in reads secrets');
select throws_ok($$ select * from api.pos_door((select id from pos)) $$, '42501', null, 'nor asks for them at the door');
select throws_ok($$ select api.receive_pos_message((select id from pos), 'm', '{}', '00') $$, '42501', null, 'nor speaks for an outside till');
select is((select count(*) from shop.pos_connections c where c.id = (select id from pos)), 1::bigint, 'a manager sees what is connected');
reset role;
select pg_temp.become('bar');
set local role authenticated;
select is((select count(*) from shop.pos_connections c where c.id = (select id from pos)), 0::bigint, 'a barista does not');
reset role;
select pg_temp.become('away');
set local role authenticated;
select is((select count(*) from shop.pos_connections c where c.id = (select id from pos)), 0::bigint, 'nor does a stranger');
select throws_ok($$ select * from api.pos_received('10000000-0000-4000-8000-000000000002', (select id from pos)) $$, 'PT404', 'pos_not_found', 'a till of another business is not there');
reset role;

-- What comes in -------------------------------------------------------------------------------------------------------
create function pg_temp.tell(type text, data jsonb, message text default gen_random_uuid()::text) returns jsonb language sql as $$
  select api.receive_pos_message((select id from pos), tell.message, jsonb_build_object('type', tell.type, 'data', tell.data), encode(sha256(convert_to(tell.data::text, 'UTF8')), 'hex'));
$$;
create function pg_temp.on_hand() returns bigint language sql as $$ select on_hand from shop.stock_levels where location_id = pg_temp.spot() $$;
create function pg_temp.clearing() returns bigint language sql as $$ select coalesce((select a.balance from ledger.accounts a where a.business_id = pg_temp.lotus() and a.unit = 'EUR' and a.kind = 'clearing' and a.owner = 'outside'), 0) $$;
select pg_temp.become('boss');
select lives_ok($$ select api.link_pos(pg_temp.lotus(), (select id from pos), ' BAG ', '8afffff0-0000-4000-8000-000000000041') $$, 'a manager says what an id is');
select throws_ok($$ select api.link_pos(pg_temp.lotus(), (select id from pos), 'X', '8afffff0-0000-4000-8000-000000000041', '{}', '86fffff0-0000-4000-8000-000000000041') $$, 'PT422', 'pos_link_invalid', 'one thing and not two');
select set_config('request.jwt.claims', '', true);
create temporary table cleared as select pg_temp.clearing() as cents;
create temporary table said as select pg_temp.tell('sale.made', '{"id": "S1", "tender": "card", "lines": [{"product": "BAG", "quantity": 2, "unit_cents": 1150}]}', 'm1') as answer;
select is((select answer - 'order_id' from said), '{"outcome": "applied", "first": true, "flags": []}', 'a sale is taken in');
select is(pg_temp.tell('sale.made', '{"id": "S1", "tender": "card", "lines": [{"product": "BAG", "quantity": 2, "unit_cents": 1150}]}', 'm1') - 'first', (select answer - 'first' from said), 'and answered as the first time when it comes again');
select is(pg_temp.tell('sale.made', '{"id": "S1", "lines": []}') ->> 'outcome', 'known', 'in another message it is known by its own id');
select throws_ok($$ select pg_temp.tell('sale.made', '{"id": "S2", "lines": []}', 'm1') $$, 'PT409', 'pos_message_reused', 'a message id says one thing');
select is((select concat_ws(' ', o.channel, o.total_cents, o.tax_cents, o.state) from sales.orders o where o.id = (select (answer ->> 'order_id')::uuid from said)), 'api 2300 209 closed', 'it is an order with its tax, handed over already');
select is(array[pg_temp.on_hand(), pg_temp.clearing() - (select cents from cleared)], array[8, 2300]::bigint[], 'its goods are gone, its money is with the other till');
select is(pg_temp.tell('sale.made', '{"id": "S3", "lines": [{"product": "BAG", "quantity": 1000000000, "unit_cents": 1}]}') ->> 'code', 'pos_quantity_invalid', 'a thousand million bags were not sold');
select is((select state from shop.pos_inbox i where i.connection_id = (select id from pos) and i.payload -> 'data' ->> 'id' = 'S3'), 'refused', 'and it is kept that somebody said so');
select is(pg_temp.tell('sale.refunded', '{"id": "R1", "sale_id": "S1", "amount_cents": 2301}') ->> 'code', 'refund_above_paid', 'no more goes back than was paid');
select is(pg_temp.tell('sale.refunded', '{"id": "R1", "sale_id": "S1", "lines": [{"product": "BAG", "quantity": 2}], "stock": "back"}') ->> 'refund_cents', '2300', 'what was refused under an id may still come right under it');
select is(array[pg_temp.on_hand(), pg_temp.clearing() - (select cents from cleared)], array[10, 0]::bigint[], 'goods and money are back');
select is_empty($$ select * from ledger.findings(pg_temp.lotus()) $$, 'the books agree');

-- What goes out -------------------------------------------------------------------------------------------------------
select is((select string_agg(m.payload ->> 'type', ' ' order by m.id) from shop.pos_messages m where m.connection_id = (select id from pos)), 'stock.changed stock.changed', 'it is told of the stock, and not of what it told itself');
update shop.products set price_cents = 1200 where id = '8afffff0-0000-4000-8000-000000000041';
update shop.products set position = position + 1 where id = '8afffff0-0000-4000-8000-000000000041';
select is((select array_agg(m.payload -> 'data' ->> 'price_cents') from shop.pos_messages m where m.connection_id = (select id from pos) and m.payload ->> 'type' = 'product.changed'), array['1200'], 'a price is told, a place on the menu is not');
select is((select array_agg(cardinality(x.secrets)) from api.take_pos_messages(1) x), array[1], 'what is due is handed out with what it is signed with');
create temporary table cake as select (pg_temp.tell('sale.made', '{"id": "S4", "lines": [{"product": "BAG", "quantity": 1, "unit_cents": 1150}, {"product": "CAKE", "quantity": 2, "unit_cents": 100}]}') ->> 'order_id')::uuid as sale;
select is((select concat_ws(' ', o.total_cents, o.state) from sales.orders o where o.id = (select sale from cake)), '1350 closed', 'something that nobody has linked does not keep a sale open');
select is((select concat_ws(' ', l.tax_rate_bp, l.tax_cents) from sales.order_lines l where l.order_id = (select sale from cake) and l.kind = 'fee'), shop.usual_rate(pg_temp.lotus(), 'takeaway') || ' 18', 'it is taxed as most of what is sold here');
create function pg_temp.serving(sale text, said jsonb default '{}') returns text language plpgsql as $$
declare made uuid := (pg_temp.tell('sale.made', jsonb_build_object('id', sale, 'lines', '[{"product": "BAG", "quantity": 1, "unit_cents": 1200}]'::jsonb) || said) ->> 'order_id')::uuid;
begin
  return (select o.serving from sales.orders o where o.id = made);
end $$;
update shop.counters set servings = '{takeaway}' where location_id = pg_temp.spot();
select is(pg_temp.serving('S5'), 'takeaway', 'where only takeaway is served, what nobody says was taken away');
select is(pg_temp.serving('S6', '{"serving": "eat_in"}'), 'eat_in', 'what was said is how it was');
update shop.counters set servings = '{eat_in}' where location_id = pg_temp.spot();
select is(pg_temp.serving('S7'), 'eat_in', 'where only tables are served, it was eaten there');
create temporary table pie as select (pg_temp.tell('sale.made', '{"id": "S8", "lines": [{"product": "PIE", "quantity": 1, "unit_cents": 500, "tax_rate_bp": 400}, {"product": "BAG", "quantity": 1, "unit_cents": 1200, "tax_rate_bp": 400}]}') ->> 'order_id')::uuid as sale;
select is((select string_agg(l.tax_rate_bp::text, ' ' order by l.position) from sales.order_lines l where l.order_id = (select sale from pie)), '400 1000', 'a till may say the tax of what nobody here knows; of what is known it is ours');
select is(pg_temp.tell('sale.made', '{"id": "S9", "lines": [{"product": "PIE", "quantity": 1, "unit_cents": 500, "tax_rate_bp": 5001}]}') -> 'details' ->> 'field', 'tax_rate_bp', 'within reason');
-- What came in cost something.
create function pg_temp.bag_cost() returns text language sql as $$ select on_hand || ' at ' || trim_scale(round(i.unit_cost, 2)) from shop.stock_levels v join shop.stock_items i on i.id = v.stock_item_id where v.location_id = pg_temp.spot() $$;
update shop.stock_items set unit_cost = 100 where id = '86fffff0-0000-4000-8000-000000000041';
select is(pg_temp.bag_cost(), '5 at 100', 'before a delivery');
select pg_temp.tell('stock.moved', '{"id": "D1", "kind": "delivery", "lines": [{"product": "BAG", "quantity": 5, "unit_cost_cents": 400}]}');
select is(pg_temp.bag_cost(), '10 at 250', 'its cost is averaged with what was there');
select pg_temp.tell('stock.moved', '{"id": "D2", "kind": "delivery", "lines": [{"product": "BAG", "quantity": 1, "unit_cost_cents": 800}, {"product": "BAG", "quantity": 9}]}');
select is(pg_temp.bag_cost(), '20 at 277.5', 'what came without a cost is as dear as what was there');
select is((select string_agg(trim_scale(m.unit_cost)::text, ' ' order by m.id) from shop.stock_movements m where m.location_id = pg_temp.spot() and m.kind = 'delivery' and m.source like 'pos:%'), '400 305', 'and each delivery keeps what it cost');
select is(pg_temp.tell('stock.moved', '{"id": "D3", "kind": "delivery", "lines": [{"product": "BAG", "quantity": 1, "unit_cost_cents": -1}]}') -> 'details' ->> 'field', 'unit_cost_cents', 'nothing costs less than nothing');
-- Somebody else at the same counter is told of an order that is paid as it is placed.
select pg_temp.become('boss');
create temporary table ear as select (pg_temp.connect('Ear', '{"url": "https://ear.example/hooks", "events": ["order.placed", "order.paid"]}') ->> 'connection_id')::uuid as id, api.add_till(pg_temp.lotus(), pg_temp.spot(), 'Ear') as till;
select api.sell_at_till(pg_temp.lotus(), (select till from ear), '8cfffff0-0000-4000-8000-000000000410', '[{"slug": "pos-bag"}]', '{}', 'terminal');
create function pg_temp.handed_out() returns text language sql as $$ select string_agg(x.payload ->> 'type', ' ' order by x.sending_id) from api.take_pos_messages(100) x where x.url = 'https://ear.example/hooks' $$;
select is(pg_temp.handed_out(), 'order.placed', 'first that it is placed, by itself');
select api.pos_message_done(m.id, 500) from shop.pos_messages m where m.connection_id = (select id from ear) and m.claimed_until is not null;
select is(pg_temp.handed_out(), 'order.paid', 'then that it is paid, heard or not');
select pg_temp.become('boss');
select is(api.set_pos_state(pg_temp.lotus(), (select id from pos), 'ended') ->> 'state', 'ended', 'it is disconnected');
select is((select count(*) from shop.pos_secrets s where s.connection_id = (select id from pos)), 0::bigint, 'and its secret forgotten');
select throws_ok($$ select api.rotate_pos_secret(pg_temp.lotus(), (select id from pos)) $$, 'PT409', 'pos_ended', 'for good');
update shop.products set price_cents = 1300 where id = '8afffff0-0000-4000-8000-000000000041';
select is((select count(*) from shop.pos_messages m where m.connection_id = (select id from pos) and m.state = 'queued'), 0::bigint, 'and told nothing any more');

select * from finish();
rollback;
