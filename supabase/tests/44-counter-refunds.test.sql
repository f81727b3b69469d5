-- After the sale, at the counter: what goes back and from which drawer, how many pieces are left, promotions and gift cards whose
-- money goes back, cards that expire, receipts to an address, a count that does not come out. A counter of this test's own.
begin;
select plan(71);
do $$ begin perform 1 from ledger.accounts a where a.business_id = '10000000-0000-4000-8000-000000000001' and a.kind in ('clearing', 'revenue', 'tax', 'drawer', 'tips', 'safe', 'loss') order by a.id for no key update; end $$;

create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.spot(n int default 1) returns uuid language sql immutable as $$ select ('2fffffff-0000-4000-8000-00000000044' || n)::uuid $$;
create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', case when who is null then '' else jsonb_build_object('sub', (select u.id from auth.users u where u.email = who || '@counter.test'), 'role', 'authenticated')::text end, true);
$$;
insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
select gen_random_uuid(), 'authenticated', 'authenticated', n || '@counter.test', now(), '{}', jsonb_build_object('full_name', initcap(n), 'locale', 'en') from unnest(array['bar', 'boss', 'coach', 'cora']) n;
insert into business.staff (business_id, user_id, role) select pg_temp.lotus(), u.id, x.role from (values ('bar', 'barista'), ('boss', 'manager'), ('coach', 'instructor')) x (who, role) join auth.users u on u.email = x.who || '@counter.test';
select pg_temp.become('cora'), api.become_member(pg_temp.lotus());
create function pg_temp.cora() returns uuid language sql as $$ select m.id from members.members m join auth.users u on u.id = m.user_id where u.email = 'cora@counter.test' and m.business_id = pg_temp.lotus() $$;
insert into business.locations (id, business_id, name) select pg_temp.spot(n), pg_temp.lotus(), 'Counter ' || n from generate_series(1, 2) n;
insert into shop.counters (location_id, business_id, hours, slot_minutes, slot_seconds, lead_minutes, position)
select pg_temp.spot(n), pg_temp.lotus(), (select jsonb_agg(jsonb_build_object('day', d, 'opens', '00:00', 'closes', '24:00')) from generate_series(1, 7) d), 5, 3000, 2, 90 + n from generate_series(1, 2) n;
insert into shop.products (id, business_id, category_id, slug, kind, name, price_cents, tax_rate_bp, make_seconds, published)
values ('8afffff0-0000-4000-8000-000000000441', pg_temp.lotus(), (select k.id from shop.categories k where k.business_id = pg_temp.lotus() limit 1), 'c-bag', 'retail', '{"en": "Bag"}', 1000, 1000, 0, true);
insert into shop.stock_items (id, business_id, name, unit) values ('86fffff0-0000-4000-8000-000000000441', pg_temp.lotus(), '{"en": "Bags"}', 'piece');
insert into shop.recipe_lines (business_id, product_id, stock_item_id, quantity) values (pg_temp.lotus(), '8afffff0-0000-4000-8000-000000000441', '86fffff0-0000-4000-8000-000000000441', 1);
select shop.move_stock(pg_temp.lotus(), pg_temp.spot(), 'delivery', 'delivery:counter-test', array['86fffff0-0000-4000-8000-000000000441'::uuid], array[50::bigint]);
select pg_temp.become('boss');
create temporary table tills as select n, api.add_till(pg_temp.lotus(), pg_temp.spot(case when n = 3 then 2 else 1 end), 'Till ' || n) as id from generate_series(1, 3) n;
create function pg_temp.till(n int) returns uuid language sql as $$ select id from tills t where t.n = till.n $$;
create function pg_temp.cash(n int) returns bigint language sql as $$ select coalesce((select a.balance from ledger.accounts a where a.business_id = pg_temp.lotus() and a.unit = 'EUR' and a.kind = 'drawer' and a.owner = pg_temp.till(cash.n)::text), 0) $$;
create function pg_temp.on_shelf() returns bigint language sql as $$ select v.on_hand from shop.stock_levels v where v.location_id = pg_temp.spot() and v.stock_item_id = '86fffff0-0000-4000-8000-000000000441' $$;
create function pg_temp.sell(quantity int, pay_with text default 'cash', n int default 1) returns uuid language sql as $$
  select (api.sell_at_till(pg_temp.lotus(), pg_temp.till(n), gen_random_uuid(), jsonb_build_array(jsonb_build_object('slug', 'c-bag', 'quantity', quantity)), '{}', pay_with, case when pay_with = 'cash' then 10000 end, case when pay_with = 'wallet' then pg_temp.cora() end) ->> 'order_id')::uuid;
$$;
create function pg_temp.line(o uuid) returns sales.order_lines language sql as $$ select l from sales.order_lines l where l.order_id = o and l.kind <> 'tip' order by l.position limit 1 $$;
create function pg_temp.give(o uuid, pieces int, n int default null, stock text default 'waste', key text default gen_random_uuid()::text) returns jsonb language sql as $$
  select api.refund_order(pg_temp.lotus(), o, jsonb_build_array(jsonb_build_object('line_id', (pg_temp.line(o)).id, 'quantity', pieces, 'stock', stock)), 'not what they asked for', key, pg_temp.till(n));
$$;

-- Pieces, and the drawer ----------------------------------------------------------------------------------------------
select pg_temp.become('bar');
select api.open_drawer(pg_temp.lotus(), pg_temp.till(1), 5000, 'counter-open-1'), api.open_drawer(pg_temp.lotus(), pg_temp.till(2), 1500, 'counter-open-2');
create temporary table o as select 'three' as name, pg_temp.sell(3) as id;
create function pg_temp.o(name text) returns uuid language sql as $$ select id from o x where x.name = o.name $$;
select is(pg_temp.cash(1), 8000::bigint, 'three bags were paid in cash');
create temporary table given as select pg_temp.give(pg_temp.o('three'), 1, 1, 'back', 'counter-give-1') as a;
select is((select a -> 'money' from given), '[{"provider": "cash", "ending": null, "amount_cents": 1000}]'::jsonb, 'one goes back, and it is said how the money does');
select is(pg_temp.cash(1), 7000::bigint, 'the drawer has as much less');
select is(pg_temp.on_shelf(), 48::bigint, 'the bag stands on the shelf again');
select is(row((pg_temp.line(pg_temp.o('three'))).returned, (pg_temp.line(pg_temp.o('three'))).refunded_cents)::text, '(1,1000)', 'the line says how many of its pieces went back');
select is(pg_temp.give(pg_temp.o('three'), 1, 1, 'back', 'counter-give-1'), (select a from given), 'asked again with the same key it is the same answer');
select is(pg_temp.cash(1), 7000::bigint, 'and given once');
select is((select x ->> 'returned' from jsonb_array_elements(sales.order_document(pg_temp.o('three')) -> 'lines') x), '1', 'so does the receipt');
select is((select s.quantity || ' ' || s.net_cents from shop.sold_lines(pg_temp.lotus(), now() - interval '1 minute', now() + interval '1 minute') s where s.order_id = pg_temp.o('three')), '2 1818', 'and the numbers count what stayed sold');
select throws_ok($$ select pg_temp.give(pg_temp.o('three'), 3, 1) $$, 'PT409', 'refund_above_paid', 'never more than is left');
select is((pg_temp.line(pg_temp.o('three'))).returned, 1, 'what was refused took nothing back');
select throws_ok($$ select pg_temp.give(pg_temp.o('three'), 1, 3) $$, 'PT404', 'till_not_found', 'a till of another counter gives nothing back');
select throws_ok($$ select api.refund_order(pg_temp.lotus(), pg_temp.o('three'), '[]', 'because', 'counter-none', pg_temp.till(1)) $$, 'PT422', 'refund_lines_invalid', 'nothing is no refund');
select is(pg_temp.give(pg_temp.o('three'), 1, 2) ->> 'refund_cents', '1000', 'the till beside it gives back from its own drawer');
select is(pg_temp.cash(1) || ' ' || pg_temp.cash(2), '7000 500', 'each drawer has what was taken out of it');
select throws_ok($$ select pg_temp.give(pg_temp.o('three'), 1, 2) $$, 'PT409', 'refund_drawer_too_low', 'not more than is in it');
select throws_ok($$ update sales.order_lines set returned = 4 where id = (pg_temp.line(pg_temp.o('three'))).id $$, '23514', null, 'no line has more pieces returned than it had');
select pg_temp.become('coach');
select throws_ok($$ select pg_temp.give(pg_temp.o('three'), 1, 1) $$, 'PT403', 'not_your_role', 'who only teaches gives nothing back');
select pg_temp.become('bar');
insert into o values ('card', pg_temp.sell(1, 'terminal'));
select is(pg_temp.give(pg_temp.o('card'), 1, 1) -> 'money' -> 0 ->> 'provider', 'terminal', 'what came by the card machine goes back by it, and is written down');
select is(pg_temp.cash(1), 7000::bigint, 'and leaves the drawer alone');
update sales.orders set payment_confirmed_at = now() - interval '25 hours' where id = pg_temp.o('three');
select throws_ok($$ select pg_temp.give(pg_temp.o('three'), 1, 1) $$, 'PT403', 'not_your_role', 'after a day it is a manager''s');
update sales.orders set payment_confirmed_at = now() where id = pg_temp.o('three');

-- What was sold -------------------------------------------------------------------------------------------------------
select set_eq($$ select x.order_id, x.total_cents, x.refunded_cents, x.items -> 0 ->> 'returned' from api.till_sold(pg_temp.lotus(), pg_temp.till(2)) x $$, $$ select pg_temp.o('three') as a, 3000::bigint as b, 2000::bigint as c, '2' as d union all select pg_temp.o('card'), 1000::bigint, 1000::bigint, '1' $$, 'all tills of a counter see what it sold today');
select is((select array_agg(x.order_id) from api.till_sold(pg_temp.lotus(), pg_temp.till(1), (select reference from sales.orders where id = pg_temp.o('card'))) x), array[pg_temp.o('card')], 'a sale is found by what stands on its receipt');
select is((select array_agg(x.order_id) from api.till_sold(pg_temp.lotus(), pg_temp.till(1), '30.00', 3000) x), array[pg_temp.o('three')], 'or by what it came to');
select is_empty($$ select * from api.till_sold(pg_temp.lotus(), pg_temp.till(3)) $$, 'another counter has sold nothing');
select pg_temp.become('cora');
select throws_ok($$ select * from api.till_sold(pg_temp.lotus(), pg_temp.till(1)) $$, 'PT403', 'not_your_role', 'members do not look into tills');

-- A receipt to an address ---------------------------------------------------------------------------------------------
select pg_temp.become('bar');
select throws_ok($$ select api.mail_till_receipt(pg_temp.lotus(), pg_temp.o('card'), 'nobody', 'en', 'counter-mail-0') $$, 'PT422', 'email_invalid', 'an address that is none');
select throws_ok($$ select api.mail_till_receipt(pg_temp.lotus(), gen_random_uuid(), 'g@counter.test', 'en', 'counter-mail-0') $$, 'PT404', 'order_not_found', 'a receipt of nothing');
select api.mail_till_receipt(pg_temp.lotus(), pg_temp.o('card'), ' Guest@Counter.test ', 'es', 'counter-mail-1');
select api.mail_till_receipt(pg_temp.lotus(), pg_temp.o('card'), 'guest@counter.test', 'es', 'counter-mail-1');
create function pg_temp.letters() returns table (id uuid, "to" text, locale text, lines text) language sql as $$ select e.id, e.to_address, e.locale, e.data -> 'lines' -> 0 ->> 'total_cents' from messages.emails e where e.template = 'till_receipt' and e.cause like pg_temp.o('card') || '%' $$;
select results_eq($$ select x."to", x.locale, x.lines from pg_temp.letters() x $$, $$ values ('guest@counter.test', 'es', '1000') $$, 'one press is one letter');
update messages.emails e set attempts = 1 where e.id = (select x.id from pg_temp.letters() x);
select api.email_done((select x.id from pg_temp.letters() x));
select is((select e.to_address || ' ' || (e.data ? 'token')::text from messages.emails e where e.id = (select x.id from pg_temp.letters() x)), 'g… false', 'once it has left, nobody knows where to');
select api.mail_till_receipt(pg_temp.lotus(), pg_temp.o('card'), n || '@counter.test', 'en', 'counter-mail-' || n) from generate_series(2, 5) n;
select throws_ok($$ select api.mail_till_receipt(pg_temp.lotus(), pg_temp.o('card'), '6@counter.test', 'en', 'counter-mail-6') $$, 'PT429', 'receipt_sent_often', 'five are enough');

-- A count that does not come out ---------------------------------------------------------------------------------------
create function pg_temp.told(n int) returns bigint language sql as $$
  select count(*) from messages.notifications x join members.members m on m.id = x.member_id join auth.users u on u.id = m.user_id where u.email = 'boss@counter.test' and x.kind = 'drawer_difference' and x.data ->> 'till_id' = pg_temp.till(n)::text;
$$;
select api.close_drawer(pg_temp.lotus(), pg_temp.till(1), 6900, 'counter-close-1'), api.close_drawer(pg_temp.lotus(), pg_temp.till(1), 6900, 'counter-close-1');
select is(pg_temp.told(1), 1::bigint, 'a manager hears of a drawer that was not right, once');
select is((select x.data ->> 'difference_cents' from messages.notifications x where x.kind = 'drawer_difference' and x.data ->> 'till_id' = pg_temp.till(1)::text limit 1), '-100', 'and by how much');
select api.close_drawer(pg_temp.lotus(), pg_temp.till(2), 500, 'counter-close-2');
select is(pg_temp.told(2), 0::bigint, 'one that was right is no news');
select throws_ok($$ select api.set_drawer_notice(pg_temp.lotus(), pg_temp.till(2), 200) $$, 'PT403', 'not_your_role', 'how much is news is for managers to say');
select pg_temp.become('boss');
select throws_ok($$ select api.set_drawer_notice(pg_temp.lotus(), pg_temp.till(2), 0) $$, 'PT422', 'amount_invalid', 'nothing is no difference');
select api.set_drawer_notice(pg_temp.lotus(), pg_temp.till(2), 200);
select pg_temp.become('bar');
select api.open_drawer(pg_temp.lotus(), pg_temp.till(2), 500, 'counter-open-3'), api.close_drawer(pg_temp.lotus(), pg_temp.till(2), 301, 'counter-close-3');
select is(pg_temp.told(2), 0::bigint, 'a difference below what they want to hear of is none');
select api.open_drawer(pg_temp.lotus(), pg_temp.till(2), 500, 'counter-open-4'), api.close_drawer(pg_temp.lotus(), pg_temp.till(2), 700, 'counter-close-4');
select is(pg_temp.told(2), 1::bigint, 'from there on it is');
select throws_ok($$ select pg_temp.give(pg_temp.o('three'), 1, 1) $$, 'PT409', 'refund_drawer_closed', 'no cash out of a closed drawer');
select pg_temp.become('boss');
select throws_ok($$ select pg_temp.give(pg_temp.o('three'), 1) $$, 'PT409', 'refund_drawer_closed', 'nor from the office');
select is((pg_temp.line(pg_temp.o('three'))).returned, 2, 'and then nothing came back');

-- A promotion of which all goes back ----------------------------------------------------------------------------------
insert into sales.promotions (id, business_id, code, kind, percent, goods, max_per_member, max_uses, first_order_only, published)
values ('6afffff0-0000-4000-8000-000000000441', pg_temp.lotus(), 'COUNTER44', 'percent', 10, 'bar', 1, 1, false, true);
create function pg_temp.promo() returns sales.promotions language sql as $$ select p from sales.promotions p where p.id = '6afffff0-0000-4000-8000-000000000441' $$;
insert into o values ('promo', (api.sell_at_till(pg_temp.lotus(), pg_temp.till(1), gen_random_uuid(), '[{"slug": "c-bag", "quantity": 2}]', '{}', 'terminal', null, pg_temp.cora()) ->> 'order_id')::uuid);
-- As if the code had been in a cart.
update sales.orders set promotion_id = (pg_temp.promo()).id where id = pg_temp.o('promo');
insert into sales.promotion_uses (order_id, business_id, promotion_id, member_id) values (pg_temp.o('promo'), pg_temp.lotus(), (pg_temp.promo()).id, pg_temp.cora());
update sales.promotions set uses = 1 where id = (pg_temp.promo()).id;
create function pg_temp.again() returns text language plpgsql as $$
declare cart sales.orders;
begin
  cart.id := gen_random_uuid();
  cart.business_id := pg_temp.lotus();
  cart.member_id := pg_temp.cora();
  return sales.promotion_problem(pg_temp.promo(), cart);
end $$;
select is(pg_temp.again(), 'promotion_used_up', 'a code that was used is used');
select pg_temp.give(pg_temp.o('promo'), 1, 1);
select is(pg_temp.again(), 'promotion_used_up', 'also when a part of what it was for goes back');
select pg_temp.give(pg_temp.o('promo'), 1, 1);
select is(pg_temp.again() is null and (pg_temp.promo()).uses = 0, true, 'when all of it went back, they may use it again');
update sales.promotions set first_order_only = true where id = (pg_temp.promo()).id;
select is(pg_temp.again(), null, 'and their first order is still to come');

-- A card whose refund fails, and one that expires ------------------------------------------------------------------------
select pg_temp.become('cora');
delete from sales.gift_card_rules where business_id = pg_temp.lotus();
create function pg_temp.buy(key text) returns sales.gift_cards language plpgsql as $$
declare o uuid; paying uuid;
begin
  perform api.add_gift_card_to_cart(pg_temp.lotus(), 2500, rpad('counter', 40, 'x'), '{"to_name": "Bruno", "to_email": "bruno@counter.test", "from_name": "Cora", "locale": "en"}');
  o := (api.place_order(pg_temp.lotus(), key, rpad('counter', 40, 'x')) ->> 'order_id')::uuid;
  paying := (select b.payment_id from api.begin_payment(pg_temp.lotus(), o) b);
  perform api.receive_payment_event('stripe', key, 'test', now(), jsonb_build_object('kind', 'payment', 'payment_id', paying, 'intent_ref', 'pi_' || key, 'state', 'captured', 'amount_cents', 2500, 'currency', 'EUR'), '{}');
  return (select g from sales.gift_cards g join sales.order_lines l on l.id = g.order_line_id where l.order_id = o);
end $$;
create temporary table cards as select n, (x).id, (x).order_line_id, (x).letter_id from (select n, pg_temp.buy('counter-card-' || n) as x from generate_series(1, 2) n) y;
create function pg_temp.card(n int) returns sales.gift_cards language sql as $$ select g from sales.gift_cards g join cards c on c.id = g.id where c.n = card.n $$;
create function pg_temp.refund_card(key text) returns uuid language sql as $$
  select api.refund_order(pg_temp.lotus(), (select l.order_id from sales.order_lines l where l.id = (pg_temp.card(1)).order_line_id), jsonb_build_array(jsonb_build_object('line_id', (pg_temp.card(1)).order_line_id, 'cents', 2500)), 'changed their mind', key);
  select r.id from payments.refunds r join payments.refund_lines y on y.refund_id = r.id where y.order_line_id = (pg_temp.card(1)).order_line_id and r.state = 'requested';
$$;
select pg_temp.become('boss');
create temporary table failing as select pg_temp.refund_card('counter-refund-1') as id;
select is((pg_temp.card(1)).state || ' ' || sales.gift_card_balance(pg_temp.card(1)), 'voided 0', 'a card whose money goes back is no longer good');
select payments.finish_refund((select id from failing), 're_counter_1', 'failed', 'the bank is closed');
select is((pg_temp.card(1)).state || ' ' || sales.gift_card_balance(pg_temp.card(1)), 'active 2500', 'if the money cannot go back the card is good again');
select is((select e.state from messages.emails e where e.id = (pg_temp.card(1)).letter_id) || ' ' || ((pg_temp.card(1)).letter_id <> (select letter_id from cards where n = 1)), 'queued true', 'and its letter, which was stopped, goes out');
create temporary table failing_2 as select pg_temp.refund_card('counter-refund-2') as id;
select payments.finish_refund((select id from failing_2), 're_counter_2', 'succeeded');
select is((pg_temp.card(1)).state, 'voided', 'it can be paid back once more');
select api.expire_gift_cards();
select is(sales.gift_card_balance(pg_temp.card(2)), 2500::bigint, 'a card without an end does not expire');
update sales.gift_cards set expires_at = now() - interval '1 second' where id = (pg_temp.card(2)).id;
select is(api.expire_gift_cards() > 0 and api.expire_gift_cards() = 0, true, 'what is on one whose term is over is owed no more, once');
select is(sales.gift_card_balance(pg_temp.card(2)) || ' ' || (pg_temp.card(2)).broken_cents, '0 2500', 'it is empty, and it is known what it held');
select is((select e.amount from ledger.transfers t join ledger.entries e on e.transfer_id = t.id join ledger.accounts a on a.id = e.account_id and a.kind = 'breakage' where t.source like 'gift_card:' || (pg_temp.card(2)).id || '%'), -2500::bigint, 'it is earned');
select is((select t.broken_cents >= 2500 from api.gift_card_totals(pg_temp.lotus()) t), true, 'and the owner sees it');
-- Money that comes back to a card whose time is over.
select pg_temp.become('cora');
create temporary table late as select (x).id, (x).order_line_id, null::text as code, null::text as pin from pg_temp.buy('counter-card-late') x;
update late l set code = z ->> 'code', pin = z ->> 'pin' from (select sales.new_gift_card_secret(y.id) as z from late y) w;
create function pg_temp.late() returns sales.gift_cards language sql as $$ select g from sales.gift_cards g join late l on l.id = g.id $$;
create function pg_temp.left_on() returns text language sql as $$ select concat_ws(' ', sales.gift_card_balance(g), g.broken_cents, coalesce(sales.gift_card_problem(g.id), 'good'), case when g.expires_at = now() + interval '30 days' then 'thirty days' end) from pg_temp.late() g $$;
select pg_temp.become('bar');
create function pg_temp.by_card(quantity int) returns uuid language plpgsql as $$
declare made uuid := gen_random_uuid();
begin
  perform api.open_split(pg_temp.lotus(), pg_temp.till(1), made, jsonb_build_array(jsonb_build_object('slug', 'c-bag', 'quantity', quantity)));
  perform api.take_gift_card_part(pg_temp.lotus(), made, l.code, l.pin, 'card:' || made) from late l;
  return made;
end $$;
insert into o select 'by_card', pg_temp.by_card(2);
select is(pg_temp.left_on(), '500 0 good', 'of 25 on a card 20 are spent');
update sales.gift_cards set expires_at = now() - interval '1 second' where id = (select id from late);
select api.expire_gift_cards();
select is(pg_temp.left_on(), '0 500 gift_card_expired', 'then its time is over');
select is(pg_temp.give(pg_temp.o('by_card'), 1) ->> 'refund_cents', '1000', 'one of two bags goes back');
select is(pg_temp.left_on(), '1000 500 good thirty days', 'its money is on the card again, for thirty days; what had expired stays so');
select is((select concat_ws(' ', e.to_address, e.data ->> 'amount_cents', (e.data ->> 'expires_at')::timestamptz = now() + interval '30 days', e.data ->> 'expired') from messages.emails e where e.template = 'gift_card_back' and e.data ->> 'card_id' = (select id::text from late)), 'bruno@counter.test 1000 t true', 'who holds it is told');
select api.expire_gift_cards();
select is(pg_temp.left_on(), '1000 500 good thirty days', 'nobody takes it the next night');
select pg_temp.give(pg_temp.o('by_card'), 1);
select is(pg_temp.left_on() || ' ' || (select count(*) from messages.emails e where e.template = 'gift_card_back' and e.data ->> 'card_id' = (select id::text from late)), '2000 500 good thirty days 1', 'the other bag comes to the same thirty days, and one letter says so');
select pg_temp.become('bar');
insert into o select 'by_card_2', pg_temp.by_card(1);
update sales.gift_cards set expires_at = now() + interval '90 days' where id = (select id from late);
select pg_temp.give(pg_temp.o('by_card_2'), 1);
select is((pg_temp.late()).expires_at, now() + interval '90 days', 'a card with time enough keeps its own');
update sales.gift_cards set expires_at = now() - interval '1 second' where id = (select id from late);
select api.expire_gift_cards();
select is(pg_temp.left_on(), '0 2500 gift_card_expired', 'when the thirty days are over what is left expires, once');

-- A promotion whose refund fails --------------------------------------------------------------------------------------
select pg_temp.become('cora');
create temporary table failing_code as select gen_random_uuid() as id, '6afffff0-0000-4000-8000-000000000442'::uuid as promo;
insert into sales.promotions (id, business_id, code, kind, percent, goods, max_uses, max_per_member, published) select promo, pg_temp.lotus(), 'COUNTER-FAIL', 'percent', 10, 'bar', 2, 1, true from failing_code;
create function pg_temp.code_paid(key text) returns uuid language plpgsql as $$
declare made uuid; paying record;
begin
  perform api.add_product_to_cart(pg_temp.lotus(), 'c-bag', rpad('counter', 40, 'x'));
  perform api.set_handover(pg_temp.lotus(), rpad('counter', 40, 'x'), jsonb_build_object('location_id', pg_temp.spot()));
  perform api.set_cart_promotion(pg_temp.lotus(), rpad('counter', 40, 'x'), 'COUNTER-FAIL');
  made := (api.place_order(pg_temp.lotus(), key, rpad('counter', 40, 'x')) ->> 'order_id')::uuid;
  select * into paying from api.begin_payment(pg_temp.lotus(), made);
  perform api.receive_payment_event('stripe', key, 'test', now(), jsonb_build_object('kind', 'payment', 'payment_id', paying.payment_id, 'intent_ref', 'pi_' || key, 'state', 'captured', 'amount_cents', paying.amount_cents, 'currency', 'EUR'), '{}');
  return made;
end $$;
insert into o select 'coded', pg_temp.code_paid('counter-code-1');
create function pg_temp.uses() returns text language sql as $$ select concat_ws(' ', p.uses, case when u.given_back_at is null then 'used' else 'back' end, u.stays_back) from failing_code c join sales.promotions p on p.id = c.promo join sales.promotion_uses u on u.order_id = pg_temp.o('coded') $$;
create function pg_temp.fail_refund(ref text) returns text language sql as $$
  select payments.finish_refund(r.id, ref, 'failed', 'the account is closed') from payments.refunds r where r.order_id = pg_temp.o('coded') and r.state <> 'failed';
$$;
select pg_temp.become('boss');
select pg_temp.give(pg_temp.o('coded'), 1);
select is(pg_temp.uses(), '0 back', 'all of it goes back: it has used no code');
select pg_temp.fail_refund('re_counter_code_1');
select is(pg_temp.uses(), '1 used', 'the money could not go back: it has used it after all');
-- Once more, and its buyer uses the code meanwhile.
create temporary table again_line as select (pg_temp.line(pg_temp.o('coded'))).id;
select api.refund_order(pg_temp.lotus(), pg_temp.o('coded'), jsonb_build_array(jsonb_build_object('line_id', (select id from again_line), 'cents', 900)), 'once more', 'counter-code-again');
select is(pg_temp.uses(), '0 back', 'it goes back once more');
select pg_temp.become('cora');
insert into o select 'coded_2', pg_temp.code_paid('counter-code-2');
select pg_temp.become('boss');
select pg_temp.fail_refund('re_counter_code_2');
select is(pg_temp.uses(), '1 back used_again', 'what its buyer used again meanwhile is theirs, and it is said why');
select is((select string_agg(u.given_back_at is null || coalesce(u.stays_back, ''), ' ') from sales.promotion_uses u where u.order_id = pg_temp.o('coded_2')), 'true', 'theirs counts');
update sales.promotions set max_per_member = null, max_uses = 1 where id = (select promo from failing_code);
select api.refund_order(pg_temp.lotus(), pg_temp.o('coded'), jsonb_build_array(jsonb_build_object('line_id', (select id from again_line), 'cents', 900)), 'a third time', 'counter-code-third');
select pg_temp.fail_refund('re_counter_code_3');
select is(pg_temp.uses(), '1 back used_up', 'nor is more used than there is');
select results_eq($$ select x.stays_back, x.given_back_at is null from api.promotion_uses(pg_temp.lotus(), (select promo from failing_code)) x where x.order_id in (pg_temp.o('coded'), pg_temp.o('coded_2')) order by 1 $$, $$ values ('used_up', false), (null, true) $$, 'managers read it among the uses');
select is_empty($$ select f.finding, f.detail from ledger.findings(pg_temp.lotus()) f where f.finding like 'gift%' or f.finding like 'promotion%' or f.finding like 'return%' or f.finding like 'refund%' or f.finding like '%drawer%' or f.finding like 'clearing%' $$, 'the books agree');

select * from finish();
rollback;
