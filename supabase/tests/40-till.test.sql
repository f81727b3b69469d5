-- The till: what is sold at it, its drawer, who may, and what the books say. A counter of this test's own, closed at this hour.
begin;
select plan(57);

create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.spot() returns uuid language sql immutable as $$ select '2fffffff-0000-4000-8000-000000000040'::uuid $$;
create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who || '@till.test'), 'role', 'authenticated')::text, true);
$$;
insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
select gen_random_uuid(), 'authenticated', 'authenticated', n || '@till.test', now(), '{}', jsonb_build_object('full_name', initcap(n), 'locale', 'en') from unnest(array['bar', 'desk', 'boss', 'coach', 'cora', 'away']) n;
insert into business.staff (business_id, user_id, role) select case when x.who = 'away' then '10000000-0000-4000-8000-000000000002' else pg_temp.lotus() end, u.id, x.role
from (values ('bar', 'barista'), ('desk', 'front_desk'), ('boss', 'manager'), ('coach', 'instructor'), ('away', 'owner')) x (who, role) join auth.users u on u.email = x.who || '@till.test';
select pg_temp.become('cora'), api.become_member(pg_temp.lotus());
create function pg_temp.cora() returns uuid language sql as $$ select m.id from members.members m join auth.users u on u.id = m.user_id where u.email = 'cora@till.test' and m.business_id = pg_temp.lotus() $$;

insert into business.locations (id, business_id, name) values (pg_temp.spot(), pg_temp.lotus(), 'Closed bar');
insert into shop.counters (location_id, business_id, hours, slot_minutes, slot_seconds, lead_minutes, position)
select pg_temp.spot(), pg_temp.lotus(), jsonb_build_array(jsonb_build_object('day', 1 + extract(isodow from now() at time zone 'UTC' + interval '3 days')::int % 7, 'opens', '03:00', 'closes', '03:05')), 5, 60, 2, 99;
insert into shop.products (id, business_id, category_id, slug, kind, name, price_cents, tax_rate_bp, takeaway_tax_rate_bp, make_seconds, published)
select x.id::uuid, pg_temp.lotus(), (select k.id from shop.categories k where k.business_id = pg_temp.lotus() limit 1), x.slug, x.kind, jsonb_build_object('en', x.slug), x.price, 1000, 400, x.secs, true
from (values ('8afffff0-0000-4000-8000-000000000001', 't-cup', 'made', 310, 600), ('8afffff0-0000-4000-8000-000000000002', 't-bag', 'retail', 1150, 0)) x (id, slug, kind, price, secs);
insert into shop.stock_items (id, business_id, name, unit) values ('86fffff0-0000-4000-8000-000000000001', pg_temp.lotus(), '{"en": "Bags"}', 'piece');
insert into shop.recipe_lines (business_id, product_id, stock_item_id, quantity) values (pg_temp.lotus(), '8afffff0-0000-4000-8000-000000000002', '86fffff0-0000-4000-8000-000000000001', 1);
select shop.move_stock(pg_temp.lotus(), pg_temp.spot(), 'delivery', 'delivery:till-test', array['86fffff0-0000-4000-8000-000000000001'::uuid], array[3::bigint]);

-- A till --------------------------------------------------------------------------------------------------------------
select pg_temp.become('bar');
select throws_ok($$ select api.add_till(pg_temp.lotus(), pg_temp.spot(), 'Bar') $$, 'PT403', 'not_your_role', 'a barista puts up no tills');
select pg_temp.become('boss');
create temporary table it as select api.add_till(pg_temp.lotus(), pg_temp.spot(), ' Bar ') as till;
select throws_ok($$ select api.add_till(pg_temp.lotus(), pg_temp.spot(), 'Bar') $$, 'PT409', 'till_exists', 'two tills of a counter have two names');
select throws_ok($$ select api.add_till(pg_temp.lotus(), gen_random_uuid(), 'Bar') $$, 'PT404', 'location_not_found', 'a till stands at a counter');
select throws_ok($$ select api.add_till(pg_temp.lotus(), pg_temp.spot(), '  ') $$, 'PT422', 'till_name_invalid', 'a till has a name');
select is((select count(*) from api.tills(pg_temp.lotus()) x where x.till_id = (select till from it) and x.open_since is null), 1::bigint, 'it begins with its drawer closed');

create function pg_temp.sell(lines text, pay_with text default 'cash', tendered bigint default 10000, member uuid default null, sale uuid default gen_random_uuid(), facts text default '{}', expected bigint default null) returns jsonb language sql as $$
  select api.sell_at_till(pg_temp.lotus(), (select till from it), sale, lines::jsonb, facts::jsonb, pay_with, tendered, member, expected);
$$;
create function pg_temp.balance(kind text, owner text) returns bigint language sql as $$ select coalesce((select a.balance from ledger.accounts a where a.business_id = pg_temp.lotus() and a.unit = 'EUR' and a.kind = balance.kind and a.owner = balance.owner), 0) $$;

-- Who may -------------------------------------------------------------------------------------------------------------
select pg_temp.become('cora');
select throws_ok($$ select pg_temp.sell('[{"slug": "t-bag"}]', 'terminal') $$, 'PT403', 'not_your_role', 'a member sells nothing');
select pg_temp.become('coach');
select throws_ok($$ select pg_temp.sell('[{"slug": "t-bag"}]', 'terminal') $$, 'PT403', 'not_your_role', 'nor does who only teaches');
select pg_temp.become('away');
select throws_ok($$ select pg_temp.sell('[{"slug": "t-bag"}]', 'terminal') $$, 'PT403', 'not_your_role', 'nor the owner of another business');
select throws_ok($$ select api.drawer('10000000-0000-4000-8000-000000000002', (select till from it)) $$, 'PT404', 'till_not_found', 'a till of another business is not there');

-- Prices --------------------------------------------------------------------------------------------------------------
select pg_temp.become('bar');
select is(api.price_at_till(pg_temp.lotus(), (select till from it), '[{"slug": "t-bag", "quantity": 2}, {"slug": "t-cup"}]', '{"tip": {"percent": 10}}') ->> 'total_cents', '2871', 'a ticket is priced with its tip');
select is((select array_agg(x ->> 'problem') from jsonb_array_elements(api.price_at_till(pg_temp.lotus(), (select till from it), '[{"slug": "t-bag"}]') -> 'lines') x), array[null::text], 'and says what cannot be had');
select is((select count(*) from sales.orders o where o.channel = 'till' and o.business_id = pg_temp.lotus() and o.location_id = pg_temp.spot()), 0::bigint, 'nothing of a priced ticket is kept');
select throws_ok($$ select api.price_at_till(pg_temp.lotus(), (select till from it), '[{"slug": "t-none"}]') $$, 'PT404', 'product_not_found', 'what is not on the menu has no price');

-- The drawer ----------------------------------------------------------------------------------------------------------
select throws_ok($$ select pg_temp.sell('[{"slug": "t-bag"}]') $$, 'PT409', 'drawer_closed', 'no cash without an open drawer');
select is(api.open_drawer(pg_temp.lotus(), (select till from it), 5000, 'till-open-1') ->> 'opening_cents', '5000', 'a drawer opens with what was counted');
select is(api.open_drawer(pg_temp.lotus(), (select till from it), 5000, 'till-open-1') ->> 'opening_cents', '5000', 'sent again it is the same opening');
select throws_ok($$ select api.open_drawer(pg_temp.lotus(), (select till from it), 5000, 'till-open-2') $$, 'PT409', 'drawer_open', 'it does not open twice');
select throws_ok($$ select api.open_drawer(pg_temp.lotus(), (select till from it), -1, 'till-open-3') $$, 'PT422', 'amount_invalid', 'less than nothing is no count');

-- Sales ---------------------------------------------------------------------------------------------------------------
create temporary table sold (tag text primary key, a jsonb);
insert into sold select 'cash', pg_temp.sell('[{"slug": "t-bag", "quantity": 2}]', 'cash', 5000, null, '8bfffff0-0000-4000-8000-000000000001', '{"name": " Ivan "}', 2300);
select is((select concat_ws(' ', a ->> 'state', a ->> 'total_cents', a ->> 'change_cents', a ->> 'call_number') from sold where tag = 'cash'), 'paid 2300 2700 1', 'cash: paid at once, with its change and a number to call, whatever the hour');
select is((select t.name from shop.tickets t where t.order_id = '8bfffff0-0000-4000-8000-000000000001'), 'Ivan', 'the board calls who said their name');
select is(pg_temp.sell('[{"slug": "t-bag", "quantity": 2}]', 'cash', 5000, null, '8bfffff0-0000-4000-8000-000000000001', '{"name": " Ivan "}', 2300), (select a from sold where tag = 'cash'), 'sent again it is the same sale');
delete from platform.idempotency_keys k where k.key = '8bfffff0-0000-4000-8000-000000000001';
select is(pg_temp.sell('[{"slug": "t-bag", "quantity": 2}]', 'cash', 5000, null, '8bfffff0-0000-4000-8000-000000000001', '{"name": " Ivan "}', 2300), (select a from sold where tag = 'cash'), 'also when its key was forgotten');
select throws_ok($$ select pg_temp.sell('[{"slug": "t-bag"}]', 'cash', 5000, null, '8bfffff0-0000-4000-8000-000000000001') $$, 'PT422', 'idempotency_key_reused', 'another sale has an id of its own');
select is((select concat_ws(' ', o.channel, o.serving, m.archived_at is not null, m.user_id is null) from sales.orders o join members.members m on m.id = o.member_id where o.id = '8bfffff0-0000-4000-8000-000000000001'), 'till eat_in t t', 'it is sold to the counter''s guest, to be eaten here');
select is((select count(*) from messages.emails e where e.data ->> 'order_id' = '8bfffff0-0000-4000-8000-000000000001'), 0::bigint, 'who has no address is sent nothing');
select is(pg_temp.balance('drawer', (select till::text from it)), 7300::bigint, 'the drawer holds the total, not what was handed over');
select is((select on_hand from shop.stock_levels where location_id = pg_temp.spot()), 1::bigint, 'and the shelf has two fewer');
select throws_ok($$ select pg_temp.sell('[{"slug": "t-bag"}]', 'cash', 1149) $$, 'PT422', 'tendered_too_low', 'less than the total is not enough');
select throws_ok($$ select pg_temp.sell('[{"slug": "t-bag"}]', 'cash', 5000, null, gen_random_uuid(), '{}', 1) $$, 'PT409', 'price_changed', 'what the device thinks it costs is compared, never obeyed');
select throws_ok($$ select pg_temp.sell('[{"slug": "t-bag", "quantity": 2}]') $$, 'PT409', 'product_sold_out', 'what is not on the shelf is not sold');
select throws_ok($$ select pg_temp.sell('[]') $$, 'PT422', 'lines_invalid', 'nothing is no sale');
select throws_ok($$ select pg_temp.sell('[{"slug": "t-bag"}]', 'card') $$, 'PT422', 'pay_with_invalid', 'a till takes cash, cards at its machine, and wallets');
select throws_ok($$ select pg_temp.sell('[{"slug": "t-bag"}]', 'wallet') $$, 'PT422', 'wallet_needs_customer', 'a wallet is somebody''s');
select throws_ok($$ select pg_temp.sell('[{"slug": "t-bag"}]', 'wallet', null, pg_temp.cora()) $$, 'PT409', 'wallet_too_low', 'and has enough in it');
select ledger.transfer(pg_temp.lotus(), 'test', 'till-test-wallet', array[ledger.account(pg_temp.lotus(), 'EUR', 'wallet', pg_temp.cora()::text), ledger.account(pg_temp.lotus(), 'EUR', 'bank')], array[-2000, 2000]);
select pg_temp.become('desk');
insert into sold select 'wallet', pg_temp.sell('[{"slug": "t-cup", "quantity": 2}]', 'wallet', null, pg_temp.cora(), gen_random_uuid(), '{"serving": "takeaway", "tip": {"cents": 80}}');
select is((select x.wallet_cents from api.find_customers(pg_temp.lotus(), 'cora@till') x), 1300::bigint, 'the front desk sells too, and a customer pays with what is in their wallet');
select is((select x.email from api.find_customers(pg_temp.lotus(), 'cora@till') x), 'c…@till.test', 'of an address only as much is said as tells two apart');
select is((select sum(l.tax_cents) from sales.order_lines l where l.order_id = (select (a ->> 'order_id')::uuid from sold where tag = 'wallet')), 24::numeric, 'what is taken away has the rate of taking away; a tip has none');

-- In, out, closed -----------------------------------------------------------------------------------------------------
select throws_ok($$ select api.move_cash(pg_temp.lotus(), (select till from it), 'pay_out', 7301, 'milk', 'till-move-1') $$, 'PT409', 'drawer_too_low', 'no more is taken out than is in it');
select api.move_cash(pg_temp.lotus(), (select till from it), 'pay_out', 300, 'milk', 'till-move-2'), api.move_cash(pg_temp.lotus(), (select till from it), 'pay_out', 300, 'milk', 'till-move-2');
select is(pg_temp.balance('drawer', (select till::text from it)), 7000::bigint, 'money taken out, once, is no longer in it');
create temporary table closing as select api.close_drawer(pg_temp.lotus(), (select till from it), 6950, 'till-close-1') as a;
select is((select concat_ws(' ', a ->> 'expected_cents', a ->> 'counted_cents', a ->> 'difference_cents') from closing), '7000 6950 -50', 'closing states the difference');
select is((select count(*) from ledger.entries e join ledger.accounts a on a.id = e.account_id join ledger.transfers t on t.id = e.transfer_id where t.kind = 'drawer_closed' and t.source = 'drawer:' || (select a ->> 'session_id' from closing) and (a.kind, e.amount) in (('drawer', -7000), ('safe', 6950), ('loss', 50))), 3::bigint, 'and books it: the count to the safe, what is missing as lost');
select throws_ok($$ select api.close_drawer(pg_temp.lotus(), (select till from it), 1, 'till-close-2') $$, 'PT409', 'drawer_closed', 'what is closed is not closed again');
select is((api.receipt(pg_temp.lotus(), (select a ->> 'receipt_token' from sold where tag = 'cash')) -> 'order' ->> 'email'), null, 'who holds a receipt''s token reads it, without anybody''s address');

-- Sold without a connection --------------------------------------------------------------------------------------------
create temporary table goods as select (select p.id from shop.products p where p.slug = 't-bag') as bag, (select p.id from shop.products p where p.slug = 't-cup') as cup;
create function pg_temp.kept(sale uuid, line jsonb, total bigint, at timestamptz default now(), how text default 'cash', member uuid default null) returns jsonb language sql as $$
  select jsonb_build_object('sale_id', sale, 'at', at, 'lines', jsonb_build_array(line), 'pay_with', how, 'tendered_cents', total, 'total_cents', total, 'member_id', member, 'facts', '{}'::jsonb);
$$;
create function pg_temp.sync(variadic kept jsonb[]) returns text language sql as $$
  select string_agg(x ->> 'outcome' || coalesce(' ' || nullif((select string_agg(f, ',') from jsonb_array_elements_text(x -> 'flags') f), ''), ''), '; ' order by n) from jsonb_array_elements(api.sync_till_sales(pg_temp.lotus(), (select till from it), to_jsonb(kept))) with ordinality y (x, n);
$$;
create function pg_temp.bag(unit bigint default 1150, quantity int default 1) returns jsonb language sql as $$ select jsonb_build_object('product_id', bag, 'quantity', quantity, 'unit_cents', unit) from goods $$;
select api.open_drawer(pg_temp.lotus(), (select till from it), 0, 'till-open-9');
update shop.drawer_sessions set opened_at = now() - interval '1 hour' where till_id = (select till from it) and closed_at is null;
update shop.drawer_sessions set opened_at = now() - interval '5 hours', closed_at = now() - interval '4 hours' where till_id = (select till from it) and closed_at is not null;
update shop.tills set created_at = now() - interval '1 day' where id = (select till from it);
select is(pg_temp.sync(pg_temp.kept('8bfffff0-0000-4000-8000-000000000011', pg_temp.bag(), 1150)), 'settled', 'what was sold while there was no connection is sold');
select is(pg_temp.sync(pg_temp.kept('8bfffff0-0000-4000-8000-000000000011', pg_temp.bag(), 1150), pg_temp.kept('8bfffff0-0000-4000-8000-000000000001', pg_temp.bag(), 1150)), 'known; known', 'once, however often it is sent, and also when it had come through after all');
select is((select on_hand from shop.stock_levels where location_id = pg_temp.spot()), 0::bigint, 'stock follows');
select is(pg_temp.sync(pg_temp.kept('8bfffff0-0000-4000-8000-000000000012', pg_temp.bag(quantity => 2), 2300)), 'settled stock_corrected', 'a sale that happened is not refused for want of stock');
select is((select array_agg(x.kind || x.quantity order by x.id) from shop.stock_movements x where x.location_id = pg_temp.spot() and x.source ~ 'till_sync|sale:' and x.order_line_id is not distinct from (select l.id from sales.order_lines l where l.order_id = '8bfffff0-0000-4000-8000-000000000012' and x.kind = 'sale')), array['correction2', 'sale-2'], 'the books are corrected, then it is sold: never below zero');
select is(pg_temp.sync(pg_temp.kept('8bfffff0-0000-4000-8000-000000000013', pg_temp.bag(1000), 1000, how => 'terminal')), 'settled price_differs,stock_corrected', 'they paid what they paid, and it is said where that is not today''s price');
select is((select o.total_cents from sales.orders o where o.id = '8bfffff0-0000-4000-8000-000000000013'), 1000::bigint, 'and it is what is in the books');
update shop.products set retired_at = now() where slug = 't-cup';
select is(pg_temp.sync(pg_temp.kept('8bfffff0-0000-4000-8000-000000000014', jsonb_build_object('product_id', (select cup from goods), 'quantity', 1, 'unit_cents', 310), 310, how => 'terminal'),
  pg_temp.kept('8bfffff0-0000-4000-8000-000000000015', jsonb_build_object('product_id', gen_random_uuid(), 'quantity', 2, 'unit_cents', 100, 'label', 'Old cake'), 200, how => 'terminal', member => gen_random_uuid())), 'settled product_gone; settled member_unknown,product_unknown', 'what is off the menu since, and whom nobody knows, are told');
select is(pg_temp.sync(pg_temp.kept('8bfffff0-0000-4000-8000-000000000016', pg_temp.bag(), 1150, now() + interval '3 days', 'terminal')), 'settled clock_wrong,stock_corrected', 'a clock that runs ahead is told, and not believed');
select is((select concat_ws(' ', s.sold_at <= now(), s.told_at > now()) from shop.till_sales s where s.order_id = '8bfffff0-0000-4000-8000-000000000016'), 't t', 'it was now at the latest; what the device said is kept');
select is(pg_temp.sync(pg_temp.kept('8bfffff0-0000-4000-8000-000000000017', pg_temp.bag(), 1150, now() - interval '270 minutes')), 'settled drawer_closed_since,stock_corrected', 'cash that was counted already belongs to the drawer that was closed');
select is(pg_temp.balance('drawer', (select till::text from it)), 3450::bigint, 'and is not in the one that is open');
select is(pg_temp.sync(pg_temp.kept('8bfffff0-0000-4000-8000-000000000018', pg_temp.bag(), 1150, how => 'wallet'), '{"sale_id": "x"}', pg_temp.kept('8bfffff0-0000-4000-8000-000000000019', pg_temp.bag(), 1150, now() - interval '1 hour', 'terminal')), 'sale_invalid; sale_invalid; settled stock_corrected', 'one that cannot be read does not hold up the others');
select pg_temp.sync(pg_temp.kept('8bfffff0-0000-4000-8000-000000000020', '{}', 1350, now() - interval '1 hour', 'terminal') || jsonb_build_object('lines', jsonb_build_array(pg_temp.bag(), jsonb_build_object('product_id', gen_random_uuid(), 'quantity', 2, 'unit_cents', 100, 'label', 'Old cake'))));
select is((select concat_ws(' ', o.total_cents, o.state, k.state) from sales.orders o join shop.tickets k on k.order_id = o.id where o.id = '8bfffff0-0000-4000-8000-000000000020'), '1350 closed collected', 'something that nobody knows does not keep a sale open that was handed over');
select * from finish();
rollback;
