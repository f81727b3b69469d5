-- Stock: ingredients and goods, recipes, levels per location, movements. A level is the sum of its movements; selling never takes it below zero.

create table shop.stock_items (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  name jsonb not null,
  unit text not null check (unit in ('g', 'ml', 'piece')),
  unit_cost numeric(14, 6) not null default 0 check (unit_cost >= 0),
  supplier text not null default '' check (length(supplier) <= 80),
  shelf text not null default '' check (length(shelf) <= 40),
  pack_size bigint not null default 1 check (pack_size > 0),
  retired_at timestamptz,
  created_at timestamptz not null default now(),
  unique (business_id, id)
);
comment on table shop.stock_items is 'What is counted: beans by the gram, milk by the millilitre, bags by the piece.';
comment on column shop.stock_items.unit_cost is 'Minor units of money per gram, millilitre or piece: the average of what is there (each delivery moves it).';
comment on column shop.stock_items.shelf is 'Where it stands, in the words of the team: what is counted together.';
comment on column shop.stock_items.pack_size is 'How many units one ordered pack brings.';
create index stock_items_business_id_idx on shop.stock_items (business_id);

create table shop.recipe_lines (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  product_id uuid,
  modifier_id uuid,
  stock_item_id uuid not null,
  quantity bigint not null check (quantity <> 0),
  check (num_nonnulls(product_id, modifier_id) = 1),
  constraint only_modifiers_spare check (product_id is null or quantity > 0),
  foreign key (business_id, product_id) references shop.products (business_id, id) on delete cascade,
  foreign key (business_id, modifier_id) references shop.modifiers (business_id, id) on delete cascade,
  foreign key (business_id, stock_item_id) references shop.stock_items (business_id, id) on delete restrict
);
comment on table shop.recipe_lines is 'What one of a product or modifier takes. Oat instead of cow''s milk takes −200 ml of the one and 200 ml of the other. No recipe: not counted, never sold out by stock.';
create unique index recipe_lines_product_once on shop.recipe_lines (product_id, stock_item_id) where product_id is not null;
create unique index recipe_lines_modifier_once on shop.recipe_lines (modifier_id, stock_item_id) where modifier_id is not null;
create index recipe_lines_product_id_idx on shop.recipe_lines (business_id, product_id) where product_id is not null;
create index recipe_lines_modifier_id_idx on shop.recipe_lines (business_id, modifier_id) where modifier_id is not null;
create index recipe_lines_stock_item_id_idx on shop.recipe_lines (business_id, stock_item_id);

create table shop.stock_levels (
  business_id uuid not null,
  location_id uuid not null,
  stock_item_id uuid not null,
  on_hand bigint not null default 0,
  reserved bigint not null default 0,
  low_at bigint not null default 0 check (low_at >= 0),
  par bigint not null default 0 check (par >= 0),
  primary key (location_id, stock_item_id),
  constraint never_below_zero check (on_hand >= 0 and reserved >= 0),
  foreign key (business_id, location_id) references business.locations (business_id, id) on delete cascade,
  foreign key (business_id, stock_item_id) references shop.stock_items (business_id, id) on delete cascade
);
comment on table shop.stock_levels is 'on_hand: the sum of the movements; reserved: what held orders will take; low_at: tell the team at or below this; par: what a reorder fills up to. Held within: on_hand - reserved is for sale.';
create index stock_levels_location_id_idx on shop.stock_levels (business_id, location_id);
create index stock_levels_stock_item_id_idx on shop.stock_levels (business_id, stock_item_id);

create table shop.stock_movements (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  location_id uuid not null,
  stock_item_id uuid not null,
  kind text not null check (kind in ('delivery', 'sale', 'return', 'waste', 'count', 'transfer_out', 'transfer_in', 'correction')),
  quantity bigint not null check (quantity <> 0),
  balance_after bigint not null,
  unit_cost numeric(14, 6) not null,
  order_line_id uuid,
  source text not null,
  why text not null default '',
  at timestamptz not null default clock_timestamp(),
  by_user uuid references auth.users (id) on delete set null,
  unique (business_id, source, stock_item_id, location_id),
  foreign key (business_id, location_id) references business.locations (business_id, id) on delete restrict,
  foreign key (business_id, stock_item_id) references shop.stock_items (business_id, id) on delete restrict
);
comment on table shop.stock_movements is 'Append-only. source: what caused it, once (sale:<order line>, return:<refund>:<line>, delivery:<id>, …). unit_cost: as it was, so that cost of goods is not rewritten by later prices. by_user: who delivered, wasted or counted; of a sale, its order says.';
create index stock_movements_level_idx on shop.stock_movements (business_id, stock_item_id, location_id, at desc, id desc);
create index stock_movements_order_line_id_idx on shop.stock_movements (business_id, order_line_id) where order_line_id is not null;
-- What the last weeks took, and what a period cost, are read from this alone.
create index stock_movements_at_idx on shop.stock_movements (business_id, location_id, at) include (stock_item_id, kind, quantity, unit_cost);
create index stock_movements_by_user_idx on shop.stock_movements (by_user) where by_user is not null;

create function shop.tg_stock_movements__append_only() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception 'shop.stock_movements is append-only: correct, do not edit' using errcode = '55000';
end $$;
create trigger tg_stock_movements__append_only before update or delete or truncate on shop.stock_movements for each statement execute function shop.tg_stock_movements__append_only();

alter table shop.stock_items enable row level security;
alter table shop.recipe_lines enable row level security;
alter table shop.stock_levels enable row level security;
alter table shop.stock_movements enable row level security;
grant select on shop.stock_items, shop.recipe_lines, shop.stock_levels, shop.stock_movements to authenticated;
create policy "Baristas see what their business stocks" on shop.stock_items for select to authenticated using (business_id in (select business.where_i_am('barista')));
create policy "Baristas see the recipes of their business" on shop.recipe_lines for select to authenticated using (business_id in (select business.where_i_am('barista')));
create policy "Baristas see the stock of their business" on shop.stock_levels for select to authenticated using (business_id in (select business.where_i_am('barista')));
create policy "Baristas see how the stock of their business moved" on shop.stock_movements for select to authenticated using (business_id in (select business.where_i_am('barista')));

create function shop.move_stock(business_id uuid, location_id uuid, kind text, source text, item_ids uuid[], quantities bigint[], why text default '', order_line_id uuid default null, release boolean default false, unit_costs numeric[] default null) returns void
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare short record;
begin
  insert into shop.stock_levels (business_id, location_id, stock_item_id)
  select move_stock.business_id, move_stock.location_id, u from unnest(move_stock.item_ids) u order by u on conflict do nothing;
  -- Always in id order, so that no two movements wait for each other.
  perform 1 from shop.stock_levels l where l.location_id = move_stock.location_id and l.stock_item_id = any (move_stock.item_ids) order by l.stock_item_id for no key update;
  select i.id, i.name, l.on_hand, i.unit into short from unnest(move_stock.item_ids, move_stock.quantities) u (item, quantity)
  join shop.stock_levels l on l.location_id = move_stock.location_id and l.stock_item_id = u.item join shop.stock_items i on i.id = u.item where l.on_hand + u.quantity < 0 order by i.id limit 1;
  if found then perform platform.refuse(409, 'stock_too_low', jsonb_build_object('item_id', short.id, 'name', short.name, 'on_hand', short.on_hand, 'unit', short.unit)); end if;
  with moved as (
    update shop.stock_levels l set on_hand = l.on_hand + u.quantity, reserved = l.reserved - case when move_stock.release then -u.quantity else 0 end
    from unnest(move_stock.item_ids, move_stock.quantities, move_stock.unit_costs) u (item, quantity, unit_cost)
    where l.location_id = move_stock.location_id and l.stock_item_id = u.item and l.business_id = move_stock.business_id and u.quantity <> 0
    returning l.stock_item_id, u.quantity, u.unit_cost, l.on_hand)
  insert into shop.stock_movements (business_id, location_id, stock_item_id, kind, quantity, balance_after, unit_cost, order_line_id, source, why, by_user)
  select move_stock.business_id, move_stock.location_id, m.stock_item_id, move_stock.kind, m.quantity, m.on_hand, coalesce(m.unit_cost, i.unit_cost), move_stock.order_line_id, move_stock.source, move_stock.why, auth.uid()
  from moved m join shop.stock_items i on i.id = m.stock_item_id;
end $$;
comment on function shop.move_stock is 'Writes movements of several items (each named once) at one location, each (source, item, location) once (a second is a unique violation), and moves the levels. release: what goes out was reserved. unit_costs: what each cost, where that is not its average. Refuses 409 stock_too_low, naming the item, where a level would go below zero.';
