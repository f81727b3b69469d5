-- Placing: prices, seats, the bar, points and money of an order, in the order in which everything is locked; and what ends it unpaid.

create function payments.card_minimum(currency text) returns bigint
language sql immutable set search_path = '' as $$
  select case card_minimum.currency
    when 'AED' then 200 when 'CLP' then 500 when 'COP' then 200000 when 'CZK' then 1500 when 'DKK' then 250 when 'GBP' then 30 when 'HKD' then 400 when 'HUF' then 17500
    when 'MXN' then 1000 when 'MYR' then 200 when 'NOK' then 300 when 'PEN' then 200 when 'PLN' then 200 when 'RON' then 200 when 'SEK' then 300 when 'THB' then 1000 when 'UYU' then 2000
    else 50 end;
$$;
comment on function payments.card_minimum is 'The least our provider charges a card, in minor units: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts.';

create function payments.refuse_small(cents bigint, currency text) returns void
language plpgsql immutable set search_path = '' as $$
begin
  if refuse_small.cents < payments.card_minimum(refuse_small.currency) then
    perform platform.refuse(409, 'card_below_minimum', jsonb_build_object('left_cents', refuse_small.cents, 'min_cents', payments.card_minimum(refuse_small.currency), 'currency', refuse_small.currency));
  end if;
end $$;
comment on function payments.refuse_small is 'Refuses 409 card_below_minimum: what a card is asked for after gift cards, points and the wallet, where it is less than any card may be asked for. Said before anything is sold.';

create function payments.refuse_wallet(o sales.orders) returns void
language plpgsql stable set search_path = '' as $$
begin
  perform platform.refuse(409, 'wallet_too_low', jsonb_build_object('total_cents', o.total_cents - o.parts_cents, 'currency', o.currency,
    'balance_cents', coalesce((select -a.balance - a.reserved from ledger.accounts a where a.business_id = o.business_id and a.kind = 'wallet' and a.unit = o.currency::text and a.owner = o.member_id::text), 0)));
end $$;

create function payments.book_at_once(o sales.orders, p payments.payments) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform sales.book_sale(o, p);
exception when sqlstate 'PT409' then
  if sqlerrm <> 'not_enough_balance' or p.provider is distinct from 'wallet' then raise; end if;
  perform payments.refuse_wallet(o);
end $$;
comment on function payments.book_at_once is 'sales.book_sale of an order that is paid as it is placed. Refuses 409 wallet_too_low.';

create function payments.pay_at_once(o sales.orders, provider text) returns sales.orders
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare p payments.payments;
begin
  select * into strict o from sales.orders x where x.id = o.id for no key update;
  if pay_at_once.provider is null then
    perform sales.fulfil_lines(o, null);
    perform sales.confirm(o, null);
    select * into o from sales.orders x where x.id = o.id;
    return o;
  end if;
  insert into payments.payments as x (business_id, order_id, provider, attempt, state, amount_cents, currency, captured_cents)
  values (o.business_id, o.id, pay_at_once.provider, 1 + coalesce((select max(y.attempt) from payments.payments y where y.order_id = o.id), 0), 'captured', o.total_cents - o.parts_cents, o.currency, o.total_cents - o.parts_cents)
  returning * into p;
  perform payments.settle_order(o, p);
  select * into o from sales.orders x where x.id = o.id;
  return o;
exception when sqlstate 'PT409' then
  if sqlerrm <> 'not_enough_balance' or pay_at_once.provider is distinct from 'wallet' then raise; end if;
  perform payments.refuse_wallet(o);
end $$;
comment on function payments.pay_at_once is 'Money that is here already (wallet, cash, terminal; provider null: parts that are all of it) for an order that is placed: it is settled in this transaction. Refuses 409 wallet_too_low.';

create type sales.earning as (points int, first boolean, line_ids uuid[], weights numeric[]);
comment on type sales.earning is 'What an order earns in points, and how much of it each line: see loyalty.reckon.';

create function sales.place(order_id uuid, me uuid, expected_total_cents bigint default null, pay_with text default 'card', entry text default 'public', drafts sales.order_lines[] default null) returns sales.orders
language plpgsql volatile set search_path = '' as $$
declare
  o sales.orders;
  b business.businesses;
  lines sales.priced[];
  y sales.priced;
  l record;
  seats uuid[] := '{}';
  passes uuid[] := '{}';
  held timestamptz;
  p payments.payments;
  reckoned sales.earning;
  people uuid[];
  at_once boolean;
  others boolean := false;
  more boolean := false;
  subscribes boolean := false;
  eats boolean := false;
  seated boolean := false;
  line_state text;
  made uuid;
begin
  select * into strict o from sales.orders x where x.id = place.order_id;
  select * into strict b from business.businesses x where x.id = o.business_id;
  o.member_id := place.me;
  held := now() + make_interval(mins => b.hold_minutes);
  lines := array(select z from sales.price(o, place.drafts) z);
  o.total_cents := 0;
  o.tax_cents := 0;
  if cardinality(lines) = 0 then perform platform.refuse(409, 'cart_empty'); end if;
  foreach y in array lines loop
    o.total_cents := o.total_cents + y.total_cents;
    o.tax_cents := o.tax_cents + y.tax_cents;
    others := others or y.kind <> 'seat';
    seated := seated or y.kind = 'seat';
    eats := eats or y.kind = 'product';
    subscribes := subscribes or y.kind = 'membership';
    more := more or y.kind not in ('seat', 'product', 'tip');
  end loop;
  if subscribes and place.pay_with <> 'card' then perform platform.refuse(409, 'membership_needs_card'); end if;
  -- Nothing to pay, or money that is here already, and nothing to wait for: it is theirs at once. With gift cards beside it, it is first placed.
  at_once := (o.total_cents = 0 or place.pay_with <> 'card' and not exists (select from sales.cart_tenders t where t.business_id = o.business_id and t.order_id = o.id)) and not subscribes;
  -- Each line is written once, as it will be: a row costs each time it is. What is theirs at once and needs no more than its seat or the bar is fulfilled when this is over.
  line_state := case when at_once and not more then 'fulfilled' else 'held' end;
  if place.drafts is null or cardinality(lines) > cardinality(place.drafts) then
    -- What is drafted comes before what is there (a tip).
    update sales.order_lines x set position = x.position + coalesce(cardinality(place.drafts), 0), unit_price_cents = u.unit_cents, tax_rate_bp = u.rate_bp, label = u.label, credits = u.credits, discount_cents = u.discount_cents, discounts = u.discounts,
      tax_cents = u.tax_cents, total_cents = u.total_cents, modifiers = u.modifiers, make_seconds = u.make_seconds, stock = case when x.kind = 'product' then coalesce(n.stock, '[]') end, state = line_state
    from unnest(lines) u left join (select z.line_id, z.stock from shop.stock_of_lines(o.id) z where eats) n on n.line_id = u.line_id where x.id = u.line_id;
  end if;
  if place.drafts is not null then
    insert into sales.order_lines (id, business_id, order_id, position, kind, product_id, modifier_ids, note, quantity, label, unit_price_cents, tax_rate_bp, discount_cents, discounts, tax_cents, total_cents, modifiers, make_seconds, stock, state)
    select d.id, d.business_id, d.order_id, d.position, d.kind, d.product_id, d.modifier_ids, d.note, d.quantity, u.label, u.unit_cents, u.rate_bp, u.discount_cents, u.discounts, u.tax_cents, u.total_cents, u.modifiers, u.make_seconds, coalesce(n.stock, '[]'), line_state
    from unnest(place.drafts) d join unnest(lines) u on u.line_id = d.id left join shop.stock_of_lines(null, place.drafts) n on n.line_id = d.id;
  end if;
  if seated or o.promotion_id is not null then
    people := array(select coalesce(x.person_id, place.me) from sales.order_lines x where x.business_id = o.business_id and x.order_id = o.id and x.session_id is not null);
    perform booking.hold_people(people || case when o.promotion_id is not null then array[place.me] else '{}' end);
  end if;
  -- Said before anything is held, and looked at again under the promotion's own lock.
  if o.reward_id is not null then perform loyalty.refuse_reward(o, loyalty.reward_problem(o)); end if;
  if o.promotion_id is not null then perform sales.refuse_promotion(sales.promotion_in(o)); end if;
  if seated then
    for l in select x.id, x.session_id, x.person_id, x.guest_name, x.pass_id from sales.order_lines x where x.business_id = o.business_id and x.order_id = o.id and x.session_id is not null order by x.session_id, x.id loop
      made := booking.take_seat(o.business_id, l.session_id, coalesce(l.person_id, place.me), l.id, case when not at_once then held end, at_once, place.entry, l.guest_name, place.me);
      if l.pass_id is not null then
        seats := seats || made;
        passes := passes || l.pass_id;
      end if;
    end loop;
  end if;
  if place.expected_total_cents is not null and place.expected_total_cents <> o.total_cents then
    perform platform.refuse(409, 'price_changed', jsonb_build_object('total_cents', o.total_cents, 'expected_total_cents', place.expected_total_cents, 'currency', o.currency));
  end if;
  if more then
    -- As sales.fulfil_lines locks whoever gets a plan; here already, since points are locked in between.
    perform 1 from members.members x where x.id = place.me and exists (select from sales.order_lines z where z.business_id = o.business_id and z.order_id = o.id and z.plan_id is not null) for no key update;
    perform members.check_plan(n, place.me) from sales.order_lines x join members.plans n on n.id = x.plan_id where x.business_id = o.business_id and x.order_id = o.id;
  end if;
  if at_once then
    -- All that can be written before the bar is locked. No page can be open yet that would want to hear of it.
    if o.total_cents > 0 then
      insert into payments.payments as x (business_id, order_id, provider, attempt, state, amount_cents, currency, captured_cents)
      values (o.business_id, o.id, place.pay_with, 1, 'captured', o.total_cents, o.currency, o.total_cents) returning * into p;
    end if;
    perform messages.notify(o.business_id, place.me, 'order_confirmed', o.id::text, jsonb_build_object('order_id', o.id));
    reckoned := loyalty.reckon(o, lines);
  end if;
  -- The bar is the busiest place of all: its rows are locked after everything that can be refused without them.
  if eats then o := shop.hold(o, place.entry, at_once); end if;
  if o.promotion_id is not null then perform sales.use_promotion(o); end if;
  if o.reward_id is not null then perform loyalty.reserve(o); end if;
  update sales.orders x set state = case when at_once then 'paid' else 'placed' end, member_id = place.me, location_id = o.location_id, serving = o.serving, ready_by = o.ready_by, reference = coalesce(x.reference, sales.new_reference(x.business_id)), placed_at = now(),
    payment_confirmed_at = case when at_once then now() end, hold_expires_at = case when not at_once then held end,
    total_cents = o.total_cents, tax_cents = o.tax_cents, cart_token_hash = null
  where x.id = o.id returning * into o;
  if at_once then
    if more then
      perform sales.fulfil_lines(o, p, true);
    elsif eats then
      perform shop.fulfil(o, true);
    end if;
    if seated then perform booking.refill(o); end if;
    perform loyalty.settle(o, reckoned);
    if cardinality(seats) > 0 then perform members.spend(seats, passes, not others and p.id is null); end if;
    if others or p.id is not null then perform payments.book_at_once(o, p); end if;
    return o;
  end if;
  -- Gift cards and the wallet, as far as they go, are the buyer's own wish in the cart.
  o := payments.reserve_parts(o, passes);
  if cardinality(seats) > 0 then perform members.spend(seats, passes, false); end if;
  if o.parts_cents = o.total_cents and o.parts_cents > 0 then o := payments.pay_at_once(o, null);
  elsif place.pay_with <> 'card' then o := payments.pay_at_once(o, place.pay_with);
  -- At a till it may be paid in parts, with coins; what starts a membership is billed with it.
  elsif place.entry = 'public' and not subscribes then perform payments.refuse_small(o.total_cents - o.parts_cents, o.currency::text); end if;
  return o;
end $$;
comment on function sales.place is 'Prices the lines, takes every seat (in id order, so that two carts never wait for each other), pays with passes, counts the use of a promotion, gives the order its reference. What the cart wants paid by gift cards or the wallet is reserved first. Nothing to pay, nothing left to pay, or pay_with wallet, cash or terminal: settled at once. Refuses 409 card_below_minimum where too little is left for a card. entry: see booking.take_seat. drafts: lines from the bar that are not written yet, beside what the order has (a tip).';

create function api.cart_counter(business_id uuid, cart_token text default null) returns uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  return (select coalesce(o.location_id, shop.first_counter(o.business_id)) from sales.orders o where o.id = sales.find_cart(cart_counter.business_id, cart_counter.cart_token)
    and exists (select from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id and l.kind = 'product'));
end $$;
comment on function api.cart_counter is 'The location of the counter that makes what is in the asker''s cart; null: nothing in it comes from a bar. For whoever lets a few orders of one counter through at a time.';
grant execute on function api.cart_counter to authenticated;

create function api.place_order(business_id uuid, idempotency_key text, cart_token text default null, expected_total_cents bigint default null, pay_with text default 'card') returns jsonb
language plpgsql volatile security definer set search_path = '' set plan_cache_mode = 'force_generic_plan' as $$
declare
  me uuid := members.require_me(place_order.business_id);
  answer jsonb;
  the_cart uuid;
begin
  answer := platform.replay(me::text, place_order.idempotency_key, 'place_order', jsonb_build_object('expected_total_cents', place_order.expected_total_cents, 'pay_with', place_order.pay_with));
  if answer is not null then return answer; end if;
  if place_order.pay_with not in ('card', 'wallet') then perform platform.refuse(422, 'pay_with_invalid'); end if;
  select o.id into the_cart from sales.orders o where o.id = sales.find_cart(place_order.business_id, place_order.cart_token) and o.state = 'cart' for no key update;
  if the_cart is null then perform platform.refuse(409, 'cart_empty'); end if;
  return platform.remember(me::text, place_order.idempotency_key, sales.summary(sales.place(the_cart, me, place_order.expected_total_cents, place_order.pay_with)));
end $$;
comment on function api.place_order is 'Turns the asker''s cart into a placed order whose seats are held. expected_total_cents: what the buyer saw; another total is refused 409 price_changed. pay_with: card, or wallet (settled at once, or 409 wallet_too_low). Refuses also 409 cart_empty, membership_needs_card and whatever booking.take_seat and members.spend refuse, naming the session.';
grant execute on function api.place_order to authenticated;

create function api.book_session(business_id uuid, session_id uuid, idempotency_key text, pay_with text default 'auto', pass_id uuid default null, participants jsonb default null) returns jsonb
language plpgsql volatile security definer set search_path = '' set plan_cache_mode = 'force_generic_plan' as $$
declare
  me uuid := members.require_me(book_session.business_id);
  answer jsonb;
  made uuid;
  s booking.sessions;
  cost int;
begin
  answer := platform.replay(me::text, book_session.idempotency_key, 'book_session', jsonb_build_object('session_id', book_session.session_id)
    || case when book_session.pay_with = 'auto' and book_session.participants is null then '{}' else jsonb_build_object('pay_with', book_session.pay_with, 'pass_id', book_session.pass_id, 'participants', book_session.participants) end);
  if answer is not null then return answer; end if;
  if book_session.pay_with not in ('auto', 'card', 'pass', 'wallet') or (book_session.pay_with = 'pass') < (book_session.pass_id is not null) then perform platform.refuse(422, 'pay_with_invalid'); end if;
  -- A class that two thousand want at once has thirty orders, not two thousand that are undone. Passes named and people brought along are looked at first.
  if book_session.pay_with <> 'pass' and book_session.participants is null and booking.is_full(book_session.business_id, book_session.session_id) then
    perform platform.refuse(409, 'session_full', jsonb_build_object('session_id', book_session.session_id));
  end if;
  -- A placed order from its first breath: it never passes through the member's cart.
  insert into sales.orders as o (business_id, member_id, state, channel, currency, reference, placed_at)
  select b.id, me, 'placed', 'api', b.currency, sales.new_reference(b.id), now() from business.businesses b where b.id = book_session.business_id returning o.id into made;
  select * into s from booking.sessions x where x.id = book_session.session_id and x.business_id = book_session.business_id;
  if s.id is null then perform platform.refuse(404, 'session_not_found'); end if;
  if book_session.participants is null and (s.price_cents = 0 or book_session.pay_with in ('card', 'wallet')) then
    insert into sales.order_lines (business_id, order_id, position, kind, session_id, label, unit_price_cents) values (s.business_id, made, 1, 'seat', s.id, '{}', s.price_cents);
  else
    select t.credits into cost from booking.class_types t where t.id = s.class_type_id;
    perform sales.add_seats(made, me, s, cost, book_session.pay_with, book_session.pass_id, book_session.participants);
  end if;
  return platform.remember(me::text, book_session.idempotency_key, sales.summary(sales.place(made, me, null, case book_session.pay_with when 'wallet' then 'wallet' else 'card' end)));
end $$;
comment on function api.book_session is 'Seats of one session in one order, without a cart. pay_with: auto (a pass that pays, else money), pass (pass_id, or the one that pays), card, wallet. participants: see sales.read_people. Refusals as booking.take_seat and members.spend; answers the order''s summary (paid when there was nothing to pay).';
grant execute on function api.book_session to authenticated;

create function api.too_late(business_id uuid, session_id uuid, users uuid[], keys text[]) returns int[]
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  -- One statement, hence one instant, for the seats and the keys alike. Who is no member yet is left to book_session.
  return (
    select coalesce(array_agg(x.n::int order by x.n), '{}') from unnest(too_late.users, too_late.keys) with ordinality x (user_id, key, n)
    join members.members m on m.business_id = too_late.business_id and m.user_id = x.user_id
    where booking.is_full(too_late.business_id, too_late.session_id) and length(x.key) between 8 and 100
      and not exists (select from platform.idempotency_keys k where k.actor = m.id::text and k.key = x.key));
end $$;
comment on function api.too_late is 'Which of those who press at once (their numbers, from 1) book_session would refuse session_full at this instant for a seat of their own: everybody, when the class is full, whose key was not answered before.';
grant execute on function api.too_late to service_role;

create function sales.add_seats(order_id uuid, me uuid, s booking.sessions, cost int, pay_with text, pass_id uuid, participants jsonb) returns void
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare
  w record;
  paying uuid;
  n int := 0;
begin
  for w in select * from sales.read_people(add_seats.me, add_seats.participants) loop
    n := n + 1;
    paying := case when s.price_cents = 0 or add_seats.pay_with in ('card', 'wallet') then null
      else coalesce(add_seats.pass_id, members.pass_for(add_seats.me, w.person_id, w.guest_name is not null, s, add_seats.cost, sales.planned_credits(add_seats.order_id))) end;
    if paying is null and add_seats.pay_with = 'pass' and s.price_cents > 0 then perform platform.refuse(409, 'no_pass_pays', jsonb_build_object('session_id', s.id)); end if;
    insert into sales.order_lines (business_id, order_id, position, kind, session_id, person_id, guest_name, pass_id, label, unit_price_cents)
    values (s.business_id, add_seats.order_id, n, 'seat', s.id, nullif(w.person_id, add_seats.me), w.guest_name, paying, '{}', s.price_cents);
  end loop;
exception when unique_violation then
  perform platform.refuse(422, 'participants_invalid');
end $$;

create function api.cancel_order(business_id uuid, order_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare o sales.orders;
begin
  select * into o from sales.orders x where x.id = cancel_order.order_id and x.business_id = cancel_order.business_id and x.member_id in (select members.mine()) and x.state <> 'cart' and not payments.is_at_till(x) for no key update;
  if o.id is null then perform platform.refuse(404, 'order_not_found'); end if;
  if o.state = 'cancelled' then return sales.summary(o); end if;
  if o.state <> 'placed' then perform platform.refuse(409, 'order_' || o.state); end if;
  -- What is owed is waived by the front desk (api.waive), not by whoever owes it.
  if exists (select from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id and l.kind = 'fee') then perform platform.refuse(409, 'fee_owed'); end if;
  perform sales.release_lines(o, 'cancelled', 'the order was cancelled before it was paid');
  update sales.orders x set state = 'cancelled' where x.id = o.id returning * into o;
  perform payments.close_checkouts(o.id);
  perform payments.tell_order(o.id);
  return sales.summary(o);
end $$;
comment on function api.cancel_order is 'The member gives up an unpaid order; its seats are free at once. Refuses 404 order_not_found, 409 order_paid, order_expired, fee_owed.';

create function payments.close_pages(order_id uuid) returns void
language sql volatile set search_path = '' as $$
  select platform.add_job('close_checkout', jsonb_build_object('payment_id', p.id), 'close:' || p.id)
  from payments.payments p where p.order_id = close_pages.order_id and p.provider_ref is not null and p.state in ('pending', 'failed', 'requires_action');
$$;
comment on function payments.close_pages is 'Asks the provider to stop taking money for an order that is over.';

create function payments.close_checkouts(order_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform payments.close_pages(close_checkouts.order_id);
  perform payments.void_parts(array[close_checkouts.order_id]);
end $$;
comment on function payments.close_checkouts is 'An order is over (the caller has its lock): its pages take no more money, and what was kept of gift cards and the wallet is free again.';
grant execute on function api.cancel_order to authenticated;

create function api.expire_holds(at_most int default 500) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  o sales.orders;
  done int := 0;
  with_parts uuid[] := '{}';
  gone sales.orders[] := '{}';
begin
  for o in select * from sales.orders x where x.state = 'placed' and x.hold_expires_at <= now() order by x.hold_expires_at limit expire_holds.at_most for no key update skip locked loop
    gone := gone || o;
  end loop;
  -- Kind by kind, and each kind in its order, as somebody who buys takes them: nobody who has a seat and wants another, or the bar,
  -- waits for us while we have that and want their seat.
  perform 1 from booking.sessions s where s.id in (select b.session_id from unnest(gone) x join sales.order_lines l on l.business_id = x.business_id and l.order_id = x.id join booking.bookings b on b.business_id = l.business_id and b.order_line_id = l.id and b.state = 'held')
    order by s.id for no key update;
  foreach o in array gone loop
    perform sales.release_seats(o, 'expired', 'the hold ran out');
    update sales.orders x set state = 'expired' where x.id = o.id;
    perform payments.close_pages(o.id);
    if o.parts_cents > 0 then with_parts := with_parts || o.id; end if;
    perform payments.tell_order(o.id);
    done := done + 1;
  end loop;
  for o in select x.* from unnest(gone) x where x.location_id is not null order by x.location_id, x.id loop
    perform shop.release(o);
  end loop;
  for o in select x.* from unnest(gone) x where x.promotion_id is not null order by x.promotion_id, x.id loop
    perform sales.give_back_promotion(o);
  end loop;
  for o in select x.* from unnest(gone) x where x.reward_id is not null order by x.member_id, x.id loop
    perform loyalty.release(o);
  end loop;
  -- All at once and last, so that their rows are locked in one order.
  perform payments.void_parts(with_parts);
  update booking.sessions s set hold_ends_at = (select min(b.held_until) from booking.bookings b where b.session_id = s.id and b.state = 'held')
  where s.id in (select y.id from booking.sessions y where y.starts_at > now() and y.hold_ends_at <= now() for no key update skip locked);
  return done;
end $$;
comment on function api.expire_holds is 'Tidies up orders whose hold ran out. Correctness never waits for it: a run-out hold is ignored by readers and reclaimed by the next one who needs the seat. Run by a job.';
grant execute on function api.expire_holds to service_role;
