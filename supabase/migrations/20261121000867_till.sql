-- The till: sales at the counter. A sale is an order of channel 'till', named by the device before it is sent; what it is paid with in parts is 0871, its drawer's cash 0872, what was sold without a connection 0873.

insert into ledger.account_kinds (kind, side, may_go_negative, meaning) values ('safe', 1, true, 'cash taken out of drawers, less what was put in: the safe, and small things paid for');

create table shop.tills (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  location_id uuid not null,
  name text not null check (length(name) between 1 and 40),
  tell_from_cents bigint not null default 1 check (tell_from_cents between 1 and 1000000000),
  created_at timestamptz not null default now(),
  unique (business_id, id),
  unique (location_id, name),
  foreign key (business_id, location_id) references shop.counters (business_id, location_id) on delete restrict
);
comment on table shop.tills is 'A place at a counter where people pay. Its cash is the ledger''s account (drawer, <till id>), which holds nothing while the drawer is closed. tell_from_cents: the least difference at closing of which managers hear.';
create index tills_location_id_idx on shop.tills (business_id, location_id);

create table shop.drawer_sessions (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  till_id uuid not null,
  opened_at timestamptz not null default now(),
  opened_by uuid references auth.users (id) on delete set null,
  opening_cents bigint not null check (opening_cents between 0 and 1000000000),
  closed_at timestamptz,
  closed_by uuid references auth.users (id) on delete set null,
  counted_cents bigint check (counted_cents between 0 and 1000000000),
  expected_cents bigint,
  difference_cents bigint generated always as (counted_cents - expected_cents) stored,
  check ((closed_at is null) = (counted_cents is null) and (closed_at is null) = (expected_cents is null)),
  unique (business_id, id),
  foreign key (business_id, till_id) references shop.tills (business_id, id) on delete restrict
);
comment on table shop.drawer_sessions is 'From counting what is in a drawer to counting it again. expected_cents: what the ledger says should be there; difference_cents: above zero when there was too much.';
create unique index drawer_sessions_one_open on shop.drawer_sessions (till_id) where closed_at is null;
create index drawer_sessions_till_id_idx on shop.drawer_sessions (business_id, till_id, opened_at desc);
create index drawer_sessions_opened_by_idx on shop.drawer_sessions (opened_by);
create index drawer_sessions_closed_by_idx on shop.drawer_sessions (closed_by);

create table shop.drawer_moves (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  session_id uuid not null,
  kind text not null check (kind in ('pay_in', 'pay_out')),
  amount_cents bigint not null check (amount_cents between 1 and 1000000000),
  reason text not null check (length(reason) between 3 and 200),
  at timestamptz not null default clock_timestamp(),
  by_user uuid references auth.users (id) on delete set null,
  foreign key (business_id, session_id) references shop.drawer_sessions (business_id, id) on delete restrict
);
create index drawer_moves_session_id_idx on shop.drawer_moves (business_id, session_id, at);
create index drawer_moves_by_user_idx on shop.drawer_moves (by_user);

create table shop.till_sales (
  order_id uuid primary key,
  business_id uuid not null,
  till_id uuid not null,
  session_id uuid,
  sold_by uuid references auth.users (id) on delete set null,
  pay_with text not null check (pay_with in ('cash', 'terminal', 'wallet', 'parts', 'reader')),
  tendered_cents bigint check (tendered_cents between 0 and 1000000000),
  change_cents bigint not null default 0 check (change_cents >= 0),
  receipt_token text not null unique default encode(extensions.gen_random_bytes(16), 'hex'),
  sold_at timestamptz not null default now(),
  call_name text check (length(call_name) between 1 and 120),
  told_at timestamptz,
  synced_at timestamptz,
  flags text[] not null default '{}',
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete restrict,
  foreign key (business_id, till_id) references shop.tills (business_id, id) on delete restrict,
  foreign key (business_id, session_id) references shop.drawer_sessions (business_id, id) on delete restrict
);
comment on table shop.till_sales is 'What was sold at a till, or is being paid there in parts (pay_with: parts; its order is not paid yet, or was given up). order_id: chosen by the device, so that what is sent twice is one sale; receipt_token: opens the receipt to who holds it (a QR code on the till), and nothing else; session_id: the drawer a cash sale went into. Of a sale made without a connection: told_at by the device''s clock (sold_at: within bounds), synced_at, and flags (see api.sync_till_sales).';
create index till_sales_order_id_idx on shop.till_sales (business_id, order_id);
create index till_sales_till_id_idx on shop.till_sales (business_id, till_id, sold_at desc);
create index till_sales_session_id_idx on shop.till_sales (business_id, session_id) where session_id is not null;
create index till_sales_sold_by_idx on shop.till_sales (sold_by);

create table shop.counter_guests (
  business_id uuid primary key references business.businesses on delete restrict,
  member_id uuid not null,
  foreign key (business_id, member_id) references members.members (business_id, id) on delete restrict
);
comment on table shop.counter_guests is 'In whose name a business sells to people who do not say theirs: a member without an account, archived, who is told nothing (messages.notify).';
create index counter_guests_member_id_idx on shop.counter_guests (business_id, member_id);

alter table shop.tills enable row level security;
alter table shop.drawer_sessions enable row level security;
alter table shop.drawer_moves enable row level security;
alter table shop.till_sales enable row level security;
alter table shop.counter_guests enable row level security;
grant select on shop.tills, shop.drawer_sessions, shop.drawer_moves, shop.till_sales, shop.counter_guests to authenticated;
create policy "Who sells sees the tills of their business" on shop.tills for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Who sells sees the drawers of their business" on shop.drawer_sessions for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Who sells sees what was put into drawers and taken out" on shop.drawer_moves for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Who sells sees what was sold at the tills of their business" on shop.till_sales for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Managers see in whose name guests buy" on shop.counter_guests for select to authenticated using (business_id in (select business.where_i_am('manager')));

-- Who may -------------------------------------------------------------------------------------------------------------
create function shop.require_seller(business_id uuid) returns uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  perform shop.require_bar(require_seller.business_id);
  return auth.uid();
end $$;
comment on function shop.require_seller is 'The bar or the front desk: who sells at a till. Refuses 401 sign_in_first, 403 not_your_role.';

create function shop.find_till(business_id uuid, till_id uuid) returns shop.tills
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
declare t shop.tills;
begin
  select * into t from shop.tills x where x.id = find_till.till_id and x.business_id = find_till.business_id;
  if t.id is null then perform platform.refuse(404, 'till_not_found'); end if;
  return t;
end $$;

create function shop.guest_of(business_id uuid) returns uuid
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare guest uuid;
begin
  select g.member_id into guest from shop.counter_guests g where g.business_id = guest_of.business_id;
  if guest is not null then return guest; end if;
  -- Two first sales at once make one guest.
  perform pg_advisory_xact_lock(hashtextextended('shop.guest_of ' || guest_of.business_id, 0));
  select g.member_id into guest from shop.counter_guests g where g.business_id = guest_of.business_id;
  if guest is not null then return guest; end if;
  insert into members.members (business_id, name, email, locale, archived_at)
  select b.id, case when b.locales[1] like 'es%' then 'Mostrador' else 'Counter' end, 'counter@' || b.slug || '.invalid', left(b.locales[1], 2), now() from business.businesses b where b.id = guest_of.business_id returning id into guest;
  insert into shop.counter_guests (business_id, member_id) values (guest_of.business_id, guest);
  return guest;
end $$;
comment on function shop.guest_of is 'In whose name this business sells to people who do not say theirs; made at the first such sale.';

create function api.find_customers(business_id uuid, words text) returns table (member_id uuid, name text, email text, wallet_cents bigint)
language plpgsql stable security definer set search_path = '' rows 8 as $$
#variable_conflict use_column
declare
  -- As members.searchable writes it; what is typed is not a pattern.
  asked text := replace(replace(replace(trim(members.searchable(find_customers.words, '', '')), '\', ''), '%', ''), '_', '\_');
  typed text := upper(regexp_replace(find_customers.words, '[\s-]', '', 'g'));
begin
  perform shop.require_seller(find_customers.business_id);
  if length(asked) < 2 then return; end if;
  return query
  with found as (
    select m.* from members.desk_codes c join members.members m on m.id = c.member_id where c.business_id = find_customers.business_id and c.code = typed
    union all
    (select m.* from members.members m where m.business_id = find_customers.business_id and m.archived_at is null and m.guardian_id is null
      and m.search like all (select '%' || w || '%' from unnest(string_to_array(asked, ' ')) w where w <> '') order by m.search, m.id limit 8))
  select distinct on (f.search, f.id) f.id, f.name, left(f.email::text, 1) || '…@' || split_part(f.email::text, '@', 2), members.wallet_of(f)
  from found f order by f.search, f.id limit 8;
end $$;
comment on function api.find_customers is 'Up to eight members by name, address, number or code, with what is in their wallet; of their address only as much as tells two of one name apart. For who sells at a till.';
grant execute on function api.find_customers to authenticated;

create function members.wallet_of(m members.members) returns bigint
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((select -a.balance - a.reserved from ledger.accounts a join business.businesses b on b.id = a.business_id where a.business_id = m.business_id and a.unit = b.currency::text and a.kind = 'wallet' and a.owner = m.id::text), 0);
end $$;
comment on function members.wallet_of is 'What a member can spend from their wallet now, minor units.';

-- Tills ---------------------------------------------------------------------------------------------------------------
create function api.add_till(business_id uuid, location_id uuid, name text) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare made uuid;
begin
  perform business.require_role(add_till.business_id, 'manager');
  if coalesce(length(trim(add_till.name)), 0) not between 1 and 40 then perform platform.refuse(422, 'till_name_invalid', '{"field": "name"}'); end if;
  if not exists (select from shop.counters c where c.location_id = add_till.location_id and c.business_id = add_till.business_id) then perform platform.refuse(404, 'location_not_found'); end if;
  insert into shop.tills as t (business_id, location_id, name) values (add_till.business_id, add_till.location_id, trim(add_till.name)) on conflict do nothing returning t.id into made;
  if made is null then perform platform.refuse(409, 'till_exists', '{"field": "name"}'); end if;
  perform audit.note(add_till.business_id, 'till_added', 'till:' || made, jsonb_build_object('name', trim(add_till.name)));
  return made;
end $$;
comment on function api.add_till is 'A till at a counter. For managers. Refuses 404 location_not_found, 409 till_exists, 422 till_name_invalid.';
grant execute on function api.add_till to authenticated;

create function shop.staff_name(user_id uuid) returns text
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  return (select coalesce(nullif(trim(u.raw_user_meta_data ->> 'full_name'), ''), split_part(u.email, '@', 1)) from auth.users u where u.id = staff_name.user_id);
end $$;

create function api.tills(business_id uuid) returns table (till_id uuid, name text, location_id uuid, location_name text, currency text, open_since timestamptz, tip_percents int[], prices_include_tax boolean, servings text[])
language plpgsql stable security definer set search_path = '' rows 4 as $$
#variable_conflict use_column
begin
  perform shop.require_seller(tills.business_id);
  return query
  select t.id, t.name, t.location_id, l.name, b.currency::text, d.opened_at, c.tip_percents, b.prices_include_tax, c.servings
  from shop.tills t join business.locations l on l.id = t.location_id join shop.counters c on c.location_id = t.location_id join business.businesses b on b.id = t.business_id
  left join shop.drawer_sessions d on d.till_id = t.id and d.closed_at is null
  where t.business_id = tills.business_id order by c.position, l.name, t.name;
end $$;
comment on function api.tills is 'The tills of a business; open_since: null while the drawer is closed. For who sells.';
grant execute on function api.tills to authenticated;

create function api.till_places(business_id uuid) returns table (location_id uuid, name text)
language plpgsql stable security definer set search_path = '' rows 4 as $$
#variable_conflict use_column
begin
  perform business.require_role(till_places.business_id, 'manager');
  return query select c.location_id, l.name from shop.counters c join business.locations l on l.id = c.location_id where c.business_id = till_places.business_id order by c.position, l.name limit 1000;
end $$;
comment on function api.till_places is 'The counters at which a till can stand. For managers.';
grant execute on function api.till_places to authenticated;

-- Selling -------------------------------------------------------------------------------------------------------------
create function shop.put_order(t shop.tills, order_id uuid, buyer uuid, lines jsonb, facts jsonb) returns void
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare x jsonb;
begin
  if jsonb_typeof(put_order.lines) is distinct from 'array' or jsonb_array_length(put_order.lines) not between 1 and 20 then perform platform.refuse(422, 'lines_invalid', '{"field": "lines"}'); end if;
  begin
    insert into sales.orders (id, business_id, member_id, state, channel, currency, reference, placed_at, location_id)
    select put_order.order_id, b.id, put_order.buyer, 'placed', 'till', b.currency, sales.new_reference(b.id), now(), t.location_id from business.businesses b where b.id = t.business_id;
  exception when unique_violation then
    perform platform.refuse(422, 'idempotency_key_reused');
  end;
  for x in select * from jsonb_array_elements(put_order.lines) loop
    perform shop.put_line(put_order.order_id, shop.find_product(t.business_id, x ->> 'slug'),
      case when x ? 'modifier_ids' then array(select y::uuid from jsonb_array_elements_text(x -> 'modifier_ids') y) end, coalesce((x ->> 'quantity')::int, 1), x ->> 'note', false);
  end loop;
  perform shop.put_handover(put_order.order_id, jsonb_build_object('serving', (select case when 'eat_in' = any (c.servings) then 'eat_in' else c.servings[1] end from shop.counters c where c.location_id = t.location_id)) || (coalesce(put_order.facts, '{}') - 'location_id' - 'pickup_at'));
exception when invalid_text_representation or numeric_value_out_of_range then
  perform platform.refuse(422, 'lines_invalid', '{"field": "lines"}');
end $$;
comment on function shop.put_order is 'An order of a till, not placed yet: its lines and how it is handed over, at the till''s counter and now.';

create function shop.put_wishes(order_id uuid, buyer uuid, facts jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare
  said text := nullif(trim(put_wishes.facts ->> 'promo'), '');
  p sales.promotions;
  o sales.orders;
begin
  if said is not null then
    select x.* into p from sales.promotions x join sales.orders y on y.business_id = x.business_id where y.id = put_wishes.order_id and x.code operator(extensions.=) said::extensions.citext and x.published;
  end if;
  update sales.orders x set promotion_id = p.id, reward_id = (select r.id from loyalty.rewards r where r.business_id = x.business_id and r.id = nullif(put_wishes.facts ->> 'reward_id', '')::uuid) where x.id = put_wishes.order_id returning * into o;
  if put_wishes.facts ->> 'reward_id' <> '' and o.reward_id is null then perform platform.refuse(404, 'reward_not_found', '{"field": "reward"}'); end if;
  if said is null then return null; end if;
  if p.id is null then return jsonb_build_object('code', said, 'label', '{}'::jsonb, 'problem', 'promotion_not_found'); end if;
  -- All who do not say who they are are one guest in the books: what is for each once, or for the first time, cannot be told.
  if (p.first_order_only or p.max_per_member is not null) and exists (select from shop.counter_guests g where g.business_id = o.business_id and g.member_id = put_wishes.buyer) then
    return sales.promotion_in(o) || jsonb_build_object('problem', 'promotion_needs_customer');
  end if;
  return sales.promotion_in(o);
exception when invalid_text_representation then
  perform platform.refuse(404, 'reward_not_found', '{"field": "reward"}');
end $$;
comment on function shop.put_wishes is 'The code that was said (facts.promo) and the reward for points (facts.reward_id), into an order of a till. Answers as sales.promotion_in; besides its problems promotion_not_found and promotion_needs_customer. Refuses 404 reward_not_found.';

create function shop.buyer_at_till(business_id uuid, member_id uuid) returns uuid
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare buyer uuid;
begin
  if buyer_at_till.member_id is null then return shop.guest_of(buyer_at_till.business_id); end if;
  select coalesce(m.guardian_id, m.id) into buyer from members.members m where m.id = buyer_at_till.member_id and m.business_id = buyer_at_till.business_id and m.archived_at is null;
  if buyer is null then perform platform.refuse(404, 'member_not_found'); end if;
  return buyer;
end $$;

create function api.price_at_till(business_id uuid, till_id uuid, lines jsonb, facts jsonb default '{}', member_id uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  t shop.tills;
  made uuid := gen_random_uuid();
  buyer uuid;
  o sales.orders;
  answer jsonb;
  customer jsonb;
  promo jsonb;
begin
  perform shop.require_seller(price_at_till.business_id);
  t := shop.find_till(price_at_till.business_id, price_at_till.till_id);
  buyer := shop.buyer_at_till(price_at_till.business_id, price_at_till.member_id);
  if price_at_till.member_id is not null then
    select jsonb_build_object('member_id', m.id, 'name', m.name, 'wallet_cents', members.wallet_of(case when m.guardian_id is null then m else (select g from members.members g where g.id = m.guardian_id) end)) into customer from members.members m where m.id = price_at_till.member_id;
  end if;
  if price_at_till.lines = '[]' then return jsonb_build_object('total_cents', 0, 'tax_cents', 0, 'lines', '[]'::jsonb, 'promotion', null, 'loyalty', null, 'customer', customer); end if;
  begin
    -- The same lines by the same function as when they are sold; and then nothing of it was ever there.
    perform shop.put_order(t, made, buyer, price_at_till.lines, price_at_till.facts);
    promo := shop.put_wishes(made, buyer, price_at_till.facts);
    -- A code that does not hold takes nothing off, and is said beside its field; the rest is priced.
    if promo ->> 'problem' is not null then update sales.orders x set promotion_id = null where x.id = made; end if;
    select * into strict o from sales.orders x where x.id = made;
    select jsonb_build_object('total_cents', coalesce(sum(p.total_cents), 0), 'tax_cents', coalesce(sum(p.tax_cents), 0), 'currency', o.currency, 'promotion', promo,
      'loyalty', case when price_at_till.member_id is not null then loyalty.in_cart(o) end,
      'lines', jsonb_agg(jsonb_build_object('kind', p.kind, 'label', p.label, 'slug', d.slug, 'quantity', p.quantity, 'unit_cents', p.unit_cents, 'discount_cents', p.discount_cents, 'discounts', p.discounts, 'total_cents', p.total_cents,
        'modifiers', p.modifiers, 'note', l.note, 'problem', case when p.kind = 'product' then shop.line_problem(l, o) end) order by p.kind = 'tip', l.position))
    into answer from sales.price(o) p join sales.order_lines l on l.id = p.line_id left join shop.products d on d.id = l.product_id;
    raise sqlstate 'AT000';
  exception when sqlstate 'AT000' then
    null;
  end;
  return answer || jsonb_build_object('customer', customer);
end $$;
comment on function api.price_at_till is 'What a ticket comes to, as api.sell_at_till would sell it: {total_cents, tax_cents, currency, lines: [{kind, label, slug, quantity, unit_cents, total_cents, modifiers, note, problem}], promotion: see shop.put_wishes, loyalty: see loyalty.in_cart (of the customer), customer: {member_id, name, wallet_cents} or null}; of no lines: nothing. Keeps nothing. For who sells. Refuses 404 till_not_found, member_not_found, product_not_found, 422 lines_invalid and what shop.put_handover refuses.';
grant execute on function api.price_at_till to authenticated;

create function shop.till_answer(s shop.till_sales) returns jsonb
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  return (select sales.summary(o) || jsonb_build_object('till_id', s.till_id, 'pay_with', s.pay_with, 'tendered_cents', s.tendered_cents, 'change_cents', s.change_cents, 'receipt_token', s.receipt_token, 'parts', shop.parts_of(s.order_id), 'call_number', shop.ticket_of(o) -> 'call_number')
  from sales.orders o where o.id = s.order_id);
end $$;

create function shop.call_by_name(o sales.orders, name text) returns void
language plpgsql volatile set search_path = '' as $$
declare k shop.tickets;
begin
  if nullif(trim(call_by_name.name), '') is null then return; end if;
  update shop.tickets y set name = left(trim(call_by_name.name), 120), version = y.version + 1 where y.business_id = o.business_id and y.order_id = o.id returning * into k;
  if k.id is not null then perform shop.tell_board(k); end if;
end $$;
comment on function shop.call_by_name is 'Whom to call, where they said it.';

create function shop.refuse_unsold(s shop.till_sales) returns void
language plpgsql stable set search_path = '' as $$
declare o sales.orders;
begin
  select * into o from sales.orders x where x.business_id = s.business_id and x.id = s.order_id;
  if not payments.is_at_till(o) then return; end if;
  perform platform.refuse(409, case when o.state <> 'placed' or o.hold_expires_at <= now() then 'split_over' when s.pay_with = 'reader' then 'sale_at_reader' else 'sale_in_parts' end);
end $$;
comment on function shop.refuse_unsold is 'What is being paid in parts or at a reader, or was given up there, is not sold a second way under its id. Refuses 409 sale_in_parts, sale_at_reader, split_over.';

create function api.sell_at_till(business_id uuid, till_id uuid, sale_id uuid, lines jsonb, facts jsonb default '{}', pay_with text default 'cash', tendered_cents bigint default null, member_id uuid default null, expected_total_cents bigint default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := shop.require_seller(sell_at_till.business_id);
  -- The business's, not the seller's: what one of them left on a device, the next one sends.
  whose text := 'till:' || sell_at_till.business_id;
  answer jsonb;
  t shop.tills;
  s shop.till_sales;
  drawer uuid;
  buyer uuid;
  o sales.orders;
begin
  if sell_at_till.sale_id is null then perform platform.refuse(400, 'idempotency_key_invalid'); end if;
  perform shop.refuse_unsold(x) from shop.till_sales x where x.order_id = sell_at_till.sale_id and x.business_id = sell_at_till.business_id;
  answer := platform.replay(whose, sell_at_till.sale_id::text, 'sell_at_till', jsonb_build_object('till_id', sell_at_till.till_id, 'lines', sell_at_till.lines, 'facts', sell_at_till.facts, 'pay_with', sell_at_till.pay_with, 'tendered_cents', sell_at_till.tendered_cents, 'member_id', sell_at_till.member_id));
  if answer is not null then return answer; end if;
  -- Keys are kept for two days, sales for ever.
  select * into s from shop.till_sales x where x.order_id = sell_at_till.sale_id and x.business_id = sell_at_till.business_id;
  if s.order_id is not null then return platform.remember(whose, sell_at_till.sale_id::text, shop.till_answer(s)); end if;
  if sell_at_till.pay_with is null or sell_at_till.pay_with not in ('cash', 'terminal', 'wallet') then perform platform.refuse(422, 'pay_with_invalid'); end if;
  if sell_at_till.pay_with = 'wallet' and sell_at_till.member_id is null then perform platform.refuse(422, 'wallet_needs_customer'); end if;
  if sell_at_till.pay_with = 'cash' and (sell_at_till.tendered_cents is null or sell_at_till.tendered_cents not between 0 and 1000000000) then perform platform.refuse(422, 'amount_invalid', '{"field": "tendered"}'); end if;
  t := shop.find_till(sell_at_till.business_id, sell_at_till.till_id);
  if sell_at_till.pay_with = 'cash' then
    -- Held until this sale is done: nobody counts the drawer meanwhile.
    select d.id into drawer from shop.drawer_sessions d where d.till_id = t.id and d.closed_at is null for share;
    if drawer is null then perform platform.refuse(409, 'drawer_closed'); end if;
  end if;
  buyer := shop.buyer_at_till(t.business_id, sell_at_till.member_id);
  perform shop.put_order(t, sell_at_till.sale_id, buyer, sell_at_till.lines, sell_at_till.facts);
  perform sales.refuse_promotion(shop.put_wishes(sell_at_till.sale_id, buyer, sell_at_till.facts));
  insert into shop.till_sales as x (order_id, business_id, till_id, session_id, sold_by, pay_with, tendered_cents)
  values (sell_at_till.sale_id, t.business_id, t.id, drawer, actor, sell_at_till.pay_with, case when sell_at_till.pay_with = 'cash' then sell_at_till.tendered_cents end);
  o := sales.place(sell_at_till.sale_id, buyer, sell_at_till.expected_total_cents, sell_at_till.pay_with, 'till');
  if sell_at_till.pay_with = 'cash' and sell_at_till.tendered_cents < o.total_cents then perform platform.refuse(422, 'tendered_too_low', jsonb_build_object('field', 'tendered', 'total_cents', o.total_cents, 'currency', o.currency)); end if;
  update shop.till_sales x set change_cents = coalesce(x.tendered_cents - o.total_cents, 0) where x.order_id = o.id returning * into s;
  perform shop.call_by_name(o, sell_at_till.facts ->> 'name');
  return platform.remember(whose, sell_at_till.sale_id::text, shop.till_answer(s));
end $$;
comment on function api.sell_at_till is 'A sale at a till, paid at once: cash (tendered_cents; the change is kept with it), terminal, or the wallet of member_id. sale_id: the device''s own, the order''s id; sent again it is the same sale. lines as api.order_products; facts: see shop.put_handover, promo and reward_id: see shop.put_wishes, name: whom to call. Answers the order''s summary with call_number, change_cents, receipt_token. Refuses 404 till_not_found, member_not_found, 409 drawer_closed, price_changed, wallet_too_low, sale_in_parts (see api.open_split), sale_at_reader, split_over (an id that was given up: a new sale has a new one), what a code (404 promotion_not_found, 409 promotion_needs_customer and as api.set_cart_promotion) and a reward (404 reward_not_found, 409 points_too_few, reward_nothing_fits) refuse, 422 tendered_too_low, wallet_needs_customer, amount_invalid, pay_with_invalid, lines_invalid, idempotency_key_reused, and what shop.hold refuses.';
grant execute on function api.sell_at_till to authenticated;

-- Receipts ------------------------------------------------------------------------------------------------------------
create function api.till_sale(business_id uuid, sale_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare s shop.till_sales;
begin
  perform shop.require_seller(till_sale.business_id);
  select x.* into s from shop.till_sales x join sales.orders o on o.business_id = x.business_id and o.id = x.order_id where x.order_id = till_sale.sale_id and x.business_id = till_sale.business_id and not payments.is_at_till(o);
  if s.order_id is null then perform platform.refuse(404, 'order_not_found'); end if;
  return jsonb_build_object('sale', shop.till_answer(s), 'order', sales.order_document(s.order_id) - 'email',
    'has_address', not exists (select from shop.counter_guests g join sales.orders o on o.member_id = g.member_id where g.business_id = s.business_id and o.id = s.order_id));
end $$;
comment on function api.till_sale is 'What was sold: {sale: see api.sell_at_till, order: its document without an address, has_address: whether the receipt went out by e-mail}. For who sells. Refuses 404 order_not_found.';
grant execute on function api.till_sale to authenticated;

create function api.receipt(business_id uuid, receipt_token text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare s shop.till_sales;
begin
  select * into s from shop.till_sales x where x.receipt_token = receipt.receipt_token and x.business_id = receipt.business_id;
  if not exists (select from sales.orders o where o.id = s.order_id and o.state in ('paid', 'closed')) then perform platform.refuse(404, 'order_not_found'); end if;
  return jsonb_build_object('order', sales.order_document(s.order_id) - 'email' - 'payment', 'pay_with', s.pay_with, 'tendered_cents', s.tendered_cents, 'change_cents', s.change_cents, 'parts', shop.parts_of(s.order_id));
end $$;
comment on function api.receipt is 'A till''s receipt for whoever holds its token (128 random bits): {order, pay_with, tendered_cents, change_cents, parts: see shop.parts_of}; not there until it is paid. Refuses 404 order_not_found.';
grant execute on function api.receipt to anon, authenticated;
