-- The stockroom: deliveries, waste, counts, transfers and corrections; what is on the shelves, what runs low, what to order, what it cost.

insert into messages.kinds (kind, topic, essential) values ('stock_low', 'work', false);

-- Counting ------------------------------------------------------------------------------------------------------------
create table shop.stock_counts (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  location_id uuid not null,
  state text not null default 'open' check (state in ('open', 'closed', 'dropped')),
  opened_at timestamptz not null default now(),
  opened_by uuid references auth.users (id) on delete set null,
  ended_at timestamptz,
  ended_by uuid references auth.users (id) on delete set null,
  check ((state = 'open') = (ended_at is null)),
  unique (business_id, id),
  foreign key (business_id, location_id) references business.locations (business_id, id) on delete restrict
);
comment on table shop.stock_counts is 'A round of counting at a location, open → closed (the differences were written) or → dropped (nothing was). One at a time: whoever comes joins in.';
create unique index stock_counts_one_open on shop.stock_counts (location_id) where state = 'open';
create index stock_counts_location_id_idx on shop.stock_counts (business_id, location_id, opened_at desc);
create index stock_counts_opened_by_idx on shop.stock_counts (opened_by);
create index stock_counts_ended_by_idx on shop.stock_counts (ended_by);

create table shop.stock_count_lines (
  business_id uuid not null,
  count_id uuid not null,
  stock_item_id uuid not null,
  counted bigint not null check (counted between 0 and 100000000),
  book bigint not null,
  counted_at timestamptz not null default clock_timestamp(),
  by_user uuid references auth.users (id) on delete set null,
  primary key (count_id, stock_item_id),
  foreign key (business_id, count_id) references shop.stock_counts (business_id, id) on delete cascade,
  foreign key (business_id, stock_item_id) references shop.stock_items (business_id, id) on delete restrict
);
comment on table shop.stock_count_lines is 'What somebody found on the shelf. book: what the books said at the moment the number was written down; the difference between the two is what the count corrects, whatever is sold or delivered before it is closed.';
create index stock_count_lines_count_id_idx on shop.stock_count_lines (business_id, count_id);
create index stock_count_lines_stock_item_id_idx on shop.stock_count_lines (business_id, stock_item_id);
create index stock_count_lines_by_user_idx on shop.stock_count_lines (by_user);
alter table shop.stock_counts enable row level security;
alter table shop.stock_count_lines enable row level security;
grant select on shop.stock_counts, shop.stock_count_lines to authenticated;
create policy "Baristas see the counts of their business" on shop.stock_counts for select to authenticated using (business_id in (select business.where_i_am('barista')));
create policy "Baristas see what was counted at their business" on shop.stock_count_lines for select to authenticated using (business_id in (select business.where_i_am('barista')));

-- What every command asks first ---------------------------------------------------------------------------------------
create function shop.require_location(business_id uuid, location_id uuid) returns uuid
language plpgsql stable set search_path = '' as $$
begin
  if not exists (select from business.locations l where l.business_id = require_location.business_id and l.id = require_location.location_id) then perform platform.refuse(404, 'location_not_found', '{"field": "location_id"}'); end if;
  return require_location.location_id;
end $$;

create function shop.require_why(why text) returns text
language plpgsql immutable set search_path = '' as $$
begin
  if coalesce(length(trim(why)), 0) not between 1 and 200 then perform platform.refuse(422, 'stock_why_needed', '{"field": "why"}'); end if;
  return trim(why);
end $$;

create type shop.stock_line as (item uuid, quantity bigint, cost_cents bigint);

create function shop.read_stock_lines(business_id uuid, lines jsonb) returns setof shop.stock_line
language plpgsql stable set search_path = '' rows 10 as $$
declare wrong text;
begin
  if jsonb_typeof(lines) is distinct from 'array' or jsonb_array_length(lines) not between 1 and 300 then perform platform.refuse(422, 'stock_lines_invalid', '{"field": "lines"}'); end if;
  select x ->> 'item_id' into wrong from jsonb_array_elements(lines) x where coalesce(x ->> 'quantity', '') !~ '^[0-9]{1,9}$' or (x ->> 'quantity')::bigint not between 1 and 100000000 limit 1;
  if found then perform platform.refuse(422, 'stock_quantity_invalid', jsonb_build_object('field', 'quantity', 'item_id', wrong)); end if;
  if exists (select from jsonb_array_elements(lines) x where x ->> 'cost_cents' !~ '^[0-9]{1,12}$') then perform platform.refuse(422, 'stock_cost_invalid', '{"field": "cost_cents"}'); end if;
  -- What a product takes is wasted with it; the lines of one item are one movement.
  return query
  with asked as (
    select (x ->> 'item_id')::uuid as item, (x ->> 'product_id')::uuid as product, (x ->> 'quantity')::bigint as quantity, (x ->> 'cost_cents')::bigint as cost from jsonb_array_elements(lines) x),
  read as (
    select a.item, a.quantity, a.cost from asked a where a.item is not null
    union all select r.stock_item_id, r.quantity * a.quantity, null from asked a join shop.recipe_lines r on r.business_id = read_stock_lines.business_id and r.product_id = a.product where a.item is null)
  select r.item, sum(r.quantity)::bigint, sum(r.cost)::bigint from read r group by r.item order by r.item;
  if not found then perform platform.refuse(404, 'stock_item_not_found'); end if;
  if exists (select from jsonb_array_elements(lines) x left join shop.stock_items i on i.business_id = read_stock_lines.business_id and i.id = (x ->> 'item_id')::uuid where i.id is null and not x ? 'product_id') then perform platform.refuse(404, 'stock_item_not_found'); end if;
exception when invalid_text_representation then
  perform platform.refuse(404, 'stock_item_not_found');
end $$;
comment on function shop.read_stock_lines is '[{item_id, quantity, cost_cents?}] or [{product_id, quantity}] (all that its recipe takes), one row an item. Refuses 404 stock_item_not_found, 422 stock_lines_invalid, stock_quantity_invalid (1 to 100 million units), stock_cost_invalid.';

create function shop.levels_now(location_id uuid, items uuid[]) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('item_id', v.stock_item_id, 'on_hand', v.on_hand, 'reserved', v.reserved) order by v.stock_item_id), '[]')
  from shop.stock_levels v where v.location_id = levels_now.location_id and v.stock_item_id = any (levels_now.items);
$$;

-- Moving --------------------------------------------------------------------------------------------------------------
create function api.receive_delivery(business_id uuid, idempotency_key text, location_id uuid, lines jsonb, note text default '') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := business.require_role(receive_delivery.business_id, 'manager');
  spot uuid := shop.require_location(receive_delivery.business_id, receive_delivery.location_id);
  answer jsonb := platform.replay(me::text, receive_delivery.idempotency_key, 'receive_delivery', jsonb_build_object('location_id', spot, 'lines', receive_delivery.lines, 'note', receive_delivery.note));
  came shop.stock_line[];
  items uuid[];
  made uuid := gen_random_uuid();
begin
  if answer is not null then return answer; end if;
  came := array(select x from shop.read_stock_lines(receive_delivery.business_id, receive_delivery.lines) x);
  items := array(select x.item from unnest(came) x order by 1);
  insert into shop.stock_levels (business_id, location_id, stock_item_id) select receive_delivery.business_id, spot, u from unnest(items) u order by u on conflict do nothing;
  -- Costs are averaged over all that is there: the item's row, then its levels.
  perform 1 from shop.stock_items i where i.id = any (items) order by i.id for no key update;
  perform 1 from shop.stock_levels v where v.business_id = receive_delivery.business_id and v.stock_item_id = any (items) order by v.location_id, v.stock_item_id for no key update;
  update shop.stock_items i set unit_cost = round((h.there * i.unit_cost + x.cost_cents) / (h.there + x.quantity), 6)
  from unnest(came) x cross join lateral (select coalesce(sum(v.on_hand), 0) as there from shop.stock_levels v where v.business_id = receive_delivery.business_id and v.stock_item_id = x.item) h
  where i.id = x.item and x.cost_cents is not null;
  perform shop.move_stock(receive_delivery.business_id, spot, 'delivery', 'delivery:' || made, items, array(select x.quantity from unnest(came) x order by x.item), left(trim(coalesce(receive_delivery.note, '')), 200),
    unit_costs => array(select round(x.cost_cents::numeric / x.quantity, 6) from unnest(came) x order by x.item));
  return platform.remember(me::text, receive_delivery.idempotency_key, jsonb_build_object('delivery_id', made, 'levels', shop.levels_now(spot, items)));
end $$;
comment on function api.receive_delivery is 'What came in. lines: [{item_id, quantity, cost_cents?}], cost_cents of the whole line; with it the item''s unit cost becomes the average of what was there and what came. For managers. Refuses 404 location_not_found and what shop.read_stock_lines refuses.';
grant execute on function api.receive_delivery to authenticated;

create function api.record_waste(business_id uuid, idempotency_key text, location_id uuid, lines jsonb, why text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := business.require_role(record_waste.business_id, 'barista');
  spot uuid := shop.require_location(record_waste.business_id, record_waste.location_id);
  reason text := shop.require_why(record_waste.why);
  answer jsonb := platform.replay(me::text, record_waste.idempotency_key, 'record_waste', jsonb_build_object('location_id', spot, 'lines', record_waste.lines, 'why', reason));
  gone shop.stock_line[];
  items uuid[];
  made uuid := gen_random_uuid();
begin
  if answer is not null then return answer; end if;
  gone := array(select x from shop.read_stock_lines(record_waste.business_id, record_waste.lines) x);
  items := array(select x.item from unnest(gone) x order by 1);
  perform shop.move_stock(record_waste.business_id, spot, 'waste', 'waste:' || made, items, array(select -x.quantity from unnest(gone) x order by x.item), reason);
  return platform.remember(me::text, record_waste.idempotency_key, jsonb_build_object('waste_id', made, 'levels', shop.levels_now(spot, items)));
end $$;
comment on function api.record_waste is 'What was thrown away, by item or by product. why: expired, spilled, made_wrong, tasting or in words. For baristas. What held orders will need can be lost as well: such an order is refused and refunded when it is paid. Refuses 409 stock_too_low, 422 stock_why_needed and what shop.read_stock_lines refuses.';
grant execute on function api.record_waste to authenticated;

create function api.transfer_stock(business_id uuid, idempotency_key text, from_location_id uuid, to_location_id uuid, lines jsonb, why text default '') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := business.require_role(transfer_stock.business_id, 'manager');
  here uuid := shop.require_location(transfer_stock.business_id, transfer_stock.from_location_id);
  there uuid := shop.require_location(transfer_stock.business_id, transfer_stock.to_location_id);
  answer jsonb := platform.replay(me::text, transfer_stock.idempotency_key, 'transfer_stock', jsonb_build_object('from', here, 'to', there, 'lines', transfer_stock.lines, 'why', transfer_stock.why));
  carried shop.stock_line[];
  items uuid[];
  amounts bigint[];
  reason text := left(trim(coalesce(transfer_stock.why, '')), 200);
  made uuid := gen_random_uuid();
begin
  if answer is not null then return answer; end if;
  if here = there then perform platform.refuse(422, 'transfer_nowhere', '{"field": "to_location_id"}'); end if;
  carried := array(select x from shop.read_stock_lines(transfer_stock.business_id, transfer_stock.lines) x);
  items := array(select x.item from unnest(carried) x order by 1);
  amounts := array(select x.quantity from unnest(carried) x order by x.item);
  insert into shop.stock_levels (business_id, location_id, stock_item_id) select transfer_stock.business_id, there, u from unnest(items) u order by u on conflict do nothing;
  -- Both places at once, in one order: two who carry in opposite directions never wait for each other.
  perform 1 from shop.stock_levels v where v.location_id in (here, there) and v.stock_item_id = any (items) order by v.location_id, v.stock_item_id for no key update;
  perform shop.move_stock(transfer_stock.business_id, here, 'transfer_out', 'transfer:' || made, items, array(select -u from unnest(amounts) u), reason);
  perform shop.move_stock(transfer_stock.business_id, there, 'transfer_in', 'transfer:' || made, items, amounts, reason);
  return platform.remember(me::text, transfer_stock.idempotency_key, jsonb_build_object('transfer_id', made, 'from', shop.levels_now(here, items), 'to', shop.levels_now(there, items)));
end $$;
comment on function api.transfer_stock is 'Carried from one location to another, all or nothing. For managers. Refuses 404 location_not_found, 409 stock_too_low, 422 transfer_nowhere and what shop.read_stock_lines refuses.';
grant execute on function api.transfer_stock to authenticated;

create function api.correct_stock(business_id uuid, idempotency_key text, location_id uuid, item_id uuid, quantity bigint, why text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := business.require_role(correct_stock.business_id, 'manager');
  spot uuid := shop.require_location(correct_stock.business_id, correct_stock.location_id);
  reason text := shop.require_why(correct_stock.why);
  answer jsonb := platform.replay(me::text, correct_stock.idempotency_key, 'correct_stock', jsonb_build_object('location_id', spot, 'item_id', correct_stock.item_id, 'quantity', correct_stock.quantity, 'why', reason));
  made uuid := gen_random_uuid();
begin
  if answer is not null then return answer; end if;
  if coalesce(correct_stock.quantity, 0) = 0 or correct_stock.quantity not between -100000000 and 100000000 then perform platform.refuse(422, 'stock_quantity_invalid', '{"field": "quantity"}'); end if;
  if not exists (select from shop.stock_items i where i.business_id = correct_stock.business_id and i.id = correct_stock.item_id) then perform platform.refuse(404, 'stock_item_not_found'); end if;
  perform shop.move_stock(correct_stock.business_id, spot, 'correction', 'correction:' || made, array[correct_stock.item_id], array[correct_stock.quantity], reason);
  perform audit.note(correct_stock.business_id, 'stock_corrected', 'stock_item:' || correct_stock.item_id, jsonb_build_object('location_id', spot, 'quantity', correct_stock.quantity, 'why', reason));
  return platform.remember(me::text, correct_stock.idempotency_key, jsonb_build_object('correction_id', made, 'levels', shop.levels_now(spot, array[correct_stock.item_id])));
end $$;
comment on function api.correct_stock is 'Puts right what an earlier movement got wrong; quantity may be below zero. For managers. Refuses 404 location_not_found, stock_item_not_found, 409 stock_too_low, 422 stock_quantity_invalid, stock_why_needed.';
grant execute on function api.correct_stock to authenticated;

-- Counts --------------------------------------------------------------------------------------------------------------
create function api.open_count(business_id uuid, location_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := business.require_role(open_count.business_id, 'barista');
  spot uuid := shop.require_location(open_count.business_id, open_count.location_id);
  c shop.stock_counts;
begin
  -- Whoever comes second joins in.
  insert into shop.stock_counts as x (business_id, location_id, opened_by) values (open_count.business_id, spot, me) on conflict do nothing returning * into c;
  if c.id is null then select * into strict c from shop.stock_counts x where x.location_id = spot and x.state = 'open'; end if;
  return jsonb_build_object('count_id', c.id, 'location_id', spot, 'opened_at', c.opened_at);
end $$;
comment on function api.open_count is 'Begins a count at a location, or joins the one that is open. For baristas. Refuses 404 location_not_found.';
grant execute on function api.open_count to authenticated;

create function shop.lock_count(business_id uuid, count_id uuid) returns shop.stock_counts
language plpgsql volatile set search_path = '' as $$
declare c shop.stock_counts;
begin
  select * into c from shop.stock_counts x where x.business_id = lock_count.business_id and x.id = lock_count.count_id for no key update;
  if c.id is null then perform platform.refuse(404, 'stock_count_not_found'); end if;
  if c.state <> 'open' then perform platform.refuse(409, 'stock_count_ended', jsonb_build_object('state', c.state)); end if;
  return c;
end $$;

create function shop.put_counted(c shop.stock_counts, lines jsonb) returns int
language plpgsql volatile set search_path = '' as $$
declare
  items uuid[];
  n int;
begin
  if jsonb_typeof(lines) is distinct from 'array' or jsonb_array_length(lines) not between 1 and 300 then perform platform.refuse(422, 'stock_lines_invalid', '{"field": "lines"}'); end if;
  if exists (select from jsonb_array_elements(lines) x where coalesce(x ->> 'counted', '') !~ '^[0-9]{1,9}$' or (x ->> 'counted')::bigint > 100000000) then perform platform.refuse(422, 'stock_quantity_invalid', '{"field": "counted"}'); end if;
  begin
    items := array(select distinct (x ->> 'item_id')::uuid from jsonb_array_elements(lines) x order by 1);
  exception when invalid_text_representation then
    perform platform.refuse(404, 'stock_item_not_found');
  end;
  if (select count(*) from shop.stock_items i where i.business_id = c.business_id and i.id = any (items)) <> cardinality(items) then perform platform.refuse(404, 'stock_item_not_found'); end if;
  -- Number and book are taken at one moment: nothing is sold between them.
  perform 1 from shop.stock_levels v where v.location_id = c.location_id and v.stock_item_id = any (items) order by v.stock_item_id for no key update;
  insert into shop.stock_count_lines as l (business_id, count_id, stock_item_id, counted, book, by_user)
  select distinct on (x ->> 'item_id') c.business_id, c.id, (x ->> 'item_id')::uuid, (x ->> 'counted')::bigint, coalesce(v.on_hand, 0), auth.uid()
  from jsonb_array_elements(lines) x left join shop.stock_levels v on v.location_id = c.location_id and v.stock_item_id = (x ->> 'item_id')::uuid
  -- A number that is sent again was not counted again.
  on conflict on constraint stock_count_lines_pkey do update set counted = excluded.counted, book = excluded.book, counted_at = excluded.counted_at, by_user = excluded.by_user where l.counted <> excluded.counted;
  get diagnostics n = row_count;
  return n;
end $$;
comment on function shop.put_counted is 'Writes down what was found, [{item_id, counted}], each against what the books say now. The caller holds the count. Refuses 404 stock_item_not_found, 422 stock_lines_invalid, stock_quantity_invalid.';

create function shop.end_count(c shop.stock_counts) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  items uuid[];
  found_ jsonb;
begin
  items := array(select l.stock_item_id from shop.stock_count_lines l where l.business_id = c.business_id and l.count_id = c.id order by 1);
  if cardinality(items) = 0 then perform platform.refuse(409, 'stock_count_empty'); end if;
  insert into shop.stock_levels (business_id, location_id, stock_item_id) select c.business_id, c.location_id, u from unnest(items) u order by u on conflict do nothing;
  perform 1 from shop.stock_levels v where v.location_id = c.location_id and v.stock_item_id = any (items) order by v.stock_item_id for no key update;
  -- The difference that was found, on top of whatever moved since; where that would go below zero, more was sold than there was, and nothing is left.
  with d as (
    select l.stock_item_id as item, greatest(l.counted - l.book, -v.on_hand) as difference from shop.stock_count_lines l join shop.stock_levels v on v.location_id = c.location_id and v.stock_item_id = l.stock_item_id
    where l.business_id = c.business_id and l.count_id = c.id)
  select coalesce(jsonb_agg(jsonb_build_object('item_id', d.item, 'difference', d.difference) order by d.item), '[]') into found_ from d where d.difference <> 0;
  if jsonb_array_length(found_) > 0 then
    perform shop.move_stock(c.business_id, c.location_id, 'count', 'count:' || c.id, array(select (x ->> 'item_id')::uuid from jsonb_array_elements(found_) x), array(select (x ->> 'difference')::bigint from jsonb_array_elements(found_) x), 'count');
  end if;
  update shop.stock_counts x set state = 'closed', ended_at = now(), ended_by = auth.uid() where x.id = c.id;
  perform audit.note(c.business_id, 'stock_counted', 'stock_count:' || c.id, jsonb_build_object('location_id', c.location_id, 'counted', cardinality(items), 'differences', found_));
  return jsonb_build_object('count_id', c.id, 'counted', cardinality(items), 'differences', found_, 'levels', shop.levels_now(c.location_id, items));
end $$;

create function api.keep_counted(business_id uuid, count_id uuid, lines jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare c shop.stock_counts;
begin
  perform business.require_role(keep_counted.business_id, 'barista');
  c := shop.lock_count(keep_counted.business_id, keep_counted.count_id);
  perform shop.put_counted(c, keep_counted.lines);
  return jsonb_build_object('count_id', c.id, 'counted', (select count(*) from shop.stock_count_lines l where l.business_id = c.business_id and l.count_id = c.id));
end $$;
comment on function api.keep_counted is 'Writes down what was found so far, [{item_id, counted}]; nothing moves until the count is closed. The same number again changes nothing. For baristas. Refuses 404 stock_count_not_found, 409 stock_count_ended and what shop.put_counted refuses.';
grant execute on function api.keep_counted to authenticated;

create function api.close_count(business_id uuid, idempotency_key text, count_id uuid, lines jsonb default '[]') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := business.require_role(close_count.business_id, 'barista');
  answer jsonb := platform.replay(me::text, close_count.idempotency_key, 'close_count', jsonb_build_object('count_id', close_count.count_id, 'lines', close_count.lines));
  c shop.stock_counts;
begin
  if answer is not null then return answer; end if;
  c := shop.lock_count(close_count.business_id, close_count.count_id);
  if close_count.lines <> '[]' then perform shop.put_counted(c, close_count.lines); end if;
  return platform.remember(me::text, close_count.idempotency_key, shop.end_count(c));
end $$;
comment on function api.close_count is 'Ends a count (lines: what is written down last): each difference is a movement; what moved between writing a number down and closing stays. For baristas. Refuses 404 stock_count_not_found, 409 stock_count_ended, stock_count_empty and what shop.put_counted refuses.';
grant execute on function api.close_count to authenticated;

create function api.drop_count(business_id uuid, count_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare c shop.stock_counts;
begin
  perform business.require_role(drop_count.business_id, 'barista');
  c := shop.lock_count(drop_count.business_id, drop_count.count_id);
  update shop.stock_counts x set state = 'dropped', ended_at = now(), ended_by = auth.uid() where x.id = c.id;
  return jsonb_build_object('count_id', c.id, 'state', 'dropped');
end $$;
comment on function api.drop_count is 'Ends a count without changing anything. For baristas. Refuses 404 stock_count_not_found, 409 stock_count_ended.';
grant execute on function api.drop_count to authenticated;

create function api.count_stock(business_id uuid, idempotency_key text, location_id uuid, lines jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := business.require_role(count_stock.business_id, 'barista');
  answer jsonb := platform.replay(me::text, count_stock.idempotency_key, 'count_stock', jsonb_build_object('location_id', count_stock.location_id, 'lines', count_stock.lines));
  c shop.stock_counts;
begin
  if answer is not null then return answer; end if;
  c := shop.lock_count(count_stock.business_id, (api.open_count(count_stock.business_id, count_stock.location_id) ->> 'count_id')::uuid);
  perform shop.put_counted(c, count_stock.lines);
  return platform.remember(me::text, count_stock.idempotency_key, shop.end_count(c));
end $$;
comment on function api.count_stock is 'A whole count in one act, [{item_id, counted}]: for programs that count elsewhere. One that is open there is closed with it. Refuses what opening, keeping and closing refuse.';
grant execute on function api.count_stock to authenticated;

-- Items, recipes, levels ----------------------------------------------------------------------------------------------
create function shop.read_words(said jsonb, before jsonb, most int) returns jsonb
language sql immutable set search_path = '' as $$
  -- A language nobody spoke of keeps its words; empty ones are none.
  select coalesce(jsonb_object_agg(w.key, left(trim(w.value), most)), '{}') from jsonb_each_text(coalesce(before, '{}') || case when jsonb_typeof(said) = 'object' then said else '{}' end) w where w.key in ('en', 'es') and trim(w.value) <> '';
$$;

create function api.save_stock_item(business_id uuid, item_id uuid, facts jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  f alias for save_stock_item.facts;
  i shop.stock_items;
begin
  perform business.require_role(save_stock_item.business_id, 'manager');
  if save_stock_item.item_id is not null then
    select * into i from shop.stock_items x where x.business_id = save_stock_item.business_id and x.id = save_stock_item.item_id for no key update;
    if i.id is null then perform platform.refuse(404, 'stock_item_not_found'); end if;
  end if;
  i.name := shop.read_words(f -> 'name', i.name, 80);
  if i.name = '{}' then perform platform.refuse(422, 'name_needed', '{"field": "name"}'); end if;
  if coalesce(f ->> 'unit', i.unit, '') not in ('g', 'ml', 'piece') then perform platform.refuse(422, 'stock_unit_invalid', '{"field": "unit"}'); end if;
  if f ->> 'unit' <> i.unit and exists (select from shop.stock_movements m where m.business_id = i.business_id and m.stock_item_id = i.id) then perform platform.refuse(409, 'stock_unit_in_use', '{"field": "unit"}'); end if;
  i.unit := coalesce(f ->> 'unit', i.unit);
  i.supplier := left(trim(coalesce(f ->> 'supplier', i.supplier, '')), 80);
  i.shelf := left(trim(coalesce(f ->> 'shelf', i.shelf, '')), 40);
  i.pack_size := coalesce((f ->> 'pack_size')::bigint, i.pack_size, 1);
  i.unit_cost := coalesce((f ->> 'unit_cost')::numeric, i.unit_cost, 0);
  if i.pack_size not between 1 and 100000000 then perform platform.refuse(422, 'stock_quantity_invalid', '{"field": "pack_size"}'); end if;
  if i.unit_cost not between 0 and 10000000 then perform platform.refuse(422, 'stock_cost_invalid', '{"field": "unit_cost"}'); end if;
  if f ? 'retired' then i.retired_at := case when (f ->> 'retired')::boolean then coalesce(i.retired_at, now()) end; end if;
  if i.retired_at is not null and exists (select from shop.recipe_lines r left join shop.products p on p.id = r.product_id left join shop.modifiers o on o.id = r.modifier_id
      where r.business_id = i.business_id and r.stock_item_id = i.id and coalesce(p.retired_at, o.retired_at) is null) then perform platform.refuse(409, 'stock_item_in_recipe'); end if;
  if i.id is null then
    insert into shop.stock_items as x (business_id, name, unit, unit_cost, supplier, shelf, pack_size) values (save_stock_item.business_id, i.name, i.unit, i.unit_cost, i.supplier, i.shelf, i.pack_size) returning * into i;
  else
    update shop.stock_items x set name = i.name, unit = i.unit, unit_cost = i.unit_cost, supplier = i.supplier, shelf = i.shelf, pack_size = i.pack_size, retired_at = i.retired_at where x.id = i.id;
  end if;
  perform audit.note(save_stock_item.business_id, 'stock_item_saved', 'stock_item:' || i.id, f);
  return jsonb_build_object('item_id', i.id);
exception when invalid_text_representation or numeric_value_out_of_range then
  perform platform.refuse(422, 'stock_quantity_invalid');
end $$;
comment on function api.save_stock_item is 'Makes (item_id null) or changes what is stocked: {name: {en, es}, unit: g|ml|piece, supplier, shelf, pack_size, unit_cost (minor units a unit, for what has no delivery yet), retired}; what is left out stays. For managers. Refuses 404 stock_item_not_found, 409 stock_unit_in_use (it has moved), stock_item_in_recipe, 422 name_needed, stock_unit_invalid, stock_quantity_invalid, stock_cost_invalid.';
grant execute on function api.save_stock_item to authenticated;

create function api.save_recipe(business_id uuid, product_id uuid, modifier_id uuid, lines jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  p alias for save_recipe.product_id;
  o alias for save_recipe.modifier_id;
begin
  perform business.require_role(save_recipe.business_id, 'manager');
  if num_nonnulls(p, o) <> 1 then perform platform.refuse(422, 'recipe_invalid'); end if;
  -- One who saves it at the same time waits, and wins as a whole.
  if p is not null then
    perform 1 from shop.products x where x.business_id = save_recipe.business_id and x.id = p for no key update;
    if not found then perform platform.refuse(404, 'product_not_found'); end if;
  else
    perform 1 from shop.modifiers x where x.business_id = save_recipe.business_id and x.id = o for no key update;
    if not found then perform platform.refuse(404, 'modifier_not_found'); end if;
  end if;
  if jsonb_typeof(lines) is distinct from 'array' or jsonb_array_length(lines) > 40 then perform platform.refuse(422, 'stock_lines_invalid', '{"field": "lines"}'); end if;
  if exists (select from jsonb_array_elements(lines) x where coalesce(x ->> 'quantity', '') !~ '^-?[0-9]{1,7}$' or (x ->> 'quantity')::bigint = 0 or p is not null and (x ->> 'quantity')::bigint < 0) then perform platform.refuse(422, 'stock_quantity_invalid', '{"field": "quantity"}'); end if;
  if exists (select from jsonb_array_elements(lines) x left join shop.stock_items i on i.business_id = save_recipe.business_id and i.id = (x ->> 'item_id')::uuid and i.retired_at is null where i.id is null) then perform platform.refuse(404, 'stock_item_not_found'); end if;
  if (select count(distinct x ->> 'item_id') from jsonb_array_elements(lines) x) <> jsonb_array_length(lines) then perform platform.refuse(422, 'recipe_item_twice', '{"field": "lines"}'); end if;
  delete from shop.recipe_lines r where r.business_id = save_recipe.business_id and (r.product_id = p or r.modifier_id = o);
  insert into shop.recipe_lines (business_id, product_id, modifier_id, stock_item_id, quantity) select save_recipe.business_id, p, o, (x ->> 'item_id')::uuid, (x ->> 'quantity')::bigint from jsonb_array_elements(lines) x;
  perform audit.note(save_recipe.business_id, 'recipe_saved', case when p is not null then 'product:' || p else 'modifier:' || o end, jsonb_build_object('lines', lines));
  return jsonb_build_object('product_id', p, 'modifier_id', o, 'lines', jsonb_array_length(lines));
exception when invalid_text_representation then
  perform platform.refuse(404, 'stock_item_not_found');
end $$;
comment on function api.save_recipe is 'All that one of a product, or of a modifier, takes from stock: [{item_id, quantity}], of a modifier also what it spares (below zero). Orders that are placed keep what they reserved. For managers. Refuses 404 product_not_found, modifier_not_found, stock_item_not_found, 422 recipe_invalid, recipe_item_twice, stock_lines_invalid, stock_quantity_invalid.';
grant execute on function api.save_recipe to authenticated;

create function api.set_stock_levels(business_id uuid, location_id uuid, lines jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  spot uuid := shop.require_location(set_stock_levels.business_id, set_stock_levels.location_id);
  n int;
begin
  perform business.require_role(set_stock_levels.business_id, 'manager');
  if jsonb_typeof(lines) is distinct from 'array' or jsonb_array_length(lines) not between 1 and 300 then perform platform.refuse(422, 'stock_lines_invalid', '{"field": "lines"}'); end if;
  if exists (select from jsonb_array_elements(lines) x where coalesce(x ->> 'low_at', '') !~ '^[0-9]{1,9}$' or coalesce(x ->> 'par', '') !~ '^[0-9]{1,9}$' or (x ->> 'par')::bigint < (x ->> 'low_at')::bigint) then perform platform.refuse(422, 'stock_par_invalid', '{"field": "par"}'); end if;
  if exists (select from jsonb_array_elements(lines) x left join shop.stock_items i on i.business_id = set_stock_levels.business_id and i.id = (x ->> 'item_id')::uuid where i.id is null) then perform platform.refuse(404, 'stock_item_not_found'); end if;
  insert into shop.stock_levels as v (business_id, location_id, stock_item_id, low_at, par)
  select distinct on (x ->> 'item_id') set_stock_levels.business_id, spot, (x ->> 'item_id')::uuid, (x ->> 'low_at')::bigint, (x ->> 'par')::bigint from jsonb_array_elements(lines) x order by x ->> 'item_id'
  on conflict on constraint stock_levels_pkey do update set low_at = excluded.low_at, par = excluded.par;
  get diagnostics n = row_count;
  perform audit.note(set_stock_levels.business_id, 'stock_levels_set', 'location:' || spot, jsonb_build_object('lines', lines));
  return jsonb_build_object('items', n);
exception when invalid_text_representation then
  perform platform.refuse(404, 'stock_item_not_found');
end $$;
comment on function api.set_stock_levels is 'When the team is told (low_at) and what a reorder fills up to (par), [{item_id, low_at, par}]. For managers. Refuses 404 location_not_found, stock_item_not_found, 422 stock_lines_invalid, stock_par_invalid (par below low_at).';
grant execute on function api.set_stock_levels to authenticated;

-- Telling the team ----------------------------------------------------------------------------------------------------
create function shop.tg_stock_levels__tell_low() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform booking.tell_managers(new.business_id, 'stock_low', 'stock:' || new.location_id || ':' || new.stock_item_id || ':' || (extract(epoch from clock_timestamp()) * 1000000)::bigint,
    (select jsonb_build_object('item_id', i.id, 'item_name', i.name, 'unit', i.unit, 'on_hand', new.on_hand, 'low_at', new.low_at, 'location_id', new.location_id, 'location_name', l.name, 'supplier', nullif(i.supplier, ''))
      from shop.stock_items i join business.locations l on l.id = new.location_id where i.id = new.stock_item_id and i.retired_at is null))
  from shop.stock_items i where i.id = new.stock_item_id and i.retired_at is null;
  return null;
end $$;
comment on function shop.tg_stock_levels__tell_low is 'Owners and managers hear of a level that comes down to where it is low, each time it crosses that line and not at every sale below it.';
create trigger tg_stock_levels__tell_low after update of on_hand on shop.stock_levels for each row
when (new.on_hand <= new.low_at and old.on_hand > old.low_at) execute function shop.tg_stock_levels__tell_low();

-- Reading -------------------------------------------------------------------------------------------------------------
create function shop.a_location(business_id uuid, location_id uuid) returns uuid
language plpgsql stable set search_path = '' as $$
begin
  if a_location.location_id is not null then return shop.require_location(a_location.business_id, a_location.location_id); end if;
  return coalesce(shop.first_counter(a_location.business_id), (select l.id from business.locations l where l.business_id = a_location.business_id order by l.id limit 1));
end $$;
comment on function shop.a_location is 'The location that was asked for, else the first one that sells. Refuses 404 location_not_found.';

create function api.stockroom(business_id uuid, location_id uuid default null)
returns table (item_id uuid, name jsonb, unit text, supplier text, shelf text, pack_size bigint, unit_cost numeric, retired boolean, on_hand bigint, reserved bigint, for_sale bigint, low_at bigint, par bigint, low boolean, value_cents bigint,
  makes jsonb, sold_14_days bigint, cover_days numeric, counted bigint, counted_at timestamptz, count jsonb, place jsonb)
language plpgsql stable security definer set search_path = '' rows 60 as $$
#variable_conflict use_column
declare
  spot uuid;
  c shop.stock_counts;
  place jsonb;
begin
  perform business.require_role(stockroom.business_id, 'barista');
  spot := shop.a_location(stockroom.business_id, stockroom.location_id);
  select * into c from shop.stock_counts x where x.location_id = spot and x.state = 'open';
  select jsonb_build_object('location_id', spot, 'locations', jsonb_agg(jsonb_build_object('location_id', l.id, 'name', l.name) order by l.name)) into place from business.locations l where l.business_id = stockroom.business_id;
  return query
  with sold as (
    select m.stock_item_id as item, greatest(0, -sum(m.quantity))::bigint as quantity from shop.stock_movements m
    where m.business_id = stockroom.business_id and m.location_id = spot and m.at > now() - interval '14 days' and m.kind in ('sale', 'return') group by 1)
  select i.id, i.name, i.unit, i.supplier, i.shelf, i.pack_size, i.unit_cost, i.retired_at is not null, v.on_hand, v.reserved, greatest(0, v.on_hand - v.reserved), v.low_at, v.par, v.on_hand <= v.low_at, round(v.on_hand * i.unit_cost)::bigint,
    (select jsonb_agg(distinct n.name) from (
      select p.name from shop.recipe_lines r join shop.products p on p.id = r.product_id and p.retired_at is null where r.business_id = i.business_id and r.stock_item_id = i.id
      union all select (select jsonb_object_agg(w.key, coalesce(g.name ->> w.key, platform.text_in(g.name, w.key)) || ': ' || w.value) from jsonb_each_text(o.name) w)
        from shop.recipe_lines r join shop.modifiers o on o.id = r.modifier_id and o.retired_at is null join shop.modifier_groups g on g.id = o.group_id where r.business_id = i.business_id and r.stock_item_id = i.id and r.quantity > 0) n),
    coalesce(s.quantity, 0),
    -- Over the days there is something to know of.
    case when s.quantity > 0 then round(greatest(0, v.on_hand - v.reserved) / (s.quantity / least(14, greatest(1, extract(epoch from now() - i.created_at) / 86400))), 1) end,
    k.counted, k.counted_at, case when c.id is not null then jsonb_build_object('count_id', c.id, 'opened_at', c.opened_at) end, place
  from shop.stock_items i
  left join shop.stock_levels y on y.location_id = spot and y.stock_item_id = i.id
  cross join lateral (select coalesce(y.on_hand, 0) as on_hand, coalesce(y.reserved, 0) as reserved, coalesce(y.low_at, 0) as low_at, coalesce(y.par, 0) as par) v
  left join sold s on s.item = i.id
  left join shop.stock_count_lines k on k.count_id = c.id and k.stock_item_id = i.id
  where i.business_id = stockroom.business_id and (i.retired_at is null or v.on_hand > 0)
  order by i.id;
end $$;
comment on function api.stockroom is 'Everything that is stocked as it stands at a location (the first one that sells when none is named). for_sale: on hand less what held orders will take; value_cents: at the average cost; makes: products it goes into, and options with the name of what is chosen (Bag: 250 g); cover_days: how long it lasts at the pace of the last 14 days (null: none was sold). counted, counted_at, count: of the count that is open there. place (same in every row): {location_id, locations}. For baristas. Refuses 404 location_not_found.';
grant execute on function api.stockroom to authenticated;

create function api.stock_item(business_id uuid, item_id uuid, location_id uuid default null, before_at timestamptz default null, before_id bigint default null, page_size int default 50) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  spot uuid;
  i shop.stock_items;
  v shop.stock_levels;
  zone text;
  most int := least(greatest(coalesce(stock_item.page_size, 50), 1), 200);
  moves jsonb;
begin
  perform business.require_role(stock_item.business_id, 'barista');
  spot := shop.a_location(stock_item.business_id, stock_item.location_id);
  zone := shop.zone(spot);
  select * into i from shop.stock_items x where x.business_id = stock_item.business_id and x.id = stock_item.item_id;
  if i.id is null then perform platform.refuse(404, 'stock_item_not_found'); end if;
  select * into v from shop.stock_levels x where x.location_id = spot and x.stock_item_id = i.id;
  select coalesce(jsonb_agg(to_jsonb(y) order by y.at desc, y.id desc), '[]') into moves from (
    select m.id, m.kind, m.quantity, m.balance_after, m.unit_cost, m.why, m.at, m.source, coalesce(w.name, u.raw_user_meta_data ->> 'full_name') as by_name, o.order_id
    from (select * from shop.stock_movements x where x.business_id = i.business_id and x.location_id = spot and x.stock_item_id = i.id
      and (stock_item.before_at is null or (x.at, x.id) < (stock_item.before_at, coalesce(stock_item.before_id, 0))) order by x.at desc, x.id desc limit most) m
    -- Who bought is nobody's business here.
    left join auth.users u on u.id = m.by_user and m.kind not in ('sale', 'return') left join members.members w on w.business_id = m.business_id and w.user_id = u.id left join sales.order_lines o on o.business_id = m.business_id and o.id = m.order_line_id) y;
  return jsonb_build_object('item_id', i.id, 'name', i.name, 'unit', i.unit, 'supplier', i.supplier, 'shelf', i.shelf, 'pack_size', i.pack_size, 'unit_cost', i.unit_cost, 'retired', i.retired_at is not null,
    'location_id', spot, 'locations', (select jsonb_agg(jsonb_build_object('location_id', l.id, 'name', l.name, 'on_hand', coalesce(x.on_hand, 0)) order by l.name) from business.locations l left join shop.stock_levels x on x.location_id = l.id and x.stock_item_id = i.id where l.business_id = i.business_id),
    'on_hand', coalesce(v.on_hand, 0), 'reserved', coalesce(v.reserved, 0), 'low_at', coalesce(v.low_at, 0), 'par', coalesce(v.par, 0),
    'recipes', (select coalesce(jsonb_agg(jsonb_build_object('product_id', r.product_id, 'modifier_id', r.modifier_id, 'name', coalesce(p.name, o.name), 'group', g.name, 'quantity', r.quantity) order by r.product_id is null, p.position, g.position, o.position), '[]')
      from shop.recipe_lines r left join shop.products p on p.id = r.product_id left join shop.modifiers o on o.id = r.modifier_id left join shop.modifier_groups g on g.id = o.group_id
      where r.business_id = i.business_id and r.stock_item_id = i.id and coalesce(p.retired_at, o.retired_at) is null),
    -- The level at the end of each of the last thirty days, one look into the index a day.
    'days', (select jsonb_agg(jsonb_build_object('on_date', d.day, 'on_hand', coalesce(m.balance_after, 0)) order by d.day)
      from (select (now() at time zone zone)::date - n as day from generate_series(0, 29) n) d
      left join lateral (select x.balance_after from shop.stock_movements x where x.business_id = i.business_id and x.location_id = spot and x.stock_item_id = i.id and x.at < ((d.day + 1)::timestamp at time zone zone) order by x.at desc, x.id desc limit 1) m on true),
    'movements', moves, 'page_size', most);
end $$;
comment on function api.stock_item is 'One thing that is stocked, at one location: its level day by day over thirty days, what it goes into, and how it moved, newest first; the next page with before_at and before_id of the last row. For baristas. Refuses 404 stock_item_not_found, location_not_found.';
grant execute on function api.stock_item to authenticated;

create function api.reorder_list(business_id uuid, location_id uuid default null)
returns table (item_id uuid, name jsonb, unit text, supplier text, pack_size bigint, on_hand bigint, reserved bigint, low_at bigint, par bigint, packs bigint, cost_cents bigint, place jsonb)
language plpgsql stable security definer set search_path = '' rows 20 as $$
#variable_conflict use_column
declare
  spot uuid;
  place jsonb;
begin
  perform business.require_role(reorder_list.business_id, 'barista');
  spot := shop.a_location(reorder_list.business_id, reorder_list.location_id);
  select jsonb_build_object('location_id', spot, 'locations', jsonb_agg(jsonb_build_object('location_id', l.id, 'name', l.name) order by l.name)) into place from business.locations l where l.business_id = reorder_list.business_id;
  return query
  select i.id, i.name, i.unit, i.supplier, i.pack_size, v.on_hand, v.reserved, v.low_at, v.par, n.packs, round(n.packs * i.pack_size * i.unit_cost)::bigint, place
  from shop.stock_levels v join shop.stock_items i on i.business_id = v.business_id and i.id = v.stock_item_id
  cross join lateral (select ceil((v.par - greatest(0, v.on_hand - v.reserved))::numeric / i.pack_size)::bigint as packs) n
  where v.business_id = reorder_list.business_id and v.location_id = spot and i.retired_at is null and v.on_hand - v.reserved <= v.low_at and n.packs > 0
  order by i.supplier, i.id;
end $$;
comment on function api.reorder_list is 'What is low at a location, and how many packs of each bring it (less what is promised) to par or beyond, by supplier; cost_cents at the average cost. For baristas. Refuses 404 location_not_found.';
grant execute on function api.reorder_list to authenticated;

create function api.stock_worth(business_id uuid, from_on date, until_on date) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  zone text := (select b.time_zone from business.businesses b where b.id = stock_worth.business_id);
begin
  perform business.require_role(stock_worth.business_id, 'manager');
  if from_on is null or until_on is null or until_on < from_on or until_on - from_on > 366 then perform platform.refuse(422, 'period_invalid', '{"field": "until_on"}'); end if;
  return (
    with moved as (
      select m.kind, sum(m.quantity * m.unit_cost) as cost, count(*) as n from business.locations l join shop.stock_movements m on m.business_id = l.business_id and m.location_id = l.id
      where l.business_id = stock_worth.business_id and m.at >= (from_on::timestamp at time zone zone) and m.at < ((until_on + 1)::timestamp at time zone zone) group by 1)
    select jsonb_build_object('from_on', from_on, 'until_on', until_on,
      'value_cents', (select round(coalesce(sum(v.on_hand * i.unit_cost), 0))::bigint from shop.stock_levels v join shop.stock_items i on i.id = v.stock_item_id where v.business_id = stock_worth.business_id),
      'goods_sold_cents', coalesce(round(-sum(x.cost) filter (where x.kind in ('sale', 'return'))), 0)::bigint, 'waste_cents', coalesce(round(-sum(x.cost) filter (where x.kind = 'waste')), 0)::bigint,
      'delivered_cents', coalesce(round(sum(x.cost) filter (where x.kind = 'delivery')), 0)::bigint, 'found_cents', coalesce(round(sum(x.cost) filter (where x.kind in ('count', 'correction'))), 0)::bigint)
    from moved x);
end $$;
comment on function api.stock_worth is 'What the stock of all locations is worth now, and what a period (local days, at most a year) cost: goods sold less what came back, waste, deliveries, and what counts and corrections found (below zero: missing), each at the cost its movements had. For managers. Refuses 422 period_invalid.';
grant execute on function api.stock_worth to authenticated;

-- The law -------------------------------------------------------------------------------------------------------------
create function shop.findings(for_business uuid default null) returns table (finding text, detail jsonb)
language plpgsql stable set search_path = '' as $$
begin
  return query
  select 'stock_not_sum_of_movements', jsonb_build_object('location_id', v.location_id, 'stock_item_id', v.stock_item_id, 'on_hand', v.on_hand, 'movements', coalesce(m.total, 0))
  from shop.stock_levels v left join (select x.location_id, x.stock_item_id, sum(x.quantity) as total from shop.stock_movements x where for_business is null or x.business_id = for_business group by 1, 2) m on m.location_id = v.location_id and m.stock_item_id = v.stock_item_id
  where (for_business is null or v.business_id = for_business) and v.on_hand <> coalesce(m.total, 0)
  union all
  select 'stock_below_zero', jsonb_build_object('location_id', v.location_id, 'stock_item_id', v.stock_item_id, 'on_hand', v.on_hand, 'reserved', v.reserved) from shop.stock_levels v
  where (for_business is null or v.business_id = for_business) and (v.on_hand < 0 or v.reserved < 0)
  union all
  select 'stock_reserved_not_held', jsonb_build_object('location_id', v.location_id, 'stock_item_id', v.stock_item_id, 'reserved', v.reserved, 'held', coalesce(h.total, 0))
  from shop.stock_levels v left join (
    select o.location_id, (s ->> 'item')::uuid as item, sum((s ->> 'quantity')::bigint) as total from sales.orders o join sales.order_lines l on l.business_id = o.business_id and l.order_id = o.id and l.state = 'held' and l.stock is not null cross join lateral jsonb_array_elements(l.stock) s
    where o.state = 'placed' and (for_business is null or o.business_id = for_business) group by 1, 2) h on h.location_id = v.location_id and h.item = v.stock_item_id
  where (for_business is null or v.business_id = for_business) and v.reserved <> coalesce(h.total, 0)
  union all
  select 'slot_not_sum_of_takings', jsonb_build_object('location_id', s.location_id, 'starts_at', s.starts_at, 'taken', s.taken_seconds, 'takings', coalesce(t.total, 0))
  from shop.pickup_slots s left join (select x.location_id, x.starts_at, sum(x.seconds) as total from shop.slot_takings x where for_business is null or x.business_id = for_business group by 1, 2) t on t.location_id = s.location_id and t.starts_at = s.starts_at
  where (for_business is null or s.business_id = for_business) and s.taken_seconds <> coalesce(t.total, 0);
end $$;
comment on function shop.findings is 'Laws of the bar that do not hold: a level is the sum of its movements and never below zero, what is reserved is what held orders need, a slot''s seconds are those promised in it. Empty when all is well.';
