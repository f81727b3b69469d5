-- Sold while there was no connection: sales that happened already, kept by the device, into the books once each.

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
  select the_sale, b.id, buyer, 'placed', 'till', b.currency, sales.new_reference(b.id), now(), t.location_id, shop.kept_serving(t.location_id, sale -> 'facts' ->> 'serving') from business.businesses b where b.id = t.business_id returning * into o;
  for x in select * from jsonb_array_elements(sale -> 'lines') loop
    n := n + 1;
    unit := (x ->> 'unit_cents')::bigint;
    if unit is null or unit not between 0 and 1000000000 or coalesce((x ->> 'quantity')::int, 0) not between 1 and 50 then perform platform.refuse(422, 'sale_invalid'); end if;
    -- By its id, which stays when a product is renamed or taken off the menu.
    select * into p from shop.products y where y.business_id = t.business_id and y.id = (x ->> 'product_id')::uuid;
    if p.id is null then
      marks := marks || 'product_unknown'::text;
      insert into sales.order_lines (business_id, order_id, position, kind, tax_rate_bp, label, quantity, unit_price_cents, details) values (t.business_id, the_sale, n, 'fee', shop.usual_rate(t.business_id, o.serving), jsonb_build_object('en', left(coalesce(nullif(trim(x ->> 'label'), ''), '?'), 120)), 1, unit * (x ->> 'quantity')::int, '{"product_unknown": true}');
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
        -- It came before: by this device, by another, or while the connection was dying. One that was given up before it was paid is no sale.
        select * into s from shop.till_sales y where y.order_id = (sale ->> 'sale_id')::uuid and y.business_id = t.business_id;
        outcomes := outcomes || jsonb_build_object('sale_id', sale ->> 'sale_id', 'outcome', case when exists (select from sales.orders o where o.id = s.order_id and o.state in ('paid', 'closed')) then 'known' else 'idempotency_key_reused' end, 'flags', coalesce(s.flags, '{}'), 'total_cents', (select o.total_cents from sales.orders o where o.id = s.order_id));
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
