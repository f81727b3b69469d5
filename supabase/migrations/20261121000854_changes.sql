-- Changing a membership for another: dearer at once, the rest of the period paid by the day; cheaper with the next charge. The
-- provider charges; members.apply_subscription hears of it and calls members.switch_plan.

create function members.switch_plan(m members.memberships, n members.plans) returns members.memberships
language plpgsql volatile set search_path = '' as $$
declare
  o members.plans;
  prior members.passes;
  fresh uuid;
  left_now int;
  extra int;
  share numeric;
  unearned bigint;
begin
  if n.id is null or n.id = m.plan_id then return m; end if;
  select * into strict o from members.plans x where x.id = m.plan_id;
  update members.memberships x set plan_id = n.id, next_plan_id = null where x.id = m.id returning * into m;
  select * into prior from members.passes x where x.membership_id = m.id and x.state = 'active' and x.starts_at < now() and x.expires_at > now() order by x.starts_at desc limit 1 for no key update;
  if prior.id is null then return m; end if;
  share := least(1, extract(epoch from prior.expires_at - now()) / greatest(1, extract(epoch from prior.expires_at - prior.starts_at)));
  -- What was left goes along; of what the new plan has more, as much as there is of the period, in whole classes.
  left_now := coalesce(members.credits_left(prior), 0);
  extra := coalesce(ceil(greatest(0, n.credits - case when prior.credits is null then 0 else o.credits end) * share), 0);
  if n.credits is not null and left_now + extra = 0 then return m; end if;
  insert into members.passes as p (business_id, member_id, plan_id, membership_id, credits, shareable, net_cents, currency, starts_at, expires_at)
  values (m.business_id, m.member_id, n.id, m.id, case when n.credits is not null then left_now + extra end, n.shareable, 0, prior.currency, now(), prior.expires_at) returning p.id into fresh;
  perform 1 from ledger.accounts a where a.id = any (array[ledger.account(m.business_id, prior.currency::text, 'revenue', 'memberships'), ledger.account(m.business_id, prior.currency::text, 'unearned', prior.id::text), ledger.account(m.business_id, prior.currency::text, 'unearned', fresh::text),
      ledger.account(m.business_id, 'credits', 'credits_issued', o.id::text), ledger.account(m.business_id, 'credits', 'credits_issued', n.id::text), ledger.account(m.business_id, 'credits', 'credits', prior.id::text), ledger.account(m.business_id, 'credits', 'credits', fresh::text)])
    order by a.may_go_negative, a.id for no key update;
  unearned := (select -a.balance - a.reserved from ledger.accounts a where a.business_id = m.business_id and a.unit = prior.currency::text and a.kind = 'unearned' and a.owner = prior.id::text);
  if n.credits is not null and left_now > 0 then
    perform ledger.transfer(m.business_id, 'credits_taken_along', 'pass:' || fresh,
      array[ledger.account(m.business_id, 'credits', 'credits', prior.id::text), ledger.account(m.business_id, 'credits', 'credits', fresh::text)], array[left_now::bigint, -left_now]);
  end if;
  if extra > 0 then
    perform ledger.transfer(m.business_id, 'credits_granted', 'pass:' || fresh,
      array[ledger.account(m.business_id, 'credits', 'credits_issued', n.id::text), ledger.account(m.business_id, 'credits', 'credits', fresh::text)], array[extra::bigint, -extra]);
  end if;
  -- What was paid for the period is earned with what is left of it.
  if unearned > 0 then
    perform ledger.transfer(m.business_id, 'period_taken_along', 'pass:' || fresh,
      array[ledger.account(m.business_id, prior.currency::text, 'unearned', prior.id::text), ledger.account(m.business_id, prior.currency::text, 'unearned', fresh::text)], array[unearned, -unearned]);
    update members.passes x set net_cents = unearned where x.id = fresh;
  end if;
  select * into prior from members.passes x where x.id = prior.id;
  perform members.write_off(prior);
  perform messages.notify(m.business_id, m.member_id, 'membership_changed', m.id || ':' || fresh, jsonb_build_object('membership_id', m.id, 'plan_name', n.name, 'period_ends_at', prior.expires_at));
  return m;
end $$;
comment on function members.switch_plan is 'Another plan from now on, in a period that goes on (the membership is locked by the caller): unused credits and what was paid for them go along, the new plan''s surplus is granted for the rest of the period, rounded up; nothing is taken away.';

insert into messages.kinds (kind, topic, essential) values ('membership_changed', 'plans', true);

create function members.changeable(business_id uuid, membership_id uuid) returns members.memberships
language plpgsql stable set search_path = '' as $$
declare m members.memberships := members.my_membership(changeable.business_id, changeable.membership_id);
begin
  if m.state = 'ended' then perform platform.refuse(409, 'membership_ended'); end if;
  if m.state = 'past_due' then perform platform.refuse(409, 'payment_due_first'); end if;
  if m.state = 'suspended' then perform platform.refuse(409, 'membership_suspended'); end if;
  if m.provider_ref is null then perform platform.refuse(409, 'membership_not_by_card'); end if;
  if m.cancel_at_period_end then perform platform.refuse(409, 'membership_ends_already'); end if;
  if (members.open_freeze(m.id)).id is not null then perform platform.refuse(409, 'membership_frozen'); end if;
  return m;
end $$;
comment on function members.changeable is 'A membership of the asker''s that can be changed for another now. Refuses 404 membership_not_found, 409 membership_ended, payment_due_first, membership_suspended, membership_not_by_card, membership_ends_already, membership_frozen.';

create function api.plan_changes(business_id uuid, membership_id uuid)
returns table (plan_id uuid, slug text, name jsonb, summary jsonb, every text, credits int, price_cents bigint, currency text, current boolean, next boolean, at_once boolean, subscription_ref text, period_end timestamptz, state text, rhythm_changes boolean)
language plpgsql stable security definer set search_path = '' rows 5 as $$
#variable_conflict use_column
declare
  m members.memberships := members.changeable(plan_changes.business_id, plan_changes.membership_id);
  o members.plans;
begin
  select * into strict o from members.plans x where x.id = m.plan_id;
  return query
  select n.id, n.slug, n.name, n.summary, n.every, n.credits, sales.gross(n.price_cents, n.tax_rate_bp, n.business_id), b.currency::text, n.id = m.plan_id, n.id = m.next_plan_id is true,
    -- The provider charges nothing by the day in a trial: a real one changes at once and goes on, another waits for its charge.
    m.state = 'trialing' or not m.unprorated and case n.change_when when 'at_once' then true when 'period_end' then false else n.price_cents > o.price_cents end,
    m.provider_ref, m.period_end, m.state, n.every <> o.every
  from members.plans n join business.businesses b on b.id = n.business_id
  where n.business_id = m.business_id and n.kind = 'membership' and (n.id = m.plan_id or n.id = m.next_plan_id or n.published and n.slug <> o.slug)
    and not (n.id <> m.plan_id and n.first_timers_only)
    -- One they have beside it is not one to change to.
    and not exists (select from members.memberships y join members.plans z on z.id = y.plan_id where y.business_id = m.business_id and y.member_id = m.member_id and y.id <> m.id and y.state <> 'ended' and z.slug = n.slug)
    and not (n.once_each and n.id <> m.plan_id and exists (select from members.passes p join members.plans z on z.id = p.plan_id where p.business_id = m.business_id and p.member_id = m.member_id and z.slug = n.slug and p.state <> 'voided'))
  order by n.id <> m.plan_id, n.position, n.price_cents;
end $$;
comment on function api.plan_changes is 'What a membership of the asker''s can be changed for, and itself first. price_cents with tax; at_once: charged by the day and open now, else from the next charge (period_end) on. Refuses as members.changeable.';
grant execute on function api.plan_changes to authenticated;
