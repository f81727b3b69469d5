-- Refunds by line: what staff give back of an order, how much of it, what becomes of the goods, and why. A whole ticket that is called
-- off is the board's (0720_board.sql), a seat its booking's (0830_cancelling.sql), a pass its own (0858_giving_and_refunding.sql).

insert into messages.kinds (kind, topic, essential) values ('order_refunded', 'orders', true);

create table sales.returns (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  order_line_id uuid not null,
  refund_id uuid,
  quantity int not null default 0 check (quantity >= 0),
  amount_cents bigint not null check (amount_cents >= 0),
  stock text check (stock in ('back', 'waste')),
  reason text not null check (length(reason) between 3 and 300),
  till_id uuid,
  at timestamptz not null default now(),
  by_user uuid references auth.users (id) on delete set null,
  check (quantity > 0 or amount_cents > 0),
  unique (business_id, id),
  foreign key (business_id, order_line_id) references sales.order_lines (business_id, id) on delete restrict,
  foreign key (business_id, refund_id) references payments.refunds (business_id, id) on delete restrict
);
comment on table sales.returns is 'What staff gave back of a line: pieces or money alone, whether the goods came back or were waste, who and why. refund_id: the first of its refunds (one a tender); till_id: at which till, when it was one (0874_till_refunds.sql).';
create index returns_order_line_id_idx on sales.returns (business_id, order_line_id);
create index returns_refund_id_idx on sales.returns (business_id, refund_id) where refund_id is not null;
create index returns_by_user_idx on sales.returns (by_user);
alter table sales.returns enable row level security;
grant select on sales.returns to authenticated;
create policy "The front desk and baristas see what was given back" on sales.returns for select to authenticated
  using (business_id in (select business.where_i_am('front_desk')) or business_id in (select business.where_i_am('barista')));

create function sales.pieces_left(l sales.order_lines) returns int
language sql immutable set search_path = '' as $$
  -- What is no piece of anything is there as long as money for it is.
  select case when l.kind = 'product' then l.quantity - l.returned when l.refunded_cents >= l.total_cents then 0 else l.quantity end;
$$;

create function sales.line_refund_problem(l sales.order_lines) returns text
language sql stable set search_path = '' as $$
  select case
    when l.kind in ('pass', 'membership', 'fee') then 'line_has_own_refund'
    when l.kind = 'seat' and exists (select from booking.bookings b where b.business_id = l.business_id and b.order_line_id = l.id and b.state in ('held', 'confirmed')) then 'seat_refunded_by_cancelling'
    when l.kind = 'gift_card' and exists (select from sales.gift_cards g where g.business_id = l.business_id and g.order_line_id = l.id
      and (g.state = 'voided' or coalesce((select -a.balance - a.reserved from ledger.accounts a where a.business_id = g.business_id and a.unit = g.currency::text and a.kind = 'gift_card' and a.owner = g.id::text), 0) < l.total_cents - l.refunded_cents)) then 'gift_card_used'
    when l.refunded_cents >= l.total_cents and sales.pieces_left(l) = 0 then 'line_refunded_before' end;
$$;
comment on function sales.line_refund_problem is 'Why nothing of a line can be given back here: line_has_own_refund (passes, memberships, fees), seat_refunded_by_cancelling, gift_card_used, line_refunded_before.';

create function sales.may_refund(o sales.orders, kinds text[]) returns boolean
language sql stable security definer set search_path = '' as $$
  -- Whoever stands at the counter mends what the counter sold, on the day; the rest is for managers.
  select o.business_id in (select business.where_i_am('manager'))
    or (o.business_id in (select business.where_i_am('front_desk')) or o.business_id in (select business.where_i_am('barista')))
      and may_refund.kinds <@ array['product', 'tip'] and o.payment_confirmed_at > now() - interval '24 hours';
$$;
comment on function sales.may_refund is 'Managers refund whatever can be refunded; the front desk and baristas what comes from the bar, with its tip, within 24 hours of its payment.';

create function sales.require_counter(business_id uuid) returns uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  if auth.uid() is null then perform platform.refuse(401, 'sign_in_first'); end if;
  if not (require_counter.business_id in (select business.where_i_am('front_desk')) or require_counter.business_id in (select business.where_i_am('barista'))) then
    perform platform.refuse(403, 'not_your_role', '{"role": "front_desk"}');
  end if;
  return auth.uid();
end $$;

create function api.order_to_refund(business_id uuid, order_id uuid)
returns table (reference text, number text, state text, currency text, total_cents bigint, paid_at timestamptz, buyer text, member_id uuid, line_id uuid, kind text, label jsonb, modifiers jsonb, quantity int, pieces_left int, line_cents bigint, left_cents bigint, problem text, may boolean, tenders jsonb, returned jsonb, pass_id uuid)
language plpgsql stable security definer set search_path = '' rows 5 as $$
#variable_conflict use_column
declare o sales.orders;
begin
  perform sales.require_counter(order_to_refund.business_id);
  select * into o from sales.orders x where x.id = order_to_refund.order_id and x.business_id = order_to_refund.business_id and x.state <> 'cart';
  if o.id is null then perform platform.refuse(404, 'order_not_found'); end if;
  return query
  select o.reference, o.number, o.state, o.currency::text, o.total_cents, o.payment_confirmed_at, m.name, m.id, l.id, l.kind, l.label, l.modifiers, l.quantity, sales.pieces_left(l), l.total_cents, l.total_cents - l.refunded_cents,
    sales.line_refund_problem(l), sales.may_refund(o, array[l.kind]), payments.tenders_of(o),
    (select jsonb_agg(jsonb_build_object('quantity', r.quantity, 'amount_cents', r.amount_cents, 'stock', r.stock, 'reason', r.reason, 'at', r.at) order by r.at) from sales.returns r where r.business_id = l.business_id and r.order_line_id = l.id),
    (select p.id from members.passes p where p.business_id = l.business_id and p.order_line_id = l.id and l.kind = 'pass')
  from sales.order_lines l join members.members m on m.business_id = o.business_id and m.id = o.member_id
  where l.business_id = o.business_id and l.order_id = o.id order by l.position;
end $$;
comment on function api.order_to_refund is 'An order line by line with what of each can still be given back, why not (problem), and whether the asker may; pass_id: the pass it became, which is paid back by itself. For the front desk and baristas. Refuses 403 not_your_role, 404 order_not_found.';
grant execute on function api.order_to_refund to authenticated;

create function sales.give_back_goods(l sales.order_lines, o sales.orders, pieces int, stock text, returned uuid, why text) returns void
language plpgsql volatile set search_path = '' as $$
declare
  items uuid[];
  amounts bigint[];
begin
  -- Of what the line took, the share of its pieces: each took the same.
  select array_agg((s ->> 'item')::uuid order by s ->> 'item'), array_agg((s ->> 'quantity')::bigint * give_back_goods.pieces / l.quantity order by s ->> 'item') into items, amounts
  from jsonb_array_elements(l.stock) s where (s ->> 'quantity')::bigint * give_back_goods.pieces / l.quantity > 0;
  if items is null then return; end if;
  perform shop.move_stock(o.business_id, o.location_id, 'return', 'return:' || give_back_goods.returned, items, amounts, give_back_goods.why, l.id);
  -- Not sold after all, and not there either.
  if give_back_goods.stock = 'waste' then
    perform shop.move_stock(o.business_id, o.location_id, 'waste', 'waste:' || give_back_goods.returned, items, array(select -a from unnest(amounts) with ordinality u (a, n) order by n), give_back_goods.why, l.id);
  end if;
end $$;

create function api.refund_order(business_id uuid, order_id uuid, lines jsonb, reason text, idempotency_key text, till_id uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := sales.require_counter(refund_order.business_id);
  why text := trim(coalesce(refund_order.reason, ''));
  answer jsonb;
  o sales.orders;
  l sales.order_lines;
  paid payments.payments;
  asked jsonb;
  pieces int;
  cents bigint;
  problem text;
  total bigint := 0;
  ids uuid[] := '{}';
  amounts bigint[] := '{}';
  made uuid[] := '{}';
  refund uuid;
  before uuid[];
  cash_till uuid;
begin
  answer := platform.replay(actor::text, refund_order.idempotency_key, 'refund_order', jsonb_build_object('order_id', refund_order.order_id, 'lines', refund_order.lines, 'till_id', refund_order.till_id));
  if answer is not null then return answer; end if;
  if length(why) not between 3 and 300 then perform platform.refuse(422, 'reason_invalid', '{"field": "reason"}'); end if;
  -- Order, payments, stock, ledger: the same order as everywhere.
  select * into o from sales.orders x where x.id = refund_order.order_id and x.business_id = refund_order.business_id and x.state <> 'cart' for no key update;
  if o.id is null then perform platform.refuse(404, 'order_not_found'); end if;
  if o.state not in ('paid', 'closed') then perform platform.refuse(409, 'order_not_paid'); end if;
  -- Only the tills of the counter that sold it.
  if refund_order.till_id is not null and not exists (select from shop.tills t where t.id = refund_order.till_id and t.business_id = o.business_id and t.location_id = o.location_id) then perform platform.refuse(404, 'till_not_found'); end if;
  if jsonb_typeof(refund_order.lines) is distinct from 'array' or jsonb_array_length(refund_order.lines) not between 1 and 21
    or (select count(distinct x ->> 'line_id') <> count(*) from jsonb_array_elements(refund_order.lines) x) then perform platform.refuse(422, 'refund_lines_invalid', '{"field": "lines"}'); end if;
  perform 1 from payments.payments x where x.order_id = o.id order by x.id for no key update;
  before := array(select x.id from payments.refunds x where x.order_id = o.id);
  -- Stock rows in one order: lines in that of their products.
  for asked in select x from jsonb_array_elements(refund_order.lines) x order by x ->> 'line_id' loop
    begin
      select * into l from sales.order_lines x where x.id = (asked ->> 'line_id')::uuid and x.order_id = o.id;
      pieces := coalesce((asked ->> 'quantity')::int, 0);
      cents := (asked ->> 'cents')::bigint;
    exception when invalid_text_representation or numeric_value_out_of_range then
      perform platform.refuse(422, 'refund_lines_invalid', '{"field": "lines"}');
    end;
    if l.id is null then perform platform.refuse(404, 'order_line_not_found'); end if;
    if pieces < 0 or cents < 0 or (pieces = 0 and coalesce(cents, 0) = 0) or coalesce(asked ->> 'stock', 'waste') not in ('back', 'waste') then perform platform.refuse(422, 'refund_lines_invalid', jsonb_build_object('field', 'lines', 'line_id', l.id)); end if;
    if not sales.may_refund(o, array[l.kind]) then perform platform.refuse(403, 'not_your_role', '{"role": "manager"}'); end if;
    problem := sales.line_refund_problem(l);
    if problem is not null then perform platform.refuse(409, problem, jsonb_build_object('line_id', l.id)); end if;
    if pieces > sales.pieces_left(l) then perform platform.refuse(409, 'refund_above_paid', jsonb_build_object('line_id', l.id, 'pieces_left', sales.pieces_left(l))); end if;
    -- Pieces are worth their share, counted from the first on, so that all of them together are the line to the cent.
    cents := coalesce(cents, least(l.total_cents - l.refunded_cents,
      floor(l.total_cents::numeric * (l.quantity - sales.pieces_left(l) + pieces) / l.quantity + 0.5)::bigint - floor(l.total_cents::numeric * (l.quantity - sales.pieces_left(l)) / l.quantity + 0.5)::bigint));
    if cents > l.total_cents - l.refunded_cents then perform platform.refuse(409, 'refund_above_paid', jsonb_build_object('line_id', l.id, 'left_cents', l.total_cents - l.refunded_cents, 'currency', o.currency)); end if;
    if l.kind = 'gift_card' and cents < l.total_cents - l.refunded_cents then perform platform.refuse(409, 'gift_card_whole_only', jsonb_build_object('line_id', l.id)); end if;
    if l.kind <> 'product' then pieces := 0; end if;
    insert into sales.returns as r (business_id, order_line_id, quantity, amount_cents, stock, reason, till_id, by_user)
    values (o.business_id, l.id, pieces, cents, case when pieces > 0 then coalesce(asked ->> 'stock', 'waste') end, why, refund_order.till_id, actor) returning made || r.id into made;
    update sales.order_lines x set returned = x.returned + pieces where x.id = l.id and pieces > 0;
    if cents > 0 then
      ids := ids || l.id;
      amounts := amounts || cents;
      total := total + cents;
    end if;
  end loop;
  perform 1 from shop.stock_levels v where v.location_id = o.location_id and v.stock_item_id in (select (s ->> 'item')::uuid from sales.order_lines x cross join lateral jsonb_array_elements(x.stock) s where x.order_id = o.id and x.stock is not null) order by v.stock_item_id for no key update;
  perform sales.give_back_goods(x, o, r.quantity, r.stock, r.id, why) from sales.returns r join sales.order_lines x on x.id = r.order_line_id where r.id = any (made) and r.quantity > 0 and x.stock is not null;
  if total > 0 then
    select x.* into paid from payments.payments x where x.order_id = o.id and x.captured_cents > 0 and exists (select from ledger.transfers t where t.business_id = x.business_id and t.kind = 'sale' and t.source = 'payment:' || x.id);
    if paid.id is null then perform platform.refuse(409, 'nothing_to_refund'); end if;
    if exists (select from payments.payments x where x.order_id = o.id and x.provider = 'cash' and x.captured_cents > x.refund_requested_cents) then
      cash_till := coalesce(refund_order.till_id, (select s.till_id from shop.till_sales s where s.order_id = o.id));
      -- Held until this is done: nobody counts the drawer meanwhile. What was paid in cash at the desk is in no drawer that is counted.
      perform 1 from shop.drawer_sessions d where d.till_id = cash_till and d.closed_at is null for share;
      if cash_till is not null and not found then perform platform.refuse(409, 'refund_drawer_closed', jsonb_build_object('till', (select t.name from shop.tills t where t.id = cash_till))); end if;
    end if;
    begin
      refund := payments.request_refund(paid, total, 'staff', ids, amounts, cash_till);
    exception when sqlstate 'PT409' then
      if sqlerrm <> 'not_enough_balance' or cash_till is null then raise; end if;
      perform platform.refuse(409, 'refund_drawer_too_low', jsonb_build_object('till', (select t.name from shop.tills t where t.id = cash_till)));
    end;
    update sales.returns r set refund_id = refund where r.id = any (made) and r.amount_cents > 0;
    perform sales.void_gift_card(x) from sales.order_lines x where x.id = any (ids) and x.kind = 'gift_card';
    perform messages.notify(o.business_id, o.member_id, 'order_refunded', refund::text, jsonb_build_object('order_id', o.id, 'reference', o.reference, 'amount_cents', total, 'currency', o.currency, 'reason', why));
  end if;
  -- Nothing was paid for it, and all of it came back: a reward that made it free is there again.
  update sales.order_lines x set state = 'reversed' from sales.returns r where r.id = any (made) and x.id = r.order_line_id and x.kind = 'product' and x.returned = x.quantity and x.state = 'fulfilled';
  perform payments.tell_order(o.id);
  perform shop.tell_returned(o);
  perform audit.note(o.business_id, 'order_refunded', 'order:' || o.id, jsonb_build_object('reason', why, 'amount_cents', total, 'lines', refund_order.lines));
  return platform.remember(actor::text, refund_order.idempotency_key, jsonb_build_object('order_id', o.id, 'refund_cents', total, 'currency', o.currency, 'returns', to_jsonb(made),
    'money', (select coalesce(jsonb_agg(jsonb_build_object('provider', p.provider, 'ending', g.ending, 'amount_cents', x.amount_cents) order by p.attempt), '[]') from payments.refunds x join payments.payments p on p.id = x.payment_id left join sales.gift_cards g on g.business_id = p.business_id and g.id = p.gift_card_id where x.order_id = o.id and x.id <> all (before))));
end $$;
comment on function api.refund_order is 'Staff give back of an order, line by line: lines [{line_id, quantity | cents, stock: back | waste}] (of something from the bar its pieces, or money alone), with a reason; never above what remains of a line, its tax in proportion, the money the way it came, the goods to stock or to waste. Cash comes out of the open drawer of till_id (one of the counter that sold it), else of the till that took it. Answers {order_id, refund_cents, currency, returns, money: [{provider, ending, amount_cents}]}. Who may: sales.may_refund. Refuses 403 not_your_role, 404 order_not_found, order_line_not_found, till_not_found, 409 order_not_paid, refund_drawer_closed, refund_drawer_too_low, line_has_own_refund, seat_refunded_by_cancelling, gift_card_used, gift_card_whole_only, line_refunded_before, refund_above_paid, nothing_to_refund, 422 refund_lines_invalid, reason_invalid.';
grant execute on function api.refund_order to authenticated;

create function sales.tg_refunds__promotion() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  -- Money that bought nothing had used no promotion either.
  if exists (select from payments.refund_lines y where y.business_id = new.business_id and y.refund_id = new.id) then perform sales.retake_promotion(new.order_id); end if;
  return null;
end $$;
create trigger tg_refunds__promotion after update of state on payments.refunds for each row when (old.state <> 'failed' and new.state = 'failed') execute function sales.tg_refunds__promotion();
