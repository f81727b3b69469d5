-- Shop: what the bar sells. Categories, products with their modifiers, day parts, bundles, and what is sold out today.

create schema shop;
grant usage on schema shop to anon, authenticated, service_role;

create table shop.categories (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete cascade,
  slug text not null check (slug ~ '^[a-z0-9-]{1,60}$'),
  name jsonb not null,
  summary jsonb not null default '{}',
  position int not null default 0,
  unique (business_id, id),
  unique (business_id, slug)
);

create table shop.day_parts (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete cascade,
  name jsonb not null,
  days int[] not null default '{1,2,3,4,5,6,7}' check (days <@ '{1,2,3,4,5,6,7}' and cardinality(days) > 0),
  from_time time not null,
  until_time time not null check (until_time > from_time),
  unique (business_id, id)
);
comment on table shop.day_parts is 'When part of the menu is served, by the clock on the wall of the business. days: 1 = Monday … 7 = Sunday. Until: no longer from that minute on.';

create table shop.products (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  category_id uuid not null,
  slug text not null check (slug ~ '^[a-z0-9-]{1,60}$'),
  kind text not null default 'made' check (kind in ('made', 'retail', 'bundle')),
  name jsonb not null,
  summary jsonb not null default '{}',
  description jsonb not null default '{}',
  picture text not null default 'drink/cup',
  picture_hash text,
  picture_alt jsonb not null default '{}',
  price_cents bigint not null check (price_cents between 0 and 1000000000),
  tax_rate_bp int not null default 0 check (tax_rate_bp between 0 and 5000),
  takeaway_tax_rate_bp int check (takeaway_tax_rate_bp between 0 and 5000),
  make_seconds int not null default 0 check (make_seconds between 0 and 3600),
  allergens text[] not null default '{}' check (allergens <@ '{gluten,crustaceans,egg,fish,peanut,soy,milk,nuts,celery,mustard,sesame,sulphites,lupin,molluscs}'),
  replaceable_allergens text[] not null default '{}' check (replaceable_allergens <@ allergens),
  diets text[] not null default '{}' check (diets <@ '{vegan,vegetarian,gluten_free,lactose_free,decaf}'),
  day_part_id uuid,
  position int not null default 0,
  published boolean not null default false,
  retired_at timestamptz,
  created_at timestamptz not null default now(),
  unique (business_id, id),
  unique (business_id, slug),
  constraint picture_is_told check (picture_hash is null or picture_alt <> '{}'),
  foreign key (business_id, category_id) references shop.categories (business_id, id) on delete restrict,
  foreign key (business_id, day_part_id) references shop.day_parts (business_id, id) on delete restrict,
  foreign key (business_id, picture_hash) references booking.pictures (business_id, hash) on delete restrict
);
comment on table shop.products is 'made: at the bar, takes a barista''s time; retail: off the shelf; bundle: several products at one price. A variant (250 g, 1 kg) is an option of a modifier group of kind variant.';
comment on column shop.products.picture is 'A drawing of ours, <kind>/<name>; picture_hash: one of the business''s own instead.';
comment on column shop.products.tax_rate_bp is 'Hundredths of a per cent, eaten in; takeaway_tax_rate_bp: taken away, where the law tells them apart.';
comment on column shop.products.make_seconds is 'A barista''s time for one, without its modifiers.';
comment on column shop.products.allergens is 'The fourteen of Regulation (EU) No 1169/2011, Annex II, as it usually comes.';
comment on column shop.products.replaceable_allergens is 'Of its allergens, those that are in it only through a usual option: gone where another one is chosen (oat instead of milk). Not the milk that is in the chocolate too. What nobody says stays in.';
create index products_category_id_idx on shop.products (business_id, category_id, position);
create index products_day_part_id_idx on shop.products (business_id, day_part_id) where day_part_id is not null;
create index products_picture_hash_idx on shop.products (business_id, picture_hash) where picture_hash is not null;

create table shop.modifier_groups (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete cascade,
  name jsonb not null,
  kind text not null default 'choice' check (kind in ('choice', 'variant')),
  min_choices int not null default 0 check (min_choices between 0 and 10),
  max_choices int not null default 1 check (max_choices between 1 and 10),
  position int not null default 0,
  check (min_choices <= max_choices),
  unique (business_id, id)
);
comment on table shop.modifier_groups is 'What is asked about a product: size, milk, extras. min_choices 1: required. An option may be chosen more than once where max_each allows.';

create table shop.modifiers (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete cascade,
  group_id uuid not null,
  name jsonb not null,
  price_cents bigint not null default 0 check (price_cents between -1000000000 and 1000000000),
  make_seconds int not null default 0 check (make_seconds between -600 and 600),
  max_each int not null default 1 check (max_each between 1 and 10),
  is_default boolean not null default false,
  position int not null default 0,
  retired_at timestamptz,
  unique (business_id, id),
  foreign key (business_id, group_id) references shop.modifier_groups (business_id, id) on delete cascade
);
create index modifiers_group_id_idx on shop.modifiers (business_id, group_id, position);

create table shop.product_modifier_groups (
  business_id uuid not null,
  product_id uuid not null,
  group_id uuid not null,
  position int not null default 0,
  primary key (product_id, group_id),
  foreign key (business_id, product_id) references shop.products (business_id, id) on delete cascade,
  foreign key (business_id, group_id) references shop.modifier_groups (business_id, id) on delete cascade
);
create index product_modifier_groups_product_id_idx on shop.product_modifier_groups (business_id, product_id);
create index product_modifier_groups_group_id_idx on shop.product_modifier_groups (business_id, group_id);

create table shop.bundle_items (
  business_id uuid not null,
  bundle_id uuid not null,
  product_id uuid not null check (product_id <> bundle_id),
  quantity int not null default 1 check (quantity between 1 and 20),
  primary key (bundle_id, product_id),
  foreign key (business_id, bundle_id) references shop.products (business_id, id) on delete cascade,
  foreign key (business_id, product_id) references shop.products (business_id, id) on delete restrict
);
comment on table shop.bundle_items is 'What a bundle is made of. A bundle holds no bundles; what is asked about it hangs on the bundle itself.';
create index bundle_items_bundle_id_idx on shop.bundle_items (business_id, bundle_id);
create index bundle_items_product_id_idx on shop.bundle_items (business_id, product_id);

create table shop.not_offered (
  business_id uuid not null,
  location_id uuid not null,
  product_id uuid not null,
  primary key (location_id, product_id),
  foreign key (business_id, location_id) references business.locations (business_id, id) on delete cascade,
  foreign key (business_id, product_id) references shop.products (business_id, id) on delete cascade
);
comment on table shop.not_offered is 'Products that a location does not have at all.';
create index not_offered_location_id_idx on shop.not_offered (business_id, location_id);
create index not_offered_product_id_idx on shop.not_offered (business_id, product_id);

create table shop.sold_out (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  location_id uuid not null,
  product_id uuid,
  modifier_id uuid,
  on_date date not null,
  at timestamptz not null default now(),
  by_user uuid references auth.users (id) on delete set null,
  back_at timestamptz,
  back_by uuid references auth.users (id) on delete set null,
  check (num_nonnulls(product_id, modifier_id) = 1),
  foreign key (business_id, location_id) references business.locations (business_id, id) on delete cascade,
  foreign key (business_id, product_id) references shop.products (business_id, id) on delete cascade,
  foreign key (business_id, modifier_id) references shop.modifiers (business_id, id) on delete cascade
);
comment on table shop.sold_out is 'Gone for that day at that location; back_at: there is some again. The next morning it is on the menu by itself.';
create unique index sold_out_product_once on shop.sold_out (location_id, product_id, on_date) where back_at is null and product_id is not null;
create unique index sold_out_modifier_once on shop.sold_out (location_id, modifier_id, on_date) where back_at is null and modifier_id is not null;
create index sold_out_location_id_idx on shop.sold_out (business_id, location_id, on_date);
create index sold_out_product_id_idx on shop.sold_out (business_id, product_id) where product_id is not null;
create index sold_out_modifier_id_idx on shop.sold_out (business_id, modifier_id) where modifier_id is not null;
create index sold_out_by_user_idx on shop.sold_out (by_user);
create index sold_out_back_by_idx on shop.sold_out (back_by);

-- Counters: where orders are made and handed over, and how much of that can be done at once ----------------------------
create table shop.counters (
  location_id uuid primary key,
  business_id uuid not null,
  hours jsonb not null default '[]',
  slot_minutes int not null default 5 check (slot_minutes in (5, 10, 15, 20, 30)),
  slot_seconds int not null default 300 check (slot_seconds between 10 and 36000),
  lead_minutes int not null default 3 check (lead_minutes between 0 and 240),
  days_ahead int not null default 1 check (days_ahead between 0 and 30),
  delay_minutes int not null default 0 check (delay_minutes between 0 and 120),
  takes_orders boolean not null default true,
  servings text[] not null default '{takeaway,eat_in}' check (servings in ('{takeaway}', '{eat_in}', '{takeaway,eat_in}')),
  tip_percents int[] not null default '{0,5,10}' check (cardinality(tip_percents) between 1 and 5),
  call_on date not null default '2000-01-01',
  last_call int not null default 0,
  position int not null default 0,
  unique (business_id, location_id),
  foreign key (business_id, location_id) references business.locations (business_id, id) on delete cascade
);
comment on table shop.counters is 'A location that sells. slot_seconds: barista seconds there are in each slot of slot_minutes. hours: as business.businesses.hours; empty: the business''s. delay_minutes: added to every promise while it is busy.';
comment on column shop.counters.servings is 'How what is sold here can be had: taken away, at a table. The first is what is meant where nobody says.';
comment on column shop.counters.last_call is 'The last number called on call_on (the local day): what is shouted over the bar.';

create table shop.pickup_slots (
  business_id uuid not null,
  location_id uuid not null,
  starts_at timestamptz not null,
  capacity_seconds int not null,
  taken_seconds int not null default 0,
  primary key (location_id, starts_at),
  constraint no_slot_beyond_its_seconds check (taken_seconds between 0 and capacity_seconds),
  foreign key (business_id, location_id) references shop.counters (business_id, location_id) on delete cascade
);
comment on table shop.pickup_slots is 'A barista''s seconds promised in each slot. Written when the first order needs the slot.';
create index pickup_slots_location_id_idx on shop.pickup_slots (business_id, location_id);

alter table shop.categories enable row level security;
alter table shop.day_parts enable row level security;
alter table shop.products enable row level security;
alter table shop.modifier_groups enable row level security;
alter table shop.modifiers enable row level security;
alter table shop.product_modifier_groups enable row level security;
alter table shop.bundle_items enable row level security;
alter table shop.not_offered enable row level security;
alter table shop.sold_out enable row level security;
alter table shop.counters enable row level security;
alter table shop.pickup_slots enable row level security;
grant select on shop.categories, shop.day_parts, shop.products, shop.modifier_groups, shop.modifiers, shop.product_modifier_groups, shop.bundle_items, shop.not_offered, shop.sold_out, shop.counters, shop.pickup_slots to authenticated;
create policy "Baristas see the categories of their business" on shop.categories for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Baristas see the day parts of their business" on shop.day_parts for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Baristas see the products of their business" on shop.products for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Baristas see the modifier groups of their business" on shop.modifier_groups for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Baristas see the modifiers of their business" on shop.modifiers for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Baristas see what is asked about products" on shop.product_modifier_groups for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Baristas see what bundles are made of" on shop.bundle_items for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Baristas see what a location does not offer" on shop.not_offered for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Baristas see what is sold out" on shop.sold_out for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Baristas see the counters of their business" on shop.counters for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Baristas see what is promised" on shop.pickup_slots for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
