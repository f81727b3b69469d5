-- Orders that several means pay: what gift cards and the wallet are kept for, take, let go and get back.
begin;
select plan(47);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', case when who is null then '' else jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text end, true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create temporary table s (name text, id uuid);
with made as (
  insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select t.business_id, t.id, r.id, i.id, date_trunc('day', now()) + interval '42 days' + make_interval(hours => n), date_trunc('day', now()) + interval '42 days 50 minutes' + make_interval(hours => n), 3, 1600
  from generate_series(0, 6) n, booking.class_types t, booking.rooms r, booking.instructors i
  where t.slug = 'morning-vinyasa' and r.name = 'Sala Azotea' and i.slug = 'tomas' and i.business_id = t.business_id returning id, starts_at)
insert into s select 's' || row_number() over (order by starts_at), id from made;

create temporary table p (name text, order_id uuid, payment_id uuid);
create function pg_temp.token(who text) returns text language sql as $$ select rpad(who, 40, 'x') $$;
create function pg_temp.event(id text, name text, state text, amount bigint, intent text default null) returns text language sql as $$
  select api.receive_payment_event('stripe', id, 'test', now(), jsonb_strip_nulls(jsonb_build_object('kind', 'payment', 'payment_id', p.payment_id, 'intent_ref', coalesce(intent, 'pi_' || p.name), 'state', event.state, 'amount_cents', amount, 'currency', 'EUR')), '{}') ->> 'outcome' from p where p.name = event.name;
$$;
create temporary table c (name text, id uuid, code text, pin text);
-- A card of so much, bought and paid by Ada, with its secret as the letter has it.
create function pg_temp.card(name text, cents bigint) returns void language plpgsql as $$
declare o jsonb; made uuid; k jsonb;
begin
  perform pg_temp.become('ada@example.test');
  perform api.add_gift_card_to_cart(pg_temp.lotus(), cents, pg_temp.token('ada'), '{"to_name": "Bruno", "to_email": "bruno@example.test", "from_name": "Ada"}');
  o := api.place_order(pg_temp.lotus(), 'card-order-' || name, pg_temp.token('ada'));
  insert into p select 'card ' || card.name, (o ->> 'order_id')::uuid, b.payment_id from api.begin_payment(pg_temp.lotus(), (o ->> 'order_id')::uuid) b;
  perform pg_temp.event('card-' || name, 'card ' || name, 'captured', cents);
  select g.id into strict made from sales.gift_cards g join sales.order_lines l on l.id = g.order_line_id where l.order_id = (o ->> 'order_id')::uuid;
  k := sales.new_gift_card_secret(made);
  insert into c values (card.name, made, k ->> 'code', k ->> 'pin');
end $$;
create function pg_temp.balance(name text) returns bigint language sql as $$ select sales.gift_card_balance(g) from sales.gift_cards g join c on c.id = g.id where c.name = balance.name $$;
create function pg_temp.use(who text, card text) returns jsonb language sql as $$
  select api.use_gift_card(pg_temp.lotus(), c.code, c.pin, '192.0.2.1', (select u.id from auth.users u where u.email = who), pg_temp.token(who)) from c where c.name = use.card;
$$;
-- A class in the cart, with the cards that pay.
create function pg_temp.place(name text, who text, session text, cards text[], pay_with text default 'card') returns text language plpgsql as $$
declare o jsonb; card text;
begin
  perform pg_temp.become(who);
  delete from sales.order_lines l using sales.orders o, members.members m where l.order_id = o.id and o.state = 'cart' and o.member_id = m.id and m.email::text = who;
  perform api.add_seat_to_cart(pg_temp.lotus(), (select s.id from s where s.name = session), pg_temp.token(who));
  perform api.choose_payment(pg_temp.lotus(), l.id, null, pg_temp.token(who)) from sales.order_lines l join sales.orders x on x.id = l.order_id join members.members m on m.id = x.member_id where x.state = 'cart' and m.email::text = who;
  foreach card in array cards loop
    if card = 'wallet' then perform api.use_wallet(pg_temp.lotus(), true, pg_temp.token(who)); else perform pg_temp.use(who, card); end if;
  end loop;
  o := api.place_order(pg_temp.lotus(), 'tender-place-' || name, pg_temp.token(who), null, place.pay_with);
  insert into p select place.name, (o ->> 'order_id')::uuid, (select b.payment_id from api.begin_payment(pg_temp.lotus(), (o ->> 'order_id')::uuid) b where o ->> 'state' = 'placed') where o ->> 'state' = 'placed';
  insert into p select place.name, (o ->> 'order_id')::uuid, null where o ->> 'state' <> 'placed';
  return o ->> 'state';
end $$;
create function pg_temp.state(name text) returns text language sql as $$ select o.state from sales.orders o join p on p.order_id = o.id where p.name = state.name $$;
create function pg_temp.parts(name text) returns text language sql as $$ select string_agg(x.provider || ' ' || x.state || ' ' || x.amount_cents || '-' || x.captured_cents || '-' || x.refunded_cents, ', ' order by x.attempt) from payments.payments x join p on p.order_id = x.order_id where p.name = parts.name $$;
create function pg_temp.run_out(name text) returns void language plpgsql as $$
begin
  update sales.orders set hold_expires_at = now() - interval '1 minute' where id = (select order_id from p where p.name = run_out.name);
  update booking.bookings b set held_until = now() - interval '1 minute' from sales.order_lines l where l.id = b.order_line_id and l.order_id = (select order_id from p where p.name = run_out.name);
end $$;

-- A part by card, the rest by bank card
select pg_temp.card('ten', 1000);
select is(pg_temp.balance('ten'), 1000::bigint, 'a card that was paid for holds what it cost');
select is(pg_temp.place('split', 'bruno@example.test', 's1', array['ten']), 'placed', 'a class of 16.00 with a card of 10.00 waits for the rest');
select is((select amount_cents from payments.payments x join p on p.payment_id = x.id where p.name = 'split'), 600::bigint, 'and the payment page asks for 6.00');
select is(pg_temp.balance('ten'), 0::bigint, 'what is kept for it cannot be spent again');
select throws_ok($$ select pg_temp.use('ada@example.test', 'ten') $$, 'PT409', 'gift_card_empty', 'not even by somebody else who has the code');
select is(pg_temp.event('x1', 'split', 'captured', 1600), 'amount_mismatch', 'a payment of the whole is not what was left to pay, and goes back');
select is(pg_temp.state('split'), 'placed', 'the order stays to be paid');
insert into p select 'split again', order_id, (select b.payment_id from api.begin_payment(pg_temp.lotus(), order_id) b) from p where name = 'split';
select is(pg_temp.event('x2', 'split again', 'captured', 600), 'settled', 'the rest settles it');
select is(pg_temp.event('x2', 'split again', 'captured', 600), 'duplicate', 'once');
select is(pg_temp.state('split'), 'paid', 'paid');
select is(pg_temp.parts('split'), 'gift_card captured 1000-1000-0, stripe captured 600-1600-0, stripe captured 600-600-0', 'each tender with what it paid; the wrong one with what goes back');
select results_eq($$ select a.kind, e.amount from ledger.entries e join ledger.accounts a on a.id = e.account_id join ledger.transfers t on t.id = e.transfer_id join p on t.source = 'payment:' || p.payment_id where p.name = 'split again' order by 1 $$,
  $$ values ('clearing', 600::bigint), ('gift_card', 1000::bigint), ('revenue', -1322::bigint), ('tax', -278::bigint) $$, 'one booking has both: the tax is of the whole, now that the card is used');
select is(pg_temp.event('x3', 'split again', 'captured', 600, 'pi_second_page'), 'paid_twice', 'paid on a second page: that payment goes back');
select is(pg_temp.balance('ten'), 0::bigint, 'and the card is as it was');

-- Back the way it came
select lives_ok($$ select payments.request_refund(x, 801, 'staff', array[l.id], array[801::bigint]) from p join payments.payments x on x.id = p.payment_id join sales.order_lines l on l.order_id = p.order_id where p.name = 'split again' $$, 'half of it goes back');
select is(pg_temp.balance('ten'), 501::bigint, 'to the card what it paid of that, at once (8.01 × 10/16 = 5.006…)');
select is((select refund_requested_cents from payments.payments x join p on p.payment_id = x.id where p.name = 'split again'), 300::bigint, 'the rest to the bank card, by its provider');
select lives_ok($$ select payments.request_refund(x, 799, 'staff', array[l.id], array[799::bigint]) from p join payments.payments x on x.id = p.payment_id join sales.order_lines l on l.order_id = p.order_id where p.name = 'split again' $$, 'and the other half');
select is(pg_temp.balance('ten'), 1000::bigint, 'to the cent');
select is((select sum(y.tax_cents)::bigint from payments.refund_lines y join sales.order_lines l on l.id = y.order_line_id join p on p.order_id = l.order_id where p.name = 'split again'), 278::bigint, 'with the tax in it, to the cent');
select throws_ok($$ select payments.request_refund(x, 1, 'staff', array[l.id], array[1::bigint]) from p join payments.payments x on x.id = p.payment_id join sales.order_lines l on l.order_id = p.order_id where p.name = 'split again' $$, 'PT409', 'refund_above_paid', 'never more than was paid');

-- All of it by card
select pg_temp.card('forty', 4000);
select is(pg_temp.place('whole', 'bruno@example.test', 's2', array['forty']), 'paid', 'a card that covers it all settles the order at once');
select is(pg_temp.balance('forty'), 2400::bigint, 'and keeps the rest');
select is((select b.state from booking.bookings b join sales.order_lines l on l.id = b.order_line_id join p on p.order_id = l.order_id where p.name = 'whole'), 'confirmed', 'the seat is theirs');
select lives_ok($$ select api.cancel_booking(pg_temp.lotus(), b.id, 'cancel-whole-1') from booking.bookings b join sales.order_lines l on l.id = b.order_line_id join p on p.order_id = l.order_id where p.name = 'whole' $$, 'cancelled in time');
select is(pg_temp.balance('forty'), 4000::bigint, 'all of it is on the card again');

-- Card, then wallet, then nothing left
select ledger.transfer(pg_temp.lotus(), 'test_top_up', 'tenders', array[ledger.account(pg_temp.lotus(), 'EUR', 'wallet', m.id::text), ledger.account(pg_temp.lotus(), 'EUR', 'rounding', 'test')], array[-700::bigint, 700]) from members.members m where m.email::text = 'bruno@example.test' and m.business_id = pg_temp.lotus();
create function pg_temp.wallet() returns bigint language sql as $$ select -a.balance - a.reserved from ledger.accounts a join members.members m on a.owner = m.id::text where a.kind = 'wallet' and m.email::text = 'bruno@example.test' and m.business_id = pg_temp.lotus() $$;
create temporary table had as select pg_temp.wallet() as cents;
select pg_temp.place('three', 'bruno@example.test', 's3', array['ten', 'wallet']);
select is((select string_agg(x.provider || ' ' || x.amount_cents, ', ' order by x.attempt) from payments.payments x join p on p.order_id = x.order_id where p.name = 'three' and x.reservation_id is not null),
  'gift_card 1000, wallet ' || least(600, (select cents from had)), 'first the card, then the wallet, in the order they were chosen');

-- Let go
select pg_temp.place('given up', 'ada@example.test', 's4', array['forty']) from c where false;
select pg_temp.card('five', 500);
select pg_temp.place('given up', 'bruno@example.test', 's4', array['five']);
select is(pg_temp.balance('five'), 0::bigint, 'kept while it waits');
select lives_ok($$ select api.cancel_order(pg_temp.lotus(), order_id) from p where name = 'given up' $$, 'given up');
select is(pg_temp.balance('five'), 500::bigint, 'free again');
select lives_ok($$ select api.cancel_order(pg_temp.lotus(), order_id) from p where name = 'given up' $$, 'given up twice');
select is((select a.reserved from ledger.accounts a join c on a.owner = c.id::text where c.name = 'five'), 0::bigint, 'is given back once');
select pg_temp.place('late', 'bruno@example.test', 's5', array['five']);
select pg_temp.run_out('late');
select is(api.expire_holds() >= 1 and pg_temp.balance('five') = 500, true, 'so when the time to pay runs out');
select is(pg_temp.event('l1', 'late', 'captured', 1100), 'settled', 'paid after that: the card still has it, so it is theirs');
select is(pg_temp.balance('five'), 0::bigint, 'and the card paid its part');
select pg_temp.card('six', 600);
select pg_temp.place('too late', 'bruno@example.test', 's6', array['six']);
select pg_temp.run_out('too late');
select pg_temp.place('next', 'ada@example.test', 's7', array['six']);
select is((select x.amount_cents from payments.payments x join p on p.order_id = x.order_id where p.name = 'next' and x.provider = 'gift_card'), 600::bigint, 'what a run-out order kept is there for the next one before any job sweeps it up');
select is(pg_temp.event('t1', 'next', 'captured', 1000), 'settled', 'who came next pays with it');
select is(pg_temp.event('t2', 'too late', 'captured', 1000), 'paid_too_late', 'who pays too late finds the card empty');
select is((select f.amount_cents from payments.refunds f join p on p.payment_id = f.payment_id where p.name = 'too late'), 1000::bigint, 'and what they paid, no more, goes back');
select is(pg_temp.state('too late') || ' ' || pg_temp.balance('six'), 'expired 0', 'nothing of the card is moved');

-- What may not be paid with what
select pg_temp.become('ada@example.test');
select api.add_gift_card_to_cart(pg_temp.lotus(), 2500, pg_temp.token('ada'), '{"to_name": "B", "to_email": "b@example.test", "from_name": "Ada"}');
select throws_ok($$ select pg_temp.use('ada@example.test', 'forty') $$, 'PT409', 'gift_card_needs_money', 'a gift card buys no gift card');
delete from sales.order_lines l using sales.orders o, members.members m where l.order_id = o.id and o.state = 'cart' and o.member_id = m.id and m.email::text = 'ada@example.test';
select api.add_plan_to_cart(pg_temp.lotus(), (select n.slug from members.plans n where n.business_id = pg_temp.lotus() and n.kind = 'membership' and n.published and n.superseded_at is null order by n.slug limit 1), pg_temp.token('ada'));
select throws_ok($$ select pg_temp.use('ada@example.test', 'forty') $$, 'PT409', 'membership_needs_card', 'nor what is charged again every month');
delete from sales.order_lines l using sales.orders o, members.members m where l.order_id = o.id and o.state = 'cart' and o.member_id = m.id and m.email::text = 'ada@example.test';
select throws_ok($$ select pg_temp.use('ada@example.test', 'forty') $$, 'PT409', 'cart_empty', 'nor nothing');
select api.add_top_up_to_cart(pg_temp.lotus(), 1000, pg_temp.token('ada'));
select api.use_wallet(pg_temp.lotus(), true, pg_temp.token('ada'));
select throws_ok($$ select api.place_order(pg_temp.lotus(), 'wallet-into-itself', pg_temp.token('ada')) $$, 'PT409', 'wallet_pays_no_top_up', 'a wallet does not fill itself');
select api.use_wallet(pg_temp.lotus(), false, pg_temp.token('ada'));
select pg_temp.use('ada@example.test', 'forty');
select is(api.place_order(pg_temp.lotus(), 'card-into-wallet', pg_temp.token('ada')) ->> 'state', 'paid', 'but a card can be put into the wallet');
select is(pg_temp.balance('forty'), 3000::bigint, 'and pays that');
select is_empty($$ select * from ledger.findings() $$, 'after all of that the books agree');

select * from finish();
rollback;
