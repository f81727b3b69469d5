-- The doors of loyalty: what members see of their points, and what managers set.

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
  earned bigint := loyalty.earned_in_a_year(my_points.business_id, me);
begin
  if me is not null and p.id is not null then tier := loyalty.tier_of(p, me); end if;
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
