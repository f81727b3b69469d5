-- Ordering from the bar: what may be ordered, what it costs, when it is ready, what it holds and gives back. A counter and products of this test's own, open at any hour.
begin;
select plan(81);

create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.spot() returns uuid language sql immutable as $$ select '2fffffff-0000-4000-8000-000000000030'::uuid $$;
create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who || '@bar.test'), 'role', 'authenticated')::text, true);
$$;
create function pg_temp.me(who text) returns uuid language sql as $$ select m.id from members.members m join auth.users u on u.id = m.user_id where u.email = who || '@bar.test' and m.business_id = pg_temp.lotus(); $$;
insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
select gen_random_uuid(), 'authenticated', 'authenticated', n || '@bar.test', now(), '{}', jsonb_build_object('full_name', initcap(n), 'locale', 'en') from unnest(array['al', 'bea', 'cy']) n;
select pg_temp.become(n), api.become_member(pg_temp.lotus()) from unnest(array['al', 'bea', 'cy']) n;

insert into business.locations (id, business_id, name) values (pg_temp.spot(), pg_temp.lotus(), 'Test bar');
insert into shop.counters (location_id, business_id, hours, slot_minutes, slot_seconds, lead_minutes, days_ahead, position)
select pg_temp.spot(), pg_temp.lotus(), (select jsonb_agg(jsonb_build_object('day', d, 'opens', '00:00', 'closes', '24:00')) from generate_series(1, 7) d), 5, 300, 0, 7, 99;
select is(shop.open_until(pg_temp.spot(), (current_date + time '23:40') at time zone shop.zone(pg_temp.spot())), (current_date + 2)::timestamp at time zone shop.zone(pg_temp.spot()), 'what is open past midnight does not close then');
create function pg_temp.product(slug text, price bigint, seconds int default 60, eat_in int default 1000, takeaway int default null, kind text default 'made') returns uuid language sql as $$
  insert into shop.products (business_id, category_id, slug, kind, name, price_cents, tax_rate_bp, takeaway_tax_rate_bp, make_seconds, published)
  select pg_temp.lotus(), (select id from shop.categories where business_id = pg_temp.lotus() limit 1), 't-' || slug, kind, jsonb_build_object('en', slug), price, eat_in, takeaway, seconds, true returning id;
$$;
create function pg_temp.item(name text, on_hand bigint) returns uuid language plpgsql as $$
declare made uuid;
begin
  insert into shop.stock_items (business_id, name, unit, unit_cost) values (pg_temp.lotus(), jsonb_build_object('en', item.name), 'g', 1.5) returning id into made;
  if on_hand > 0 then perform shop.move_stock(pg_temp.lotus(), pg_temp.spot(), 'delivery', 'delivery:' || made, array[made], array[on_hand]); end if;
  return made;
end $$;
create function pg_temp.level(item uuid) returns text language sql as $$ select on_hand || '/' || reserved from shop.stock_levels where stock_item_id = item and location_id = pg_temp.spot(); $$;
create temporary table it as select pg_temp.product('flat', 310) as flat, pg_temp.product('beans', 1150, 0, 1000, null, 'retail') as beans, pg_temp.product('toast', 380, 90, 1000, 400) as toast, pg_temp.product('set', 480, 0, 1000, null, 'bundle') as bundle,
  pg_temp.item('coffee', 100) as coffee, pg_temp.item('milk', 500) as milk, pg_temp.item('oat', 200) as oat;
insert into shop.bundle_items (business_id, bundle_id, product_id, quantity) select pg_temp.lotus(), bundle, flat, 2 from it;
insert into shop.recipe_lines (business_id, product_id, stock_item_id, quantity) select pg_temp.lotus(), flat, coffee, 18 from it union all select pg_temp.lotus(), flat, milk, 200 from it;
insert into shop.modifier_groups (id, business_id, name, min_choices, max_choices) values ('84ffffff-0000-4000-8000-000000000001', pg_temp.lotus(), '{"en": "Milk"}', 1, 1), ('84ffffff-0000-4000-8000-000000000002', pg_temp.lotus(), '{"en": "Extras"}', 0, 2);
insert into shop.modifiers (id, business_id, group_id, name, price_cents, make_seconds, max_each, is_default) values
  ('85ffffff-0000-4000-8000-000000000001', pg_temp.lotus(), '84ffffff-0000-4000-8000-000000000001', '{"en": "Whole"}', 0, 0, 1, true),
  ('85ffffff-0000-4000-8000-000000000002', pg_temp.lotus(), '84ffffff-0000-4000-8000-000000000001', '{"en": "Oat"}', 40, 5, 1, false),
  ('85ffffff-0000-4000-8000-000000000003', pg_temp.lotus(), '84ffffff-0000-4000-8000-000000000002', '{"en": "Shot"}', 80, 20, 2, false);
insert into shop.product_modifier_groups (business_id, product_id, group_id) select pg_temp.lotus(), flat, g from it, unnest(array['84ffffff-0000-4000-8000-000000000001', '84ffffff-0000-4000-8000-000000000002']::uuid[]) g;
insert into shop.recipe_lines (business_id, modifier_id, stock_item_id, quantity) select pg_temp.lotus(), '85ffffff-0000-4000-8000-000000000002'::uuid, x.i, x.q from it cross join lateral (values (it.milk, -200), (it.oat, 200)) x (i, q)
union all select pg_temp.lotus(), '85ffffff-0000-4000-8000-000000000003'::uuid, it.coffee, 18 from it;

create function pg_temp.order_(who text, lines text, facts text default '{}', expected bigint default null, pay_with text default 'card') returns jsonb language plpgsql as $$
begin
  perform pg_temp.become(who);
  return api.order_products(pg_temp.lotus(), gen_random_uuid()::text, lines::jsonb, facts::jsonb || jsonb_build_object('location_id', pg_temp.spot()), expected, pay_with);
end $$;
create function pg_temp.line(o jsonb, what text default 'total_cents', nth int default 1) returns text language sql as $$ select to_jsonb(l) ->> what from sales.order_lines l where l.order_id = (o ->> 'order_id')::uuid and l.position = nth $$;
create function pg_temp.pay(o jsonb) returns text language plpgsql as $$
declare x record;
begin
  select * into x from api.begin_payment(pg_temp.lotus(), (o ->> 'order_id')::uuid);
  return api.receive_payment_event('stripe', 'ev-' || x.payment_id, 'test', now(), jsonb_build_object('kind', 'payment', 'payment_id', x.payment_id, 'intent_ref', 'pi_' || x.payment_id, 'state', 'captured', 'amount_cents', x.amount_cents, 'currency', 'EUR'), '{}') ->> 'outcome';
end $$;
create temporary table done (tag text primary key, o jsonb);

-- Price -----------------------------------------------------------------------------------------------------------------
insert into done select 'plain', pg_temp.order_('al', '[{"slug": "t-flat"}]');
select is((select o ->> 'total_cents' from done where tag = 'plain'), '310', 'the usual is chosen when nothing is said: a flat white costs its price');
select is((select pg_temp.line(o, 'tax_cents') from done where tag = 'plain'), '28', 'its tax is in the price, half up: 310 at 10 % holds 28');
select is((select pg_temp.line(o, 'modifiers')::jsonb #>> '{0,name,en}' from done where tag = 'plain'), 'Whole', 'what was chosen is kept as it was');
select is((select pg_temp.line(o, 'make_seconds') from done where tag = 'plain'), '60', 'it takes a minute of a barista');
select is((select pg_temp.level(coffee) || ' ' || pg_temp.level(milk) || ' ' || pg_temp.level(oat) from it), '100/18 500/200 200/0', 'its coffee and milk are set aside');
insert into done select 'oat', pg_temp.order_('bea', '[{"slug": "t-flat", "modifier_ids": ["85ffffff-0000-4000-8000-000000000002", "85ffffff-0000-4000-8000-000000000003", "85ffffff-0000-4000-8000-000000000003"], "note": " very hot "}]');
select is((select o ->> 'total_cents' from done where tag = 'oat'), '510', 'oat and two shots go into the price of the line: 310 + 40 + 2 × 80');
select is((select pg_temp.level(coffee) || ' ' || pg_temp.level(milk) || ' ' || pg_temp.level(oat) from it), '100/72 500/200 200/200', 'oat spares the milk, each shot takes coffee');
select is((select pg_temp.line(o, 'note') || ' ' || pg_temp.line(o, 'make_seconds') from done where tag = 'oat'), 'very hot 105', 'the note is kept, and its making takes longer');
insert into done select 'away', pg_temp.order_('cy', '[{"slug": "t-toast"}]', '{"serving": "takeaway"}');
insert into done select 'in', pg_temp.order_('cy', '[{"slug": "t-toast"}]', '{"serving": "eat_in", "table_label": "4"}');
select is((select pg_temp.line(o, 'tax_rate_bp') || ' ' || pg_temp.line(o, 'tax_cents') from done where tag = 'away'), '400 15', 'taken away, the law asks less tax');
select is((select pg_temp.line(o, 'tax_rate_bp') || ' ' || pg_temp.line(o, 'tax_cents') from done where tag = 'in'), '1000 35', 'eaten in, the whole');
select is((select x.serving || ' ' || x.table_label from done d join sales.orders x on x.id = (d.o ->> 'order_id')::uuid where d.tag = 'in'), 'eat_in 4', 'and the table is known');
insert into done select 'tip', pg_temp.order_('cy', '[{"slug": "t-toast", "quantity": 3}]', '{"tip": {"percent": 5}}');
select is((select o ->> 'total_cents' from done where tag = 'tip'), '1197', 'five per cent of 1,140 is a tip of 57');
select is((select pg_temp.line(o, 'tax_cents', 2) || ' ' || pg_temp.line(o, 'kind', 2) from done where tag = 'tip'), '0 tip', 'a tip is a line of its own, without tax');
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-toast"}]', '{}', 379) $$, 'PT409', 'price_changed', 'a total somebody sends is compared, never obeyed');
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-toast"}]', '{"tip": {"cents": -5}}') $$, 'PT422', 'tip_invalid', 'a tip is not taken from the team');

-- What is wrong ---------------------------------------------------------------------------------------------------------
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-flat", "modifier_ids": []}]') $$, 'PT422', 'modifier_missing', 'a milk must be chosen');
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-flat", "modifier_ids": ["85ffffff-0000-4000-8000-000000000001", "85ffffff-0000-4000-8000-000000000002"]}]') $$, 'PT422', 'modifier_too_many', 'one milk, not two');
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-flat", "modifier_ids": ["85ffffff-0000-4000-8000-000000000001", "85ffffff-0000-4000-8000-000000000001"]}]') $$, 'PT422', 'modifier_too_many', 'nor the same twice');
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-toast", "modifier_ids": ["85ffffff-0000-4000-8000-000000000003"]}]') $$, 'PT422', 'modifier_not_found', 'a shot is nothing for toast');
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-flat", "modifier_ids": ["00000000-0000-4000-8000-000000000000"]}]') $$, 'PT422', 'modifier_not_found', 'nor what nobody knows');
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-toast", "quantity": 0}]') $$, 'PT422', 'quantity_invalid', 'none is no order');
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-toast", "quantity": -1}]') $$, 'PT422', 'quantity_invalid', 'nor less than none');
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-toast", "quantity": 1000000000}]') $$, 'PT422', 'quantity_invalid', 'nor all the toast there is');
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-toast", "quantity": "many"}]') $$, 'PT422', 'lines_invalid', 'nor a word');
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "no-such"}]') $$, 'PT404', 'product_not_found', 'what is not on the menu is not there');
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "pomada"}]') $$, 'PT404', 'product_not_found', 'nor what another business sells');
select throws_ok($$ select pg_temp.order_('cy', '[]') $$, 'PT422', 'lines_invalid', 'an order is of something');
insert into shop.sold_out (business_id, location_id, product_id, on_date) select pg_temp.lotus(), pg_temp.spot(), beans, (now() at time zone 'Europe/Madrid')::date from it;
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-beans"}]') $$, 'PT409', 'product_sold_out', 'sold out between the menu and paying');
update shop.sold_out set back_at = now() where location_id = pg_temp.spot();
select lives_ok($$ insert into done select 'beans', pg_temp.order_('cy', '[{"slug": "t-beans"}]') $$, 'and back again');
insert into shop.not_offered select pg_temp.lotus(), pg_temp.spot(), toast from it;
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-toast"}]') $$, 'PT404', 'product_not_found', 'a location sells what it has');
delete from shop.not_offered where location_id = pg_temp.spot();
insert into shop.day_parts (id, business_id, name, from_time, until_time)
select '82ffffff-0000-4000-8000-000000000001', pg_temp.lotus(), '{"en": "Another time"}', case when extract(hour from now() at time zone 'Europe/Madrid') < 12 then '13:00'::time else '01:00' end, case when extract(hour from now() at time zone 'Europe/Madrid') < 12 then '14:00'::time else '02:00' end;
update shop.products set day_part_id = '82ffffff-0000-4000-8000-000000000001' where id = (select toast from it);
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-toast"}]') $$, 'PT409', 'product_not_now', 'breakfast is over');
select lives_ok(format($$ select pg_temp.order_('cy', '[{"slug": "t-toast"}]', '{"pickup_at": "%s"}') $$, ((now() at time zone 'Europe/Madrid')::date + 1 + (select from_time from shop.day_parts where id = '82ffffff-0000-4000-8000-000000000001') + interval '30 minutes') at time zone 'Europe/Madrid'),
  'but it can be ordered for tomorrow''s');
update shop.products set day_part_id = null where id = (select toast from it);

-- Times -----------------------------------------------------------------------------------------------------------------
create function pg_temp.grid(later interval) returns text language sql as $$ select to_timestamp(floor(extract(epoch from now() + later) / 300) * 300)::text $$;
select throws_ok(format($$ select pg_temp.order_('al', '[{"slug": "t-toast"}]', '{"pickup_at": "%s"}') $$, pg_temp.grid('-1 hour')), 'PT409', 'pickup_past', 'nobody collects in the past');
select throws_ok(format($$ select pg_temp.order_('al', '[{"slug": "t-toast"}]', '{"pickup_at": "%s"}') $$, to_timestamp(floor(extract(epoch from now() + interval '3 hours') / 300) * 300 + 61)), 'PT422', 'pickup_off_grid', 'nor at seventeen seconds past');
select throws_ok(format($$ select pg_temp.order_('al', '[{"slug": "t-toast"}]', '{"pickup_at": "%s"}') $$, pg_temp.grid('20 days')), 'PT409', 'pickup_too_far', 'nor in three weeks');
select throws_ok($$ select pg_temp.order_('al', '[{"slug": "t-toast"}]', '{"pickup_at": "soon"}') $$, 'PT422', 'pickup_off_grid', 'nor soon');
insert into done select 'later', pg_temp.order_('al', '[{"slug": "t-toast"}]', jsonb_build_object('pickup_at', pg_temp.grid('50 hours'))::text);
select is((select x.ready_by = x.pickup_at from done d join sales.orders x on x.id = (d.o ->> 'order_id')::uuid where tag = 'later'), true, 'what is wanted at a time is ready at that time');
select is((select string_agg(t.seconds || ' ' || (t.starts_at = pg_temp.grid('50 hours')::timestamptz - interval '5 minutes'), ',') from done d join shop.slot_takings t on t.order_id = (d.o ->> 'order_id')::uuid where tag = 'later'), '90 true', 'and made in the slot before');
insert into done select 'later2', pg_temp.order_('al', '[{"slug": "t-toast", "quantity": 5}]', jsonb_build_object('pickup_at', pg_temp.grid('50 hours'))::text);
select is((select string_agg(t.seconds::text, ',' order by t.starts_at desc) from done d join shop.slot_takings t on t.order_id = (d.o ->> 'order_id')::uuid where tag = 'later2'), '210,240', 'what is left of that slot, and the rest the slot before it');
select throws_ok(format($$ select pg_temp.order_('al', '[{"slug": "t-toast", "quantity": 8}]', '{"pickup_at": "%s"}') $$, pg_temp.grid('50 hours')), 'PT409', 'pickup_full', 'what no barista could make by then is not promised');
select is((select count(*) from api.pickup_times(pg_temp.lotus(), null, 60) t), (select count(*) from api.pickup_times(pg_temp.lotus(), null, 60) t where t.pickup_at > now()), 'times to choose are times to come');
update shop.counters set takes_orders = false where location_id = pg_temp.spot();
select throws_ok($$ select pg_temp.order_('al', '[{"slug": "t-toast"}]') $$, 'PT409', 'counter_closed', 'who takes no orders gets none');
update shop.counters set takes_orders = true, delay_minutes = 25 where location_id = pg_temp.spot();
insert into done select 'busy', pg_temp.order_('al', '[{"slug": "t-beans"}]');
select cmp_ok((select x.ready_by from done d join sales.orders x on x.id = (d.o ->> 'order_id')::uuid where tag = 'busy'), '>=', now() + interval '25 minutes', 'while the bar is busy it promises less');
update shop.counters set delay_minutes = 0 where location_id = pg_temp.spot();
select is((select sum(s.taken_seconds) from shop.pickup_slots s where s.location_id = pg_temp.spot()), (select sum(t.seconds) from shop.slot_takings t where t.location_id = pg_temp.spot()), 'a slot''s seconds are those promised in it');

-- Stock -----------------------------------------------------------------------------------------------------------------
select is((select pg_temp.level(coffee) || ' ' || pg_temp.level(milk) from it), '100/72 500/200', 'so far');
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-flat"}, {"slug": "t-flat", "note": "two"}]') $$, 'PT409', 'product_sold_out', 'two lines that share their coffee are summed before they are checked: 28 g are not enough for 36');
select is((select pg_temp.level(coffee) from it), '100/72', 'and what was refused holds nothing');
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-set"}]') $$, 'PT409', 'product_sold_out', 'a bundle takes what its parts take');
select pg_temp.become('al');
select is((api.cancel_order(pg_temp.lotus(), (select (o ->> 'order_id')::uuid from done where tag = 'plain')) ->> 'state'), 'cancelled', 'given up before it was paid');
select is((select pg_temp.level(coffee) || ' ' || pg_temp.level(milk) from it), '100/54 500/0', 'what it held is for sale again');
-- An order nobody paid: the next one who needs its coffee has it, before any sweep.
update sales.orders set hold_expires_at = now() - interval '1 second' where id = (select (o ->> 'order_id')::uuid from done where tag = 'oat');
select lives_ok($$ insert into done select 'again', pg_temp.order_('cy', '[{"slug": "t-flat", "modifier_ids": ["85ffffff-0000-4000-8000-000000000002"]}]') $$, 'a hold that ran out gives way to the next who wants the oat');
select is((select pg_temp.level(coffee) || ' ' || pg_temp.level(oat) from it), '100/18 200/200', 'and holds nothing any more');
select is((select count(*)::int from done d join shop.slot_takings t on t.order_id = (d.o ->> 'order_id')::uuid where d.tag = 'oat'), 0, 'nor any time of a barista');
insert into done select 'set', pg_temp.order_('cy', '[{"slug": "t-set"}]');
select pg_temp.become('cy');
select is((select pg_temp.pay(o) from done where tag = 'set'), 'settled', 'paid');
select is((select pg_temp.level(coffee) || ' ' || pg_temp.level(milk) from it), '64/18 100/0', 'what was set aside is sold');
select is((select string_agg(m.kind || ' ' || m.quantity || ' ' || m.balance_after, ', ' order by m.id) from shop.stock_movements m where m.stock_item_id = (select coffee from it)), 'delivery 100 100, sale -36 64', 'each movement is written, with what was left');
select is((select t.state || ' ' || t.call_number from done d join shop.tickets t on t.order_id = (d.o ->> 'order_id')::uuid where d.tag = 'set'), 'placed 1', 'and it is on the board as number 1');

-- Days that are not like others, and how it is had ------------------------------------------------------------------------
create function pg_temp.on_(ahead int, clock time) returns timestamptz language sql as $$ select ((now() at time zone shop.zone(pg_temp.spot()))::date + ahead + clock) at time zone shop.zone(pg_temp.spot()) $$;
insert into shop.special_days (business_id, location_id, on_date, hours, why)
select pg_temp.lotus(), pg_temp.spot(), (now() at time zone shop.zone(pg_temp.spot()))::date + x.ahead, x.hours, '{"en": "Fair"}' from (values (3, '[]'::jsonb), (5, '[{"opens": "10:00", "closes": "14:00"}]')) x (ahead, hours);
select is(shop.open_until(pg_temp.spot(), pg_temp.on_(3, '12:00')), null, 'a closed day is closed at noon');
select is(shop.open_until(pg_temp.spot(), pg_temp.on_(2, '23:40')), pg_temp.on_(3, '00:00'), 'the night before ends where it begins');
select is(shop.open_until(pg_temp.spot(), pg_temp.on_(4, '12:00')), pg_temp.on_(5, '00:00'), 'the day after is as ever');
select results_eq($$ select h.opens_at, h.closes_at from shop.hours_on(pg_temp.spot(), (now() at time zone shop.zone(pg_temp.spot()))::date + 5) h $$, $$ values (pg_temp.on_(5, '10:00'), pg_temp.on_(5, '14:00')) $$, 'a special day has its hours and no others');
select throws_ok(format($$ select pg_temp.order_('al', '[{"slug": "t-beans"}]', '{"pickup_at": "%s"}') $$, pg_temp.on_(3, '12:00')), 'PT409', 'pickup_closed', 'nothing is collected on a closed day');
select throws_ok(format($$ select pg_temp.order_('al', '[{"slug": "t-beans"}]', '{"pickup_at": "%s"}') $$, pg_temp.on_(5, '15:00')), 'PT409', 'pickup_closed', 'nor after its hours');
select is((select x.counter -> 'special_days' from api.menu(pg_temp.lotus(), pg_temp.spot(), 't-flat') x), (select jsonb_agg(jsonb_build_object('on_date', s.on_date, 'hours', s.hours, 'why', '{"en": "Fair"}'::jsonb) order by s.on_date) from shop.special_days s where s.location_id = pg_temp.spot()), 'and the menu says so');
update shop.counters set servings = '{takeaway}', slot_seconds = 36000 where location_id = pg_temp.spot();
select throws_ok($$ select pg_temp.order_('cy', '[{"slug": "t-toast"}]', '{"serving": "eat_in"}') $$, 'PT409', 'serving_not_offered', 'nobody sits where there are no tables');
update shop.counters set servings = '{eat_in}' where location_id = pg_temp.spot();
insert into done select 'table', pg_temp.order_('cy', '[{"slug": "t-toast"}]', '{}');
select results_eq($$ select x.serving, l.tax_rate_bp from done d join sales.orders x on x.id = (d.o ->> 'order_id')::uuid join sales.order_lines l on l.order_id = x.id where d.tag = 'table' $$, $$ values ('eat_in', 1000) $$, 'where there are only tables it is had at one, at its tax');
update shop.counters set servings = '{takeaway}' where location_id = pg_temp.spot();
select throws_ok($$ select shop.hold(x, 'public') from done d join sales.orders x on x.id = (d.o ->> 'order_id')::uuid where d.tag = 'table' $$, 'PT409', 'serving_not_offered', 'what changed since is looked at again when it is placed');
select throws_ok($$ select shop.hold(x, 'till') from done d join sales.orders x on x.id = (d.o ->> 'order_id')::uuid where d.tag = 'table' $$, 'PT409', 'serving_not_offered', 'at the till too');
select is((select (shop.hold(x, 'kept', true)).serving from done d join sales.orders x on x.id = (d.o ->> 'order_id')::uuid where d.tag = 'table'), 'eat_in', 'but what happened without a connection happened');

-- Paid as it is placed ----------------------------------------------------------------------------------------------------
update shop.counters set servings = '{takeaway,eat_in}', slot_seconds = 30000 where location_id = pg_temp.spot();
select shop.move_stock(pg_temp.lotus(), pg_temp.spot(), 'delivery', 'delivery:at-once', array[coffee, milk, oat], array[10000, 10000, 10000]::bigint[]) from it;
select ledger.transfer(pg_temp.lotus(), 'gift', 'at-once', array[ledger.account(pg_temp.lotus(), 'EUR', 'clearing', 'stripe'), ledger.account(pg_temp.lotus(), 'EUR', 'wallet', pg_temp.me('al')::text)], array[10000, -10000]);
create temporary table before as select v.stock_item_id, v.reserved from shop.stock_levels v where v.location_id = pg_temp.spot();
insert into done select 'at once', pg_temp.order_('al', '[{"slug": "t-flat"}, {"slug": "t-flat", "quantity": 2, "note": "hot"}]', '{}', null, 'wallet');
select is((select bool_and(v.reserved = b.reserved) from shop.stock_levels v join before b using (stock_item_id) where v.location_id = pg_temp.spot()), true, 'what is paid as it is placed sets nothing aside');
select is((select array_agg(z.ok order by z.item) from (select m.stock_item_id as item, count(*) = 2 and min(m.balance_after) = v.on_hand and max(m.balance_after - m.quantity) = v.on_hand - sum(m.quantity) as ok
  from done d join sales.order_lines l on l.order_id = (d.o ->> 'order_id')::uuid join shop.stock_movements m on m.order_line_id = l.id join shop.stock_levels v on v.location_id = m.location_id and v.stock_item_id = m.stock_item_id
  where d.tag = 'at once' group by m.stock_item_id, v.on_hand) z), array[true, true], 'it takes its stock line by line, each movement saying what was left, down to what is there');
select throws_ok($$ select pg_temp.order_('al', '[{"slug": "t-flat", "quantity": 30}, {"slug": "t-flat", "quantity": 30}]') $$, 'PT422', 'quantity_invalid', 'the same twice is as many as both');
insert into done select 'tipped', pg_temp.order_('al', '[{"slug": "t-flat"}, {"slug": "t-toast"}]', '{"tip": {"cents": 50}}', null, 'wallet');
select is((select string_agg(l.kind || ' ' || l.state, ', ' order by l.position) from done d join sales.order_lines l on l.order_id = (d.o ->> 'order_id')::uuid where d.tag = 'tipped'), 'product fulfilled, product fulfilled, tip fulfilled', 'all of it is theirs then, the tip last');
insert into done select 'waits', pg_temp.order_('al', '[{"slug": "t-flat"}]', '{"tip": {"cents": 50}}');
select is((select string_agg(l.kind || ' ' || l.state, ', ' order by l.position) from done d join sales.order_lines l on l.order_id = (d.o ->> 'order_id')::uuid where d.tag = 'waits'), 'product held, tip held', 'what is not paid yet is held');

-- Several lines -----------------------------------------------------------------------------------------------------------
create function pg_temp.faults(lines text) returns text language plpgsql as $$
declare facts text;
begin
  perform pg_temp.order_('al', lines);
  return 'none';
exception when others then
  get stacked diagnostics facts = pg_exception_detail;
  return sqlerrm || ' ' || (facts::jsonb ->> 'slug');
end $$;
select is(pg_temp.faults('[{"slug": "t-flat"}, {"slug": "t-toast", "modifier_ids": ["85ffffff-0000-4000-8000-000000000003"]}]'), 'modifier_not_found t-toast', 'of several lines the one that is wrong is named');
update shop.modifiers set max_each = 1 where id = '85ffffff-0000-4000-8000-000000000003';
select is(pg_temp.faults('[{"slug": "t-toast"}, {"slug": "t-flat", "modifier_ids": ["85ffffff-0000-4000-8000-000000000001", "85ffffff-0000-4000-8000-000000000003", "85ffffff-0000-4000-8000-000000000003"]}]'), 'modifier_too_many t-flat', 'one shot at most is not two, though there is room for two extras');

-- Whose turn it is ------------------------------------------------------------------------------------------------------
create function pg_temp.cart() returns text language sql immutable as $$ select repeat('ordering-', 4) $$;
select pg_temp.become('cy');
select is(api.cart_counter(pg_temp.lotus(), pg_temp.cart()), null, 'whoever has no cart waits at no counter');
select api.add_top_up_to_cart(pg_temp.lotus(), 2000, pg_temp.cart());
select is(api.cart_counter(pg_temp.lotus(), pg_temp.cart()), null, 'nor whoever wants nothing from the bar');
select api.add_product_to_cart(pg_temp.lotus(), 't-toast', pg_temp.cart());
select is(api.cart_counter(pg_temp.lotus(), pg_temp.cart()), shop.first_counter(pg_temp.lotus()), 'with something from it they wait at the first, where nothing else was said');
select api.set_handover(pg_temp.lotus(), pg_temp.cart(), jsonb_build_object('location_id', pg_temp.spot()));
select is(api.cart_counter(pg_temp.lotus(), pg_temp.cart()), pg_temp.spot(), 'or where they collect it');

select * from finish();
rollback;
