-- Card readers at the counter: who keeps them, who sends sales to them, what waits at one, and what is nobody else's.
begin;
select plan(72);

create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.elsewhere() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000002'::uuid $$;
create function pg_temp.spot() returns uuid language sql immutable as $$ select '2fffffff-0000-4000-8000-000000000042'::uuid $$;
create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who || '@reader.test'), 'role', 'authenticated')::text, true);
$$;
insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
select gen_random_uuid(), 'authenticated', 'authenticated', n || '@reader.test', now(), '{}', jsonb_build_object('full_name', initcap(n), 'locale', 'en') from unnest(array['bar', 'desk', 'boss', 'coach', 'cora', 'away']) n;
insert into business.staff (business_id, user_id, role) select case when x.who = 'away' then pg_temp.elsewhere() else pg_temp.lotus() end, u.id, x.role
from (values ('bar', 'barista'), ('desk', 'front_desk'), ('boss', 'manager'), ('coach', 'instructor'), ('away', 'owner')) x (who, role) join auth.users u on u.email = x.who || '@reader.test';

insert into business.locations (id, business_id, name) values (pg_temp.spot(), pg_temp.lotus(), 'Reader bar');
insert into shop.counters (location_id, business_id, hours, slot_minutes, slot_seconds, lead_minutes, position)
select pg_temp.spot(), pg_temp.lotus(), (select jsonb_agg(jsonb_build_object('day', d, 'opens', '00:00', 'closes', '24:00')) from generate_series(1, 7) d), 5, 600, 2, 99;
insert into shop.products (id, business_id, category_id, slug, kind, name, price_cents, tax_rate_bp, make_seconds, published)
select '8afffff0-0000-4000-8000-000000000042', pg_temp.lotus(), (select k.id from shop.categories k where k.business_id = pg_temp.lotus() limit 1), 'r-bag', 'retail', '{"en": "r-bag"}', 1150, 1000, 0, true;
insert into shop.stock_items (id, business_id, name, unit) values ('86fffff0-0000-4000-8000-000000000042', pg_temp.lotus(), '{"en": "Bags"}', 'piece');
insert into shop.recipe_lines (business_id, product_id, stock_item_id, quantity) values (pg_temp.lotus(), '8afffff0-0000-4000-8000-000000000042', '86fffff0-0000-4000-8000-000000000042', 1);
select shop.move_stock(pg_temp.lotus(), pg_temp.spot(), 'delivery', 'delivery:reader-test', array['86fffff0-0000-4000-8000-000000000042'::uuid], array[5::bigint]);
select pg_temp.become('boss');
create temporary table tills as select api.add_till(pg_temp.lotus(), pg_temp.spot(), 'Bar') as bar, api.add_till(pg_temp.lotus(), pg_temp.spot(), 'Terrace') as terrace;

-- Who keeps readers ---------------------------------------------------------------------------------------------------
select pg_temp.become('bar');
select throws_ok($$ select api.begin_reader(pg_temp.lotus(), pg_temp.spot(), 'Bar') $$, 'PT403', 'not_your_role', 'a barista registers no reader');
select pg_temp.become('away');
select throws_ok($$ select api.begin_reader(pg_temp.lotus(), pg_temp.spot(), 'Bar') $$, 'PT403', 'not_your_role', 'nor does the owner of another business');
select throws_ok($$ select api.begin_reader(pg_temp.elsewhere(), pg_temp.spot(), 'Bar') $$, 'PT404', 'location_not_found', 'a counter of another business is not there');
select pg_temp.become('boss');
select throws_ok($$ select api.begin_reader(pg_temp.lotus(), pg_temp.spot(), '  ') $$, 'PT422', 'reader_name_invalid', 'a reader has a name');
create temporary table it as select (api.begin_reader(pg_temp.lotus(), pg_temp.spot(), ' Bar ') ->> 'reader_id')::uuid as reader;
select is((select count(*) from api.readers(pg_temp.lotus()) r where r.location_id = pg_temp.spot()), 0::bigint, 'until the provider knows it, it is not there');
select throws_ok($$ select api.change_reader(pg_temp.lotus(), (select reader from it), 'Bar', '{}') $$, 'PT404', 'reader_not_found', 'nor can it be changed');
update it set reader = (api.begin_reader(pg_temp.lotus(), pg_temp.spot(), 'Bar') ->> 'reader_id')::uuid;
select is((select count(*) from shop.readers r where r.location_id = pg_temp.spot()), 1::bigint, 'a registration that came to nothing is begun anew under its name');
select api.attach_reader((select reader from it), 'tml_test42', 'tmr_test42', 'simulated_wisepos_e', 'simulated-wpe-42', true);
select throws_ok($$ select api.begin_reader(pg_temp.lotus(), pg_temp.spot(), 'Bar') $$, 'PT409', 'reader_exists', 'two readers of a counter have two names');
create temporary table twin as select (api.begin_reader(pg_temp.lotus(), pg_temp.spot(), 'Twin') ->> 'reader_id')::uuid as reader;
select throws_ok($$ select api.attach_reader((select reader from twin), 'tml_test42', 'tmr_test42', '', '', true) $$, 'PT409', 'reader_known', 'a reader is registered once, here or at another business');
select is(api.change_reader(pg_temp.lotus(), (select reader from it), 'Counter', array[(select bar from tills), (select terrace from tills)]), (select reader from it), 'tills of its counter use it');
select throws_ok($$ select api.change_reader(pg_temp.lotus(), (select reader from it), 'Counter', array[gen_random_uuid()]) $$, 'PT404', 'till_not_found', 'and no others');
select is((select string_agg(x ->> 'name', ' ' order by x ->> 'name') from api.readers(pg_temp.lotus()) r, jsonb_array_elements(r.tills) x where r.reader_id = (select reader from it) and (x ->> 'uses')::boolean), 'Bar Terrace', 'the list says which');
select is((select count(*) from audit.events e where e.about = 'reader:' || (select reader from it) and e.act = 'reader_saved'), 1::bigint, 'it is written down who changed it');

-- Who sends sales to them ---------------------------------------------------------------------------------------------
create function pg_temp.send(sale uuid, quantity int default 1, till uuid default null, expected bigint default null) returns jsonb language sql as $$
  select api.send_to_reader(pg_temp.lotus(), coalesce(till, (select bar from tills)), sale, jsonb_build_array(jsonb_build_object('slug', 'r-bag', 'quantity', quantity)), '{"name": " Ivan "}', null, expected);
$$;
create function pg_temp.shelf() returns text language sql as $$ select on_hand || ' ' || reserved from shop.stock_levels where location_id = pg_temp.spot() $$;
create function pg_temp.hear(sale uuid, event text, facts jsonb) returns text language sql as $$
  select api.receive_payment_event('stripe', event, 'test', now(), jsonb_build_object('kind', 'payment', 'payment_id', (select w.payment_id from shop.reader_sales w where w.order_id = sale), 'intent_ref', 'pi_' || sale) || facts, '{}') ->> 'outcome';
$$;
select pg_temp.become('cora');
select throws_ok($$ select pg_temp.send(gen_random_uuid()) $$, 'PT403', 'not_your_role', 'a member sends nothing to a reader');
select pg_temp.become('coach');
select throws_ok($$ select pg_temp.send(gen_random_uuid()) $$, 'PT403', 'not_your_role', 'nor does who only teaches');
select pg_temp.become('away');
select throws_ok($$ select api.send_to_reader(pg_temp.elsewhere(), (select bar from tills), gen_random_uuid(), '[{"slug": "r-bag"}]') $$, 'PT404', 'till_not_found', 'a till of another business is not there');
select pg_temp.become('bar');
select throws_ok($$ select pg_temp.send(gen_random_uuid(), expected => 1) $$, 'PT409', 'price_changed', 'what the device thinks it costs is compared, never obeyed');
create temporary table sent as select pg_temp.send('8cfffff0-0000-4000-8000-000000000001', 2) as a;
select is((select concat_ws(' ', a ->> 'phase', a ->> 'total_cents', a ->> 'tries', a -> 'reader' ->> 'name') from sent), 'waiting 2300 1 Counter', 'a sale waits at the reader');
select is(pg_temp.shelf(), '5 2', 'and what it buys is held');
select is(pg_temp.send('8cfffff0-0000-4000-8000-000000000001', 2), (select a from sent), 'sent again it is the same sale');
select is((select count(*) from payments.payments p where p.order_id = '8cfffff0-0000-4000-8000-000000000001'), 1::bigint, 'and one payment');
select is((select x.way || ' ' || x.due_cents || ' ' || x.name from api.open_sales(pg_temp.lotus(), (select bar from tills)) x), 'reader 2300 Ivan', 'the till lists it as not paid yet, under the name to call');
select throws_ok($$ select pg_temp.send('8cfffff0-0000-4000-8000-000000000001', 1) $$, 'PT422', 'idempotency_key_reused', 'another sale has an id of its own');
select throws_ok($$ select pg_temp.send(gen_random_uuid(), till => (select terrace from tills)) $$, 'PT409', 'reader_busy', 'a reader waits for one card at a time');
select is(api.till_reader(pg_temp.lotus(), (select terrace from tills)) -> 'busy_with' ->> 'till_name', 'Bar', 'and says for which till');
select pg_temp.become('boss');
select throws_ok($$ select api.remove_reader(pg_temp.lotus(), (select reader from it)) $$, 'PT409', 'reader_busy', 'it is not removed meanwhile');

-- What becomes of it --------------------------------------------------------------------------------------------------
select pg_temp.become('desk');
select is(pg_temp.hear('8cfffff0-0000-4000-8000-000000000001', 'reader-42-1', '{"state": "failed", "failure_code": "insufficient_funds", "failure_ref": "ch_1"}'), 'failed', 'a card is declined');
select is((select concat_ws(' ', x ->> 'phase', x ->> 'failure_code') from api.reader_sale(pg_temp.lotus(), '8cfffff0-0000-4000-8000-000000000001') x), 'declined insufficient_funds', 'the sale says why');
select is(api.ask_reader_again(pg_temp.lotus(), '8cfffff0-0000-4000-8000-000000000001') ->> 'tries', '2', 'the front desk has it asked for once more');
select is(pg_temp.hear('8cfffff0-0000-4000-8000-000000000001', 'reader-42-late', '{"state": "failed", "failure_code": "insufficient_funds", "failure_ref": "ch_1"}'), 'stale', 'the same news, told late by somebody else, is about the first card');
select is((select x ->> 'phase' from api.reader_sale(pg_temp.lotus(), '8cfffff0-0000-4000-8000-000000000001') x), 'waiting', 'and the reader still waits');
select is(pg_temp.hear('8cfffff0-0000-4000-8000-000000000001', 'reader-42-second', '{"state": "failed", "failure_code": "expired_card", "failure_ref": "ch_2"}'), 'failed', 'the second is declined as well');
select is(api.ask_reader_again(pg_temp.lotus(), '8cfffff0-0000-4000-8000-000000000001') ->> 'tries', '3', 'and a third may be tried');
select is(pg_temp.hear('8cfffff0-0000-4000-8000-000000000001', 'reader-42-2', '{"state": "captured", "amount_cents": 2300, "currency": "EUR"}'), 'settled', 'another card pays');
select is(pg_temp.hear('8cfffff0-0000-4000-8000-000000000001', 'reader-42-2', '{"state": "captured", "amount_cents": 2300, "currency": "EUR"}'), 'duplicate', 'once, however often it is told');
select is(pg_temp.shelf(), '3 0', 'and the shelf has two fewer');
select is((select t.name from shop.tickets t where t.order_id = '8cfffff0-0000-4000-8000-000000000001'), 'Ivan', 'the board calls who said their name');
select throws_ok($$ select api.cancel_reader_sale(pg_temp.lotus(), '8cfffff0-0000-4000-8000-000000000001') $$, 'PT409', 'order_paid', 'what is paid is not called off');
select is((select a.balance > 0 from ledger.accounts a where a.business_id = pg_temp.lotus() and a.kind = 'clearing' and a.owner = 'stripe' and a.unit = 'EUR'), true, 'the money is with the provider, as of any card');

select is(pg_temp.send('8cfffff0-0000-4000-8000-000000000002', 3, (select terrace from tills)) ->> 'phase', 'waiting', 'the reader is free for the next');
select is((select concat_ws(' ', x ->> 'phase', pg_temp.shelf()) from api.cancel_reader_sale(pg_temp.lotus(), '8cfffff0-0000-4000-8000-000000000002') x), 'cancelled 3 0', 'called off, what it held is free at once');
create function pg_temp.sell_again(sale uuid) returns jsonb language sql as $$ select api.sell_at_till(pg_temp.lotus(), (select terrace from tills), sale, '[{"slug": "r-bag"}]', '{}', 'terminal') $$;
create function pg_temp.split_again(sale uuid) returns jsonb language sql as $$ select api.open_split(pg_temp.lotus(), (select terrace from tills), sale, '[{"slug": "r-bag"}]') $$;
select throws_ok($$ select pg_temp.sell_again('8cfffff0-0000-4000-8000-000000000002') $$, 'PT409', 'split_over', 'what was called off is not sold under its old id');
select throws_ok($$ select pg_temp.split_again('8cfffff0-0000-4000-8000-000000000002') $$, 'PT409', 'split_over', 'nor opened to be paid in parts');
select pg_temp.send('8cfffff0-0000-4000-8000-000000000003', 1, (select terrace from tills));
select throws_ok($$ select pg_temp.sell_again('8cfffff0-0000-4000-8000-000000000003') $$, 'PT409', 'sale_at_reader', 'what waits at the reader is not sold beside it');
select throws_ok($$ select pg_temp.split_again('8cfffff0-0000-4000-8000-000000000003') $$, 'PT409', 'sale_at_reader', 'nor paid in parts beside it');
select is(pg_temp.hear('8cfffff0-0000-4000-8000-000000000002', 'reader-42-3', '{"state": "captured", "amount_cents": 3450, "currency": "EUR"}'), 'paid_too_late', 'a card that pays a moment later buys nothing');
select is((select r.reason || ' ' || r.amount_cents from payments.refunds r where r.order_id = '8cfffff0-0000-4000-8000-000000000002'), 'paid_too_late 3450', 'and its money goes back');

-- A part of a sale ----------------------------------------------------------------------------------------------------
create function pg_temp.split(n int) returns uuid language sql immutable as $$ select ('8cfffff0-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
create function pg_temp.ask(sale int, part int, cents bigint default null) returns text language sql as $$
  select concat_ws(' ', a ->> 'phase', a ->> 'total_cents', a ->> 'split_id' = pg_temp.split(sale)::text) from api.send_part_to_reader(pg_temp.lotus(), pg_temp.split(sale), pg_temp.split(part), cents) a;
$$;
create function pg_temp.stand(n int) returns text language sql as $$
  select concat_ws(' ', a ->> 'state', a ->> 'due_cents', (select string_agg((x ->> 'way') || (x ->> 'amount_cents'), ',') from jsonb_array_elements(a -> 'parts') x), case when a -> 'at_reader' <> 'null' then 'at reader ' || (a -> 'at_reader' ->> 'amount_cents') end) from api.split(pg_temp.lotus(), pg_temp.split(n)) a;
$$;
create function pg_temp.hear_part(part int, state text, cents bigint, event text default gen_random_uuid()::text) returns text language sql as $$
  select api.receive_payment_event('stripe', event, 'test', now(), jsonb_build_object('kind', 'payment', 'payment_id', pg_temp.split(part), 'intent_ref', 'pi_part_' || part, 'state', state, 'amount_cents', cents, 'currency', 'EUR', 'failure_code', 'card_declined'), '{}') ->> 'outcome';
$$;
create function pg_temp.machine(n int, cents bigint) returns text language sql as $$ select concat_ws(' ', a ->> 'state', a ->> 'due_cents') from api.take_part(pg_temp.lotus(), pg_temp.split(n), 'terminal', gen_random_uuid()::text, cents) a $$;
select api.cancel_reader_sale(pg_temp.lotus(), '8cfffff0-0000-4000-8000-000000000003');
select api.open_split(pg_temp.lotus(), (select terrace from tills), pg_temp.split(50), '[{"slug": "r-bag", "quantity": 2}]', '{"name": "Pia"}');
select throws_ok($$ select pg_temp.ask(50, 51, 2301) $$, 'PT409', 'part_above_due', 'no card is asked for more than is due');
select is(pg_temp.ask(50, 51, 1000), 'waiting 1000 t', 'a card is asked for a part of a sale');
select is(pg_temp.ask(50, 51, 1000), 'waiting 1000 t', 'sent again it is the same part');
select throws_ok($$ select pg_temp.ask(50, 51, 900) $$, 'PT422', 'idempotency_key_reused', 'another amount is another part');
select is(pg_temp.stand(50), 'placed 2300 at reader 1000', 'while it waits all is still due');
select throws_ok($$ select pg_temp.machine(50, 100) $$, 'PT409', 'split_at_reader', 'and nobody pays another part beside it');
select throws_ok($$ select pg_temp.ask(50, 52, 100) $$, 'PT409', 'split_at_reader', 'nor is another card asked');
select throws_ok($$ select api.give_up_split(pg_temp.lotus(), pg_temp.split(50)) $$, 'PT409', 'split_at_reader', 'nor is the sale given up');
select throws_ok($$ select pg_temp.send(gen_random_uuid()) $$, 'PT409', 'reader_busy', 'the reader is taken for other sales too');
select is(pg_temp.hear_part(51, 'failed', 1000), 'failed', 'the card is declined');
select is(pg_temp.stand(50), 'placed 2300', 'and the sale is as it was');
select is(pg_temp.machine(50, 1500), 'placed 800', 'somebody pays in another way meanwhile');
select throws_ok($$ select api.ask_reader_again(pg_temp.lotus(), pg_temp.split(51)) $$, 'PT409', 'part_above_due', 'then the card is not asked again for more than is left');
select is(api.cancel_reader_sale(pg_temp.lotus(), pg_temp.split(51)) ->> 'phase', 'cancelled', 'it is called off');
select is(pg_temp.stand(50), 'placed 800 terminal1500', 'which leaves the sale as it was');
select pg_temp.ask(50, 53, 300);
select is(pg_temp.hear_part(53, 'captured', 300, 'reader-42-part'), 'part_taken', 'a card pays its part');
select is(pg_temp.hear_part(53, 'captured', 300), 'stale', 'told of once more it is the same part');
select is(pg_temp.stand(50), 'placed 500 terminal1500,reader300', 'the sale has it');
select is(pg_temp.hear_part(51, 'captured', 1000), 'paid_too_late', 'a card that was called off and paid all the same buys nothing');
select is((select string_agg(r.reason || r.amount_cents, ' ') from payments.refunds r where r.order_id = pg_temp.split(50)), 'paid_too_late1000', 'its money goes back');
-- Given back, it goes back to the card by itself.
select is((select a ->> 'due_cents' from api.give_back_part(pg_temp.lotus(), pg_temp.split(53)) a), '800', 'a part that a card paid is given back');
select is((select string_agg(r.reason || r.amount_cents, ' ' order by r.amount_cents) from payments.refunds r where r.order_id = pg_temp.split(50)), 'staff300 paid_too_late1000', 'through the provider');
select pg_temp.ask(50, 54);
select is(pg_temp.hear_part(54, 'captured', 800), 'settled', 'the card that covers the rest sells it');
select is((select concat_ws(' ', pg_temp.stand(50), t.name, o.total_cents) from sales.orders o join shop.tickets t on t.order_id = o.id where o.id = pg_temp.split(50)), 'paid 0 terminal1500,reader800 Pia 2300', 'with all its parts, and the board calls who said their name');
select is((select count(*) from ledger.findings(pg_temp.lotus()) f), 0::bigint, 'the books agree');

select * from finish();
rollback;
