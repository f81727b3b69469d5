-- Loyalty: points or stamps that are earned with what is paid, held in lots with their own terms, and redeemed for rewards.
-- Value moves only through loyalty.give, take, reserve and release; every movement is a row of the member's statement and a ledger transfer.

create schema loyalty;
grant usage on schema loyalty to anon, authenticated, service_role;

insert into ledger.account_kinds (kind, side, may_go_negative, meaning) values ('points_debt', 1, false, 'points that were spent and then went back with a refund: paid by the next ones; owner = member');

create table loyalty.programmes (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  unit text not null check (unit in ('points', 'stamps')),
  name jsonb not null,
  earn_by text not null default 'spend' check (earn_by in ('spend', 'order')),
  earn_points int not null check (earn_points between 1 and 1000),
  earn_cents bigint not null check (earn_cents between 1 and 1000000000),
  first_visit_points int not null default 0 check (first_visit_points between 0 and 100000),
  birthday_points int not null default 0 check (birthday_points between 0 and 100000),
  expires_days int check (expires_days between 1 and 3650),
  hundred_worth_cents bigint not null default 0 check (hundred_worth_cents >= 0),
  created_at timestamptz not null default now(),
  superseded_at timestamptz,
  unique (business_id, id)
);
comment on table loyalty.programmes is 'A programme in versions: the one without superseded_at earns now. Lots keep the terms of the version they were earned under.';
comment on column loyalty.programmes.earn_by is 'spend: earn_points for every earn_cents paid, in proportion, rounded down once an order; order: earn_points for every order of at least earn_cents. Of what is paid, without its tax.';
comment on column loyalty.programmes.hundred_worth_cents is 'What the business reckons a hundred to be worth, for the liability.';
create unique index programmes_one_at_a_time on loyalty.programmes (business_id) where superseded_at is null;

create table loyalty.boosts (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  programme_id uuid not null,
  product_id uuid,
  category_id uuid,
  weekday int check (weekday between 1 and 7),
  factor_percent int not null check (factor_percent between 0 and 1000),
  check (num_nonnulls(product_id, category_id, weekday) = 1),
  foreign key (business_id, programme_id) references loyalty.programmes (business_id, id) on delete cascade,
  foreign key (business_id, product_id) references shop.products (business_id, id) on delete cascade,
  foreign key (business_id, category_id) references shop.categories (business_id, id) on delete cascade
);
comment on table loyalty.boosts is '200: twice as many for that product, category or weekday (1 = Monday, the business''s day of payment). Of several, the one for the product counts before its category''s; the weekday''s multiplies.';
create index boosts_programme_id_idx on loyalty.boosts (business_id, programme_id);
create index boosts_product_id_idx on loyalty.boosts (business_id, product_id);
create index boosts_category_id_idx on loyalty.boosts (business_id, category_id);

create table loyalty.tiers (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  programme_id uuid not null,
  name jsonb not null,
  from_points int not null check (from_points >= 0),
  factor_percent int not null default 100 check (factor_percent between 100 and 1000),
  unique (programme_id, from_points),
  foreign key (business_id, programme_id) references loyalty.programmes (business_id, id) on delete cascade
);
comment on table loyalty.tiers is 'By points earned with purchases in the last twelve months, less what went back with refunds.';
create index tiers_programme_id_idx on loyalty.tiers (business_id, programme_id);

create table loyalty.rewards (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  name jsonb not null,
  kind text not null check (kind in ('product', 'money', 'class')),
  product_id uuid,
  category_id uuid,
  amount_cents bigint check (amount_cents > 0),
  price_points int not null check (price_points between 1 and 1000000),
  position int not null default 0,
  published boolean not null default true,
  unique (business_id, id),
  check ((kind = 'product') = (num_nonnulls(product_id, category_id) = 1) and (kind = 'money') = (amount_cents is not null)),
  foreign key (business_id, product_id) references shop.products (business_id, id) on delete restrict,
  foreign key (business_id, category_id) references shop.categories (business_id, id) on delete restrict
);
comment on table loyalty.rewards is 'product: one of it (or of a category, the dearest in the cart) for nothing; money: that much off; class: one seat for nothing.';
create index rewards_business_id_idx on loyalty.rewards (business_id, position);
create index rewards_product_id_idx on loyalty.rewards (business_id, product_id);
create index rewards_category_id_idx on loyalty.rewards (business_id, category_id);

create table loyalty.standings (
  member_id uuid primary key,
  business_id uuid not null,
  debt int not null default 0 check (debt >= 0),
  earned bigint not null default 0 check (earned >= 0),
  earned_from timestamptz not null default '-infinity',
  foreign key (business_id, member_id) references members.members (business_id, id) on delete restrict
) with (fillfactor = 80);
comment on table loyalty.standings is 'One row a member, locked by whoever moves their points. debt: what they spent of points that then went back with a refund.';
comment on column loyalty.standings.earned is 'Points of orders after earned_from, less what went back of them: kept by loyalty.count_earned, read by loyalty.earned_in_a_year.';
comment on column loyalty.standings.earned_from is 'A year before their points of orders last changed.';
create index standings_member_id_idx on loyalty.standings (business_id, member_id);

create table loyalty.lots (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  member_id uuid not null,
  programme_id uuid not null,
  order_id uuid,
  source text not null,
  points int not null check (points > 0),
  taken_back int not null default 0 check (taken_back between 0 and points),
  left_points int not null check (left_points >= 0),
  earned_at timestamptz not null default now(),
  expires_at timestamptz,
  unique (business_id, id),
  unique (business_id, source),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete restrict,
  foreign key (business_id, programme_id) references loyalty.programmes (business_id, id) on delete restrict,
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete restrict
);
comment on table loyalty.lots is 'Points that came together and expire together. taken_back: gone with refunds of what earned them; left_points: to spend, without what unpaid orders hold.';
comment on column loyalty.lots.source is 'order:<id>, first:<member>, birthday:<member>:<year>: never twice.';
create index lots_open_idx on loyalty.lots (business_id, member_id, expires_at, earned_at) where left_points > 0;
create index lots_member_id_idx on loyalty.lots (business_id, member_id, earned_at);
create index lots_programme_id_idx on loyalty.lots (business_id, programme_id);
create index lots_order_id_idx on loyalty.lots (business_id, order_id);
create index lots_to_expire_idx on loyalty.lots (expires_at) where left_points > 0;

create table loyalty.lot_lines (
  lot_id uuid not null,
  business_id uuid not null,
  order_line_id uuid not null,
  weight numeric not null check (weight >= 0),
  primary key (lot_id, order_line_id),
  foreign key (business_id, lot_id) references loyalty.lots (business_id, id) on delete cascade,
  foreign key (business_id, order_line_id) references sales.order_lines (business_id, id) on delete restrict
);
comment on table loyalty.lot_lines is 'How much of a lot each line earned, as shares: when a part of it is refunded, that part goes back.';
create index lot_lines_lot_id_idx on loyalty.lot_lines (business_id, lot_id);
create index lot_lines_order_line_id_idx on loyalty.lot_lines (business_id, order_line_id);

create table loyalty.redemptions (
  order_id uuid primary key,
  business_id uuid not null,
  member_id uuid not null,
  reward_id uuid not null,
  points int not null check (points > 0),
  given_back int not null default 0 check (given_back between 0 and points),
  state text not null check (state in ('held', 'spent', 'released')),
  transfer_id bigint,
  at timestamptz not null default now(),
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete restrict,
  foreign key (business_id, member_id) references members.members (business_id, id) on delete restrict,
  foreign key (business_id, reward_id) references loyalty.rewards (business_id, id) on delete restrict,
  foreign key (business_id, transfer_id) references ledger.transfers (business_id, id) on delete restrict
);
comment on table loyalty.redemptions is 'The reward of an order: held when it is placed, spent when it is paid, released when it is not; given_back: came back with refunds.';
create index redemptions_order_id_idx on loyalty.redemptions (business_id, order_id);
create index redemptions_member_id_idx on loyalty.redemptions (business_id, member_id);
create index redemptions_reward_id_idx on loyalty.redemptions (business_id, reward_id);
create index redemptions_transfer_id_idx on loyalty.redemptions (business_id, transfer_id);

create table loyalty.redemption_lots (
  order_id uuid not null references loyalty.redemptions on delete cascade,
  business_id uuid not null,
  lot_id uuid not null,
  points int not null check (points > 0),
  given_back int not null default 0 check (given_back between 0 and points),
  primary key (order_id, lot_id),
  foreign key (business_id, lot_id) references loyalty.lots (business_id, id) on delete restrict
);
create index redemption_lots_lot_id_idx on loyalty.redemption_lots (business_id, lot_id);

create table loyalty.movements (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  member_id uuid not null,
  kind text not null check (kind in ('earned', 'first_visit', 'birthday', 'taken_back', 'restored', 'redeemed', 'released', 'given_back', 'expired')),
  points int not null check (points <> 0),
  balance_after int not null,
  order_id uuid,
  reward_id uuid,
  at timestamptz not null default clock_timestamp(),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete restrict,
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete restrict,
  foreign key (business_id, reward_id) references loyalty.rewards (business_id, id) on delete restrict
);
comment on table loyalty.movements is 'The member''s statement: what came and went, why, and what they had then (below zero: they owe).';
create index movements_member_id_idx on loyalty.movements (business_id, member_id, id desc);
create index movements_order_id_idx on loyalty.movements (business_id, order_id);
create index movements_reward_id_idx on loyalty.movements (business_id, reward_id) where reward_id is not null;

alter table sales.orders add foreign key (business_id, reward_id) references loyalty.rewards (business_id, id) on delete restrict;
create index orders_reward_id_idx on sales.orders (business_id, reward_id) where reward_id is not null;

alter table loyalty.programmes enable row level security;
alter table loyalty.boosts enable row level security;
alter table loyalty.tiers enable row level security;
alter table loyalty.rewards enable row level security;
alter table loyalty.standings enable row level security;
alter table loyalty.lots enable row level security;
alter table loyalty.lot_lines enable row level security;
alter table loyalty.redemptions enable row level security;
alter table loyalty.redemption_lots enable row level security;
alter table loyalty.movements enable row level security;
grant select on loyalty.programmes, loyalty.boosts, loyalty.tiers, loyalty.rewards, loyalty.standings, loyalty.lots, loyalty.lot_lines, loyalty.redemptions, loyalty.redemption_lots, loyalty.movements to authenticated;
create policy "Managers see the programmes of their business" on loyalty.programmes for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Managers see the boosts of their business" on loyalty.boosts for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Managers see the tiers of their business" on loyalty.tiers for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Managers see the rewards of their business" on loyalty.rewards for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Members see their own standing, managers those of their business" on loyalty.standings for select to authenticated using (member_id in (select members.mine()) or business_id in (select business.where_i_am('manager')));
create policy "Members see their own points, managers those of their business" on loyalty.lots for select to authenticated using (member_id in (select members.mine()) or business_id in (select business.where_i_am('manager')));
create policy "Managers see what earned points" on loyalty.lot_lines for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Members see what they redeemed, managers all of it" on loyalty.redemptions for select to authenticated using (member_id in (select members.mine()) or business_id in (select business.where_i_am('manager')));
create policy "Managers see which points were redeemed" on loyalty.redemption_lots for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Members read their own statement, managers those of their business" on loyalty.movements for select to authenticated using (member_id in (select members.mine()) or business_id in (select business.where_i_am('manager')));

-- What there is -------------------------------------------------------------------------------------------------------
create function loyalty.available(business_id uuid, member_id uuid) returns int
language plpgsql stable set search_path = '' as $$
begin
  return (select coalesce(sum(t.left_points), 0)::int from loyalty.lots t
    where t.business_id = available.business_id and t.member_id = available.member_id and t.left_points > 0 and (t.expires_at is null or t.expires_at > now()));
end $$;
comment on function loyalty.available is 'What a member can spend: the sum of their open lots that have not run out. It never looks at what was spent.';

create function loyalty.current(business_id uuid) returns loyalty.programmes
language plpgsql stable set search_path = '' as $$
declare p loyalty.programmes;
begin
  select * into p from loyalty.programmes x where x.business_id = current.business_id and x.superseded_at is null;
  return p;
end $$;

create function loyalty.earned_in_a_year(business_id uuid, member_id uuid) returns bigint
language plpgsql stable set search_path = '' as $$
declare edge timestamptz := now() - interval '1 year';
begin
  -- What ran out of the year since they last earned is taken off. The other way round (a year ago is not always later than a
  -- moment ago: 29 February; somebody earned after this transaction began) what was taken off too early is added.
  return coalesce((
    select s.earned + (select coalesce(sum(case when l.earned_at > edge then l.points - l.taken_back else l.taken_back - l.points end), 0) from loyalty.lots l
      where l.business_id = s.business_id and l.member_id = s.member_id and l.earned_at > least(edge, s.earned_from) and l.earned_at <= greatest(edge, s.earned_from) and l.source like 'order:%')
    from loyalty.standings s where s.business_id = earned_in_a_year.business_id and s.member_id = earned_in_a_year.member_id
      -- Who last earned longer ago than any year has nothing in this one.
      and s.earned_from >= edge - interval '367 days'), 0);
end $$;
comment on function loyalty.earned_in_a_year is 'Points earned with orders in the last twelve months, less what went back with refunds. It looks at one row and at the lots that ran out of the year since the member last earned, not at those of the year.';

create function loyalty.tier_of(p loyalty.programmes, member_id uuid) returns loyalty.tiers
language plpgsql stable set search_path = '' as $$
declare
  t loyalty.tiers;
  points bigint;
begin
  if not exists (select from loyalty.tiers x where x.programme_id = p.id) then return null; end if;
  points := loyalty.earned_in_a_year(p.business_id, tier_of.member_id);
  select * into t from loyalty.tiers x where x.programme_id = p.id and x.from_points <= points order by x.from_points desc limit 1;
  return t;
end $$;

-- What an order earns -------------------------------------------------------------------------------------------------
create function loyalty.weigh(p loyalty.programmes, member_id uuid, lines sales.priced[]) returns sales.earning
language plpgsql stable set search_path = '' as $$
declare
  r sales.earning;
  y sales.priced;
  tier int := coalesce((loyalty.tier_of(p, weigh.member_id)).factor_percent, 100);
  boosted boolean := exists (select from loyalty.boosts b where b.programme_id = p.id);
  day_percent int := 100;
  boost int := 100;
  weight numeric := 0;
  net bigint := 0;
begin
  if boosted then
    day_percent := coalesce((select max(b.factor_percent) from loyalty.boosts b join business.businesses z on z.id = b.business_id where b.programme_id = p.id and b.weekday = extract(isodow from now() at time zone z.time_zone)), 100);
  end if;
  foreach y in array weigh.lines loop
    continue when y.kind not in ('seat', 'pass', 'membership', 'product', 'appointment') or y.total_cents <= y.tax_cents;
    if boosted then
      select coalesce((select max(b.factor_percent) from loyalty.boosts b where b.programme_id = p.id and b.product_id = l.product_id),
        (select max(b.factor_percent) from loyalty.boosts b join shop.products d on d.business_id = l.business_id and d.id = l.product_id where b.programme_id = p.id and b.category_id = d.category_id), 100)
      into boost from sales.order_lines l where l.id = y.line_id;
    end if;
    r.line_ids := r.line_ids || y.line_id;
    r.weights := r.weights || (y.total_cents - y.tax_cents) * boost * day_percent * tier / 1000000.0;
    weight := weight + r.weights[cardinality(r.weights)];
    net := net + y.total_cents - y.tax_cents;
  end loop;
  r.points := loyalty.points_of(p, weight, net);
  return r;
end $$;
comment on function loyalty.weigh is 'What lines count for, each: what is paid for it without its tax, times what product, weekday and tier are worth; and how many points that makes under a programme. Not tips, top-ups, gift cards and fees; nothing a pass covers, nothing that was taken off: that was not paid.';

create function loyalty.points_of(p loyalty.programmes, weight numeric, net bigint) returns int
language plpgsql immutable set search_path = '' as $$
begin
  return case when p.earn_by = 'spend' then floor(weight * p.earn_points / p.earn_cents)::int when net >= p.earn_cents then p.earn_points else 0 end;
end $$;

create function loyalty.would_earn(o sales.orders) returns int
language plpgsql stable set search_path = '' as $$
declare p loyalty.programmes := loyalty.current(o.business_id);
begin
  if p.id is null then return 0; end if;
  return (loyalty.weigh(p, o.member_id, array(select y from sales.price(o) y))).points;
end $$;
comment on function loyalty.would_earn is 'What a cart would earn if it were paid now, without gifts for a first visit.';
