-- Business: who we are. Businesses (tenants), their host names, locations, staff and invitations.

create schema business;
grant usage on schema business to anon, authenticated, service_role;

create table business.businesses (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique check (slug ~ '^[a-z0-9-]{2,60}$'),
  name text not null check (length(name) between 1 and 120),
  currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
  time_zone text not null,
  country char(2) not null check (country ~ '^[A-Z]{2}$'),
  locales text[] not null check (cardinality(locales) between 1 and 8),
  tagline jsonb not null default '{}',
  about jsonb not null default '{}',
  branding jsonb not null default '{}',
  email text not null,
  phone text not null default '',
  address jsonb not null default '{}',
  hours jsonb not null default '[]',
  prices_include_tax boolean not null default true,
  hold_minutes int not null default 15 check (hold_minutes between 1 and 120),
  is_default boolean not null default false,
  created_at timestamptz not null default now()
);
comment on table business.businesses is 'A tenant. locales: the first is the one its addresses carry no prefix for. hours: [{"day": 1..7 (Monday first), "opens": "08:00", "closes": "21:00"}].';
comment on column business.businesses.hold_minutes is 'How long a placed order keeps its seats while the customer pays.';
create unique index businesses_one_default on business.businesses (is_default) where is_default;

create table business.domains (
  host text primary key check (host = lower(host)),
  business_id uuid not null references business.businesses on delete cascade,
  is_main boolean not null default false
);
comment on table business.domains is 'Host name (without port) → business. is_main: the one links in e-mails lead to.';
create unique index domains_one_main on business.domains (business_id) where is_main;
create index domains_business_id_idx on business.domains (business_id);

create table business.locations (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete cascade,
  name text not null,
  address jsonb not null default '{}',
  unique (business_id, id)
);

create table business.staff (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role text not null check (role in ('owner', 'manager', 'front_desk', 'barista', 'instructor')),
  since timestamptz not null default now(),
  until timestamptz,
  unique (business_id, id)
);
comment on table business.staff is 'Who works where and as what. Ends by setting until; rows are only made by accepting an invitation (or by the seed).';
create unique index staff_one_open_role on business.staff (business_id, user_id, role) where until is null;
create index staff_user_id_idx on business.staff (user_id) where until is null;

create table business.invitations (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete cascade,
  email extensions.citext not null,
  role text not null check (role in ('owner', 'manager', 'front_desk', 'barista', 'instructor')),
  token_hash bytea not null unique,
  invited_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '7 days',
  accepted_at timestamptz,
  accepted_by uuid references auth.users (id) on delete set null,
  revoked_at timestamptz,
  unique (business_id, id)
);
comment on table business.invitations is 'The only way to a role. The token travels by e-mail; only its hash stays here.';
create index invitations_business_id_idx on business.invitations (business_id, created_at);
create index invitations_invited_by_idx on business.invitations (invited_by);
create index invitations_accepted_by_idx on business.invitations (accepted_by);

-- Who may -------------------------------------------------------------------------------------------------------------
create function business.rank(role text) returns int
language plpgsql immutable set search_path = '' as $$
begin
  return case rank.role when 'owner' then 4 when 'manager' then 3 when 'front_desk' then 2 when 'barista' then 2 when 'instructor' then 1 else 0 end;
end $$;
comment on function business.rank is 'instructor < front_desk, barista < manager < owner.';

create function business.where_i_am(role text) returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  return query
  select s.business_id from business.staff s
  where s.user_id = (select auth.uid()) and s.until is null
    and (s.role = where_i_am.role or business.rank(s.role) > business.rank(where_i_am.role));
end $$;
comment on function business.where_i_am is 'Businesses where the asker has this role or one that outranks it. Used in policies as `business_id in (select business.where_i_am(…))`, so it is evaluated once a statement.';
grant execute on function business.where_i_am to anon, authenticated, service_role;

create function business.require_role(business_id uuid, role text) returns uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  if auth.uid() is null then perform platform.refuse(401, 'sign_in_first'); end if;
  if require_role.business_id is null or require_role.business_id not in (select business.where_i_am(require_role.role)) then
    perform platform.refuse(403, 'not_your_role', jsonb_build_object('role', require_role.role));
  end if;
  return auth.uid();
end $$;

alter table business.businesses enable row level security;
alter table business.domains enable row level security;
alter table business.locations enable row level security;
alter table business.staff enable row level security;
alter table business.invitations enable row level security;
grant select on business.businesses, business.domains, business.locations to anon, authenticated;
grant select on business.staff to authenticated;
grant select (id, business_id, email, role, invited_by, created_at, expires_at, accepted_at, revoked_at) on business.invitations to authenticated;
create policy "Everyone sees which businesses there are" on business.businesses for select to anon, authenticated using (true);
create policy "Everyone sees which host belongs to whom" on business.domains for select to anon, authenticated using (true);
create policy "Everyone sees the locations" on business.locations for select to anon, authenticated using (true);
create policy "Staff see their own roles, managers see all of their business" on business.staff for select to authenticated
  using (user_id = (select auth.uid()) or business_id in (select business.where_i_am('manager')));
create policy "Managers see the invitations of their business" on business.invitations for select to authenticated
  using (business_id in (select business.where_i_am('manager')));

-- Doors ---------------------------------------------------------------------------------------------------------------
create function api.business_for_host(at_host text)
returns table (id uuid, slug text, name text, host text, currency text, time_zone text, country text, locales text[], tagline jsonb, about jsonb, branding jsonb, email text, phone text, address jsonb, hours jsonb, hold_minutes int, special_days jsonb)
language plpgsql stable security definer set search_path = '' rows 1 as $$
#variable_conflict use_column
begin
  return query
  select b.id, b.slug, b.name, coalesce((select d.host from business.domains d where d.business_id = b.id and d.host = lower(business_for_host.at_host)), (select d.host from business.domains d where d.business_id = b.id order by d.is_main desc, d.host limit 1)),
    b.currency::text, b.time_zone, b.country::text, b.locales, b.tagline, b.about, b.branding, b.email, b.phone, b.address, b.hours, b.hold_minutes, shop.special_days_of(b.id, 14)
  from business.businesses b
  where b.id = coalesce((select d.business_id from business.domains d where d.host = lower(business_for_host.at_host)), (select x.id from business.businesses x where x.is_default));
end $$;
comment on function api.business_for_host is 'The business that answers at this host, else the default one. special_days: of the next two weeks, see shop.special_days_of.';
grant execute on function api.business_for_host to anon, authenticated, service_role;
