-- Moving points: four functions, no other way.

create function loyalty.issued(programme_id uuid, business_id uuid, member_id uuid) returns bigint
language plpgsql volatile set search_path = '' as $$
begin
  -- Sixteen rows share the work, so that not everybody who pays waits for one.
  return ledger.account(issued.business_id, 'points', 'points_issued', issued.programme_id::text || ':' || right(issued.member_id::text, 1));
end $$;

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
comment on function loyalty.lock_standing is 'Whoever moves a member''s points locks this row first, after everything else an order locks and before any ledger account: else two who pay at once wait for each other in a circle.';

create function loyalty.hold(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
declare p loyalty.programmes := loyalty.current(o.business_id);
begin
  -- Whoever does not say who they are has no points, and is one guest for all: they must not wait for each other.
  -- Nor has anything to give back who never had any.
  if (p.id is null or o.state in ('paid', 'closed')) and not exists (select from loyalty.standings s where s.member_id = o.member_id)
    or exists (select from shop.counter_guests g where g.business_id = o.business_id and g.member_id = o.member_id) then return; end if;
  perform loyalty.lock_standing(o.business_id, o.member_id);
  if p.id is not null then perform loyalty.issued(p.id, o.business_id, o.member_id); end if;
  -- Points of an earlier programme move against its own row.
  perform 1 from ledger.accounts a where a.business_id = o.business_id and a.unit = 'points' and a.kind = 'points_issued'
    and a.owner in (select x.id::text || ':' || right(o.member_id::text, 1) from loyalty.programmes x where x.business_id = o.business_id) order by a.may_go_negative, a.id for no key update;
end $$;
comment on function loyalty.hold is 'For whoever locks ledger accounts of money for several movements at once, one of which may move the points of this order''s member: called before, so that points come before money there too (see loyalty.lock_standing).';

create function loyalty.write_down(s loyalty.standings, kind text, points int, order_id uuid, reward_id uuid default null) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if write_down.points = 0 then return; end if;
  insert into loyalty.movements (business_id, member_id, kind, points, balance_after, order_id, reward_id)
  values (s.business_id, s.member_id, write_down.kind, write_down.points,
    coalesce((select m.balance_after from loyalty.movements m where m.business_id = s.business_id and m.member_id = s.member_id order by m.id desc limit 1), 0) + write_down.points, write_down.order_id, write_down.reward_id);
end $$;

create function loyalty.count_earned(t loyalty.lots, change int) returns void
language plpgsql volatile set search_path = '' as $$
declare edge timestamptz := now() - interval '1 year';
begin
  if t.source not like 'order:%' then return; end if;
  -- What ran out of the year meanwhile leaves on the way, so that each lot is looked at twice in its life: when it comes and when it goes.
  update loyalty.standings x set earned_from = greatest(x.earned_from, edge),
    earned = x.earned + case when t.earned_at > x.earned_from then count_earned.change else 0 end - (select coalesce(sum(l.points - l.taken_back), 0) from loyalty.lots l
      where l.business_id = t.business_id and l.member_id = t.member_id and l.earned_at > x.earned_from and l.earned_at <= edge and l.source like 'order:%')
  where x.business_id = t.business_id and x.member_id = t.member_id;
end $$;
comment on function loyalty.count_earned is 'Keeps what loyalty.earned_in_a_year reads. For whoever makes a lot or changes its taken_back, when that is written: change is by how many points it counts for more (below zero: less). The caller holds the standing.';

create function loyalty.book_gift(s loyalty.standings, t loyalty.lots, points int, kind text) returns loyalty.standings
language plpgsql volatile set search_path = '' as $$
declare
  paid int := least(s.debt, book_gift.points);
  ids bigint[] := array[loyalty.issued(t.programme_id, s.business_id, s.member_id)];
  amounts bigint[] := array[book_gift.points];
begin
  if paid < book_gift.points then
    ids := ids || ledger.account(s.business_id, 'points', 'points', t.id::text);
    amounts := amounts || (paid - book_gift.points)::bigint;
  end if;
  if paid > 0 then
    ids := ids || ledger.account(s.business_id, 'points', 'points_debt', s.member_id::text);
    amounts := amounts || (-paid)::bigint;
    s.debt := s.debt - paid;
    update loyalty.standings x set debt = s.debt where x.member_id = s.member_id;
  end if;
  perform ledger.transfer(s.business_id, 'points_' || book_gift.kind, gen_random_uuid()::text, ids, amounts);
  return s;
end $$;
comment on function loyalty.book_gift is 'The ledger''s part of points that come: what is owed is paid of them first. The caller has put the rest into the lot.';

create function loyalty.give(s loyalty.standings, lot_id uuid, points int, kind text) returns loyalty.standings
language plpgsql volatile set search_path = '' as $$
declare t loyalty.lots;
begin
  if give.points <= 0 then return s; end if;
  -- What they owe is paid first. A lot that had run out lives on for a grace of thirty days: nobody loses points to a refund.
  update loyalty.lots x set left_points = x.left_points + give.points - least(s.debt, give.points),
    expires_at = case when x.expires_at <= now() then now() + interval '30 days' else x.expires_at end where x.id = give.lot_id returning * into t;
  return loyalty.book_gift(s, t, give.points, give.kind);
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
