-- Tenders: an order paid by several means. What gift cards and the wallet pay of it is a part each: reserved in the ledger when
-- the order is placed, taken when the rest is paid, let go when the order is over. The rest is paid like any other order.

alter table sales.orders add parts_cents bigint not null default 0;
alter table sales.orders add constraint parts_within_the_total check (parts_cents between 0 and total_cents);
comment on column sales.orders.parts_cents is 'What its parts (payments with a reservation) pay of it, fixed when it is placed. What is left is paid by one payment more.';

create table sales.cart_tenders (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  order_id uuid not null,
  provider text not null check (provider in ('gift_card', 'wallet')),
  gift_card_id uuid,
  created_at timestamptz not null default clock_timestamp(),
  check ((provider = 'gift_card') = (gift_card_id is not null)),
  unique nulls not distinct (order_id, provider, gift_card_id),
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete cascade
);
comment on table sales.cart_tenders is 'What the buyer of a cart wants used before their bank card, in the order in which it was added. Of a gift card its id: the code was proven and is not kept. Gone when the order is placed.';
create index cart_tenders_order_id_idx on sales.cart_tenders (business_id, order_id);
create index cart_tenders_gift_card_id_idx on sales.cart_tenders (business_id, gift_card_id) where gift_card_id is not null;
alter table sales.cart_tenders enable row level security;

-- What each would pay ---------------------------------------------------------------------------------------------------
create function payments.tender_account(t sales.cart_tenders, member_id uuid, currency text) returns bigint
language sql stable set search_path = '' as $$
  select a.id from ledger.accounts a where a.business_id = t.business_id and a.unit = tender_account.currency and a.kind = t.provider and a.owner = case t.provider when 'wallet' then tender_account.member_id else t.gift_card_id end::text;
$$;

create function payments.kept_in_vain(provider text, gift_card_id uuid, member_id uuid) returns bigint
language sql stable set search_path = '' as $$
  select coalesce(sum(p.amount_cents), 0)::bigint from payments.payments p join sales.orders o on o.business_id = p.business_id and o.id = p.order_id
  where p.state = 'authorized' and p.reservation_id is not null and o.state = 'placed' and o.hold_expires_at <= now()
    and case kept_in_vain.provider when 'wallet' then p.provider = 'wallet' and o.member_id = kept_in_vain.member_id else p.gift_card_id = kept_in_vain.gift_card_id end;
$$;
comment on function payments.kept_in_vain is 'What orders whose time to pay ran out still keep of a card or wallet, until a job sweeps them up or the next one takes it.';

create function payments.plan_parts(o sales.orders, total_cents bigint, swept boolean default false)
returns table (tender_id uuid, provider text, gift_card_id uuid, account_id bigint, balance_cents bigint, pays_cents bigint, problem text)
language plpgsql stable set search_path = '' rows 3 as $$
#variable_conflict use_column
declare
  kinds text[] := array(select distinct l.kind from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id);
  t sales.cart_tenders;
  left_over bigint := plan_parts.total_cents;
begin
  for t in select * from sales.cart_tenders x where x.business_id = o.business_id and x.order_id = o.id order by x.created_at, x.id loop
    tender_id := t.id;
    provider := t.provider;
    gift_card_id := t.gift_card_id;
    account_id := payments.tender_account(t, o.member_id, o.currency::text);
    balance_cents := coalesce((select -a.balance - a.reserved from ledger.accounts a where a.id = account_id), 0) + case when plan_parts.swept then 0 else payments.kept_in_vain(t.provider, t.gift_card_id, o.member_id) end;
    problem := case when 'membership' = any (kinds) then 'membership_needs_card'
      when t.provider = 'gift_card' and 'gift_card' = any (kinds) then 'gift_card_needs_money'
      when t.provider = 'wallet' and 'top_up' = any (kinds) then 'wallet_pays_no_top_up'
      when t.provider = 'gift_card' then sales.gift_card_problem(t.gift_card_id) end;
    pays_cents := case when problem is null then least(balance_cents, left_over) else 0 end;
    left_over := left_over - pays_cents;
    return next;
  end loop;
end $$;
comment on function payments.plan_parts is 'What a cart''s tenders would pay of a total, one after the other, each as far as it goes; with why one cannot be used here. The checkout shows it and payments.reserve_parts does it.';

create function payments.reserve_parts(o sales.orders, passes uuid[] default '{}') returns sales.orders
language plpgsql volatile set search_path = '' as $$
declare
  w record;
  over uuid[];
  ids bigint[];
  made uuid;
  n int := 0;
begin
  -- Hardly anybody has one.
  if not exists (select from sales.cart_tenders t where t.business_id = o.business_id and t.order_id = o.id) then return o; end if;
  if o.total_cents = 0 then
    delete from sales.cart_tenders t where t.business_id = o.business_id and t.order_id = o.id;
    return o;
  end if;
  select p.* into w from payments.plan_parts(o, o.total_cents) p where p.problem is not null limit 1;
  if found then perform platform.refuse(409, w.problem, jsonb_build_object('tender_id', w.tender_id)); end if;
  -- Points before money: if this covers the order, it is paid and earns in this transaction.
  perform loyalty.hold(o);
  -- What run-out orders keep of the same cards and wallet is free, whether or not a job has swept it up. Nobody is waited for.
  over := array(select x.id from sales.orders x where x.business_id = o.business_id and x.state = 'placed' and x.hold_expires_at <= now() and x.id <> o.id
    and exists (select from payments.payments p where p.business_id = x.business_id and p.order_id = x.id and p.state = 'authorized' and p.reservation_id is not null
      and (x.member_id = o.member_id and p.provider = 'wallet' or p.gift_card_id in (select t.gift_card_id from sales.cart_tenders t where t.order_id = o.id))) for no key update skip locked);
  -- What this and what follows reserve is locked in one go, in the order of ledger.lock: cards, wallet, and what is on the passes that pay for seats.
  perform 1 from members.passes x where x.id = any (reserve_parts.passes) order by x.id for no key update;
  ids := array(select p.account_id from payments.plan_parts(o, o.total_cents) p)
    || array(select unnest(r.account_ids) from payments.payments p join ledger.transfers r on r.id = p.reservation_id where p.order_id = any (over) and p.state = 'authorized')
    || array(select a.id from ledger.accounts a where a.business_id = o.business_id and a.unit in ('credits', o.currency::text) and a.kind in ('credits', 'unearned') and a.owner = any (reserve_parts.passes::text[]));
  perform 1 from ledger.accounts a where a.id = any (ids) and not a.may_go_negative order by a.may_go_negative, a.id for no key update;
  perform payments.void_parts(over);
  for w in select * from payments.plan_parts(o, o.total_cents, true) p where p.pays_cents > 0 loop
    n := n + 1;
    made := gen_random_uuid();
    insert into payments.payments (id, business_id, order_id, provider, attempt, state, amount_cents, currency, gift_card_id, reservation_id)
    values (made, o.business_id, o.id, w.provider, n, 'authorized', w.pays_cents, o.currency, w.gift_card_id, payments.reserve(o, made, w.account_id, w.pays_cents, ''));
    o.parts_cents := o.parts_cents + w.pays_cents;
  end loop;
  delete from sales.cart_tenders t where t.business_id = o.business_id and t.order_id = o.id;
  update sales.orders x set parts_cents = o.parts_cents where x.id = o.id;
  return o;
end $$;
comment on function payments.reserve_parts is 'What the cart''s gift cards and wallet pay of an order that is being placed, each as far as it goes: kept for it in the ledger, so that it cannot be spent twice. Refuses 409 membership_needs_card, gift_card_needs_money, wallet_pays_no_top_up, gift_card_blocked, gift_card_expired.';

create function payments.reserve(o sales.orders, payment_id uuid, account_id bigint, cents bigint, again text) returns bigint
language plpgsql volatile set search_path = '' as $$
begin
  -- The other leg is never moved: the sale itself says what was bought.
  return ledger.transfer(o.business_id, 'reservation', 'payment:' || reserve.payment_id || reserve.again,
    array[reserve.account_id, ledger.account(o.business_id, o.currency::text, 'clearing', 'reserved')], array[reserve.cents, -reserve.cents], 'pending');
end $$;

create function payments.void_parts(order_ids uuid[]) returns int
language plpgsql volatile set search_path = '' as $$
declare
  let_go bigint[];
begin
  if not exists (select from payments.payments p where p.order_id = any (void_parts.order_ids) and p.state = 'authorized' and p.reservation_id is not null) then return 0; end if;
  with v as (update payments.payments p set state = 'canceled', updated_at = now() where p.order_id = any (void_parts.order_ids) and p.state = 'authorized' and p.reservation_id is not null returning p.reservation_id)
  select array_agg(v.reservation_id order by v.reservation_id) into let_go from v;
  perform 1 from ledger.accounts a where a.id in (select unnest(t.account_ids) from ledger.transfers t where t.id = any (let_go)) and not a.may_go_negative order by a.may_go_negative, a.id for no key update;
  perform ledger.settle(u, false) from unnest(let_go) u;
  return coalesce(cardinality(let_go), 0);
end $$;
comment on function payments.void_parts is 'What orders that are over (the caller has their locks) kept of gift cards and wallets is free again: once, whoever asks first.';

create function payments.renew_parts(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
declare
  p payments.payments;
  problem text;
begin
  -- Points before money: the order that goes on from here earns.
  perform loyalty.hold(o);
  perform 1 from ledger.accounts a where a.id in (select payments.money_account(x) from payments.payments x where x.order_id = o.id and x.reservation_id is not null) order by a.may_go_negative, a.id for no key update;
  for p in select * from payments.payments x where x.order_id = o.id and x.reservation_id is not null and x.state = 'canceled'
      -- What a till gave back into somebody's hand stays there.
      and not exists (select from shop.till_parts y where y.payment_id = x.id and y.given_back_at is not null) order by x.attempt loop
    problem := case when p.gift_card_id is not null then sales.gift_card_problem(p.gift_card_id) end;
    if problem is not null then perform platform.refuse(409, problem); end if;
    update payments.payments x set state = 'authorized', updated_at = now(), reservation_id = payments.reserve(o, p.id, payments.money_account(p), p.amount_cents, ':again') where x.id = p.id;
  end loop;
end $$;
comment on function payments.renew_parts is 'The rest was paid after the order''s parts had been let go: they are kept once more, if they are still there. Refuses 409 not_enough_balance, gift_card_blocked, gift_card_expired; then what was paid goes back.';

create function payments.tenders_of(o sales.orders) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (select coalesce(jsonb_agg(jsonb_build_object('payment_id', p.id, 'provider', p.provider, 'ending', g.ending, 'state', p.state, 'amount_cents', p.amount_cents, 'refunded_cents', p.refunded_cents) order by p.attempt), '[]')
  from payments.payments p left join sales.gift_cards g on g.business_id = p.business_id and g.id = p.gift_card_id
  where p.business_id = o.business_id and p.order_id = o.id and (p.reservation_id is not null and p.state <> 'canceled' or p.captured_cents > 0));
end $$;
comment on function payments.tenders_of is 'What pays or paid an order of several tenders: [{payment_id, provider, ending (of a gift card''s code), state, amount_cents, refunded_cents}].';

-- What goes back --------------------------------------------------------------------------------------------------------
create function payments.shares(order_id uuid, main_id uuid, amount_cents bigint) returns table (payment_id uuid, cents bigint)
language plpgsql stable set search_path = '' rows 3 as $$
begin
  return query
  with t as (select x.id, x.attempt, x.captured_cents - x.refund_requested_cents as remains from payments.payments x
      where x.order_id = shares.order_id and (x.id = shares.main_id or x.reservation_id is not null) and x.captured_cents > x.refund_requested_cents),
    s as (select sum(t.remains) as all_cents from t),
    f as (select t.id, t.attempt, div(shares.amount_cents * t.remains, s.all_cents) as whole, mod(shares.amount_cents * t.remains, s.all_cents) as rest from t, s),
    r as (select f.*, row_number() over (order by f.rest desc, f.attempt) as nth, shares.amount_cents - sum(f.whole) over () as missing from f)
  select r.id, (r.whole + case when r.nth <= r.missing then 1 else 0 end)::bigint from r order by r.attempt;
end $$;
comment on function payments.shares is 'An amount divided over what paid an order, in proportion to what each has left (largest remainder, the earlier first): never more than it has left when all together have enough.';

create function payments.request_refund(p payments.payments, amount_cents bigint, reason text, line_ids uuid[] default null, line_amounts bigint[] default null, till_id uuid default null) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  o sales.orders;
  share record;
  n int := 1;
  left_of_line bigint;
  piece bigint;
  wanted bigint;
  ids uuid[];
  amounts bigint[];
  made uuid;
  first_made uuid;
begin
  select * into strict o from sales.orders x where x.id = p.order_id;
  if request_refund.line_ids is not null then
    perform sales.return_promotion(o.id, request_refund.line_ids, request_refund.line_amounts);
    -- Points follow the lines. Each tender's money is a movement of its own: all points come before any of it.
    perform loyalty.hold(o);
  end if;
  if o.parts_cents = 0 or request_refund.line_ids is null then
    return payments.refund_from(p, request_refund.amount_cents, request_refund.reason, request_refund.line_ids, request_refund.line_amounts, request_refund.till_id);
  end if;
  if request_refund.amount_cents > (select coalesce(sum(x.captured_cents - x.refund_requested_cents), 0) from payments.payments x where x.order_id = o.id and (x.id = p.id or x.reservation_id is not null)) then
    perform platform.refuse(409, 'refund_above_paid');
  end if;
  perform 1 from payments.payments x where x.order_id = o.id order by x.id for no key update;
  -- Several transfers: all their rows are locked at once, in the order of ledger.lock.
  perform 1 from ledger.accounts a where a.id in (
      select payments.money_account(x) from payments.payments x where x.order_id = o.id and x.captured_cents > 0
      union all select sales.income_account(o, l) from sales.order_lines l where l.id = any (request_refund.line_ids)
      union all select ledger.account(o.business_id, o.currency::text, 'tax', l.tax_rate_bp::text) from sales.order_lines l where l.id = any (request_refund.line_ids) and l.tax_cents > 0)
    order by a.may_go_negative, a.id for no key update;
  left_of_line := request_refund.line_amounts[1];
  for share in select * from payments.shares(o.id, p.id, request_refund.amount_cents) x where x.cents > 0 loop
    wanted := share.cents;
    ids := '{}';
    amounts := '{}';
    while wanted > 0 and n <= cardinality(request_refund.line_ids) loop
      piece := least(wanted, left_of_line);
      if piece > 0 then
        ids := ids || request_refund.line_ids[n];
        amounts := amounts || piece;
      end if;
      wanted := wanted - piece;
      left_of_line := left_of_line - piece;
      if left_of_line = 0 then
        n := n + 1;
        left_of_line := request_refund.line_amounts[n];
      end if;
    end loop;
    made := payments.refund_from(x, share.cents, request_refund.reason, ids, amounts, request_refund.till_id) from payments.payments x where x.id = share.payment_id;
    first_made := coalesce(first_made, made);
  end loop;
  return first_made;
end $$;
comment on function payments.request_refund is 'Money of an order''s lines goes back the way it came: to each tender its share (payments.shares), to gift cards and the wallet at once, to a bank card through its provider, cash out of the drawer of till_id (null: the one it came into). Answers the first refund. Refuses 409 refund_above_paid.';

-- The buyer's choice ------------------------------------------------------------------------------------------------------
create function api.cart_tenders(business_id uuid, cart_token text default null)
returns table (tender_id uuid, provider text, ending text, balance_cents bigint, pays_cents bigint, problem text, expires_at timestamptz)
language plpgsql stable security definer set search_path = '' rows 3 as $$
#variable_conflict use_column
declare o sales.orders;
begin
  select * into o from sales.orders x where x.id = sales.find_cart(cart_tenders.business_id, cart_tenders.cart_token);
  if o.id is null or not exists (select from sales.cart_tenders t where t.order_id = o.id) then return; end if;
  return query select p.tender_id, p.provider, g.ending, p.balance_cents, p.pays_cents, p.problem, g.expires_at
  from payments.plan_parts(o, (select coalesce(sum(y.total_cents), 0)::bigint from sales.price(o) y)) p left join sales.gift_cards g on g.id = p.gift_card_id;
end $$;
comment on function api.cart_tenders is 'The gift cards and wallet in the asker''s cart, what each has and would pay of today''s total, or why it cannot (problem).';
grant execute on function api.cart_tenders to anon, authenticated;

create function api.use_wallet(business_id uuid, wanted boolean, cart_token text default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := members.require_me(use_wallet.business_id);
  cart uuid := sales.find_cart(use_wallet.business_id, use_wallet.cart_token);
begin
  perform 1 from sales.orders o where o.id = cart and o.state = 'cart' for no key update;
  if not found then perform platform.refuse(409, 'cart_empty'); end if;
  if not use_wallet.wanted then
    delete from sales.cart_tenders t where t.order_id = cart and t.provider = 'wallet';
  else
    insert into sales.cart_tenders (business_id, order_id, provider) values (use_wallet.business_id, cart, 'wallet') on conflict do nothing;
  end if;
end $$;
comment on function api.use_wallet is 'Whether what is in the asker''s wallet pays its part of their cart. Refuses 409 cart_empty.';
grant execute on function api.use_wallet to authenticated;

create function api.remove_tender(business_id uuid, tender_id uuid, cart_token text default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  delete from sales.cart_tenders t using sales.orders o
  where t.id = remove_tender.tender_id and o.id = t.order_id and o.state = 'cart' and o.id = sales.find_cart(remove_tender.business_id, remove_tender.cart_token);
  if not found then perform platform.refuse(404, 'tender_not_found'); end if;
end $$;
comment on function api.remove_tender is 'Takes a gift card or the wallet out of the asker''s cart. Refuses 404 tender_not_found.';
grant execute on function api.remove_tender to anon, authenticated;
