-- A sale at a till that is paid in parts: gift card, wallet, cash and card machine in any mix, several people each their share. Opened, it is an
-- order that is placed: its price stands, its goods are held. A part is a payment with a reservation (0805_tenders.sql), whatever it is paid with;
-- the part that covers what is due settles the order, by the same functions as everywhere. A part's state is its payment's: authorized (taken),
-- captured (sold), canceled (given back); one that a card reader asks for (0876_readers.sql) is none before the card has paid.

create table shop.till_parts (
  payment_id uuid primary key,
  business_id uuid not null,
  order_id uuid not null,
  session_id uuid,
  tendered_cents bigint check (tendered_cents between 0 and 1000000000),
  change_cents bigint not null default 0 check (change_cents >= 0),
  taken_at timestamptz not null default clock_timestamp(),
  taken_by uuid references auth.users (id) on delete set null,
  given_back_at timestamptz,
  given_back_by uuid references auth.users (id) on delete set null,
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete restrict,
  foreign key (business_id, payment_id) references payments.payments (business_id, id) on delete restrict,
  foreign key (business_id, session_id) references shop.drawer_sessions (business_id, id) on delete restrict
);
comment on table shop.till_parts is 'What a till knows of a part besides its payment: of cash what was handed over, the change, and the drawer (session_id) it lies in; who took it, and who gave it back.';
create index till_parts_payment_id_idx on shop.till_parts (business_id, payment_id);
create index till_parts_order_id_idx on shop.till_parts (business_id, order_id);
create index till_parts_session_id_idx on shop.till_parts (business_id, session_id) where session_id is not null;
create index till_parts_taken_by_idx on shop.till_parts (taken_by);
create index till_parts_given_back_by_idx on shop.till_parts (given_back_by);
alter table shop.till_parts enable row level security;
grant select on shop.till_parts to authenticated;
create policy "Who sells sees the parts of sales at the tills of their business" on shop.till_parts for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));

-- Reading -------------------------------------------------------------------------------------------------------------
create function shop.parts_of(order_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  return coalesce((select jsonb_agg(jsonb_build_object('part_id', p.id, 'way', case p.provider when 'stripe' then 'reader' else p.provider end, 'ending', g.ending, 'state', p.state, 'amount_cents', p.amount_cents, 'tendered_cents', x.tendered_cents, 'change_cents', x.change_cents, 'refunded_cents', p.refunded_cents, 'taken_at', x.taken_at, 'taken_by', shop.staff_name(x.taken_by)) order by x.taken_at)
    from shop.till_parts x join payments.payments p on p.id = x.payment_id left join sales.gift_cards g on g.business_id = p.business_id and g.id = p.gift_card_id
    where x.order_id = parts_of.order_id and x.business_id = p.business_id and p.state <> 'canceled' and x.given_back_at is null), '[]');
end $$;
comment on function shop.parts_of is 'The parts of a sale that were not given back: [{part_id, way (cash, terminal, reader, wallet, gift_card), ending (of a gift card''s code), state, amount_cents, tendered_cents, change_cents, refunded_cents, taken_at, taken_by}].';

create function shop.split_answer(s shop.till_sales) returns jsonb
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  return (select shop.till_answer(s) || jsonb_build_object('at_reader', (select jsonb_build_object('part_id', w.id, 'amount_cents', p.amount_cents) from shop.asked_of_split(o) w join payments.payments p on p.id = w.payment_id), 'state', case when o.state = 'placed' and o.hold_expires_at <= now() then 'expired' else o.state end, 'due_cents', case when o.state = 'placed' then o.total_cents - o.parts_cents else 0 end) from sales.orders o where o.id = s.order_id);
end $$;
comment on function shop.split_answer is 'As shop.till_answer, with due_cents: what is still to be paid, and at_reader: {part_id, amount_cents} while a card is asked for a part of it, or null.';

create function shop.find_split(business_id uuid, sale_id uuid) returns shop.till_sales
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
declare s shop.till_sales;
begin
  select * into s from shop.till_sales x where x.order_id = find_split.sale_id and x.business_id = find_split.business_id and x.pay_with = 'parts';
  if s.order_id is null then perform platform.refuse(404, 'order_not_found'); end if;
  return s;
end $$;

create function api.split(business_id uuid, sale_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare s shop.till_sales;
begin
  perform shop.require_seller(split.business_id);
  s := shop.find_split(split.business_id, split.sale_id);
  return (select shop.split_answer(s) || jsonb_build_object('currency', o.currency, 'tax_cents', o.tax_cents, 'serving', o.serving, 'call_name', s.call_name,
    'promo', (select x.code from sales.promotions x where x.id = o.promotion_id), 'reward_id', o.reward_id,
    'customer', case when not exists (select from shop.counter_guests g where g.business_id = o.business_id and g.member_id = o.member_id) then jsonb_build_object('member_id', m.id, 'name', m.name, 'wallet_cents', members.wallet_of(m)) end,
    'lines', (select jsonb_agg(jsonb_build_object('kind', l.kind, 'label', l.label, 'slug', d.slug, 'quantity', l.quantity, 'unit_cents', l.unit_price_cents, 'discount_cents', l.discount_cents, 'discounts', l.discounts, 'total_cents', l.total_cents, 'modifiers', l.modifiers,
      'modifier_ids', l.modifier_ids, 'note', l.note, 'percent', l.details -> 'percent') order by l.kind = 'tip', l.position) from sales.order_lines l left join shop.products d on d.id = l.product_id where l.order_id = o.id))
  from sales.orders o join members.members m on m.id = o.member_id where o.id = s.order_id);
end $$;
comment on function api.split is 'A sale that is paid in parts: {state: placed | paid | expired | cancelled, total_cents, due_cents, parts: see shop.parts_of, customer, lines, …}. For who sells. Refuses 404 order_not_found.';
grant execute on function api.split to authenticated;

create function api.open_sales(business_id uuid, till_id uuid) returns table (sale_id uuid, way text, reference text, total_cents bigint, due_cents bigint, name text, opened_at timestamptz)
language plpgsql stable security definer set search_path = '' rows 3 as $$
#variable_conflict use_column
begin
  perform shop.require_seller(open_sales.business_id);
  return query
  -- From the few orders that are held right now, whatever was sold here before.
  with held as materialized (select o.* from sales.orders o where o.state = 'placed' and o.hold_expires_at > now() and o.business_id = open_sales.business_id and o.channel = 'till')
  select o.id, s.pay_with, o.reference, o.total_cents, o.total_cents - o.parts_cents, coalesce(s.call_name, case when g.member_id is null then m.name end), s.sold_at
  from held o join shop.till_sales s on s.order_id = o.id join members.members m on m.id = o.member_id left join shop.counter_guests g on g.business_id = o.business_id and g.member_id = o.member_id
  where s.till_id = open_sales.till_id and s.pay_with in ('parts', 'reader') order by s.sold_at limit 20;
end $$;
comment on function api.open_sales is 'Sales of a till that are not paid yet, the oldest first. way: parts, or reader (it waits at the card reader, or its card was declined); name: the one to call, else the known customer''s, else null. For who sells.';
grant execute on function api.open_sales to authenticated;

-- Opening, giving up --------------------------------------------------------------------------------------------------
create function shop.keep_split(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
begin
  -- Money in a hand or a machine does not run out by itself: somebody sells it, or gives it back. What is only kept in the ledger does.
  update sales.orders x set hold_expires_at = case when exists (select from payments.payments p where p.order_id = x.id and p.reservation_id is not null and p.state = 'authorized' and p.provider not in ('gift_card', 'wallet')) then 'infinity'
    else now() + make_interval(mins => (select b.hold_minutes from business.businesses b where b.id = x.business_id)) end where x.id = o.id and x.state = 'placed';
end $$;

create function api.open_split(business_id uuid, till_id uuid, sale_id uuid, lines jsonb, facts jsonb default '{}', member_id uuid default null, expected_total_cents bigint default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := shop.require_seller(open_split.business_id);
  whose text := 'till:' || open_split.business_id;
  answer jsonb;
  t shop.tills;
  s shop.till_sales;
  buyer uuid;
  o sales.orders;
begin
  if open_split.sale_id is null then perform platform.refuse(400, 'idempotency_key_invalid'); end if;
  answer := platform.replay(whose, open_split.sale_id::text, 'open_split', jsonb_build_object('till_id', open_split.till_id, 'lines', open_split.lines, 'facts', open_split.facts, 'member_id', open_split.member_id));
  select * into s from shop.till_sales x where x.order_id = open_split.sale_id and x.business_id = open_split.business_id;
  if s.pay_with <> 'parts' then perform shop.refuse_unsold(s); end if;
  -- As it stands now, not as it stood when it was opened.
  if s.order_id is not null then return platform.remember(whose, open_split.sale_id::text, shop.split_answer(s)); end if;
  if answer is not null then return answer; end if;
  t := shop.find_till(open_split.business_id, open_split.till_id);
  buyer := shop.buyer_at_till(t.business_id, open_split.member_id);
  perform shop.put_order(t, open_split.sale_id, buyer, open_split.lines, open_split.facts);
  perform sales.refuse_promotion(shop.put_wishes(open_split.sale_id, buyer, open_split.facts));
  insert into shop.till_sales as x (order_id, business_id, till_id, sold_by, pay_with, call_name)
  values (open_split.sale_id, t.business_id, t.id, actor, 'parts', left(nullif(trim(open_split.facts ->> 'name'), ''), 120)) returning * into s;
  o := sales.place(open_split.sale_id, buyer, open_split.expected_total_cents, 'card', 'till');
  -- A reward or a code took it all off: there is nothing to wait for.
  if o.state = 'paid' then perform shop.call_by_name(o, s.call_name); end if;
  return platform.remember(whose, open_split.sale_id::text, shop.split_answer(s));
end $$;
comment on function api.open_split is 'A ticket that is to be paid in parts: its price stands and its goods are held, for as long as an order on the web is held, or until what was paid in cash or at the card machine is sold or given back. Arguments and refusals as api.sell_at_till, without how it is paid. Nothing to pay: sold at once. Answers shop.split_answer.';
grant execute on function api.open_split to authenticated;

create function shop.lock_split(business_id uuid, sale_id uuid) returns sales.orders
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare o sales.orders;
begin
  select x.* into o from sales.orders x join shop.till_sales s on s.order_id = x.id and s.pay_with = 'parts' where x.id = lock_split.sale_id and x.business_id = lock_split.business_id for no key update of x;
  if o.id is null then perform platform.refuse(404, 'order_not_found'); end if;
  if o.state = 'placed' and o.hold_expires_at <= now() then perform platform.refuse(409, 'split_over'); end if;
  if o.state = 'paid' or o.state = 'closed' then perform platform.refuse(409, 'order_paid'); end if;
  if o.state <> 'placed' then perform platform.refuse(409, 'split_over'); end if;
  return o;
end $$;
comment on function shop.lock_split is 'An open sale, its order locked: whoever takes a part, gives one back or gives it up waits here. Refuses 404 order_not_found, 409 split_over, order_paid.';

create function api.give_up_split(business_id uuid, sale_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := shop.require_seller(give_up_split.business_id);
  s shop.till_sales := shop.find_split(give_up_split.business_id, give_up_split.sale_id);
  o sales.orders;
begin
  if exists (select from sales.orders x where x.id = s.order_id and x.state in ('cancelled', 'expired')) then return shop.split_answer(s); end if;
  o := shop.lock_split(give_up_split.business_id, give_up_split.sale_id);
  perform shop.refuse_at_reader(o);
  -- What a reader charged and was given back is captured, and on its way back: it holds nothing up.
  if exists (select from payments.payments p where p.order_id = o.id and p.state in ('processing', 'authorized')) then perform platform.refuse(409, 'split_has_parts'); end if;
  perform sales.release_lines(o, 'cancelled', 'given up at the till');
  update sales.orders x set state = 'cancelled' where x.id = o.id;
  perform payments.close_checkouts(o.id);
  perform audit.note(o.business_id, 'split_given_up', 'order:' || o.id, jsonb_build_object('total_cents', o.total_cents, 'by', actor));
  return shop.split_answer(s);
end $$;
comment on function api.give_up_split is 'Nobody pays this sale in parts: what it held is free again, and the ticket can be rung up anew. For who sells. Refuses 404 order_not_found, 409 split_has_parts (first they are given back), split_at_reader (first it is called off), order_paid, split_over.';
grant execute on function api.give_up_split to authenticated;

-- Parts ---------------------------------------------------------------------------------------------------------------
create function shop.take_part(o sales.orders, way text, account_id bigint, cents bigint, gift_card_id uuid default null, drawer uuid default null, tendered_cents bigint default null) returns uuid
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare
  due bigint := o.total_cents - o.parts_cents;
  made uuid := gen_random_uuid();
begin
  perform shop.refuse_part(o, take_part.cents);
  if take_part.cents = due then
    -- Goods and points before money, as sales.confirm has it; then every row of the sale at once, in the order of ledger.lock: nobody who sells at this till, or pays elsewhere with this card, waits for us while we wait for them.
    perform sales.fulfil_lines(o, null);
    update sales.orders x set state = 'paid', payment_confirmed_at = now() where x.id = o.id;
    perform sales.announce_confirmed(o);
    perform 1 from ledger.accounts a where a.id in (
        select take_part.account_id
        union all select unnest(t.account_ids) from payments.payments x join ledger.transfers t on t.id = x.reservation_id where x.order_id = o.id and x.state = 'authorized'
        union all select ledger.account(o.business_id, o.currency::text, 'clearing', 'reserved')
        union all select sales.income_account(o, l) from sales.order_lines l where l.order_id = o.id
        union all select ledger.account(o.business_id, o.currency::text, 'tax', l.tax_rate_bp::text) from sales.order_lines l where l.order_id = o.id and l.tax_cents > 0)
      order by a.may_go_negative, a.id for no key update;
  end if;
  begin
    insert into payments.payments (id, business_id, order_id, provider, attempt, state, amount_cents, currency, gift_card_id, reservation_id)
    values (made, o.business_id, o.id, take_part.way, 1 + coalesce((select max(y.attempt) from payments.payments y where y.order_id = o.id), 0), 'authorized', take_part.cents, o.currency, take_part.gift_card_id, payments.reserve(o, made, take_part.account_id, take_part.cents, ''));
  exception when sqlstate 'PT409' then
    if sqlerrm <> 'not_enough_balance' then raise; end if;
    -- Somebody else was quicker to it.
    perform platform.refuse(409, case take_part.way when 'wallet' then 'wallet_too_low' else 'gift_card_too_low' end, jsonb_build_object('field', 'amount', 'balance_cents', (select -a.balance - a.reserved from ledger.accounts a where a.id = take_part.account_id), 'currency', o.currency));
  end;
  insert into shop.till_parts (payment_id, business_id, order_id, session_id, tendered_cents, change_cents, taken_by)
  values (made, o.business_id, o.id, take_part.drawer, take_part.tendered_cents, coalesce(take_part.tendered_cents - take_part.cents, 0), auth.uid());
  update sales.orders x set parts_cents = x.parts_cents + take_part.cents where x.id = o.id returning * into o;
  if o.parts_cents = o.total_cents then
    perform sales.book_sale(o, null);
    perform shop.call_by_name(o, (select s.call_name from shop.till_sales s where s.order_id = o.id));
  else
    perform shop.keep_split(o);
  end if;
  return made;
end $$;
comment on function shop.take_part is 'A part of an open sale (the caller has it from shop.lock_split), kept in the ledger at once; the one that covers what is due settles the sale. account_id: payments.money_account of that way. Refuses 409 split_at_reader, part_above_due, wallet_too_low, gift_card_too_low, and what sales.fulfil_lines refuses.';

create function api.take_part(business_id uuid, sale_id uuid, way text, idempotency_key text, amount_cents bigint default null, tendered_cents bigint default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := shop.require_seller(take_part.business_id);
  whose text := 'till:' || take_part.business_id;
  answer jsonb;
  s shop.till_sales;
  o sales.orders;
  due bigint;
  cents bigint;
  drawer uuid;
  account bigint;
begin
  answer := platform.replay(whose, take_part.idempotency_key, 'take_part', jsonb_build_object('sale_id', take_part.sale_id, 'way', take_part.way, 'amount_cents', take_part.amount_cents, 'tendered_cents', take_part.tendered_cents));
  if answer is not null then return answer; end if;
  if take_part.way is null or take_part.way not in ('cash', 'terminal', 'wallet') then perform platform.refuse(422, 'pay_with_invalid'); end if;
  if take_part.amount_cents not between 1 and 1000000000 then perform platform.refuse(422, 'amount_invalid', '{"field": "amount"}'); end if;
  if take_part.way = 'cash' and take_part.tendered_cents not between 1 and 1000000000 then perform platform.refuse(422, 'amount_invalid', '{"field": "tendered"}'); end if;
  s := shop.find_split(take_part.business_id, take_part.sale_id);
  if take_part.way = 'cash' then
    -- Held until this part is taken: nobody counts the drawer meanwhile.
    select d.id into drawer from shop.drawer_sessions d where d.till_id = s.till_id and d.closed_at is null for share;
    if drawer is null then perform platform.refuse(409, 'drawer_closed'); end if;
  end if;
  o := shop.lock_split(take_part.business_id, take_part.sale_id);
  due := o.total_cents - o.parts_cents;
  if take_part.way = 'wallet' then
    if exists (select from shop.counter_guests g where g.business_id = o.business_id and g.member_id = o.member_id) then perform platform.refuse(422, 'wallet_needs_customer'); end if;
    cents := coalesce(take_part.amount_cents, least(due, (select members.wallet_of(m) from members.members m where m.id = o.member_id)));
    if cents = 0 then perform platform.refuse(409, 'wallet_too_low', jsonb_build_object('balance_cents', 0, 'currency', o.currency)); end if;
    account := ledger.account(o.business_id, o.currency::text, 'wallet', o.member_id::text);
  elsif take_part.way = 'cash' then
    cents := coalesce(take_part.amount_cents, least(due, take_part.tendered_cents), due);
    if take_part.tendered_cents < cents then perform platform.refuse(422, 'tendered_too_low', jsonb_build_object('field', 'tendered', 'total_cents', cents, 'currency', o.currency)); end if;
    account := ledger.account(o.business_id, o.currency::text, 'drawer', s.till_id::text);
  else
    cents := coalesce(take_part.amount_cents, due);
    account := ledger.account(o.business_id, o.currency::text, 'clearing', take_part.way);
  end if;
  perform shop.take_part(o, take_part.way, account, cents, null, drawer, case when take_part.way = 'cash' then coalesce(take_part.tendered_cents, cents) end);
  return platform.remember(whose, take_part.idempotency_key, shop.split_answer(s));
end $$;
comment on function api.take_part is 'A part of an open sale: cash (amount_cents of what was handed over, tendered_cents; without an amount as much of it as is due, the rest is change), terminal (charged at the card machine), wallet (of its customer; without an amount as far as it goes). Answers shop.split_answer; the part that covers the rest sells it. For who sells. Refuses 404 order_not_found, 409 split_at_reader, part_above_due, drawer_closed, wallet_too_low, split_over, order_paid, 422 amount_invalid, tendered_too_low, wallet_needs_customer, pay_with_invalid, idempotency_key_reused.';
grant execute on function api.take_part to authenticated;

create function api.take_gift_card_part(business_id uuid, sale_id uuid, code text, pin text, idempotency_key text, amount_cents bigint default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := shop.require_seller(take_gift_card_part.business_id);
  whose text := 'till:' || take_gift_card_part.business_id;
  s shop.till_sales := shop.find_split(take_gift_card_part.business_id, take_gift_card_part.sale_id);
  tried jsonb;
  answer jsonb;
  o sales.orders;
begin
  if take_gift_card_part.amount_cents not between 1 and 1000000000 then perform platform.refuse(422, 'amount_invalid', '{"field": "amount"}'); end if;
  -- Guesses are counted for the card and for the till, as online for the card and the address.
  tried := sales.try_gift_card(take_gift_card_part.business_id, take_gift_card_part.code, take_gift_card_part.pin, 'till:' || s.till_id);
  if tried ->> 'outcome' <> 'found' then return tried; end if;
  answer := platform.replay(whose, take_gift_card_part.idempotency_key, 'take_gift_card_part', jsonb_build_object('sale_id', take_gift_card_part.sale_id, 'card_id', tried ->> 'card_id', 'amount_cents', take_gift_card_part.amount_cents));
  if answer is not null then return answer; end if;
  if tried ->> 'problem' is not null then perform platform.refuse(409, tried ->> 'problem', '{"field": "code"}'); end if;
  o := shop.lock_split(take_gift_card_part.business_id, take_gift_card_part.sale_id);
  if (tried ->> 'balance_cents')::bigint = 0 then perform platform.refuse(409, 'gift_card_empty', '{"field": "code"}'); end if;
  perform shop.take_part(o, 'gift_card', ledger.account(o.business_id, o.currency::text, 'gift_card', tried ->> 'card_id'),
    coalesce(take_gift_card_part.amount_cents, least(o.total_cents - o.parts_cents, (tried ->> 'balance_cents')::bigint)), (tried ->> 'card_id')::uuid);
  return platform.remember(whose, take_gift_card_part.idempotency_key, shop.split_answer(s) || jsonb_build_object('outcome', 'found'));
end $$;
comment on function api.take_gift_card_part is 'A part of an open sale from a gift card, for whoever shows its code and PIN: amount_cents, or as far as it goes. Answers {outcome: unknown | locked, …} as sales.try_gift_card (so that a failure is counted), or shop.split_answer with outcome found. For who sells. Refuses 404 order_not_found, 409 gift_card_blocked, gift_card_expired, gift_card_empty, gift_card_too_low, split_at_reader, part_above_due, split_over, order_paid, 422 amount_invalid, idempotency_key_reused.';
grant execute on function api.take_gift_card_part to authenticated;

create function api.give_back_part(business_id uuid, part_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := shop.require_seller(give_back_part.business_id);
  x shop.till_parts;
  p payments.payments;
  o sales.orders;
  s shop.till_sales;
begin
  select * into x from shop.till_parts y where y.payment_id = give_back_part.part_id and y.business_id = give_back_part.business_id;
  if x.payment_id is null then perform platform.refuse(404, 'part_not_found'); end if;
  s := shop.find_split(x.business_id, x.order_id);
  -- Given back twice is given back once.
  if x.given_back_at is not null then return shop.split_answer(s); end if;
  o := shop.lock_split(x.business_id, x.order_id);
  select * into p from payments.payments y where y.id = x.payment_id for no key update;
  if p.state <> 'authorized' then return shop.split_answer(s); end if;
  perform ledger.settle(p.reservation_id, false);
  update payments.payments y set state = 'canceled', updated_at = now() where y.id = p.id;
  update shop.till_parts y set given_back_at = clock_timestamp(), given_back_by = actor where y.payment_id = p.id;
  update sales.orders y set parts_cents = y.parts_cents - p.amount_cents where y.id = o.id returning * into o;
  perform shop.keep_split(o);
  perform audit.note(o.business_id, 'part_given_back', 'order:' || o.id, jsonb_build_object('part_id', p.id, 'way', p.provider, 'amount_cents', p.amount_cents));
  return shop.split_answer(s);
end $$;
comment on function api.give_back_part is 'A part that was taken goes back before the sale is sold: to the card or wallet at once; cash and what the card machine charged by whoever stands there; what a card paid at the reader through the provider. Once. For who sells. Refuses 404 part_not_found, 409 order_paid (then it is a refund), split_over.';
grant execute on function api.give_back_part to authenticated;
