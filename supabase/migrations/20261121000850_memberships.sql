-- Memberships as time goes by: what the provider tells of them, renewals, failed payments, grace, and how a member sees all of it.

alter table booking.settings add column grace_days int not null default 7 check (grace_days between 0 and 60);
comment on column booking.settings.grace_days is 'How many days a membership whose payment failed goes on before it is suspended.';
alter table members.memberships add column seen_at timestamptz, add column unprorated boolean not null default false;
comment on column members.memberships.seen_at is 'When the provider was asked for what we know. Older answers change nothing.';
comment on column members.memberships.unprorated is 'The provider counts this period as a trial (a real one, or one whose charge was moved by a freeze): a change in it cannot be charged by the day, so it waits for the next charge.';
create index memberships_open_idx on members.memberships (period_end) where state <> 'ended';

create table members.membership_steps (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  membership_id uuid not null,
  from_state text,
  to_state text not null,
  at timestamptz not null default clock_timestamp(),
  by_user uuid,
  why text not null default '',
  foreign key (business_id, membership_id) references members.memberships (business_id, id) on delete cascade
);
comment on table members.membership_steps is 'Every state a membership has been in. why: the event that brought it there.';
create index membership_steps_membership_id_idx on members.membership_steps (business_id, membership_id);
alter table members.membership_steps enable row level security;
grant select on members.membership_steps to authenticated;
create policy "The front desk sees the steps of its business's memberships" on members.membership_steps for select to authenticated
  using (business_id in (select business.where_i_am('front_desk')));

create function members.tg_memberships__step() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' or new.state is distinct from old.state then
    insert into members.membership_steps (business_id, membership_id, from_state, to_state, by_user, why)
    values (new.business_id, new.id, case when tg_op = 'UPDATE' then old.state end, new.state, auth.uid(), coalesce(current_setting('atrium.event', true), ''));
  end if;
  return null;
end $$;
create trigger tg_memberships__step after insert or update of state on members.memberships for each row execute function members.tg_memberships__step();

-- Renewing ------------------------------------------------------------------------------------------------------------
create function members.roll_over(prior members.passes, fresh members.passes, at_most int) returns void
language plpgsql volatile set search_path = '' as $$
declare
  left_now int := members.credits_left(prior);
  taken int;
  unearned bigint;
  worth bigint;
begin
  taken := least(left_now, roll_over.at_most);
  if coalesce(taken, 0) <= 0 then return; end if;
  select coalesce(-a.balance - a.reserved, 0) into unearned from ledger.accounts a where a.business_id = prior.business_id and a.unit = prior.currency::text and a.kind = 'unearned' and a.owner = prior.id::text;
  worth := case when taken = left_now then coalesce(unearned, 0) else floor(coalesce(unearned, 0)::numeric * taken / left_now)::bigint end;
  perform ledger.transfer(prior.business_id, 'credits_rolled_over', 'pass:' || fresh.id,
    array[ledger.account(prior.business_id, 'credits', 'credits', prior.id::text), ledger.account(prior.business_id, 'credits', 'credits', fresh.id::text)]
      || case when worth > 0 then array[ledger.account(prior.business_id, prior.currency::text, 'unearned', prior.id::text), ledger.account(prior.business_id, prior.currency::text, 'unearned', fresh.id::text)] else '{}' end,
    array[taken::bigint, -taken] || case when worth > 0 then array[worth, -worth] else '{}' end);
  update members.passes x set credits = x.credits + taken, net_cents = x.net_cents + worth where x.id = fresh.id;
end $$;
comment on function members.roll_over is 'Unused credits of a period go on into the next one, with what was paid for them.';

create function members.renew(m members.memberships, invoice jsonb) returns boolean
language plpgsql volatile set search_path = '' as $$
declare
  n members.plans;
  prior members.passes;
  fresh members.passes;
  o sales.orders;
  l sales.order_lines;
  p payments.payments;
  paid bigint := (invoice ->> 'amount_cents')::bigint;
  starts timestamptz := (invoice ->> 'period_start')::timestamptz;
  -- A period that begins out of turn (a trial ended early, another rhythm) is billed as an update, but whole.
  period boolean := invoice ->> 'reason' = 'subscription_cycle' or coalesce((invoice ->> 'whole_period')::boolean, false);
  made uuid;
begin
  -- Once per invoice, and once per period.
  if exists (select from payments.payments x where x.provider = m.provider and x.provider_ref = invoice ->> 'ref')
    or period and exists (select from members.passes x where x.membership_id = m.id and x.starts_at = starts) or not period and paid = 0 then return false; end if;
  if period and m.next_plan_id is not null then
    update members.memberships x set plan_id = x.next_plan_id, next_plan_id = null where x.id = m.id returning * into m;
  end if;
  select * into strict n from members.plans x where x.id = case when period then m.plan_id else coalesce((invoice ->> 'plan_id')::uuid, m.plan_id) end;
  select * into prior from members.passes x where x.membership_id = m.id and (x.starts_at < starts or not period) order by x.starts_at desc limit 1 for no key update;
  insert into sales.orders as x (business_id, member_id, state, channel, currency, reference, placed_at, payment_confirmed_at, total_cents, tax_cents)
  values (m.business_id, m.member_id, 'paid', 'api', upper(invoice ->> 'currency'), sales.new_reference(m.business_id), now(), now(), paid, sales.tax_in(paid, n.tax_rate_bp, true)) returning * into o;
  insert into sales.order_lines as x (business_id, order_id, position, kind, plan_id, label, unit_price_cents, discount_cents, tax_rate_bp, tax_cents, total_cents, state)
  values (o.business_id, o.id, 1, 'membership', n.id, n.name, case when period then greatest(n.price_cents, paid) else paid end, case when period then greatest(n.price_cents - paid, 0) else 0 end, n.tax_rate_bp, o.tax_cents, paid, 'fulfilled') returning * into l;
  if period then
    made := members.grant_pass(m.business_id, m.member_id, n.id, l.id, paid - o.tax_cents, m.id, starts, (invoice ->> 'period_end')::timestamptz);
    select * into strict fresh from members.passes x where x.id = made;
    perform members.begin_rest(m, fresh);
    select * into strict fresh from members.passes x where x.id = made;
  end if;
  if paid > 0 then
    insert into payments.payments as x (business_id, order_id, provider, attempt, provider_ref, intent_ref, subscription_ref, state, amount_cents, currency, captured_cents)
    values (o.business_id, o.id, m.provider, 1, invoice ->> 'ref', invoice ->> 'intent_ref', m.provider_ref, 'captured', paid, o.currency, paid) returning * into p;
  end if;
  perform loyalty.settle(o);
  -- Several transfers: all their rows are locked at once, in the order of ledger.lock; also those of a change of plans that this paid for (members.switch_plan).
  perform 1 from ledger.accounts a where a.id = any (array[ledger.account(o.business_id, o.currency::text, 'clearing', m.provider), ledger.account(o.business_id, o.currency::text, 'revenue', 'memberships'), ledger.account(o.business_id, o.currency::text, 'tax', n.tax_rate_bp::text),
      ledger.account(o.business_id, 'credits', 'credits_issued', n.id::text), ledger.account(o.business_id, 'credits', 'credits_issued', m.plan_id::text)]
    || case when period then array[ledger.account(o.business_id, 'credits', 'credits', fresh.id::text), ledger.account(o.business_id, o.currency::text, 'unearned', fresh.id::text)] else '{}' end
    || case when prior.id is not null then array[ledger.account(o.business_id, 'credits', 'credits_issued', prior.plan_id::text), ledger.account(o.business_id, 'credits', 'credits', prior.id::text), ledger.account(o.business_id, o.currency::text, 'unearned', prior.id::text)] else '{}' end)
  order by a.may_go_negative, a.id for no key update;
  perform sales.book_sale(o, p);
  if period and prior.state = 'active' then
    -- What was not used of a period that ended out of turn was paid back in money.
    if prior.credits is not null and fresh.credits is not null and invoice ->> 'reason' = 'subscription_cycle' then perform members.roll_over(prior, fresh, n.rollover_credits); end if;
    perform members.write_off(prior);
  end if;
  if p.id is not null then perform payments.obey_early_events(p); end if;
  if period then
    perform messages.notify(m.business_id, m.member_id, 'membership_renewed', invoice ->> 'ref',
      jsonb_build_object('membership_id', m.id, 'plan_name', n.name, 'amount_cents', paid, 'currency', o.currency, 'period_ends_at', fresh.expires_at));
  end if;
  return true;
end $$;
comment on function members.renew is 'A paid invoice of a membership (locked by the caller), once: an order of its own with its payment, booked; of a new period also its pass, with what rolls over, and the end of the last one. False when it was done before.';

-- What the provider tells -----------------------------------------------------------------------------------------------
create function members.apply_subscription(facts jsonb) returns text
language plpgsql volatile set search_path = '' as $$
declare
  m members.memberships;
  n members.plans;
  i jsonb := facts -> 'invoice';
  status text := facts ->> 'status';
  was text;
  to_state text;
  result text := 'stale';
  grace timestamptz;
  starts timestamptz := (facts ->> 'period_start')::timestamptz;
  ends timestamptz := (facts ->> 'period_end')::timestamptz;
  told jsonb;
  wanted members.plans;
  wanted_from timestamptz := (facts ->> 'plan_from')::timestamptz;
  whole boolean := coalesce((i ->> 'whole_period')::boolean, false);
begin
  select * into m from members.memberships x where x.provider_ref = facts ->> 'subscription_ref' for no key update;
  if m.id is null then return 'unknown_membership'; end if;
  was := m.state;
  -- The plan it is to be, from wanted_from on (null: at once). Money that was paid for a period says for which plan.
  select * into wanted from members.plans x where x.id = (facts ->> 'plan_id')::uuid and x.business_id = m.business_id and x.kind = 'membership' and x.id <> m.plan_id;
  if wanted.id is not null and i ->> 'status' = 'paid' and (case when wanted_from is null then whole else (i ->> 'period_start')::timestamptz >= wanted_from end) then
    update members.memberships x set next_plan_id = wanted.id where x.id = m.id returning * into m;
  elsif wanted.id is not null and wanted_from is null then
    i := i || jsonb_build_object('plan_id', wanted.id);
  end if;
  -- Money that came is booked whenever we hear of it.
  if i ->> 'status' = 'paid' and i ->> 'reason' in ('subscription_cycle', 'subscription_update') then
    if members.renew(m, i) then
      result := 'renewed';
      select * into m from members.memberships x where x.id = m.id;
    end if;
  end if;
  -- What was asked for earlier than what we know says nothing new of how it stands.
  if m.seen_at >= (facts ->> 'seen_at')::timestamptz or was = 'ended' or status = 'incomplete' then return result; end if;
  if m.seen_at is null and starts between m.started_at - interval '1 day' and m.started_at + interval '1 day' then
    -- The first period is the provider's, to the second.
    update members.passes x set starts_at = least(x.starts_at, starts), expires_at = ends where x.membership_id = m.id;
  end if;
  to_state := case when status in ('canceled', 'incomplete_expired') then 'ended' when status in ('unpaid', 'paused') then 'suspended'
    when status = 'past_due' then case when was = 'suspended' or m.grace_until <= now() then 'suspended' else 'past_due' end
    when status = 'trialing' and was = 'trialing' then 'trialing' else 'active' end;
  grace := case when to_state = 'past_due' then coalesce(m.grace_until, now() + make_interval(days => (booking.settings_of(m.business_id)).grace_days)) when to_state = 'suspended' then m.grace_until end;
  update members.memberships x set state = to_state, seen_at = (facts ->> 'seen_at')::timestamptz, customer_ref = coalesce(facts ->> 'customer_ref', x.customer_ref),
    period_start = starts, period_end = ends, cancel_at_period_end = (facts ->> 'cancel_at_period_end')::boolean, grace_until = grace, unprorated = status = 'trialing',
    next_plan_id = case when facts ? 'plan_id' then nullif(wanted.id, x.plan_id) else x.next_plan_id end,
    ended_at = case when to_state = 'ended' then least(coalesce((facts ->> 'ended_at')::timestamptz, now()), now()) end,
    access_until = case when to_state = 'past_due' then grace when to_state in ('suspended', 'ended') then least(x.access_until, now())
      -- As far as it is paid for, and a day in which the provider tells of the renewal.
      else (select max(y.expires_at) from members.passes y where y.membership_id = x.id and y.state <> 'voided') + case when (facts ->> 'cancel_at_period_end')::boolean then interval '0' else interval '1 day' end end
  where x.id = m.id returning * into m;
  if m.next_plan_id = wanted.id and to_state in ('trialing', 'active') then
    if wanted_from is null then
      m := members.switch_plan(m, wanted);
      result := case when result = 'stale' then 'plan_changed' else result end;
    elsif starts >= wanted_from then
      update members.memberships x set plan_id = wanted.id, next_plan_id = null where x.id = m.id returning * into m;
    end if;
  end if;
  select * into strict n from members.plans x where x.id = m.plan_id;
  told := jsonb_build_object('membership_id', m.id, 'plan_name', n.name);
  if to_state = 'past_due' and i ->> 'status' = 'open' and (i ->> 'attempts')::int > 0 then
    perform messages.notify(m.business_id, m.member_id, 'payment_failed', (i ->> 'ref') || ':' || (i ->> 'attempts'),
      told || jsonb_build_object('amount_cents', (i ->> 'amount_cents')::bigint, 'currency', upper(i ->> 'currency'), 'grace_until', m.grace_until));
  end if;
  if to_state = 'ended' then
    update members.passes x set expires_at = least(x.expires_at, m.ended_at) where x.membership_id = m.id and x.state = 'active';
    perform messages.notify(m.business_id, m.member_id, 'membership_ended', m.id::text, told || jsonb_build_object('ended_at', m.ended_at));
  elsif to_state = 'suspended' and was <> 'suspended' then
    perform messages.notify(m.business_id, m.member_id, 'membership_suspended', m.id || ':' || (facts ->> 'seen_at'), told);
  elsif to_state = 'active' and was in ('past_due', 'suspended') then
    perform messages.notify(m.business_id, m.member_id, 'membership_recovered', m.id || ':' || (facts ->> 'seen_at'), told);
  end if;
  return case when result <> 'stale' then result when was <> to_state then 'membership_' || to_state else 'membership_seen' end;
end $$;
comment on function members.apply_subscription is 'How a membership stands at the provider, as it was answered at seen_at: {subscription_ref, customer_ref, status, period_start, period_end, cancel_at_period_end, ended_at?, seen_at, plan_id?, plan_from?, invoice?: {ref, status, reason, whole_period?, amount_cents, currency, intent_ref?, attempts, period_start, period_end}}. plan_id: the plan it is, or will be from plan_from on. Any order, any number of times, comes to the same end: a paid invoice is booked once, an older answer never takes the state back, what has ended has ended.';

create function api.suspend_memberships(at_most int default 200) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  m members.memberships;
  done int := 0;
begin
  for m in select * from members.memberships x where x.state = 'past_due' and x.grace_until <= now() order by x.grace_until limit suspend_memberships.at_most for no key update skip locked loop
    update members.memberships x set state = 'suspended', access_until = least(x.access_until, now()) where x.id = m.id;
    perform messages.notify(m.business_id, m.member_id, 'membership_suspended', m.id || ':' || m.grace_until, jsonb_build_object('membership_id', m.id, 'plan_name', (select n.name from members.plans n where n.id = m.plan_id)));
    done := done + 1;
  end loop;
  return done;
end $$;
comment on function api.suspend_memberships is 'Suspends memberships whose grace is over. Correctness never waits for it: access ends with access_until. Run by a job.';
grant execute on function api.suspend_memberships to service_role;

create function api.memberships_to_check(at_most int default 100) returns table (subscription_ref text)
language sql stable security definer set search_path = '' as $$
  select m.provider_ref from members.memberships m where m.state <> 'ended' and m.provider_ref is not null and (m.seen_at is null or m.period_end < now() - interval '3 hours' and m.seen_at < now() - interval '3 hours')
  order by m.period_end limit memberships_to_check.at_most;
$$;
comment on function api.memberships_to_check is 'Memberships of whose renewal or end nobody has told us; a job asks the provider.';
grant execute on function api.memberships_to_check to service_role;

create function api.tell_expiring_passes() returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  p members.passes;
  told int := 0;
begin
  for p in select * from members.passes x where x.state = 'active' and x.membership_id is null and x.expires_at between now() and now() + interval '7 days' order by x.expires_at loop
    continue when coalesce(members.credits_left(p), 0) = 0;
    -- A week before, and once more when there is about a day left. Who has only just bought it knows.
    continue when p.created_at > p.expires_at - interval '7 days' and p.expires_at > now() + interval '36 hours' or p.created_at > p.expires_at - interval '36 hours';
    perform messages.notify(p.business_id, p.member_id, 'pass_expiring', p.id || ':' || p.expires_at::date || case when p.expires_at <= now() + interval '36 hours' then ':last' else '' end,
      jsonb_build_object('pass_id', p.id, 'plan_name', (select n.name from members.plans n where n.id = p.plan_id), 'expires_at', p.expires_at, 'credits_left', members.credits_left(p)));
    told := told + 1;
  end loop;
  return told;
end $$;
comment on function api.tell_expiring_passes is 'Tells whose pack ends with credits left: within a week, and again about a day before, once each per end. Run by a job, daily.';
grant execute on function api.tell_expiring_passes to service_role;

-- For its member --------------------------------------------------------------------------------------------------------
create function api.my_memberships(business_id uuid)
returns table (membership_id uuid, plan_slug text, name jsonb, every text, credits int, state text, started_at timestamptz, period_start timestamptz, period_end timestamptz, access_until timestamptz, grace_until timestamptz, cancel_at_period_end boolean,
  ended_at timestamptz, price_cents bigint, currency text, next_name jsonb, pass_id uuid, credits_left int, member_name text, classes jsonb, may_freeze boolean, freeze jsonb)
language plpgsql stable security definer set search_path = '' rows 2 as $$
#variable_conflict use_column
begin
  return query
  select m.id, n.slug, n.name, n.every, n.credits, case when m.state = 'past_due' and m.grace_until <= now() then 'suspended' else m.state end, m.started_at, m.period_start, m.period_end, m.access_until, m.grace_until, m.cancel_at_period_end,
    m.ended_at, members.next_charge(m), b.currency::text, x.name, p.id, members.credits_left(p), case when w.user_id is distinct from auth.uid() then w.name end,
    (select jsonb_agg(t.name order by t.slug) from members.plan_classes c join booking.class_types t on t.business_id = c.business_id and t.id = c.class_type_id where c.plan_id = n.id),
    n.freeze_days_per_year > 0 and m.provider_ref is not null, members.freeze_of(m)
  from members.memberships m join members.plans n on n.id = m.plan_id join business.businesses b on b.id = m.business_id join members.members w on w.id = m.member_id
  left join members.plans x on x.id = m.next_plan_id
  left join lateral (select q.* from members.passes q where q.membership_id = m.id and q.starts_at <= now() order by q.starts_at desc limit 1) p on true
  where m.business_id = my_memberships.business_id and m.member_id in (select members.mine()) and (m.state <> 'ended' or m.ended_at > now() - interval '60 days')
  order by m.state = 'ended', m.started_at desc limit 20;
end $$;
comment on function api.my_memberships is 'The asker''s memberships, and those of whom they look after, with what is left of the current period. price_cents: the next charge. freeze: one that is to come or goes on, and what ending it now would mean (members.freeze_of).';
grant execute on function api.my_memberships to authenticated;

create function api.membership_to_change(business_id uuid, membership_id uuid) returns table (subscription_ref text, state text, cancel_at_period_end boolean)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare m members.memberships;
begin
  select * into m from members.memberships x where x.id = membership_to_change.membership_id and x.business_id = membership_to_change.business_id and x.member_id in (select members.mine());
  if m.id is null then perform platform.refuse(404, 'membership_not_found'); end if;
  if m.state = 'ended' then perform platform.refuse(409, 'membership_ended'); end if;
  if m.provider_ref is null then perform platform.refuse(409, 'membership_not_by_card'); end if;
  return query select m.provider_ref, m.state, m.cancel_at_period_end;
end $$;
comment on function api.membership_to_change is 'The provider''s name of a membership of the asker''s own that still runs. Refuses 404 membership_not_found, 409 membership_ended, membership_not_by_card.';
grant execute on function api.membership_to_change to authenticated;

create function api.my_wallet(business_id uuid, before_id bigint default null, page_size int default 30) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  me uuid := (select m.id from members.members m where m.business_id = my_wallet.business_id and m.user_id = auth.uid());
  a ledger.accounts;
begin
  if auth.uid() is null then perform platform.refuse(401, 'sign_in_first'); end if;
  select x.* into a from ledger.accounts x join business.businesses b on b.id = x.business_id and b.currency::text = x.unit where x.business_id = my_wallet.business_id and x.kind = 'wallet' and x.owner = me::text;
  return jsonb_build_object('balance_cents', coalesce(-a.balance - a.reserved, 0), 'currency', (select b.currency from business.businesses b where b.id = my_wallet.business_id),
    'movements', coalesce((select jsonb_agg(jsonb_build_object('id', e.id, 'at', e.at, 'kind', e.kind, 'amount_cents', e.amount, 'balance_cents', e.balance, 'order_id', e.order_id, 'reference', e.reference) order by e.id desc) from (
      select y.id, t.occurred_at as at, t.kind, -y.amount as amount, -y.balance_after as balance, o.id as order_id, o.reference
      from ledger.entries y join ledger.transfers t on t.id = y.transfer_id
      left join payments.refunds f on f.id = case when t.source like 'refund:%' then substr(t.source, 8, 36)::uuid end
      left join payments.payments p on p.id = case when t.source like 'payment:%' then substr(t.source, 9, 36)::uuid else f.payment_id end
      left join sales.orders o on o.id = p.order_id
      where y.business_id = a.business_id and y.account_id = a.id and (my_wallet.before_id is null or y.id < my_wallet.before_id)
      order by y.id desc limit least(greatest(my_wallet.page_size, 1), 100)) e), '[]'));
end $$;
comment on function api.my_wallet is 'The asker''s wallet: its balance, and a page of movements, newest first. Refuses 401 sign_in_first.';
grant execute on function api.my_wallet to authenticated;
