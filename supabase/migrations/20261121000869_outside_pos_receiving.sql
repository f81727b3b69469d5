-- Outside tills, what comes in: messages, each obeyed once, in whatever order they come.

-- Reading -------------------------------------------------------------------------------------------------------------
create function shop.pos_whole(said text, lowest bigint, highest bigint) returns bigint
language plpgsql immutable set search_path = '' as $$
begin
  return case when said ~ '^-?[0-9]{1,12}$' and said::bigint between lowest and highest then said::bigint end;
end $$;
comment on function shop.pos_whole is 'A whole number that was said, within bounds; null: it is none.';

create function shop.pos_link(c shop.pos_connections, outside_id text) returns shop.pos_links
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
declare l shop.pos_links;
begin
  select * into l from shop.pos_links x where x.connection_id = c.id and x.outside_id = pos_link.outside_id;
  -- Whoever learnt our ids from what we send may use them.
  if l.id is null and pos_link.outside_id ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
    l.units := 1;
    l.modifier_ids := '{}';
    l.product_id := (select p.id from shop.products p where p.business_id = c.business_id and p.id = pos_link.outside_id::uuid);
    l.stock_item_id := (select i.id from shop.stock_items i where i.business_id = c.business_id and i.id = pos_link.outside_id::uuid);
  end if;
  return l;
end $$;
comment on function shop.pos_link is 'What an outside id is here; neither product nor stock item: nobody has said.';

create function shop.pos_act(c shop.pos_connections, r shop.pos_inbox, kind text) returns shop.pos_acts
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare
  a shop.pos_acts;
  said text := coalesce(r.payload -> 'data' ->> 'at', r.payload ->> 'timestamp');
  told timestamptz;
  moment timestamptz;
begin
  -- Postgres reads more than instants: yesterday, infinity.
  if said !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d' then perform platform.refuse(422, 'pos_message_invalid', '{"field": "at"}'); end if;
  told := coalesce(said::timestamptz, r.received_at);
  -- Never later than now, nor longer ago than a month: the rest is a clock that was wrong.
  moment := greatest(least(told, now()), now() - interval '31 days');
  if jsonb_typeof(r.payload -> 'data' -> 'id') is distinct from 'string' or length(r.payload -> 'data' ->> 'id') not between 1 and 100 then perform platform.refuse(422, 'pos_message_invalid', '{"field": "id"}'); end if;
  -- Whoever tells of the same thing in another message waits here for the first.
  insert into shop.pos_acts as x (business_id, connection_id, kind, outside_id, inbox_id, happened_at, flags)
  values (c.business_id, c.id, pos_act.kind, r.payload -> 'data' ->> 'id', r.id, moment, case when abs(extract(epoch from told - moment)) > 120 then '{clock_wrong}'::text[] else '{}' end)
  on conflict do nothing returning * into a;
  return a;
end $$;
comment on function shop.pos_act is 'Writes down that something happened at an outside till; null: it is there already, by its outside id. Refuses 422 pos_message_invalid.';

create function shop.pos_known(c shop.pos_connections, r shop.pos_inbox, kind text) returns jsonb
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  return (select jsonb_build_object('outcome', 'known', 'order_id', a.order_id, 'flags', to_jsonb(a.flags)) from shop.pos_acts a where a.connection_id = c.id and a.kind = pos_known.kind and a.outside_id = r.payload -> 'data' ->> 'id');
end $$;

create function shop.pos_done(a shop.pos_acts, marks text[]) returns jsonb
language plpgsql volatile set search_path = '' as $$
begin
  update shop.pos_acts x set flags = array(select distinct f from unnest(x.flags || marks) f order by f) where x.id = a.id returning * into a;
  return jsonb_build_object('outcome', 'applied', 'order_id', a.order_id, 'flags', to_jsonb(a.flags));
end $$;

-- What came in --------------------------------------------------------------------------------------------------------
create function shop.usual_rate(business_id uuid, serving text) returns int
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  return coalesce((select case usual_rate.serving when 'takeaway' then coalesce(p.takeaway_tax_rate_bp, p.tax_rate_bp) else p.tax_rate_bp end as rate from shop.products p
    where p.business_id = usual_rate.business_id and p.retired_at is null and p.published group by 1 order by count(*) desc, 1 desc limit 1), 0);
end $$;
comment on function shop.usual_rate is 'The tax that most of what a business sells over the counter has, in hundredths of a per cent: of what was sold and nobody here knows. Of two that are as usual as each other the higher; 0 where there is nothing on the menu.';

create function shop.kept_serving(location_id uuid, said text) returns text
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  -- What was said is how it was, whatever is served there.
  return case when said in ('takeaway', 'eat_in') then said else (select y.servings[1] from shop.counters y where y.location_id = kept_serving.location_id) end;
end $$;
comment on function shop.kept_serving is 'How something was had that was sold already: as the till said, or else as its counter means it where nobody says.';

create function shop.keep_pos_sale(c shop.pos_connections, r shop.pos_inbox) returns jsonb
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare
  d jsonb := r.payload -> 'data';
  a shop.pos_acts;
  buyer uuid;
  o sales.orders;
  p shop.products;
  l shop.pos_links;
  k shop.tickets;
  x jsonb;
  marks text[] := '{}';
  n int := 0;
  pieces bigint;
  unit bigint;
  rate bigint;
  line uuid;
  tip bigint := case when d ? 'tip_cents' then shop.pos_whole(d ->> 'tip_cents', 0, 100000000) else 0 end;
begin
  a := shop.pos_act(c, r, 'sale');
  if a.id is null then return shop.pos_known(c, r, 'sale'); end if;
  if jsonb_typeof(d -> 'lines') is distinct from 'array' or jsonb_array_length(d -> 'lines') not between 1 and 100 then perform platform.refuse(422, 'pos_message_invalid', '{"field": "lines"}'); end if;
  if coalesce(d ->> 'tender', 'other') not in ('cash', 'card', 'other') then perform platform.refuse(422, 'pos_message_invalid', '{"field": "tender"}'); end if;
  if tip is null then perform platform.refuse(422, 'pos_amount_invalid', '{"field": "tip_cents"}'); end if;
  -- What the counter has is held throughout, as when a till of ours tells of its sales.
  perform 1 from shop.counters y where y.location_id = c.location_id for no key update;
  perform 1 from shop.stock_levels v where v.location_id = c.location_id order by v.stock_item_id for no key update;
  buyer := shop.guest_of(c.business_id);
  insert into sales.orders (business_id, member_id, state, channel, currency, reference, placed_at, location_id, serving)
  select b.id, buyer, 'placed', 'api', b.currency, sales.new_reference(b.id), now(), c.location_id, shop.kept_serving(c.location_id, d ->> 'serving') from business.businesses b where b.id = c.business_id returning * into o;
  update shop.pos_acts y set order_id = o.id, tender = coalesce(d ->> 'tender', 'other') where y.id = a.id;
  for x in select * from jsonb_array_elements(d -> 'lines') loop
    n := n + 1;
    pieces := shop.pos_whole(x ->> 'quantity', 1, 1000);
    unit := shop.pos_whole(x ->> 'unit_cents', 0, 1000000000);
    if pieces is null then perform platform.refuse(422, 'pos_quantity_invalid', jsonb_build_object('field', 'quantity', 'line', n)); end if;
    if unit is null then perform platform.refuse(422, 'pos_amount_invalid', jsonb_build_object('field', 'unit_cents', 'line', n)); end if;
    if coalesce(length(x ->> 'product'), 0) not between 1 and 100 then perform platform.refuse(422, 'pos_message_invalid', jsonb_build_object('field', 'product', 'line', n)); end if;
    rate := case when x ? 'tax_rate_bp' then shop.pos_whole(x ->> 'tax_rate_bp', 0, 5000) else shop.usual_rate(c.business_id, o.serving) end;
    if rate is null then perform platform.refuse(422, 'pos_amount_invalid', jsonb_build_object('field', 'tax_rate_bp', 'line', n)); end if;
    l := shop.pos_link(c, x ->> 'product');
    select * into p from shop.products y where y.business_id = c.business_id and y.id = l.product_id;
    if p.id is null then
      -- Sold it was, whatever it is: its money is in the books under the name that the other till has for it.
      marks := marks || 'product_unknown'::text;
      insert into sales.order_lines (business_id, order_id, position, kind, tax_rate_bp, label, quantity, unit_price_cents, details)
      values (c.business_id, o.id, n, 'fee', rate, jsonb_build_object('en', left(coalesce(nullif(trim(x ->> 'label'), ''), x ->> 'product'), 120)), 1, unit * pieces, jsonb_build_object('outside_id', x ->> 'product', 'pieces', pieces, 'product_unknown', true));
      continue;
    end if;
    if p.retired_at is not null or not p.published then marks := marks || 'product_gone'::text; end if;
    insert into sales.order_lines (business_id, order_id, position, kind, product_id, modifier_ids, note, quantity, label, unit_price_cents, details)
    values (c.business_id, o.id, n, 'product', p.id, l.modifier_ids, nullif(left(trim(x ->> 'note'), 140), ''), pieces::int, p.name, unit, jsonb_build_object('outside_id', x ->> 'product'))
    returning order_lines.id into line;
    if (select y.unit_cents from sales.bare_lines(o) y where y.line_id = line) <> unit then
      marks := marks || 'price_differs'::text;
      update sales.order_lines y set details = y.details || jsonb_build_object('charged_cents', unit) where y.id = line;
    end if;
  end loop;
  if tip > 0 then
    insert into sales.order_lines (business_id, order_id, position, kind, label, unit_price_cents) values (c.business_id, o.id, n + 1, 'tip', '{"en": "Tip for the team", "es": "Propina para el equipo"}', tip);
  end if;
  if shop.cover_stock(o) then marks := marks || 'stock_corrected'::text; end if;
  o := sales.place(o.id, buyer, null, 'outside', 'kept');
  if d ? 'total_cents' and shop.pos_whole(d ->> 'total_cents', 0, 999999999999) is distinct from o.total_cents then marks := marks || 'total_differs'::text; end if;
  -- It was made and handed over there, unless it is this bar that makes it.
  if not c.to_board or a.happened_at < now() - interval '15 minutes' then
    select * into k from shop.tickets y where y.business_id = c.business_id and y.order_id = o.id;
    if k.id is not null then perform shop.step_ticket(k, 'collected', null, c.name); end if;
  end if;
  return shop.pos_done(a, marks);
end $$;
comment on function shop.keep_pos_sale is 'sale.made {id, at, lines: [{product (outside id), quantity, unit_cents as charged, label, note, tax_rate_bp: of what is not known here (else shop.usual_rate)}], tender: cash|card|other, tip_cents, total_cents, serving}: one sale that already happened, into the books as an order of channel api. Never refused for price, stock, menu or clock; what is not as it should be is told in flags: clock_wrong, price_differs, total_differs, product_gone, product_unknown, stock_corrected. Refuses 422 pos_message_invalid, pos_quantity_invalid (1 to 1000), pos_amount_invalid (tax_rate_bp: 0 to 5000).';

create function shop.keep_pos_refund(c shop.pos_connections, r shop.pos_inbox) returns jsonb
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare
  d jsonb := r.payload -> 'data';
  sold shop.pos_acts;
  a shop.pos_acts;
  o sales.orders;
  l sales.order_lines;
  paid payments.payments;
  x jsonb;
  pieces bigint;
  of_them int;
  cents bigint;
  rest bigint;
  why text := left(coalesce(nullif(trim(d ->> 'reason'), ''), ''), 250) || ' (' || c.name || ')';
  goods text := coalesce(d ->> 'stock', 'waste');
  by_line boolean := jsonb_typeof(d -> 'lines') is not distinct from 'array';
  total bigint := 0;
  ids uuid[] := '{}';
  amounts bigint[] := '{}';
  made uuid[] := '{}';
  given uuid;
  refund uuid;
begin
  if goods not in ('back', 'waste') then perform platform.refuse(422, 'pos_message_invalid', '{"field": "stock"}'); end if;
  select * into sold from shop.pos_acts y where y.connection_id = c.id and y.kind = 'sale' and y.outside_id = d ->> 'sale_id';
  if sold.order_id is null then perform platform.refuse(404, 'pos_sale_not_found', '{"field": "sale_id"}'); end if;
  a := shop.pos_act(c, r, 'refund');
  if a.id is null then return shop.pos_known(c, r, 'refund'); end if;
  update shop.pos_acts y set order_id = sold.order_id, tender = sold.tender where y.id = a.id;
  -- Order, payments, stock, ledger: the same order as everywhere.
  select * into strict o from sales.orders y where y.id = sold.order_id for no key update;
  perform 1 from payments.payments y where y.order_id = o.id order by y.id for no key update;
  if by_line then
    if jsonb_array_length(d -> 'lines') not between 1 and 100 then perform platform.refuse(422, 'pos_message_invalid', '{"field": "lines"}'); end if;
  elsif d ? 'amount_cents' then
    rest := shop.pos_whole(d ->> 'amount_cents', 1, 999999999999);
    if rest is null then perform platform.refuse(422, 'pos_amount_invalid', '{"field": "amount_cents"}'); end if;
  end if;
  -- Without lines or an amount: all that is left.
  for x in select y from jsonb_array_elements(case when by_line then d -> 'lines' else
      (select jsonb_agg(jsonb_build_object('line_id', y.id) order by y.position) from sales.order_lines y where y.order_id = o.id) end) y loop
    if not by_line then
      select * into strict l from sales.order_lines y where y.id = (x ->> 'line_id')::uuid and y.order_id = o.id;
      pieces := case when l.kind = 'product' and rest is null then sales.pieces_left(l) else 0 end;
      cents := least(l.total_cents - l.refunded_cents, coalesce(rest, l.total_cents));
      rest := rest - cents;
    else
      pieces := shop.pos_whole(x ->> 'quantity', 1, 1000);
      if pieces is null then perform platform.refuse(422, 'pos_quantity_invalid', '{"field": "quantity"}'); end if;
      select * into l from sales.order_lines y where y.order_id = o.id and y.details ->> 'outside_id' = x ->> 'product'
      order by (case when y.kind = 'product' then sales.pieces_left(y) else (y.details ->> 'pieces')::int end >= pieces) desc, y.total_cents - y.refunded_cents desc, y.position limit 1;
      if l.id is null then perform platform.refuse(404, 'order_line_not_found', jsonb_build_object('product', x ->> 'product')); end if;
      of_them := case when l.kind = 'product' then sales.pieces_left(l) else (l.details ->> 'pieces')::int end;
      if pieces > of_them then perform platform.refuse(409, 'refund_above_paid', jsonb_build_object('product', x ->> 'product', 'pieces_left', of_them)); end if;
      cents := case when x ? 'amount_cents' then shop.pos_whole(x ->> 'amount_cents', 0, 999999999999)
        -- Their share, counted from the first piece on, so that all of them together are the line to the cent.
        when l.kind = 'product' then least(l.total_cents - l.refunded_cents, floor(l.total_cents::numeric * (l.quantity - of_them + pieces) / l.quantity + 0.5)::bigint - floor(l.total_cents::numeric * (l.quantity - of_them) / l.quantity + 0.5)::bigint)
        else floor(l.total_cents::numeric * pieces / of_them + 0.5)::bigint end;
      if cents is null then perform platform.refuse(422, 'pos_amount_invalid', '{"field": "amount_cents"}'); end if;
    end if;
    if cents > l.total_cents - l.refunded_cents - coalesce((select sum(u.amount) from unnest(ids, amounts) u (id, amount) where u.id = l.id), 0) then
      perform platform.refuse(409, 'refund_above_paid', jsonb_build_object('left_cents', l.total_cents - l.refunded_cents, 'currency', o.currency));
    end if;
    continue when cents = 0 and (pieces = 0 or l.kind <> 'product');
    insert into sales.returns as y (business_id, order_line_id, quantity, amount_cents, stock, reason)
    values (o.business_id, l.id, case when l.kind = 'product' then pieces else 0 end, cents, case when l.kind = 'product' and pieces > 0 then goods end, why) returning y.id into given;
    update sales.order_lines y set returned = y.returned + pieces where y.id = l.id and l.kind = 'product' and pieces > 0;
    made := made || given;
    if cents > 0 and l.id = any (ids) then
      amounts[array_position(ids, l.id)] := amounts[array_position(ids, l.id)] + cents;
    elsif cents > 0 then
      ids := ids || l.id;
      amounts := amounts || cents;
    end if;
    total := total + cents;
  end loop;
  if rest > 0 or cardinality(made) = 0 then perform platform.refuse(409, 'refund_above_paid', jsonb_build_object('left_cents', total, 'currency', o.currency)); end if;
  perform 1 from shop.stock_levels v where v.location_id = o.location_id and v.stock_item_id in (select (s ->> 'item')::uuid from sales.order_lines y cross join lateral jsonb_array_elements(y.stock) s where y.order_id = o.id and y.stock is not null) order by v.stock_item_id for no key update;
  perform sales.give_back_goods(y, o, z.quantity, z.stock, z.id, why) from sales.returns z join sales.order_lines y on y.id = z.order_line_id where z.id = any (made) and z.quantity > 0 and y.stock is not null;
  if total > 0 then
    select y.* into strict paid from payments.payments y where y.order_id = o.id and y.captured_cents > 0;
    refund := payments.request_refund(paid, total, 'staff', ids, amounts);
    update sales.returns y set refund_id = refund where y.id = any (made) and y.amount_cents > 0;
  end if;
  update sales.order_lines y set state = 'reversed' from sales.returns z where z.id = any (made) and y.id = z.order_line_id and y.kind = 'product' and y.returned = y.quantity and y.state = 'fulfilled';
  perform payments.tell_order(o.id);
  perform shop.tell_returned(o);
  return shop.pos_done(a, '{}') || jsonb_build_object('refund_cents', total);
end $$;
comment on function shop.keep_pos_refund is 'sale.refunded {id, sale_id, lines: [{product, quantity, amount_cents}] | amount_cents | neither: all that is left, stock: back|waste, reason}: given back at an outside till, never above what remains. Refuses 404 pos_sale_not_found (it may come yet), order_line_not_found, 409 refund_above_paid, 422 pos_message_invalid, pos_quantity_invalid, pos_amount_invalid.';

create function shop.keep_pos_movement(c shop.pos_connections, r shop.pos_inbox) returns jsonb
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare
  d jsonb := r.payload -> 'data';
  how text := d ->> 'kind';
  a shop.pos_acts;
  x jsonb;
  l shop.pos_links;
  n int := 0;
  said bigint;
  cost bigint;
  items uuid[] := '{}';
  numbers bigint[] := '{}';
  costs bigint[] := '{}';
  -- Of a delivery: what each of ours cost, or null.
  each numeric[];
  short_items uuid[];
  shorts bigint[];
  why text := left(coalesce(nullif(trim(d ->> 'why'), ''), c.name), 200);
  marks text[] := '{}';
begin
  if how is null or how not in ('delivery', 'waste', 'count', 'correction') then perform platform.refuse(422, 'pos_message_invalid', '{"field": "kind"}'); end if;
  a := shop.pos_act(c, r, 'movement');
  if a.id is null then return shop.pos_known(c, r, 'movement'); end if;
  if jsonb_typeof(d -> 'lines') is distinct from 'array' or jsonb_array_length(d -> 'lines') not between 1 and 300 then perform platform.refuse(422, 'pos_message_invalid', '{"field": "lines"}'); end if;
  for x in select * from jsonb_array_elements(d -> 'lines') loop
    n := n + 1;
    said := shop.pos_whole(x ->> 'quantity', case how when 'correction' then -1000000 when 'count' then 0 else 1 end, 1000000);
    if said is null or how = 'correction' and said = 0 then perform platform.refuse(422, 'pos_quantity_invalid', jsonb_build_object('field', 'quantity', 'line', n)); end if;
    cost := null;
    if x ? 'unit_cost_cents' then
      cost := shop.pos_whole(x ->> 'unit_cost_cents', 0, 10000000000);
      if cost is null then perform platform.refuse(422, 'pos_amount_invalid', jsonb_build_object('field', 'unit_cost_cents', 'line', n)); end if;
    end if;
    l := shop.pos_link(c, x ->> 'product');
    if l.stock_item_id is not null then
      items := items || l.stock_item_id;
      numbers := numbers || said * l.units;
      costs := costs || said * cost;
    elsif l.product_id is not null and exists (select from shop.recipe_lines y where y.business_id = c.business_id and y.product_id = l.product_id) and (how <> 'count' or (select count(*) = 1 from shop.recipe_lines y where y.business_id = c.business_id and y.product_id = l.product_id)) then
      -- All that one of it takes; a count of something made of several things says nothing about any of them.
      -- What something made of several things cost says nothing about any of them either.
      select items || array_agg(y.stock_item_id order by y.id), numbers || array_agg(said * y.quantity order by y.id), costs || array_agg(case when y.parts = 1 then said * cost end order by y.id) into items, numbers, costs
      from (select z.*, count(*) over () as parts from shop.recipe_lines z where z.business_id = c.business_id and z.product_id = l.product_id) y where y.business_id = c.business_id and y.product_id = l.product_id;
    else
      perform platform.refuse(404, 'pos_item_unknown', jsonb_build_object('product', left(x ->> 'product', 100), 'line', n));
    end if;
  end loop;
  if how = 'delivery' and exists (select from unnest(costs) u where u is not null) then
    -- Costs are averaged over all that is there, as api.receive_delivery has it: the items' rows, then their levels. What came without a cost is as dear as what was there.
    perform 1 from shop.stock_items i where i.id = any (items) order by i.id for no key update;
    perform 1 from shop.stock_levels v where v.business_id = c.business_id and v.stock_item_id = any (items) order by v.location_id, v.stock_item_id for no key update;
    select array_agg(z.cost order by z.item) into each from (
      select u.item, case when count(u.cost) > 0 then round((sum(u.cost) + coalesce(sum(u.number) filter (where u.cost is null), 0) * i.unit_cost) / sum(u.number), 6) end as cost
      from unnest(items, numbers, costs) u (item, number, cost) join shop.stock_items i on i.id = u.item group by u.item, i.unit_cost) z;
    if exists (select from unnest(each) u where u > 10000000) then perform platform.refuse(422, 'pos_amount_invalid', '{"field": "unit_cost_cents"}'); end if;
  end if;
  select array_agg(z.item order by z.item), array_agg(z.number order by z.item) into items, numbers from (select u.item, sum(u.number)::bigint as number from unnest(items, numbers) u (item, number) group by u.item) z;
  if each is not null then
    update shop.stock_items i set unit_cost = round((h.there * i.unit_cost + u.number * u.cost) / (h.there + u.number), 6)
    from unnest(items, numbers, each) u (item, number, cost) cross join lateral (select coalesce(sum(v.on_hand), 0) as there from shop.stock_levels v where v.business_id = c.business_id and v.stock_item_id = u.item) h
    where i.id = u.item and u.cost is not null;
  end if;
  insert into shop.stock_levels (business_id, location_id, stock_item_id) select c.business_id, c.location_id, u from unnest(items) u order by u on conflict do nothing;
  perform 1 from shop.stock_levels v where v.location_id = c.location_id and v.stock_item_id = any (items) order by v.stock_item_id for no key update;
  select array_agg(u.item order by u.item), array_agg(case how when 'waste' then -u.number when 'count' then u.number - v.on_hand else u.number end order by u.item) into items, numbers
  from unnest(items, numbers) u (item, number) join shop.stock_levels v on v.location_id = c.location_id and v.stock_item_id = u.item;
  -- What went was there, whatever the books said.
  select array_agg(u.item order by u.item), array_agg(-(v.on_hand + u.number) order by u.item) into short_items, shorts
  from unnest(items, numbers) u (item, number) join shop.stock_levels v on v.location_id = c.location_id and v.stock_item_id = u.item where v.on_hand + u.number < 0;
  if short_items is not null then
    perform shop.move_stock(c.business_id, c.location_id, 'correction', 'pos_cover:' || a.id, short_items, shorts, why);
    marks := marks || 'stock_corrected'::text;
  end if;
  perform shop.move_stock(c.business_id, c.location_id, how, 'pos:' || a.id, items, numbers, why, unit_costs => each);
  return shop.pos_done(a, marks) - 'order_id';
end $$;
comment on function shop.keep_pos_movement is 'stock.moved {id, at, kind: delivery|waste|count|correction, lines: [{product (outside id), quantity, unit_cost_cents}], why}: what moved at an outside till. unit_cost_cents: of a delivery, what one of theirs cost; it moves the average as api.receive_delivery does. count says what is there, correction may be below zero. More gone than the books had is told in flags: stock_corrected. Refuses 404 pos_item_unknown, 422 pos_message_invalid, pos_quantity_invalid, pos_amount_invalid.';

create function shop.obey_pos(inbox_id bigint) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  r shop.pos_inbox;
  c shop.pos_connections;
  became text := 'applied';
  said jsonb;
  code text;
  why text;
  facts text;
  waiting bigint;
begin
  select * into strict r from shop.pos_inbox x where x.id = obey_pos.inbox_id;
  select * into strict c from shop.pos_connections x where x.id = r.connection_id;
  -- Whoever tells us of a sale need not be told of it.
  perform set_config('shop.told_by', c.id::text, true);
  begin
    said := case r.type when 'sale.made' then shop.keep_pos_sale(c, r) when 'sale.refunded' then shop.keep_pos_refund(c, r) when 'stock.moved' then shop.keep_pos_movement(c, r) end;
  exception
    when sqlstate 'PT404' or sqlstate 'PT409' or sqlstate 'PT422' then
      get stacked diagnostics why = message_text, code = returned_sqlstate, facts = pg_exception_detail;
      became := case why when 'pos_sale_not_found' then 'waiting' else 'refused' end;
      said := case became when 'waiting' then jsonb_build_object('outcome', 'waiting') else jsonb_build_object('outcome', 'refused') end
        || jsonb_build_object('code', why, 'status', substr(code, 3)::int, 'details', coalesce(nullif(facts, ''), '{}')::jsonb);
    when invalid_text_representation or numeric_value_out_of_range or datetime_field_overflow or invalid_datetime_format then
      became := 'refused';
      said := jsonb_build_object('outcome', 'refused', 'code', 'pos_message_invalid', 'status', 422, 'details', '{}'::jsonb);
    when others then
      get stacked diagnostics why = message_text, code = returned_sqlstate;
      raise warning 'pos message %: % %', r.id, code, why;
      became := 'failed';
      said := jsonb_build_object('outcome', 'kept');
  end;
  perform set_config('shop.told_by', '', true);
  if said is null then
    became := 'ignored';
    said := jsonb_build_object('outcome', 'ignored');
  end if;
  update shop.pos_inbox x set state = became, answer = said, attempts = x.attempts + 1,
    next_attempt_at = case when became in ('waiting', 'failed') and x.attempts < 100 then now() + least(interval '1 minute' * power(2, least(x.attempts, 10)), interval '1 hour') end
  where x.id = r.id;
  if became = 'applied' and r.type = 'sale.made' then
    for waiting in select x.id from shop.pos_inbox x where x.connection_id = c.id and x.state = 'waiting' and x.payload -> 'data' ->> 'sale_id' = r.payload -> 'data' ->> 'id' order by x.id for no key update loop
      perform shop.obey_pos(waiting);
    end loop;
  end if;
  return said;
end $$;
comment on function shop.obey_pos is 'Does what a stored message says, or writes down why not. The caller holds its row. A refund that came before its sale waits for it; what failed by our own fault is tried again (api.retry_pos_inbox).';

create function api.pos_door(connection_id uuid) returns table (business_id uuid, state text, secrets text[])
language plpgsql stable security definer set search_path = '' rows 1 as $$
#variable_conflict use_column
begin
  return query select c.business_id, c.state, array(select s.secret from shop.pos_secrets s where s.connection_id = c.id and (s.good_until is null or s.good_until > now()) order by s.id desc)
  from shop.pos_connections c where c.id = pos_door.connection_id and c.state <> 'ended';
end $$;
comment on function api.pos_door is 'What a message of an outside till is checked with: its secrets that are good now. No row: there is no such till.';
grant execute on function api.pos_door to service_role;

create function api.turn_away_pos(connection_id uuid, why text) returns void
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
begin
  insert into shop.pos_turned_away as t (business_id, connection_id, why, on_hour)
  select c.business_id, c.id, turn_away_pos.why, date_trunc('hour', now()) from shop.pos_connections c where c.id = turn_away_pos.connection_id
  on conflict (connection_id, why, on_hour) do update set times = t.times + 1, last_at = now();
end $$;
comment on function api.turn_away_pos is 'Counts a message that was not let in, for its managers to see.';
grant execute on function api.turn_away_pos to service_role;

create function api.receive_pos_message(connection_id uuid, message_id text, body jsonb, body_hash text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare r shop.pos_inbox;
begin
  -- The same message at the same time waits here for the first one's commit.
  insert into shop.pos_inbox as x (business_id, connection_id, message_id, type, body_hash, payload)
  select c.business_id, c.id, receive_pos_message.message_id, left(receive_pos_message.body ->> 'type', 60), decode(receive_pos_message.body_hash, 'hex'), receive_pos_message.body
  from shop.pos_connections c where c.id = receive_pos_message.connection_id and c.state <> 'ended' on conflict do nothing returning * into r;
  if r.id is not null then return shop.obey_pos(r.id) || jsonb_build_object('first', true); end if;
  update shop.pos_inbox x set repeats = x.repeats + 1 where x.connection_id = receive_pos_message.connection_id and x.message_id = receive_pos_message.message_id and x.body_hash = decode(receive_pos_message.body_hash, 'hex') returning * into r;
  if r.id is null then
    if exists (select from shop.pos_inbox x where x.connection_id = receive_pos_message.connection_id and x.message_id = receive_pos_message.message_id) then perform platform.refuse(409, 'pos_message_reused'); end if;
    perform platform.refuse(404, 'pos_not_found');
  end if;
  return r.answer || jsonb_build_object('first', false);
end $$;
comment on function api.receive_pos_message is 'A message whose signature was found good: stored by its id, then obeyed once. Sent again it is answered as the first time. Answers {outcome: applied | known (told of in an earlier message) | waiting | ignored | kept (tried again) | refused, code, status, details, order_id, flags, first}. Refuses 404 pos_not_found, 409 pos_message_reused (another body under the same id).';
grant execute on function api.receive_pos_message to service_role;

create function api.retry_pos_message(business_id uuid, inbox_id bigint) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare r shop.pos_inbox;
begin
  perform business.require_role(retry_pos_message.business_id, 'manager');
  select * into r from shop.pos_inbox x where x.id = retry_pos_message.inbox_id and x.business_id = retry_pos_message.business_id for no key update;
  if r.id is null then perform platform.refuse(404, 'pos_message_not_found'); end if;
  if r.state in ('applied', 'ignored') then return r.answer || jsonb_build_object('connection_id', r.connection_id); end if;
  return shop.obey_pos(r.id) || jsonb_build_object('connection_id', r.connection_id);
end $$;
comment on function api.retry_pos_message is 'Obeys a message once more that was refused or failed, after what was wrong here has been put right (an outside id is known now). For managers. Answers as api.receive_pos_message. Refuses 404 pos_message_not_found.';
grant execute on function api.retry_pos_message to authenticated;

create function api.retry_pos_inbox() returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  due bigint;
  done int := 0;
begin
  for due in select x.id from shop.pos_inbox x where x.state in ('waiting', 'failed') and x.next_attempt_at <= now() order by x.id limit 50 for no key update skip locked loop
    perform shop.obey_pos(due);
    done := done + 1;
  end loop;
  return done;
end $$;
comment on function api.retry_pos_inbox is 'Obeys once more what outside tills told that failed or waited. Run by a job.';
grant execute on function api.retry_pos_inbox to service_role;
