-- The board: steps, ways back, lines that are done, refusals with money and stock, who may. A counter and products of this test's own, open at any hour.
begin;
select plan(72);

create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.spot() returns uuid language sql immutable as $$ select '2fffffff-0000-4000-8000-000000000033'::uuid $$;
create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who || '@board.test'), 'role', 'authenticated')::text, true);
$$;
insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
select gen_random_uuid(), 'authenticated', 'authenticated', n || '@board.test', now(), '{}', jsonb_build_object('full_name', initcap(n), 'locale', 'en') from unnest(array['al', 'bea', 'barista', 'desk', 'teacher', 'elsewhere']) n;
select pg_temp.become(n), api.become_member(pg_temp.lotus()) from unnest(array['al', 'bea', 'barista', 'desk']) n;
insert into business.staff (business_id, user_id, role) select case split_part(u.email::text, '@', 1) when 'elsewhere' then '10000000-0000-4000-8000-000000000002' else pg_temp.lotus() end, u.id, case split_part(u.email::text, '@', 1) when 'desk' then 'front_desk' when 'teacher' then 'instructor' else 'barista' end
from auth.users u where u.email like any (array['barista@board.test', 'desk@board.test', 'teacher@board.test', 'elsewhere@board.test']);

insert into business.locations (id, business_id, name) values (pg_temp.spot(), pg_temp.lotus(), 'Test bar');
insert into shop.counters (location_id, business_id, hours, slot_minutes, slot_seconds, lead_minutes, days_ahead, position)
select pg_temp.spot(), pg_temp.lotus(), (select jsonb_agg(jsonb_build_object('day', d, 'opens', '00:00', 'closes', '24:00')) from generate_series(1, 7) d), 5, 3000, 0, 7, 99;
create temporary table it as select gen_random_uuid() as flat, gen_random_uuid() as toast, gen_random_uuid() as beans;
insert into shop.products (id, business_id, category_id, slug, name, price_cents, tax_rate_bp, make_seconds, allergens, published)
select x.id, pg_temp.lotus(), (select id from shop.categories where business_id = pg_temp.lotus() limit 1), 'b-' || x.slug, jsonb_build_object('en', x.slug), x.price, 1000, 60, x.a, true from it cross join lateral (values (flat, 'flat', 310, '{milk}'::text[]), (toast, 'toast', 380, '{gluten}')) x (id, slug, price, a);
insert into shop.stock_items (id, business_id, name, unit, unit_cost) select beans, pg_temp.lotus(), '{"en": "beans"}', 'g', 1.5 from it;
insert into shop.recipe_lines (business_id, product_id, stock_item_id, quantity) select pg_temp.lotus(), flat, beans, 18 from it;
select shop.move_stock(pg_temp.lotus(), pg_temp.spot(), 'delivery', 'delivery:board-test', array[beans], array[1000::bigint]) from it;
insert into shop.modifier_groups (id, business_id, name, min_choices, max_choices) values ('84ffffff-0000-4000-8000-000000000033', pg_temp.lotus(), '{"en": "Milk"}', 1, 1), ('84ffffff-0000-4000-8000-000000000034', pg_temp.lotus(), '{"en": "On top"}', 0, 1);
insert into shop.modifiers (id, business_id, group_id, name, is_default) values
  ('85ffffff-0000-4000-8000-000000000031', pg_temp.lotus(), '84ffffff-0000-4000-8000-000000000033', '{"en": "Whole"}', true),
  ('85ffffff-0000-4000-8000-000000000032', pg_temp.lotus(), '84ffffff-0000-4000-8000-000000000033', '{"en": "Oat"}', false),
  ('85ffffff-0000-4000-8000-000000000033', pg_temp.lotus(), '84ffffff-0000-4000-8000-000000000034', '{"en": "Cocoa"}', true);
insert into shop.product_modifier_groups (business_id, product_id, group_id) select pg_temp.lotus(), flat, g from it, unnest(array['84ffffff-0000-4000-8000-000000000033', '84ffffff-0000-4000-8000-000000000034']::uuid[]) g;

create temporary table t (tag text primary key, id uuid, order_id uuid);
create function pg_temp.order_(tag text, lines text default '[{"slug": "b-flat"}]', who text default 'al', facts text default '{}') returns void language plpgsql as $$
declare
  o jsonb;
  x record;
begin
  perform pg_temp.become(who);
  o := api.order_products(pg_temp.lotus(), gen_random_uuid()::text, lines::jsonb, facts::jsonb || jsonb_build_object('location_id', pg_temp.spot()));
  select * into x from api.begin_payment(pg_temp.lotus(), (o ->> 'order_id')::uuid);
  perform api.receive_payment_event('stripe', 'ev-' || x.payment_id, 'test', now(), jsonb_build_object('kind', 'payment', 'payment_id', x.payment_id, 'intent_ref', 'pi_' || x.payment_id, 'state', 'captured', 'amount_cents', x.amount_cents, 'currency', 'EUR'), '{}');
  insert into t select order_.tag, y.id, y.order_id from shop.tickets y where y.order_id = (o ->> 'order_id')::uuid;
  perform pg_temp.become('barista');
end $$;
create function pg_temp.go(tag text, from_state text, to_state text, act uuid default gen_random_uuid()) returns text language sql as $$
  select api.advance_tickets(pg_temp.lotus(), jsonb_build_array(jsonb_build_object('id', act, 'ticket_id', (select x.id from t x where x.tag = go.tag), 'from', from_state, 'to', to_state))) -> 0 ->> 'outcome';
$$;
create function pg_temp.mark(tag text, positions int[], made boolean default true, act uuid default gen_random_uuid()) returns text language sql as $$
  select api.advance_tickets(pg_temp.lotus(), jsonb_build_array(jsonb_build_object('id', act, 'ticket_id', x.id, 'line_ids', (select jsonb_agg(l.id) from sales.order_lines l where l.order_id = x.order_id and l.position = any (positions)), 'made', made))) -> 0 ->> 'outcome' from t x where x.tag = mark.tag;
$$;
create function pg_temp.stands(tag text) returns text language sql as $$ select y.state from shop.tickets y join t x on x.id = y.id where x.tag = stands.tag $$;
create function pg_temp.orders(tag text) returns text language sql as $$ select o.state from sales.orders o join t x on x.order_id = o.id where x.tag = orders.tag $$;
create function pg_temp.card(tag text) returns jsonb language sql as $$ select c from t x cross join lateral jsonb_array_elements(api.board(pg_temp.lotus(), pg_temp.spot()) -> 'tickets') c where x.tag = card.tag and c ->> 'ticket_id' = x.id::text $$;
create function pg_temp.on_hand() returns bigint language sql as $$ select v.on_hand from shop.stock_levels v, it where v.stock_item_id = it.beans and v.location_id = pg_temp.spot() $$;

-- What stands on it -------------------------------------------------------------------------------------------------------
select pg_temp.order_('one', '[{"slug": "b-flat", "quantity": 2, "note": "hot", "modifier_ids": ["85ffffff-0000-4000-8000-000000000032"]}, {"slug": "b-toast"}]', 'al', '{"serving": "eat_in", "table_label": "7", "note": "by the window"}');
select is(pg_temp.card('one') ->> 'state', 'placed', 'a paid order stands on the board of its counter');
select is(pg_temp.card('one') ->> 'name' || ' ' || (pg_temp.card('one') ->> 'table_label') || ' ' || (pg_temp.card('one') ->> 'note'), 'Al 7 by the window', 'with whom it is for, the table and what they said');
select is(pg_temp.card('one') #>> '{lines,0,quantity}' || (pg_temp.card('one') #>> '{lines,0,note}') || (pg_temp.card('one') #>> '{lines,0,modifiers,0,usual}'), '2hotfalse', 'each line with how many, what was asked, and that oat is not the usual');
select is(pg_temp.card('one') #>> '{lines,0,without,0,en}', 'Cocoa', 'what was left out of the usual is said');
select is(pg_temp.card('one') #>> '{lines,0,allergens,0}', 'milk', 'and what people are allergic to');
update shop.modifiers set allergens = '{milk}' where id = '85ffffff-0000-4000-8000-000000000031';
update shop.modifiers set allergens = '{gluten}' where id = '85ffffff-0000-4000-8000-000000000032';
select is(pg_temp.card('one') #> '{lines,0,allergens}', '["gluten", "milk"]', 'with what the chosen option brings in: the oat of oat milk');
update shop.products p set replaceable_allergens = '{milk}' from it where p.id = it.flat;
select is(pg_temp.card('one') #> '{lines,0,allergens}', '["gluten"]', 'and without the milk it took the place of, where that was all the milk in it');
update shop.modifiers set is_default = false where id = '85ffffff-0000-4000-8000-000000000031';
select is(pg_temp.card('one') #> '{lines,0,allergens}', '["gluten", "milk"]', 'what no usual option brought in is not taken out by another');
update shop.modifiers set is_default = true where id = '85ffffff-0000-4000-8000-000000000031';
select pg_temp.order_('usual');
select is(pg_temp.card('usual') #> '{lines,0,allergens}', '["milk"]', 'as it usually comes it has its milk');
update sales.order_lines l set modifier_ids = '{}', modifiers = '[]' from t where t.tag = 'usual' and l.order_id = t.order_id;
select is(pg_temp.card('usual') #> '{lines,0,allergens}', '["milk"]', 'and where nobody said which milk, as an outside till tells it');
select throws_ok($$ update shop.products p set replaceable_allergens = '{nuts}' from it where p.id = it.flat $$, '23514', null, 'what is not in it is not replaced');
select ok(exists (select from realtime.messages m where m.topic = 'board:' || pg_temp.spot() and m.event = 'ticket_changed' and m.payload ->> 'ticket_id' = (select id::text from t where tag = 'one') and m.payload #>> '{lines,0,quantity}' = '2'), 'the screens are told the whole ticket');
select ok((api.board(pg_temp.lotus(), pg_temp.spot()) -> 'products') @> jsonb_build_array(jsonb_build_object('product_id', (select flat from it), 'sold_out', false)), 'the board knows what can be sold out');
create function pg_temp.options_there() returns int language sql as $$ select count(*)::int from jsonb_array_elements(api.board(pg_temp.lotus(), pg_temp.spot()) -> 'modifiers') m where m ->> 'modifier_id' like '85ffffff-0000-4000-8000-00000000003_' $$;
select is(pg_temp.options_there(), 3, 'and with which options');
insert into shop.not_offered (business_id, location_id, product_id) select pg_temp.lotus(), pg_temp.spot(), flat from it;
select is(pg_temp.options_there(), 0, 'of what its counter offers, and of nothing else');
delete from shop.not_offered where location_id = pg_temp.spot();

-- Forward and back --------------------------------------------------------------------------------------------------------
select is(pg_temp.go('one', 'placed', 'accepted'), 'applied', 'a barista accepts');
select is(pg_temp.go('one', 'placed', 'accepted'), 'ticket_moved', 'another who saw it placed is told that it has moved');
select is(pg_temp.go('one', 'accepted', 'making', '33333333-0000-4000-8000-000000000001'), 'applied', 'it is being made');
select is(pg_temp.go('one', 'accepted', 'making', '33333333-0000-4000-8000-000000000001'), 'known', 'the same tap sent twice counts once');
select is(pg_temp.go('one', 'accepted', 'ready', '33333333-0000-4000-8000-000000000001'), 'act_reused', 'and is not another tap');
select is((select count(*)::int from shop.ticket_steps s join t on t.id = s.ticket_id where t.tag = 'one'), 3, 'each step is one row');
select is(pg_temp.go('one', 'making', 'accepted'), 'applied', 'the last step can be taken back');
select is((select count(*)::int from shop.ticket_steps s join t on t.id = s.ticket_id where t.tag = 'one'), 4, 'and is a row too');
select is(pg_temp.go('one', 'accepted', 'placed'), 'step_not_allowed', 'not by a way it did not come');
select is(pg_temp.go('one', 'accepted', 'ready'), 'applied', 'forward it may skip');
select is((select count(*)::int from messages.notifications n where n.kind = 'order_ready' and n.cause = (select id::text from t where tag = 'one')), 1, 'the buyer is told that it is ready');
select isnt((select ready_at from shop.tickets y join t on t.id = y.id where tag = 'one'), null, 'and since when');
select is(pg_temp.go('one', 'ready', 'accepted') || pg_temp.go('one', 'accepted', 'making') || pg_temp.go('one', 'making', 'ready'), 'appliedappliedapplied', 'not ready after all, then ready again');
select is((select count(*)::int from messages.emails e where e.template = 'order_ready' and e.cause = (select id::text from t where tag = 'one')), 1, 'and still told once');
select is(pg_temp.go('one', 'ready', 'collected') || ' ' || pg_temp.orders('one'), 'applied closed', 'handed over: the order is closed');
select ok(pg_temp.card('one') is not null, 'what has just gone is still seen');
select is(pg_temp.go('one', 'collected', 'ready') || ' ' || pg_temp.orders('one'), 'applied paid', 'that too can be taken back');
update shop.ticket_steps s set at = now() - interval '11 minutes' from t where t.id = s.ticket_id and t.tag = 'one';
select is(pg_temp.go('one', 'ready', 'collected'), 'applied', 'after a while');
update shop.ticket_steps s set at = now() - interval '11 minutes' from t where t.id = s.ticket_id and t.tag = 'one';
select is(pg_temp.go('one', 'collected', 'ready'), 'undo_too_late', 'it is too late to take a step back');
update shop.tickets y set closed_at = now() - interval '16 minutes' from t where t.id = y.id and tag = 'one';
select ok(pg_temp.card('one') is null, 'after a quarter of an hour it is gone from the board');
select throws_ok($$ select api.advance_tickets(pg_temp.lotus(), '[{"id": "nonsense"}]') $$, 'PT422', 'acts_invalid', 'what cannot be read is refused');
select throws_ok($$ select api.advance_tickets(pg_temp.lotus(), '[]') $$, 'PT422', 'acts_invalid', 'and nothing is nothing');

-- Lines in batches ----------------------------------------------------------------------------------------------------------
select pg_temp.order_('two', '[{"slug": "b-flat"}, {"slug": "b-toast"}]');
select is(pg_temp.mark('two', '{1}') || ' ' || pg_temp.stands('two'), 'applied making', 'with its first drink done a ticket is being made');
select is(pg_temp.mark('two', '{1}'), 'known', 'who marks it too has seen it done');
select is(pg_temp.mark('two', '{1}', false) || pg_temp.mark('two', '{1}') || ' ' || pg_temp.stands('two'), 'appliedapplied making', 'not done after all, and done');
select is(pg_temp.mark('two', '{1,2}') || ' ' || pg_temp.stands('two'), 'applied ready', 'with the last one it is ready');
select is(pg_temp.mark('two', '{2}', false) || ' ' || pg_temp.stands('two'), 'applied making', 'and no longer when one is taken back');

-- Pieces that were taken back -----------------------------------------------------------------------------------------------
select pg_temp.order_('some', '[{"slug": "b-flat", "quantity": 2}, {"slug": "b-toast"}]');
create function pg_temp.take_back(cents bigint default null) returns jsonb language sql as $$
  select api.refund_order(pg_temp.lotus(), t.order_id, jsonb_build_array(jsonb_build_object('line_id', l.id, 'quantity', 1, 'cents', take_back.cents, 'stock', 'back')), 'changed their mind', gen_random_uuid()::text) from t join sales.order_lines l on l.order_id = t.order_id and l.position = 1 where t.tag = 'some';
$$;
create function pg_temp.left_to_make() returns text language sql as $$ select concat_ws(' ', c #>> '{lines,0,quantity}', c #>> '{lines,0,gone}', c #>> '{lines,1,quantity}') from pg_temp.card('some') c $$;
select pg_temp.take_back();
select is(pg_temp.left_to_make(), '1 false 1', 'of two of which one was taken back one is left to make');
select is((select max(m.payload #>> '{lines,0,quantity}') from realtime.messages m join t on t.tag = 'some' where m.topic = 'board:' || pg_temp.spot() and m.payload ->> 'ticket_id' = t.id::text and m.payload ->> 'version' = pg_temp.card('some') ->> 'version'), '1', 'the screens are told so');
select pg_temp.take_back(0);
select is(pg_temp.left_to_make(), '2 true 1', 'with the last one the line is gone, whatever money went back for it');
select is(pg_temp.mark('some', '{2}') || ' ' || pg_temp.stands('some'), 'applied ready', 'and nobody waits for it');

-- Refusing ----------------------------------------------------------------------------------------------------------------
select pg_temp.order_('three', '[{"slug": "b-flat", "quantity": 2}]', 'bea', '{"tip": {"cents": 50}}');
create temporary table before_refusal as select pg_temp.on_hand() as level, (select sum(s.seconds)::int from shop.slot_takings s join t on t.order_id = s.order_id where tag = 'three') as takings;
select is((select takings from before_refusal), 120, 'an order holds the baristas'' time');
select throws_ok($$ select api.refuse_ticket(pg_temp.lotus(), (select id from t where tag = 'three'), gen_random_uuid(), '  ') $$, 'PT422', 'reason_invalid', 'who refuses says why');
select is(api.refuse_ticket(pg_temp.lotus(), (select id from t where tag = 'three'), '33333333-0000-4000-8000-000000000003', 'No oat milk left', 'back') ->> 'refund_cents', '670', 'all that was paid for it goes back, with the tip');
select is(pg_temp.stands('three') || ' ' || (pg_temp.card('three') ->> 'why') || ' ' || pg_temp.orders('three'), 'refused No oat milk left closed', 'the board says so, and why');
select is(pg_temp.on_hand() - (select level from before_refusal), 36::bigint, 'what it had taken from stock is back');
select is((select count(*)::int from shop.slot_takings s join t on t.order_id = s.order_id where tag = 'three'), 0, 'and the time is free for others');
select is((select r.reason || r.amount_cents from payments.refunds r join t on t.order_id = r.order_id where tag = 'three'), 'staff670', 'one refund, of the whole');
select is(api.refuse_ticket(pg_temp.lotus(), (select id from t where tag = 'three'), '33333333-0000-4000-8000-000000000003', 'No oat milk left', 'back') ->> 'outcome', 'known', 'sent twice it is refused once');
select throws_ok($$ select api.refuse_ticket(pg_temp.lotus(), (select id from t where tag = 'three'), gen_random_uuid(), 'Again') $$, 'PT409', 'ticket_moved', 'and not refused again');
select is((select n.data ->> 'reason' from messages.notifications n where n.kind = 'order_refused' and n.cause = (select id::text from t where tag = 'three')), 'No oat milk left', 'the buyer reads why');
select is(pg_temp.go('three', 'refused', 'placed'), 'step_not_allowed', 'a refusal is not taken back: the money is gone');
select pg_temp.order_('four');
create temporary table before_waste as select pg_temp.on_hand() as level;
select is(api.refuse_ticket(pg_temp.lotus(), (select id from t where tag = 'four'), gen_random_uuid(), 'Spilled', 'waste') ->> 'outcome' || (pg_temp.on_hand() - (select level from before_waste)), 'applied0', 'what was used up does not come back');
select is((select sum(m.quantity)::int from shop.stock_movements m, it where m.stock_item_id = it.beans and m.kind = 'waste'), -18, 'it is waste, not a sale');
select pg_temp.order_('five');
select is(pg_temp.go('five', 'placed', 'ready'), 'applied', 'ready');
select throws_ok($$ select api.refuse_ticket(pg_temp.lotus(), (select id from t where tag = 'five'), gen_random_uuid(), 'Too late') $$, 'PT409', 'ticket_moved', 'what is ready is not refused');

-- The buyer's way out -----------------------------------------------------------------------------------------------------
select pg_temp.order_('six');
select pg_temp.become('bea');
select throws_ok($$ select api.cancel_ticket(pg_temp.lotus(), (select id from t where tag = 'six'), gen_random_uuid()) $$, 'PT404', 'order_not_found', 'nobody cancels somebody else''s order');
select pg_temp.become('al');
select is(api.cancel_ticket(pg_temp.lotus(), (select id from t where tag = 'six'), gen_random_uuid()) ->> 'refund_cents', '310', 'the buyer cancels what nobody has begun with, and gets it back');
select throws_ok($$ select api.cancel_ticket(pg_temp.lotus(), (select id from t where tag = 'five'), gen_random_uuid()) $$, 'PT409', 'order_being_made', 'not what is being made');

-- Who may -----------------------------------------------------------------------------------------------------------------
select throws_ok($$ select api.board(pg_temp.lotus(), pg_temp.spot()) $$, 'PT403', 'not_your_role', 'a member does not look behind the bar');
select pg_temp.become('elsewhere');
select throws_ok($$ select api.advance_tickets(pg_temp.lotus(), jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'ticket_id', (select id from t where tag = 'five'), 'from', 'ready', 'to', 'collected'))) $$, 'PT403', 'not_your_role', 'nor does a barista of another business');
select pg_temp.become('desk');
select is(pg_temp.go('two', 'making', 'ready') || ' ' || pg_temp.go('five', 'ready', 'collected'), 'not_your_role applied', 'the front desk makes nothing, and hands over');
select throws_ok($$ select api.refuse_ticket(pg_temp.lotus(), (select id from t where tag = 'two'), gen_random_uuid(), 'Never') $$, 'PT403', 'not_your_role', 'nor does it refuse');

-- How much is taken in ------------------------------------------------------------------------------------------------------
select pg_temp.become('barista');
select api.set_sold_out(pg_temp.lotus(), pg_temp.spot(), true, (select flat from it));
select throws_ok($$ select pg_temp.order_('none') $$, 'PT409', 'product_sold_out', 'sold out today: one tap, and nobody orders it any more');
select pg_temp.become('barista');
select api.set_sold_out(pg_temp.lotus(), pg_temp.spot(), false, (select flat from it)), api.set_counter(pg_temp.lotus(), pg_temp.spot(), 45, false);
select throws_ok($$ select pg_temp.order_('none') $$, 'PT409', 'counter_closed', 'no orders are taken until they are taken again');
select pg_temp.become('barista');
select api.set_counter(pg_temp.lotus(), pg_temp.spot(), null, true);
select pg_temp.order_('seven');
select ok((pg_temp.card('seven') ->> 'ready_by')::timestamptz >= now() + interval '44 minutes', 'while it is busy every promise is later');
select is((select count(*)::int from ledger.findings(pg_temp.lotus())), 0, 'the books agree');
select * from finish();
rollback;
