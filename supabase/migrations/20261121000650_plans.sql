-- Plans: what is sold for many classes at once (packs, memberships), and the passes that come of it. A pass is a number of credits,
-- or a period without limit, that pays for seats. Credits live in the ledger: account kind 'credits', owner = pass.

create table members.plans (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  slug text not null check (slug ~ '^[a-z0-9-]{2,60}$'),
  kind text not null check (kind in ('pack', 'membership')),
  name jsonb not null,
  summary jsonb not null default '{}',
  price_cents bigint not null check (price_cents between 0 and 100000000),
  tax_rate_bp int not null default 0 check (tax_rate_bp between 0 and 5000),
  credits int check (credits between 1 and 1000),
  -- Packs
  valid_days int check (valid_days between 1 and 3650),
  starts text not null default 'purchase' check (starts in ('purchase', 'first_use')),
  first_timers_only boolean not null default false,
  once_each boolean not null default false,
  shareable boolean not null default false,
  -- Memberships
  every text check (every in ('month', 'year')),
  rollover_credits int not null default 0 check (rollover_credits between 0 and 1000),
  trial_days int not null default 0 check (trial_days between 0 and 90),
  intro_price_cents bigint check (intro_price_cents between 0 and 100000000),
  intro_periods int not null default 0 check (intro_periods between 0 and 12),
  freeze_rule text not null default 'shift' check (freeze_rule in ('shift', 'prorate', 'continue')),
  freeze_days_per_year int not null default 60 check (freeze_days_per_year between 0 and 365),
  freeze_notice_days int not null default 1 check (freeze_notice_days between 0 and 60),
  change_when text not null default 'auto' check (change_when in ('auto', 'at_once', 'period_end')),
  published boolean not null default true,
  superseded_at timestamptz,
  position int not null default 0,
  created_at timestamptz not null default now(),
  check (kind <> 'pack' or (credits is not null and every is null)),
  check (kind <> 'membership' or (every is not null and valid_days is null)),
  check ((intro_price_cents is null) = (intro_periods = 0)),
  check (trial_days = 0 or intro_periods = 0),
  unique (business_id, id),
  check (superseded_at is null or not published)
);
create unique index plans_slug_idx on members.plans (business_id, slug) where superseded_at is null;
comment on table members.plans is 'Packs (credits, once) and memberships (every month or year; credits a period, null = without limit).';
comment on column members.plans.valid_days is 'How long a pack lasts from purchase or, with starts = first_use, from the first class it pays for. Null: for ever.';
comment on column members.plans.rollover_credits is 'How many unused credits at most go on into the next period.';
comment on column members.plans.freeze_rule is 'shift: the paid period is prolonged by the frozen days, and the next charge moves with it; prorate: the charge stays and costs less by what the frozen days are worth; continue: charges go on as they were, only access rests.';
comment on column members.plans.freeze_days_per_year is 'How many days a member may rest within 365. 0: this plan is not frozen by its members.';
comment on column members.plans.freeze_notice_days is 'The earliest first day of a freeze, in days from today; 0: today.';
comment on column members.plans.change_when is 'When somebody changes to this plan: auto = at once where it costs more than theirs, else with their next charge.';
comment on column members.plans.superseded_at is 'This version is sold no more: the plan of the same slug without this date took its place. Who has this version keeps it, at its price.';

create table members.plan_classes (
  business_id uuid not null,
  plan_id uuid not null,
  class_type_id uuid not null,
  primary key (plan_id, class_type_id),
  foreign key (business_id, plan_id) references members.plans (business_id, id) on delete cascade,
  foreign key (business_id, class_type_id) references booking.class_types (business_id, id) on delete cascade
);
comment on table members.plan_classes is 'The class types a plan opens. A plan without a row opens all of them.';
create index plan_classes_plan_id_idx on members.plan_classes (business_id, plan_id);
create index plan_classes_class_type_id_idx on members.plan_classes (business_id, class_type_id);

create table members.memberships (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  member_id uuid not null,
  plan_id uuid not null,
  order_line_id uuid,
  provider text not null default 'stripe' check (provider in ('stripe')),
  provider_ref text unique,
  customer_ref text,
  state text not null check (state in ('trialing', 'active', 'past_due', 'suspended', 'ended')),
  -- Our own flag with its own dates: the provider's status word opens no door.
  access_until timestamptz not null,
  grace_until timestamptz,
  period_start timestamptz not null,
  period_end timestamptz not null,
  cancel_at_period_end boolean not null default false,
  next_plan_id uuid,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  unique (business_id, id),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete restrict,
  foreign key (business_id, plan_id) references members.plans (business_id, id) on delete restrict,
  foreign key (business_id, next_plan_id) references members.plans (business_id, id) on delete restrict
);
comment on table members.memberships is 'A membership that renews itself. state is ours: past_due has access until grace_until, suspended and ended have none.';
create index memberships_member_id_idx on members.memberships (business_id, member_id);
create index memberships_plan_id_idx on members.memberships (business_id, plan_id);
create index memberships_next_plan_id_idx on members.memberships (business_id, next_plan_id);
create unique index memberships_one_each on members.memberships (business_id, member_id, plan_id) where state <> 'ended';

create table members.passes (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  member_id uuid not null,
  plan_id uuid not null,
  membership_id uuid,
  order_line_id uuid,
  credits int check (credits > 0),
  shareable boolean not null,
  net_cents bigint not null check (net_cents >= 0),
  currency char(3) not null,
  state text not null default 'active' check (state in ('active', 'over', 'voided')),
  starts_at timestamptz not null default now(),
  expires_at timestamptz,
  valid_days int,
  first_used_at timestamptz,
  frozen_from timestamptz,
  frozen_until timestamptz,
  created_at timestamptz not null default now(),
  unique (business_id, id),
  unique (membership_id, starts_at),
  check ((frozen_from is null) = (frozen_until is null) and frozen_from <= frozen_until),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete restrict,
  foreign key (business_id, plan_id) references members.plans (business_id, id) on delete restrict,
  foreign key (business_id, membership_id) references members.memberships (business_id, id) on delete restrict
);
comment on table members.passes is 'What pays for seats: a pack that was bought, or one period of a membership. credits: how many there were at first (null: without limit); what is left is in the ledger. net_cents: what was paid without tax, earned as it is used.';
comment on column members.passes.valid_days is 'Days from the first class, for a pack that starts with its first use; expires_at is set then.';
comment on column members.passes.state is 'over: used up or expired and written off; voided: refunded.';
create index passes_member_id_idx on members.passes (business_id, member_id, state);
create index passes_plan_id_idx on members.passes (business_id, plan_id);
create index passes_membership_id_idx on members.passes (business_id, membership_id);
create index passes_order_line_id_idx on members.passes (business_id, order_line_id);
create index passes_expires_at_idx on members.passes (expires_at) where state = 'active';
alter table booking.bookings add foreign key (business_id, pass_id) references members.passes (business_id, id) on delete restrict;
alter table booking.bookings add foreign key (business_id, credit_transfer_id) references ledger.transfers (business_id, id) on delete restrict;
create index bookings_pass_id_idx on booking.bookings (business_id, pass_id) where pass_id is not null;
create index bookings_credit_transfer_id_idx on booking.bookings (business_id, credit_transfer_id) where credit_transfer_id is not null;

alter table members.plans enable row level security;
alter table members.plan_classes enable row level security;
alter table members.memberships enable row level security;
alter table members.passes enable row level security;
grant select on members.plans, members.plan_classes to anon, authenticated;
grant select on members.memberships, members.passes to authenticated;
create policy "Everyone sees published plans, the front desk all" on members.plans for select to anon, authenticated
  using (published or business_id in (select business.where_i_am('front_desk')));
create policy "Everyone sees what a plan opens" on members.plan_classes for select to anon, authenticated using (true);
create policy "Members see their own memberships, the front desk those of its business" on members.memberships for select to authenticated
  using (member_id in (select members.mine()) or business_id in (select business.where_i_am('front_desk')));
create policy "Members see their own passes, the front desk those of its business" on members.passes for select to authenticated
  using (member_id in (select members.mine()) or business_id in (select business.where_i_am('front_desk')));

-- What is left --------------------------------------------------------------------------------------------------------
create function members.credits_left(p members.passes) returns int
language plpgsql stable set search_path = '' as $$
begin
  if p.credits is null then return null; end if;
  return coalesce((select (-a.balance - a.reserved)::int from ledger.accounts a where a.business_id = p.business_id and a.unit = 'credits' and a.kind = 'credits' and a.owner = p.id::text), 0);
end $$;
comment on function members.credits_left is 'Credits a pass still has, without those that are held for a seat; null: without limit.';

create function members.pass_problem(p members.passes, person uuid, guest boolean, s booking.sessions, cost int) returns text
language plpgsql stable set search_path = '' as $$
declare
  m members.memberships;
  ends timestamptz := p.expires_at;
begin
  if p.state = 'voided' then return 'pass_ended'; end if;
  if exists (select from members.plan_classes c where c.plan_id = p.plan_id) and not exists (select from members.plan_classes c where c.plan_id = p.plan_id and c.class_type_id = s.class_type_id) then return 'pass_for_other_classes'; end if;
  if not p.shareable and (pass_problem.guest or pass_problem.person <> p.member_id) then return 'pass_not_shareable'; end if;
  if p.frozen_from <= s.starts_at and s.starts_at < p.frozen_until then return 'pass_frozen'; end if;
  if p.membership_id is not null then
    if members.is_frozen(p.membership_id, s.starts_at) then return 'pass_frozen'; end if;
    select * into m from members.memberships x where x.id = p.membership_id;
    if m.state in ('suspended', 'ended') and m.access_until <= now() then return 'membership_' || m.state; end if;
    -- Until the grace is over what was paid for last goes on.
    if m.state = 'past_due' then ends := greatest(ends, m.access_until); end if;
    -- A membership without limit that goes on pays for classes of its next periods as well.
    if p.credits is null and m.state in ('trialing', 'active') and not m.cancel_at_period_end and m.access_until > now() then ends := null; end if;
  end if;
  if p.starts_at > s.starts_at then return 'pass_not_begun'; end if;
  if ends <= s.starts_at then return case when ends <= now() then 'pass_expired' else 'pass_expires_before' end; end if;
  if p.state = 'over' or members.credits_left(p) < pass_problem.cost then return 'pass_used_up'; end if;
  return null;
end $$;
comment on function members.pass_problem is 'Why this pass does not pay for this seat (a refusal''s name), or null when it does. person: who sits; guest: their guest does.';

create function members.pass_for(me uuid, person uuid, guest boolean, s booking.sessions, cost int, besides jsonb default '{}') returns uuid
language plpgsql stable set search_path = '' as $$
begin
  -- What has no limit first, then what expires first.
  return (
    select p.id from members.passes p
    where p.business_id = s.business_id and p.member_id in (pass_for.me, pass_for.person) and p.state = 'active'
      and members.pass_problem(p, pass_for.person, pass_for.guest, s, pass_for.cost + coalesce((pass_for.besides ->> p.id::text)::int, 0)) is null
    order by p.credits is not null, p.expires_at nulls last, p.created_at, p.id limit 1);
end $$;
comment on function members.pass_for is 'The pass that pays for a seat: one without limit, else the one that expires first; null when there is none. besides: credits already meant for other seats, by pass.';

-- Paying with it ------------------------------------------------------------------------------------------------------
create function members.spend(booking_ids uuid[], pass_ids uuid[], post boolean) returns void
language plpgsql volatile set search_path = '' as $$
declare
  k booking.bookings;
  s booking.sessions;
  t booking.class_types;
  p members.passes;
  problem text;
  left_now int;
  worth bigint;
  unearned bigint;
  ids bigint[];
  amounts bigint[];
  moved bigint;
begin
  perform 1 from members.passes x where x.id = any (spend.pass_ids) order by x.id for no key update;
  -- Two passes in one order are two transfers: all their rows are locked at once, so that nobody waits in a circle.
  if spend.post and cardinality(spend.pass_ids) > 1 then
    perform 1 from ledger.accounts a where a.business_id = (select x.business_id from members.passes x where x.id = spend.pass_ids[1])
      and (a.kind in ('credits', 'unearned') and a.owner = any (select u::text from unnest(spend.pass_ids) u) or a.kind = 'revenue' and a.owner = 'classes'
        or a.kind = 'credits_issued' and a.owner = any (select x.plan_id::text from members.passes x where x.id = any (spend.pass_ids))) order by a.may_go_negative, a.id for no key update;
  end if;
  for i in 1 .. cardinality(spend.booking_ids) loop
    select * into strict k from booking.bookings x where x.id = spend.booking_ids[i];
    select * into strict s from booking.sessions x where x.id = k.session_id;
    select * into strict t from booking.class_types x where x.id = s.class_type_id;
    select * into p from members.passes x where x.id = spend.pass_ids[i] and x.business_id = k.business_id and x.member_id in (k.member_id, coalesce(k.booked_by, k.member_id));
    if p.id is null then perform platform.refuse(404, 'pass_not_found'); end if;
    problem := members.pass_problem(p, k.member_id, k.guest_name is not null, s, t.credits);
    if problem is not null then perform platform.refuse(409, problem, jsonb_build_object('session_id', s.id, 'pass_id', p.id)); end if;
    if p.valid_days is not null and p.first_used_at is null then
      update members.passes x set first_used_at = s.starts_at, expires_at = s.starts_at + make_interval(days => p.valid_days) where x.id = p.id;
    end if;
    moved := null;
    if p.credits is not null then
      left_now := members.credits_left(p);
      select coalesce(-a.balance - a.reserved, 0) into unearned from ledger.accounts a where a.business_id = p.business_id and a.unit = p.currency::text and a.kind = 'unearned' and a.owner = p.id::text;
      -- The last credit takes what is left, so the cents add up.
      worth := case when left_now = t.credits then coalesce(unearned, 0) else floor(coalesce(unearned, 0)::numeric * t.credits / left_now)::bigint end;
      ids := array[ledger.account(p.business_id, 'credits', 'credits', p.id::text), ledger.account(p.business_id, 'credits', 'credits_issued', p.plan_id::text)];
      amounts := array[t.credits, -t.credits];
      if worth > 0 then
        ids := ids || ledger.account(p.business_id, p.currency::text, 'unearned', p.id::text) || ledger.account(p.business_id, p.currency::text, 'revenue', 'classes');
        amounts := amounts || worth || -worth;
      end if;
      begin
        moved := ledger.transfer(p.business_id, 'credit_use', 'booking:' || k.id, ids, amounts, case when spend.post then 'posted' else 'pending' end);
      exception when sqlstate 'PT409' then
        perform platform.refuse(409, 'pass_used_up', jsonb_build_object('session_id', s.id, 'pass_id', p.id));
      end;
    end if;
    update booking.bookings x set pass_id = p.id, credits = case when p.credits is null then 0 else t.credits end, credit_transfer_id = moved where x.id = k.id;
  end loop;
  if spend.post then perform members.tell_used_up(spend.pass_ids); end if;
end $$;
comment on function members.spend is 'Pays for seats with passes, all or none. post = false: the credits are held until the order is settled. Refuses 404 pass_not_found, 409 pass_used_up, pass_expired, pass_expires_before, pass_frozen, pass_not_begun, pass_for_other_classes, pass_not_shareable, pass_ended, membership_suspended, membership_ended.';

create function members.give_back_credits(k booking.bookings) returns boolean
language plpgsql volatile set search_path = '' as $$
declare
  t ledger.transfers;
  p members.passes;
begin
  if k.credit_transfer_id is null then return false; end if;
  perform 1 from members.passes x where x.id = k.pass_id for no key update;
  select * into t from ledger.transfers x where x.id = k.credit_transfer_id for no key update;
  if t.state = 'pending' then
    perform ledger.settle(t.id, false);
  elsif t.state = 'posted' and not exists (select from ledger.transfers r where r.business_id = t.business_id and r.reverses = t.id) then
    perform ledger.reverse(t.id, 'credit_return', 'booking:' || k.id);
  else
    return false;
  end if;
  select * into p from members.passes x where x.id = k.pass_id;
  -- A pack whose first use came to nothing has not begun.
  update members.passes x set state = case when x.state = 'over' then 'active' else x.state end,
    first_used_at = case when p.valid_days is not null and members.credits_left(p) = p.credits then null else x.first_used_at end,
    expires_at = case when p.valid_days is not null and members.credits_left(p) = p.credits then null else x.expires_at end
  where x.id = p.id;
  return true;
end $$;
comment on function members.give_back_credits is 'Returns what a seat cost of a pass, exactly and once; false when there was nothing to return.';

create function members.grant_pass(business_id uuid, member_id uuid, plan_id uuid, order_line_id uuid, net_cents bigint, membership_id uuid default null, starts_at timestamptz default now(), expires_at timestamptz default null) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  n members.plans;
  made uuid;
begin
  select * into strict n from members.plans x where x.id = grant_pass.plan_id and x.business_id = grant_pass.business_id;
  insert into members.passes as p (business_id, member_id, plan_id, membership_id, order_line_id, credits, shareable, net_cents, currency, starts_at, expires_at, valid_days)
  values (n.business_id, grant_pass.member_id, n.id, grant_pass.membership_id, grant_pass.order_line_id, n.credits, n.shareable, grant_pass.net_cents,
    (select b.currency from business.businesses b where b.id = n.business_id), grant_pass.starts_at,
    coalesce(grant_pass.expires_at, case when n.kind = 'pack' and n.starts = 'purchase' then grant_pass.starts_at + make_interval(days => n.valid_days) end),
    case when n.kind = 'pack' and n.starts = 'first_use' then n.valid_days end)
  returning p.id into made;
  return made;
end $$;
comment on function members.grant_pass is 'A new pass of a plan. Its credits come with members.book_credits, when the ledger''s rows are locked; net_cents, what was paid for it without tax, is booked by the sale itself as unearned (owner = the pass).';

create function members.book_credits(pass_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare p members.passes;
begin
  select * into strict p from members.passes x where x.id = book_credits.pass_id;
  if p.credits is not null then
    perform ledger.transfer(p.business_id, 'credits_granted', 'pass:' || p.id,
      array[ledger.account(p.business_id, 'credits', 'credits_issued', p.plan_id::text), ledger.account(p.business_id, 'credits', 'credits', p.id::text)], array[p.credits, -p.credits]);
  end if;
end $$;

create function members.tell_used_up(pass_ids uuid[]) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform messages.notify(p.business_id, p.member_id, 'pass_used_up', p.id::text, jsonb_build_object('pass_id', p.id, 'plan_name', n.name))
  from members.passes p join members.plans n on n.id = p.plan_id
  where p.id = any (tell_used_up.pass_ids) and p.membership_id is null and p.credits is not null
    and exists (select from ledger.accounts a where a.business_id = p.business_id and a.unit = 'credits' and a.kind = 'credits' and a.owner = p.id::text and a.balance = 0);
end $$;
comment on function members.tell_used_up is 'Tells those whose pack has no credit left, once a pack. A membership brings new ones by itself.';

create function members.write_off(p members.passes) returns boolean
language plpgsql volatile set search_path = '' as $$
declare
  left_now int := coalesce(members.credits_left(p), 0);
  unearned bigint;
  ids bigint[] := '{}';
  amounts bigint[] := '{}';
begin
  -- What is held for a seat that waits for its payment is not written off; the pass is looked at again.
  if exists (select from ledger.accounts a where a.business_id = p.business_id and a.kind = 'credits' and a.owner = p.id::text and a.reserved > 0) then return false; end if;
  select coalesce(-a.balance, 0) into unearned from ledger.accounts a where a.business_id = p.business_id and a.unit = p.currency::text and a.kind = 'unearned' and a.owner = p.id::text;
  if left_now > 0 then
    ids := array[ledger.account(p.business_id, 'credits', 'credits', p.id::text), ledger.account(p.business_id, 'credits', 'credits_issued', p.plan_id::text)];
    amounts := array[left_now, -left_now];
  end if;
  if coalesce(unearned, 0) > 0 then
    ids := ids || ledger.account(p.business_id, p.currency::text, 'unearned', p.id::text) || ledger.account(p.business_id, p.currency::text, 'revenue', case when p.membership_id is null then 'unused passes' else 'memberships' end);
    amounts := amounts || unearned || -unearned;
  end if;
  if cardinality(ids) > 0 then
    -- The same pass may expire again, after a credit came back to it.
    perform ledger.transfer(p.business_id, 'pass_expired', 'pass:' || p.id || case when exists (select from ledger.transfers t where t.business_id = p.business_id and t.kind = 'pass_expired' and t.source like 'pass:' || p.id || '%') then ':' || extract(epoch from clock_timestamp())::bigint else '' end, ids, amounts);
  end if;
  update members.passes x set state = 'over' where x.id = p.id;
  return true;
end $$;
comment on function members.write_off is 'Ends a pass (locked by the caller): unused credits end, what was paid for them is earned. False while credits of it are held.';

create function members.expire_passes(at_most int default 500) returns int
language plpgsql volatile set search_path = '' as $$
declare
  p members.passes;
  done int := 0;
begin
  for p in select * from members.passes x where x.state = 'active' and x.expires_at <= now()
      -- The last period of a membership that goes on is closed by the renewal, which takes unused credits along.
      and not exists (select from members.memberships m where m.id = x.membership_id and m.state <> 'ended' and m.access_until > now()
        and not exists (select from members.passes y where y.membership_id = m.id and y.starts_at > x.starts_at))
    order by x.expires_at limit expire_passes.at_most for no key update skip locked loop
    if members.write_off(p) then done := done + 1; end if;
  end loop;
  return done;
end $$;
comment on function members.expire_passes is 'Writes off what expired (members.write_off). Correctness never waits for it: an expired pass pays for nothing.';

create function api.expire_passes() returns int
language sql volatile security definer set search_path = '' as $$ select members.expire_passes(); $$;
comment on function api.expire_passes is 'See members.expire_passes. Run by a job.';
grant execute on function api.expire_passes to service_role;

create function members.plan_problem(n members.plans, me uuid) returns text
language plpgsql stable set search_path = '' as $$
begin
  -- Every version of a plan is that plan.
  if n.once_each and exists (select from members.passes p join members.plans x on x.id = p.plan_id where p.business_id = n.business_id and p.member_id = plan_problem.me and x.slug = n.slug and p.state <> 'voided') then return 'plan_once_each'; end if;
  if n.first_timers_only and (exists (select from members.passes p where p.business_id = n.business_id and p.member_id = plan_problem.me and p.state <> 'voided')
      or exists (select from booking.bookings b where b.business_id = n.business_id and b.member_id = plan_problem.me and b.state in ('confirmed', 'checked_in') and b.starts_at < now())) then
    return 'plan_first_timers_only';
  end if;
  if n.kind = 'membership' and exists (select from members.memberships x join members.plans y on y.id = x.plan_id where x.business_id = n.business_id and x.member_id = plan_problem.me and y.slug = n.slug and x.state <> 'ended') then return 'membership_already'; end if;
  return null;
end $$;
comment on function members.plan_problem is 'Why a member cannot buy this plan (a refusal''s name), or null.';

-- Doors ---------------------------------------------------------------------------------------------------------------
create function api.plan_list(business_id uuid)
returns table (slug text, kind text, name jsonb, summary jsonb, price_cents bigint, currency text, credits int, valid_days int, starts text, first_timers_only boolean, once_each boolean, shareable boolean,
  every text, rollover_credits int, trial_days int, intro_price_cents bigint, intro_periods int, freeze_rule text, freeze_days_per_year int, classes jsonb, problem text)
language plpgsql stable security definer set search_path = '' rows 10 as $$
#variable_conflict use_column
declare me uuid := case when auth.uid() is not null then (select m.id from members.members m where m.business_id = plan_list.business_id and m.user_id = auth.uid()) end;
begin
  return query
  select n.slug, n.kind, n.name, n.summary, n.price_cents, b.currency::text, n.credits, n.valid_days, n.starts, n.first_timers_only, n.once_each, n.shareable,
    n.every, n.rollover_credits, n.trial_days, n.intro_price_cents, n.intro_periods, n.freeze_rule, n.freeze_days_per_year,
    (select jsonb_agg(jsonb_build_object('slug', t.slug, 'name', t.name) order by t.slug) from members.plan_classes c join booking.class_types t on t.business_id = c.business_id and t.id = c.class_type_id where c.plan_id = n.id),
    case when me is not null then members.plan_problem(n, me) end
  from members.plans n join business.businesses b on b.id = n.business_id
  where n.business_id = plan_list.business_id and n.published order by n.position, n.price_cents, n.slug;
end $$;
comment on function api.plan_list is 'What can be bought for many classes at once. classes: null = all of them; problem: why the asker cannot buy it.';
grant execute on function api.plan_list to anon, authenticated, service_role;

create function api.my_passes(business_id uuid)
returns table (pass_id uuid, plan_slug text, plan_kind text, name jsonb, credits int, credits_left int, shareable boolean, state text, starts_at timestamptz, expires_at timestamptz, valid_days int, frozen_from timestamptz, frozen_until timestamptz, membership_id uuid, order_id uuid, classes jsonb)
language plpgsql stable security definer set search_path = '' rows 5 as $$
#variable_conflict use_column
begin
  return query
  select p.id, n.slug, n.kind, n.name, p.credits, members.credits_left(p), p.shareable,
    case when p.state = 'active' and p.expires_at <= now() then 'over' when p.state = 'active' and members.credits_left(p) = 0 then 'over' else p.state end,
    p.starts_at, p.expires_at, p.valid_days, p.frozen_from, p.frozen_until, p.membership_id, l.order_id,
    (select jsonb_agg(t.name order by t.slug) from members.plan_classes c join booking.class_types t on t.business_id = c.business_id and t.id = c.class_type_id where c.plan_id = n.id)
  from members.passes p join members.plans n on n.business_id = p.business_id and n.id = p.plan_id left join sales.order_lines l on l.id = p.order_line_id
  where p.business_id = my_passes.business_id and p.member_id in (select members.mine())
  order by p.state <> 'active', p.expires_at nulls last, p.created_at desc limit 100;
end $$;
comment on function api.my_passes is 'The asker''s passes, usable ones first; those of whom they look after too.';
grant execute on function api.my_passes to authenticated;
