-- The menu in managers' hands: categories, products, what is asked about them, day parts, bundles, where they are sold, and the counters.
-- Carts are priced anew each time they are looked at, and say what can no longer be had; what is placed keeps its words, price and stock.

alter table shop.modifiers add column allergens text[] not null default '{}' check (allergens <@ '{gluten,crustaceans,egg,fish,peanut,soy,milk,nuts,celery,mustard,sesame,sulphites,lupin,molluscs}');
comment on column shop.modifiers.allergens is 'What the option brings in that the product alone may not have: the milk of a milk, the nuts of a syrup.';
alter table shop.modifier_groups add column retired_at timestamptz;
comment on column shop.modifier_groups.retired_at is 'Asked of nothing any more. Kept, because what was ordered points at its options.';

create function shop.lock_menu(business_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  -- Two managers who change the menu at once do it one after the other.
  perform pg_advisory_xact_lock(hashtextextended('menu ' || lock_menu.business_id, 0));
end $$;

create function api.menu_admin(business_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform business.require_role(menu_admin.business_id, 'manager');
  return jsonb_build_object(
    'categories', (select coalesce(jsonb_agg(jsonb_build_object('category_id', c.id, 'slug', c.slug, 'name', c.name, 'summary', c.summary) order by c.position, c.slug), '[]') from shop.categories c where c.business_id = menu_admin.business_id),
    'day_parts', (select coalesce(jsonb_agg(jsonb_build_object('day_part_id', d.id, 'name', d.name, 'days', d.days, 'from', to_char(d.from_time, 'HH24:MI'), 'until', to_char(d.until_time, 'HH24:MI')) order by d.from_time, d.id), '[]') from shop.day_parts d where d.business_id = menu_admin.business_id),
    'groups', (select coalesce(jsonb_agg(jsonb_build_object('group_id', g.id, 'name', g.name, 'kind', g.kind, 'min', g.min_choices, 'max', g.max_choices, 'products', (select count(*) from shop.product_modifier_groups x join shop.products p on p.id = x.product_id where x.business_id = g.business_id and x.group_id = g.id and p.retired_at is null),
        'options', (select coalesce(jsonb_agg(jsonb_build_object('modifier_id', m.id, 'name', m.name, 'price_cents', m.price_cents, 'make_seconds', m.make_seconds, 'max_each', m.max_each, 'is_default', m.is_default, 'allergens', m.allergens,
            'sold_out', (select coalesce(jsonb_agg(o.location_id order by o.location_id), '[]') from shop.sold_out o where o.business_id = m.business_id and o.modifier_id = m.id and o.back_at is null and o.on_date = (now() at time zone shop.zone(o.location_id))::date),
            'recipe', (select coalesce(jsonb_agg(jsonb_build_object('item_id', r.stock_item_id, 'quantity', r.quantity) order by r.id), '[]') from shop.recipe_lines r where r.business_id = m.business_id and r.modifier_id = m.id)) order by m.position, m.id), '[]')
          from shop.modifiers m where m.business_id = g.business_id and m.group_id = g.id and m.retired_at is null)) order by g.position, g.id), '[]') from shop.modifier_groups g where g.business_id = menu_admin.business_id and g.retired_at is null),
    'products', (select coalesce(jsonb_agg(jsonb_build_object('product_id', p.id, 'category_id', p.category_id, 'slug', p.slug, 'kind', p.kind, 'name', p.name, 'summary', p.summary, 'description', p.description, 'picture', p.picture, 'picture_hash', p.picture_hash, 'picture_alt', p.picture_alt,
        'price_cents', p.price_cents, 'tax_rate_bp', p.tax_rate_bp, 'takeaway_tax_rate_bp', p.takeaway_tax_rate_bp, 'make_seconds', p.make_seconds, 'allergens', p.allergens, 'replaceable_allergens', p.replaceable_allergens, 'diets', p.diets, 'day_part_id', p.day_part_id, 'published', p.published, 'retired', p.retired_at is not null,
        'groups', (select coalesce(jsonb_agg(x.group_id order by x.position), '[]') from shop.product_modifier_groups x where x.business_id = p.business_id and x.product_id = p.id),
        'bundle', (select coalesce(jsonb_agg(jsonb_build_object('product_id', i.product_id, 'quantity', i.quantity) order by i.product_id), '[]') from shop.bundle_items i where i.business_id = p.business_id and i.bundle_id = p.id),
        'not_offered', (select coalesce(jsonb_agg(n.location_id order by n.location_id), '[]') from shop.not_offered n where n.business_id = p.business_id and n.product_id = p.id),
        'recipe', (select coalesce(jsonb_agg(jsonb_build_object('item_id', r.stock_item_id, 'quantity', r.quantity) order by r.id), '[]') from shop.recipe_lines r where r.business_id = p.business_id and r.product_id = p.id)) order by k.position, k.slug, p.position, p.slug), '[]')
      from shop.products p join shop.categories k on k.business_id = p.business_id and k.id = p.category_id where p.business_id = menu_admin.business_id),
    'items', (select coalesce(jsonb_agg(jsonb_build_object('item_id', i.id, 'name', i.name, 'unit', i.unit, 'unit_cost', i.unit_cost) order by i.id), '[]') from shop.stock_items i where i.business_id = menu_admin.business_id and i.retired_at is null),
    'counters', (select coalesce(jsonb_agg(jsonb_build_object('location_id', l.id, 'name', l.name, 'sells', c.location_id is not null, 'open_until', shop.open_until(l.id, now()), 'zone', shop.zone(l.id), 'hours', coalesce(c.hours, '[]'), 'slot_minutes', coalesce(c.slot_minutes, 5), 'slot_seconds', coalesce(c.slot_seconds, 300), 'lead_minutes', coalesce(c.lead_minutes, 3), 'days_ahead', coalesce(c.days_ahead, 1),
        'delay_minutes', coalesce(c.delay_minutes, 0), 'takes_orders', coalesce(c.takes_orders, false), 'tip_percents', coalesce(c.tip_percents, '{0,5,10}'), 'servings', coalesce(c.servings, '{takeaway,eat_in}'),
        'special_days', shop.special_days_ahead(l.id, 750)) order by c.position nulls last, l.name), '[]') from business.locations l left join shop.counters c on c.location_id = l.id where l.business_id = menu_admin.business_id));
end $$;
comment on function api.menu_admin is 'The whole menu as managers keep it: {categories, day_parts, groups with their options, products (published or not), items that recipes take, counters (every location; sells: whether it is one)}. For managers.';
grant execute on function api.menu_admin to authenticated;

-- Categories ----------------------------------------------------------------------------------------------------------
create function api.save_category(business_id uuid, category_id uuid, facts jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  f alias for save_category.facts;
  c shop.categories;
begin
  perform business.require_role(save_category.business_id, 'manager');
  perform shop.lock_menu(save_category.business_id);
  if save_category.category_id is not null then
    select * into c from shop.categories x where x.business_id = save_category.business_id and x.id = save_category.category_id for no key update;
    if c.id is null then perform platform.refuse(404, 'category_not_found'); end if;
  end if;
  c.name := shop.read_words(f -> 'name', c.name, 60);
  c.summary := shop.read_words(f -> 'summary', c.summary, 160);
  c.slug := coalesce(f ->> 'slug', c.slug);
  if c.name = '{}' then perform platform.refuse(422, 'name_needed', '{"field": "name"}'); end if;
  if coalesce(c.slug, '') !~ '^[a-z0-9-]{1,60}$' then perform platform.refuse(422, 'slug_invalid', '{"field": "slug"}'); end if;
  if exists (select from shop.categories x where x.business_id = save_category.business_id and x.slug = c.slug and x.id is distinct from c.id) then perform platform.refuse(409, 'product_slug_taken', '{"field": "slug"}'); end if;
  if c.id is null then
    insert into shop.categories as x (business_id, slug, name, summary, position)
    values (save_category.business_id, c.slug, c.name, c.summary, coalesce((select max(y.position) + 1 from shop.categories y where y.business_id = save_category.business_id), 0)) returning * into c;
  else
    update shop.categories x set slug = c.slug, name = c.name, summary = c.summary where x.id = c.id;
  end if;
  perform audit.note(save_category.business_id, 'category_saved', 'category:' || c.id, f);
  return jsonb_build_object('category_id', c.id, 'slug', c.slug);
end $$;
comment on function api.save_category is 'Makes (category_id null) or changes a part of the menu: {slug, name, summary}; what is left out stays. For managers. Refuses 404 category_not_found, 409 product_slug_taken, 422 name_needed, slug_invalid.';
grant execute on function api.save_category to authenticated;

create function api.drop_category(business_id uuid, category_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform business.require_role(drop_category.business_id, 'manager');
  perform shop.lock_menu(drop_category.business_id);
  if exists (select from shop.products p where p.business_id = drop_category.business_id and p.category_id = drop_category.category_id) then perform platform.refuse(409, 'category_in_use'); end if;
  delete from shop.categories c where c.business_id = drop_category.business_id and c.id = drop_category.category_id;
  if not found then perform platform.refuse(404, 'category_not_found'); end if;
  perform audit.note(drop_category.business_id, 'category_dropped', 'category:' || drop_category.category_id);
  return jsonb_build_object('category_id', drop_category.category_id);
end $$;
comment on function api.drop_category is 'Takes an empty part out of the menu. For managers. Refuses 404 category_not_found, 409 category_in_use.';
grant execute on function api.drop_category to authenticated;

create function api.move_on_menu(business_id uuid, what text, id uuid, step int) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  ids uuid[];
  at int;
  other int;
begin
  perform business.require_role(move_on_menu.business_id, 'manager');
  perform shop.lock_menu(move_on_menu.business_id);
  if move_on_menu.step is null or move_on_menu.step not in (-1, 1) then perform platform.refuse(422, 'step_invalid'); end if;
  case move_on_menu.what
  when 'category' then
    ids := array(select c.id from shop.categories c where c.business_id = move_on_menu.business_id order by c.position, c.slug);
  when 'product' then
    ids := array(select p.id from shop.products p where p.business_id = move_on_menu.business_id and p.retired_at is null
      and p.category_id = (select x.category_id from shop.products x where x.business_id = move_on_menu.business_id and x.id = move_on_menu.id) order by p.position, p.slug);
  when 'group' then
    ids := array(select g.id from shop.modifier_groups g where g.business_id = move_on_menu.business_id and g.retired_at is null order by g.position, g.id);
  when 'option' then
    ids := array(select m.id from shop.modifiers m where m.business_id = move_on_menu.business_id and m.retired_at is null
      and m.group_id = (select x.group_id from shop.modifiers x where x.business_id = move_on_menu.business_id and x.id = move_on_menu.id) order by m.position, m.id);
  else
    ids := '{}';
  end case;
  at := array_position(ids, move_on_menu.id);
  if at is null then perform platform.refuse(404, case move_on_menu.what when 'category' then 'category_not_found' when 'group' then 'group_not_found' when 'option' then 'modifier_not_found' else 'product_not_found' end); end if;
  other := least(greatest(at + move_on_menu.step, 1), cardinality(ids));
  ids[at] := ids[other];
  ids[other] := move_on_menu.id;
  -- Numbered anew, so that equal positions of old never stand in the way.
  case move_on_menu.what
  when 'category' then update shop.categories c set position = u.nth from unnest(ids) with ordinality u (id, nth) where c.id = u.id and c.position <> u.nth;
  when 'product' then update shop.products p set position = u.nth from unnest(ids) with ordinality u (id, nth) where p.id = u.id and p.position <> u.nth;
  when 'group' then update shop.modifier_groups g set position = u.nth from unnest(ids) with ordinality u (id, nth) where g.id = u.id and g.position <> u.nth;
  when 'option' then update shop.modifiers m set position = u.nth from unnest(ids) with ordinality u (id, nth) where m.id = u.id and m.position <> u.nth;
  end case;
  return jsonb_build_object('position', other);
end $$;
comment on function api.move_on_menu is 'what: category, product, group or option, one step up (-1) or down (1) among its like; at an end it stays. For managers. Refuses 404 category_not_found, product_not_found, group_not_found, modifier_not_found, 422 step_invalid.';
grant execute on function api.move_on_menu to authenticated;

-- Products ------------------------------------------------------------------------------------------------------------
create function api.save_product(business_id uuid, product_id uuid, facts jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  f alias for save_product.facts;
  biz alias for save_product.business_id;
  p shop.products;
  wrong text;
begin
  perform business.require_role(biz, 'manager');
  perform shop.lock_menu(biz);
  if save_product.product_id is not null then
    select * into p from shop.products x where x.business_id = biz and x.id = save_product.product_id for no key update;
    if p.id is null then perform platform.refuse(404, 'product_not_found'); end if;
  end if;
  p.name := shop.read_words(f -> 'name', p.name, 80);
  p.summary := shop.read_words(f -> 'summary', p.summary, 160);
  p.description := shop.read_words(f -> 'description', p.description, 2000);
  if p.name = '{}' then perform platform.refuse(422, 'name_needed', '{"field": "name"}'); end if;
  p.slug := coalesce(f ->> 'slug', p.slug);
  if coalesce(p.slug, '') !~ '^[a-z0-9-]{1,60}$' then perform platform.refuse(422, 'slug_invalid', '{"field": "slug"}'); end if;
  if exists (select from shop.products x where x.business_id = biz and x.slug = p.slug and x.id is distinct from p.id) then perform platform.refuse(409, 'product_slug_taken', '{"field": "slug"}'); end if;
  p.category_id := coalesce((f ->> 'category_id')::uuid, p.category_id);
  if not exists (select from shop.categories c where c.business_id = biz and c.id = p.category_id) then perform platform.refuse(404, 'category_not_found', '{"field": "category_id"}'); end if;
  p.kind := coalesce(f ->> 'kind', p.kind, 'made');
  if p.kind not in ('made', 'retail', 'bundle') then perform platform.refuse(422, 'product_kind_invalid', '{"field": "kind"}'); end if;
  p.picture := coalesce(f ->> 'picture', p.picture, 'drink/cup');
  p.price_cents := coalesce((f ->> 'price_cents')::bigint, p.price_cents);
  p.tax_rate_bp := coalesce((f ->> 'tax_rate_bp')::int, p.tax_rate_bp, 0);
  if f ? 'takeaway_tax_rate_bp' then p.takeaway_tax_rate_bp := (f ->> 'takeaway_tax_rate_bp')::int; end if;
  p.make_seconds := coalesce((f ->> 'make_seconds')::int, p.make_seconds, 0);
  wrong := case when p.price_cents is null or p.price_cents not between 0 and 1000000000 then 'price_cents' when p.tax_rate_bp not between 0 and 5000 then 'tax_rate_bp' when p.takeaway_tax_rate_bp not between 0 and 5000 then 'takeaway_tax_rate_bp' when p.make_seconds not between 0 and 3600 then 'make_seconds' end;
  if wrong is not null then perform platform.refuse(422, 'product_number_invalid', jsonb_build_object('field', wrong)); end if;
  if f ? 'allergens' then p.allergens := array(select distinct x from jsonb_array_elements_text(f -> 'allergens') x order by 1); end if;
  if f ? 'replaceable_allergens' then p.replaceable_allergens := array(select jsonb_array_elements_text(f -> 'replaceable_allergens')); end if;
  -- What it does not hold cannot be replaced.
  p.replaceable_allergens := array(select distinct x from unnest(p.replaceable_allergens) x where x = any (p.allergens) order by 1);
  if f ? 'diets' then p.diets := array(select distinct x from jsonb_array_elements_text(f -> 'diets') x order by 1); end if;
  if f ? 'day_part_id' then p.day_part_id := (f ->> 'day_part_id')::uuid; end if;
  if p.day_part_id is not null and not exists (select from shop.day_parts d where d.business_id = biz and d.id = p.day_part_id) then perform platform.refuse(404, 'day_part_not_found', '{"field": "day_part_id"}'); end if;
  begin
    if p.id is null then
      insert into shop.products as x (business_id, category_id, slug, kind, name, summary, description, picture, price_cents, tax_rate_bp, takeaway_tax_rate_bp, make_seconds, allergens, replaceable_allergens, diets, day_part_id, position)
      values (biz, p.category_id, p.slug, p.kind, p.name, p.summary, p.description, p.picture, p.price_cents, p.tax_rate_bp, p.takeaway_tax_rate_bp, p.make_seconds, coalesce(p.allergens, '{}'), p.replaceable_allergens, coalesce(p.diets, '{}'), p.day_part_id,
        coalesce((select max(y.position) + 1 from shop.products y where y.business_id = biz and y.category_id = p.category_id), 0)) returning * into p;
    else
      update shop.products x set category_id = p.category_id, slug = p.slug, kind = p.kind, name = p.name, summary = p.summary, description = p.description, picture = p.picture, price_cents = p.price_cents, tax_rate_bp = p.tax_rate_bp, takeaway_tax_rate_bp = p.takeaway_tax_rate_bp,
        make_seconds = p.make_seconds, allergens = p.allergens, replaceable_allergens = p.replaceable_allergens, diets = p.diets, day_part_id = p.day_part_id where x.id = p.id;
    end if;
  exception when check_violation then
    -- Only allergens and diets are left for the table itself to look at.
    perform platform.refuse(422, 'product_mark_unknown', '{"field": "allergens"}');
  end;
  if f ? 'groups' then
    if exists (select from jsonb_array_elements_text(f -> 'groups') x left join shop.modifier_groups g on g.business_id = biz and g.id = x::uuid and g.retired_at is null where g.id is null) then perform platform.refuse(404, 'group_not_found', '{"field": "groups"}'); end if;
    delete from shop.product_modifier_groups x where x.business_id = biz and x.product_id = p.id;
    insert into shop.product_modifier_groups (business_id, product_id, group_id, position) select biz, p.id, u.id::uuid, min(u.nth) from jsonb_array_elements_text(f -> 'groups') with ordinality u (id, nth) group by u.id;
  end if;
  if f ? 'not_offered' then
    if exists (select from jsonb_array_elements_text(f -> 'not_offered') x left join business.locations l on l.business_id = biz and l.id = x::uuid where l.id is null) then perform platform.refuse(404, 'location_not_found'); end if;
    delete from shop.not_offered x where x.business_id = biz and x.product_id = p.id;
    insert into shop.not_offered (business_id, location_id, product_id) select distinct biz, x::uuid, p.id from jsonb_array_elements_text(f -> 'not_offered') x;
  end if;
  if f ? 'bundle' then
    if exists (select from jsonb_to_recordset(f -> 'bundle') b (product_id uuid, quantity int) left join shop.products q on q.business_id = biz and q.id = b.product_id and q.kind <> 'bundle' and q.id <> p.id and q.retired_at is null
      where q.id is null or b.quantity is null or b.quantity not between 1 and 20) then perform platform.refuse(422, 'bundle_invalid', '{"field": "bundle"}'); end if;
    delete from shop.bundle_items i where i.business_id = biz and i.bundle_id = p.id;
    insert into shop.bundle_items (business_id, bundle_id, product_id, quantity) select biz, p.id, b.product_id, least(20, sum(b.quantity)) from jsonb_to_recordset(f -> 'bundle') b (product_id uuid, quantity int) group by 2, 3;
  end if;
  if p.kind <> 'bundle' then
    delete from shop.bundle_items i where i.business_id = biz and i.bundle_id = p.id;
  elsif not exists (select from shop.bundle_items i where i.business_id = biz and i.bundle_id = p.id) then
    perform platform.refuse(422, 'bundle_invalid', '{"field": "bundle"}');
  elsif exists (select from shop.bundle_items i where i.business_id = biz and i.product_id = p.id) then
    perform platform.refuse(422, 'bundle_invalid', '{"field": "kind"}');
  end if;
  perform audit.note(biz, 'product_saved', 'product:' || p.id, f);
  return jsonb_build_object('product_id', p.id, 'slug', p.slug);
exception when invalid_text_representation or numeric_value_out_of_range or invalid_parameter_value then
  perform platform.refuse(422, 'product_number_invalid');
end $$;
comment on function api.save_product is 'Makes (product_id null, unpublished) or changes a product: {category_id, slug, kind: made|retail|bundle, name, summary, description, picture, price_cents, tax_rate_bp, takeaway_tax_rate_bp (null: the same), make_seconds, allergens, replaceable_allergens (of them, what goes when a usual option is exchanged for another), diets, day_part_id (null: all day), groups: [id] in order, bundle: [{product_id, quantity}], not_offered: [location_id]}; what is left out stays. Carts are priced anew; what is placed keeps what it was. For managers. Refuses 404 product_not_found, category_not_found, day_part_not_found, group_not_found, location_not_found, 409 product_slug_taken, 422 name_needed, slug_invalid, product_kind_invalid, product_number_invalid, product_mark_unknown, bundle_invalid.';
grant execute on function api.save_product to authenticated;

create function api.publish_product(business_id uuid, product_id uuid, published boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare p shop.products;
begin
  perform business.require_role(publish_product.business_id, 'manager');
  perform shop.lock_menu(publish_product.business_id);
  update shop.products x set published = coalesce(publish_product.published, false) where x.business_id = publish_product.business_id and x.id = publish_product.product_id and x.retired_at is null returning * into p;
  if p.id is null then perform platform.refuse(404, 'product_not_found'); end if;
  perform audit.note(p.business_id, case when p.published then 'product_published' else 'product_hidden' end, 'product:' || p.id, jsonb_build_object('slug', p.slug));
  return jsonb_build_object('product_id', p.id, 'slug', p.slug, 'published', p.published);
end $$;
comment on function api.publish_product is 'Puts a product on the menu or takes it off; who ordered it gets it. For managers. Refuses 404 product_not_found.';
grant execute on function api.publish_product to authenticated;

create function api.retire_product(business_id uuid, product_id uuid, retired boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare p shop.products;
begin
  perform business.require_role(retire_product.business_id, 'manager');
  perform shop.lock_menu(retire_product.business_id);
  if retire_product.retired and exists (select from shop.bundle_items i join shop.products b on b.id = i.bundle_id where i.business_id = retire_product.business_id and i.product_id = retire_product.product_id and b.retired_at is null) then perform platform.refuse(409, 'product_in_bundle'); end if;
  update shop.products x set retired_at = case when retire_product.retired then coalesce(x.retired_at, now()) end, published = x.published and not retire_product.retired where x.business_id = retire_product.business_id and x.id = retire_product.product_id returning * into p;
  if p.id is null then perform platform.refuse(404, 'product_not_found'); end if;
  perform audit.note(p.business_id, case when p.retired_at is not null then 'product_retired' else 'product_brought_back' end, 'product:' || p.id, jsonb_build_object('slug', p.slug));
  return jsonb_build_object('product_id', p.id, 'slug', p.slug, 'retired', p.retired_at is not null);
end $$;
comment on function api.retire_product is 'Gives a product up, or brings it back (unpublished). For managers. Refuses 404 product_not_found, 409 product_in_bundle.';
grant execute on function api.retire_product to authenticated;

-- What is asked about them --------------------------------------------------------------------------------------------
create function shop.put_option(g shop.modifier_groups, option_id uuid, said jsonb, nth int, field text default null) returns shop.modifiers
language plpgsql volatile set search_path = '' as $$
declare m shop.modifiers;
begin
  if put_option.option_id is not null then
    select * into m from shop.modifiers x where x.business_id = g.business_id and x.group_id = g.id and x.id = put_option.option_id for no key update;
    if m.id is null then perform platform.refuse(404, 'modifier_not_found'); end if;
  end if;
  m.name := shop.read_words(said -> 'name', m.name, 60);
  if m.name = '{}' then perform platform.refuse(422, 'name_needed', jsonb_build_object('field', coalesce(field, 'name'))); end if;
  m.price_cents := coalesce((said ->> 'price_cents')::bigint, m.price_cents, 0);
  m.make_seconds := coalesce((said ->> 'make_seconds')::int, m.make_seconds, 0);
  m.max_each := coalesce((said ->> 'max_each')::int, m.max_each, 1);
  m.is_default := coalesce((said ->> 'is_default')::boolean, m.is_default, false);
  m.allergens := case when said ? 'allergens' then array(select distinct x from jsonb_array_elements_text(said -> 'allergens') x order by 1) else coalesce(m.allergens, '{}') end;
  if m.price_cents not between -1000000000 and 1000000000 or m.make_seconds not between -600 and 600 or m.max_each not between 1 and 10 then perform platform.refuse(422, 'product_number_invalid', jsonb_build_object('field', coalesce(field, 'price'))); end if;
  begin
    if m.id is null then
      insert into shop.modifiers as x (business_id, group_id, name, price_cents, make_seconds, max_each, is_default, allergens, position) values (g.business_id, g.id, m.name, m.price_cents, m.make_seconds, m.max_each, m.is_default, m.allergens, nth) returning * into m;
    else
      update shop.modifiers x set name = m.name, price_cents = m.price_cents, make_seconds = m.make_seconds, max_each = m.max_each, is_default = m.is_default, allergens = m.allergens, position = nth, retired_at = null where x.id = m.id;
    end if;
  exception when check_violation then
    -- Only the allergens are left for the table itself to look at.
    perform platform.refuse(422, 'product_mark_unknown', '{"field": "allergens"}');
  end;
  if said ? 'recipe' then perform api.save_recipe(g.business_id, null, m.id, said -> 'recipe'); end if;
  return m;
end $$;
comment on function shop.put_option is 'One answer to what is asked, made or changed, at its place: {name, price_cents, make_seconds, max_each, is_default, allergens, recipe: [{item_id, quantity}], below zero what it spares}. field: what a refusal names instead of the option''s own.';

create function shop.check_group(g shop.modifier_groups) returns void
language plpgsql stable set search_path = '' as $$
begin
  -- The usual has to be an answer, and there have to be answers enough.
  if (select count(*) filter (where x.is_default) > g.max_choices or coalesce(sum(x.max_each), 0) < g.min_choices from shop.modifiers x where x.business_id = g.business_id and x.group_id = g.id and x.retired_at is null) then perform platform.refuse(422, 'group_defaults_invalid', '{"field": "options"}'); end if;
end $$;

create function api.save_modifier_group(business_id uuid, group_id uuid, facts jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  f alias for save_modifier_group.facts;
  biz alias for save_modifier_group.business_id;
  g shop.modifier_groups;
  o record;
  kept uuid[] := '{}';
begin
  perform business.require_role(biz, 'manager');
  perform shop.lock_menu(biz);
  if save_modifier_group.group_id is not null then
    select * into g from shop.modifier_groups x where x.business_id = biz and x.id = save_modifier_group.group_id and x.retired_at is null for no key update;
    if g.id is null then perform platform.refuse(404, 'group_not_found'); end if;
  end if;
  g.name := shop.read_words(f -> 'name', g.name, 60);
  if g.name = '{}' then perform platform.refuse(422, 'name_needed', '{"field": "name"}'); end if;
  g.kind := coalesce(f ->> 'kind', g.kind, 'choice');
  g.min_choices := coalesce((f ->> 'min')::int, g.min_choices, 0);
  g.max_choices := coalesce((f ->> 'max')::int, g.max_choices, 1);
  if g.kind not in ('choice', 'variant') or g.min_choices not between 0 and 10 or g.max_choices not between 1 and 10 or g.min_choices > g.max_choices then perform platform.refuse(422, 'group_bounds_invalid', '{"field": "max"}'); end if;
  if g.id is null then
    insert into shop.modifier_groups as x (business_id, name, kind, min_choices, max_choices, position)
    values (biz, g.name, g.kind, g.min_choices, g.max_choices, coalesce((select max(y.position) + 1 from shop.modifier_groups y where y.business_id = biz), 0)) returning * into g;
  else
    update shop.modifier_groups x set name = g.name, kind = g.kind, min_choices = g.min_choices, max_choices = g.max_choices where x.id = g.id;
  end if;
  if f ? 'options' then
    for o in select x.value as said, x.ordinality::int as nth from jsonb_array_elements(f -> 'options') with ordinality x loop
      kept := kept || (shop.put_option(g, (o.said ->> 'modifier_id')::uuid, o.said, o.nth, 'option_' || o.nth)).id;
    end loop;
    -- What is left out is not offered any more; orders that had it keep its name.
    update shop.modifiers x set retired_at = now(), is_default = false where x.business_id = biz and x.group_id = g.id and x.retired_at is null and not x.id = any (kept);
  end if;
  perform shop.check_group(g);
  if f ? 'products' then
    if exists (select from jsonb_array_elements_text(f -> 'products') x left join shop.products p on p.business_id = biz and p.id = x::uuid where p.id is null) then perform platform.refuse(404, 'product_not_found', '{"field": "products"}'); end if;
    delete from shop.product_modifier_groups x where x.business_id = biz and x.group_id = g.id and not x.product_id in (select y::uuid from jsonb_array_elements_text(f -> 'products') y)
      and not exists (select from shop.products p where p.id = x.product_id and p.retired_at is not null);
    -- What is asked already keeps its place among the product's questions; what is new comes last.
    insert into shop.product_modifier_groups (business_id, product_id, group_id, position)
    select distinct biz, y::uuid, g.id, coalesce((select max(z.position) + 1 from shop.product_modifier_groups z where z.product_id = y::uuid), 1) from jsonb_array_elements_text(f -> 'products') y on conflict do nothing;
  end if;
  perform audit.note(biz, 'modifier_group_saved', 'modifier_group:' || g.id, f);
  return jsonb_build_object('group_id', g.id);
exception when invalid_text_representation or numeric_value_out_of_range or invalid_parameter_value then
  perform platform.refuse(422, 'product_number_invalid');
end $$;
comment on function api.save_modifier_group is 'Makes (group_id null) or changes what is asked about products: {name, kind: choice|variant, min, max, options: [{modifier_id?, name, price_cents, make_seconds, max_each, is_default, allergens, recipe}] in order, products: [id] it is asked about}; options left out of the list are given up. For managers. Refuses 404 group_not_found, modifier_not_found, product_not_found, stock_item_not_found, 422 name_needed, group_bounds_invalid, group_defaults_invalid (more defaults than may be chosen, or fewer options than must), product_number_invalid, product_mark_unknown, stock_quantity_invalid.';
grant execute on function api.save_modifier_group to authenticated;

create function shop.lock_group(business_id uuid, group_id uuid) returns shop.modifier_groups
language plpgsql volatile set search_path = '' as $$
declare g shop.modifier_groups;
begin
  perform shop.lock_menu(lock_group.business_id);
  select * into g from shop.modifier_groups x where x.business_id = lock_group.business_id and x.id = lock_group.group_id and x.retired_at is null for no key update;
  if g.id is null then perform platform.refuse(404, 'group_not_found'); end if;
  return g;
end $$;

create function api.save_modifier(business_id uuid, group_id uuid, modifier_id uuid, facts jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  g shop.modifier_groups;
  m shop.modifiers;
begin
  perform business.require_role(save_modifier.business_id, 'manager');
  g := shop.lock_group(save_modifier.business_id, save_modifier.group_id);
  m := shop.put_option(g, save_modifier.modifier_id, save_modifier.facts, coalesce((select x.position from shop.modifiers x where x.id = save_modifier.modifier_id), (select coalesce(max(x.position) + 1, 1) from shop.modifiers x where x.group_id = g.id)));
  -- Where one is chosen, another usual one takes the place of the old.
  if m.is_default and g.max_choices = 1 then update shop.modifiers x set is_default = false where x.business_id = g.business_id and x.group_id = g.id and x.id <> m.id and x.is_default; end if;
  perform shop.check_group(g);
  perform audit.note(g.business_id, 'modifier_saved', 'modifier:' || m.id, save_modifier.facts);
  return jsonb_build_object('group_id', g.id, 'modifier_id', m.id);
exception when invalid_text_representation or numeric_value_out_of_range or invalid_parameter_value then
  perform platform.refuse(422, 'product_number_invalid');
end $$;
comment on function api.save_modifier is 'Makes (modifier_id null, at the end) or changes one answer to what is asked: {name, price_cents, make_seconds, max_each, is_default, allergens, recipe: [{item_id, quantity}], below zero what it spares}; what is left out stays. For managers. Refuses 404 group_not_found, modifier_not_found, stock_item_not_found, 422 name_needed, product_number_invalid, product_mark_unknown, stock_quantity_invalid, group_defaults_invalid.';
grant execute on function api.save_modifier to authenticated;

create function api.retire_modifier(business_id uuid, modifier_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  g shop.modifier_groups;
  m shop.modifiers;
begin
  perform business.require_role(retire_modifier.business_id, 'manager');
  select * into m from shop.modifiers x where x.business_id = retire_modifier.business_id and x.id = retire_modifier.modifier_id and x.retired_at is null;
  if m.id is null then perform platform.refuse(404, 'modifier_not_found'); end if;
  g := shop.lock_group(retire_modifier.business_id, m.group_id);
  update shop.modifiers x set retired_at = now(), is_default = false where x.id = m.id;
  perform shop.check_group(g);
  perform audit.note(g.business_id, 'modifier_retired', 'modifier:' || m.id);
  return jsonb_build_object('group_id', g.id, 'modifier_id', m.id);
end $$;
comment on function api.retire_modifier is 'An answer that is not offered any more; orders that had it keep its name, carts say so. For managers. Refuses 404 modifier_not_found, 422 group_defaults_invalid (fewer answers than must be given).';
grant execute on function api.retire_modifier to authenticated;

create function api.retire_modifier_group(business_id uuid, group_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare g shop.modifier_groups;
begin
  perform business.require_role(retire_modifier_group.business_id, 'manager');
  g := shop.lock_group(retire_modifier_group.business_id, retire_modifier_group.group_id);
  if exists (select from shop.product_modifier_groups x join shop.products p on p.id = x.product_id where x.business_id = g.business_id and x.group_id = g.id and p.retired_at is null) then perform platform.refuse(409, 'group_in_use'); end if;
  delete from shop.product_modifier_groups x where x.business_id = g.business_id and x.group_id = g.id;
  update shop.modifiers x set retired_at = coalesce(x.retired_at, now()), is_default = false where x.business_id = g.business_id and x.group_id = g.id;
  update shop.modifier_groups x set retired_at = now() where x.id = g.id;
  perform audit.note(g.business_id, 'modifier_group_retired', 'modifier_group:' || g.id);
  return jsonb_build_object('group_id', g.id);
end $$;
comment on function api.retire_modifier_group is 'A question that nothing asks any more goes, with its answers; what was ordered keeps their names. For managers. Refuses 404 group_not_found, 409 group_in_use.';
grant execute on function api.retire_modifier_group to authenticated;

-- When and where ------------------------------------------------------------------------------------------------------
create function api.save_day_part(business_id uuid, day_part_id uuid, facts jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  f alias for save_day_part.facts;
  d shop.day_parts;
begin
  perform business.require_role(save_day_part.business_id, 'manager');
  perform shop.lock_menu(save_day_part.business_id);
  if save_day_part.day_part_id is not null then
    select * into d from shop.day_parts x where x.business_id = save_day_part.business_id and x.id = save_day_part.day_part_id for no key update;
    if d.id is null then perform platform.refuse(404, 'day_part_not_found'); end if;
  end if;
  d.name := shop.read_words(f -> 'name', d.name, 60);
  if d.name = '{}' then perform platform.refuse(422, 'name_needed', '{"field": "name"}'); end if;
  begin
    d.days := case when f ? 'days' then array(select distinct x::int from jsonb_array_elements_text(f -> 'days') x order by 1) else coalesce(d.days, '{1,2,3,4,5,6,7}') end;
    d.from_time := coalesce((f ->> 'from')::time, d.from_time);
    d.until_time := coalesce((f ->> 'until')::time, d.until_time);
  exception when data_exception then
    perform platform.refuse(422, 'day_part_invalid', '{"field": "until"}');
  end;
  if cardinality(d.days) = 0 or not d.days <@ '{1,2,3,4,5,6,7}' or d.from_time is null or d.until_time is null or d.until_time <= d.from_time then perform platform.refuse(422, 'day_part_invalid', '{"field": "until"}'); end if;
  if d.id is null then
    insert into shop.day_parts as x (business_id, name, days, from_time, until_time) values (save_day_part.business_id, d.name, d.days, d.from_time, d.until_time) returning * into d;
  else
    update shop.day_parts x set name = d.name, days = d.days, from_time = d.from_time, until_time = d.until_time where x.id = d.id;
  end if;
  if f ? 'products' then
    if exists (select from jsonb_array_elements_text(f -> 'products') x left join shop.products p on p.business_id = save_day_part.business_id and p.id::text = x where p.id is null) then perform platform.refuse(404, 'product_not_found', '{"field": "products"}'); end if;
    update shop.products p set day_part_id = case when f -> 'products' ? p.id::text then d.id end where p.business_id = save_day_part.business_id and p.retired_at is null and (f -> 'products' ? p.id::text) is distinct from (p.day_part_id is not distinct from d.id);
  end if;
  perform audit.note(save_day_part.business_id, 'day_part_saved', 'day_part:' || d.id, f);
  return jsonb_build_object('day_part_id', d.id);
end $$;
comment on function api.save_day_part is 'Makes (day_part_id null) or changes a part of the day in which some of the menu is served: {name, days: 1 (Monday) to 7, from, until: "07:00", products: [id] that are served then and at no other time}. For managers. Refuses 404 day_part_not_found, product_not_found, 422 name_needed, day_part_invalid.';
grant execute on function api.save_day_part to authenticated;

create function api.drop_day_part(business_id uuid, day_part_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform business.require_role(drop_day_part.business_id, 'manager');
  perform shop.lock_menu(drop_day_part.business_id);
  if exists (select from shop.products p where p.business_id = drop_day_part.business_id and p.day_part_id = drop_day_part.day_part_id and p.retired_at is null) then perform platform.refuse(409, 'day_part_in_use'); end if;
  update shop.products p set day_part_id = null where p.business_id = drop_day_part.business_id and p.day_part_id = drop_day_part.day_part_id;
  delete from shop.day_parts d where d.business_id = drop_day_part.business_id and d.id = drop_day_part.day_part_id;
  if not found then perform platform.refuse(404, 'day_part_not_found'); end if;
  perform audit.note(drop_day_part.business_id, 'day_part_dropped', 'day_part:' || drop_day_part.day_part_id);
  return jsonb_build_object('day_part_id', drop_day_part.day_part_id);
end $$;
comment on function api.drop_day_part is 'A part of the day in which nothing is served goes. For managers. Refuses 404 day_part_not_found, 409 day_part_in_use.';
grant execute on function api.drop_day_part to authenticated;

create function api.save_counter(business_id uuid, location_id uuid, facts jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  f alias for save_counter.facts;
  biz alias for save_counter.business_id;
  c shop.counters;
  spot uuid;
begin
  perform business.require_role(biz, 'manager');
  perform shop.lock_menu(biz);
  spot := shop.require_location(biz, save_counter.location_id);
  insert into shop.counters as x (location_id, business_id, takes_orders, position) values (spot, biz, false, coalesce((select max(y.position) + 1 from shop.counters y where y.business_id = biz), 0)) on conflict do nothing;
  -- Orders are promised their time under this row.
  select * into c from shop.counters x where x.location_id = spot for no key update;
  if f ? 'hours' then
    if not shop.are_openings(f -> 'hours') then perform platform.refuse(422, 'counter_hours_invalid', '{"field": "hours"}'); end if;
    c.hours := f -> 'hours';
  end if;
  if f ? 'servings' then
    c.servings := array(select s from unnest('{takeaway,eat_in}'::text[]) s where f -> 'servings' ? s);
    if cardinality(c.servings) = 0 or jsonb_typeof(f -> 'servings') <> 'array' or not '["takeaway", "eat_in"]'::jsonb @> (f -> 'servings') then perform platform.refuse(422, 'servings_invalid', '{"field": "servings"}'); end if;
  end if;
  -- A promise stands in the slots of its day: another grid would not know of it.
  if (f ->> 'slot_minutes')::int <> c.slot_minutes and exists (select from shop.pickup_slots s where s.location_id = spot and s.starts_at > now() - interval '1 hour' and s.taken_seconds > 0) then perform platform.refuse(409, 'counter_promised', '{"field": "slot_minutes"}'); end if;
  begin
    update shop.counters x set hours = c.hours, servings = c.servings, slot_minutes = coalesce((f ->> 'slot_minutes')::int, c.slot_minutes), slot_seconds = coalesce((f ->> 'slot_seconds')::int, c.slot_seconds), lead_minutes = coalesce((f ->> 'lead_minutes')::int, c.lead_minutes), days_ahead = coalesce((f ->> 'days_ahead')::int, c.days_ahead),
      delay_minutes = coalesce((f ->> 'delay_minutes')::int, c.delay_minutes), takes_orders = coalesce((f ->> 'takes_orders')::boolean, c.takes_orders), tip_percents = case when f ? 'tip_percents' then array(select distinct t::int from jsonb_array_elements_text(f -> 'tip_percents') t order by 1) else c.tip_percents end
    where x.location_id = spot returning * into c;
  exception when check_violation then
    perform platform.refuse(422, 'counter_invalid');
  end;
  if exists (select from unnest(c.tip_percents) t where t not between 0 and 50) then perform platform.refuse(422, 'counter_invalid', '{"field": "tip_percents"}'); end if;
  perform audit.note(biz, 'counter_saved', 'location:' || spot, f);
  return jsonb_build_object('location_id', spot);
exception when invalid_text_representation or numeric_value_out_of_range or invalid_parameter_value then
  perform platform.refuse(422, 'counter_invalid');
end $$;
comment on function api.save_counter is 'How a location sells (the first time makes it one that does): {hours: [{day, opens, closes}] (empty: the business''s), slot_minutes, slot_seconds, lead_minutes, days_ahead, delay_minutes, takes_orders, servings: [takeaway, eat_in] or one of them, tip_percents}; what is left out stays. For managers. Refuses 404 location_not_found, 409 counter_promised (another slot length while orders are promised), 422 counter_hours_invalid, servings_invalid, counter_invalid.';
grant execute on function api.save_counter to authenticated;
