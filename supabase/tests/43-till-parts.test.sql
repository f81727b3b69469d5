-- A sale at the till that is paid in parts: gift card, wallet, cash and card machine; codes and rewards at the till; and what the books say.
begin;
select plan(72);

create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.spot() returns uuid language sql immutable as $$ select '2fffffff-0000-4000-8000-000000000043'::uuid $$;
create function pg_temp.sale(n int) returns uuid language sql immutable as $$ select ('8bfffff3-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who || '@parts.test'), 'role', 'authenticated')::text, true);
$$;
insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
select gen_random_uuid(), 'authenticated', 'authenticated', n || '@parts.test', now(), '{}', jsonb_build_object('full_name', initcap(n), 'locale', 'en') from unnest(array['bar', 'boss', 'cora', 'away']) n;
insert into business.staff (business_id, user_id, role) select case when x.who = 'away' then '10000000-0000-4000-8000-000000000002' else pg_temp.lotus() end, u.id, x.role
from (values ('bar', 'barista'), ('boss', 'manager'), ('away', 'owner')) x (who, role) join auth.users u on u.email = x.who || '@parts.test';
select pg_temp.become('cora'), api.become_member(pg_temp.lotus());
create function pg_temp.cora() returns uuid language sql as $$ select m.id from members.members m join auth.users u on u.id = m.user_id where u.email = 'cora@parts.test' and m.business_id = pg_temp.lotus() $$;

insert into business.locations (id, business_id, name) values (pg_temp.spot(), pg_temp.lotus(), 'Bar of parts');
insert into shop.counters (location_id, business_id, hours, slot_minutes, slot_seconds, lead_minutes, position)
select pg_temp.spot(), pg_temp.lotus(), (select jsonb_agg(jsonb_build_object('day', d, 'opens', '00:00', 'closes', '24:00')) from generate_series(1, 7) d), 5, 3000, 2, 99;
insert into shop.products (id, business_id, category_id, slug, kind, name, price_cents, tax_rate_bp, make_seconds, published)
select '8afffff3-0000-4000-8000-000000000001'::uuid, pg_temp.lotus(), (select k.id from shop.categories k where k.business_id = pg_temp.lotus() limit 1), 'p-bag', 'retail', '{"en": "Bag"}', 1000, 1000, 0, true;
insert into shop.stock_items (id, business_id, name, unit) values ('86fffff3-0000-4000-8000-000000000001', pg_temp.lotus(), '{"en": "Bags"}', 'piece');
insert into shop.recipe_lines (business_id, product_id, stock_item_id, quantity) values (pg_temp.lotus(), '8afffff3-0000-4000-8000-000000000001', '86fffff3-0000-4000-8000-000000000001', 1);
select shop.move_stock(pg_temp.lotus(), pg_temp.spot(), 'delivery', 'delivery:parts-test', array['86fffff3-0000-4000-8000-000000000001'::uuid], array[40::bigint]);
select pg_temp.become('boss');
create temporary table it as select api.add_till(pg_temp.lotus(), pg_temp.spot(), 'Bar') as till;

-- A gift card of 30, as somebody bought it.
create temporary table card as select gen_random_uuid() as id, null::text as code, null::text as pin;
with o as (insert into sales.orders (business_id, member_id, state, channel, currency, reference, placed_at, total_cents) values (pg_temp.lotus(), pg_temp.cora(), 'placed', 'desk', 'EUR', sales.new_reference(pg_temp.lotus()), now(), 3000) returning id)
insert into sales.order_lines (business_id, order_id, position, kind, label, unit_price_cents, total_cents, details) select pg_temp.lotus(), o.id, 1, 'gift_card', '{"en": "Gift card"}', 3000, 3000, '{"to_name": "C", "to_email": "c@parts.test", "from_name": "D", "locale": "en"}' from o;
select payments.pay_at_once(o, 'terminal') from sales.orders o where o.business_id = pg_temp.lotus() and o.member_id = pg_temp.cora() and o.state = 'placed';
update card c set id = g.id from sales.gift_cards g join sales.order_lines l on l.id = g.order_line_id join sales.orders o on o.id = l.order_id where o.member_id = pg_temp.cora();
update card c set code = s ->> 'code', pin = s ->> 'pin' from (select sales.new_gift_card_secret(id) as s from card) x;

create function pg_temp.balance(kind text, owner text) returns bigint language sql as $$ select coalesce((select a.balance from ledger.accounts a where a.business_id = pg_temp.lotus() and a.unit = 'EUR' and a.kind = balance.kind and a.owner = balance.owner), 0) $$;
create function pg_temp.drawer() returns bigint language sql as $$ select pg_temp.balance('drawer', (select till::text from it)) $$;
create function pg_temp.open(n int, quantity int default 2, member uuid default null, facts text default '{}') returns jsonb language sql as $$
  select api.open_split(pg_temp.lotus(), (select till from it), pg_temp.sale(n), jsonb_build_array(jsonb_build_object('slug', 'p-bag', 'quantity', quantity)), facts::jsonb, member);
$$;
create function pg_temp.take(n int, way text, amount bigint default null, tendered bigint default null, key text default gen_random_uuid()::text) returns jsonb language sql as $$ select api.take_part(pg_temp.lotus(), pg_temp.sale(n), way, key, amount, tendered) $$;
create function pg_temp.swipe(n int, amount bigint default null, pin text default null, key text default gen_random_uuid()::text) returns jsonb language sql as $$ select api.take_gift_card_part(pg_temp.lotus(), pg_temp.sale(n), c.code, coalesce(swipe.pin, c.pin), key, amount) from card c $$;
create function pg_temp.says(a jsonb) returns text language sql as $$ select concat_ws(' ', a ->> 'state', a ->> 'due_cents', (select string_agg((x ->> 'way') || (x ->> 'amount_cents'), ',') from jsonb_array_elements(a -> 'parts') x)) $$;
create function pg_temp.part(n int, way text) returns uuid language sql as $$ select (x ->> 'part_id')::uuid from jsonb_array_elements(shop.parts_of(pg_temp.sale(n))) x where x ->> 'way' = part.way limit 1 $$;

-- Who may, and opening ------------------------------------------------------------------------------------------------
select pg_temp.become('cora');
select throws_ok($$ select pg_temp.open(1) $$, 'PT403', 'not_your_role', 'a member opens no sale');
select pg_temp.become('away');
select throws_ok($$ select pg_temp.open(1) $$, 'PT403', 'not_your_role', 'nor does the owner of another business');
select pg_temp.become('bar');
select is(pg_temp.says(pg_temp.open(1)), 'placed 2000', 'a sale is opened: its price stands, all of it is due');
select is(pg_temp.says(pg_temp.open(1)), 'placed 2000', 'opened again it is the same');
select is((select reserved from shop.stock_levels where location_id = pg_temp.spot()), 2::bigint, 'its goods are held, once');
select throws_ok($$ select pg_temp.open(1, 3) $$, 'PT422', 'idempotency_key_reused', 'another ticket has an id of its own');
select throws_ok($$ select api.sell_at_till(pg_temp.lotus(), (select till from it), pg_temp.sale(1), '[{"slug": "p-bag"}]', '{}', 'terminal') $$, 'PT409', 'sale_in_parts', 'what is paid in parts is not sold a second way');
select is((select x.way || ' ' || x.due_cents || ' ' || coalesce(x.name, '-') from api.open_sales(pg_temp.lotus(), (select till from it)) x), 'parts 2000 -', 'the till sees what is open, and that nobody said who they are');
select pg_temp.become('away');
select throws_ok($$ select api.split('10000000-0000-4000-8000-000000000002', pg_temp.sale(1)) $$, 'PT404', 'order_not_found', 'another business does not');
select pg_temp.become('bar');

-- Parts ---------------------------------------------------------------------------------------------------------------
select throws_ok($$ select pg_temp.take(1, 'cash', 500) $$, 'PT409', 'drawer_closed', 'no cash without an open drawer');
select api.open_drawer(pg_temp.lotus(), (select till from it), 1000, 'parts-open-1');
select throws_ok($$ select pg_temp.take(1, 'cash', 2001) $$, 'PT409', 'part_above_due', 'no part is above what is due');
select throws_ok($$ select pg_temp.take(1, 'cash', 0) $$, 'PT422', 'amount_invalid', 'nothing is no part');
select throws_ok($$ select pg_temp.take(1, 'cash', 700, 500) $$, 'PT422', 'tendered_too_low', 'of what was handed over no more is taken');
select throws_ok($$ select pg_temp.take(1, 'magic', 700) $$, 'PT422', 'pay_with_invalid', 'a part is paid in a way there is');
select throws_ok($$ select pg_temp.take(1, 'wallet', 700) $$, 'PT422', 'wallet_needs_customer', 'a wallet is somebody''s');
select is(pg_temp.swipe(1, null, '000000') ->> 'outcome', 'unknown', 'a wrong PIN opens nothing');
select is((select count(*) from platform.sign_in_failures f where f.subject = platform.token_hash('gift card address:till:' || (select till from it))), 1::bigint, 'and is counted for the till');
select is(pg_temp.says(pg_temp.swipe(1, 500, null, 'parts-card-1')), 'placed 1500 gift_card500', 'a gift card pays a part');
select is(pg_temp.says(pg_temp.swipe(1, 500, null, 'parts-card-1')), 'placed 1500 gift_card500', 'sent again it is the same part');
select is((select a.reserved from ledger.accounts a where a.kind = 'gift_card' and a.owner = (select id::text from card)), 500::bigint, 'kept on the card, so that nobody else spends it');
select is(pg_temp.says(pg_temp.take(1, 'cash', 300, 2000, 'parts-cash-1')), 'placed 1200 gift_card500,cash300', 'somebody pays a part in cash');
select is(pg_temp.says(pg_temp.take(1, 'cash', 300, 2000, 'parts-cash-1')), 'placed 1200 gift_card500,cash300', 'once');
select is((select x ->> 'change_cents' from jsonb_array_elements(shop.parts_of(pg_temp.sale(1))) x where x ->> 'way' = 'cash'), '1700', 'with change for the rest of their note');
select is(pg_temp.drawer(), 1000::bigint, 'nothing is booked before it is sold');
select is((api.drawer(pg_temp.lotus(), (select till from it)) ->> 'expected_cents')::bigint, 1300::bigint, 'but it lies in the drawer, and the drawer says so');
select throws_ok($$ select api.close_drawer(pg_temp.lotus(), (select till from it), 1300, 'parts-close-1') $$, 'PT409', 'drawer_has_parts', 'which is not counted while it does');
select is((select o.hold_expires_at from sales.orders o where o.id = pg_temp.sale(1)), 'infinity'::timestamptz, 'what was paid by hand does not run out by itself');
select throws_ok($$ select api.give_up_split(pg_temp.lotus(), pg_temp.sale(1)) $$, 'PT409', 'split_has_parts', 'nor is a sale given up while parts of it are taken');

-- Given back ----------------------------------------------------------------------------------------------------------
create temporary table gone as select pg_temp.part(1, 'cash') as cash;
select is(pg_temp.says(api.give_back_part(pg_temp.lotus(), (select cash from gone))), 'placed 1500 gift_card500', 'a part is given back');
select is(pg_temp.says(api.give_back_part(pg_temp.lotus(), (select cash from gone))), 'placed 1500 gift_card500', 'once');
select isnt((select o.hold_expires_at from sales.orders o where o.id = pg_temp.sale(1)), 'infinity'::timestamptz, 'and the sale has its time again');
select throws_ok($$ select api.give_back_part(pg_temp.lotus(), gen_random_uuid()) $$, 'PT404', 'part_not_found', 'a part is one that there is');
select is(pg_temp.says(pg_temp.take(1, 'terminal', 400)), 'placed 1100 gift_card500,terminal400', 'the card machine takes a part');
select pg_temp.become('cora');
select throws_ok($$ select api.cancel_order(pg_temp.lotus(), pg_temp.sale(1)) $$, 'PT404', 'order_not_found', 'what is at the till is the till''s');
select pg_temp.become('bar');

-- Sold ----------------------------------------------------------------------------------------------------------------
select is(pg_temp.says(pg_temp.take(1, 'cash', null, 5000)), 'paid 0 gift_card500,terminal400,cash1100', 'the part that covers the rest sells it, whatever was handed over');
select is((select x ->> 'change_cents' from jsonb_array_elements(shop.parts_of(pg_temp.sale(1))) x where x ->> 'way' = 'cash'), '3900', 'with its change');
select is(pg_temp.drawer(), 2100::bigint, 'the drawer holds the cash part, and only it');
select is(-pg_temp.balance('gift_card', (select id::text from card)), 2500::bigint, 'the card has its part less');
select is((select concat_ws(' ', v.on_hand, v.reserved) from shop.stock_levels v where v.location_id = pg_temp.spot()), '38 0', 'the goods are sold, once');
select throws_ok($$ select pg_temp.take(1, 'cash', 100) $$, 'PT409', 'order_paid', 'what is paid takes no more');
select throws_ok($$ select api.give_back_part(pg_temp.lotus(), pg_temp.part(1, 'cash')) $$, 'PT409', 'order_paid', 'and gives back as a refund');
select is(jsonb_array_length(api.receipt(pg_temp.lotus(), (select s.receipt_token from shop.till_sales s where s.order_id = pg_temp.sale(1))) -> 'parts'), 3, 'the receipt names each part');
select is_empty($$ select * from ledger.findings(pg_temp.lotus()) f where f.detail::text like '%' || pg_temp.sale(1) || '%' or f.finding ~ 'clearing|gift_card' $$, 'and the books agree');

-- Refunded ------------------------------------------------------------------------------------------------------------
select is((api.refund_order(pg_temp.lotus(), pg_temp.sale(1), jsonb_build_array(jsonb_build_object('line_id', (select l.id from sales.order_lines l where l.order_id = pg_temp.sale(1)), 'quantity', 1, 'stock', 'back')), 'one came back', 'parts-refund-1') ->> 'refund_cents')::int, 1000, 'half of it is given back');
select is(array(select p.provider || p.refunded_cents from payments.payments p where p.order_id = pg_temp.sale(1) and p.captured_cents > 0 order by p.provider), array['cash550', 'gift_card250', 'terminal200'], 'to each way its share');
select is(pg_temp.drawer(), 1550::bigint, 'in cash from the drawer');
select is(-pg_temp.balance('gift_card', (select id::text from card)), 2750::bigint, 'and onto the card');

-- The day's books -----------------------------------------------------------------------------------------------------
select pg_temp.become('boss');
create temporary table books as select api.day_close(b.id, (now() at time zone b.time_zone)::date) as a from business.businesses b where b.id = pg_temp.lotus();
create function pg_temp.in_books(part text, sign int, ways text[]) returns text[] language sql as $$
  select array_agg(x ->> 'name' order by x ->> 'name') from books cross join lateral jsonb_array_elements(a -> in_books.part) x where x ->> 'name' = any (ways) and sign * (x ->> 'orders_cents')::bigint > 0 and x ->> 'orders_cents' = x ->> 'ledger_cents';
$$;
select is(pg_temp.in_books('taken', 1, array['cash', 'gift_card', 'terminal']), array['cash', 'gift_card', 'terminal'], 'what each way brought in is the same from the orders and from the ledger, to the cent');
select is(pg_temp.in_books('given_back', -1, array['cash', 'gift_card', 'terminal']), array['cash', 'gift_card', 'terminal'], 'so is what went back to each');
select is(pg_temp.in_books('tax', 1, array['1000']), array['1000'], 'so is the tax');
select is((select a -> 'earned_orders_cents' from books), (select a -> 'earned_ledger_cents' from books), 'and what was earned');
select pg_temp.become('bar');

-- Given up, run out ---------------------------------------------------------------------------------------------------
select is(pg_temp.says(pg_temp.open(2)), 'placed 2000', 'another is opened');
select throws_ok($$ select api.mail_till_receipt(pg_temp.lotus(), pg_temp.sale(2), 'g@parts.test', 'en', 'parts-mail-1') $$, 'PT404', 'order_not_found', 'of what is not paid no receipt goes out');
select is(api.give_up_split(pg_temp.lotus(), pg_temp.sale(2)) ->> 'state', 'cancelled', 'and given up');
select is(api.give_up_split(pg_temp.lotus(), pg_temp.sale(2)) ->> 'state', 'cancelled', 'once');
select is((select reserved from shop.stock_levels where location_id = pg_temp.spot()), 0::bigint, 'its goods are free again');
select throws_ok($$ select api.sell_at_till(pg_temp.lotus(), (select till from it), pg_temp.sale(2), '[{"slug": "p-bag"}]', '{}', 'terminal') $$, 'PT409', 'split_over', 'and are sold under an id of their own');
select throws_ok($$ select pg_temp.take(2, 'cash', 100) $$, 'PT409', 'split_over', 'it takes no part any more');
select pg_temp.open(6, 1, pg_temp.cora());
select is((select x.name || x.due_cents from api.open_sales(pg_temp.lotus(), (select till from it)) x), 'Cora1000', 'who is known is listed by name');
select api.give_up_split(pg_temp.lotus(), pg_temp.sale(6));
select is_empty($$ select * from api.open_sales(pg_temp.lotus(), (select till from it)) $$, 'and what is given up is listed no more');
select pg_temp.open(3), pg_temp.swipe(3, 700);
update sales.orders set hold_expires_at = now() - interval '1 second' where id = pg_temp.sale(3);
select throws_ok($$ select pg_temp.take(3, 'cash', 100) $$, 'PT409', 'split_over', 'what ran out takes no part either');
select api.expire_holds();
select is((select a.reserved from ledger.accounts a where a.kind = 'gift_card' and a.owner = (select id::text from card)), 0::bigint, 'and the card has what it kept');

-- Wallet, code, reward ------------------------------------------------------------------------------------------------
select ledger.transfer(pg_temp.lotus(), 'test', 'parts-test-wallet', array[ledger.account(pg_temp.lotus(), 'EUR', 'wallet', pg_temp.cora()::text), ledger.account(pg_temp.lotus(), 'EUR', 'bank')], array[-600, 600]);
insert into sales.promotions (business_id, code, label, kind, percent, goods, starts_at, published, max_per_member) values (pg_temp.lotus(), 'PARTS10', '{"en": "Ten off"}', 'percent', 10, 'bar', now() - interval '1 day', true, 1);
insert into loyalty.rewards (id, business_id, name, kind, amount_cents, price_points, position, published) values ('93fffff3-0000-4000-8000-000000000001', pg_temp.lotus(), '{"en": "Five off"}', 'money', 500, 50, 99, true);
select loyalty.make_lot(loyalty.lock_standing(pg_temp.lotus(), pg_temp.cora()), loyalty.current(pg_temp.lotus()), 60, 'order:' || gen_random_uuid(), null, 'earned');
select is((select concat_ws(' ', a ->> 'total_cents', a -> 'promotion' ->> 'problem') from api.price_at_till(pg_temp.lotus(), (select till from it), '[{"slug": "p-bag"}]', '{"promo": "parts10"}') a), '1000 promotion_needs_customer', 'a code that is for each once needs to know who');
select is((select a -> 'promotion' ->> 'problem' from api.price_at_till(pg_temp.lotus(), (select till from it), '[{"slug": "p-bag"}]', '{"promo": "NOSUCH"}') a), 'promotion_not_found', 'one that there is not is said');
select is((select concat_ws(' ', a ->> 'total_cents', a -> 'loyalty' ->> 'balance', jsonb_array_length(a -> 'lines' -> 0 -> 'discounts')) from api.price_at_till(pg_temp.lotus(), (select till from it), '[{"slug": "p-bag", "quantity": 2}]', '{"promo": "parts10", "reward_id": "93fffff3-0000-4000-8000-000000000001"}', pg_temp.cora()) a), '1350 60 2', 'reward and code come off line by line, and the points are shown');
select throws_ok($$ select pg_temp.open(4, 2, null, '{"promo": "parts10"}') $$, 'PT409', 'promotion_needs_customer', 'what the till shows it also does');
select is(pg_temp.says(pg_temp.open(5, 2, pg_temp.cora(), '{"promo": "parts10", "reward_id": "93fffff3-0000-4000-8000-000000000001", "name": "Cora"}')), 'placed 1350', 'opened with a reward and a code');
select is(pg_temp.says(pg_temp.take(5, 'wallet')), 'placed 750 wallet600', 'a wallet pays as far as it goes');
select is(pg_temp.says(pg_temp.swipe(5)), 'paid 0 wallet600,gift_card750', 'a gift card the rest');
select is((select concat_ws(' ', d.state, loyalty.available(pg_temp.lotus(), pg_temp.cora()) - coalesce((select sum(t.points) from loyalty.lots t where t.order_id = pg_temp.sale(5)), 0)) from loyalty.redemptions d where d.order_id = pg_temp.sale(5)), 'spent 10', 'and the points are spent');
select is((select t.name from shop.tickets t where t.order_id = pg_temp.sale(5)), 'Cora', 'the board calls who said their name');
select is_empty($$ select * from ledger.findings(pg_temp.lotus()) f where f.detail::text ~ '8bfffff3' or f.finding ~ 'clearing|gift_card|points|promotion' $$, 'and the books agree');
select * from finish();
rollback;
