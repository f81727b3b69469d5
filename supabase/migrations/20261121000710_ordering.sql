-- Ordering from the bar: what may be ordered when, when it can be ready, and what an order holds of the stock and of the baristas' time.

create table shop.slot_takings (
  business_id uuid not null,
  order_id uuid not null,
  location_id uuid not null,
  starts_at timestamptz not null,
  seconds int not null check (seconds > 0),
  primary key (order_id, starts_at),
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete cascade,
  foreign key (location_id, starts_at) references shop.pickup_slots (location_id, starts_at) on delete restrict
);
comment on table shop.slot_takings is 'Which slots an order''s making was promised in. A slot''s taken_seconds is the sum of these.';
create index slot_takings_order_id_idx on shop.slot_takings (business_id, order_id);
create index slot_takings_slot_idx on shop.slot_takings (location_id, starts_at);
alter table shop.slot_takings enable row level security;
grant select on shop.slot_takings to authenticated;
create policy "Baristas see what was promised to whom" on shop.slot_takings for select to authenticated using (business_id in (select business.where_i_am('barista')));

-- Times ---------------------------------------------------------------------------------------------------------------
-- PL/pgSQL throughout: it keeps its plans, while a SQL function with a fixed search path is planned at every call.
create function shop.zone(location_id uuid) returns text
language plpgsql stable set search_path = '' as $$
begin
  return (select b.time_zone from business.locations l join business.businesses b on b.id = l.business_id where l.id = zone.location_id);
end $$;

create function shop.hours_on(location_id uuid, on_date date) returns table (opens_at timestamptz, closes_at timestamptz)
language plpgsql stable set search_path = '' rows 2 as $$
begin
  return query
  select (hours_on.on_date + (h ->> 'opens')::time) at time zone b.time_zone, (hours_on.on_date + (h ->> 'closes')::time) at time zone b.time_zone
  from shop.counters c join business.businesses b on b.id = c.business_id
  left join shop.special_days s on s.location_id = c.location_id and s.on_date = hours_on.on_date
  cross join lateral jsonb_array_elements(case when s.on_date is not null then s.hours when jsonb_array_length(c.hours) > 0 then c.hours else b.hours end) h
  where c.location_id = hours_on.location_id and (s.on_date is not null or (h ->> 'day')::int = extract(isodow from hours_on.on_date))
  order by 1;
end $$;
comment on function shop.hours_on is 'When a counter is open on a local day: by its special day, or else its week, or else the business''s. A day may have more than one stretch.';

create function shop.open_until(location_id uuid, at timestamptz) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  zone text := shop.zone(open_until.location_id);
  closes timestamptz;
begin
  select h.closes_at into closes from shop.hours_on(open_until.location_id, (open_until.at at time zone zone)::date) h where open_until.at >= h.opens_at and open_until.at < h.closes_at limit 1;
  -- A night that goes on past midnight is written as the end of one day and the beginning of the next.
  if (closes at time zone zone)::time = '00:00' then
    closes := coalesce((select h.closes_at from shop.hours_on(open_until.location_id, (closes at time zone zone)::date) h where h.opens_at = closes limit 1), closes);
  end if;
  return closes;
end $$;
comment on function shop.open_until is 'When the counter that is open at that instant closes; null: it is closed then.';

create function shop.serves(d shop.day_parts, at timestamptz, zone text) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  return d.id is null or extract(isodow from at at time zone zone)::int = any (d.days) and (at at time zone zone)::time >= d.from_time and (at at time zone zone)::time < d.until_time;
end $$;

-- Products ------------------------------------------------------------------------------------------------------------
create function shop.product_problem(p shop.products, location_id uuid, at timestamptz, zone text) returns text
language plpgsql stable set search_path = '' as $$
begin
  return (select case
    when p.id is null or not p.published or p.retired_at is not null or exists (select from shop.not_offered n where n.location_id = product_problem.location_id and n.product_id = p.id) then 'product_not_found'
    when exists (select from shop.sold_out s where s.location_id = product_problem.location_id and s.on_date = (product_problem.at at time zone product_problem.zone)::date and s.back_at is null
      and (s.product_id = p.id or p.kind = 'bundle' and s.product_id in (select i.product_id from shop.bundle_items i where i.bundle_id = p.id))) then 'product_sold_out'
    when p.day_part_id is not null and not shop.serves((select d from shop.day_parts d where d.id = p.day_part_id), product_problem.at, product_problem.zone) then 'product_not_now' end);
end $$;
comment on function shop.product_problem is 'Why a product cannot be had at a location at an instant: product_not_found (or not published, or not there), product_sold_out, product_not_now (served at other hours); null: it can.';

create function shop.choices_problem(product_ids uuid[], choices text[], location_id uuid, on_date date) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    with line as materialized (select u.n, u.product_id, u.chosen::uuid[] as ids from unnest(choices_problem.product_ids, choices_problem.choices) with ordinality u (product_id, chosen, n)),
    chosen as materialized (
      select k.n, k.id, k.times, m.group_id, m.name, m.max_each, x.group_id is not null and m.retired_at is null as offered
      from (select line.n, line.product_id, z.id, count(*) as times from line cross join lateral unnest(line.ids) z (id) where cardinality(line.ids) <= 40 group by 1, 2, 3) k
      left join shop.modifiers m on m.id = k.id left join shop.product_modifier_groups x on x.product_id = k.product_id and x.group_id = m.group_id)
    select w.wrong || jsonb_build_object('line', w.n) from (
      select line.n, 0 as rank, 0 as position, '{"problem": "modifier_too_many"}'::jsonb as wrong from line where cardinality(line.ids) > 40
      union all
      select c.n, case when not c.offered then 1 when c.times > c.max_each then 2 else 4 end, 0,
        case when not c.offered then jsonb_build_object('problem', 'modifier_not_found', 'modifier_id', c.id) when c.times > c.max_each then jsonb_build_object('problem', 'modifier_too_many', 'modifier_id', c.id, 'group', c.name)
          else jsonb_build_object('problem', 'modifier_sold_out', 'modifier_id', c.id, 'name', c.name) end
      from chosen c where not c.offered or c.times > c.max_each
        or exists (select from shop.sold_out s where s.location_id = choices_problem.location_id and s.on_date = choices_problem.on_date and s.back_at is null and s.modifier_id = c.id)
      union all
      select line.n, 3, x.position, jsonb_build_object('problem', case when coalesce(t.taken, 0) < g.min_choices then 'modifier_missing' else 'modifier_too_many' end, 'group_id', g.id, 'group', g.name)
      from line join shop.product_modifier_groups x on x.product_id = line.product_id join shop.modifier_groups g on g.id = x.group_id
      left join (select c.n, c.group_id, sum(c.times) as taken from chosen c group by 1, 2) t on t.n = line.n and t.group_id = g.id
      where coalesce(t.taken, 0) not between g.min_choices and g.max_choices) w
    order by w.n, w.rank, w.position limit 1);
end $$;
comment on function shop.choices_problem is 'What is wrong with what was chosen about several products (choices: a uuid[] each, written out), the first of it: {"line": from 1, "problem": modifier_not_found | modifier_missing | modifier_too_many | modifier_sold_out, …}; null: nothing.';

create function shop.choice_problem(p shop.products, modifier_ids uuid[], location_id uuid, on_date date) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return shop.choices_problem(array[p.id], array[choice_problem.modifier_ids::text], choice_problem.location_id, choice_problem.on_date) - 'line';
end $$;
comment on function shop.choice_problem is 'shop.choices_problem of one product.';

create function shop.defaults_of(product_id uuid) returns uuid[]
language plpgsql stable set search_path = '' as $$
begin
  return (select coalesce(array_agg(m.id order by x.position, m.position), '{}') from shop.product_modifier_groups x join shop.modifiers m on m.group_id = x.group_id
    where x.product_id = defaults_of.product_id and m.is_default and m.retired_at is null);
end $$;
comment on function shop.defaults_of is 'The usual: what is chosen about a product when nobody says otherwise.';

create function shop.asked_at(o sales.orders) returns timestamptz
language plpgsql stable set search_path = '' as $$
begin
  return coalesce(o.pickup_at, now());
end $$;

create function shop.first_counter(business_id uuid) returns uuid
language plpgsql stable set search_path = '' as $$
begin
  return (select c.location_id from shop.counters c where c.business_id = first_counter.business_id order by c.position, c.location_id limit 1);
end $$;

create function shop.serving_of(o sales.orders) returns text
language plpgsql stable set search_path = '' as $$
begin
  return coalesce(o.serving, (select c.servings[1] from shop.counters c where c.location_id = coalesce(o.location_id, shop.first_counter(o.business_id))), 'takeaway');
end $$;
comment on function shop.serving_of is 'Taken away or at a table: as was said, or else as the counter means it where nobody says.';

create function shop.line_problem(l sales.order_lines, o sales.orders) returns text
language plpgsql stable set search_path = '' as $$
declare
  p shop.products;
  at_location uuid := coalesce(o.location_id, shop.first_counter(o.business_id));
  zone text := shop.zone(at_location);
  problem text;
begin
  select * into p from shop.products x where x.id = l.product_id;
  problem := shop.product_problem(p, at_location, shop.asked_at(o), zone);
  return coalesce(problem, shop.choice_problem(p, l.modifier_ids, at_location, (shop.asked_at(o) at time zone zone)::date) ->> 'problem');
end $$;
comment on function shop.line_problem is 'Why a line from the bar cannot be ordered as it stands, by name; null: it can.';

-- Promises ------------------------------------------------------------------------------------------------------------
create type shop.promise as (ready_by timestamptz, starts uuid, slots timestamptz[], seconds int[]);

create function shop.plan_slots(c shop.counters, seconds int, pickup_at timestamptz, closes_at timestamptz default null) returns shop.promise
language plpgsql stable set search_path = '' as $$
declare
  step interval := make_interval(mins => c.slot_minutes);
  this timestamptz := to_timestamp(floor(extract(epoch from now()) / (c.slot_minutes * 60)) * c.slot_minutes * 60);
  soonest timestamptz := now() + make_interval(mins => c.lead_minutes + c.delay_minutes);
  plan shop.promise;
  rest int := seconds;
  at timestamptz;
  last timestamptz;
  free int;
  used int;
begin
  plan.slots := '{}';
  plan.seconds := '{}';
  if pickup_at is not null then
    -- Made just before it is collected: backwards from the slot before, as far as it needs and as time allows.
    at := to_timestamp(ceil(extract(epoch from pickup_at) / (c.slot_minutes * 60)) * c.slot_minutes * 60) - step;
    last := greatest(this, at - step * (1 + seconds / greatest(c.slot_seconds, 1)));
  else
    at := this;
    -- Somebody served while the counter is closed (at the till, or paid a minute late) is served all the same; shop.check_time keeps the others out.
    last := coalesce(plan_slots.closes_at, shop.open_until(c.location_id, now()), this + interval '2 hours');
  end if;
  while rest > 0 loop
    if pickup_at is not null and at < last or pickup_at is null and at >= last then return null; end if;
    used := coalesce((select s.taken_seconds from shop.pickup_slots s where s.location_id = c.location_id and s.starts_at = at), 0);
    free := c.slot_seconds - used;
    -- Of the slot that runs, what is left of it.
    if at = this then free := least(free, floor(c.slot_seconds * extract(epoch from at + step - now()) / (c.slot_minutes * 60))::int); end if;
    if free > 0 then
      plan.slots := plan.slots || at;
      plan.seconds := plan.seconds || least(free, rest);
      if pickup_at is null and free >= rest then plan.ready_by := at + step * ((used + rest)::numeric / c.slot_seconds)::double precision; end if;
      rest := rest - least(free, rest);
    end if;
    at := at + case when pickup_at is null then step else -step end;
  end loop;
  -- Promised in whole minutes, never earlier than it can be.
  plan.ready_by := coalesce(pickup_at, date_trunc('minute', greatest(plan.ready_by, soonest) + interval '59.999999 seconds'));
  return plan;
end $$;
comment on function shop.plan_slots is 'In which slots so many barista seconds fit, and when it is ready: as soon as can be (pickup_at null; until closing time), or just before pickup_at. Null: there is no room. closes_at: the end of the day, from who has looked it up (shop.check_time). Locks nothing: an estimate for readers, the truth for who holds the counter''s row.';

create function shop.check_time(c shop.counters, pickup_at timestamptz) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare closes timestamptz;
begin
  if not c.takes_orders then perform platform.refuse(409, 'counter_closed'); end if;
  if pickup_at is null then
    closes := shop.open_until(c.location_id, now());
    if closes is null then perform platform.refuse(409, 'counter_closed'); end if;
    return closes;
  end if;
  if pickup_at <= now() then perform platform.refuse(409, 'pickup_past'); end if;
  if mod(extract(epoch from pickup_at), c.slot_minutes * 60) <> 0 then perform platform.refuse(422, 'pickup_off_grid', jsonb_build_object('field', 'pickup_at', 'minutes', c.slot_minutes)); end if;
  if pickup_at < now() + make_interval(mins => c.lead_minutes + c.delay_minutes) then perform platform.refuse(409, 'pickup_too_soon', jsonb_build_object('minutes', c.lead_minutes + c.delay_minutes)); end if;
  if (pickup_at at time zone shop.zone(c.location_id))::date > (now() at time zone shop.zone(c.location_id))::date + c.days_ahead then perform platform.refuse(409, 'pickup_too_far', jsonb_build_object('days', c.days_ahead)); end if;
  -- The minute of closing is the last one to collect at.
  closes := shop.open_until(c.location_id, pickup_at - interval '1 second');
  if closes is null then perform platform.refuse(409, 'pickup_closed'); end if;
  return closes;
end $$;
comment on function shop.check_time is 'Whether it can be collected then (null: as soon as can be); answers when the counter closes that day. Refuses 409 counter_closed, pickup_past, pickup_too_soon, pickup_too_far, pickup_closed, 422 pickup_off_grid.';

create function shop.handover(o sales.orders) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  c shop.counters;
  seconds int;
  plan shop.promise;
  problem text;
begin
  select * into c from shop.counters x where x.location_id = coalesce(o.location_id, shop.first_counter(o.business_id));
  if c.location_id is null then return null; end if;
  select coalesce(sum(y.make_seconds), 0) into seconds from sales.bare_lines(o) y;
  if not shop.serving_of(o) = any (c.servings) then problem := 'serving_not_offered'; end if;
  begin
    perform shop.check_time(c, o.pickup_at);
    plan := shop.plan_slots(c, seconds, o.pickup_at);
    if plan.ready_by is null then problem := case when o.pickup_at is null then 'counter_full' else 'pickup_full' end; end if;
  exception when sqlstate 'PT409' or sqlstate 'PT422' then
    problem := sqlerrm;
  end;
  return jsonb_build_object('location_id', c.location_id, 'serving', shop.serving_of(o), 'servings', to_jsonb(c.servings), 'table_label', o.table_label, 'pickup_at', o.pickup_at, 'note', o.note, 'ready_by', plan.ready_by, 'problem', problem,
    'seconds', seconds, 'tip_percents', to_jsonb(c.tip_percents));
end $$;
comment on function shop.handover is 'How and when what is in a cart would be handed over: {location_id, serving, servings: what can be chosen here, table_label, pickup_at (null: as soon as can be), note, ready_by, problem (see shop.check_time, counter_full, pickup_full, serving_not_offered), seconds, tip_percents}.';

create function api.pickup_times(business_id uuid, cart_token text default null, seconds int default null) returns table (pickup_at timestamptz)
language plpgsql stable security definer set search_path = '' rows 100 as $$
#variable_conflict use_column
declare
  o sales.orders;
  c shop.counters;
  needed int := pickup_times.seconds;
  today date;
  day date;
  h record;
  at timestamptz;
begin
  select * into o from sales.orders x where x.id = sales.find_cart(pickup_times.business_id, pickup_times.cart_token);
  select * into c from shop.counters x where x.location_id = coalesce(o.location_id, shop.first_counter(pickup_times.business_id));
  if c.location_id is null or not c.takes_orders then return; end if;
  if needed is null then select coalesce(sum(y.make_seconds), 0) into needed from sales.bare_lines(o) y; end if;
  today := (now() at time zone shop.zone(c.location_id))::date;
  for day in select today + n from generate_series(0, c.days_ahead) n loop
    for h in select * from shop.hours_on(c.location_id, day) loop
      at := to_timestamp(ceil(extract(epoch from greatest(h.opens_at, now() + make_interval(mins => c.lead_minutes + c.delay_minutes)) + interval '1 second') / (c.slot_minutes * 60)) * c.slot_minutes * 60);
      while at <= h.closes_at loop
        if (shop.plan_slots(c, needed, at)).ready_by is not null then
          pickup_at := at;
          return next;
        end if;
        at := at + make_interval(mins => c.slot_minutes);
      end loop;
    end loop;
  end loop;
end $$;
comment on function api.pickup_times is 'When the asker''s cart (or so many barista seconds) could be collected: every time on the grid that has room, today and as many days ahead as the counter takes orders for.';
grant execute on function api.pickup_times to anon, authenticated;

-- What an order holds -------------------------------------------------------------------------------------------------
create function shop.needs(order_id uuid, drafts sales.order_lines[] default null) returns table (line_id uuid, item uuid, quantity bigint)
language plpgsql stable set search_path = '' rows 10 as $$
begin
  return query
  with l as materialized (
    select x.id, x.product_id, x.modifier_ids, x.quantity from sales.order_lines x where x.order_id = needs.order_id and x.kind = 'product'
    union all select d.id, d.product_id, d.modifier_ids, d.quantity from unnest(needs.drafts) d)
  select l.id, z.item, z.quantity * l.quantity from (
    select x.line, x.item, sum(x.quantity)::bigint as quantity from (
      select l.id as line, r.stock_item_id as item, r.quantity from l join shop.recipe_lines r on r.product_id = l.product_id
      union all
      select l.id, r.stock_item_id, r.quantity * i.quantity from l join shop.bundle_items i on i.bundle_id = l.product_id join shop.recipe_lines r on r.product_id = i.product_id
      union all
      select l.id, r.stock_item_id, r.quantity from l cross join lateral unnest(l.modifier_ids) m join shop.recipe_lines r on r.modifier_id = m) x
    group by 1, 2) z
  join l on l.id = z.line where z.quantity > 0;
end $$;
comment on function shop.needs is 'What each line of an order (drafts: of one whose lines are not written yet) takes from stock: product, what a bundle holds, and modifiers summed before anything is checked; a modifier spares what it replaces, never more than there was.';

create function shop.stock_of_lines(order_id uuid, drafts sales.order_lines[] default null) returns table (line_id uuid, stock jsonb)
language plpgsql stable set search_path = '' rows 5 as $$
begin
  return query
  select n.line_id, jsonb_agg(jsonb_build_object('item', n.item, 'quantity', n.quantity) order by n.item) from shop.needs(stock_of_lines.order_id, stock_of_lines.drafts) n group by n.line_id;
end $$;
comment on function shop.stock_of_lines is 'shop.needs as a line keeps it (sales.order_lines.stock), for each line that takes something.';

create function shop.reserve(o sales.orders, sold boolean default false) returns void
language plpgsql volatile set search_path = '' as $$
declare
  lines uuid[];
  items uuid[];
  amounts bigint[];
  taken uuid[];
  rests bigint[];
  short record;
begin
  select array_agg(l.id), array_agg(s.item), array_agg(s.quantity) into lines, items, amounts
  from sales.order_lines l cross join lateral jsonb_to_recordset(l.stock) s (item uuid, quantity bigint) where l.business_id = o.business_id and l.order_id = o.id and l.kind = 'product';
  if items is null then return; end if;
  -- All of an item that the order takes in one sum; the rows in id order, so that no two orders wait for each other.
  with n as materialized (select u.item, sum(u.quantity)::bigint as quantity from unnest(items, amounts) u (item, quantity) group by 1),
  locked as materialized (
    select v.stock_item_id from shop.stock_levels v where v.location_id = o.location_id and v.stock_item_id = any (items) order by v.stock_item_id for no key update),
  done as (
    update shop.stock_levels v set reserved = v.reserved + case when reserve.sold then 0 else n.quantity end, on_hand = v.on_hand - case when reserve.sold then n.quantity else 0 end
    from n join locked k on k.stock_item_id = n.item
    where v.location_id = o.location_id and v.stock_item_id = n.item and v.on_hand - v.reserved >= n.quantity returning v.stock_item_id, v.on_hand)
  select array_agg(d.stock_item_id), array_agg(d.on_hand) into taken, rests from done d;
  if exists (select from unnest(items) u where not u = any (coalesce(taken, '{}'))) then
    select p.slug, p.name as product, i.name into short from unnest(lines, items) u (line, item) join sales.order_lines l on l.id = u.line join shop.products p on p.id = l.product_id join shop.stock_items i on i.id = u.item
    where not u.item = any (coalesce(taken, '{}')) order by l.position limit 1;
    perform platform.refuse(409, 'product_sold_out', jsonb_build_object('slug', short.slug, 'name', short.product, 'ingredient', short.name));
  end if;
  if reserve.sold then
    insert into shop.stock_movements (business_id, location_id, stock_item_id, kind, quantity, balance_after, unit_cost, order_line_id, source)
    select o.business_id, o.location_id, y.item, 'sale', -y.quantity,
      -- Several lines of one order take the same thing one after the other.
      m.rest + sum(y.quantity) over (partition by y.item) - sum(y.quantity) over (partition by y.item order by y.line), i.unit_cost, y.line, 'sale:' || y.line
    from unnest(lines, items, amounts) y (line, item, quantity) join unnest(taken, rests) m (item, rest) on m.item = y.item join shop.stock_items i on i.id = y.item;
  end if;
end $$;
comment on function shop.reserve is 'Sets aside what the lines of an order take from stock (their stock says), all or nothing; sold: it is paid for in this transaction, and taken for good. Refuses 409 product_sold_out, naming a product and what it lacks.';

create function shop.give_back_stock(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
declare
  items uuid[];
  amounts bigint[];
begin
  select array_agg(x.item order by x.item), array_agg(x.quantity order by x.item) into items, amounts from (
    select (s ->> 'item')::uuid as item, sum((s ->> 'quantity')::bigint)::bigint as quantity from sales.order_lines l cross join lateral jsonb_array_elements(l.stock) s
    where l.business_id = o.business_id and l.order_id = o.id and l.stock is not null and l.state = 'held' group by 1) x;
  if items is not null then
    perform 1 from shop.stock_levels v where v.location_id = o.location_id and v.stock_item_id = any (items) order by v.stock_item_id for no key update;
    update shop.stock_levels v set reserved = v.reserved - u.quantity from (select unnest(items) as item, unnest(amounts) as quantity) u where v.location_id = o.location_id and v.stock_item_id = u.item;
  end if;
  update sales.order_lines l set stock = null where l.business_id = o.business_id and l.order_id = o.id and l.stock is not null and l.state = 'held';
end $$;

create function shop.give_back_time(order_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  with gone as (delete from shop.slot_takings t where t.order_id = give_back_time.order_id returning t.location_id, t.starts_at, t.seconds)
  update shop.pickup_slots s set taken_seconds = s.taken_seconds - g.seconds from gone g where s.location_id = g.location_id and s.starts_at = g.starts_at;
end $$;

create function shop.release(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform 1 from shop.counters c where c.location_id = o.location_id for no key update;
  perform shop.give_back_time(o.id);
  perform shop.give_back_stock(o);
end $$;
comment on function shop.release is 'Gives back the stock and the baristas'' time that an order held and no longer needs.';

create function shop.reclaim(location_id uuid) returns int
language plpgsql volatile set search_path = '' as $$
declare
  o sales.orders;
  done int := 0;
begin
  -- Only what the bar holds: the rest of such an order is swept by api.expire_holds. Nobody is waited for, the caller has the counter's row.
  for o in select x.* from sales.orders x join shop.counters c on c.location_id = reclaim.location_id and c.business_id = x.business_id
      where x.location_id = reclaim.location_id and x.state = 'placed' and x.hold_expires_at <= now() for no key update of x skip locked loop
    perform shop.give_back_time(o.id);
    perform shop.give_back_stock(o);
    done := done + 1;
  end loop;
  return done;
end $$;
comment on function shop.reclaim is 'Takes back what orders hold whose time to pay ran out, for the next one who needs it.';

create function shop.take_time(c shop.counters, o sales.orders, seconds int, closes_at timestamptz default null) returns timestamptz
language plpgsql volatile set search_path = '' as $$
declare plan shop.promise := shop.plan_slots(c, seconds, o.pickup_at, take_time.closes_at);
begin
  if plan.ready_by is null and shop.reclaim(c.location_id) > 0 then plan := shop.plan_slots(c, seconds, o.pickup_at, take_time.closes_at); end if;
  if plan.ready_by is null then perform platform.refuse(409, case when o.pickup_at is null then 'counter_full' else 'pickup_full' end, jsonb_build_object('pickup_at', o.pickup_at)); end if;
  insert into shop.pickup_slots as s (business_id, location_id, starts_at, capacity_seconds, taken_seconds)
  select c.business_id, c.location_id, u.at, c.slot_seconds, u.seconds from unnest(plan.slots, plan.seconds) u (at, seconds)
  on conflict on constraint pickup_slots_pkey do update set taken_seconds = s.taken_seconds + excluded.taken_seconds, capacity_seconds = excluded.capacity_seconds;
  insert into shop.slot_takings (business_id, order_id, location_id, starts_at, seconds) select c.business_id, o.id, c.location_id, u.at, u.seconds from unnest(plan.slots, plan.seconds) u (at, seconds);
  return plan.ready_by;
end $$;
comment on function shop.take_time is 'Promises barista seconds to an order (the caller holds the counter''s row) and answers when it is ready. Refuses 409 pickup_full, counter_full.';

create function shop.hold(o sales.orders, entry text, sold boolean default false) returns sales.orders
language plpgsql volatile set search_path = '' as $$
declare
  c shop.counters;
  l record;
  zone text;
  at_time timestamptz := shop.asked_at(o);
  closes timestamptz;
  products uuid[];
  choices text[];
  wrong jsonb;
  seconds int;
begin
  o.location_id := coalesce(o.location_id, shop.first_counter(o.business_id));
  select * into c from shop.counters x where x.location_id = o.location_id and x.business_id = o.business_id;
  if c.location_id is null then perform platform.refuse(409, 'counter_closed'); end if;
  o.serving := coalesce(o.serving, c.servings[1]);
  -- What was sold already was handed over as it was.
  if entry <> 'kept' and not o.serving = any (c.servings) then perform platform.refuse(409, 'serving_not_offered', jsonb_build_object('field', 'serving', 'servings', c.servings)); end if;
  -- Who stands at the till is served as long as somebody is there.
  if entry not in ('till', 'kept') then closes := shop.check_time(c, o.pickup_at); end if;
  -- What was sold already, at a till without a connection, is neither looked at nor promised.
  if entry <> 'kept' then
    zone := shop.zone(o.location_id);
    select array_agg(x.product_id order by x.position), array_agg(x.modifier_ids::text order by x.position), sum(x.make_seconds) into products, choices, seconds
    from sales.order_lines x where x.business_id = o.business_id and x.order_id = o.id and x.kind = 'product';
    for l in select p.slug, p.name, shop.product_problem(p, o.location_id, at_time, zone) as why from unnest(products) with ordinality u (id, n) left join shop.products p on p.id = u.id order by u.n loop
      if l.why is not null then perform platform.refuse(case l.why when 'product_not_found' then 404 else 409 end, l.why, jsonb_build_object('slug', l.slug, 'name', l.name)); end if;
    end loop;
    wrong := shop.choices_problem(products, choices, o.location_id, (at_time at time zone zone)::date);
    if wrong is not null then
      perform platform.refuse(case wrong ->> 'problem' when 'modifier_sold_out' then 409 else 422 end, wrong ->> 'problem', wrong - 'line' || jsonb_build_object('slug', (select p.slug from shop.products p where p.id = products[(wrong ->> 'line')::int])));
    end if;
  end if;
  select * into c from shop.counters x where x.location_id = o.location_id for no key update;
  begin
    o.ready_by := case entry when 'kept' then now() else shop.take_time(c, o, seconds, closes) end;
  exception when sqlstate 'PT409' then
    -- Who stands at the till is not sent away for a full or ending day: it takes as long as it takes.
    if entry <> 'till' then raise; end if;
    o.ready_by := date_trunc('minute', now() + make_interval(mins => c.lead_minutes + c.delay_minutes, secs => seconds) + interval '59.999999 seconds');
  end;
  begin
    perform shop.reserve(o, hold.sold);
  exception when sqlstate 'PT409' then
    if shop.reclaim(c.location_id) = 0 then raise; end if;
    perform shop.reserve(o, hold.sold);
  end;
  return o;
end $$;
comment on function shop.hold is 'Everything from the bar in an order is looked at as it is now, its stock set aside and its making promised: all or nothing. Answers the order with where, how and when. entry: public, till (somebody stands there), kept (sold already: api.sync_till_sales). sold: see shop.reserve. Refuses 409 serving_not_offered and what shop.check_time, product_problem, choice_problem, reserve and take_time refuse.';

create function shop.fulfil(o sales.orders, sold boolean default false) returns void
language plpgsql volatile set search_path = '' as $$
declare
  c shop.counters;
  l record;
begin
  if fulfil.sold then
    perform shop.open_ticket(o);
    return;
  end if;
  select * into c from shop.counters x where x.location_id = o.location_id for no key update;
  -- A hold that ran out and was given to somebody else: once more, if it can still be had.
  if exists (select from sales.order_lines x where x.business_id = o.business_id and x.order_id = o.id and x.kind = 'product' and x.stock is null) then
    if o.pickup_at <= now() then o.pickup_at := null; end if;
    update sales.orders x set ready_by = shop.take_time(c, o, (select sum(y.make_seconds)::int from sales.order_lines y where y.business_id = o.business_id and y.order_id = o.id)) where x.id = o.id returning x.ready_by into o.ready_by;
    update sales.order_lines x set stock = coalesce((select n.stock from shop.stock_of_lines(o.id) n where n.line_id = x.id), '[]') where x.business_id = o.business_id and x.order_id = o.id and x.kind = 'product';
    perform shop.reserve(o);
  end if;
  perform shop.open_ticket(o);
  perform shop.sell(o);
end $$;
comment on function shop.fulfil is 'What was paid for goes to the board, and its stock is sold (sold: shop.hold has done that). Refuses what shop.reserve and take_time refuse when the hold had run out.';

create function shop.sell(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
declare
  items uuid[];
  wanted int;
  sold int;
begin
  select array_agg(distinct (s ->> 'item')::uuid), count(*) into items, wanted from sales.order_lines l cross join lateral jsonb_array_elements(l.stock) s where l.business_id = o.business_id and l.order_id = o.id and l.stock is not null;
  if items is null then return; end if;
  perform 1 from shop.stock_levels v where v.location_id = o.location_id and v.stock_item_id = any (items) order by v.stock_item_id for no key update;
  with sold as (
    select l.id as line, (s ->> 'item')::uuid as item, (s ->> 'quantity')::bigint as quantity from sales.order_lines l cross join lateral jsonb_array_elements(l.stock) s
    where l.business_id = o.business_id and l.order_id = o.id and l.stock is not null),
  moved as (
    update shop.stock_levels v set on_hand = v.on_hand - x.quantity, reserved = v.reserved - x.quantity from (select y.item, sum(y.quantity)::bigint as quantity from sold y group by 1) x
    where v.location_id = o.location_id and v.stock_item_id = x.item and v.on_hand >= x.quantity returning v.stock_item_id, v.on_hand, x.quantity)
  insert into shop.stock_movements (business_id, location_id, stock_item_id, kind, quantity, balance_after, unit_cost, order_line_id, source)
  select o.business_id, o.location_id, y.item, 'sale', -y.quantity,
    -- Several lines of one order take the same thing one after the other.
    m.on_hand + m.quantity - sum(y.quantity) over (partition by y.item order by y.line), i.unit_cost, y.line, 'sale:' || y.line
  from sold y join moved m on m.stock_item_id = y.item join shop.stock_items i on i.id = y.item;
  get diagnostics sold = row_count;
  -- What was set aside can be dropped on the floor, or be missing when somebody counts.
  if sold < wanted then perform platform.refuse(409, 'product_sold_out'); end if;
end $$;
comment on function shop.sell is 'Turns what an order had reserved into sales, one movement per line and item. Refuses 409 product_sold_out where waste or a count left less than was set aside.';
