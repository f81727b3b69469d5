-- Promotions: codes that make an order cost less, and how a discount of the whole is spread over its lines.

create table sales.promotions (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  code extensions.citext not null check (code::text ~ '^[A-Za-z0-9-]{3,30}$'),
  label jsonb not null default '{}',
  kind text not null check (kind in ('percent', 'amount', 'product')),
  percent int check (percent between 1 and 100),
  amount_cents bigint check (amount_cents between 1 and 1000000000),
  goods text not null default 'both' check (goods in ('classes', 'bar', 'both')),
  starts_at timestamptz not null default now(),
  ends_at timestamptz,
  min_cents bigint not null default 0 check (min_cents between 0 and 1000000000),
  first_order_only boolean not null default false,
  max_uses int check (max_uses between 1 and 1000000),
  max_per_member int check (max_per_member between 1 and 1000),
  uses int not null default 0,
  published boolean not null default false,
  created_at timestamptz not null default now(),
  unique (business_id, id),
  unique (business_id, code),
  check (ends_at > starts_at),
  check (num_nonnulls(percent, amount_cents) = 1),
  check (kind <> 'percent' or percent is not null),
  check (kind <> 'amount' or amount_cents is not null),
  check (kind <> 'product' or goods = 'bar'),
  constraint no_use_beyond_the_last check (uses >= 0 and (max_uses is null or uses <= max_uses))
);
comment on table sales.promotions is 'percent, amount: off the whole order, spread over the lines it is for; product: off each of the named products (sales.promotion_products), by percent or by amount each.';
comment on column sales.promotions.goods is 'classes: single classes and packs; bar: what the bar sells; both. Never memberships, top-ups, gift cards, fees or tips.';
comment on column sales.promotions.min_cents is 'What the goods it is for must come to, as the business writes its prices, after rewards.';
comment on column sales.promotions.uses is 'Orders that count: placed, paid or closed. Given back when an order expires or is cancelled before it was paid, and when all that was paid for it goes back; a refund of a part gives nothing back.';

create table sales.promotion_products (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  promotion_id uuid not null,
  product_id uuid,
  category_id uuid,
  check (num_nonnulls(product_id, category_id) = 1),
  unique nulls not distinct (promotion_id, product_id, category_id),
  foreign key (business_id, promotion_id) references sales.promotions (business_id, id) on delete cascade,
  foreign key (business_id, product_id) references shop.products (business_id, id) on delete cascade,
  foreign key (business_id, category_id) references shop.categories (business_id, id) on delete cascade
);
create index promotion_products_promotion_id_idx on sales.promotion_products (business_id, promotion_id);
create index promotion_products_product_id_idx on sales.promotion_products (business_id, product_id) where product_id is not null;
create index promotion_products_category_id_idx on sales.promotion_products (business_id, category_id) where category_id is not null;

create table sales.promotion_uses (
  order_id uuid primary key,
  business_id uuid not null,
  promotion_id uuid not null,
  member_id uuid not null,
  used_at timestamptz not null default now(),
  given_back_at timestamptz,
  stays_back text check (stays_back in ('used_up', 'used_again')),
  check (stays_back is null or given_back_at is not null),
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete cascade,
  foreign key (business_id, promotion_id) references sales.promotions (business_id, id) on delete restrict,
  foreign key (business_id, member_id) references members.members (business_id, id) on delete restrict
);
comment on table sales.promotion_uses is 'Which order used which promotion. given_back_at: the order expired, was cancelled before it was paid, or was refunded in full, so that it does not count. stays_back: why it does not count though the refund failed later (sales.retake_promotion).';
create index promotion_uses_order_id_idx on sales.promotion_uses (business_id, order_id);
create index promotion_uses_promotion_id_idx on sales.promotion_uses (business_id, promotion_id, used_at desc);
create index promotion_uses_member_id_idx on sales.promotion_uses (business_id, member_id, promotion_id);

alter table sales.orders add foreign key (business_id, promotion_id) references sales.promotions (business_id, id) on delete restrict;
create index orders_promotion_id_idx on sales.orders (business_id, promotion_id) where promotion_id is not null;

alter table sales.promotions enable row level security;
alter table sales.promotion_products enable row level security;
alter table sales.promotion_uses enable row level security;
grant select on sales.promotions, sales.promotion_products, sales.promotion_uses to authenticated;
create policy "Managers see the promotions of their business" on sales.promotions for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Managers see what promotions are for" on sales.promotion_products for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Managers see who used a promotion" on sales.promotion_uses for select to authenticated using (business_id in (select business.where_i_am('manager')));

-- Spreading -----------------------------------------------------------------------------------------------------------
create function sales.spread(whole bigint, shares bigint[]) returns bigint[]
language sql immutable set search_path = '' as $$
  with s as (
    select u.n, u.share, spread.whole::numeric * u.share % t.total as rest, div(spread.whole::numeric * u.share, t.total) as part
    from unnest(spread.shares) with ordinality u (share, n) cross join (select nullif(sum(x), 0) as total from unnest(spread.shares) x) t)
  select coalesce(array_agg((coalesce(r.part, 0) + case when r.place <= r.missing then 1 else 0 end)::bigint order by r.n), '{}')
  from (select s.n, s.part, row_number() over (order by s.rest desc, s.share desc, s.n) as place, spread.whole - sum(s.part) over () as missing from s) r;
$$;
comment on function sales.spread is 'Splits a whole by shares (none negative, the whole at most their sum) in minor units, by the largest remainder: the parts add up to the whole and none is above its share. All shares nothing: nothing.';

create function sales.discountable(kind text, goods text) returns boolean
language sql immutable set search_path = '' as $$
  select case goods when 'classes' then kind in ('seat', 'pass') when 'bar' then kind = 'product' else kind in ('seat', 'pass', 'product') end;
$$;

create function sales.cut(l sales.priced, cents bigint, why jsonb) returns sales.priced
language plpgsql immutable set search_path = '' as $$
begin
  if cut.cents > 0 then
    l.discount_cents := l.discount_cents + cut.cents;
    l.discounts := l.discounts || jsonb_build_array(why || jsonb_build_object('cents', cut.cents));
  end if;
  return l;
end $$;
comment on function sales.cut is 'The line, so many minor units cheaper, and why.';

-- Whether a promotion holds -------------------------------------------------------------------------------------------
create function sales.uses_run_out(promotion_id uuid, member_id uuid default null) returns int
language sql stable set search_path = '' as $$
  select count(*)::int from sales.orders o join sales.promotion_uses u on u.order_id = o.id
  where o.state = 'placed' and o.hold_expires_at <= now() and u.promotion_id = uses_run_out.promotion_id and u.given_back_at is null
    and (uses_run_out.member_id is null or u.member_id = uses_run_out.member_id);
$$;
comment on function sales.uses_run_out is 'Uses by orders whose time to pay is over: they count no more, though nobody swept them up yet.';

create function sales.all_went_back(o sales.orders) returns boolean
language sql stable set search_path = '' as $$
  select o.total_cents > 0 and not exists (select from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id and l.refunded_cents < l.total_cents);
$$;
comment on function sales.all_went_back is 'Whether all that was paid for an order has gone back, or is on its way: then it is nobody''s first order, and used no promotion.';

create function sales.promotion_problem(p sales.promotions, o sales.orders) returns text
language plpgsql stable set search_path = '' as $$
begin
  if p.id is null or not p.published then return 'promotion_not_found'; end if;
  if p.starts_at > now() then return 'promotion_not_yet'; end if;
  if p.ends_at <= now() then return 'promotion_ended'; end if;
  if p.uses >= p.max_uses and p.uses - sales.uses_run_out(p.id) >= p.max_uses then return 'promotion_used_up'; end if;
  -- Who it is shows when they sign in: until then what depends on it is believed.
  if o.member_id is not null then
    if p.max_per_member is not null and (select count(*) from sales.promotion_uses u where u.business_id = p.business_id and u.member_id = o.member_id and u.promotion_id = p.id and u.given_back_at is null and u.order_id <> o.id)
        - sales.uses_run_out(p.id, o.member_id) >= p.max_per_member then return 'promotion_used_before'; end if;
    if p.first_order_only and exists (select from sales.orders x where x.business_id = o.business_id and x.member_id = o.member_id and x.id <> o.id
        and (x.state in ('paid', 'closed') and not sales.all_went_back(x) or x.state = 'placed' and x.hold_expires_at > now())) then return 'promotion_first_order_only'; end if;
  end if;
  return null;
end $$;
comment on function sales.promotion_problem is 'Why a promotion does not hold for whoever has this cart, whatever is in it: promotion_not_found, promotion_not_yet, promotion_ended, promotion_used_up, promotion_used_before, promotion_first_order_only; null: it holds.';

create function sales.promotion_is_for(promotion_id uuid, line_id uuid) returns boolean
language sql stable set search_path = '' as $$
  select exists (select from sales.order_lines l join shop.products d on d.business_id = l.business_id and d.id = l.product_id
    join sales.promotion_products t on t.business_id = d.business_id and t.promotion_id = promotion_is_for.promotion_id and (t.product_id = d.id or t.category_id = d.category_id)
    where l.id = promotion_is_for.line_id);
$$;

create type sales.promotion_effect as (problem text, lines sales.priced[]);

create function sales.promotion_effect(o sales.orders, lines sales.priced[]) returns sales.promotion_effect
language plpgsql stable set search_path = '' as $$
declare
  p sales.promotions;
  e sales.promotion_effect;
  l sales.priced;
  -- Of each line: what can still be taken off it, were it for this promotion.
  base bigint[] := '{}';
  cuts bigint[] := '{}';
  total bigint := 0;
begin
  e.lines := promotion_effect.lines;
  select * into p from sales.promotions x where x.id = o.promotion_id and x.business_id = o.business_id;
  e.problem := sales.promotion_problem(p, o);
  if e.problem is not null then return e; end if;
  foreach l in array e.lines loop
    if not sales.discountable(l.kind, p.goods) then
      base := base || 0::bigint;
    else
      total := total + l.gross_cents - l.discount_cents;
      base := base || case when p.kind <> 'product' or sales.promotion_is_for(p.id, l.line_id) then l.gross_cents - l.discount_cents else 0 end;
    end if;
  end loop;
  if coalesce((select max(u) from unnest(base) u), 0) = 0 then
    e.problem := 'promotion_nothing_fits';
  elsif total < p.min_cents then
    e.problem := 'promotion_minimum';
  end if;
  if e.problem is not null then return e; end if;
  if p.kind <> 'product' then cuts := sales.spread(case when p.percent is not null then floor(total::numeric * p.percent / 100 + 0.5)::bigint else least(total, p.amount_cents) end, base); end if;
  for i in 1 .. cardinality(e.lines) loop
    l := e.lines[i];
    if p.kind = 'product' then cuts[i] := case when p.percent is not null then floor(base[i]::numeric * p.percent / 100 + 0.5)::bigint else least(base[i], p.amount_cents * l.quantity) end; end if;
    e.lines[i] := sales.cut(l, cuts[i], jsonb_build_object('kind', 'promotion', 'promotion_id', p.id, 'code', p.code, 'label', case p.label when '{}' then jsonb_build_object('en', p.code) else p.label end));
  end loop;
  return e;
end $$;
comment on function sales.promotion_effect is 'The lines with what the order''s promotion takes off them, or why it takes off nothing: what sales.promotion_problem says, promotion_nothing_fits, promotion_minimum. Per cent are rounded half up, once.';

create function sales.discounted(o sales.orders, lines sales.priced[]) returns sales.priced[]
language plpgsql stable set search_path = '' as $$
begin
  if o.reward_id is not null then lines := (loyalty.reward_effect(o, lines)).lines; end if;
  if o.promotion_id is not null then lines := (sales.promotion_effect(o, lines)).lines; end if;
  return lines;
end $$;
comment on function sales.discounted is 'The lines with every discount: a reward first, then the promotion: of a line, or of the whole, spread over the lines it is for.';

create function sales.promotion_in(o sales.orders) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  e sales.promotion_effect;
  lines sales.priced[];
begin
  if o.promotion_id is null then return null; end if;
  lines := array(select y from sales.bare_lines(o) y);
  if o.reward_id is not null then lines := (loyalty.reward_effect(o, lines)).lines; end if;
  e := sales.promotion_effect(o, lines);
  return (select jsonb_build_object('promotion_id', p.id, 'code', p.code, 'label', p.label, 'problem', e.problem, 'min_cents', p.min_cents, 'currency', o.currency, 'starts_at', p.starts_at) from sales.promotions p where p.id = o.promotion_id);
end $$;
comment on function sales.promotion_in is 'The promotion in a cart, and why it takes off nothing, if so: {promotion_id, code, label, problem, min_cents, currency, starts_at}; null: there is none.';

create function sales.refuse_promotion(about jsonb) returns void
language plpgsql immutable set search_path = '' as $$
declare problem text := about ->> 'problem';
begin
  if problem is not null then
    perform platform.refuse(case problem when 'promotion_not_found' then 404 else 409 end, problem, about - array['problem', 'promotion_id', 'label'] || jsonb_build_object('field', 'code'));
  end if;
end $$;
comment on function sales.refuse_promotion is 'Refuses what sales.promotion_in says is wrong, if anything is.';

-- Using it ------------------------------------------------------------------------------------------------------------
create function sales.give_back_promotion(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if o.promotion_id is null then return; end if;
  perform 1 from sales.promotions p where p.id = o.promotion_id for no key update;
  update sales.promotion_uses u set given_back_at = now() where u.order_id = o.id and u.given_back_at is null;
  if found then update sales.promotions p set uses = p.uses - 1 where p.id = o.promotion_id; end if;
end $$;
comment on function sales.give_back_promotion is 'An order that is not to be paid has used no promotion. Once.';

create function sales.return_promotion(order_id uuid, line_ids uuid[], line_amounts bigint[]) returns void
language plpgsql volatile set search_path = '' as $$
declare o sales.orders;
begin
  select * into strict o from sales.orders x where x.id = return_promotion.order_id;
  if o.promotion_id is null or exists (select from sales.order_lines l left join unnest(return_promotion.line_ids, return_promotion.line_amounts) u (id, amount) on u.id = l.id
    where l.business_id = o.business_id and l.order_id = o.id and l.refunded_cents + coalesce(u.amount, 0) < l.total_cents) then return; end if;
  perform sales.give_back_promotion(o);
end $$;
comment on function sales.return_promotion is 'When what is about to go back is all that is left of an order, it has used no promotion: whoever bought it may use the code again. A refund that fails later takes it again (sales.retake_promotion). Called before the ledger''s rows are locked.';

create function sales.retake_promotion(order_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
  o sales.orders;
  p sales.promotions;
  why text;
begin
  select * into strict o from sales.orders x where x.id = retake_promotion.order_id;
  if o.promotion_id is null or o.state not in ('paid', 'closed') then return; end if;
  select * into strict p from sales.promotions x where x.id = o.promotion_id for no key update;
  if not exists (select from sales.promotion_uses u where u.order_id = o.id and u.given_back_at is not null) then return; end if;
  why := case when p.uses >= p.max_uses then 'used_up'
    when p.max_per_member <= (select count(*) from sales.promotion_uses u where u.business_id = p.business_id and u.member_id = o.member_id and u.promotion_id = p.id and u.given_back_at is null) then 'used_again' end;
  update sales.promotion_uses u set given_back_at = case when why is not null then u.given_back_at end, stays_back = why where u.order_id = o.id;
  if why is null then update sales.promotions x set uses = x.uses + 1 where x.id = p.id; end if;
end $$;
comment on function sales.retake_promotion is 'The refund of an order that had given its use of a promotion back has failed (the caller has the order): it has used it after all. Unless somebody else has the last use by now, or its buyer used the code again: theirs are promised, so this one stays back, and says why.';

create function sales.use_promotion(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
declare
  p sales.promotions;
  x sales.orders;
  problem text;
begin
  if o.promotion_id is null or exists (select from sales.promotion_uses u where u.order_id = o.id and u.given_back_at is null) then return; end if;
  -- From here on everybody who wants one of its uses waits.
  select * into p from sales.promotions y where y.id = o.promotion_id for no key update;
  -- What was promised when it was placed is kept, but a use somebody else has by now is gone.
  problem := case when o.state = 'cart' or o.payment_confirmed_at is null and o.hold_expires_at is null then sales.promotion_problem(p, o) end;
  if problem is not null then perform sales.refuse_promotion(jsonb_build_object('problem', problem, 'code', p.code, 'min_cents', p.min_cents, 'currency', o.currency)); end if;
  if p.uses >= p.max_uses then
    -- Nobody is waited for here: who has such an order locked gives its use back themselves.
    for x in select y.* from sales.promotion_uses u join sales.orders y on y.id = u.order_id
        where u.business_id = p.business_id and u.promotion_id = p.id and u.given_back_at is null and y.state = 'placed' and y.hold_expires_at <= now() for no key update of y skip locked loop
      perform sales.give_back_promotion(x);
    end loop;
    if (select y.uses >= y.max_uses from sales.promotions y where y.id = p.id) then perform sales.refuse_promotion(jsonb_build_object('problem', 'promotion_used_up', 'code', p.code)); end if;
  end if;
  update sales.promotions y set uses = y.uses + 1 where y.id = p.id;
  insert into sales.promotion_uses as u (order_id, business_id, promotion_id, member_id) values (o.id, o.business_id, p.id, o.member_id)
  on conflict (order_id) do update set given_back_at = null, stays_back = null;
end $$;
comment on function sales.use_promotion is 'Counts a use of the order''s promotion, once an order: of two who reach for the last one, the second is refused 409 promotion_used_up (or used_before). An order whose hold ran out takes its use again when it is paid after all.';

create function api.set_cart_promotion(business_id uuid, cart_token text, code text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  o sales.orders;
  wanted text := nullif(trim(set_cart_promotion.code), '');
  me uuid;
  found_in jsonb;
begin
  if auth.uid() is not null then me := members.require_me(set_cart_promotion.business_id); end if;
  select * into o from sales.orders x where x.id = sales.open_cart(set_cart_promotion.business_id, set_cart_promotion.cart_token, me);
  o.member_id := coalesce(o.member_id, me);
  o.promotion_id := null;
  if wanted is not null then
    select p.id into o.promotion_id from sales.promotions p where p.business_id = o.business_id and p.code operator(extensions.=) wanted::extensions.citext and p.published;
    if o.promotion_id is null then perform platform.refuse(404, 'promotion_not_found', '{"field": "code"}'); end if;
    found_in := sales.promotion_in(o);
    perform sales.refuse_promotion(found_in);
  end if;
  update sales.orders x set promotion_id = o.promotion_id where x.id = o.id;
  return found_in;
end $$;
comment on function api.set_cart_promotion is 'The code of a promotion, into the asker''s cart; nothing takes it out. One a cart. It is looked at again when the order is placed. Refuses 404 promotion_not_found, 409 promotion_not_yet, promotion_ended, promotion_used_up, promotion_used_before, promotion_first_order_only, promotion_minimum, promotion_nothing_fits.';
grant execute on function api.set_cart_promotion to anon, authenticated;

-- Keeping promotions --------------------------------------------------------------------------------------------------
create function api.kept_promotions(business_id uuid)
returns table (promotion_id uuid, code text, label jsonb, kind text, percent int, amount_cents bigint, goods text, starts_at timestamptz, ends_at timestamptz, min_cents bigint, first_order_only boolean, max_uses int, max_per_member int, published boolean, uses int, currency text, products jsonb, categories jsonb)
language plpgsql stable security definer set search_path = '' rows 20 as $$
#variable_conflict use_column
begin
  perform business.require_role(kept_promotions.business_id, 'manager');
  return query
  select p.id, p.code::text, p.label, p.kind, p.percent, p.amount_cents, p.goods, p.starts_at, p.ends_at, p.min_cents, p.first_order_only, p.max_uses, p.max_per_member, p.published, p.uses, b.currency::text,
    coalesce((select jsonb_agg(jsonb_build_object('id', d.id, 'name', d.name) order by d.slug) from sales.promotion_products t join shop.products d on d.id = t.product_id where t.business_id = p.business_id and t.promotion_id = p.id), '[]'),
    coalesce((select jsonb_agg(jsonb_build_object('id', d.id, 'name', d.name) order by d.slug) from sales.promotion_products t join shop.categories d on d.id = t.category_id where t.business_id = p.business_id and t.promotion_id = p.id), '[]')
  from sales.promotions p join business.businesses b on b.id = p.business_id
  where p.business_id = kept_promotions.business_id
  order by (p.published and coalesce(p.ends_at > now(), true)) desc, p.starts_at desc, p.code limit 500;
end $$;
comment on function api.kept_promotions is 'Every promotion of the business, those that can be used first, with how often they were. For managers.';
grant execute on function api.kept_promotions to authenticated;

create function api.promotable(business_id uuid) returns table (id uuid, what text, name jsonb)
language plpgsql stable security definer set search_path = '' rows 50 as $$
#variable_conflict use_column
begin
  perform business.require_role(promotable.business_id, 'manager');
  return query
  select c.id, 'category', c.name from shop.categories c where c.business_id = promotable.business_id
  union all
  select p.id, 'product', p.name from shop.products p where p.business_id = promotable.business_id and p.retired_at is null;
end $$;
comment on function api.promotable is 'Categories and products that a promotion or a reward can be for. For managers.';
grant execute on function api.promotable to authenticated;

create function api.promotion_uses(business_id uuid, promotion_id uuid, before_at timestamptz default null, page_size int default 50)
returns table (order_id uuid, reference text, member_name text, used_at timestamptz, given_back_at timestamptz, stays_back text, state text, total_cents bigint, discount_cents bigint, currency text)
language plpgsql stable security definer set search_path = '' rows 50 as $$
#variable_conflict use_column
begin
  perform business.require_role(promotion_uses.business_id, 'manager');
  return query
  select o.id, o.reference, m.name, u.used_at, u.given_back_at, u.stays_back, o.state, o.total_cents,
    coalesce((select sum((d ->> 'cents')::bigint) from sales.order_lines l cross join lateral jsonb_array_elements(l.discounts) d where l.business_id = o.business_id and l.order_id = o.id and d ->> 'promotion_id' = u.promotion_id::text), 0)::bigint, o.currency::text
  from sales.promotion_uses u join sales.orders o on o.id = u.order_id join members.members m on m.id = u.member_id
  where u.business_id = promotion_uses.business_id and u.promotion_id = promotion_uses.promotion_id and (promotion_uses.before_at is null or u.used_at < promotion_uses.before_at)
  order by u.used_at desc limit least(greatest(promotion_uses.page_size, 1), 200);
end $$;
comment on function api.promotion_uses is 'Who used a promotion, in which order and what it took off, the latest first; given_back_at, stays_back: whether and why it does not count (sales.promotion_uses). For managers.';
grant execute on function api.promotion_uses to authenticated;

create function api.save_promotion(business_id uuid, promotion_id uuid, facts jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  o sales.promotions;
  n sales.promotions;
begin
  perform business.require_role(save_promotion.business_id, 'manager');
  if save_promotion.promotion_id is not null then
    select * into o from sales.promotions x where x.id = save_promotion.promotion_id and x.business_id = save_promotion.business_id for no key update;
    if o.id is null then perform platform.refuse(404, 'promotion_not_found'); end if;
    n := jsonb_populate_record(o, save_promotion.facts - array['id', 'business_id', 'uses', 'created_at']);
    update sales.promotions x set code = n.code, label = n.label, kind = n.kind, percent = n.percent, amount_cents = n.amount_cents, goods = n.goods, starts_at = n.starts_at, ends_at = n.ends_at, min_cents = n.min_cents,
      first_order_only = n.first_order_only, max_uses = n.max_uses, max_per_member = n.max_per_member, published = n.published where x.id = o.id;
  else
    n := jsonb_populate_record(null::sales.promotions, jsonb_build_object('label', '{}'::jsonb, 'goods', case when save_promotion.facts ->> 'kind' = 'product' then 'bar' else 'both' end, 'starts_at', now(), 'min_cents', 0, 'first_order_only', false, 'published', true)
      || save_promotion.facts || jsonb_build_object('id', gen_random_uuid(), 'business_id', save_promotion.business_id, 'uses', 0, 'created_at', now()));
    insert into sales.promotions select n.*;
  end if;
  if save_promotion.facts ? 'products' or save_promotion.facts ? 'categories' or n.kind <> 'product' then
    delete from sales.promotion_products t where t.promotion_id = n.id;
    if n.kind = 'product' then
      insert into sales.promotion_products (business_id, promotion_id, product_id) select n.business_id, n.id, u::uuid from jsonb_array_elements_text(coalesce(save_promotion.facts -> 'products', '[]')) u;
      insert into sales.promotion_products (business_id, promotion_id, category_id) select n.business_id, n.id, u::uuid from jsonb_array_elements_text(coalesce(save_promotion.facts -> 'categories', '[]')) u;
    end if;
  end if;
  if n.kind = 'product' and not exists (select from sales.promotion_products t where t.business_id = n.business_id and t.promotion_id = n.id) then perform platform.refuse(422, 'promotion_for_nothing', '{"field": "products"}'); end if;
  perform audit.note(n.business_id, 'promotion_saved', 'promotion:' || n.id, jsonb_build_object('before', case when o.id is not null then to_jsonb(o) end, 'after', to_jsonb(n)));
  return jsonb_build_object('promotion_id', n.id, 'code', n.code);
exception
  when check_violation or not_null_violation or invalid_text_representation or numeric_value_out_of_range or datetime_field_overflow or invalid_datetime_format then perform platform.refuse(422, 'promotion_invalid');
  when unique_violation then perform platform.refuse(409, 'promotion_code_taken', '{"field": "code"}');
  when foreign_key_violation then perform platform.refuse(422, 'promotion_for_nothing', '{"field": "products"}');
end $$;
comment on function api.save_promotion is 'Makes a promotion (promotion_id null) or changes one: facts are its columns, with products and categories as lists of ids. Orders that used it keep what they were given. Refuses 404 promotion_not_found, 409 promotion_code_taken, 422 promotion_invalid, promotion_for_nothing. For managers.';
grant execute on function api.save_promotion to authenticated;

create function api.end_promotion(business_id uuid, promotion_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform business.require_role(end_promotion.business_id, 'manager');
  update sales.promotions p set starts_at = least(p.starts_at, now() - interval '1 millisecond'), ends_at = now() where p.id = end_promotion.promotion_id and p.business_id = end_promotion.business_id and coalesce(p.ends_at > now(), true);
  if not found then
    if not exists (select from sales.promotions p where p.id = end_promotion.promotion_id and p.business_id = end_promotion.business_id) then perform platform.refuse(404, 'promotion_not_found'); end if;
    return;
  end if;
  perform audit.note(end_promotion.business_id, 'promotion_ended', 'promotion:' || end_promotion.promotion_id);
end $$;
comment on function api.end_promotion is 'A promotion ends now; who has placed an order with it keeps it. Refuses 404 promotion_not_found. For managers.';
grant execute on function api.end_promotion to authenticated;
