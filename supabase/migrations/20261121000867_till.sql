-- The till: sales at the counter and the cash in its drawer. A sale is an order of channel 'till', named by the device before it is sent; a drawer is counted when it opens and when it closes.

insert into ledger.account_kinds (kind, side, may_go_negative, meaning) values ('safe', 1, true, 'cash taken out of drawers, less what was put in: the safe, and small things paid for');

create table shop.tills (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  location_id uuid not null,
  name text not null check (length(name) between 1 and 40),
  created_at timestamptz not null default now(),
  unique (business_id, id),
  unique (location_id, name),
  foreign key (business_id, location_id) references shop.counters (business_id, location_id) on delete restrict
);
comment on table shop.tills is 'A place at a counter where people pay. Its cash is the ledger''s account (drawer, <till id>), which holds nothing while the drawer is closed.';
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
  pay_with text not null check (pay_with in ('cash', 'terminal', 'wallet')),
  tendered_cents bigint check (tendered_cents between 0 and 1000000000),
  change_cents bigint not null default 0 check (change_cents >= 0),
  receipt_token text not null unique default encode(extensions.gen_random_bytes(16), 'hex'),
  sold_at timestamptz not null default now(),
  told_at timestamptz,
  synced_at timestamptz,
  flags text[] not null default '{}',
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete restrict,
  foreign key (business_id, till_id) references shop.tills (business_id, id) on delete restrict,
  foreign key (business_id, session_id) references shop.drawer_sessions (business_id, id) on delete restrict
);
comment on table shop.till_sales is 'What was sold at a till. order_id: chosen by the device, so that what is sent twice is one sale; receipt_token: opens the receipt to who holds it (a QR code on the till), and nothing else; session_id: the drawer a cash sale went into. Of a sale made without a connection: told_at by the device''s clock (sold_at: within bounds), synced_at, and flags (see api.sync_till_sales).';
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

-- Drawers -------------------------------------------------------------------------------------------------------------
create function shop.drawer_account(t shop.tills) returns bigint
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
begin
  return ledger.account(t.business_id, (select b.currency::text from business.businesses b where b.id = t.business_id), 'drawer', t.id::text);
end $$;

create function shop.in_drawer(t shop.tills) returns bigint
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  return coalesce((select a.balance from ledger.accounts a where a.business_id = t.business_id and a.unit = (select b.currency::text from business.businesses b where b.id = t.business_id) and a.kind = 'drawer' and a.owner = t.id::text), 0);
end $$;
comment on function shop.in_drawer is 'What should be in a till''s drawer, minor units.';

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

create function api.open_drawer(business_id uuid, till_id uuid, opening_cents bigint, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := shop.require_seller(open_drawer.business_id);
  answer jsonb;
  t shop.tills;
  made uuid;
  drawer bigint;
begin
  answer := platform.replay(actor::text, open_drawer.idempotency_key, 'open_drawer', jsonb_build_object('till_id', open_drawer.till_id, 'opening_cents', open_drawer.opening_cents));
  if answer is not null then return answer; end if;
  if open_drawer.opening_cents is null or open_drawer.opening_cents not between 0 and 1000000000 then perform platform.refuse(422, 'amount_invalid', '{"field": "amount"}'); end if;
  t := shop.find_till(open_drawer.business_id, open_drawer.till_id);
  insert into shop.drawer_sessions as d (business_id, till_id, opened_by, opening_cents) values (t.business_id, t.id, actor, open_drawer.opening_cents)
  on conflict (till_id) where closed_at is null do nothing returning d.id into made;
  if made is null then perform platform.refuse(409, 'drawer_open'); end if;
  drawer := shop.drawer_account(t);
  perform ledger.transfer(t.business_id, 'drawer_opened', 'drawer:' || made, array[drawer, ledger.account(t.business_id, (select a.unit from ledger.accounts a where a.id = drawer), 'safe')], array[open_drawer.opening_cents, -open_drawer.opening_cents]);
  perform audit.note(t.business_id, 'drawer_opened', 'till:' || t.id, jsonb_build_object('session_id', made, 'opening_cents', open_drawer.opening_cents));
  return platform.remember(actor::text, open_drawer.idempotency_key, jsonb_build_object('session_id', made, 'till_id', t.id, 'opening_cents', open_drawer.opening_cents));
end $$;
comment on function api.open_drawer is 'Counts what a drawer begins with. For who sells. Refuses 404 till_not_found, 409 drawer_open, 422 amount_invalid.';
grant execute on function api.open_drawer to authenticated;

create function api.move_cash(business_id uuid, till_id uuid, kind text, amount_cents bigint, reason text, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := shop.require_seller(move_cash.business_id);
  answer jsonb;
  t shop.tills;
  d shop.drawer_sessions;
  made uuid;
  drawer bigint;
  signed bigint := move_cash.amount_cents * case move_cash.kind when 'pay_in' then 1 else -1 end;
begin
  answer := platform.replay(actor::text, move_cash.idempotency_key, 'move_cash', jsonb_build_object('till_id', move_cash.till_id, 'kind', move_cash.kind, 'amount_cents', move_cash.amount_cents, 'reason', move_cash.reason));
  if answer is not null then return answer; end if;
  if move_cash.kind is null or move_cash.kind not in ('pay_in', 'pay_out') then perform platform.refuse(422, 'drawer_move_invalid'); end if;
  if move_cash.amount_cents is null or move_cash.amount_cents not between 1 and 1000000000 then perform platform.refuse(422, 'amount_invalid', '{"field": "amount"}'); end if;
  if coalesce(length(trim(move_cash.reason)), 0) not between 3 and 200 then perform platform.refuse(422, 'reason_invalid', '{"field": "reason"}'); end if;
  t := shop.find_till(move_cash.business_id, move_cash.till_id);
  select * into d from shop.drawer_sessions x where x.till_id = t.id and x.closed_at is null for no key update;
  if d.id is null then perform platform.refuse(409, 'drawer_closed'); end if;
  insert into shop.drawer_moves as m (business_id, session_id, kind, amount_cents, reason, by_user) values (t.business_id, d.id, move_cash.kind, move_cash.amount_cents, trim(move_cash.reason), actor) returning m.id into made;
  drawer := shop.drawer_account(t);
  perform ledger.transfer(t.business_id, 'drawer_moved', 'drawer_move:' || made, array[drawer, ledger.account(t.business_id, (select a.unit from ledger.accounts a where a.id = drawer), 'safe')], array[signed, -signed]);
  perform audit.note(t.business_id, 'drawer_moved', 'till:' || t.id, jsonb_build_object('session_id', d.id, 'kind', move_cash.kind, 'amount_cents', move_cash.amount_cents, 'reason', trim(move_cash.reason)));
  return platform.remember(actor::text, move_cash.idempotency_key, jsonb_build_object('move_id', made, 'till_id', t.id, 'expected_cents', shop.in_drawer(t)));
exception when sqlstate 'PT409' then
  if sqlerrm <> 'not_enough_balance' then raise; end if;
  perform platform.refuse(409, 'drawer_too_low', '{"field": "amount"}');
end $$;
comment on function api.move_cash is 'Money put into a drawer (pay_in) or taken out (pay_out), with the reason. For who sells. Refuses 404 till_not_found, 409 drawer_closed, drawer_too_low, 422 drawer_move_invalid, amount_invalid, reason_invalid.';
grant execute on function api.move_cash to authenticated;

create function api.close_drawer(business_id uuid, till_id uuid, counted_cents bigint, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := shop.require_seller(close_drawer.business_id);
  answer jsonb;
  t shop.tills;
  d shop.drawer_sessions;
  unit text;
  rows bigint[];
begin
  answer := platform.replay(actor::text, close_drawer.idempotency_key, 'close_drawer', jsonb_build_object('till_id', close_drawer.till_id, 'counted_cents', close_drawer.counted_cents));
  if answer is not null then return answer; end if;
  if close_drawer.counted_cents is null or close_drawer.counted_cents not between 0 and 1000000000 then perform platform.refuse(422, 'amount_invalid', '{"field": "amount"}'); end if;
  t := shop.find_till(close_drawer.business_id, close_drawer.till_id);
  -- Cash sales hold this row until they are done, so none comes between counting and closing.
  select * into d from shop.drawer_sessions x where x.till_id = t.id and x.closed_at is null for no key update;
  if d.id is null then perform platform.refuse(409, 'drawer_closed'); end if;
  unit := (select b.currency::text from business.businesses b where b.id = t.business_id);
  rows := array[shop.drawer_account(t), ledger.account(t.business_id, unit, 'safe'), ledger.account(t.business_id, unit, 'loss', 'drawers')];
  perform 1 from ledger.accounts a where a.id = any (rows) order by a.id for no key update;
  update shop.drawer_sessions x set closed_at = clock_timestamp(), closed_by = actor, counted_cents = close_drawer.counted_cents, expected_cents = shop.in_drawer(t) where x.id = d.id returning * into d;
  -- What was counted goes to the safe; what should have been there and was not is lost (or found).
  perform ledger.transfer(t.business_id, 'drawer_closed', 'drawer:' || d.id, rows, array[-d.expected_cents, d.counted_cents, -d.difference_cents]);
  perform audit.note(t.business_id, 'drawer_closed', 'till:' || t.id, jsonb_build_object('session_id', d.id, 'counted_cents', d.counted_cents, 'difference_cents', d.difference_cents));
  return platform.remember(actor::text, close_drawer.idempotency_key,
    jsonb_build_object('session_id', d.id, 'till_id', t.id, 'expected_cents', d.expected_cents, 'counted_cents', d.counted_cents, 'difference_cents', d.difference_cents));
end $$;
comment on function api.close_drawer is 'Counts what a drawer ends with; the difference to what should be there is stated and booked (loss, drawers), what was counted goes to the safe. For who sells. Refuses 404 till_not_found, 409 drawer_closed, 422 amount_invalid.';
grant execute on function api.close_drawer to authenticated;

create function shop.staff_name(user_id uuid) returns text
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  return (select coalesce(nullif(trim(u.raw_user_meta_data ->> 'full_name'), ''), split_part(u.email, '@', 1)) from auth.users u where u.id = staff_name.user_id);
end $$;

create function api.tills(business_id uuid) returns table (till_id uuid, name text, location_id uuid, location_name text, currency text, open_since timestamptz, tip_percents int[], prices_include_tax boolean)
language plpgsql stable security definer set search_path = '' rows 4 as $$
#variable_conflict use_column
begin
  perform shop.require_seller(tills.business_id);
  return query
  select t.id, t.name, t.location_id, l.name, b.currency::text, d.opened_at, c.tip_percents, b.prices_include_tax
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
  return query select c.location_id, l.name from shop.counters c join business.locations l on l.id = c.location_id where c.business_id = till_places.business_id order by c.position, l.name limit 50;
end $$;
comment on function api.till_places is 'The counters at which a till can stand. For managers.';
grant execute on function api.till_places to authenticated;

create function api.drawer(business_id uuid, till_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare t shop.tills;
begin
  perform shop.require_seller(drawer.business_id);
  t := shop.find_till(drawer.business_id, drawer.till_id);
  return jsonb_build_object('till_id', t.id, 'name', t.name, 'currency', (select b.currency from business.businesses b where b.id = t.business_id), 'expected_cents', shop.in_drawer(t),
    'open', (select jsonb_build_object('session_id', d.id, 'opened_at', d.opened_at, 'opened_by', shop.staff_name(d.opened_by), 'opening_cents', d.opening_cents,
        'moves', coalesce((select jsonb_agg(jsonb_build_object('move_id', m.id, 'kind', m.kind, 'amount_cents', m.amount_cents, 'reason', m.reason, 'at', m.at, 'by', shop.staff_name(m.by_user)) order by m.at) from shop.drawer_moves m where m.session_id = d.id and m.business_id = d.business_id), '[]'))
      from shop.drawer_sessions d where d.till_id = t.id and d.closed_at is null),
    'past', coalesce((select jsonb_agg(to_jsonb(x)) from (select d.id as session_id, d.opened_at, d.closed_at, shop.staff_name(d.closed_by) as closed_by, d.expected_cents, d.counted_cents, d.difference_cents
      from shop.drawer_sessions d where d.business_id = t.business_id and d.till_id = t.id and d.closed_at is not null order by d.opened_at desc limit 10) x), '[]'));
end $$;
comment on function api.drawer is 'A till''s drawer: {name, currency, expected_cents, open: {opened_at, opened_by, opening_cents, moves} or null, past: the last ten}. For who sells. Refuses 404 till_not_found.';
grant execute on function api.drawer to authenticated;

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
  perform shop.put_handover(put_order.order_id, jsonb_build_object('serving', 'eat_in') || (coalesce(put_order.facts, '{}') - 'location_id' - 'pickup_at'));
exception when invalid_text_representation or numeric_value_out_of_range then
  perform platform.refuse(422, 'lines_invalid', '{"field": "lines"}');
end $$;
comment on function shop.put_order is 'An order of a till, not placed yet: its lines and how it is handed over, at the till''s counter and now.';

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
begin
  perform shop.require_seller(price_at_till.business_id);
  t := shop.find_till(price_at_till.business_id, price_at_till.till_id);
  buyer := shop.buyer_at_till(price_at_till.business_id, price_at_till.member_id);
  if price_at_till.member_id is not null then
    select jsonb_build_object('member_id', m.id, 'name', m.name, 'wallet_cents', members.wallet_of(case when m.guardian_id is null then m else (select g from members.members g where g.id = m.guardian_id) end)) into customer from members.members m where m.id = price_at_till.member_id;
  end if;
  if price_at_till.lines = '[]' then return jsonb_build_object('total_cents', 0, 'tax_cents', 0, 'lines', '[]'::jsonb, 'customer', customer); end if;
  begin
    -- The same lines by the same function as when they are sold; and then nothing of it was ever there.
    perform shop.put_order(t, made, buyer, price_at_till.lines, price_at_till.facts);
    select * into strict o from sales.orders x where x.id = made;
    select jsonb_build_object('total_cents', coalesce(sum(p.total_cents), 0), 'tax_cents', coalesce(sum(p.tax_cents), 0), 'currency', o.currency,
      'lines', jsonb_agg(jsonb_build_object('kind', p.kind, 'label', p.label, 'slug', d.slug, 'quantity', p.quantity, 'unit_cents', p.unit_cents, 'discount_cents', p.discount_cents, 'discounts', p.discounts, 'total_cents', p.total_cents,
        'modifiers', p.modifiers, 'note', l.note, 'problem', case when p.kind = 'product' then shop.line_problem(l, o) end) order by p.kind = 'tip', l.position))
    into answer from sales.price(o) p join sales.order_lines l on l.id = p.line_id left join shop.products d on d.id = l.product_id;
    raise sqlstate 'AT000';
  exception when sqlstate 'AT000' then
    null;
  end;
  return answer || jsonb_build_object('customer', customer);
end $$;
comment on function api.price_at_till is 'What a ticket comes to, as api.sell_at_till would sell it: {total_cents, tax_cents, currency, lines: [{kind, label, slug, quantity, unit_cents, total_cents, modifiers, note, problem}], customer: {member_id, name, wallet_cents} or null}; of no lines: nothing. Keeps nothing. For who sells. Refuses 404 till_not_found, member_not_found, product_not_found, 422 lines_invalid and what shop.put_handover refuses.';
grant execute on function api.price_at_till to authenticated;

create function shop.till_answer(s shop.till_sales) returns jsonb
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  return (select sales.summary(o) || jsonb_build_object('till_id', s.till_id, 'pay_with', s.pay_with, 'tendered_cents', s.tendered_cents, 'change_cents', s.change_cents, 'receipt_token', s.receipt_token, 'call_number', shop.ticket_of(o) -> 'call_number')
  from sales.orders o where o.id = s.order_id);
end $$;

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
  k shop.tickets;
begin
  if sell_at_till.sale_id is null then perform platform.refuse(400, 'idempotency_key_invalid'); end if;
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
  insert into shop.till_sales as x (order_id, business_id, till_id, session_id, sold_by, pay_with, tendered_cents)
  values (sell_at_till.sale_id, t.business_id, t.id, drawer, actor, sell_at_till.pay_with, case when sell_at_till.pay_with = 'cash' then sell_at_till.tendered_cents end);
  o := sales.place(sell_at_till.sale_id, buyer, sell_at_till.expected_total_cents, sell_at_till.pay_with, 'till');
  if sell_at_till.pay_with = 'cash' and sell_at_till.tendered_cents < o.total_cents then perform platform.refuse(422, 'tendered_too_low', jsonb_build_object('field', 'tendered', 'total_cents', o.total_cents, 'currency', o.currency)); end if;
  update shop.till_sales x set change_cents = coalesce(x.tendered_cents - o.total_cents, 0) where x.order_id = o.id returning * into s;
  -- Whom to call, where they said it.
  if nullif(trim(sell_at_till.facts ->> 'name'), '') is not null then
    update shop.tickets y set name = left(trim(sell_at_till.facts ->> 'name'), 120), version = y.version + 1 where y.business_id = o.business_id and y.order_id = o.id returning * into k;
    if k.id is not null then perform shop.tell_board(k); end if;
  end if;
  return platform.remember(whose, sell_at_till.sale_id::text, shop.till_answer(s));
end $$;
comment on function api.sell_at_till is 'A sale at a till, paid at once: cash (tendered_cents; the change is kept with it), terminal, or the wallet of member_id. sale_id: the device''s own, the order''s id; sent again it is the same sale. lines as api.order_products; facts: see shop.put_handover, and name: whom to call. Answers the order''s summary with call_number, change_cents, receipt_token. Refuses 404 till_not_found, member_not_found, 409 drawer_closed, price_changed, wallet_too_low, 422 tendered_too_low, wallet_needs_customer, amount_invalid, pay_with_invalid, lines_invalid, idempotency_key_reused, and what shop.hold refuses.';
grant execute on function api.sell_at_till to authenticated;

-- Sold while there was no connection ----------------------------------------------------------------------------------
create function shop.cover_stock(o sales.orders) returns boolean
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare
  items uuid[];
  short bigint[];
begin
  select array_agg(z.item order by z.item), array_agg(z.short order by z.item) into items, short from (
    select n.item, sum(n.quantity)::bigint - coalesce(max(v.on_hand - v.reserved), 0) as short
    from shop.needs(o.id) n left join shop.stock_levels v on v.location_id = o.location_id and v.stock_item_id = n.item group by n.item) z
  where z.short > 0;
  if items is null then return false; end if;
  perform shop.move_stock(o.business_id, o.location_id, 'correction', 'till_sync:' || o.id, items, short, 'sold at the till while it was away');
  return true;
end $$;
comment on function shop.cover_stock is 'What was sold was there, whatever the books say: brings the stock that an order takes up to it, as a correction. Answers whether anything was short.';

create function shop.keep_sale(t shop.tills, sale jsonb, actor uuid) returns jsonb
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare
  the_sale uuid := (sale ->> 'sale_id')::uuid;
  told timestamptz := (sale ->> 'at')::timestamptz;
  -- Never later than now, and never before this till was there or a month ago: the rest is a clock that was wrong.
  moment timestamptz := greatest(least(told, now()), t.created_at, now() - interval '31 days');
  paid bigint := (sale ->> 'total_cents')::bigint;
  tendered bigint := (sale ->> 'tendered_cents')::bigint;
  how text := sale ->> 'pay_with';
  marks text[] := '{}';
  d shop.drawer_sessions;
  buyer uuid;
  o sales.orders;
  p shop.products;
  k shop.tickets;
  x jsonb;
  n int := 0;
  line uuid;
  unit bigint;
  today bigint;
  tip bigint := coalesce((sale -> 'facts' ->> 'tip_cents')::bigint, 0);
begin
  if tip not between 0 and 100000000 then perform platform.refuse(422, 'sale_invalid'); end if;
  if the_sale is null or told is null or paid is null or paid not between 0 and 1000000000 or how is null or how not in ('cash', 'terminal') or jsonb_typeof(sale -> 'lines') is distinct from 'array' or jsonb_array_length(sale -> 'lines') not between 1 and 20 then perform platform.refuse(422, 'sale_invalid'); end if;
  if abs(extract(epoch from told - moment)) > 120 then marks := marks || 'clock_wrong'::text; end if;
  select m.id into buyer from members.members m where m.id = (sale ->> 'member_id')::uuid and m.business_id = t.business_id and m.archived_at is null and m.guardian_id is null;
  if buyer is null and sale ->> 'member_id' is not null then marks := marks || 'member_unknown'::text; end if;
  buyer := coalesce(buyer, shop.guest_of(t.business_id));
  insert into sales.orders (id, business_id, member_id, state, channel, currency, reference, placed_at, location_id, serving)
  select the_sale, b.id, buyer, 'placed', 'till', b.currency, sales.new_reference(b.id), now(), t.location_id, case when sale -> 'facts' ->> 'serving' = 'takeaway' then 'takeaway' else 'eat_in' end from business.businesses b where b.id = t.business_id returning * into o;
  for x in select * from jsonb_array_elements(sale -> 'lines') loop
    n := n + 1;
    unit := (x ->> 'unit_cents')::bigint;
    if unit is null or unit not between 0 and 1000000000 or coalesce((x ->> 'quantity')::int, 0) not between 1 and 50 then perform platform.refuse(422, 'sale_invalid'); end if;
    -- By its id, which stays when a product is renamed or taken off the menu.
    select * into p from shop.products y where y.business_id = t.business_id and y.id = (x ->> 'product_id')::uuid;
    if p.id is null then
      marks := marks || 'product_unknown'::text;
      insert into sales.order_lines (business_id, order_id, position, kind, label, quantity, unit_price_cents) values (t.business_id, the_sale, n, 'fee', jsonb_build_object('en', left(coalesce(nullif(trim(x ->> 'label'), ''), '?'), 120)), 1, unit * (x ->> 'quantity')::int);
      continue;
    end if;
    if p.retired_at is not null or not p.published then marks := marks || 'product_gone'::text; end if;
    insert into sales.order_lines (business_id, order_id, position, kind, product_id, modifier_ids, note, quantity, label, unit_price_cents)
    values (t.business_id, the_sale, n, 'product', p.id, array(select m.id from jsonb_array_elements_text(coalesce(x -> 'modifier_ids', '[]')) y join shop.modifiers m on m.id = y::uuid and m.business_id = t.business_id order by m.id), nullif(left(trim(x ->> 'note'), 140), ''), (x ->> 'quantity')::int, p.name, unit)
    returning order_lines.id into line;
    select y.unit_cents into today from sales.bare_lines(o) y where y.line_id = line;
    -- They paid what the till asked; where that is not today's price it stays what they paid, and is said.
    if today <> unit then
      marks := marks || 'price_differs'::text;
      update sales.order_lines l set details = jsonb_build_object('charged_cents', unit) where l.id = line;
    end if;
  end loop;
  -- As it was given: a percentage of what was charged then.
  if tip > 0 then
    insert into sales.order_lines (business_id, order_id, position, kind, label, unit_price_cents) values (t.business_id, the_sale, n + 1, 'tip', '{"en": "Tip for the team", "es": "Propina para el equipo"}', tip);
  end if;
  if shop.cover_stock(o) then marks := marks || 'stock_corrected'::text; end if;
  if how = 'cash' then
    select * into d from shop.drawer_sessions y where y.till_id = t.id and y.opened_at <= moment order by y.opened_at desc limit 1;
    if d.id is null or d.closed_at is not null then marks := marks || 'drawer_closed_since'::text; end if;
  end if;
  insert into shop.till_sales (order_id, business_id, till_id, session_id, sold_by, pay_with, tendered_cents, sold_at, told_at, synced_at)
  values (the_sale, t.business_id, t.id, d.id, actor, how, case when how = 'cash' then tendered end, moment, told, now());
  o := sales.place(the_sale, buyer, null, how, 'kept');
  if o.total_cents <> paid then marks := marks || 'total_differs'::text; end if;
  if how = 'cash' and coalesce(tendered, paid) < o.total_cents then marks := marks || 'tendered_too_low'::text; end if;
  if how = 'cash' and o.total_cents > 0 and (d.id is null or d.closed_at is not null) then
    -- It was counted when the drawer was closed, and called too much then.
    perform ledger.transfer(t.business_id, 'drawer_late', 'order:' || the_sale, array[shop.drawer_account(t), ledger.account(t.business_id, o.currency::text, 'loss', 'drawers')], array[-o.total_cents, o.total_cents]);
  end if;
  update shop.till_sales y set change_cents = greatest(0, coalesce(y.tendered_cents - o.total_cents, 0)), flags = array(select distinct f from unnest(marks) f order by f) where y.order_id = the_sale;
  -- What was handed over a while ago is nobody's work any more.
  if moment < now() - interval '15 minutes' then
    select * into k from shop.tickets y where y.business_id = t.business_id and y.order_id = the_sale;
    if k.id is not null then perform shop.step_ticket(k, 'collected', null, 'sold at the till while it was away'); end if;
  end if;
  return jsonb_build_object('sale_id', the_sale, 'outcome', 'settled', 'flags', array(select distinct f from unnest(marks) f order by f), 'total_cents', o.total_cents);
end $$;
comment on function shop.keep_sale is 'One sale that already happened, into the books: never refused for price, stock, menu, hours or clock; what is not as it should be is told in flags (see api.sync_till_sales).';

create function api.sync_till_sales(business_id uuid, till_id uuid, sales jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := shop.require_seller(sync_till_sales.business_id);
  t shop.tills := shop.find_till(sync_till_sales.business_id, sync_till_sales.till_id);
  sale jsonb;
  s shop.till_sales;
  outcomes jsonb := '[]';
  why text;
begin
  if jsonb_typeof(sync_till_sales.sales) is distinct from 'array' or jsonb_array_length(sync_till_sales.sales) not between 1 and 50 then perform platform.refuse(422, 'sales_invalid'); end if;
  -- The drawer is not counted meanwhile, and what the counter has is held throughout: no sale of the batch waits for it with the books of the one before in its hands.
  perform 1 from shop.drawer_sessions d where d.till_id = t.id and d.closed_at is null for share;
  perform 1 from shop.counters c where c.location_id = t.location_id for no key update;
  perform 1 from shop.stock_levels v where v.location_id = t.location_id order by v.stock_item_id for no key update;
  for sale in select * from jsonb_array_elements(sync_till_sales.sales) loop
    begin
      outcomes := outcomes || shop.keep_sale(t, sale, actor);
    exception
      when unique_violation then
        -- It came before: by this device, by another, or while the connection was dying.
        select * into s from shop.till_sales y where y.order_id = (sale ->> 'sale_id')::uuid and y.business_id = t.business_id;
        outcomes := outcomes || jsonb_build_object('sale_id', sale ->> 'sale_id', 'outcome', case when s.order_id is null then 'idempotency_key_reused' else 'known' end, 'flags', coalesce(s.flags, '{}'), 'total_cents', (select o.total_cents from sales.orders o where o.id = s.order_id));
      when sqlstate 'PT409' or sqlstate 'PT404' or sqlstate 'PT422' then
        get stacked diagnostics why = message_text;
        outcomes := outcomes || jsonb_build_object('sale_id', sale ->> 'sale_id', 'outcome', why, 'flags', '[]'::jsonb);
      when invalid_text_representation or numeric_value_out_of_range or datetime_field_overflow or invalid_datetime_format then
        outcomes := outcomes || jsonb_build_object('sale_id', sale ->> 'sale_id', 'outcome', 'sale_invalid', 'flags', '[]'::jsonb);
    end;
  end loop;
  perform audit.note(t.business_id, 'till_synced', 'till:' || t.id, jsonb_build_object('sales', jsonb_array_length(sync_till_sales.sales), 'flagged', (select count(*) from jsonb_array_elements(outcomes) y where jsonb_array_length(y -> 'flags') > 0)));
  return outcomes;
end $$;
comment on function api.sync_till_sales is 'Up to 50 sales made while there was no connection: [{sale_id, at (by the device''s clock), lines: [{product_id, modifier_ids, quantity, note, unit_cents (as charged), label}], facts: {serving, tip_cents}, pay_with: cash|terminal, tendered_cents, total_cents, member_id}], each answered {sale_id, outcome: settled | known | a refusal, flags, total_cents}. Each settles once, whatever is sent how often. flags: clock_wrong, price_differs, total_differs, product_gone, product_unknown, stock_corrected, member_unknown, tendered_too_low, drawer_closed_since. For who sells. Refuses 404 till_not_found, 422 sales_invalid.';
grant execute on function api.sync_till_sales to authenticated;

-- Receipts ------------------------------------------------------------------------------------------------------------
create function api.till_sale(business_id uuid, sale_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare s shop.till_sales;
begin
  perform shop.require_seller(till_sale.business_id);
  select * into s from shop.till_sales x where x.order_id = till_sale.sale_id and x.business_id = till_sale.business_id;
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
  if s.order_id is null then perform platform.refuse(404, 'order_not_found'); end if;
  return jsonb_build_object('order', sales.order_document(s.order_id) - 'email' - 'payment', 'pay_with', s.pay_with, 'tendered_cents', s.tendered_cents, 'change_cents', s.change_cents);
end $$;
comment on function api.receipt is 'A till''s receipt for whoever holds its token (128 random bits): {order, pay_with, tendered_cents, change_cents}. Refuses 404 order_not_found.';
grant execute on function api.receipt to anon, authenticated;
