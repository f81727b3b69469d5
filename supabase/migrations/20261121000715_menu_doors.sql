-- What customers may ask of the bar: the menu, the cart's lines from it, how it is handed over, the usual, an order in one act.

create function shop.groups_of(product_id uuid, location_id uuid, on_date date) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
  select coalesce(jsonb_agg(jsonb_build_object('group_id', g.id, 'name', g.name, 'kind', g.kind, 'min', g.min_choices, 'max', g.max_choices, 'options', m.options) order by x.position, g.position), '[]')
  from shop.product_modifier_groups x join shop.modifier_groups g on g.id = x.group_id
  cross join lateral (select jsonb_agg(jsonb_build_object('modifier_id', m.id, 'name', m.name, 'price_cents', m.price_cents, 'max_each', m.max_each, 'is_default', m.is_default, 'allergens', m.allergens,
      'sold_out', exists (select from shop.sold_out s where s.location_id = groups_of.location_id and s.on_date = groups_of.on_date and s.modifier_id = m.id and s.back_at is null)
        -- Or what it takes is gone: no oat, no bag of that size.
        or exists (select from shop.recipe_lines r left join shop.stock_levels v on v.location_id = groups_of.location_id and v.stock_item_id = r.stock_item_id where r.modifier_id = m.id and r.quantity > 0 and coalesce(v.on_hand - v.reserved, 0) < r.quantity)) order by m.position, m.id) as options
    from shop.modifiers m where m.group_id = g.id and m.retired_at is null) m
  where x.product_id = groups_of.product_id and m.options is not null);
end $$;
comment on function shop.groups_of is 'What is asked about a product: [{group_id, name, kind, min, max, options: [{modifier_id, name, price_cents, max_each, is_default, allergens, sold_out}]}].';

create function shop.stock_left(product_id uuid, location_id uuid) returns bigint
language plpgsql stable set search_path = '' as $$
begin
  return (select min(case when v.stock_item_id is null then 0 else greatest(0, v.on_hand - v.reserved) / r.quantity end) from (
      select x.stock_item_id, sum(x.quantity)::bigint as quantity from (
        select y.stock_item_id, y.quantity from shop.recipe_lines y where y.product_id = stock_left.product_id
        union all select y.stock_item_id, y.quantity * i.quantity from shop.bundle_items i join shop.recipe_lines y on y.product_id = i.product_id where i.bundle_id = stock_left.product_id) x group by 1) r
    left join shop.stock_levels v on v.location_id = stock_left.location_id and v.stock_item_id = r.stock_item_id);
end $$;
comment on function shop.stock_left is 'How many of a product its stock is enough for at a location; null: it is not counted.';

create function api.menu(business_id uuid, location_id uuid default null, product_slug text default null)
returns table (category_slug text, category_name jsonb, category_summary jsonb, product_id uuid, slug text, kind text, name jsonb, summary jsonb, description jsonb, picture text, picture_alt jsonb, price_cents bigint, tax_rate_bp int, takeaway_tax_rate_bp int,
  allergens text[], diets text[], day_part jsonb, make_seconds int, problem text, few_left int, bundle jsonb, groups jsonb, counter jsonb)
language plpgsql stable security definer set search_path = '' rows 40 as $$
#variable_conflict use_column
declare
  c shop.counters;
  zone text;
  today date;
  plan shop.promise;
  closes timestamptz;
  counter jsonb;
begin
  select * into c from shop.counters x where x.business_id = menu.business_id and x.location_id = coalesce(menu.location_id, shop.first_counter(menu.business_id));
  if c.location_id is null then return; end if;
  zone := shop.zone(c.location_id);
  today := (now() at time zone zone)::date;
  closes := shop.open_until(c.location_id, now());
  if c.takes_orders and closes is not null then plan := shop.plan_slots(c, 60, null); end if;
  counter := jsonb_build_object('location_id', c.location_id, 'takes_orders', c.takes_orders, 'closes_at', closes, 'ready_by', plan.ready_by, 'days_ahead', c.days_ahead,
    'servings', c.servings, 'special_days', shop.special_days_ahead(c.location_id, 7));
  return query
  select k.slug, k.name, k.summary, p.id, p.slug, p.kind, p.name, p.summary, p.description, coalesce('own/' || p.picture_hash, p.picture), p.picture_alt, p.price_cents, p.tax_rate_bp, p.takeaway_tax_rate_bp, p.allergens, p.diets,
    case when d.id is not null then jsonb_build_object('name', d.name, 'days', d.days, 'from', to_char(d.from_time, 'HH24:MI'), 'until', to_char(d.until_time, 'HH24:MI')) end, p.make_seconds,
    case when s.sold or n.left_over = 0 then 'product_sold_out' when not shop.serves(d, now(), zone) then 'product_not_now' end, case when n.left_over between 1 and 5 then n.left_over::int end,
    case when p.kind = 'bundle' then (select jsonb_agg(jsonb_build_object('name', q.name, 'quantity', i.quantity, 'picture', coalesce('own/' || q.picture_hash, q.picture), 'picture_alt', q.picture_alt) order by q.position) from shop.bundle_items i join shop.products q on q.id = i.product_id where i.bundle_id = p.id) end,
    shop.groups_of(p.id, c.location_id, today), counter
  from shop.products p
  join shop.categories k on k.business_id = p.business_id and k.id = p.category_id
  left join shop.day_parts d on d.business_id = p.business_id and d.id = p.day_part_id
  cross join lateral (select exists (select from shop.sold_out x where x.location_id = c.location_id and x.on_date = today and x.back_at is null
    and (x.product_id = p.id or x.product_id in (select i.product_id from shop.bundle_items i where i.bundle_id = p.id))) as sold) s
  cross join lateral (select shop.stock_left(p.id, c.location_id) as left_over) n
  where p.business_id = menu.business_id and p.published and p.retired_at is null and (menu.product_slug is null or p.slug = menu.product_slug)
    and not exists (select from shop.not_offered x where x.location_id = c.location_id and x.product_id = p.id)
  order by k.position, k.slug, p.position, p.slug;
end $$;
comment on function api.menu is 'What a counter sells (the first one when none is named), in the order of the menu, each with what is asked about it and why it cannot be had now, if so. few_left: 1 to 5 when stock is nearly gone. counter (same in every row): {location_id, takes_orders, closes_at (null: closed now), ready_by: when a coffee ordered now would be ready (null: not today), days_ahead, servings, special_days: of the next week, see shop.special_days_ahead}.';
grant execute on function api.menu to anon, authenticated;

create function shop.find_product(business_id uuid, slug text) returns shop.products
language plpgsql stable set search_path = '' as $$
declare p shop.products;
begin
  select * into p from shop.products x where x.business_id = find_product.business_id and x.slug = find_product.slug and x.published and x.retired_at is null;
  if p.id is null then perform platform.refuse(404, 'product_not_found'); end if;
  return p;
end $$;

create function shop.put_line(o_id uuid, p shop.products, modifier_ids uuid[], quantity int, note text, checked boolean default true) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  chosen uuid[] := coalesce((select array_agg(z.id order by z.id) from unnest(coalesce(put_line.modifier_ids, shop.defaults_of(p.id))) z (id)), '{}');
  words text := nullif(trim(put_line.note), '');
  line uuid;
  wrong jsonb;
begin
  if put_line.quantity is null or put_line.quantity not between 1 and 50 then perform platform.refuse(422, 'quantity_invalid', '{"field": "quantity"}'); end if;
  if length(words) > 140 then perform platform.refuse(422, 'note_too_long', '{"field": "note"}'); end if;
  -- What is placed in the same breath is looked at by shop.hold.
  if put_line.checked then wrong := shop.choice_problem(p, chosen, null, null); end if;
  if wrong is not null then perform platform.refuse(422, wrong ->> 'problem', wrong || jsonb_build_object('slug', p.slug)); end if;
  -- The same again is one more of it.
  update sales.order_lines x set quantity = x.quantity + put_line.quantity where x.order_id = put_line.o_id and x.product_id = p.id and x.modifier_ids = chosen and x.note is not distinct from words and x.quantity + put_line.quantity <= 50 returning x.id into line;
  if line is not null then return line; end if;
  insert into sales.order_lines as l (business_id, order_id, position, kind, product_id, modifier_ids, note, quantity, label, unit_price_cents)
  values (p.business_id, put_line.o_id, sales.next_position(put_line.o_id), 'product', p.id, chosen, words, put_line.quantity, p.name, p.price_cents) returning l.id into line;
  return line;
end $$;

create function api.add_product_to_cart(business_id uuid, product_slug text, cart_token text, modifier_ids uuid[] default null, quantity int default 1, note text default null) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  p shop.products := shop.find_product(add_product_to_cart.business_id, add_product_to_cart.product_slug);
  me uuid;
begin
  if auth.uid() is not null then me := members.require_me(p.business_id); end if;
  return shop.put_line(sales.open_cart(p.business_id, add_product_to_cart.cart_token, me), p, add_product_to_cart.modifier_ids, add_product_to_cart.quantity, add_product_to_cart.note);
end $$;
comment on function api.add_product_to_cart is 'Puts something from the bar in the cart; the same again adds to its quantity. modifier_ids: what was chosen, one more than once where it is wanted twice; null: the usual. Nothing is held yet. Refuses 404 product_not_found, 422 modifier_missing, modifier_too_many, modifier_not_found, quantity_invalid, note_too_long, 409 cart_full.';
grant execute on function api.add_product_to_cart to anon, authenticated;

create function api.set_line_quantity(business_id uuid, line_id uuid, quantity int, cart_token text default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  if set_line_quantity.quantity is null or set_line_quantity.quantity not between 0 and 50 then perform platform.refuse(422, 'quantity_invalid', '{"field": "quantity"}'); end if;
  if set_line_quantity.quantity = 0 then
    perform api.remove_cart_line(set_line_quantity.business_id, set_line_quantity.line_id, set_line_quantity.cart_token);
    return;
  end if;
  update sales.order_lines l set quantity = set_line_quantity.quantity from sales.orders o
  where l.id = set_line_quantity.line_id and l.kind = 'product' and o.id = l.order_id and o.state = 'cart' and o.id = sales.find_cart(set_line_quantity.business_id, set_line_quantity.cart_token);
  if not found then perform platform.refuse(404, 'cart_line_not_found'); end if;
end $$;
comment on function api.set_line_quantity is 'How many of something from the bar; 0 takes it out. Refuses 404 cart_line_not_found, 422 quantity_invalid.';
grant execute on function api.set_line_quantity to anon, authenticated;

create function shop.put_handover(o_id uuid, facts jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  o sales.orders;
  c shop.counters;
  tip jsonb := facts -> 'tip';
  wanted timestamptz;
begin
  select * into strict o from sales.orders x where x.id = put_handover.o_id;
  if facts ? 'location_id' then
    select * into c from shop.counters x where x.location_id = (facts ->> 'location_id')::uuid and x.business_id = o.business_id;
    if c.location_id is null then perform platform.refuse(404, 'location_not_found'); end if;
    -- What another counter does not offer is not wished for there.
    update sales.orders x set location_id = c.location_id, serving = case when x.serving = any (c.servings) then x.serving end, table_label = case when 'eat_in' = any (c.servings) then x.table_label end where x.id = o.id returning * into o;
  end if;
  if facts ? 'serving' then
    if coalesce(facts ->> 'serving', '') not in ('takeaway', 'eat_in') then perform platform.refuse(422, 'serving_invalid', '{"field": "serving"}'); end if;
    select * into c from shop.counters x where x.location_id = coalesce(o.location_id, shop.first_counter(o.business_id));
    if not facts ->> 'serving' = any (c.servings) then perform platform.refuse(409, 'serving_not_offered', jsonb_build_object('field', 'serving', 'servings', c.servings)); end if;
    update sales.orders x set serving = facts ->> 'serving', table_label = case when facts ->> 'serving' = 'eat_in' then x.table_label end where x.id = o.id;
  end if;
  if facts ? 'table_label' then
    if length(trim(facts ->> 'table_label')) > 20 then perform platform.refuse(422, 'table_invalid', '{"field": "table_label"}'); end if;
    update sales.orders x set table_label = nullif(trim(facts ->> 'table_label'), '') where x.id = o.id;
  end if;
  if facts ? 'note' then
    if length(trim(facts ->> 'note')) > 200 then perform platform.refuse(422, 'note_too_long', '{"field": "note"}'); end if;
    update sales.orders x set note = nullif(trim(facts ->> 'note'), '') where x.id = o.id;
  end if;
  if facts ? 'pickup_at' then
    begin
      wanted := (facts ->> 'pickup_at')::timestamptz;
    exception when data_exception then
      perform platform.refuse(422, 'pickup_off_grid', '{"field": "pickup_at"}');
    end;
    select * into c from shop.counters x where x.location_id = coalesce(o.location_id, shop.first_counter(o.business_id));
    if c.location_id is null then perform platform.refuse(409, 'counter_closed'); end if;
    if wanted is not null then perform shop.check_time(c, wanted); end if;
    update sales.orders x set pickup_at = wanted where x.id = o.id;
  end if;
  if facts ? 'tip' then
    delete from sales.order_lines l where l.order_id = o.id and l.kind = 'tip';
    if coalesce((tip ->> 'percent')::numeric, (tip ->> 'cents')::numeric, 0) > 0 then
      if (tip ->> 'percent')::numeric not between 1 and 100 or (tip ->> 'percent')::numeric <> floor((tip ->> 'percent')::numeric) or (tip ->> 'cents')::numeric not between 1 and 100000000 then perform platform.refuse(422, 'tip_invalid', '{"field": "tip"}'); end if;
      insert into sales.order_lines (business_id, order_id, position, kind, label, unit_price_cents, details)
      values (o.business_id, o.id, 1 + coalesce((select max(l.position) from sales.order_lines l where l.order_id = o.id), 0), 'tip', '{"en": "Tip for the team", "es": "Propina para el equipo"}', coalesce((tip ->> 'cents')::bigint, 0), case when tip ? 'percent' then jsonb_build_object('percent', (tip ->> 'percent')::int) else '{}' end);
    elsif coalesce((tip ->> 'percent')::numeric, (tip ->> 'cents')::numeric, 0) < 0 then
      perform platform.refuse(422, 'tip_invalid', '{"field": "tip"}');
    end if;
  end if;
exception when invalid_text_representation or numeric_value_out_of_range then
  perform platform.refuse(422, 'handover_invalid');
end $$;
comment on function shop.put_handover is 'How an order is handed over; what facts do not name stays. {location_id, serving: takeaway|eat_in, table_label, note, pickup_at (null: as soon as can be), tip: {percent} of what comes from the bar | {cents}, nothing or 0: none}. Refuses 404 location_not_found, 409 serving_not_offered, 422 serving_invalid, table_invalid, note_too_long, tip_invalid, handover_invalid, and what shop.check_time refuses.';

create function api.set_handover(business_id uuid, cart_token text, facts jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare me uuid;
begin
  if auth.uid() is not null then me := members.require_me(set_handover.business_id); end if;
  perform shop.put_handover(sales.open_cart(set_handover.business_id, set_handover.cart_token, me), set_handover.facts);
end $$;
comment on function api.set_handover is 'How what is in the asker''s cart is handed over, and the tip: see shop.put_handover.';
grant execute on function api.set_handover to anon, authenticated;

-- The usual -----------------------------------------------------------------------------------------------------------
create function shop.usual_of(business_id uuid, member_id uuid) returns table (product_id uuid, modifier_ids uuid[], times bigint)
language plpgsql stable set search_path = '' rows 2 as $$
#variable_conflict use_column
begin
  return query
  -- Of the last twenty orders from the bar, the whole order they make most often: its lines.
  with recent as (
    select o.id, o.placed_at, (select array_agg(l.product_id::text || ':' || l.modifier_ids::text || ':' || l.quantity order by l.product_id, l.modifier_ids) from sales.order_lines l where l.order_id = o.id and l.kind = 'product') as what
    from sales.orders o where o.business_id = usual_of.business_id and o.member_id = usual_of.member_id and o.state in ('paid', 'closed') and o.location_id is not null order by o.placed_at desc limit 20),
  usual as (select (array_agg(r.id order by r.placed_at desc))[1] as id, count(*) as times from recent r where r.what is not null group by r.what order by count(*) desc, max(r.placed_at) desc limit 1)
  select l.product_id, l.modifier_ids, u.times from usual u join sales.order_lines l on l.order_id = u.id and l.kind = 'product' cross join lateral generate_series(1, l.quantity) order by l.position;
end $$;

create function api.my_usual(business_id uuid) returns table (slug text, name jsonb, picture text, modifiers jsonb, price_cents bigint, times int, problem text)
language plpgsql stable security definer set search_path = '' rows 3 as $$
#variable_conflict use_column
declare
  me uuid := (select m.id from members.members m where m.business_id = my_usual.business_id and m.user_id = (select auth.uid()));
  spot uuid := shop.first_counter(my_usual.business_id);
begin
  if me is null or spot is null then return; end if;
  return query
  select p.slug, p.name, coalesce('own/' || p.picture_hash, p.picture), coalesce(k.names, '[]'), greatest(0, p.price_cents + coalesce(k.cents, 0))::bigint, u.times::int,
    coalesce(shop.product_problem(p, spot, now(), shop.zone(spot)), shop.choice_problem(p, u.modifier_ids, spot, (now() at time zone shop.zone(spot))::date) ->> 'problem')
  from shop.usual_of(my_usual.business_id, me) u join shop.products p on p.id = u.product_id
  cross join lateral (select jsonb_agg(m.name) filter (where not m.is_default) as names, sum(m.price_cents)::bigint as cents from unnest(u.modifier_ids) z join shop.modifiers m on m.id = z) k;
end $$;
comment on function api.my_usual is 'What the asker orders most often from the bar, a row for each; modifiers: the names of those that are not the default; problem: why it cannot be had now.';
grant execute on function api.my_usual to authenticated;

create function api.add_usual_to_cart(business_id uuid, cart_token text) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := members.require_me(add_usual_to_cart.business_id);
  the_cart uuid := sales.open_cart(add_usual_to_cart.business_id, add_usual_to_cart.cart_token, me);
  u record;
  n int := 0;
begin
  for u in select x.modifier_ids, p as product from shop.usual_of(add_usual_to_cart.business_id, me) x join shop.products p on p.id = x.product_id loop
    perform shop.put_line(the_cart, shop.find_product(add_usual_to_cart.business_id, (u.product).slug), u.modifier_ids, 1, null);
    n := n + 1;
  end loop;
  if n = 0 then perform platform.refuse(404, 'usual_not_found'); end if;
  return n;
end $$;
comment on function api.add_usual_to_cart is 'The asker''s usual, into the cart. Refuses 404 usual_not_found and what adding it refuses.';
grant execute on function api.add_usual_to_cart to authenticated;

create function shop.draft_lines(business_id uuid, order_id uuid, lines jsonb) returns sales.order_lines[]
language plpgsql stable set search_path = '' as $$
declare
  drafts sales.order_lines[] := '{}';
  d sales.order_lines;
  l record;
begin
  if jsonb_typeof(draft_lines.lines) is distinct from 'array' or jsonb_array_length(draft_lines.lines) not between 1 and 20
    or exists (select from jsonb_array_elements(draft_lines.lines) x where jsonb_typeof(x) <> 'object' or not pg_input_is_valid(coalesce(x ->> 'quantity', '1'), 'integer')
      or x ? 'modifier_ids' and (jsonb_typeof(x -> 'modifier_ids') <> 'array' or not pg_input_is_valid(translate(x ->> 'modifier_ids', '[]"', '{}'), 'uuid[]'))) then
    perform platform.refuse(422, 'lines_invalid', '{"field": "lines"}');
  end if;
  d.business_id := draft_lines.business_id;
  d.order_id := draft_lines.order_id;
  d.kind := 'product';
  d.details := '{}';
  for l in
    -- The same twice is two of it.
    select p.id, p.name, p.price_cents, k.modifier_ids, x.note, sum(x.quantity) as quantity, min(x.quantity) as least
    from (select n, y ->> 'slug' as slug, coalesce((y ->> 'quantity')::int, 1) as quantity, nullif(trim(y ->> 'note'), '') as note,
        case when y ? 'modifier_ids' then array(select m::uuid from jsonb_array_elements_text(y -> 'modifier_ids') m) end as modifiers
      from jsonb_array_elements(draft_lines.lines) with ordinality z (y, n)) x
    left join shop.products p on p.business_id = draft_lines.business_id and p.slug = x.slug and p.published and p.retired_at is null
    cross join lateral (select array(select m from unnest(coalesce(x.modifiers, shop.defaults_of(p.id))) m order by 1) as modifier_ids) k
    group by p.id, k.modifier_ids, x.note order by p.id is not null, min(x.n)
  loop
    if l.id is null then perform platform.refuse(404, 'product_not_found'); end if;
    if length(l.note) > 140 then perform platform.refuse(422, 'note_too_long', '{"field": "note"}'); end if;
    if l.least < 1 or l.quantity > 50 then perform platform.refuse(422, 'quantity_invalid', '{"field": "quantity"}'); end if;
    d.id := gen_random_uuid();
    d.position := cardinality(drafts) + 1;
    d.product_id := l.id;
    d.modifier_ids := l.modifier_ids;
    d.note := l.note;
    d.quantity := l.quantity;
    d.label := l.name;
    d.unit_price_cents := l.price_cents;
    drafts := drafts || d;
  end loop;
  return drafts;
end $$;
comment on function shop.draft_lines is 'What is ordered, as the lines of an order that is placed in the same breath (sales.place writes them, shop.hold looks at what was chosen): [{slug, modifier_ids? (none: the usual), quantity?, note?}], up to 20. Refuses 404 product_not_found, 422 lines_invalid, quantity_invalid, note_too_long.';

create function api.order_products(business_id uuid, idempotency_key text, lines jsonb, facts jsonb default '{}', expected_total_cents bigint default null, pay_with text default 'card') returns jsonb
language plpgsql volatile security definer set search_path = '' set plan_cache_mode = 'force_generic_plan' as $$
declare
  me uuid := members.require_me(order_products.business_id);
  answer jsonb;
  made uuid;
begin
  answer := platform.replay(me::text, order_products.idempotency_key, 'order_products', jsonb_build_object('lines', order_products.lines, 'facts', order_products.facts, 'expected_total_cents', order_products.expected_total_cents, 'pay_with', order_products.pay_with));
  if answer is not null then return answer; end if;
  if order_products.pay_with not in ('card', 'wallet') then perform platform.refuse(422, 'pay_with_invalid'); end if;
  -- A placed order from its first breath: it never passes through the member's cart.
  insert into sales.orders as o (business_id, member_id, state, channel, currency, reference, placed_at, location_id)
  select b.id, me, 'placed', 'api', b.currency, sales.new_reference(b.id), now(), shop.first_counter(b.id) from business.businesses b where b.id = order_products.business_id returning o.id into made;
  if order_products.facts <> '{}' then perform shop.put_handover(made, order_products.facts); end if;
  return platform.remember(me::text, order_products.idempotency_key, sales.summary(sales.place(made, me, order_products.expected_total_cents, order_products.pay_with, 'public', shop.draft_lines(order_products.business_id, made, order_products.lines))));
end $$;
comment on function api.order_products is 'An order from the bar in one act, without a cart. lines: [{slug, modifier_ids?, quantity?, note?}]; facts: see shop.put_handover; expected_total_cents: another total is refused 409 price_changed. Answers the order''s summary. Refuses what adding, shop.put_handover and shop.hold refuse, 422 lines_invalid.';
grant execute on function api.order_products to authenticated;
