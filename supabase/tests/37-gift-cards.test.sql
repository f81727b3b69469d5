-- Gift cards: selling, the key to one, what staff may do; and refunds by line.
begin;
select plan(71);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', case when who is null then '' else jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text end, true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.sur() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000002'::uuid $$;
create function pg_temp.token() returns text language sql immutable as $$ select rpad('gift', 40, 'x') $$;
create function pg_temp.whom(more jsonb default '{}') returns jsonb language sql immutable as $$ select '{"to_name": "Bruno", "to_email": "Bruno@Example.test", "from_name": "Ada", "message": "Come and breathe", "locale": "es"}'::jsonb || more $$;
delete from sales.gift_card_rules where business_id = pg_temp.lotus();

-- Into the cart
select pg_temp.become('ada@example.test');
select throws_ok($$ select api.add_gift_card_to_cart(pg_temp.lotus(), 499, pg_temp.token(), pg_temp.whom()) $$, 'PT422', 'gift_card_amount_invalid', 'less than the business sells is refused');
select throws_ok($$ select api.add_gift_card_to_cart(pg_temp.lotus(), 50001, pg_temp.token(), pg_temp.whom()) $$, 'PT422', 'gift_card_amount_invalid', 'more as well');
select throws_ok($$ select api.add_gift_card_to_cart(pg_temp.lotus(), -2500, pg_temp.token(), pg_temp.whom()) $$, 'PT422', 'gift_card_amount_invalid', 'less than nothing as well');
select throws_ok($$ select api.add_gift_card_to_cart(pg_temp.lotus(), 2500, pg_temp.token(), pg_temp.whom('{"to_email": "nobody"}')) $$, 'PT422', 'email_invalid', 'so is an address that is none');
select throws_ok($$ select api.add_gift_card_to_cart(pg_temp.lotus(), 2500, pg_temp.token(), pg_temp.whom('{"to_name": " "}')) $$, 'PT422', 'name_invalid', 'a card for nobody');
select throws_ok($$ select api.add_gift_card_to_cart(pg_temp.lotus(), 2500, pg_temp.token(), pg_temp.whom('{"send_on": "2020-01-01"}')) $$, 'PT422', 'send_on_invalid', 'a day that is over');
select throws_ok($$ select api.add_gift_card_to_cart(pg_temp.lotus(), 2500, pg_temp.token(), pg_temp.whom('{"send_on": "soon"}')) $$, 'PT422', 'send_on_invalid', 'a day that is none');
select throws_ok($$ select api.add_gift_card_to_cart(pg_temp.lotus(), 2500, pg_temp.token(), pg_temp.whom(jsonb_build_object('message', repeat('x', 301)))) $$, 'PT422', 'message_too_long', 'a message that does not fit on a card');
select is((select min_cents from api.gift_card_offer(pg_temp.sur())), 500000::bigint, 'where money has more noughts, so have the cards');

create function pg_temp.buy(key text, cents bigint, whom jsonb) returns uuid language plpgsql as $$
declare o jsonb; paying uuid;
begin
  perform api.add_gift_card_to_cart(pg_temp.lotus(), cents, pg_temp.token(), whom);
  o := api.place_order(pg_temp.lotus(), key, pg_temp.token());
  paying := (select b.payment_id from api.begin_payment(pg_temp.lotus(), (o ->> 'order_id')::uuid) b);
  perform api.receive_payment_event('stripe', key, 'test', now(), jsonb_build_object('kind', 'payment', 'payment_id', paying, 'intent_ref', 'pi_' || key, 'state', 'captured', 'amount_cents', cents, 'currency', 'EUR'), '{}');
  return (select g.id from sales.gift_cards g join sales.order_lines l on l.id = g.order_line_id where l.order_id = (o ->> 'order_id')::uuid);
end $$;
create temporary table c (name text, id uuid, code text, pin text);
delete from sales.order_lines l using sales.orders o, members.members m where l.order_id = o.id and o.state = 'cart' and o.member_id = m.id and m.email::text = 'ada@example.test';
insert into c select 'now', pg_temp.buy('gift-now-1', 2500, pg_temp.whom());
insert into c select 'later', pg_temp.buy('gift-later-1', 3000, pg_temp.whom(jsonb_build_object('send_on', current_date + 20)));
create function pg_temp.card(name text) returns sales.gift_cards language sql as $$ select g from sales.gift_cards g join c on c.id = g.id where c.name = card.name $$;

select results_eq($$ select a.kind, e.amount from ledger.entries e join ledger.accounts a on a.id = e.account_id join ledger.transfers t on t.id = e.transfer_id join payments.payments x on t.source = 'payment:' || x.id join sales.order_lines l on l.order_id = x.order_id
    where l.id = (pg_temp.card('now')).order_line_id and t.kind = 'sale' order by 1 $$, $$ values ('clearing', 2500::bigint), ('gift_card', -2500::bigint) $$, 'what a card costs is owed to its holder: no revenue and no tax yet');
select is((pg_temp.card('now')).secret_hash is null, true, 'before its letter is written nobody can know its code');
select is((select e.data ?| array['code', 'pin'] from messages.emails e where e.id = (pg_temp.card('now')).letter_id), false, 'nor does it lie in the outbox');
select is((select e.to_address || ' ' || e.locale from messages.emails e where e.id = (pg_temp.card('now')).letter_id), 'bruno@example.test es', 'the letter is for whom it is given to, in their language');
select is((select (e.next_try_at at time zone b.time_zone)::text from messages.emails e join business.businesses b on b.id = e.business_id where e.id = (pg_temp.card('later')).letter_id), ((current_date + 20)::timestamp + interval '9 hours')::text, 'and leaves on its day, in the morning there');

-- The letter
update messages.emails set next_try_at = now() + interval '1 hour' where state = 'queued' and id <> (pg_temp.card('now')).letter_id;
update messages.emails set next_try_at = now() where id = (pg_temp.card('now')).letter_id;
create temporary table letter as select t.data from api.take_emails(1) t where t.id = (pg_temp.card('now')).letter_id;
select matches((select data ->> 'code' from letter), '^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$', 'whoever sends it is told a code of four groups');
select matches((select data ->> 'pin' from letter), '^\d{6}$', 'and six digits');
select is((select e.data ?| array['code', 'pin'] from messages.emails e where e.id = (pg_temp.card('now')).letter_id), false, 'and writes it nowhere');
select is((select encode(g.secret_hash, 'escape') like '%' || (data ->> 'pin') || '%' from letter, sales.gift_cards g where g.id = (pg_temp.card('now')).id), false, 'what is kept is not what was sent');
update c set code = data ->> 'code', pin = data ->> 'pin' from letter where name = 'now';

-- The key
create function pg_temp.try(code text, pin text, business uuid default '10000000-0000-4000-8000-000000000001', address text default '192.0.2.7') returns text language sql as $$ select api.check_gift_card(business, code, pin, address) ->> 'outcome' $$;
select is((select api.check_gift_card(pg_temp.lotus(), code, pin, '192.0.2.7') ->> 'balance_cents' from c where name = 'now'), '2500', 'code and PIN show what is on it');
select is((select pg_temp.try(lower(replace(code, '-', ' ')), pin) from c where name = 'now'), 'found', 'however it is typed');
select is((select pg_temp.try(code, lpad(((pin::int + 1) % 1000000)::text, 6, '0')) from c where name = 'now'), 'unknown', 'another PIN opens nothing');
select is((select pg_temp.try(code, pin, pg_temp.sur()) from c where name = 'now'), 'unknown', 'at another business it is as if it did not exist');
select is(pg_temp.try('AAAA-BBBB-CCCC-DDDD', '123456'), 'unknown', 'nor does one that does not');
select is(pg_temp.try(null, null), 'unknown', 'nor nothing at all');
create function pg_temp.hammer(times int) returns text language plpgsql as $$
declare r text;
begin
  for i in 1 .. times loop r := (select pg_temp.try(c.code, '00000' || i % 10, address => '192.0.2.' || 10 + i) from c where c.name = 'now'); end loop;
  return r;
end $$;
select is(pg_temp.hammer(10), 'locked', 'ten wrong PINs from ten addresses lock a code');
select is((select pg_temp.try(code, pin) from c where name = 'now'), 'locked', 'even for the right one, for a while');
delete from platform.sign_in_failures;

-- Once more
select throws_ok($$ select api.resend_gift_card(pg_temp.lotus(), id) from c where name = 'now' $$, 'PT409', 'letter_on_its_way', 'a letter on its way is not sent again');
update messages.emails set state = 'sent' where id = (pg_temp.card('now')).letter_id;
select throws_ok($$ select api.resend_gift_card(pg_temp.lotus(), id) from c where name = 'now' $$, 'PT429', 'gift_card_sent_just_now', 'nor one that has just left');
update sales.gift_cards set issued_at = now() - interval '1 hour' where id = (pg_temp.card('now')).id;
select pg_temp.become('bruno@example.test');
select throws_ok($$ select api.resend_gift_card(pg_temp.lotus(), id) from c where name = 'now' $$, 'PT404', 'gift_card_not_found', 'nobody but its buyer asks for that');
select pg_temp.become('ada@example.test');
select lives_ok($$ select api.resend_gift_card(pg_temp.lotus(), id) from c where name = 'now' $$, 'its buyer does');
select sales.new_gift_card_secret((pg_temp.card('now')).id);
select is((select pg_temp.try(code, pin) from c where name = 'now'), 'unknown', 'and when the new letter leaves, the old code opens nothing');

-- Staff
select throws_ok($$ select * from api.gift_cards(pg_temp.lotus()) $$, 'PT403', 'not_your_role', 'customers do not see who was given what');
select pg_temp.become('owner@sur.test');
select throws_ok($$ select api.change_gift_card(pg_temp.lotus(), id, 'block', 'lost it') from c where name = 'now' $$, 'PT403', 'not_your_role', 'nor does the owner of another business');
select pg_temp.become('frontdesk@lotus.test');
select throws_ok($$ select api.change_gift_card(pg_temp.lotus(), id, 'block', 'lost it') from c where name = 'now' $$, 'PT403', 'not_your_role', 'the front desk blocks no cards');
select pg_temp.become('manager@lotus.test');
select throws_ok($$ select api.change_gift_card(pg_temp.lotus(), id, 'block', '') from c where name = 'now' $$, 'PT422', 'reason_invalid', 'a manager says why');
update c set code = k ->> 'code', pin = k ->> 'pin' from (select sales.new_gift_card_secret((pg_temp.card('now')).id) as k) n where name = 'now';
select is((select api.change_gift_card(pg_temp.lotus(), id, 'block', 'left on a bus') ->> 'state' from c where name = 'now'), 'blocked', 'and blocks a lost card');
select is((select api.check_gift_card(pg_temp.lotus(), code, pin, '192.0.2.7') ->> 'problem' from c where name = 'now'), 'gift_card_blocked', 'whoever has its code is told so');
select is((select api.change_gift_card(pg_temp.lotus(), id, 'reissue', 'left on a bus', 'new@example.test') ->> 'state' from c where name = 'now'), 'active', 'a new code makes it good again');
select is((select pg_temp.try(code, pin) from c where name = 'now'), 'unknown', 'the old one is no longer anything');
select is((select e.to_address from messages.emails e where e.id = (pg_temp.card('now')).letter_id), 'new@example.test', 'the new one goes where the manager said');
select is(sales.gift_card_balance(pg_temp.card('now')), 2500::bigint, 'with what was on it');
select is((select string_agg(act, ' ' order by id) from audit.events where about = 'gift_card:' || (pg_temp.card('now')).id), 'gift_card_blocked gift_card_reissued', 'all of it is in the trail');
select is((select owed_cents from api.gift_card_totals(pg_temp.lotus())), (select -sum(a.balance)::bigint from ledger.accounts a where a.kind = 'gift_card' and a.business_id = pg_temp.lotus()), 'what is owed to holders is what the ledger says');
-- Refunds by line ---------------------------------------------------------------------------------------------------------
create function pg_temp.spot() returns uuid language sql immutable as $$ select '2fffffff-0000-4000-8000-000000000037'::uuid $$;
insert into business.locations (id, business_id, name) values (pg_temp.spot(), pg_temp.lotus(), 'Refund bar');
insert into shop.counters (location_id, business_id, hours, slot_minutes, slot_seconds, lead_minutes, days_ahead, position)
select pg_temp.spot(), pg_temp.lotus(), (select jsonb_agg(jsonb_build_object('day', d, 'opens', '00:00', 'closes', '24:00')) from generate_series(1, 7) d), 5, 300, 0, 7, 99;
insert into shop.products (business_id, category_id, slug, kind, name, price_cents, tax_rate_bp, make_seconds, published)
select pg_temp.lotus(), (select id from shop.categories where business_id = pg_temp.lotus() limit 1), 't-cake', 'made', '{"en": "Cake"}', 333, 1000, 5, true;
insert into shop.stock_items (business_id, name, unit, unit_cost) values (pg_temp.lotus(), '{"en": "Cake of refunds"}', 'piece', 1);
create function pg_temp.cake() returns uuid language sql stable as $$ select id from shop.stock_items where name ->> 'en' = 'Cake of refunds' $$;
insert into shop.recipe_lines (business_id, product_id, stock_item_id, quantity) select pg_temp.lotus(), p.id, pg_temp.cake(), 1 from shop.products p where p.slug = 't-cake' and p.business_id = pg_temp.lotus();
select shop.move_stock(pg_temp.lotus(), pg_temp.spot(), 'delivery', 'delivery:cake', array[pg_temp.cake()], array[100::bigint]);
create function pg_temp.cakes() returns bigint language sql as $$ select on_hand from shop.stock_levels where stock_item_id = pg_temp.cake() and location_id = pg_temp.spot() $$;
create function pg_temp.order_(key text, quantity int) returns uuid language plpgsql as $$
declare o jsonb; x record;
begin
  perform pg_temp.become('bruno@example.test');
  o := api.order_products(pg_temp.lotus(), key, jsonb_build_array(jsonb_build_object('slug', 't-cake', 'quantity', order_.quantity)), jsonb_build_object('location_id', pg_temp.spot(), 'tip', jsonb_build_object('cents', 100)));
  select * into x from api.begin_payment(pg_temp.lotus(), (o ->> 'order_id')::uuid);
  perform api.receive_payment_event('stripe', key, 'test', now(), jsonb_build_object('kind', 'payment', 'payment_id', x.payment_id, 'intent_ref', 'pi_' || key, 'state', 'captured', 'amount_cents', x.amount_cents, 'currency', 'EUR'), '{}');
  return (o ->> 'order_id')::uuid;
end $$;
create temporary table ord as select pg_temp.order_('cake-order-1', 3) as id;
create function pg_temp.line(kind text) returns uuid language sql as $$ select l.id from sales.order_lines l join ord on ord.id = l.order_id where l.kind = line.kind $$;
create function pg_temp.give(key text, lines jsonb, reason text default 'dropped it') returns jsonb language sql as $$ select api.refund_order(pg_temp.lotus(), ord.id, lines, reason, key) from ord $$;
create function pg_temp.one(kind text, more jsonb) returns jsonb language sql as $$ select jsonb_build_array(jsonb_build_object('line_id', pg_temp.line(one.kind)) || more) $$;

select throws_ok($$ select pg_temp.give('refund-by-buyer', pg_temp.one('product', '{"quantity": 1}')) $$, 'PT403', 'not_your_role', 'buyers do not refund themselves');
select pg_temp.become('owner@sur.test');
select throws_ok($$ select pg_temp.give('refund-elsewhere', pg_temp.one('product', '{"quantity": 1}')) $$, 'PT403', 'not_your_role', 'nor does the owner of another business');
select pg_temp.become('frontdesk@lotus.test');
select throws_ok($$ select pg_temp.give('refund-no-reason', pg_temp.one('product', '{"quantity": 1}'), ' ') $$, 'PT422', 'reason_invalid', 'staff say why');
select throws_ok($$ select pg_temp.give('refund-none', '[]') $$, 'PT422', 'refund_lines_invalid', 'of which line');
select throws_ok($$ select pg_temp.give('refund-minus', pg_temp.one('product', '{"quantity": -1}')) $$, 'PT422', 'refund_lines_invalid', 'how many, and not less than one');
select throws_ok($$ select pg_temp.give('refund-huge', pg_temp.one('product', '{"quantity": 99999999999}')) $$, 'PT422', 'refund_lines_invalid', 'nor more than there are numbers for');
select throws_ok($$ select pg_temp.give('refund-twice-in-one', pg_temp.one('product', '{"quantity": 1}') || pg_temp.one('product', '{"quantity": 1}')) $$, 'PT422', 'refund_lines_invalid', 'each line once');
select throws_ok($$ select pg_temp.give('refund-four', pg_temp.one('product', '{"quantity": 4}')) $$, 'PT409', 'refund_above_paid', 'four of three is refused');
select throws_ok($$ select pg_temp.give('refund-cents', pg_temp.one('product', '{"cents": 1000}')) $$, 'PT409', 'refund_above_paid', 'so is a cent more than was paid');
select throws_ok($$ select pg_temp.give('refund-not-theirs', jsonb_build_array(jsonb_build_object('line_id', (select l.id from sales.order_lines l where l.kind = 'gift_card' limit 1), 'cents', 1))) $$, 'PT404', 'order_line_not_found', 'a line of another order is none');
select is(pg_temp.give('refund-one', pg_temp.one('product', '{"quantity": 1, "stock": "back"}')) ->> 'refund_cents', '333', 'one of three cakes goes back at its price');
select is(pg_temp.give('refund-one', pg_temp.one('product', '{"quantity": 1, "stock": "back"}')) ->> 'refund_cents', '333', 'asked again, it is the same one');
select is(pg_temp.cakes(), 98::bigint, 'and stands on the counter again');
select is(pg_temp.give('refund-two', pg_temp.one('product', '{"quantity": 1, "stock": "waste"}')) ->> 'refund_cents', '333', 'another is thrown away');
select is(pg_temp.cakes() || ' ' || (select string_agg(m.kind, ' ' order by m.id) from shop.stock_movements m where m.stock_item_id = pg_temp.cake()), '98 delivery sale return return waste', 'and is waste, not a sale');
select is(pg_temp.give('refund-tip', pg_temp.one('tip', '{"cents": 40}') || pg_temp.one('product', '{"quantity": 1, "stock": "back"}')) ->> 'refund_cents', '373', 'the last one, with some of the tip');
select throws_ok($$ select pg_temp.give('refund-more', pg_temp.one('product', '{"quantity": 1}')) $$, 'PT409', 'line_refunded_before', 'then there is none left');
select throws_ok($$ select pg_temp.give('refund-more-money', pg_temp.one('product', '{"cents": 1}')) $$, 'PT409', 'line_refunded_before', 'nor a cent');
select is((select sum(y.tax_cents)::bigint from payments.refund_lines y where y.order_line_id = pg_temp.line('product')), (select l.tax_cents from sales.order_lines l where l.id = pg_temp.line('product')), 'all of its tax went back with it, to the cent');
select is((select count(*)::int from sales.returns r where r.order_line_id = pg_temp.line('product')), 3, 'each time is written down');
select is((select count(*)::int from messages.notifications n where n.kind = 'order_refunded' and n.data ->> 'order_id' = (select id::text from ord)), 3, 'and told to the buyer');
update sales.orders set payment_confirmed_at = now() - interval '2 days' where id = (select id from ord);
select throws_ok($$ select pg_temp.give('refund-old', pg_temp.one('tip', '{"cents": 1}')) $$, 'PT403', 'not_your_role', 'after a day it is for a manager');
select pg_temp.become('manager@lotus.test');
select is(pg_temp.give('refund-old-2', pg_temp.one('tip', '{"cents": 1}')) ->> 'refund_cents', '1', 'who may');
-- A card that was sold
update ord set id = (select l.order_id from sales.order_lines l where l.id = (pg_temp.card('later')).order_line_id);
select throws_ok($$ select pg_temp.give('refund-half-card', pg_temp.one('gift_card', '{"cents": 100}')) $$, 'PT409', 'gift_card_whole_only', 'a card is paid back whole');
select is(pg_temp.give('refund-card', pg_temp.one('gift_card', '{"cents": 3000}')) ->> 'refund_cents', '3000', 'if nothing was paid with it');
select is((pg_temp.card('later')).state || ' ' || (select e.state from messages.emails e where e.id = (pg_temp.card('later')).letter_id), 'voided withheld', 'and is no longer good, nor sent');
select ledger.transfer(pg_temp.lotus(), 'test_use', 'gift-used', array[ledger.account(pg_temp.lotus(), 'EUR', 'gift_card', (pg_temp.card('now')).id::text), ledger.account(pg_temp.lotus(), 'EUR', 'rounding', 'test')], array[1::bigint, -1]);
update ord set id = (select l.order_id from sales.order_lines l where l.id = (pg_temp.card('now')).order_line_id);
select throws_ok($$ select pg_temp.give('refund-used-card', pg_temp.one('gift_card', '{"cents": 2500}')) $$, 'PT409', 'gift_card_used', 'one that was used is not');
select ledger.transfer(pg_temp.lotus(), 'test_use', 'gift-unused', array[ledger.account(pg_temp.lotus(), 'EUR', 'gift_card', (pg_temp.card('now')).id::text), ledger.account(pg_temp.lotus(), 'EUR', 'rounding', 'test')], array[-1::bigint, 1]);
select is_empty($$ select * from ledger.findings(pg_temp.lotus()) f where f.finding like 'gift%' or f.finding like '%part%' or f.finding like '%tender%' $$, 'and the books agree');

select * from finish();
rollback;
