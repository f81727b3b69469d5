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
  foreign key (business_id, member_id) references members.members (business_id, id) on delete restrict
);
comment on table loyalty.standings is 'One row a member, locked by whoever moves their points. debt: what they spent of points that then went back with a refund.';
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
create index movements_reward_id_idx on loyalty.movements (business_id, reward_id);

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
language sql stable set search_path = '' as $$
  select coalesce(sum(t.left_points), 0)::int from loyalty.lots t
  where t.business_id = available.business_id and t.member_id = available.member_id and t.left_points > 0 and (t.expires_at is null or t.expires_at > now());
$$;
comment on function loyalty.available is 'What a member can spend: the sum of their open lots that have not run out. It never looks at what was spent.';

create function loyalty.current(business_id uuid) returns loyalty.programmes
language sql stable set search_path = '' as $$
  select p from loyalty.programmes p where p.business_id = current.business_id and p.superseded_at is null;
$$;

create function loyalty.tier_of(p loyalty.programmes, member_id uuid) returns loyalty.tiers
language sql stable set search_path = '' as $$
  select t from loyalty.tiers t where t.programme_id = p.id and t.from_points <= coalesce((select sum(l.points - l.taken_back) from loyalty.lots l
    where l.business_id = p.business_id and l.member_id = tier_of.member_id and l.earned_at > now() - interval '1 year' and l.source like 'order:%'), 0)
  order by t.from_points desc limit 1;
$$;

-- What an order earns -------------------------------------------------------------------------------------------------
create type loyalty.share as (line_id uuid, weight numeric);

create function loyalty.shares(p loyalty.programmes, member_id uuid, line_ids uuid[], nets bigint[]) returns setof loyalty.share
language sql stable set search_path = '' rows 5 as $$
  select l.id, u.net * coalesce(
      (select max(b.factor_percent) from loyalty.boosts b where b.programme_id = p.id and b.product_id = l.product_id),
      (select max(b.factor_percent) from loyalty.boosts b where b.programme_id = p.id and b.category_id = d.category_id), 100)
    * coalesce((select max(b.factor_percent) from loyalty.boosts b where b.programme_id = p.id and b.weekday = extract(isodow from now() at time zone z.time_zone)), 100)
    * coalesce((select (loyalty.tier_of(p, shares.member_id)).factor_percent), 100) / 1000000.0
  from unnest(shares.line_ids, shares.nets) u (id, net) join sales.order_lines l on l.id = u.id join business.businesses z on z.id = l.business_id
  left join shop.products d on d.business_id = l.business_id and d.id = l.product_id
  -- Not tips, top-ups, gift cards and fees; nothing a pass covers, nothing that was taken off: that was not paid.
  where l.kind in ('seat', 'pass', 'membership', 'product', 'appointment') and u.net > 0;
$$;
comment on function loyalty.shares is 'What each line counts for: what is paid for it without its tax, times what product, weekday and tier are worth.';

create function loyalty.points_of(p loyalty.programmes, weight numeric, net bigint) returns int
language sql immutable set search_path = '' as $$
  select case when p.earn_by = 'spend' then floor(weight * p.earn_points / p.earn_cents)::int when net >= p.earn_cents then p.earn_points else 0 end;
$$;

create function loyalty.would_earn(o sales.orders) returns int
language plpgsql stable set search_path = '' as $$
declare
  p loyalty.programmes := loyalty.current(o.business_id);
  ids uuid[];
  nets bigint[];
begin
  if p.id is null then return 0; end if;
  select array_agg(y.line_id), array_agg(y.total_cents - y.tax_cents) into ids, nets from sales.price(o) y;
  return (select loyalty.points_of(p, coalesce(sum(s.weight), 0), coalesce(sum(u.net), 0)::bigint) from loyalty.shares(p, o.member_id, ids, nets) s join unnest(ids, nets) u (id, net) on u.id = s.line_id);
end $$;
comment on function loyalty.would_earn is 'What a cart would earn if it were paid now, without gifts for a first visit.';

-- Moving points: four functions, no other way -------------------------------------------------------------------------
create function loyalty.issued(programme_id uuid, business_id uuid, member_id uuid) returns bigint
language sql volatile set search_path = '' as $$
  -- Sixteen rows share the work, so that not everybody who pays waits for one.
  select ledger.account(issued.business_id, 'points', 'points_issued', issued.programme_id::text || ':' || right(issued.member_id::text, 1));
$$;

create function loyalty.lock_standing(business_id uuid, member_id uuid) returns loyalty.standings
language plpgsql volatile set search_path = '' as $$
declare s loyalty.standings;
begin
  select * into s from loyalty.standings x where x.member_id = lock_standing.member_id for no key update;
  if s.member_id is null then
    insert into loyalty.standings (member_id, business_id) values (lock_standing.member_id, lock_standing.business_id) on conflict do nothing;
    select * into strict s from loyalty.standings x where x.member_id = lock_standing.member_id for no key update;
  end if;
  return s;
end $$;
comment on function loyalty.lock_standing is 'Whoever moves a member''s points locks this row first, after everything else an order locks and before any ledger account.';

create function loyalty.write_down(s loyalty.standings, kind text, points int, order_id uuid, reward_id uuid default null) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if write_down.points = 0 then return; end if;
  insert into loyalty.movements (business_id, member_id, kind, points, balance_after, order_id, reward_id)
  values (s.business_id, s.member_id, write_down.kind, write_down.points,
    coalesce((select m.balance_after from loyalty.movements m where m.business_id = s.business_id and m.member_id = s.member_id order by m.id desc limit 1), 0) + write_down.points, write_down.order_id, write_down.reward_id);
end $$;

create function loyalty.give(s loyalty.standings, lot_id uuid, points int, kind text) returns loyalty.standings
language plpgsql volatile set search_path = '' as $$
declare
  t loyalty.lots;
  paid int := least(s.debt, give.points);
begin
  if give.points <= 0 then return s; end if;
  -- What they owe is paid first. A lot that had run out lives on for a grace of thirty days: nobody loses points to a refund.
  update loyalty.lots x set left_points = x.left_points + give.points - paid,
    expires_at = case when x.expires_at <= now() then now() + interval '30 days' else x.expires_at end where x.id = give.lot_id returning * into t;
  if paid > 0 then
    s.debt := s.debt - paid;
    update loyalty.standings x set debt = s.debt where x.member_id = s.member_id;
  end if;
  perform ledger.transfer(s.business_id, 'points_' || give.kind, gen_random_uuid()::text,
    array[loyalty.issued(t.programme_id, s.business_id, s.member_id), ledger.account(s.business_id, 'points', 'points', t.id::text), ledger.account(s.business_id, 'points', 'points_debt', s.member_id::text)],
    array[give.points, -(give.points - paid), -paid]::bigint[]);
  return s;
end $$;
comment on function loyalty.give is 'Points into a lot, past what is owed. The caller holds the standing and writes the statement.';

create function loyalty.take(s loyalty.standings, lot_id uuid, points int, kind text) returns loyalty.standings
language plpgsql volatile set search_path = '' as $$
declare
  x loyalty.lots;
  own loyalty.lots;
  rest int := take.points;
  part int;
  ids bigint[] := '{}';
  amounts bigint[] := '{}';
begin
  if take.points <= 0 then return s; end if;
  select * into strict own from loyalty.lots y where y.id = take.lot_id;
  -- The lot itself first, then what runs out first; what nobody has any more is owed.
  for x in select y.* from loyalty.lots y where y.business_id = s.business_id and y.member_id = s.member_id and y.left_points > 0 and (y.id = own.id or y.expires_at is null or y.expires_at > now())
      order by y.id <> own.id, y.expires_at nulls last, y.earned_at, y.id loop
    exit when rest = 0;
    part := least(rest, x.left_points);
    update loyalty.lots y set left_points = y.left_points - part where y.id = x.id;
    ids := ids || ledger.account(s.business_id, 'points', 'points', x.id::text);
    amounts := amounts || part::bigint;
    rest := rest - part;
  end loop;
  if rest > 0 then
    s.debt := s.debt + rest;
    update loyalty.standings y set debt = s.debt where y.member_id = s.member_id;
    ids := ids || ledger.account(s.business_id, 'points', 'points_debt', s.member_id::text);
    amounts := amounts || rest::bigint;
  end if;
  perform ledger.transfer(s.business_id, 'points_' || take.kind, gen_random_uuid()::text, ids || loyalty.issued(own.programme_id, s.business_id, s.member_id), amounts || (-take.points)::bigint);
  return s;
end $$;
comment on function loyalty.take is 'Takes points back: from their lot, else from others, else as debt, so that the balance is the same whatever came first.';

-- Rewards -------------------------------------------------------------------------------------------------------------
create type loyalty.reward_effect as (problem text, lines sales.priced[]);

create function loyalty.reward_effect(o sales.orders, lines sales.priced[]) returns loyalty.reward_effect
language plpgsql stable set search_path = '' as $$
declare
  r loyalty.rewards;
  e loyalty.reward_effect;
  base bigint[] := '{}';
  cuts bigint[];
  best int;
  l sales.priced;
begin
  e.lines := reward_effect.lines;
  select * into r from loyalty.rewards x where x.id = o.reward_id and x.business_id = o.business_id and x.published;
  if r.id is null then e.problem := 'reward_not_found';
  elsif o.member_id is null then e.problem := 'reward_sign_in';
  elsif loyalty.available(o.business_id, o.member_id) < r.price_points and not exists (select from loyalty.redemptions x where x.order_id = o.id and x.state in ('held', 'spent')) then e.problem := 'points_too_few';
  end if;
  if e.problem is not null then return e; end if;
  foreach l in array e.lines loop
    base := base || case
      when r.kind = 'money' and sales.discountable(l.kind, 'both') then l.gross_cents - l.discount_cents
      when r.kind = 'class' and l.kind = 'seat' then l.gross_cents - l.discount_cents
      when r.kind = 'product' and l.kind = 'product' and exists (select from sales.order_lines x join shop.products d on d.business_id = x.business_id and d.id = x.product_id where x.id = l.line_id and (d.id = r.product_id or d.category_id = r.category_id)) then least(l.unit_cents, l.gross_cents - l.discount_cents)
      else 0 end;
  end loop;
  if coalesce((select max(u) from unnest(base) u), 0) = 0 then
    e.problem := 'reward_nothing_fits';
    return e;
  end if;
  if r.kind = 'money' then
    cuts := sales.spread(least(r.amount_cents, (select sum(u)::bigint from unnest(base) u)), base);
  else
    -- The dearest one that it can be.
    best := (select u.n from unnest(base) with ordinality u (cents, n) order by u.cents desc, u.n limit 1);
    cuts := array(select case when u.n = best then u.cents else 0 end from unnest(base) with ordinality u (cents, n) order by u.n);
  end if;
  for i in 1 .. cardinality(e.lines) loop
    e.lines[i] := sales.cut(e.lines[i], cuts[i], jsonb_build_object('kind', 'reward', 'reward_id', r.id, 'label', r.name));
  end loop;
  return e;
end $$;
comment on function loyalty.reward_effect is 'The lines with what the order''s reward takes off them, or why it takes off nothing: reward_not_found, reward_sign_in, points_too_few, reward_nothing_fits.';

create function loyalty.reward_problem(o sales.orders) returns text
language sql stable set search_path = '' as $$
  select (loyalty.reward_effect(o, array(select y from sales.bare_lines(o) y))).problem where o.reward_id is not null;
$$;

create function loyalty.refuse_reward(o sales.orders, problem text) returns void
language plpgsql stable set search_path = '' as $$
begin
  if problem is not null then
    perform platform.refuse(case problem when 'reward_not_found' then 404 when 'reward_sign_in' then 401 else 409 end, case problem when 'reward_sign_in' then 'sign_in_first' else problem end,
      jsonb_build_object('field', 'reward', 'points', (select r.price_points from loyalty.rewards r where r.id = o.reward_id), 'balance', loyalty.available(o.business_id, o.member_id)));
  end if;
end $$;

create function loyalty.release(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
declare
  s loyalty.standings;
  d loyalty.redemptions;
  x record;
begin
  if o.reward_id is null then return; end if;
  s := loyalty.lock_standing(o.business_id, o.member_id);
  select * into d from loyalty.redemptions y where y.order_id = o.id and y.state = 'held' for no key update;
  if d.order_id is null then return; end if;
  perform ledger.settle(d.transfer_id, false);
  update loyalty.redemptions y set state = 'released' where y.order_id = o.id;
  update loyalty.lots t set left_points = t.left_points + y.points, expires_at = case when t.expires_at <= now() then now() + interval '30 days' else t.expires_at end
  from loyalty.redemption_lots y where y.order_id = o.id and t.id = y.lot_id;
  perform loyalty.write_down(s, 'released', d.points, o.id, d.reward_id);
  -- What came to be owed meanwhile is paid of it.
  for x in select t.id, t.left_points from loyalty.lots t join loyalty.redemption_lots y on y.order_id = o.id and t.id = y.lot_id loop
    exit when s.debt = 0;
    update loyalty.lots t set left_points = t.left_points - least(s.debt, x.left_points) where t.id = x.id;
    perform ledger.transfer(s.business_id, 'points_owed_paid', gen_random_uuid()::text, array[ledger.account(s.business_id, 'points', 'points', x.id::text), ledger.account(s.business_id, 'points', 'points_debt', s.member_id::text)],
      array[least(s.debt, x.left_points), -least(s.debt, x.left_points)]::bigint[]);
    s.debt := s.debt - least(s.debt, x.left_points);
    update loyalty.standings y set debt = s.debt where y.member_id = s.member_id;
  end loop;
end $$;
comment on function loyalty.release is 'An order that is not to be paid gives its points back, into the lots they came from. Once.';

create function loyalty.reserve(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
declare
  s loyalty.standings;
  r loyalty.rewards;
  x sales.orders;
  t loyalty.lots;
  rest int;
  part int;
  ids bigint[] := '{}';
  amounts bigint[] := '{}';
  lots uuid[] := '{}';
  parts int[] := '{}';
  programme uuid;
  made bigint;
begin
  if o.reward_id is null or exists (select from loyalty.redemptions y where y.order_id = o.id and y.state in ('held', 'spent')) then return; end if;
  s := loyalty.lock_standing(o.business_id, o.member_id);
  select * into strict r from loyalty.rewards y where y.id = o.reward_id;
  if loyalty.available(o.business_id, o.member_id) < r.price_points then
    -- What an order holds whose time to pay is over is theirs again.
    for x in select y.* from loyalty.redemptions d join sales.orders y on y.id = d.order_id where d.business_id = o.business_id and d.member_id = o.member_id and d.state = 'held' and y.state = 'placed' and y.hold_expires_at <= now() for no key update of y skip locked loop
      perform loyalty.release(x);
    end loop;
  end if;
  if loyalty.available(o.business_id, o.member_id) < r.price_points then perform loyalty.refuse_reward(o, 'points_too_few'); end if;
  rest := r.price_points;
  for t in select y.* from loyalty.lots y where y.business_id = o.business_id and y.member_id = o.member_id and y.left_points > 0 and (y.expires_at is null or y.expires_at > now()) order by y.expires_at nulls last, y.earned_at, y.id loop
    exit when rest = 0;
    part := least(rest, t.left_points);
    update loyalty.lots y set left_points = y.left_points - part where y.id = t.id;
    programme := coalesce(programme, t.programme_id);
    ids := ids || ledger.account(o.business_id, 'points', 'points', t.id::text);
    amounts := amounts || part::bigint;
    lots := lots || t.id;
    parts := parts || part;
    rest := rest - part;
  end loop;
  made := ledger.transfer(o.business_id, 'points_redeemed', gen_random_uuid()::text, ids || loyalty.issued(programme, o.business_id, o.member_id), amounts || (-r.price_points)::bigint, 'pending');
  insert into loyalty.redemptions as d (order_id, business_id, member_id, reward_id, points, state, transfer_id) values (o.id, o.business_id, o.member_id, r.id, r.price_points, 'held', made)
  on conflict (order_id) do update set state = 'held', transfer_id = excluded.transfer_id, points = excluded.points;
  delete from loyalty.redemption_lots y where y.order_id = o.id;
  insert into loyalty.redemption_lots (order_id, business_id, lot_id, points) select o.id, o.business_id, u.lot, u.n from unnest(lots, parts) u (lot, n);
  perform loyalty.write_down(s, 'redeemed', -r.price_points, o.id, r.id);
end $$;
comment on function loyalty.reserve is 'Sets the points of the order''s reward aside, those that run out first first; of two who reach for the last ones, one is refused 409 points_too_few. An order whose hold ran out takes them again when it is paid after all.';

-- Earning, and going back ---------------------------------------------------------------------------------------------
create function loyalty.make_lot(s loyalty.standings, p loyalty.programmes, points int, source text, order_id uuid, kind text) returns uuid
language plpgsql volatile set search_path = '' as $$
declare made uuid;
begin
  insert into loyalty.lots as t (business_id, member_id, programme_id, order_id, source, points, left_points, expires_at)
  values (s.business_id, s.member_id, p.id, make_lot.order_id, make_lot.source, make_lot.points, 0, now() + make_interval(days => p.expires_days))
  on conflict on constraint lots_business_id_source_key do nothing returning t.id into made;
  if made is null then return null; end if;
  perform loyalty.give(s, made, make_lot.points, make_lot.kind);
  perform loyalty.write_down(s, make_lot.kind, make_lot.points, make_lot.order_id);
  return made;
end $$;

create function loyalty.settle(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
declare
  p loyalty.programmes;
  s loyalty.standings;
  d loyalty.redemptions;
  points int;
  first boolean;
  lot uuid;
begin
  if o.reward_id is not null then
    s := loyalty.lock_standing(o.business_id, o.member_id);
    select * into d from loyalty.redemptions y where y.order_id = o.id and y.state = 'held' for no key update;
    if d.order_id is not null then
      perform ledger.settle(d.transfer_id, true);
      update loyalty.redemptions y set state = 'spent' where y.order_id = o.id;
    end if;
  end if;
  p := loyalty.current(o.business_id);
  if p.id is null or o.total_cents = 0 then return; end if;
  -- Whoever does not say who they are is one guest for all: nobody's points.
  if exists (select from shop.counter_guests g where g.business_id = o.business_id and g.member_id = o.member_id) then return; end if;
  select loyalty.points_of(p, coalesce(sum(h.weight), 0), coalesce(sum(l.total_cents - l.tax_cents), 0)::bigint) into points
  from loyalty.shares(p, o.member_id, array(select l.id from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id order by l.id), array(select l.total_cents - l.tax_cents from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id order by l.id)) h
  join sales.order_lines l on l.id = h.line_id;
  first := p.first_visit_points > 0 and points > 0 and not exists (select from sales.orders x where x.business_id = o.business_id and x.member_id = o.member_id and x.id <> o.id and x.state in ('paid', 'closed'));
  if points = 0 then return; end if;
  s := loyalty.lock_standing(o.business_id, o.member_id);
  lot := loyalty.make_lot(s, p, points, 'order:' || o.id, o.id, 'earned');
  if lot is not null then
    insert into loyalty.lot_lines (lot_id, business_id, order_line_id, weight)
    select lot, o.business_id, h.line_id, h.weight from loyalty.shares(p, o.member_id, array(select l.id from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id order by l.id), array(select l.total_cents - l.tax_cents from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id order by l.id)) h where h.weight > 0;
  end if;
  if first then
    s := loyalty.lock_standing(o.business_id, o.member_id);
    perform loyalty.make_lot(s, p, p.first_visit_points, 'first:' || o.member_id, o.id, 'first_visit');
  end if;
end $$;
comment on function loyalty.settle is 'An order is paid: its reward is spent, and it earns under the programme of today. Once. Before any money moves in the ledger.';

create function loyalty.sync(order_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
  o sales.orders;
  s loyalty.standings;
  t loyalty.lots;
  d loyalty.redemptions;
  x loyalty.redemption_lots;
  target int;
  part int;
  rest int;
begin
  if not exists (select from loyalty.redemptions y where y.order_id = sync.order_id and y.state = 'spent') and not exists (select from loyalty.lots y join sales.orders z on z.business_id = y.business_id and z.id = y.order_id where z.id = sync.order_id) then return; end if;
  select * into strict o from sales.orders y where y.id = sync.order_id;
  s := loyalty.lock_standing(o.business_id, o.member_id);
  for t in select * from loyalty.lots y where y.business_id = o.business_id and y.order_id = o.id order by y.id loop
    -- Rounded down while a part stays, exactly all of it when nothing does: whatever the parts were.
    select case when bool_and(l.refunded_cents = l.total_cents) then t.points when t.source like 'first:%' then 0
      else floor(t.points * sum(w.weight * l.refunded_cents / l.total_cents) / nullif(sum(w.weight), 0))::int end into target
    from loyalty.lots e join loyalty.lot_lines w on w.lot_id = e.id join sales.order_lines l on l.id = w.order_line_id where e.business_id = o.business_id and e.order_id = o.id and e.source = 'order:' || o.id;
    target := coalesce(target, t.taken_back);
    if target <> t.taken_back then
      update loyalty.lots y set taken_back = target where y.id = t.id;
      if target > t.taken_back then s := loyalty.take(s, t.id, target - t.taken_back, 'taken_back'); else s := loyalty.give(s, t.id, t.taken_back - target, 'restored'); end if;
      perform loyalty.write_down(s, case when target > t.taken_back then 'taken_back' else 'restored' end, t.taken_back - target, o.id);
    end if;
  end loop;
  select * into d from loyalty.redemptions y where y.order_id = o.id and y.state = 'spent' for no key update;
  if d.order_id is null then return; end if;
  -- A line that cost nothing goes back when it is reversed, when its place is cancelled in time, or when all that was paid goes back.
  select case when bool_and(u.gone = 1) then d.points else floor(d.points * sum(u.cut * u.gone) / nullif(sum(u.cut), 0))::int end into target
  from (select (c ->> 'cents')::numeric as cut, case when l.total_cents > 0 then l.refunded_cents::numeric / l.total_cents
      when l.state = 'reversed' or exists (select from booking.bookings k where k.business_id = l.business_id and k.order_line_id = l.id and k.state = 'cancelled')
        or o.total_cents > 0 and not exists (select from sales.order_lines z where z.business_id = o.business_id and z.order_id = o.id and z.refunded_cents < z.total_cents) then 1 else 0 end as gone
    from sales.order_lines l cross join lateral jsonb_array_elements(l.discounts) c where l.business_id = o.business_id and l.order_id = o.id and c ->> 'kind' = 'reward') u;
  target := coalesce(target, d.given_back);
  if target = d.given_back then return; end if;
  update loyalty.redemptions y set given_back = target where y.order_id = o.id;
  rest := abs(target - d.given_back);
  -- Into the lots they came from: what was taken last comes back first.
  for x in select y.* from loyalty.redemption_lots y join loyalty.lots z on z.id = y.lot_id where y.order_id = o.id
      order by case when target > d.given_back then -1 else 1 end * extract(epoch from coalesce(z.expires_at, 'infinity')), y.lot_id loop
    exit when rest = 0;
    part := least(rest, case when target > d.given_back then x.points - x.given_back else x.given_back end);
    continue when part = 0;
    update loyalty.redemption_lots y set given_back = y.given_back + case when target > d.given_back then part else -part end where y.order_id = x.order_id and y.lot_id = x.lot_id;
    if target > d.given_back then s := loyalty.give(s, x.lot_id, part, 'given_back'); else s := loyalty.take(s, x.lot_id, part, 'taken_again'); end if;
    rest := rest - part;
  end loop;
  perform loyalty.write_down(s, case when target > d.given_back then 'given_back' else 'redeemed' end, target - d.given_back, o.id, d.reward_id);
end $$;
comment on function loyalty.sync is 'After a refund, or one that failed: what an order earned and redeemed is brought to what its lines say now. Called again it does nothing, so every order of events ends the same.';

create function loyalty.tg_order_lines__points() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform loyalty.sync(new.order_id);
  return null;
end $$;
-- Refunds are written in several places; what they say of the line is where points follow. Before their money moves in the ledger.
create trigger tg_order_lines__points after update of refunded_cents, state on sales.order_lines for each row
  when (new.refunded_cents is distinct from old.refunded_cents or new.state = 'reversed' and old.state = 'fulfilled') execute function loyalty.tg_order_lines__points();

create function loyalty.tg_bookings__points() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform loyalty.sync(l.order_id) from sales.order_lines l where l.business_id = new.business_id and l.id = new.order_line_id and l.total_cents = 0 and l.discounts <> '[]';
  return null;
end $$;
create trigger tg_bookings__points after update of state on booking.bookings for each row
  when (new.state = 'cancelled' and old.state = 'confirmed') execute function loyalty.tg_bookings__points();

-- Time ----------------------------------------------------------------------------------------------------------------
create function api.expire_points(at_most int default 500) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  x record;
  s loyalty.standings;
  t loyalty.lots;
  done int := 0;
begin
  for x in select y.id, y.member_id from loyalty.lots y where y.left_points > 0 and y.expires_at <= now() order by y.expires_at limit expire_points.at_most loop
    -- Nobody is waited for: who is busy now is done next time.
    s := null;
    select * into s from loyalty.standings y where y.member_id = x.member_id for no key update skip locked;
    continue when s.member_id is null;
    select * into t from loyalty.lots y where y.id = x.id and y.left_points > 0 and y.expires_at <= now();
    continue when t.id is null;
    update loyalty.lots y set left_points = 0 where y.id = t.id;
    perform ledger.transfer(s.business_id, 'points_expired', gen_random_uuid()::text, array[ledger.account(s.business_id, 'points', 'points', t.id::text), loyalty.issued(t.programme_id, s.business_id, s.member_id)], array[t.left_points, -t.left_points]::bigint[]);
    perform loyalty.write_down(s, 'expired', -t.left_points, null);
    done := done + 1;
  end loop;
  return done;
end $$;
comment on function api.expire_points is 'Takes points off the books whose time is over. Correctness never waits for it: a lot that ran out is ignored by readers. Run by a job.';
grant execute on function api.expire_points to service_role;

create function api.give_birthday_points() returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  x record;
  s loyalty.standings;
  done int := 0;
begin
  -- Whoever has dealt with the programme before; a leap day is kept on the first of March.
  for x in select m.business_id, m.id, p, extract(year from now() at time zone b.time_zone)::int as year from loyalty.programmes p join business.businesses b on b.id = p.business_id join members.members m on m.business_id = p.business_id
      join loyalty.standings z on z.member_id = m.id
      where p.superseded_at is null and p.birthday_points > 0 and m.birthday is not null
        and to_char(m.birthday + case when to_char(m.birthday, 'MMDD') = '0229' then 1 else 0 end, 'MMDD') = to_char(now() at time zone b.time_zone, 'MMDD') loop
    select * into s from loyalty.standings y where y.member_id = x.id for no key update skip locked;
    if found and loyalty.make_lot(s, x.p, (x.p).birthday_points, 'birthday:' || x.id || ':' || x.year, null, 'birthday') is not null then done := done + 1; end if;
  end loop;
  return done;
end $$;
comment on function api.give_birthday_points is 'Points for whoever has their birthday today, once a year. Run by a job.';
grant execute on function api.give_birthday_points to service_role;

-- Doors ---------------------------------------------------------------------------------------------------------------
create function loyalty.in_cart(o sales.orders) returns jsonb
language plpgsql stable set search_path = '' as $$
declare p loyalty.programmes := loyalty.current(o.business_id);
begin
  if p.id is null then return null; end if;
  return jsonb_build_object('unit', p.unit, 'name', p.name, 'will_earn', loyalty.would_earn(o), 'balance', case when o.member_id is not null then loyalty.available(o.business_id, o.member_id) end,
    'reward_id', o.reward_id, 'reward_problem', loyalty.reward_problem(o),
    'rewards', case when o.member_id is not null then (select jsonb_agg(jsonb_build_object('reward_id', r.id, 'name', r.name, 'points', r.price_points) order by r.price_points, r.position) from loyalty.rewards r where r.business_id = o.business_id and r.published) end);
end $$;
comment on function loyalty.in_cart is 'What a cart would earn and what its owner could have for their points: {unit, name, will_earn, balance, reward_id, reward_problem, rewards}; null: the business has no programme.';

create function loyalty.of_order(o sales.orders) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('unit', (select p.unit from loyalty.programmes p where p.id = (array_agg(t.programme_id))[1]), 'earned', coalesce(sum(t.points), 0), 'taken_back', coalesce(sum(t.taken_back), 0))
  from loyalty.lots t where t.business_id = o.business_id and t.order_id = o.id having count(*) > 0;
$$;

create function api.set_cart_reward(business_id uuid, cart_token text, reward_id uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  o sales.orders;
  me uuid := members.require_me(set_cart_reward.business_id);
begin
  select * into o from sales.orders x where x.id = sales.open_cart(set_cart_reward.business_id, set_cart_reward.cart_token, me);
  o.member_id := coalesce(o.member_id, me);
  o.reward_id := set_cart_reward.reward_id;
  perform loyalty.refuse_reward(o, loyalty.reward_problem(o));
  update sales.orders x set reward_id = o.reward_id where x.id = o.id;
end $$;
comment on function api.set_cart_reward is 'A reward for the asker''s points, into their cart; nothing takes it out. The points are set aside when the order is placed. Refuses 404 reward_not_found, 409 points_too_few, reward_nothing_fits.';
grant execute on function api.set_cart_reward to authenticated;

create function api.my_points(business_id uuid, before_id bigint default null, page_size int default 50) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  me uuid := (select m.id from members.members m where m.business_id = my_points.business_id and m.user_id = (select auth.uid()));
  p loyalty.programmes := loyalty.current(my_points.business_id);
  tier loyalty.tiers;
  earned int;
begin
  if me is not null and p.id is not null then tier := loyalty.tier_of(p, me); end if;
  earned := coalesce((select sum(l.points - l.taken_back) from loyalty.lots l where l.business_id = my_points.business_id and l.member_id = me and l.earned_at > now() - interval '1 year' and l.source like 'order:%'), 0);
  return jsonb_build_object(
    'programme', case when p.id is not null then jsonb_build_object('unit', p.unit, 'name', p.name, 'earn_by', p.earn_by, 'earn_points', p.earn_points, 'earn_cents', p.earn_cents, 'expires_days', p.expires_days, 'first_visit_points', p.first_visit_points, 'birthday_points', p.birthday_points) end,
    'balance', loyalty.available(my_points.business_id, me) - coalesce((select s.debt from loyalty.standings s where s.member_id = me), 0),
    'held', coalesce((select sum(d.points) from loyalty.redemptions d where d.business_id = my_points.business_id and d.member_id = me and d.state = 'held'), 0),
    'earned_in_a_year', earned,
    'tier', case when tier.id is not null then jsonb_build_object('name', tier.name, 'factor_percent', tier.factor_percent) end,
    'next_tier', (select jsonb_build_object('name', t.name, 'from_points', t.from_points, 'factor_percent', t.factor_percent) from loyalty.tiers t where t.programme_id = p.id and t.from_points > earned order by t.from_points limit 1),
    'expiring', coalesce((select jsonb_agg(jsonb_build_object('points', x.points, 'expires_at', x.at) order by x.at) from (select sum(t.left_points) as points, t.expires_at as at from loyalty.lots t
      where t.business_id = my_points.business_id and t.member_id = me and t.left_points > 0 and t.expires_at > now() group by t.expires_at order by t.expires_at limit 12) x), '[]'),
    'rewards', coalesce((select jsonb_agg(jsonb_build_object('reward_id', r.id, 'name', r.name, 'kind', r.kind, 'points', r.price_points) order by r.price_points, r.position) from loyalty.rewards r where r.business_id = my_points.business_id and r.published), '[]'),
    'statement', coalesce((select jsonb_agg(jsonb_build_object('id', x.id, 'kind', x.kind, 'points', x.points, 'balance_after', x.balance_after, 'at', x.at, 'order_id', x.order_id, 'reference', o.reference, 'reward', r.name) order by x.id desc)
      from (select * from loyalty.movements m where m.business_id = my_points.business_id and m.member_id = me and (my_points.before_id is null or m.id < my_points.before_id) order by m.id desc limit least(greatest(my_points.page_size, 1), 200)) x
      left join sales.orders o on o.id = x.order_id left join loyalty.rewards r on r.id = x.reward_id), '[]'));
end $$;
comment on function api.my_points is 'The asker''s points: what they have, hold and may lose when, what it buys, and a page of their statement, the latest first.';
grant execute on function api.my_points to authenticated;

create function api.kept_loyalty(business_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare p loyalty.programmes := loyalty.current(kept_loyalty.business_id);
begin
  perform business.require_role(kept_loyalty.business_id, 'manager');
  return jsonb_build_object(
    'programme', case when p.id is not null then to_jsonb(p) end,
    'currency', (select b.currency from business.businesses b where b.id = kept_loyalty.business_id),
    'boosts', coalesce((select jsonb_agg(jsonb_build_object('product_id', b.product_id, 'category_id', b.category_id, 'weekday', b.weekday, 'factor_percent', b.factor_percent, 'name', coalesce(d.name, c.name)) order by b.id)
      from loyalty.boosts b left join shop.products d on d.id = b.product_id left join shop.categories c on c.id = b.category_id where b.business_id = p.business_id and b.programme_id = p.id), '[]'),
    'tiers', coalesce((select jsonb_agg(jsonb_build_object('name', t.name, 'from_points', t.from_points, 'factor_percent', t.factor_percent) order by t.from_points) from loyalty.tiers t where t.business_id = p.business_id and t.programme_id = p.id), '[]'),
    'rewards', coalesce((select jsonb_agg(to_jsonb(r) || jsonb_build_object('thing', coalesce(d.name, c.name)) order by r.price_points, r.position) from loyalty.rewards r left join shop.products d on d.id = r.product_id left join shop.categories c on c.id = r.category_id
      where r.business_id = kept_loyalty.business_id), '[]'),
    'liability', coalesce((select jsonb_agg(jsonb_build_object('month', x.month, 'points', x.points, 'members', x.members, 'worth_cents', floor(x.points * coalesce(p.hundred_worth_cents, 0) / 100.0 + 0.5)) order by x.month nulls last) from (
      select to_char(t.expires_at at time zone b.time_zone, 'YYYY-MM') as month, sum(t.left_points) as points, count(distinct t.member_id) as members from loyalty.lots t join business.businesses b on b.id = t.business_id
      where t.business_id = kept_loyalty.business_id and t.left_points > 0 and (t.expires_at is null or t.expires_at > now()) group by 1) x), '[]'),
    'held', coalesce((select sum(d.points) from loyalty.redemptions d where d.business_id = kept_loyalty.business_id and d.state = 'held'), 0),
    'owed', coalesce((select sum(s.debt) from loyalty.standings s where s.business_id = kept_loyalty.business_id), 0));
end $$;
comment on function api.kept_loyalty is 'The programme as it earns now, its rewards, and the liability: points in members'' hands by the month they run out in, and what they are reckoned to be worth. For managers.';
grant execute on function api.kept_loyalty to authenticated;

create function api.save_programme(business_id uuid, programme jsonb, boosts jsonb default null, tiers jsonb default null) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  o loyalty.programmes;
  n loyalty.programmes;
begin
  perform business.require_role(save_programme.business_id, 'manager');
  perform pg_advisory_xact_lock(hashtextextended('loyalty.programme ' || save_programme.business_id, 0));
  o := loyalty.current(save_programme.business_id);
  n := jsonb_populate_record(o, jsonb_build_object('earn_by', coalesce(o.earn_by, 'spend'), 'first_visit_points', coalesce(o.first_visit_points, 0), 'birthday_points', coalesce(o.birthday_points, 0), 'hundred_worth_cents', coalesce(o.hundred_worth_cents, 0))
    || save_programme.programme || jsonb_build_object('id', gen_random_uuid(), 'business_id', save_programme.business_id, 'created_at', now(), 'superseded_at', null));
  -- Stamps are not points: what is in hands cannot be counted in another unit.
  if o.id is not null and n.unit <> o.unit and exists (select from loyalty.lots t where t.business_id = o.business_id and t.left_points > 0) then perform platform.refuse(409, 'loyalty_unit_in_hands', '{"field": "unit"}'); end if;
  update loyalty.programmes x set superseded_at = now() where x.id = o.id;
  insert into loyalty.programmes select n.*;
  if save_programme.boosts is null then
    insert into loyalty.boosts (business_id, programme_id, product_id, category_id, weekday, factor_percent) select n.business_id, n.id, b.product_id, b.category_id, b.weekday, b.factor_percent from loyalty.boosts b where b.programme_id = o.id;
  else
    insert into loyalty.boosts (business_id, programme_id, product_id, category_id, weekday, factor_percent)
    select n.business_id, n.id, x.product_id, x.category_id, x.weekday, x.factor_percent from jsonb_to_recordset(save_programme.boosts) x (product_id uuid, category_id uuid, weekday int, factor_percent int);
  end if;
  if save_programme.tiers is null then
    insert into loyalty.tiers (business_id, programme_id, name, from_points, factor_percent) select n.business_id, n.id, t.name, t.from_points, t.factor_percent from loyalty.tiers t where t.programme_id = o.id;
  else
    insert into loyalty.tiers (business_id, programme_id, name, from_points, factor_percent)
    select n.business_id, n.id, x.name, x.from_points, x.factor_percent from jsonb_to_recordset(save_programme.tiers) x (name jsonb, from_points int, factor_percent int);
  end if;
  perform audit.note(n.business_id, 'loyalty_saved', 'programme:' || n.id, jsonb_build_object('before', to_jsonb(o), 'after', to_jsonb(n)));
  return n.id;
exception when check_violation or not_null_violation or unique_violation or foreign_key_violation or invalid_text_representation or numeric_value_out_of_range then perform platform.refuse(422, 'loyalty_terms_invalid');
end $$;
comment on function api.save_programme is 'A new version of the programme: it earns from now on, what was earned keeps its terms. boosts, tiers: lists, null leaves them. Refuses 409 loyalty_unit_in_hands, 422 loyalty_terms_invalid. For managers.';
grant execute on function api.save_programme to authenticated;

create function api.save_reward(business_id uuid, reward_id uuid, facts jsonb) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  o loyalty.rewards;
  n loyalty.rewards;
begin
  perform business.require_role(save_reward.business_id, 'manager');
  if save_reward.reward_id is not null then
    select * into o from loyalty.rewards x where x.id = save_reward.reward_id and x.business_id = save_reward.business_id for no key update;
    if o.id is null then perform platform.refuse(404, 'reward_not_found'); end if;
    n := jsonb_populate_record(o, save_reward.facts - array['id', 'business_id']);
    update loyalty.rewards x set name = n.name, kind = n.kind, product_id = n.product_id, category_id = n.category_id, amount_cents = n.amount_cents, price_points = n.price_points, position = n.position, published = n.published where x.id = o.id;
  else
    n := jsonb_populate_record(null::loyalty.rewards, '{"position": 0, "published": true}'::jsonb || save_reward.facts || jsonb_build_object('id', gen_random_uuid(), 'business_id', save_reward.business_id));
    insert into loyalty.rewards select n.*;
  end if;
  perform audit.note(n.business_id, 'reward_saved', 'reward:' || n.id, jsonb_build_object('before', case when o.id is not null then to_jsonb(o) end, 'after', to_jsonb(n)));
  return n.id;
exception when check_violation or not_null_violation or foreign_key_violation or invalid_text_representation or numeric_value_out_of_range then perform platform.refuse(422, 'reward_invalid');
end $$;
comment on function api.save_reward is 'Makes a reward (reward_id null) or changes one; orders that hold one keep what they were given. Refuses 404 reward_not_found, 422 reward_invalid. For managers.';
grant execute on function api.save_reward to authenticated;
