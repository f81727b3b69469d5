-- Freezing a membership: its member rests for some days. What that does to the next charge, to what is paid and to access is one
-- function of dates (members.freeze_effect), shown before it is done and kept as it was shown.

create table members.freezes (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  membership_id uuid not null,
  rule text not null check (rule in ('shift', 'prorate', 'continue')),
  from_on date not null,
  until_on date not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  period_start timestamptz not null,
  charge_at timestamptz not null,
  paid_cents bigint not null check (paid_cents >= 0),
  price_cents bigint not null check (price_cents >= 0),
  moved_at timestamptz,
  created_at timestamptz not null default now(),
  by_user uuid,
  check (from_on < until_on and from_at < until_at),
  unique (business_id, id),
  foreign key (business_id, membership_id) references members.memberships (business_id, id) on delete restrict
);
comment on table members.freezes is 'Days in which a membership rests; never edited once they moved a charge. until_on is the first day on which it is open again. rule, period_start, charge_at, paid_cents (of that period) and price_cents (of the next charge) are what the member was shown.';
comment on column members.freezes.moved_at is 'When its days moved the charge that ends the period they lie in (rule shift): at once, or, where that period is not paid yet, when it is (members.begin_rest).';
create index freezes_membership_id_idx on members.freezes (business_id, membership_id);
create index freezes_by_membership_idx on members.freezes (membership_id, until_at);

create table members.thaws (
  freeze_id uuid primary key,
  business_id uuid not null,
  at timestamptz not null,
  days int not null check (days >= 0),
  by_user uuid,
  created_at timestamptz not null default now(),
  foreign key (business_id, freeze_id) references members.freezes (business_id, id) on delete restrict
);
comment on table members.thaws is 'A freeze that its member ended early: open again from at, and days of it counted (the day of coming back does; none if it had not begun). A freeze without a row here lasts as long as it was meant to.';
create index thaws_freeze_id_idx on members.thaws (business_id, freeze_id);

create table members.membership_credits (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  membership_id uuid not null,
  freeze_id uuid not null,
  amount_cents bigint not null check (amount_cents <> 0),
  provider_ref text unique,
  created_at timestamptz not null default now(),
  foreign key (business_id, membership_id) references members.memberships (business_id, id) on delete restrict,
  foreign key (business_id, freeze_id) references members.freezes (business_id, id) on delete restrict
);
comment on table members.membership_credits is 'What the next bill of a membership is to be lower by (below zero: higher again). provider_ref: the line it became there; a job sends it, once.';
create index membership_credits_membership_id_idx on members.membership_credits (business_id, membership_id);
create index membership_credits_freeze_id_idx on members.membership_credits (business_id, freeze_id);

alter table members.freezes enable row level security;
alter table members.thaws enable row level security;
alter table members.membership_credits enable row level security;
grant select on members.freezes, members.thaws, members.membership_credits to authenticated;
create policy "Members see when their own memberships rest, the front desk all of its business" on members.freezes for select to authenticated
  using (membership_id in (select m.id from members.memberships m where m.member_id in (select members.mine())) or business_id in (select business.where_i_am('front_desk')));
create policy "Members see when they came back, the front desk all of its business" on members.thaws for select to authenticated
  using (freeze_id in (select f.id from members.freezes f) or business_id in (select business.where_i_am('front_desk')));
create policy "Members see what is taken off their own bills, the front desk all of its business" on members.membership_credits for select to authenticated
  using (membership_id in (select m.id from members.memberships m where m.member_id in (select members.mine())) or business_id in (select business.where_i_am('front_desk')));

-- Dates ---------------------------------------------------------------------------------------------------------------
create function members.days_later(at timestamptz, days int, zone text) returns timestamptz
language plpgsql immutable set search_path = '' as $$
begin
  return ((days_later.at at time zone days_later.zone) + make_interval(days => days_later.days)) at time zone days_later.zone;
end $$;
comment on function members.days_later is 'The same time of day so many days later, where the business is.';

create function members.freeze_effect(rule text, from_on date, days int, zone text, every text, period_start timestamptz, charge_at timestamptz, paid_cents bigint, price_cents bigint)
returns table (next_charge_at timestamptz, next_charge_cents bigint, credit_cents bigint, carried_cents bigint, paid_until timestamptz, opens_at timestamptz)
language plpgsql immutable set search_path = '' as $$
#variable_conflict use_column
declare
  until_on date := freeze_effect.from_on + freeze_effect.days;
  begins date := (freeze_effect.period_start at time zone freeze_effect.zone)::date;
  ends date := (freeze_effect.charge_at at time zone freeze_effect.zone)::date;
  step interval := case when freeze_effect.every = 'year' then interval '1 year' else interval '1 month' end;
  -- Periods are counted from the day of the month on which they began, unless a charge was moved.
  whole boolean := ((freeze_effect.period_start at time zone freeze_effect.zone) + step)::date = ends;
  n int := 0;
  worth numeric := 0;
  credit bigint := 0;
  shifted timestamptz := freeze_effect.charge_at;
begin
  if freeze_effect.rule = 'shift' then
    shifted := members.days_later(freeze_effect.charge_at, freeze_effect.days, freeze_effect.zone);
  elsif freeze_effect.rule = 'prorate' then
    -- Each period's frozen days at that period's price by the day; rounded half up, once.
    loop
      worth := worth + case when n = 0 then freeze_effect.paid_cents else freeze_effect.price_cents end * greatest(0, least(until_on, ends) - greatest(freeze_effect.from_on, begins))::numeric / greatest(1, ends - begins);
      exit when ends >= until_on;
      n := n + 1;
      begins := ends;
      ends := case when whole then (freeze_effect.period_start at time zone freeze_effect.zone) + step * (n + 1) else (freeze_effect.charge_at at time zone freeze_effect.zone) + step * n end;
    end loop;
    credit := floor(worth + 0.5)::bigint;
  end if;
  return query select shifted, greatest(0, freeze_effect.price_cents - credit), credit, greatest(0, credit - freeze_effect.price_cents), shifted, (until_on::timestamp at time zone freeze_effect.zone);
end $$;
comment on function members.freeze_effect is 'What days frozen from from_on on do to a membership whose period began at period_start (paid_cents) and is charged next at charge_at (price_cents), both in minor units with tax. carried_cents: what the next charge is too small for goes on to the one after. A pure function of dates in the business''s zone.';

create function members.is_frozen(membership_id uuid, at timestamptz) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return exists (select from members.freezes f left join members.thaws t on t.freeze_id = f.id
    where f.membership_id = is_frozen.membership_id and f.until_at > is_frozen.at and f.from_at <= is_frozen.at and (t.at is null or t.at > is_frozen.at));
end $$;
comment on function members.is_frozen is 'Whether a membership rests at a moment. Correctness waits for no job: the dates decide.';

create function members.open_freeze(membership_id uuid) returns members.freezes
language plpgsql stable set search_path = '' as $$
begin
  return (select f from members.freezes f where f.membership_id = open_freeze.membership_id and f.until_at > now() and not exists (select from members.thaws t where t.freeze_id = f.id) order by f.until_at desc limit 1);
end $$;
comment on function members.open_freeze is 'The freeze of a membership that is to come or goes on; null when there is none.';

create function members.frozen_days(membership_id uuid, until_on date) returns int
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((select sum(greatest(0, least(f.from_on + coalesce(t.days, f.until_on - f.from_on), frozen_days.until_on) - greatest(f.from_on, frozen_days.until_on - 365)))
    from members.freezes f left join members.thaws t on t.freeze_id = f.id where f.membership_id = frozen_days.membership_id), 0)::int;
end $$;
comment on function members.frozen_days is 'How many days a membership rested, or is to, in the 365 days before a date.';

-- Money ---------------------------------------------------------------------------------------------------------------
create function members.charge_of(m members.memberships, nth int) returns bigint
language plpgsql stable set search_path = '' as $$
declare
  n members.plans;
  introduced boolean;
begin
  select * into strict n from members.plans x where x.id = m.plan_id;
  -- An introduction belongs to the plan it was begun with.
  introduced := charge_of.nth <= n.intro_periods and (select l.plan_id from sales.order_lines l where l.id = m.order_line_id) = n.id;
  return sales.gross(case when introduced then n.intro_price_cents else n.price_cents end, n.tax_rate_bp, m.business_id);
end $$;
comment on function members.charge_of is 'What a membership''s nth period costs, in minor units with tax.';

create function members.next_charge(m members.memberships) returns bigint
language plpgsql stable set search_path = '' as $$
declare due bigint;
begin
  if m.next_plan_id is not null then
    select sales.gross(n.price_cents, n.tax_rate_bp, m.business_id) into strict due from members.plans n where n.id = m.next_plan_id;
  else
    due := members.charge_of(m, 1 + (select count(*)::int from members.passes p where p.membership_id = m.id));
  end if;
  -- What was taken off since the last charge.
  return greatest(0, due - coalesce((select sum(c.amount_cents) from members.membership_credits c where c.business_id = m.business_id and c.membership_id = m.id
    and c.created_at > (select max(p.created_at) from members.passes p where p.membership_id = m.id)), 0));
end $$;
comment on function members.next_charge is 'What a membership is charged next, in minor units with tax, as far as we know: without what is left over at the provider.';

create function members.freeze_of(m members.memberships) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  f members.freezes := members.open_freeze(m.id);
  zone text;
  days int;
  now_on date;
begin
  if f.id is null then return null; end if;
  zone := (select b.time_zone from business.businesses b where b.id = m.business_id);
  now_on := (now() at time zone zone)::date;
  days := case when f.from_at > now() then 0 else least(f.until_on - f.from_on, now_on - f.from_on + 1) end;
  return (select jsonb_build_object('freeze_id', f.id, 'rule', f.rule, 'from_at', f.from_at, 'until_at', f.until_at, 'days', f.until_on - f.from_on, 'begun', f.from_at <= now(),
      'early_charge_at', case when f.rule = 'shift' and f.moved_at is null then m.period_end else early.next_charge_at end, 'credit_cents', planned.credit_cents, 'early_credit_cents', early.credit_cents)
    from members.plans n, members.freeze_effect(f.rule, f.from_on, f.until_on - f.from_on, zone, n.every, f.period_start, f.charge_at, f.paid_cents, f.price_cents) planned,
      members.freeze_effect(f.rule, f.from_on, days, zone, n.every, f.period_start, f.charge_at, f.paid_cents, f.price_cents) early where n.id = m.plan_id);
end $$;
comment on function members.freeze_of is 'A freeze that is to come or goes on, and what ending it now would make of the next charge and the credit: {freeze_id, rule, from_at, until_at, days, begun, early_charge_at, credit_cents, early_credit_cents}; null when there is none.';

-- Deciding ------------------------------------------------------------------------------------------------------------
create function members.following_charge(m members.memberships, every text, zone text) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  step interval := case when following_charge.every = 'year' then interval '1 year' else interval '1 month' end;
  begins timestamp := m.period_start at time zone following_charge.zone;
begin
  -- As in members.freeze_effect: counted from the day on which the period began, unless a charge was moved.
  return (case when (begins + step)::date = (m.period_end at time zone following_charge.zone)::date then begins + step * 2 else (m.period_end at time zone following_charge.zone) + step end) at time zone following_charge.zone;
end $$;
comment on function members.following_charge is 'When the charge after the next is made.';

create function members.freeze_terms(m members.memberships, from_on date, until_on date) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  n members.plans;
  b business.businesses;
  from_at timestamptz;
  until_at timestamptz;
  earliest date;
  days int := freeze_terms.until_on - freeze_terms.from_on;
  used int;
  booked int;
  paid bigint;
  price bigint;
  periods int;
  begins timestamptz := m.period_start;
  ends timestamptz := m.period_end;
  following timestamptz;
  later boolean;
  e record;
begin
  select * into strict n from members.plans x where x.id = m.plan_id;
  select * into strict b from business.businesses x where x.id = m.business_id;
  if m.state = 'ended' then perform platform.refuse(409, 'membership_ended'); end if;
  if m.state = 'trialing' then perform platform.refuse(409, 'freeze_in_trial'); end if;
  if m.state = 'past_due' then perform platform.refuse(409, 'payment_due_first'); end if;
  if m.state = 'suspended' then perform platform.refuse(409, 'membership_suspended'); end if;
  if m.provider_ref is null then perform platform.refuse(409, 'membership_not_by_card'); end if;
  if m.cancel_at_period_end then perform platform.refuse(409, 'membership_ends_already'); end if;
  if m.next_plan_id is not null then perform platform.refuse(409, 'plan_change_waits'); end if;
  if n.freeze_days_per_year = 0 then perform platform.refuse(409, 'freeze_not_offered'); end if;
  if (members.open_freeze(m.id)).id is not null then perform platform.refuse(409, 'freeze_already'); end if;
  if days is null or days < 1 or days > 366 then perform platform.refuse(422, 'freeze_dates_invalid', '{"field": "until_on"}'); end if;
  earliest := (now() at time zone b.time_zone)::date + n.freeze_notice_days;
  if freeze_terms.from_on < earliest then perform platform.refuse(409, 'freeze_too_soon', jsonb_build_object('field', 'from_on', 'earliest_on', earliest)); end if;
  from_at := freeze_terms.from_on::timestamp at time zone b.time_zone;
  until_at := freeze_terms.until_on::timestamp at time zone b.time_zone;
  -- In the period that is paid, or in the next. Further ahead nobody knows the days on which it is charged.
  following := members.following_charge(m, n.every, b.time_zone);
  later := from_at >= m.period_end;
  if from_at >= following then perform platform.refuse(409, 'freeze_after_charge', jsonb_build_object('field', 'from_on', 'charge_on', (following at time zone b.time_zone)::date)); end if;
  used := members.frozen_days(m.id, freeze_terms.until_on);
  if used + days > n.freeze_days_per_year then
    perform platform.refuse(409, 'freeze_too_long', jsonb_build_object('field', 'until_on', 'days_left', greatest(0, n.freeze_days_per_year - used), 'most', n.freeze_days_per_year));
  end if;
  select count(*)::int into booked from booking.bookings k join members.passes p on p.business_id = k.business_id and p.id = k.pass_id
    where p.membership_id = m.id and k.starts_at >= from_at and k.starts_at < until_at and (k.state = 'confirmed' or k.state = 'held' and k.held_until > now());
  if booked > 0 then perform platform.refuse(409, 'freeze_has_bookings', jsonb_build_object('count', booked)); end if;
  periods := (select count(*)::int from members.passes p where p.membership_id = m.id);
  paid := members.charge_of(m, periods);
  price := members.next_charge(m);
  -- What rests in the next period moves the charge after it; the next one is made as ever. Money off is taken off the next one all the same.
  if later and n.freeze_rule = 'shift' then
    begins := m.period_end;
    ends := following;
    paid := price;
    price := members.charge_of(m, periods + 2);
  end if;
  select * into e from members.freeze_effect(n.freeze_rule, freeze_terms.from_on, days, b.time_zone, n.every, begins, ends, paid, price);
  return jsonb_build_object('membership_id', m.id, 'rule', n.freeze_rule, 'from_on', freeze_terms.from_on, 'until_on', freeze_terms.until_on, 'days', days, 'from_at', from_at, 'until_at', until_at,
    'period_start', begins, 'charge_at', ends, 'paid_cents', paid, 'price_cents', price, 'currency', b.currency,
    'first_charge_at', case when ends > m.period_end then m.period_end end, 'first_charge_cents', case when ends > m.period_end then paid end,
    'next_charge_at', e.next_charge_at, 'next_charge_cents', e.next_charge_cents, 'credit_cents', e.credit_cents, 'carried_cents', e.carried_cents, 'paid_until', e.paid_until, 'opens_at', e.opens_at,
    'days_left', n.freeze_days_per_year - used - days);
end $$;
comment on function members.freeze_terms is 'What freezing a membership would mean, or why it cannot be done. A rest begins in the period that is paid or in the next one; of the next, by the rule shift, it moves the charge after it (charge_at), and first_charge_at is made before as ever. Refuses 409 membership_ended, freeze_in_trial, payment_due_first, membership_suspended, membership_not_by_card, membership_ends_already, plan_change_waits, freeze_not_offered, freeze_already, freeze_too_soon, freeze_after_charge, freeze_too_long, freeze_has_bookings, 422 freeze_dates_invalid.';

create function members.my_membership(business_id uuid, membership_id uuid) returns members.memberships
language plpgsql stable set search_path = '' as $$
declare m members.memberships;
begin
  select * into m from members.memberships x where x.id = my_membership.membership_id and x.business_id = my_membership.business_id and x.member_id in (select members.mine());
  if m.id is null then perform platform.refuse(404, 'membership_not_found'); end if;
  return m;
end $$;
comment on function members.my_membership is 'A membership of the asker''s own, or of somebody they look after. Refuses 404 membership_not_found.';

create function api.freeze_preview(business_id uuid, membership_id uuid, from_on date, until_on date) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return members.freeze_terms(members.my_membership(freeze_preview.business_id, freeze_preview.membership_id), freeze_preview.from_on, freeze_preview.until_on);
end $$;
comment on function api.freeze_preview is 'What freezing would mean before it is done: {rule, days, next_charge_at, next_charge_cents, credit_cents, carried_cents, paid_until, opens_at, days_left, …}. Refuses 404 membership_not_found and as members.freeze_terms.';
grant execute on function api.freeze_preview to authenticated;

create function api.freeze_membership(business_id uuid, membership_id uuid, from_on date, until_on date, expected_charge_at timestamptz, expected_charge_cents bigint, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := members.require_me(freeze_membership.business_id);
  answer jsonb;
  m members.memberships := members.my_membership(freeze_membership.business_id, freeze_membership.membership_id);
  terms jsonb;
  f members.freezes;
begin
  answer := platform.replay(me::text, freeze_membership.idempotency_key, 'freeze_membership', jsonb_build_object('membership_id', m.id, 'from_on', freeze_membership.from_on, 'until_on', freeze_membership.until_on));
  if answer is not null then return answer; end if;
  select * into m from members.memberships x where x.id = m.id for no key update;
  -- A booking in these days that is being made now is seen, or sees this.
  perform 1 from members.passes p where p.membership_id = m.id order by p.id for no key update;
  terms := members.freeze_terms(m, freeze_membership.from_on, freeze_membership.until_on);
  if (terms ->> 'next_charge_at')::timestamptz is distinct from freeze_membership.expected_charge_at or (terms ->> 'next_charge_cents')::bigint is distinct from freeze_membership.expected_charge_cents then
    perform platform.refuse(409, 'preview_stale');
  end if;
  insert into members.freezes as x (business_id, membership_id, rule, from_on, until_on, from_at, until_at, period_start, charge_at, paid_cents, price_cents, moved_at, by_user)
  values (m.business_id, m.id, terms ->> 'rule', freeze_membership.from_on, freeze_membership.until_on, (terms ->> 'from_at')::timestamptz, (terms ->> 'until_at')::timestamptz, (terms ->> 'period_start')::timestamptz, (terms ->> 'charge_at')::timestamptz,
    (terms ->> 'paid_cents')::bigint, (terms ->> 'price_cents')::bigint, case when terms ->> 'first_charge_at' is null then now() end, auth.uid()) returning * into f;
  if f.moved_at is not null then perform members.move_period(m, f.rule, (terms ->> 'days')::int); end if;
  perform members.credit(m, f, (terms ->> 'credit_cents')::bigint);
  perform platform.add_job('tend_freeze', jsonb_build_object('freeze_id', f.id), 'freeze:' || f.id);
  perform messages.notify(m.business_id, m.member_id, 'membership_frozen', f.id::text, jsonb_build_object('membership_id', m.id, 'plan_name', (select n.name from members.plans n where n.id = m.plan_id),
    'frozen_from', f.from_at, 'frozen_until', f.until_at, 'next_charge_at', coalesce(terms ->> 'first_charge_at', terms ->> 'next_charge_at'), 'amount_cents', coalesce(terms ->> 'first_charge_cents', terms ->> 'next_charge_cents')::bigint, 'currency', terms -> 'currency'));
  return platform.remember(me::text, freeze_membership.idempotency_key, terms || jsonb_build_object('freeze_id', f.id));
end $$;
comment on function api.freeze_membership is 'Freezes a membership of the asker''s, as it was shown (expected_charge_at, expected_charge_cents of api.freeze_preview). Refuses 409 preview_stale, and as api.freeze_preview.';
grant execute on function api.freeze_membership to authenticated;

create function members.move_period(m members.memberships, rule text, days int) returns void
language plpgsql volatile set search_path = '' as $$
declare zone text := (select b.time_zone from business.businesses b where b.id = m.business_id);
begin
  if move_period.rule <> 'shift' or move_period.days = 0 then return; end if;
  update members.passes p set expires_at = members.days_later(p.expires_at, move_period.days, zone) where p.membership_id = m.id and p.state <> 'voided' and p.expires_at > now();
  update members.memberships x set period_end = members.days_later(x.period_end, move_period.days, zone), access_until = members.days_later(x.access_until, move_period.days, zone) where x.id = m.id;
end $$;
comment on function members.move_period is 'What is paid lasts days longer (below zero: shorter again). The provider is told by a job.';

create function members.begin_rest(m members.memberships, p members.passes) returns void
language plpgsql volatile set search_path = '' as $$
declare
  f members.freezes;
  days int;
begin
  update members.freezes x set moved_at = now(), period_start = p.starts_at, charge_at = p.expires_at where x.membership_id = m.id and x.rule = 'shift' and x.moved_at is null and x.from_at >= p.starts_at and x.from_at < p.expires_at returning * into f;
  if f.id is null then return; end if;
  days := coalesce((select t.days from members.thaws t where t.freeze_id = f.id), f.until_on - f.from_on);
  if days = 0 then return; end if;
  update members.passes x set expires_at = members.days_later(x.expires_at, days, (select b.time_zone from business.businesses b where b.id = m.business_id)) where x.id = p.id;
  perform platform.add_job('tend_freeze', jsonb_build_object('freeze_id', f.id), 'freeze:' || f.id);
end $$;
comment on function members.begin_rest is 'A period (its pass p) was paid in which days were asked to rest beforehand: it lasts longer by them, and the provider is told by a job.';

create function members.credit(m members.memberships, f members.freezes, cents bigint) returns void
language plpgsql volatile set search_path = '' as $$
declare made uuid;
begin
  if credit.cents = 0 then return; end if;
  insert into members.membership_credits as c (business_id, membership_id, freeze_id, amount_cents) values (m.business_id, m.id, f.id, credit.cents) returning c.id into made;
  perform platform.add_job('send_credit', jsonb_build_object('credit_id', made), 'credit:' || made);
end $$;

create function api.thaw_membership(business_id uuid, membership_id uuid, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := members.require_me(thaw_membership.business_id);
  answer jsonb;
  m members.memberships := members.my_membership(thaw_membership.business_id, thaw_membership.membership_id);
  f members.freezes;
  now_is jsonb;
  days int;
begin
  answer := platform.replay(me::text, thaw_membership.idempotency_key, 'thaw_membership', jsonb_build_object('membership_id', m.id));
  if answer is not null then return answer; end if;
  select * into m from members.memberships x where x.id = m.id for no key update;
  f := members.open_freeze(m.id);
  if f.id is null then perform platform.refuse(409, 'nothing_frozen'); end if;
  perform 1 from members.passes p where p.membership_id = m.id order by p.id for no key update;
  now_is := members.freeze_of(m);
  days := case when f.from_at > now() then 0 else least(f.until_on - f.from_on, (now() at time zone (select b.time_zone from business.businesses b where b.id = m.business_id))::date - f.from_on + 1) end;
  insert into members.thaws (freeze_id, business_id, at, days, by_user) values (f.id, f.business_id, greatest(now(), f.from_at), days, auth.uid());
  if f.moved_at is not null then perform members.move_period(m, f.rule, days - (f.until_on - f.from_on)); end if;
  perform members.credit(m, f, (now_is ->> 'early_credit_cents')::bigint - (now_is ->> 'credit_cents')::bigint);
  perform platform.add_job('tend_freeze', jsonb_build_object('freeze_id', f.id), 'freeze:' || f.id);
  return platform.remember(me::text, thaw_membership.idempotency_key, (select jsonb_build_object('membership_id', x.id, 'days', days, 'next_charge_at', x.period_end, 'next_charge_cents', members.next_charge(x)) from members.memberships x where x.id = m.id));
end $$;
comment on function api.thaw_membership is 'Ends a freeze now, or takes it back before it begins: the next charge and the credit are what the days that were really frozen make of them. Refuses 404 membership_not_found, 409 nothing_frozen.';
grant execute on function api.thaw_membership to authenticated;

-- For the jobs ----------------------------------------------------------------------------------------------------------
create function api.freeze_to_tend(freeze_id uuid) returns table (subscription_ref text, charge_at timestamptz)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  return query
  select m.provider_ref, members.days_later(f.charge_at, coalesce(t.days, f.until_on - f.from_on), b.time_zone)
  from members.freezes f join members.memberships m on m.id = f.membership_id join business.businesses b on b.id = f.business_id left join members.thaws t on t.freeze_id = f.id
  where f.id = freeze_to_tend.freeze_id and f.rule = 'shift' and f.moved_at is not null and m.state <> 'ended' and m.provider_ref is not null
    and members.days_later(f.charge_at, coalesce(t.days, f.until_on - f.from_on), b.time_zone) > now()
    -- A later freeze counts on from this one.
    and not exists (select from members.freezes x where x.membership_id = f.membership_id and x.created_at > f.created_at);
end $$;
comment on function api.freeze_to_tend is 'When the provider is to charge next because of a freeze; no row where it changes nothing. Absolute, so a job may say it twice.';
grant execute on function api.freeze_to_tend to service_role;

create function api.credit_to_send(credit_id uuid) returns table (subscription_ref text, customer_ref text, amount_cents bigint, currency text, plan_name jsonb, locale text)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  return query
  select m.provider_ref, m.customer_ref, c.amount_cents, b.currency::text, n.name, w.locale
  from members.membership_credits c join members.memberships m on m.id = c.membership_id join members.plans n on n.id = m.plan_id join members.members w on w.id = m.member_id join business.businesses b on b.id = c.business_id
  where c.id = credit_to_send.credit_id and c.provider_ref is null and m.state <> 'ended' and m.provider_ref is not null and m.customer_ref is not null;
end $$;
comment on function api.credit_to_send is 'A credit the provider does not know of yet.';
grant execute on function api.credit_to_send to service_role;

create function api.credit_sent(credit_id uuid, provider_ref text) returns void
language sql volatile security definer set search_path = '' as $$
  update members.membership_credits c set provider_ref = credit_sent.provider_ref where c.id = credit_sent.credit_id and c.provider_ref is null;
$$;
comment on function api.credit_sent is 'Remembers what a credit became at the provider.';
grant execute on function api.credit_sent to service_role;
