-- Rewards: what they take off an order, held while it waits, spent when it is paid.

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
