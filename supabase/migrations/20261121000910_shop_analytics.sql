-- The bar in numbers: what sold when, how fast it was made, what it cost; and a day's books, from the orders and from the ledger side by side.

create index transfers_created_at_idx on ledger.transfers using brin (created_at) with (pages_per_range = 32);

create function shop.sold_lines(business_id uuid, from_at timestamptz, until_at timestamptz)
returns table (order_id uuid, line_id uuid, product_id uuid, at timestamptz, quantity int, net_cents bigint, discount_cents bigint, modifiers jsonb, cost numeric)
language plpgsql stable set search_path = '' rows 1000 as $$
begin
  return query
  -- A hold lasts hours, not days: the day of placing finds the rows, the moment of paying chooses them.
  select o.id, l.id, l.product_id, o.payment_confirmed_at, l.quantity - l.returned,
    -- What went back is not sold; its tax went back in proportion.
    (l.total_cents - l.tax_cents - coalesce(r.net, 0))::bigint, l.discount_cents, l.modifiers,
    coalesce((select sum(-m.quantity * m.unit_cost) from shop.stock_movements m where m.business_id = l.business_id and m.order_line_id = l.id and m.kind in ('sale', 'return')), 0)
  from sales.orders o
  join sales.order_lines l on l.business_id = o.business_id and l.order_id = o.id and l.kind = 'product'
  left join lateral (select sum(y.amount_cents - y.tax_cents) as net from payments.refund_lines y join payments.refunds f on f.id = y.refund_id where y.business_id = l.business_id and y.order_line_id = l.id and f.state <> 'failed' and l.refunded_cents > 0) r on true
  where o.business_id = sold_lines.business_id and o.placed_at >= sold_lines.from_at - interval '2 days' and o.placed_at < sold_lines.until_at
    and o.payment_confirmed_at >= sold_lines.from_at and o.payment_confirmed_at < sold_lines.until_at;
end $$;
comment on function shop.sold_lines is 'What was paid for from the bar between two instants, without tax, refunds and pieces that went back, with the cost of what it took from stock as that was then.';

create function api.shop_analytics(business_id uuid, from_on date, until_on date) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  zone text;
  from_at timestamptz;
  until_at timestamptz;
  answer jsonb;
begin
  perform business.require_role(shop_analytics.business_id, 'manager');
  if shop_analytics.from_on is null or shop_analytics.until_on is null or shop_analytics.until_on < shop_analytics.from_on or shop_analytics.until_on - shop_analytics.from_on > 366 then perform platform.refuse(422, 'period_invalid'); end if;
  select b.time_zone into zone from business.businesses b where b.id = shop_analytics.business_id;
  from_at := shop_analytics.from_on::timestamp at time zone zone;
  until_at := (shop_analytics.until_on + 1)::timestamp at time zone zone;
  with s as materialized (select x.*, extract(hour from x.at at time zone zone)::int as hour, (x.at at time zone zone)::date as day from shop.sold_lines(shop_analytics.business_id, from_at, until_at) x),
  named as (select s.*, p.name, p.slug, p.category_id from s join shop.products p on p.id = s.product_id),
  bundles as (
    select i.bundle_id, array_agg(i.product_id order by q.position, q.slug) as products, array_agg(i.quantity order by q.position, q.slug) as quantities,
      -- By what each would have cost by itself; things that cost nothing, by their number.
      case when sum(q.price_cents) > 0 then array_agg(q.price_cents * i.quantity order by q.position, q.slug) else array_agg(i.quantity::bigint order by q.position, q.slug) end as weights
    from shop.bundle_items i join shop.products q on q.id = i.product_id where i.business_id = shop_analytics.business_id group by 1),
  parts as materialized (
    select s.product_id as bundle_id, u.product_id, u.quantity * s.quantity as quantity, u.cents as net_cents, s.cost * u.weight / (select sum(w) from unnest(b.weights) w) as cost
    from s join bundles b on b.bundle_id = s.product_id cross join lateral unnest(b.products, b.quantities, b.weights, sales.spread(s.net_cents, b.weights)) u (product_id, quantity, weight, cents)),
  each_sold as (
    select s.product_id, s.quantity, s.net_cents, s.cost from s where not exists (select from bundles b where b.bundle_id = s.product_id)
    union all select x.product_id, x.quantity, x.net_cents, x.cost from parts x),
  per_order as (select s.order_id, min(s.hour) as hour, min(s.day) as day, sum(s.net_cents) as net, sum(s.quantity) as items from s group by 1),
  tips as (select coalesce(sum(l.total_cents - l.refunded_cents), 0)::bigint as cents from per_order k join sales.order_lines l on l.order_id = k.order_id and l.kind = 'tip'),
  made as (
    select t.id, extract(epoch from t.ready_at - t.opened_at) as seconds, t.ready_at <= t.ready_by as kept, z.by_user from per_order k join shop.tickets t on t.order_id = k.order_id
    left join lateral (select x.by_user from shop.ticket_steps x where x.business_id = t.business_id and x.ticket_id = t.id and x.to_state = 'ready' order by x.id desc limit 1) z on true
    -- What a till told of later, or another maker's till, was handed over before we heard of it.
    where t.ready_at is not null and not exists (select from shop.till_sales y where y.order_id = t.order_id and y.synced_at is not null)
      and not exists (select from shop.pos_acts y where y.business_id = t.business_id and y.order_id = t.order_id)),
  pairs as (
    select least(a.product_id, b.product_id) as one, greatest(a.product_id, b.product_id) as two, count(distinct a.order_id) as times from s a join s b on b.order_id = a.order_id and a.product_id < b.product_id group by 1, 2 order by 3 desc limit 10)
  select jsonb_build_object(
    'orders', (select count(*) from per_order), 'net_cents', (select coalesce(sum(net), 0) from per_order), 'items', (select coalesce(sum(items), 0) from per_order), 'discount_cents', (select coalesce(sum(discount_cents), 0) from s),
    'tip_cents', (select cents from tips), 'cost_cents', (select round(coalesce(sum(cost), 0)) from s),
    'average_cents', (select round(avg(net)) from per_order), 'items_per_order', (select round(avg(items), 2) from per_order),
    'ready', (select jsonb_build_object('tickets', count(*), 'p50_seconds', percentile_cont(0.5) within group (order by seconds), 'p90_seconds', percentile_cont(0.9) within group (order by seconds), 'kept', count(*) filter (where kept)) from made),
    'by_hour', (select coalesce(jsonb_agg(jsonb_build_object('hour', h, 'orders', coalesce(k.orders, 0), 'net_cents', coalesce(k.net, 0)) order by h), '[]') from generate_series(0, 23) h left join (select hour, count(*) as orders, sum(net) as net from per_order group by 1) k on k.hour = h),
    'by_day', (select coalesce(jsonb_agg(jsonb_build_object('day', d::date, 'orders', coalesce(k.orders, 0), 'net_cents', coalesce(k.net, 0)) order by d), '[]') from generate_series(shop_analytics.from_on::timestamp, shop_analytics.until_on::timestamp, interval '1 day') d left join (select day, count(*) as orders, sum(net) as net from per_order group by 1) k on k.day = d::date),
    'by_product', (select coalesce(jsonb_agg(k order by k.net_cents desc, k.slug), '[]') from (select slug, name, sum(quantity) as quantity, sum(net_cents)::bigint as net_cents, round(sum(cost)) as cost_cents from named group by 1, 2) k),
    'by_category', (select coalesce(jsonb_agg(k order by k.net_cents desc), '[]') from (select c.name, sum(n.quantity) as quantity, sum(n.net_cents)::bigint as net_cents, round(sum(n.cost)) as cost_cents from each_sold n join shop.products p on p.id = n.product_id join shop.categories c on c.id = p.category_id group by 1) k),
    'bundles', (select coalesce(jsonb_agg(k order by k.net_cents desc, k.slug), '[]') from (
      select b.slug, b.name, sum(x.net_cents)::bigint as net_cents, jsonb_agg(jsonb_build_object('slug', p.slug, 'name', p.name, 'quantity', x.quantity, 'net_cents', x.net_cents) order by x.net_cents desc, p.slug) as parts
      from (select y.bundle_id, y.product_id, sum(y.quantity) as quantity, sum(y.net_cents)::bigint as net_cents from parts y group by 1, 2) x join shop.products b on b.id = x.bundle_id join shop.products p on p.id = x.product_id group by 1, 2) k),
    'by_modifier', (select coalesce(jsonb_agg(k order by k.times desc), '[]') from (
      select x ->> 'modifier_id' as modifier_id, (array_agg(x -> 'name'))[1] as name, (array_agg(x -> 'group'))[1] as "group", sum((x ->> 'times')::int * s.quantity) as times, sum((x ->> 'times')::int * s.quantity * (x ->> 'price_cents')::bigint)::bigint as cents from s cross join lateral jsonb_array_elements(s.modifiers) x group by 1 order by 4 desc limit 30) k),
    'by_barista', (select coalesce(jsonb_agg(k order by k.tickets desc), '[]') from (
      select coalesce(u.raw_user_meta_data ->> 'full_name', u.email) as name, count(*) as tickets, percentile_cont(0.5) within group (order by m.seconds) as p50_seconds, count(*) filter (where m.kept) as kept from made m join auth.users u on u.id = m.by_user group by 1) k),
    'pairs', (select coalesce(jsonb_agg(jsonb_build_object('one', a.name, 'two', b.name, 'times', p.times) order by p.times desc), '[]') from pairs p join shop.products a on a.id = p.one join shop.products b on b.id = p.two),
    'waste', (select coalesce(jsonb_agg(k order by k.cost_cents desc), '[]') from (select i.name, i.unit, -sum(m.quantity) as quantity, round(-sum(m.quantity * m.unit_cost)) as cost_cents from shop.stock_movements m join shop.stock_items i on i.id = m.stock_item_id
      where m.business_id = shop_analytics.business_id and m.kind = 'waste' and m.at >= from_at and m.at < until_at group by i.id) k),
    'stock_value_cents', (select coalesce(round(sum(v.on_hand * i.unit_cost)), 0) from shop.stock_levels v join shop.stock_items i on i.id = v.stock_item_id where v.business_id = shop_analytics.business_id))
  into answer;
  return answer;
end $$;
comment on function api.shop_analytics is 'The bar between two local days, at most a year and a day: sales without tax, discounts and refunds (by hour, day, product, category, modifier, barista), the average order, time to ready (p50, p90, promises kept), cost of goods as it was, waste, what is in stock worth, what is bought together. A bundle is one row among the products; among the categories, and in bundles [{slug, name, net_cents, parts: [{slug, name, quantity, net_cents}]}], what it brought is spread over what it is made of today, sale by sale to the cent, in proportion to what each part costs by itself. Managers. Refuses 422 period_invalid.';
grant execute on function api.shop_analytics to authenticated;

-- A day's books -------------------------------------------------------------------------------------------------------
create function api.day_close(business_id uuid, on_date date) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  zone text;
  from_at timestamptz;
  until_at timestamptz;
  money text;
begin
  perform business.require_role(day_close.business_id, 'manager');
  select b.time_zone, b.currency::text into zone, money from business.businesses b where b.id = day_close.business_id;
  from_at := day_close.on_date::timestamp at time zone zone;
  until_at := (day_close.on_date + 1)::timestamp at time zone zone;
  return (
    with paid as materialized (
      select o.id from sales.orders o where o.business_id = day_close.business_id and o.placed_at >= from_at - interval '2 days' and o.placed_at < until_at and o.payment_confirmed_at >= from_at and o.payment_confirmed_at < until_at),
    lines as materialized (select l.* from paid p join sales.order_lines l on l.business_id = day_close.business_id and l.order_id = p.id),
    -- Refunds by the day on which they were made; a payment can be days older.
    backed as materialized (
      select f.id, f.payment_id, f.amount_cents from payments.refunds f where f.business_id = day_close.business_id and f.state = 'succeeded' and f.settled_at >= from_at and f.settled_at < until_at),
    back_lines as (select y.order_line_id, y.amount_cents, y.tax_cents, l.kind, l.tax_rate_bp from backed f join payments.refund_lines y on y.refund_id = f.id join sales.order_lines l on l.id = y.order_line_id),
    by_orders as (
      select 'taken' as part, pm.provider as name, sum(pm.captured_cents)::bigint as cents from paid p join payments.payments pm on pm.business_id = day_close.business_id and pm.order_id = p.id where pm.captured_cents > 0
        and (pm.reservation_id is not null or exists (select from ledger.transfers t where t.business_id = pm.business_id and t.kind = 'sale' and t.source = 'payment:' || pm.id)) group by 2
      union all select 'tax', l.tax_rate_bp::text, sum(l.tax_cents)::bigint from lines l where l.tax_cents > 0 group by 2
      union all select 'earned', l.kind, sum(l.total_cents - l.tax_cents)::bigint from lines l where l.total_cents > l.tax_cents group by 2
      union all select 'given_back', pm.provider, -sum(f.amount_cents)::bigint from backed f join payments.payments pm on pm.id = f.payment_id where exists (select from payments.refund_lines y where y.refund_id = f.id) group by 2),
    moved as materialized (
      select t.kind, a.kind as account, a.owner, e.amount from ledger.transfers t join ledger.entries e on e.business_id = t.business_id and e.transfer_id = t.id join ledger.accounts a on a.id = e.account_id and a.unit = money
      where t.business_id = day_close.business_id and t.kind in ('sale', 'refund') and t.state = 'posted'
        -- What the bank sent back to us was not given back after all.
        and not exists (select from ledger.transfers r where r.business_id = t.business_id and r.reverses = t.id)
        -- Money that bought nothing came and went: it was never part of a sale.
        and not exists (select from ledger.accounts x where x.id = any (t.account_ids) and x.kind = 'unapplied')
        and t.created_at >= from_at - interval '40 days' and t.created_at < until_at and t.settled_at >= from_at and t.settled_at < until_at),
    by_ledger as (
      select 'taken' as part, case m.account when 'clearing' then m.owner when 'drawer' then 'cash' when 'wallet' then 'wallet' when 'gift_card' then 'gift_card' end as name, sum(m.amount)::bigint as cents from moved m where m.kind = 'sale' and m.amount > 0 group by 2
      union all select 'tax', m.owner, -sum(m.amount)::bigint from moved m where m.kind = 'sale' and m.account = 'tax' group by 2
      union all select 'earned', 'all', -sum(m.amount)::bigint from moved m where m.kind = 'sale' and m.amount < 0 and m.account <> 'tax'
      union all select 'given_back', case m.account when 'clearing' then m.owner when 'drawer' then 'cash' when 'wallet' then 'wallet' when 'gift_card' then 'gift_card' end, sum(m.amount)::bigint from moved m where m.kind = 'refund' and m.amount < 0 group by 2)
    select jsonb_build_object('on_date', day_close.on_date, 'currency', money, 'orders', (select count(*) from paid),
      'taken', (select coalesce(jsonb_agg(jsonb_build_object('name', coalesce(a.name, b.name), 'orders_cents', coalesce(a.cents, 0), 'ledger_cents', coalesce(b.cents, 0)) order by coalesce(a.name, b.name)), '[]') from (select * from by_orders where part = 'taken') a full join (select * from by_ledger where part = 'taken') b on b.name = a.name),
      'given_back', (select coalesce(jsonb_agg(jsonb_build_object('name', coalesce(a.name, b.name), 'orders_cents', coalesce(a.cents, 0), 'ledger_cents', coalesce(b.cents, 0)) order by coalesce(a.name, b.name)), '[]') from (select * from by_orders where part = 'given_back') a full join (select * from by_ledger where part = 'given_back') b on b.name = a.name),
      'tax', (select coalesce(jsonb_agg(jsonb_build_object('name', coalesce(a.name, b.name), 'orders_cents', coalesce(a.cents, 0), 'ledger_cents', coalesce(b.cents, 0)) order by coalesce(a.name, b.name)), '[]') from (select * from by_orders where part = 'tax') a full join (select * from by_ledger where part = 'tax') b on b.name = a.name),
      'kinds', (select coalesce(jsonb_agg(jsonb_build_object('name', a.name, 'orders_cents', a.cents) order by a.cents desc), '[]') from by_orders a where a.part = 'earned'),
      'earned_orders_cents', (select coalesce(sum(cents), 0) from by_orders where part = 'earned'), 'earned_ledger_cents', (select coalesce(sum(cents), 0) from by_ledger where part = 'earned')));
end $$;
comment on function api.day_close is 'A local day''s books of the whole business, twice: added up from its orders and refunds, and from the ledger''s entries. {taken, given_back, tax: [{name: provider or rate, orders_cents, ledger_cents}], kinds: [{name: kind of line, orders_cents}], earned_orders_cents, earned_ledger_cents}. Any difference is a fault. Managers.';
grant execute on function api.day_close to authenticated;
